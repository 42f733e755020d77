package document

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
)

// WriteXLSX writes a report as a workbook: overview, months, days, points and
// quality, with units in the headings. The PUE cells of the months and of the
// year are formulas over the cells beside them, so that a reader can check.
func WriteXLSX(w io.Writer, y Yearly, lang Lang) error {
	words, err := in(lang)
	if err != nil {
		return err
	}
	b := &book{File: excelize.NewFile().SetZipWriter(newOrderedZip), words: words, y: y}
	defer b.Close() // frees temporary files of large sheets
	err = b.build()
	if err == nil {
		_, err = b.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write the workbook of %s %d: %w", y.Site, y.Year, err)
	}
	return nil
}

// book is a workbook on its way.
type book struct {
	*excelize.File
	words words
	y     Yearly

	head, bold, kilo, ratio, share int // styles
}

func (b *book) build() error {
	at := b.y.AsKnown.UTC().Format("2006-01-02T15:04:05Z")
	if err := b.SetDocProps(&excelize.DocProperties{Title: fmt.Sprintf(b.words.title, b.y.Name, b.y.Year), Creator: producer, LastModifiedBy: producer, Created: at, Modified: at, Language: string(b.words.lang)}); err != nil {
		return err
	}
	thousands, three := "#,##0.00", "0.000"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Border: []excelize.Border{{Type: "bottom", Color: "000000", Style: 1}}}},
		{&b.bold, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&b.kilo, excelize.Style{CustomNumFmt: &thousands}},
		{&b.ratio, excelize.Style{CustomNumFmt: &three}},
		{&b.share, excelize.Style{NumFmt: 10}}, // 0.00%
	} {
		var err error
		if *s.id, err = b.NewStyle(&s.style); err != nil {
			return err
		}
	}
	if err := b.SetSheetName("Sheet1", b.words.overview); err != nil {
		return err
	}
	for _, sheet := range []struct {
		name   string
		widths []float64
		titles []string
		rows   [][]any
	}{
		{b.words.overview, []float64{34, 24, 14, 22, 22, 24, 16, 16, 16, 18, 26, 50}, nil, b.overview()},
		{b.words.monthsSheet, []float64{16, 22, 22, 14, 22, 18, 18}, b.monthTitles(), b.months()},
		{b.words.daysSheet, append([]float64{12}, repeat(18, len(b.y.Points))...), b.dayTitles(), b.days()},
		{b.words.pointsSheet, []float64{24, 26, 24, 12, 26, 30, 18, 44, 18}, b.pointTitles(), b.points()},
		{b.words.qualitySheet, []float64{24, 14, 14, 14}, b.qualityTitles(), b.quality()},
	} {
		if err := b.sheet(sheet.name, sheet.widths, sheet.titles, sheet.rows); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	return nil
}

// sheet streams one sheet; its first row, if there are titles, stays in view.
func (b *book) sheet(name string, widths []float64, titles []string, rows [][]any) error {
	if name != b.words.overview {
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
	at := 1
	if titles != nil {
		if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
			return err
		}
		if err := out.SetRow("A1", b.titles(titles...)); err != nil {
			return err
		}
		at = 2
	}
	for _, row := range rows {
		if err := out.SetRow("A"+strconv.Itoa(at), neutral(row)); err != nil {
			return err
		}
		at++
	}
	return out.Flush()
}

func repeat(width float64, n int) []float64 {
	widths := make([]float64, n)
	for i := range widths {
		widths[i] = width
	}
	return widths
}

// titles are cells in the style of headings.
func (b *book) titles(titles ...string) []any {
	cells := make([]any, len(titles))
	for i, title := range titles {
		cells[i] = excelize.Cell{StyleID: b.head, Value: title}
	}
	return cells
}

// number is a cell with a value, empty where there is none.
func (b *book) number(v energy.Value, ok bool) any {
	if !ok || !v.Finite() {
		return nil
	}
	return excelize.Cell{StyleID: b.kilo, Value: v.Float64()}
}

// quotient is a formula cell, empty where there is no figure.
func (b *book) quotient(ok bool, numerator, denominator string) any {
	if !ok {
		return nil
	}
	return excelize.Cell{StyleID: b.ratio, Formula: numerator + "/" + denominator}
}

func (b *book) percent(share float64) any { return excelize.Cell{StyleID: b.share, Value: share} }
