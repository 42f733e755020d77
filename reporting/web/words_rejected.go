package web

import (
	"strings"

	"heatledger/energy/intake"
	"heatledger/reporting/chart"
)

// rejectedWords say in German, for each code of a rejected row, why it is not taken
// and what to do; the English sentences come with the row.
func rejectedWords() map[intake.Code][2]string {
	return map[intake.Code][2]string{
		intake.CodeSyntax:       {"Die Zeile ist nicht lesbar.", "Prüfen Sie Trennzeichen und Anführungszeichen dieser Zeile."},
		intake.CodePoint:        {"Diesen Messpunkt gibt es nicht.", "Schreiben Sie die volle Kennung, etwa kaiserlei/grid-energy; die Vorlage enthält Ihre."},
		intake.CodeCalculated:   {"Dieser Messpunkt wird aus anderen berechnet.", "Lassen Sie die Zeile weg; reichen Sie die Messpunkte ein, aus denen er entsteht."},
		intake.CodeTime:         {"Das ist kein Zeitpunkt.", "Schreiben Sie etwa 03.06.2025 14:15 oder 2025-06-03T14:15:00+02:00."},
		intake.CodeFuture:       {"Der Zeitpunkt liegt in der Zukunft.", "Prüfen Sie Datum und Jahr, und die Uhr des Zählers."},
		intake.CodePast:         {"Der Zeitpunkt liegt vor jeder denkbaren Ablesung.", "Prüfen Sie Datum und Jahr; die Uhr war wohl nie gestellt."},
		intake.CodeInterval:     {"Der Zeitraum endet, bevor er beginnt.", "Das Ende muss nach dem Anfang liegen."},
		intake.CodeOutside:      {"Die Zeile liegt außerhalb des Zeitraums, der ersetzt wird.", "Weiten Sie den Zeitraum, oder lassen Sie die Zeile weg."},
		intake.CodeForm:         {"Ein Zählerstand hat einen Zeitpunkt, eine Menge einen Zeitraum; hier ist es umgekehrt.", "Prüfen Sie, ob die Spalte Stände oder Mengen enthält, und ob der Messpunkt stimmt."},
		intake.CodeValue:        {"Das ist keine Zahl.", "Schreiben Sie Ziffern; Zeilen ohne Wert lassen Sie weg."},
		intake.CodeUnit:         {"Diese Einheit gehört nicht zur Messgröße.", "Wählen Sie die Einheit des Messpunkts, etwa kWh."},
		intake.CodeQuality:      {"Diese Qualität gibt es nicht.", "Für abgelesene Werte bleibt die Spalte leer."},
		intake.CodeConflict:     {"Bekannt ist hier schon ein anderer Wert.", "Wenn der neue Wert stimmt, reichen Sie die Datei als Berichtigung mit Grund ein."},
		intake.CodeContradicted: {"Die Datei nennt hier zwei verschiedene Werte.", "Behalten Sie den richtigen."},
		intake.CodeScope:        {"Für diesen Messpunkt dürfen Sie nicht einreichen.", "Prüfen Sie die Kennung; Rechte vergibt der Betreiber."},
		intake.CodeRange:        {"Der Wert ist zu groß.", "Prüfen Sie Komma, Tausenderzeichen und Einheit."},
		intake.CodeDecimal:      {"Das Zeichen kann ein Komma sein oder Tausender trennen.", "Sagen Sie bei der Zuordnung, welches Dezimalzeichen die Datei hat."},
		intake.CodeThousands:    {"Die Ziffern sind gruppiert, und niemand hat gesagt, womit.", "Sagen Sie bei der Zuordnung, welches Tausenderzeichen die Datei hat."},
		intake.CodeTwice:        {"Diese Uhrzeit gab es an diesem Tag zweimal.", "Setzen Sie A (Sommerzeit) oder B (Winterzeit) dahinter."},
		intake.CodeFormula:      {"Die Zelle ist eine Formel ohne gespeichertes Ergebnis.", "Öffnen und speichern Sie die Datei in der Tabellenkalkulation, oder fügen Sie die Werte ein."},
		intake.CodeCell:         {"Die Zelle ist von anderer Art als ihre Spalte.", "Prüfen Sie Zelle und Zuordnung."},
		intake.CodeName:         {"Dieser Name ist keinem Messpunkt zugeordnet.", "Ordnen Sie ihn zu, oder lassen Sie die Zeile weg."},
	}
}

// rejectedName names the kind of a rejection.
func (p *page) rejectedName(code intake.Code) string {
	if said, ok := rejectedWords()[code]; ok && p.Lang == chart.German {
		return strings.TrimSuffix(said[0], ".")
	}
	return strings.ReplaceAll(string(code), "_", " ")
}

// rejectedReason says why a row is not taken, with what stands in the cell.
func (p *page) rejectedReason(code intake.Code, reason string) string {
	said, ok := rejectedWords()[code]
	if !ok || p.Lang != chart.German {
		return reason
	}
	if rest, quoted := strings.CutPrefix(reason, `"`); quoted {
		if cell, _, closed := strings.Cut(rest, `"`); closed {
			return "„" + cell + "“: " + said[0]
		}
	}
	return said[0]
}

func (p *page) rejectedRemedy(code intake.Code, remedy string) string {
	if said, ok := rejectedWords()[code]; ok && p.Lang == chart.German {
		return said[1]
	}
	return remedy
}
