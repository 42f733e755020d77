package web

// portfolioWords are the sentences of the portfolio.
func portfolioWords() map[string]sentence {
	return map[string]sentence{
		"portfolio":                  {"Alle Zusagen auf einen Blick", "All commitments at a glance"},
		"portfolio.nav":              {"Portfolio", "Portfolio"},
		"portfolio.lead":             {"Jede Zeile ist ein Urteil vom %s. Nach Zahlen geordnet wird nur innerhalb einer Kennzahl und einer Herkunft: Gemessenes steht bei Gemessenem, Angaben des Betreibers bei Angaben.", "Each row is a judgement of %s. Numbers are put in order within one figure and one origin only: what is measured stands with what is measured, the operator's word with his word."},
		"portfolio.choose":           {"Auswahl", "Choose"},
		"portfolio.metric":           {"Zugesagt ist", "What is promised"},
		"portfolio.basis":            {"Herkunft", "Basis"},
		"portfolio.kind":             {"Art", "Kind"},
		"portfolio.value":            {"Wert, Schwelle", "Value, threshold"},
		"portfolio.margin":           {"Abstand", "Margin"},
		"portfolio.coverage":         {"Abdeckung", "Coverage"},
		"portfolio.forecast":         {"Prognose", "Forecast"},
		"portfolio.latest":           {"Letzter Messwert, vollständig", "Last reading, complete"},
		"portfolio.all":              {"Alle gewählten", "All that are chosen"},
		"portfolio.where":            {"Zeilen %s bis %s von %s", "Rows %s to %s of %s"},
		"portfolio.earlier":          {"Vorige Seite", "Previous page"},
		"portfolio.later":            {"Nächste Seite", "Next page"},
		"portfolio.none":             {"Keine Zeile passt zur Auswahl.", "No row fits."},
		"portfolio.missing":          {"Voraussichtlich verfehlt, wenn alles so weitergeht: %s", "Will be missed if all goes on as it does: %s"},
		"portfolio.onlymissed":       {"nur voraussichtlich Verfehltes", "only what will be missed"},
		"portfolio.tested":           {"%s. %s In früheren Jahren lag das im Mittel um %s daneben (Jahre: %s).", "%s. %s In past years it was off by %s on average (years: %s)."},
		"portfolio.untested":         {"%s. %s An früheren Jahren nicht prüfbar.", "%s. %s No past year to test it."},
		"portfolio.asnow":            {"mit dem heutigen Wert verfehlt; entschieden am %s", "missed with the value of today; settled on %s"},
		"portfolio.threshold":        {"Schwelle %s", "threshold %s"},
		"portfolio.complete":         {"zwölf Monate: %s", "twelve months: %s"},
		"portfolio.sort":             {"ordnen nach %s", "sort by %s"},
		"portfolio.xlsx":             {"XLSX-Datei", "XLSX file"},
		"portfolio.council.lead":     {"Als barrierefreies PDF: Zusagen, Abwärme, Grünstrom, wer nichts gemeldet hat. Die öffentliche Ausgabe enthält nur, was zur Veröffentlichung beschlossen ist.", "As an accessible PDF: commitments, heat, green electricity, who reported nothing. The public edition has only what was decided to be public."},
		"portfolio.council.public":   {"Öffentliche Ausgabe %s (PDF)", "Public edition %s (PDF)"},
		"portfolio.council.internal": {"Interne Ausgabe %s (PDF)", "Internal edition %s (PDF)"},
		"portfolio.council":          {"Bericht an den Stadtrat", "Report to the council"},
	}
}
