package web

// pointWords are the sentences about the values of one point.
func pointWords() map[string]sentence {
	return map[string]sentence{
		"span.day":        {"Tag", "Day"},
		"span.month":      {"Monat", "Month"},
		"span.year":       {"Jahr", "Year"},
		"span":            {"Zeitraum", "Period"},
		"date":            {"Datum", "Date"},
		"show":            {"Anzeigen", "Show"},
		"earlier":         {"früher", "earlier"},
		"later":           {"später", "later"},
		"step.15m":        {"Viertelstunden", "quarter-hours"},
		"step.1h":         {"Stunden", "hours"},
		"step.1d":         {"Tagen", "days"},
		"point.title":     {"%s, %s: %s nach %s", "%s, %s: %s by %s"},
		"point.sum":       {"Die Werte liegen zwischen %s und %s %s; %s von %s Intervallen haben keinen Wert.", "The values lie between %s and %s %s; %s of %s intervals have no value."},
		"point.sum.total": {"Zusammen %s %s, je Intervall zwischen %s und %s; %s von %s Intervallen haben keinen Wert.", "In all %s %s, between %s and %s an interval; %s of %s intervals have no value."},
		"interval":        {"Beginn (Ortszeit)", "Begin (local time)"},
		"quality":         {"Qualität", "Quality"},
	}
}
