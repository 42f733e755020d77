package web

// completenessWords are the sentences about what is there and what is not.
func completenessWords() map[string]sentence {
	return map[string]sentence{
		"completeness":          {"Vollständigkeit", "Completeness"},
		"completeness.of":       {"Vollständigkeit ansehen", "Show completeness"},
		"completeness.title":    {"Vollständigkeit %s %s", "Completeness %s %s"},
		"completeness.lead":     {"Ein Streifen je Messpunkt, ein Strich je Tag: ob die Werte da sind, geschätzt sind oder fehlen.", "A strip for each point, a line for each day: whether values are there, are estimated or are missing."},
		"completeness.sum":      {"Bei %s von %s Messpunkten ist jeder fällige Tag vollständig.", "At %s of %s points every day that is due is complete."},
		"completeness.strip":    {"%s im Jahr %s", "%s in %s"},
		"completeness.days":     {"%s von %s fälligen Tagen sind vollständig.", "%s of %s days due are complete."},
		"completeness.others":   {"Tage im Einzelnen: %s.", "Days in detail: %s."},
		"completeness.nothing":  {"In diesem Jahr ist nichts fällig.", "Nothing is due in this year."},
		"completeness.rows":     {"Was nicht vollständig ist", "What is not complete"},
		"completeness.none":     {"Es gibt nichts, das unvollständig wäre.", "There is nothing that is not complete."},
		"completeness.share":    {"Anteil an der bekannten Energie", "Share of the known energy"},
		"completeness.covered":  {"zur eigenen Zeit gemessen", "measured at its own time"},
		"completeness.amount":   {"Bekannte Menge", "Known amount"},
		"completeness.due":      {"Was für diesen Standort fällig ist", "What is due for this site"},
		"completeness.due.none": {"Nichts ist offen.", "Nothing is open."},
		"completeness.legend":   {"Zeichen", "Signs"},
		"completeness.daycount": {"Tage", "Days"},
		"month.letters":         {"JFMAMJJASOND", "JFMAMJJASOND"},
		"day:complete":          {"vollständig", "complete"}, "day:gap": {"Lücke", "gap"}, "day:overlap": {"doppelte Quelle", "duplicate source"}, "day:suspect": {"zweifelhaft", "doubtful"},
		"day:substitute": {"Ersatzwert", "substitute"}, "day:distributed": {"verteilt", "distributed"}, "day:declared": {"angegeben", "declared"}, "day:not_due": {"nicht fällig", "not due"},
	}
}
