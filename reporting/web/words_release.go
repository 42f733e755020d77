package web

// releaseWords are the sentences about the second person and the receipt.
func releaseWords() map[string]sentence {
	return map[string]sentence{
		"release.waits":         {"%s hat das am %s vorbereitet. Der Betreiber will zwei Personen: Bekannt wird es, wenn eine andere es freigibt.", "%s prepared this on %s. The operator wants two people: it becomes known when another one approves."},
		"release.approve":       {"Freigeben und einreichen", "Approve and hand in"},
		"draft.discard":         {"Entwurf verwerfen", "Discard the draft"},
		"draft.discard.lead":    {"Nichts davon ist bekannt geworden. Der Entwurf ist danach weg, und seine Datei sieht niemand mehr.", "Nothing of it became known. The draft is gone then, and nobody sees its file any more."},
		"draft.discard.do":      {"Ja, verwerfen", "Yes, discard"},
		"release.giveback":      {"Zurückgeben", "Give back"},
		"release.giveback.why":  {"Was zu ändern ist", "What is to be changed"},
		"release.returned":      {"%s hat es zurückgegeben:", "%s gave it back:"},
		"receipt.page.lead":     {"Entgegengenommen am %s als %s.", "Taken on %s as %s."},
		"receipt.counts":        {"Was angenommen wurde", "What was taken"},
		"receipt.check":         {"Wie jeder das prüft", "How anyone checks this"},
		"receipt.digest":        {"Prüfsumme der Datei (SHA-256)", "Digest of the file (SHA-256)"},
		"receipt.pdf":           {"Bestätigung als PDF", "Receipt as PDF"},
		"receipt.json":          {"Bestätigung als JSON", "Receipt as JSON"},
		"receipt.soon":          {"Der Eintrag im öffentlichen Verzeichnis folgt, meist in wenigen Sekunden. Laden Sie die Seite dann neu.", "The record in the public ledger is to come, mostly within seconds. Load the page again then."},
		"receipt.see":           {"Zur Einreichung: Stand, Verlauf, Bemerkungen", "To the submission: status, history, comments"},
		"receipt.checkpoint.at": {"Signierter Stand", "Signed state"},
	}
}
