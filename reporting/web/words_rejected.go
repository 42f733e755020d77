package web

import (
	"strings"

	"heatledger/energy/intake"
	"heatledger/reporting/chart"
)

// rejection is why a row is not taken, and what to do, for people. What comes with the
// row itself is for programs.
type rejection struct{ why, mend sentence }

// rejectedWords are those of each code of a rejected row.
func rejectedWords() map[intake.Code]rejection {
	return map[intake.Code]rejection{
		intake.CodeSyntax:       {sentence{"Die Zeile ist nicht lesbar.", "The row is not readable."}, sentence{"Prüfen Sie Trennzeichen und Anführungszeichen dieser Zeile.", "Check the separators and quotes of this row."}},
		intake.CodePoint:        {sentence{"Diesen Messpunkt gibt es nicht.", "There is no such point."}, sentence{"Schreiben Sie die volle Kennung, etwa kaiserlei/grid-energy; die Vorlage enthält Ihre.", "Write the full id, such as kaiserlei/grid-energy; the template holds yours."}},
		intake.CodeCalculated:   {sentence{"Dieser Messpunkt wird aus anderen berechnet.", "This point is calculated from others."}, sentence{"Lassen Sie die Zeile weg; reichen Sie die Messpunkte ein, aus denen er entsteht.", "Leave the row out; hand in the points it is made of."}},
		intake.CodeTime:         {sentence{"Das ist kein Zeitpunkt.", "This is no point in time."}, sentence{"Schreiben Sie etwa 03.06.2025 14:15 oder 2025-06-03T14:15:00+02:00.", "Write something like 03.06.2025 14:15 or 2025-06-03T14:15:00+02:00."}},
		intake.CodeFuture:       {sentence{"Der Zeitpunkt liegt in der Zukunft.", "The time lies in the future."}, sentence{"Prüfen Sie Datum und Jahr, und die Uhr des Zählers.", "Check the date and the year, and the clock of the meter."}},
		intake.CodePast:         {sentence{"Der Zeitpunkt liegt vor jeder denkbaren Ablesung.", "The time lies before any reading there can be."}, sentence{"Prüfen Sie Datum und Jahr; die Uhr war wohl nie gestellt.", "Check the date and the year; the clock was probably never set."}},
		intake.CodeInterval:     {sentence{"Der Zeitraum endet, bevor er beginnt.", "The interval ends before it begins."}, sentence{"Das Ende muss nach dem Anfang liegen.", "The end has to be later than the start."}},
		intake.CodeOutside:      {sentence{"Die Zeile liegt außerhalb des Zeitraums, der ersetzt wird.", "The row lies outside the period that is replaced."}, sentence{"Weiten Sie den Zeitraum, oder lassen Sie die Zeile weg.", "Widen the period, or leave the row out."}},
		intake.CodeForm:         {sentence{"Ein Zählerstand hat einen Zeitpunkt, eine Menge einen Zeitraum; hier ist es umgekehrt.", "A counter has a point in time, an amount an interval; here it is the other way round."}, sentence{"Prüfen Sie, ob die Spalte Stände oder Mengen enthält, und ob der Messpunkt stimmt.", "Check whether the column holds standings or amounts, and whether the point is right."}},
		intake.CodeValue:        {sentence{"Das ist keine Zahl.", "This is no number."}, sentence{"Schreiben Sie Ziffern; Zeilen ohne Wert lassen Sie weg.", "Write digits; leave out rows without a value."}},
		intake.CodeUnit:         {sentence{"Diese Einheit gehört nicht zur Messgröße.", "This unit does not belong to the quantity."}, sentence{"Wählen Sie die Einheit des Messpunkts, etwa kWh.", "Choose the unit of the point, such as kWh."}},
		intake.CodeQuality:      {sentence{"Diese Qualität gibt es nicht.", "There is no such quality."}, sentence{"Für abgelesene Werte bleibt die Spalte leer.", "For values that were read the column stays empty."}},
		intake.CodeConflict:     {sentence{"Bekannt ist hier schon ein anderer Wert.", "Another value is known here already."}, sentence{"Wenn der neue Wert stimmt, reichen Sie die Datei als Berichtigung mit Grund ein.", "If the new value is right, hand the file in as a correction, with a reason."}},
		intake.CodeContradicted: {sentence{"Die Datei nennt hier zwei verschiedene Werte.", "The file gives two different values here."}, sentence{"Behalten Sie den richtigen.", "Keep the right one."}},
		intake.CodeScope:        {sentence{"Für diesen Messpunkt dürfen Sie nicht einreichen.", "You may not hand in for this point."}, sentence{"Prüfen Sie die Kennung; Rechte vergibt der Betreiber.", "Check the id; rights are given by the operator."}},
		intake.CodeRange:        {sentence{"Der Wert ist zu groß.", "The value is too large."}, sentence{"Prüfen Sie Komma, Tausenderzeichen und Einheit.", "Check the decimal sign, the thousands separator and the unit."}},
		intake.CodeDecimal:      {sentence{"Das Zeichen kann ein Komma sein oder Tausender trennen.", "The sign may be a decimal sign or group thousands."}, sentence{"Sagen Sie bei der Zuordnung, welches Dezimalzeichen die Datei hat.", "Say at the columns which decimal sign the file has."}},
		intake.CodeThousands:    {sentence{"Die Ziffern sind gruppiert, und niemand hat gesagt, womit.", "The digits are grouped, and nobody said by what."}, sentence{"Sagen Sie bei der Zuordnung, welches Tausenderzeichen die Datei hat.", "Say at the columns which thousands separator the file has."}},
		intake.CodeTwice:        {sentence{"Diese Uhrzeit gab es an diesem Tag zweimal.", "The clock showed this time twice on that day."}, sentence{"Setzen Sie A (Sommerzeit) oder B (Winterzeit) dahinter.", "Put A (summer time) or B (winter time) behind it."}},
		intake.CodeFormula:      {sentence{"Die Zelle ist eine Formel ohne gespeichertes Ergebnis.", "The cell is a formula without a stored result."}, sentence{"Öffnen und speichern Sie die Datei in der Tabellenkalkulation, oder fügen Sie die Werte ein.", "Open and save the file in your spreadsheet program, or paste the values."}},
		intake.CodeCell:         {sentence{"Die Zelle ist von anderer Art als ihre Spalte.", "The cell is of another kind than its column."}, sentence{"Prüfen Sie Zelle und Zuordnung.", "Check the cell and what the column is."}},
		intake.CodeName:         {sentence{"Dieser Name ist keinem Messpunkt zugeordnet.", "This name belongs to no point."}, sentence{"Ordnen Sie ihn zu, oder lassen Sie die Zeile weg.", "Map it to one, or leave the row out."}},
	}
}

// in is the sentence in a language.
func (s sentence) in(lang chart.Language) string {
	if lang == chart.German {
		return s.de
	}
	return s.en
}

// rejectedName names the kind of a rejection.
func (p *page) rejectedName(code intake.Code) string {
	if said, ok := rejectedWords()[code]; ok {
		return strings.TrimSuffix(said.why.in(p.Lang), ".")
	}
	return strings.ReplaceAll(string(code), "_", " ")
}

// rejectedReason says why a row is not taken, with what stands in the cell.
func (p *page) rejectedReason(code intake.Code, reason string) string {
	said, ok := rejectedWords()[code]
	if !ok {
		return reason
	}
	why := said.why.in(p.Lang)
	if rest, quoted := strings.CutPrefix(reason, `"`); quoted {
		if cell, _, closed := strings.Cut(rest, `"`); closed {
			return p.T("rejected.cell", cell, why)
		}
	}
	return why
}

func (p *page) rejectedRemedy(code intake.Code, remedy string) string {
	if said, ok := rejectedWords()[code]; ok {
		return said.mend.in(p.Lang)
	}
	return remedy
}
