package web

// findingWords are the sentences about what stood out in the readings, and about
// meters against their sub-meters.
func findingWords() map[string]sentence {
	return map[string]sentence{
		"findings":         {"Prüfhinweise", "Findings"},
		"findings.lead":    {"Was beim Prüfen der Messwerte auffiel, das Schwerste zuerst.", "What stood out when the readings were checked, the gravest first."},
		"findings.none":    {"Beim Prüfen der Messwerte fiel in diesem Zeitraum nichts auf.", "Nothing stood out when the readings of this period were checked."},
		"findings.sum":     {"Kann nicht stimmen: %s, zu prüfen: %s, zur Kenntnis: %s.", "Cannot be true: %s, to be looked at: %s, for information: %s."},
		"findings.more":    {"Gezeigt werden die ersten %s; die CSV-Datei hat alle.", "The first %s are shown; the CSV file has all."},
		"findings.csv":     {"Alle Prüfhinweise als CSV-Datei", "All findings as a CSV file"},
		"findings.feed":    {"Neue Hinweise abonnieren (Atom)", "Subscribe to new findings (Atom)"},
		"finding":          {"Prüfung", "Check"},
		"found":            {"Befund", "What was found"},
		"balance":          {"Zähler gegen Unterzähler", "Meters against sub-meters"},
		"balance.lead":     {"Was in einen Zähler hineinging, gegen die Summe dessen, was dahinter gemessen wurde, über alle vollständigen Monate des Jahres. Ein Rest über der Grenze wird als Prüfhinweis genannt; sie ist ± %s, wo das Register keine andere nennt.", "What entered a meter against the sum of what was measured behind it, over all complete months of the year. A residual beyond the limit is named as a finding; it is ± %s where the registry states no other."},
		"balance.parent":   {"Zähler", "Meter"},
		"balance.entered":  {"hinein (kWh)", "Entered (kWh)"},
		"balance.measured": {"dahinter gemessen (kWh)", "Measured behind it (kWh)"},
		"balance.residual": {"Rest (kWh)", "Residual (kWh)"},
		"balance.share":    {"Rest (%)", "Residual (%)"},
		"balance.known":    {"vollständige Monate", "Complete months"},
		"balance.months":   {"%s von %s", "%s of %s"},
		"balance.node":     {"dahinter: %s", "behind it: %s"},
		"balance.check":    {"Kontrollzähler: %s", "check meter: %s"},
		"balance.supply":   {"Netzanschluss und eigene Erzeugung", "Grid connection and own generation"},
		"balance.limit":    {"Grenze ± %s", "limit ± %s"},
		"balance.off":      {"über der Grenze", "beyond the limit"},
	}
}
