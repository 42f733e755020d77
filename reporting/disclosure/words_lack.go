package disclosure

// lackWords say what would give a missing value.
func lackWords() map[string]sentence {
	return map[string]sentence{
		"lack.meter":    {"Zähler für %s, Aufgabe „%s“, einbauen oder eintragen%s", "install or register a meter of %s, role “%s”%s"},
		"lack.readings": {"Ablesungen nachreichen: %s", "hand in readings: %s"},
		"lack.fact":     {"Angabe „%s“ machen (%s; weiß: %s)", "state “%s” (%s; known by %s)"},
		"lack.registry": {"„%s“ in den Stammdaten des Standorts eintragen", "fill in “%s” of the site in the registry"},
		"lack.evidence": {"Nachweis vorlegen: %s", "hand in evidence: %s"},

		"place:grid_import":      {": am Netzanschluss, vor der Netzumschaltung", ": at the grid connection, before the transfer switch"},
		"place:onsite_renewable": {": am Ausgang der Anlage", ": at the output of the plant"},
		"place:grid_export":      {": Rücklieferung am Netzanschluss (zweites Register desselben Zählers)", ": export at the grid connection (a second register of the same meter)"},
		"place:it_load":          {": am Ausgang jeder USV, die IT versorgt", ": at the output of every UPS that feeds IT"},
		"place:cooling":          {": an der Zuleitung der Kälteerzeugung", ": at the feeder of the cooling plant"},
		"place:heat_removed":     {": Wärmezähler im Kreis, der die Wärme aus den Rechnerräumen holt", ": a heat meter in the circuit that takes the heat from the rooms"},
		"place:heat_rejected":    {": Wärmezähler vor dem Rückkühler", ": a heat meter before the recooler"},
		"place:heat_delivered":   {": Wärmezähler an der Übergabe an den Abnehmer", ": a heat meter where the heat is handed over"},
		"place:water_in":         {": Wasserzähler am Eintritt in das Rechenzentrum", ": a water meter where it enters the data centre"},
		"place:water_potable":    {": Wasserzähler in der Trinkwasserleitung", ": a water meter in the potable supply"},
		"place:backup_generator": {": am Ausgang des Aggregats, sonst Brennstoffzähler", ": at the generator's output, else a fuel meter"},

		"knows:management": {"Geschäftsführung", "management"}, "knows:facilities": {"Gebäudetechnik", "facilities"}, "knows:technology": {"IT-Abteilung", "IT department"}, "knows:accounts": {"Buchhaltung, Energiemanagement", "accounts, energy management"}, "knows:open_data": {"jeder, aus offenen Daten", "anybody, from open data"},
		"evidence:supplier_mix": {"Stromkennzeichnung des Lieferanten mit g/kWh", "the supplier's disclosure with g/kWh"}, "evidence:guarantee_of_origin": {"entwertete Herkunftsnachweise des Jahres", "cancelled guarantees of origin of the year"}, "evidence:residual_mix": {"Residualmix des Jahres mit g/kWh", "the residual mix of the year with g/kWh"},
	}
}

// registryWords are what the entries of the registry are called that forms take.
func registryWords() map[string]sentence {
	return map[string]sentence{
		"registry:name": {"Name", "name"}, "registry:operator": {"Betreiber", "operator"}, "registry:type": {"Art", "type"},
		"registry:address.street": {"Straße", "street"}, "registry:address.postcode": {"Postleitzahl", "postcode"}, "registry:address.town": {"Ort", "town"},
		"registry:address.lau": {"Gemeindeschlüssel", "LAU code"}, "registry:in_operation_since": {"Inbetriebnahme", "in operation since"},
		"registry:it_load_kw": {"Nennanschlussleistung der IT", "rated IT load"}, "registry:connected_load_kw": {"Anschlussleistung", "connected load"},
		"registry:points[].customer": {"Kunden der Messpunkte", "customers of the points"},
	}
}

