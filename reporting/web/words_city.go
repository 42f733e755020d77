package web

// cityWords are the sentences about all sites together.
func cityWords() map[string]sentence {
	return map[string]sentence{
		"city.title":      {"Rechenzentren in %s", "Data centres in %s"},
		"city.lead":       {"Was die Rechenzentren an Strom brauchen und an Wärme abgeben: aus Zählern gelesen, nach Norm berechnet, mit Angabe, wie viel davon gemessen ist.", "What the data centres take in electricity and give in heat: read from meters, computed by the standard, and labelled with how much of it is measured."},
		"year":            {"Jahr", "Year"},
		"years":           {"Jahr wählen", "Choose a year"},
		"sites":           {"Standorte", "Sites"},
		"site":            {"Standort", "Site"},
		"operator":        {"Betreiber", "Operator"},
		"electricity":     {"Strom insgesamt", "Electricity, all"},
		"it":              {"davon IT", "of it IT"},
		"heat":            {"Wärme abgegeben", "Heat delivered"},
		"coverage":        {"Abdeckung", "Coverage"},
		"intervals":       {"zeitgenau gemessen", "Measured in its own time"},
		"status":          {"Stand", "Status"},
		"fact":            {"Datenstand", "Data version"},
		"facts":           {"Datenstand: %s.", "Data version: %s."},
		"fact.of":         {"%s Nr. %s", "%s no. %s"},
		"coverage.note":   {"Abdeckung: Anteil des Zeitraums, dessen Energie bekannt ist; ein Zähler zählt auch weiter, während ihn niemand liest. Zeitgenau gemessen: Anteil, in dem auch bekannt ist, wann. Fehlendes wird nur ergänzt, wo das Register Ersatzwerte anordnet; ihr Anteil steht dabei.", "Coverage: the share of the period whose energy is known; a meter goes on counting while nobody reads it. Measured in its own time: the share of which it is also known when. What is missing is filled in only where the registry orders substitute values; their share is given."},
		"status.measured": {"gemessen", "measured"},
		"status.running":  {"vorläufig: Zeitraum läuft noch", "provisional: period still running"},
		"status.partly":   {"gemessen, mit Lücken", "measured, with gaps"},
		"status.none":     {"keine Werte", "no values"},
		"city.energy":     {"Strom aller Standorte nach Monaten", "Electricity of all sites by month"},
		"city.energy.sum": {"%s brauchten die Standorte zusammen %s Strom, davon %s für die IT; %s Wärme gaben sie ab.", "In %s the sites together took %s of electricity, %s of it for IT; they delivered %s of heat."},
		"city.heat":       {"Abgegebene Wärme aller Standorte nach Monaten", "Heat delivered by all sites, by month"},
		"city.heat.sum":   {"%s wurden %s Wärme abgegeben, am meisten im %s (%s).", "In %s %s of heat were delivered, most of it in %s (%s)."},
		"city.nothing":    {"Für diesen Zeitraum liegen keine Werte vor.", "There are no values for this period."},
		"noSites":         {"Es sind noch keine Standorte eingetragen. heatledger apply -f registry.yaml trägt sie ein.", "No sites are registered yet. heatledger apply -f registry.yaml registers them."},
		"rest":            {"übrige (Kühlung, Verluste, Gebäude)", "all else (cooling, losses, building)"},
		"rest.site":       {"übrige (Verluste, Gebäude)", "all else (losses, building)"},
		"cooling":         {"Kühlung", "Cooling"},
		"IT":              {"IT", "IT"},
		"month":           {"Monat", "Month"},
	}
}
