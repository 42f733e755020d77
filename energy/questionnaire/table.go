package questionnaire

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// The columns of the table by which questions are answered off line. Of those the
// answers are read from Answer on; the others say what is asked.
const (
	ColumnSite     = "site"
	ColumnYear     = "year"
	ColumnQuestion = "question"
	ColumnLabel    = "label"
	ColumnKnows    = "knows"
	ColumnUnit     = "unit"
	ColumnChoices  = "choices"
	ColumnBefore   = "before"
	ColumnAnswer   = "answer"
	ColumnSame     = "as_before" // yes: it is as it was before
	ColumnDocument = "document"
	ColumnReason   = "reason"
)

// Columns lists them, in their order.
func Columns() []string {
	return []string{ColumnSite, ColumnYear, ColumnQuestion, ColumnLabel, ColumnKnows, ColumnUnit, ColumnChoices, ColumnBefore, ColumnAnswer, ColumnSame, ColumnDocument, ColumnReason}
}

// TableMost is the largest table of answers, in bytes.
const TableMost = 4 << 20

// ReadTable reads answers from a table, CSV or XLSX. What it answers is checked
// afterwards, as answers of a page are; here it errs with [Faults] naming cells
// that can be no answer, or with energy.Faults where it is no table. cells tells
// where each answer stands. plain gives the text of a cell back as it was before
// whoever wrote the table kept spreadsheet programs from computing it.
func ReadTable(file io.ReaderAt, size int64, site energy.SiteID, year int, plain func(string) string) (said Answers, cells map[string]string, err error) {
	book, err := sheet.Open(file, size, sheet.Limits{Entries: 200, Unpacked: 32 << 20, Ratio: 200, Rows: 2000, Columns: 50, Record: 64 << 10, Strings: 8 << 20})
	if errors.Is(err, sheet.ErrMSCONS) {
		return nil, nil, energy.Faults{{Problem: "this is an MSCONS message", Remedy: "hand in the table of the questionnaire"}}
	}
	if err != nil {
		return nil, nil, err
	}
	t := table{plain: plain, site: site, year: strconv.Itoa(year), said: Answers{}, cells: map[string]string{}}
	if err := book.Rows(0, t.take); err != nil {
		return nil, nil, err
	}
	if t.at == nil {
		return nil, nil, energy.Faults{{Line: 1, Problem: "there is no column question", Remedy: "take the table that this site is given"}}
	}
	if len(t.faults) > 0 {
		return nil, nil, t.faults
	}
	return t.said, t.cells, nil
}

// table is a table of answers being read.
type table struct {
	plain  func(string) string
	site   energy.SiteID
	year   string
	at     map[string]int // column by name; nil: no header yet
	said   Answers
	cells  map[string]string
	faults Faults
}

// take reads a row: the header, an answer, or nothing that is either.
func (t *table) take(row sheet.Row) error {
	if t.at == nil {
		t.header(row)
		return nil
	}
	name := t.in(row, ColumnQuestion)
	if name == "" {
		return nil
	}
	if s, y := t.in(row, ColumnSite), t.in(row, ColumnYear); s != "" && s != string(t.site) || y != "" && y != t.year {
		t.fault(name, FaultWhole, sheet.At(t.at[ColumnQuestion]+1, row.Number), "the row is of another site or year", "take the table of this site and year", s, y)
		return nil
	}
	a := Answer{Value: t.in(row, ColumnAnswer), Document: t.in(row, ColumnDocument), Reason: t.in(row, ColumnReason), Confirmed: yes(t.in(row, ColumnSame))}
	cell := ""
	if i, ok := t.at[ColumnAnswer]; ok && i < len(row.Cells) {
		cell = sheet.At(i+1, row.Number)
		switch row.Cells[i].Kind {
		case sheet.Number: // what a workbook holds as a number has no grouping
			a.Value = typed(a.Value)
		case sheet.Unstored, sheet.Failed, sheet.Moment:
			t.fault(name, FaultValue, cell, "the cell holds a date, an error or a formula without its result", "write the value")
			return nil
		}
	}
	if a.Value == "" && a.Confirmed {
		a.Value = t.in(row, ColumnBefore)
	}
	if a == (Answer{}) {
		return nil
	}
	if _, again := t.said[name]; again {
		t.fault(name, FaultTwice, cell, fmt.Sprintf("%.60q is answered twice", name), "keep one of the rows")
		return nil
	}
	t.said[name], t.cells[name] = a, cell
	return nil
}

// typed is a number of a workbook as a person would type it, without doubt.
func typed(number string) string {
	if v, err := energy.ParseValue(number); err == nil {
		number = v.String() // without an exponent
	}
	var open *energy.AmbiguousNumberError
	if _, err := energy.ParseTypedNumber(number); errors.As(err, &open) {
		number += "0"
	}
	return number
}

// header notes the columns, if the row names that of the questions.
func (t *table) header(row sheet.Row) {
	at := map[string]int{}
	for i, cell := range row.Cells {
		if name := strings.ToLower(t.text(cell)); slices.Contains(Columns(), name) {
			at[name] = i
		}
	}
	if _, ok := at[ColumnQuestion]; ok {
		t.at = at
	}
}

// in is what a row says in a column; "" where it has none.
func (t *table) in(row sheet.Row, column string) string {
	i, ok := t.at[column]
	if !ok || i >= len(row.Cells) {
		return ""
	}
	return t.text(row.Cells[i])
}

// text is what a cell says.
func (t *table) text(c sheet.Cell) string { return t.plain(strings.TrimSpace(c.Text)) }

func (t *table) fault(name, code, cell, problem, remedy string, args ...string) {
	f := fault(name, code, problem, remedy, args...)
	f.Cell = cell
	t.faults = append(t.faults, f)
}

func yes(text string) bool {
	return slices.Contains([]string{"yes", "ja", "x", "true", "1", "wahr"}, strings.ToLower(text))
}
