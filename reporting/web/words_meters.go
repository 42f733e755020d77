package web

// meterWords are the sentences about what was found of meters.
func meterWords() map[string]sentence {
	return map[string]sentence{
		"open":         {"Prüfhinweise je Zähler", "Findings by meter"},
		"open.lead":    {"Was in den letzten zwei Monaten an den Messwerten jedes Zählers auffiel, der schwerste Befund zuerst.", "What stood out in the readings of each meter in the last two months, the gravest first."},
		"open.without": {"Zähler ohne Prüfhinweis: %s.", "Meters without a finding: %s."},
		"open.error":   {"kann nicht stimmen", "Cannot be true"},
		"open.warning": {"zu prüfen", "To be looked at"},
		"open.info":    {"zur Kenntnis", "For information"},
		"open.show":    {"Hinweise ansehen", "Show findings"},
		"open.all":     {"Alle Prüfhinweise ansehen", "Show all findings"},
	}
}
