package web

// historyWords are the sentences about who did what at a site.
func historyWords() map[string]sentence {
	return map[string]sentence{
		"history":       {"Verlauf", "History"},
		"history.of":    {"Wer was wann tat: %s", "Who did what, when: %s"},
		"history.lead":  {"Alles, was Menschen und Programme an diesem Standort sagten oder änderten, das Jüngste zuerst. Jeder Eintrag steht mit seiner Prüfsumme im öffentlichen Protokoll.", "Everything that people and programs said or changed at this site, the latest first. Each entry is in the public ledger by its digest."},
		"history.heard": {"Urteile stehen hier, sobald der Betreiber dazu angehört wurde.", "Judgements stand here once the operator was heard on them."},
		"history.more":  {"Früheres", "Earlier"},
		"history.said":  {"Inhalt", "Content"},
		"history.file":  {"Registerdatei", "registry file"},
		"history.none":  {"Hier ist noch nichts geschehen.", "Nothing has happened here yet."},
		"entry:hearing": {"Anhörung zu Urteil", "Hearing on judgement"}, "entry:publication": {"Entscheidung", "Decision"}, "entry:submission": {"Einreichung", "Submission"}, "entry:event": {"Ereignis", "Event"},
		"entry:evidence": {"Nachweis", "Evidence"}, "entry:exhibit": {"Beleg", "Document"}, "entry:site": {"Standort", "Site"}, "entry:meter": {"Zähler", "Meter"}, "entry:commitment": {"Zusage", "Commitment"},
		"entry:fact": {"Angabe", "Statement"}, "entry:declaration": {"Erklärung", "Declaration"}, "entry:registry_change": {"Änderung am Register", "Change of the registry"}, "entry:heat_pump": {"Wärmepumpe", "Heat pump"}, "entry:mapping": {"Zuordnung von Spalten", "Mapping of columns"},
		"entry:assessment": {"Erlassenes Urteil", "Issued judgement"},
	}
}
