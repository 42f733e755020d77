package web

import "maps"

// planWords are the sentences of the pages of plans.
func planWords() map[string]sentence {
	all := map[string]sentence{}
	for _, topic := range planTopics() {
		maps.Copy(all, topic)
	}
	return all
}

// planTopics are the tables they stand in; no key is in two of them.
func planTopics() []map[string]sentence {
	return []map[string]sentence{planListWords(), planResultWords(), planAreaWords(), planCostWords(), planRestWords(), planMapWords(), planCompareWords()}
}

// planListWords are those of the list of plans, and of what all pages of plans say.
func planListWords() map[string]sentence {
	return map[string]sentence{
		"plans":               {"Pläne von Wärmenetzen", "Plans of heat networks"},
		"plans.lead":          {"Jeder Plan ist aus einer Datei gerechnet, mit allen Annahmen, und als Fakt festgehalten: Er kann zitiert und erneut gerechnet werden. Neue Pläne entstehen mit „heatledger plan run DATEI --save“.", "Each plan was computed from one file, with all its assumptions, and kept as a fact: it can be cited and computed again. New plans are made by “heatledger plan run FILE --save”."},
		"plans.none":          {"Es gibt noch keinen Plan, den Sie sehen dürfen.", "There is no plan yet that you may see."},
		"plans.all":           {"Alle Pläne", "All plans"},
		"plans.nav":           {"Pläne", "Plans"},
		"plans.table":         {"Festgehaltene Pläne", "Plans that were kept"},
		"plans.name":          {"Plan", "Plan"},
		"plans.year":          {"Jahr", "Year"},
		"plans.heat":          {"Wärme im Jahr", "Heat in a year"},
		"plans.cost_mwh":      {"Kosten je MWh", "Cost of a MWh"},
		"plans.kept":          {"Festgehalten", "Kept"},
		"plans.fact":          {"Fakt %s", "Fact %s"},
		"plans.later":         {"abgelöst durch Fakt %s", "superseded by fact %s"},
		"plans.choose":        {"Vergleichen: %s", "Compare: %s"},
		"plans.chosen.column": {"Vergleichen", "Compare"},
		"plans.compare.do":    {"Gewählte nebeneinander zeigen", "Show the chosen side by side"},
	}
}

// planResultWords are those of the frame of a plan.
func planResultWords() map[string]sentence {
	return map[string]sentence{
		"plans.result":     {"Was herauskommt", "What it comes to"},
		"plans.rests":      {"Worauf die Zahlen beruhen", "What the numbers rest on"},
		"plans.cite":       {"Zitat", "Citation"},
		"plans.json":       {"Ergebnis (JSON)", "Result (JSON)"},
		"plans.csv":        {"Gebiete (CSV)", "Areas (CSV)"},
		"plans.geojson":    {"Netz (GeoJSON)", "Network (GeoJSON)"},
		"plans.dhnx":       {"Netz für DHNx (ZIP)", "Network for DHNx (ZIP)"},
		"plans.pandapipes": {"Netz für pandapipes (ZIP)", "Network for pandapipes (ZIP)"},
		"plans.hours":      {"Stunden (CSV)", "Hours (CSV)"},
		"plans.file":       {"Szenario (YAML)", "Scenario (YAML)"},
		"plans.for":        {"Für %s", "For %s"},
		"plans.in":         {"%s in %s", "%s in %s"},
	}
}

// planMapWords are those of the map of a plan.
func planMapWords() map[string]sentence {
	return map[string]sentence{
		"plans.map":        {"Das Netz auf der Karte", "The network on the map"},
		"plans.map.sum":    {"%s m Trasse, %s Quellen und %s Gebiete; die Tabellen darunter sagen dasselbe in Zahlen.", "%s m of trench, %s sources and %s areas; the tables below say the same in numbers."},
		"plans.map.source": {"Quelle", "source"},
		"plans.map.chosen": {"versorgtes Gebiet", "area that is served"},
		"plans.map.other":  {"anderes Gebiet", "other area"},
		"plans.map.pipes":  {"Trasse %s", "trench %s"},
		"plans.map.size":   {"Wärme im Jahr", "heat in a year"},
		"plans.map.piece":  {"%s, DN %s, %s m", "%s, DN %s, %s m"},
		"plans.map.area":   {"Gebiet %s: %s im Jahr", "Area %s: %s a year"},
		"plans.map.of":     {"Quelle %s: %s im Jahr genutzt", "Source %s: %s used in a year"},
	}
}
