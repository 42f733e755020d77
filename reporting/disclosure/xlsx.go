package disclosure

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"heatledger/reporting/cell"
	"heatledger/reporting/document"
)

// WriteXLSX writes the form as a workbook: about, what is missing, the form, the
// three columns, the sources. Numbers are numbers, with all their digits; texts
// that a spreadsheet would take for a formula have an apostrophe before.
func (p Paper) WriteXLSX(w io.Writer) (err error) {
	b := &book{File: document.NewWorkbook(), Paper: p}
	defer b.Close() // frees temporary files
	if err = b.build(); err == nil {
		_, err = b.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write the workbook of %s of %s: %w", p.ID, p.Site, err)
	}
	return nil
}

// book is a workbook on its way.
type book struct {
	*excelize.File
	Paper
	head, wrap int // styles
}

func (b *book) build() (err error) {
	at := b.AsKnown.Format("2006-01-02T15:04:05Z")
	if err := b.SetDocProps(&excelize.DocProperties{Title: fmt.Sprintf("%s %s %d", b.Words.Title(b.ID), b.Name, b.Year), Creator: "Heatledger", LastModifiedBy: "Heatledger", Created: at, Modified: at, Language: string(b.Words.lang)}); err != nil {
		return err
	}
	if b.head, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return err
	}
	if b.wrap, err = b.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return err
	}
	t := b.Words.T
	if err := b.SetSheetName("Sheet1", t("sheet.missing")); err != nil {
		return err
	}
	for _, sheet := range []struct {
		name   string
		widths []float64
		rows   [][]any
	}{
		{t("sheet.missing"), []float64{14, 44, 90}, b.missingRows()},
		{t("sheet.form"), []float64{14, 44, 24, 12, 20, 14, 14, 14, 14, 28, 28, 50}, b.formRows()},
		{t("sheet.columns"), []float64{14, 44, 24, 24, 14, 24, 14, 24, 12}, b.columnRows()},
		{t("sheet.sources"), []float64{28, 16, 50, 40}, b.sourceRows()},
		{t("sheet.about"), []float64{28, 90}, b.aboutRows()},
	} {
		if err := b.sheet(sheet.name, sheet.widths, sheet.rows); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	return nil
}

// sheet streams one sheet; its first row stays in view.
func (b *book) sheet(name string, widths []float64, rows [][]any) error {
	if at, err := b.GetSheetIndex(name); err != nil || at < 0 {
		if _, err := b.NewSheet(name); err != nil {
			return err
		}
	}
	out, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range rows {
		style := b.wrap
		if i == 0 {
			style = b.head
		}
		for j, one := range row {
			if text, ok := one.(string); ok {
				one = cell.Text(text)
			}
			row[j] = excelize.Cell{StyleID: style, Value: one}
		}
		if err := out.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cellOf is a value as a cell: a number, a text, or nothing.
func cellOf(v Value) any {
	if f, ok := v.Float64(); ok {
		return f
	}
	if !v.OK() {
		return nil
	}
	return v.String()
}

func share(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

func titles(w Words, keys ...string) []any {
	row := make([]any, len(keys))
	for i, key := range keys {
		row[i] = w.T(key)
	}
	return row
}

func (b *book) missingRows() [][]any {
	rows := [][]any{titles(b.Words, "number", "field", "remedy")}
	for _, f := range b.Fields {
		if !f.Value.OK() {
			rows = append(rows, []any{f.Number, b.Words.Label(f), b.Words.Remedies(f)})
		}
	}
	if len(rows) == 1 {
		rows = append(rows, []any{"", b.Words.T("missing.no"), ""})
	}
	return rows
}

func (b *book) formRows() [][]any {
	rows := [][]any{titles(b.Words, "number", "field", "value", "unit", "basis", "status", "coverage", "uncertainty", "standard", "code", "note")}
	for _, f := range b.Fields {
		basis, status := "", ""
		if f.Basis != "" {
			basis, status = b.Words.Basis(f.Basis), b.Words.T("status:"+string(f.Status))
		}
		rows = append(rows, []any{f.Number, b.Words.FullLabel(f), cellOf(f.Value), string(f.Unit), basis, status, share(f.EnergyCoverage), share(f.Uncertainty), standardOf(f), f.Code, strings.Join(b.Words.Notes(f.Notes), "; ")})
	}
	return rows
}

func (b *book) columnRows() [][]any {
	w := b.Words
	rows := [][]any{append(titles(w, "number", "field", "metered", "declared"), "%", w.T("published"), "%", w.T("source"), w.T("unit"))}
	for _, f := range b.Fields {
		row := []any{f.Number, w.Label(f), nil, nil, nil, nil, nil, "", string(f.Unit)}
		if f.Metered != nil {
			row[2] = cellOf(f.Metered.Value)
		}
		if f.Declared != nil {
			row[3], row[4] = cellOf(f.Declared.Value), share(f.Declared.Difference)
		}
		if f.Published != nil {
			row[5], row[6], row[7] = cellOf(f.Published.Value), share(f.Published.Difference), w.T("by:"+f.Published.By)
		}
		rows = append(rows, row)
	}
	return rows
}

func (b *book) sourceRows() [][]any {
	rows := [][]any{titles(b.Words, "code", "kind", "source", "document")}
	for _, f := range b.Fields {
		for _, s := range f.Sources {
			rows = append(rows, []any{f.Code, b.Words.T("source:" + string(s.Kind)), s.ID, s.Document})
		}
	}
	return rows
}

func (b *book) aboutRows() [][]any {
	rows := [][]any{{b.Words.Title(b.ID), fmt.Sprintf("%s, %d", b.Name, b.Year)}}
	for _, line := range b.about() {
		rows = append(rows, []any{line.label, strings.TrimSpace(line.value)})
	}
	return rows
}

// Formats are the kinds of file a form is written as, with their media types.
func Formats() map[string]string {
	return map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
}

// Write writes the form in one of [Formats].
func (p Paper) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		return p.WriteJSON(w)
	case "csv":
		return p.WriteCSV(w)
	case "pdf":
		return p.WritePDF(w)
	case "xlsx":
		return p.WriteXLSX(w)
	}
	return fmt.Errorf("write a form as %q: json, csv, pdf or xlsx is expected", format)
}
