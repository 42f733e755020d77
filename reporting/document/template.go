package document

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/reporting/cell"
)

// Template is a table for handing in, with an operator's own points. Filled in
// it is read without a mapping (package intake).
type Template struct {
	Site     energy.SiteID
	Name     string
	Calendar energy.Calendar
	At       time.Time // the last readings are those known then
	Points   []TemplatePoint
}

// TemplatePoint is a point with what was known of it last.
type TemplatePoint struct {
	ID       energy.PointID
	Meter    energy.MeterID
	Serial   string
	Quantity energy.Quantity
	Series   energy.SeriesKind
	Unit     energy.Unit
	Last     energy.Value
	LastAt   time.Time // zero: nothing is known
}

// templateWords are the texts of a template. The columns' names are those that
// package intake reads; * marks those that must be filled in.
type templateWords struct {
	title, sheet, points     string
	columns, about           []string
	notes                    []string
	kinds                    map[energy.SeriesKind]string
	quality, pick, pickTitle string
}

// TemplateRows is the number of rows that the drop-downs of a template reach.
const TemplateRows = 5000

func templateIn(l Lang) templateWords {
	if l == German {
		return templateWords{title: "Messwerte einreichen: %s", sheet: "Messwerte", points: "Messpunkte",
			columns: []string{"Messpunkt*", "Zeitpunkt oder Beginn*", "Ende (nur bei Mengen)", "Wert*", "Einheit", "Qualität"},
			about:   []string{"Messpunkt", "Zähler", "Zählernummer", "Größe", "Art", "Einheit", "Letzter Wert", "Letzter Zeitpunkt"},
			notes: []string{
				"Spalten mit * müssen gefüllt sein. Zeilen ohne Zeit und Wert werden übergangen.",
				"Zeiten sind Ortszeit (%s), zum Beispiel 26.10.2025 02:15. In der doppelten Stunde im Oktober steht A (Sommerzeit) oder B (Winterzeit) dahinter.",
				"Zählerstände haben nur einen Zeitpunkt. Mengen und Mittelwerte haben Beginn und Ende.",
				"Qualität bleibt leer für abgelesene Werte; sonst substitute (Ersatzwert), declared (Angabe), missing (fehlt).",
				"Vor dem Einreichen zeigt eine Vorschau jede Zeile. Nichts gilt, bevor Sie zustimmen.",
			},
			kinds:   map[energy.SeriesKind]string{energy.Counter: "Zählerstand", energy.Interval: "Menge", energy.Mean: "Mittelwert", energy.Instant: "Momentanwert"},
			quality: "Qualität wählen", pickTitle: "Messpunkt", pick: "Bitte einen Messpunkt aus der Liste wählen."}
	}
	return templateWords{title: "Hand in readings: %s", sheet: "Readings", points: "Points",
		columns: []string{"Point*", "Time or start*", "End (amounts only)", "Value*", "Unit", "Quality"},
		about:   []string{"Point", "Meter", "Serial number", "Quantity", "Kind", "Unit", "Last value", "Last time"},
		notes: []string{
			"Columns with * must be filled in. Rows without a time and a value are skipped.",
			"Times are local (%s), such as 2025-10-26 02:15. In the hour that is run twice in October, A (summer time) or B (winter time) stands behind.",
			"Counter readings have one time. Amounts and means have a start and an end.",
			"Leave quality empty for values read from the meter; else substitute, declared or missing.",
			"Before handing in, a preview shows each row. Nothing counts before you agree.",
		},
		kinds:   map[energy.SeriesKind]string{energy.Counter: "counter reading", energy.Interval: "amount", energy.Mean: "mean", energy.Instant: "momentary value"},
		quality: "Choose a quality", pickTitle: "Point", pick: "Please choose a point of the list."}
}

// times of the template, as clocks show them: with A or B in the hour that is
// run twice.
func (t Template) wall(at time.Time, l Lang) string {
	if at.IsZero() {
		return ""
	}
	layout := "2006-01-02 15:04"
	if l == German {
		layout = "02.01.2006 15:04"
	}
	wall := t.Calendar.Wall(at)
	text := time.Time(wall).Format(layout)
	if both := t.Calendar.Instants(wall); len(both) == 2 {
		return text + map[bool]string{true: "A", false: "B"}[both[0].Equal(at.Truncate(time.Second)) || at.Before(both[1])]
	}
	return text
}

// WriteTemplate writes a template as a workbook: a sheet to fill in, with a row
// for each point and drop-downs, and one with what is known of the points.
func WriteTemplate(w io.Writer, t Template, lang Lang) error {
	words := templateIn(lang)
	f := NewWorkbook()
	defer f.Close() // it has no temporary files of its own
	if err := t.build(f, words, lang); err != nil {
		return fmt.Errorf("write the template of %s: %w", t.Site, err)
	}
	_, err := f.WriteTo(w)
	return err
}