// noteWords are the sentences of notes that are not those of figures.
func noteWords() map[string]sentence {
	return map[string]sentence{
		"note:in_operation_since":            {"erst seit %s in Betrieb: das Jahr ist kürzer", "in operation only since %s: the year is shorter"},
		"note:not_twelve_months":             {"nicht zwölf Monate: Zwischenwert", "not twelve months: an interim value"},
		"note:green_share_annual":            {"Anteil am Stromverbrauch (Jahresbilanz, nicht REF): %s", "share of the electricity (annual balance, not REF): %s"},
		"note:standard_as_printed":           {"im Gesetz gedruckt: %s; gemeint ist DIN EN 50600-4-9", "printed in the law: %s; DIN EN 50600-4-9 is meant"},
		"note:area_of_data_centre":           {"es gilt die Fläche des Rechenzentrums; das Gebäude wird nicht geteilt", "the area of the data centre stands for it; the building is not shared"},
		"note:rated_it_load":                 {"die IT-Nennleistung steht für den installierten Leistungsbedarf", "the rated IT load stands for the installed demand"},
		"note:symbol_clash":                  {"die Verordnung benutzt dasselbe Zeichen zweimal; das andere Feld ist %s", "the regulation uses one symbol twice; the other field is %s"},
		"note:water_category":                {"WUE-Kategorie %s", "WUE category %s"},
		"note:quotient":                      {"aus den Feldern %s gebildet", "made from the fields %s"},
		"note:below_500_kw_it":               {"unter 500 kW IT-Leistung gilt die Verordnung nicht", "below 500 kW of IT the regulation does not apply"},
		"note:confidential_per_data_centre":  {"Angaben je Rechenzentrum bleiben vertraulich (Art. 5; Wortlaut nicht eingesehen)", "data of one data centre stay confidential (Art. 5; its text was not seen)"},
		"note:threshold":                     {"Schwelle: %s", "threshold: %s"},
		"note:waste_heat":                    {"als Abwärme gilt: %s", "waste heat is: %s"},
		"waste:heat_removed":                 {"die aus den Rechnerräumen abgeführte Wärme", "the heat removed from the rooms"},
		"waste:heat_rejected_and_delivered":  {"verworfene und abgegebene Wärme", "heat rejected and heat delivered"},
		"waste:heat_delivered_only":          {"nur die abgegebene Wärme; es kann mehr sein", "the heat delivered alone; there may be more"},
		"note:lower_bound":                   {"nur eine untere Grenze: unter der Schwelle liegt der Standort damit nicht nachweislich", "a lower bound only: it does not show that the site is below the threshold"},
		"note:none_registered":               {"kein Liefervertrag ist eingetragen", "no purchase agreement is registered"},
		"note:all_proven":                    {"aller Strom ist belegt: kein Faktor nötig", "all electricity is proven: no factor needed"},
		"note:highest_hour":                  {"höchste gemessene Stunde", "highest hour measured"},
		"note:temperature_of_delivered_heat": {"Temperatur der abgegebenen Wärme: die der Abwärme ist nicht gemessen", "temperature of the heat delivered: that of the waste heat is not metered"},
		"note:server_room":                   {"Serverraum: § 17 gilt für Unternehmen, nicht für Räume", "a server room: § 17 binds companies, not rooms"},
		"note:share_basis":                   {"Anteil nach: %s", "share by: %s"},
		"note:customer_sees_own_only":        {"jeder Kunde erhält nur seine eigene Zeile", "each customer gets his own row only"},
		"note:confidential_when_marked":      {"als vertraulich Gekennzeichnetes wird nicht veröffentlicht (§ 11 Abs. 4 WPG)", "what is marked confidential is not published (§ 11 (4) WPG)"},
		"note:factor_direct_hourly":          {"direkte Emissionen der Gebotszone DE-LU je Stunde (Electricity Maps, ODbL 1.0)", "direct emissions of the bidding zone DE-LU by hour (Electricity Maps, ODbL 1.0)"},
		"note:factor_g_per_kwh":              {"Faktor %s g/kWh", "factor %s g/kWh"},
		"note:settles_on":                    {"Nachweise des Jahres sind endgültig ab %s", "evidence of the year is final from %s"},
		"note:supplier_mix":                  {"Stromkennzeichnung des Lieferanten für %s", "the supplier's disclosure for %s"},
		"note:residual_mix":                  {"Residualmix für %s", "residual mix of %s"},
		"note:grid_by_hour":                  {"Netzdaten liegen stündlich vor", "grid data are hourly"},
	}
}
