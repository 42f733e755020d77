package web

// siteWords are the sentences about the figures, the months and the points of one site.
func siteWords() map[string]sentence {
	return map[string]sentence{
		"desk":               {"Urteile und Entscheidungen: %s", "Judgements and decisions: %s"},
		"deeds":              {"Was Sie tun können: %s", "What you can do: %s"},
		"deed.handin":        {"Datei einreichen", "Hand in a file"},
		"deed.read":          {"Zähler ablesen", "Read a meter"},
		"deed.questionnaire": {"Fragebogen", "Questionnaire"},
		"deed.evidence":      {"Belege", "Documents"},
		"deed.completeness":  {"Was vollständig ist", "What is complete"},
		"figures":            {"Kennzahlen", "Figures"},
		"figure":             {"Kennzahl", "Figure"},
		"value":              {"Wert", "Value"},
		"uncertainty":        {"Unsicherheit (k = 2)", "Uncertainty (k = 2)"},
		"standard":           {"Norm", "Standard"},
		"category":           {"Kategorie %s", "category %s"},
		"substitute":         {"Ersatzwerte", "Substitute values"},
		"noFigures":          {"Für diesen Standort gibt es keine Kennzahl: Dazu müssen die gesamte Energie und die der IT gemessen sein.", "There is no figure for this site: total energy and that of IT must both be metered."},
		"site.energy":        {"Strom nach Monaten und Verwendung", "Electricity by month and use"},
		"site.energy.sum":    {"%s brauchte der Standort %s Strom; %s davon kamen bei der IT an.", "In %s the site took %s of electricity; %s of it reached the IT."},
		"site.pue":           {"Strom insgesamt je Strom der IT, nach Monaten (iPUE)", "All electricity per IT electricity, by month (iPUE)"},
		"site.pue.sum":       {"Auf jede Kilowattstunde der IT kamen insgesamt zwischen %s (%s) und %s (%s) Kilowattstunden.", "Each kilowatt-hour of IT took between %s (%s) and %s (%s) kilowatt-hours in all."},
		"site.hours":         {"%s: jede Stunde des Jahres %s", "%s: every hour of %s"},
		"site.hours.sum":     {"Die mittlere Leistung einer Stunde lag zwischen %s und %s kW, im Mittel bei %s kW; Stunden ohne Wert: %s.", "The mean power of an hour lay between %s and %s kW, on average at %s kW; hours without a value: %s."},
		"mean":               {"Mittel", "Mean"},
		"least":              {"kleinster Wert", "Least"},
		"most":               {"größter Wert", "Greatest"},
		"missing":            {"ohne Wert", "without value"},
		"points":             {"Messpunkte", "Points"},
		"point":              {"Messpunkt", "Point"},
		"quantity":           {"Größe", "Quantity"},
		"role":               {"Rolle", "Role"},
		"meter":              {"Zähler", "Meter"},
		"days.csv":           {"Tageswerte %s", "days of %s"},
		"unit":               {"Einheit", "Unit"},
	}
}
