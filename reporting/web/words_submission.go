package web

import (
	"heatledger/reporting/chart"
	"heatledger/reporting/words"
)

// submissionWords are the sentences about what is handed in as a file.
func submissionWords() map[string]sentence {
	return map[string]sentence{
		"submission.profile":  {"Die Werte steigen und fallen wie die Mengen eines Lastgangs; ein Zählerstand fällt nicht. Sind es Mengen, ordnen Sie die Spalte einem Messpunkt mit Mengen zu.", "The values rise and fall like the amounts of a load profile; the standing of a counter does not fall. If they are amounts, map the column to a point of amounts."},
		"submission.negative": {"Der Wert ist kleiner als null. Ein Zähler und eine Menge sind das sonst nie.", "The value is below zero, which a counter and an amount otherwise never are."},
		"submission.explain":  {"Wenn es stimmt, erläutern Sie es; dann kann es eingereicht werden. Sonst berichtigen Sie die Datei.", "If it is right, explain it; then it can be handed in. Otherwise mend the file."},
		"receipt.title":       {"Empfangsbestätigung %s", "Receipt %s"},
		"receipt.subject":     {"Eingereichte Messwerte", "Readings handed in"},
		"receipt.lead":        {"Diese Datei wurde entgegengenommen. Was sie sagt, bleibt bekannt, auch wenn es später berichtigt oder zurückgezogen wird.", "This file was taken. What it says stays known, even if it is corrected or withdrawn later."},
		"receipt.what":        {"Angabe", "Item"},
		"receipt.says":        {"Wert", "Value"},
		"receipt.file":        {"Datei", "File"},
		"receipt.source":      {"Eingereicht von", "Handed in by"},
		"receipt.at":          {"Zeitpunkt", "Time"},
		"receipt.rows":        {"Werte in der Datei", "Values in the file"},
		"receipt.accepted":    {"Angenommen", "Accepted"},
		"receipt.duplicate":   {"Schon bekannt", "Known already"},
		"receipt.missing":     {"Ohne Wert", "Without a value"},
		"receipt.withdrawn":   {"Zurückgezogen", "Withdrawn"},
		"receipt.explained":   {"Erläuterte Auffälligkeiten", "Explained oddities"},
		"receipt.correction":  {"Berichtigung, Grund", "Correction, reason"},
		"receipt.name":        {"Kennung", "Identifier"},
		"receipt.ledger":      {"Im öffentlichen Verzeichnis", "In the public ledger"},
		"receipt.verify":      {"Die Prüfsumme der Datei steht im öffentlichen Verzeichnis. Wer Datei und Bestätigung (JSON) hat, kann das ohne uns prüfen: heatledger verify --receipt BESTÄTIGUNG --content DATEI.", "The digest of the file stands in the public ledger. Whoever has the file and the receipt (JSON) can check that without us: heatledger verify --receipt RECEIPT --content FILE."},
		"receipt.site":        {"Standort", "Site"},
		"receipt.fact":        {"Fakt", "Fact"},
		"receipt.record":      {"Eintrag", "Record"},
		"receipt.waiting":     {"folgt", "to come"},
		"receipt.checkpoint":  {"Signierter Stand des Verzeichnisses", "Signed state of the ledger"},
		"receipt.key":         {"Öffentlicher Schlüssel:", "Public key:"},
	}
}

func chartLanguage(l words.Lang) chart.Language { return chart.Language(l) }
