package web

// evidenceWords are the sentences about documents that prove something.
func evidenceWords() map[string]sentence {
	return map[string]sentence{
		"evidence":         {"Belege", "Documents"},
		"evidence.reading": {"Ablesung %s, %s", "Reading of %s, %s"},
		"evidence.of":      {"Belege ansehen und hochladen", "Show and upload documents"},
		"evidence.lead":    {"Fotos, Rechnungen, Verträge und Listen, die etwas beweisen. Ein Beleg wird nie hier geöffnet, nur gespeichert.", "Photos, bills, contracts and lists that prove something. A document is never opened here, only saved."},
		"evidence.sum":     {"Belege: %s, die neuesten zuerst.", "Documents: %s, the latest first."},
		"evidence.kept":    {"Genommen werden PDF, PNG, JPEG, CSV und XLSX bis %s MiB. Ein Beleg bleibt mindestens bis zum Ende des %s. Jahres nach der Einreichung; diese Frist ist eine Festlegung dieser Software, kein Gesetz. Gelöscht wird nichts von selbst.", "PDF, PNG, JPEG, CSV and XLSX of up to %s MiB are taken. A document stays at least to the end of year %s after it was handed in; this term is a choice of this software, no law. Nothing is deleted by itself."},
		"evidence.upload":  {"Beleg hochladen", "Upload a document"}, "evidence.file": {"Datei", "File"}, "evidence.about": {"Wofür", "What for"}, "evidence.note": {"Anmerkung", "Note"}, "evidence.name": {"Beleg", "Document"},
		"evidence.handed": {"Eingereicht", "Handed in"}, "evidence.until": {"Bleibt bis", "Stays until"}, "evidence.done": {"Der Beleg ist gespeichert.", "The document is kept."}, "evidence.nofile": {"Bitte eine Datei wählen.", "Choose a file."},
		"evidence.removed":     {"Der Inhalt wurde am %s von %s gelöscht: %s", "Its content was deleted on %s by %s: %s"},
		"evidence.elsewhere":   {"Dieselben Bytes sind noch für etwas anderes aufbewahrt.", "The same bytes are still kept for something else."},
		"evidence.overstayed":  {"Diese Frist ist vorbei.", "This time is over."},
		"evidence.remove":      {"Inhalt löschen", "Delete its content"},
		"evidence.remove.says": {"Wegen personenbezogener Daten, oder weil die Zeit der Aufbewahrung vorbei ist. Nichts bringt den Inhalt zurück. Prüfsumme, Name und Anmerkung bleiben, mit Ihrem Grund.", "For personal data, or because its time to be kept is over. Nothing brings the content back. Digest, name and note stay, with your reason."},
		"evidence.remove.why":  {"Grund", "Reason"},
		"mark:encrypted":       {"mit Kennwort", "wants a password"}, "mark:signed": {"trägt eine Unterschrift (nicht geprüft)", "says it is signed (not checked)"}, "mark:active": {"enthält Programme oder Dateien", "holds programs or files"}, "mark:formulas": {"enthält Formeln", "holds formulas"},
	}
}