func (t Template) build(f *excelize.File, words templateWords, lang Lang) error {
	at := t.At.UTC().Format("2006-01-02T15:04:05Z")
	if err := f.SetDocProps(&excelize.DocProperties{Title: fmt.Sprintf(words.title, t.Name), Creator: producer, LastModifiedBy: producer, Created: at, Modified: at, Language: string(lang)}); err != nil {
		return err
	}
	required, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "9C0006"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Border: []excelize.Border{{Type: "bottom", Color: "000000", Style: 2}}})
	if err != nil {
		return err
	}
	plain, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Border: []excelize.Border{{Type: "bottom", Color: "000000", Style: 1}}})
	if err != nil {
		return err
	}
	if err := f.SetSheetName("Sheet1", words.sheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(words.points); err != nil {
		return err
	}
	for i, title := range words.columns {
		cell := string(rune('A'+i)) + "1"
		style := plain
		if title[len(title)-1] == '*' {
			style = required
		}
		if err := f.SetCellStr(words.sheet, cell, title); err != nil {
			return err
		}
		if err := f.SetCellStyle(words.sheet, cell, cell, style); err != nil {
			return err
		}
	}
	for i, p := range t.Points {
		if err := f.SetSheetRow(words.sheet, "A"+strconv.Itoa(i+2), &[]any{string(p.ID), nil, nil, nil, string(p.Unit), nil}); err != nil {
			return err
		}
	}
	if err := t.aboutPoints(f, words, lang, plain); err != nil {
		return err
	}
	return t.dropDowns(f, words)
}

// aboutPoints writes the sheet with what is known.
func (t Template) aboutPoints(f *excelize.File, words templateWords, lang Lang, head int) error {
	titles := make([]any, len(words.about))
	for i, title := range words.about {
		titles[i] = title
	}
	if err := f.SetSheetRow(words.points, "A1", &titles); err != nil {
		return err
	}
	if err := f.SetCellStyle(words.points, "A1", string(rune('A'+len(titles)-1))+"1", head); err != nil {
		return err
	}
	for i, p := range t.Points {
		row := []any{cell.Text(string(p.ID)), cell.Text(string(p.Meter)), cell.Text(p.Serial), string(p.Quantity), words.kinds[p.Series], string(p.Unit), nil, t.wall(p.LastAt, lang)}
		if !p.LastAt.IsZero() && p.Last.Finite() {
			row[6] = p.Last.Float64()
		}
		if err := f.SetSheetRow(words.points, "A"+strconv.Itoa(i+2), &row); err != nil {
			return err
		}
	}
	for i, note := range words.notes {
		if i == 1 {
			note = fmt.Sprintf(note, t.Calendar.Location)
		}
		if err := f.SetCellStr(words.points, "A"+strconv.Itoa(len(t.Points)+4+i), note); err != nil {
			return err
		}
	}
	for sheet, widths := range map[string][]float64{words.sheet: {34, 24, 24, 18, 10, 14}, words.points: {34, 24, 20, 26, 18, 10, 18, 20}} {
		for i, width := range widths {
			column := string(rune('A' + i))
			if err := f.SetColWidth(sheet, column, column, width); err != nil {
				return err
			}
		}
		if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	return nil
}

// dropDowns offers points, units and qualities.
func (t Template) dropDowns(f *excelize.File, words templateWords) error {
	if len(t.Points) == 0 {
		return nil
	}
	points := excelize.NewDataValidation(true)
	points.SetSqref(fmt.Sprintf("A2:A%d", TemplateRows))
	points.SetSqrefDropList(fmt.Sprintf("'%s'!$A$2:$A$%d", words.points, len(t.Points)+1))
	points.SetError(excelize.DataValidationErrorStyleStop, words.pickTitle, words.pick)
	quality := excelize.NewDataValidation(true)
	quality.SetSqref(fmt.Sprintf("F2:F%d", TemplateRows))
	if err := quality.SetDropList([]string{energy.Measured.String(), energy.Substitute.String(), energy.Declared.String(), energy.Suspect.String(), energy.Missing.String()}); err != nil {
		return err
	}
	quality.SetInput(words.columns[5], words.quality)
	for _, v := range []*excelize.DataValidation{points, quality} {
		if err := f.AddDataValidation(words.sheet, v); err != nil {
			return err
		}
	}
	return nil
}

// WriteTemplateCSV writes the table to fill in alone, as German Excel (;) or
// everybody else (,) opens it, with a mark of UTF-8.
func WriteTemplateCSV(w io.Writer, t Template, lang Lang) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := cell.NewWriter(w)
	if lang == German {
		out.Comma = ';'
	}
	_ = out.Write(templateIn(lang).columns) // Error tells of it below
	for _, p := range t.Points {
		_ = out.Write([]string{string(p.ID), "", "", "", string(p.Unit), ""})
	}
	out.Flush()
	return out.Error()
}
