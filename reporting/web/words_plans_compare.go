package web

// planCompareWords are those of plans side by side.
func planCompareWords() map[string]sentence {
	return map[string]sentence{
		"plans.compare":              {"Pläne nebeneinander", "Plans side by side"},
		"plans.compare.lead":         {"Der erste Plan ist der Maßstab. Wo ein anderer abweicht, steht ein ≠ und wie viel.", "The first plan is what the others are held against. Where one differs there is a ≠, and by how much."},
		"plans.compare.few":          {"Bitte zwei bis vier Pläne wählen.", "Please choose two to four plans."},
		"plans.compare.differing":    {"Nur was sich unterscheidet.", "Only what differs."},
		"plans.compare.same":         {"Gleich in allen: %s.", "The same in all: %s."},
		"plans.compare.allsame":      {"Alle Pläne sagen hier dasselbe.", "All plans say the same here."},
		"plans.differs":              {"anders", "different"},
		"plans.points.more":          {"%s Prozentpunkte mehr", "%s percentage points more"},
		"plans.points.less":          {"%s Prozentpunkte weniger", "%s percentage points less"},
		"plans.differs.hardly":       {"kaum anders", "hardly different"},
		"plans.more":                 {"%s mehr", "%s more"},
		"plans.less":                 {"%s weniger", "%s less"},
		"plans.served":               {"versorgt", "served"},
		"plans.notserved":            {"nicht versorgt", "not served"},
		"plans.numbers":              {"Kennzahlen", "Key numbers"},
		"plans.numbers.lead":         {"Kosten ohne Umsatzsteuer.", "Costs without value-added tax."},
		"plans.compare.notin":        {"nicht im Szenario", "not in the scenario"},
		"plans.compare.unused":       {"nicht verwendet", "not used"},
		"plans.compare.unsaid":       {"nicht enthalten", "not contained"},
		"plans.compare.moved":        {"Lage oder Umriss anders", "place or outline different"},
		"plans.compare.andmore":      {"%s und %s weitere", "%s and %s more"},
		"plans.compare.areas.both":   {"%s und %s haben %s Gebiete gemeinsam.", "%s and %s have %s areas in common."},
		"plans.compare.areas.only":   {"Nur in %s: %s.", "Only in %s: %s."},
		"plans.compare.areas.served": {"Nur in %s versorgt: %s.", "Served only in %s: %s."},
		"plans.compare.areas.demand": {"Mit anderem Bedarf: %s.", "With another demand: %s."},
		"plans.compare.areas.same":   {"Bedarf und Auswahl sind gleich.", "Demand and choice are the same."},
		"plans.compare.source":       {"%s, %s angeboten, %s genutzt", "%s, %s offered, %s used"},
		"plans.compare.inputs":       {"Dateien und Standorte, deren Inhalt sich unterscheidet oder die nicht alle Pläne verwenden.", "Files and sites whose content differs, or that not all plans use."},
		"plans.compare.asof":         {"Stand Fakt %s vom %s", "as of fact %s of %s"},
		"plans.compare.othercontent": {"anderer Inhalt", "another content"},
		"plans.compare.otherhours":   {"andere Stunden", "other hours"},
		"plans.compare.renamed":      {"derselbe Inhalt wie %s", "the same content as %s"},
	}
}
