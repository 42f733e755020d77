package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// cellReading is a cell on its way.
type cellReading struct {
	kind, style         string // attributes t and s
	column              int
	value               strings.Builder
	formula, stored, in bool // it has a formula, a stored value; a value is being read
}

// rows streams a sheet.
func (w *workbook) rows(name string, yield func(Row) error) error {
	in, ok, err := w.part(name)
	if err != nil {
		return err
	}
	if !ok {
		return energy.Faults{{Problem: fmt.Sprintf("the part %.80s of the workbook is missing", name), Remedy: xlsxRemedy}}
	}
	defer in.Close()
	tokens := newPieces(in, name)
	row, c, open := Row{}, cellReading{}, false
	for {
		token, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(name, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = open || t.Name.Local == "row"
			if err := w.begin(t, &row, &c); err != nil {
				return err
			}
		case xml.CharData:
			if c.in {
				if c.value.Len() > tokenMost {
					return bomb(name)
				}
				c.value.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				c.in = false
			case "c":
				if open && c.column > 0 {
					w.place(&row, &c)
				}
				c.column = 0
			case "row":
				given := open && !blank(row.Cells)
				open = false
				if given {
					if err := yield(row); err != nil {
						return err
					}
				}
			case "sheetData":
				return nil
			}
		}
	}
}

// begin takes the beginning of an element.
func (w *workbook) begin(t xml.StartElement, row *Row, c *cellReading) error {
	switch t.Name.Local {
	case "row":
		row.Number++
		row.Cells = row.Cells[:0]
		if n, err := strconv.Atoi(attribute(t, "r")); err == nil && n >= row.Number {
			row.Number = n
		}
	case "c":
		column := len(row.Cells) + 1
		if n := ColumnNumber(strings.TrimRight(attribute(t, "r"), "0123456789")); n >= column {
			column = n
		}
		if column > w.limits.Columns {
			return energy.Faults{{Line: row.Number, Problem: fmt.Sprintf("the row reaches column %s", Column(column)), Remedy: fmt.Sprintf("at most %d columns are expected", w.limits.Columns)}}
		}
		c.value.Reset()
		c.kind, c.style, c.column = attribute(t, "t"), attribute(t, "s"), column
		c.formula, c.stored, c.in = false, false, false
	case "f":
		c.formula = true
	case "v":
		c.in, c.stored = true, true
	case "t":
		c.in = true
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// place puts a cell into its row.
func (w *workbook) place(row *Row, c *cellReading) {
	for len(row.Cells) < c.column-1 {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells = append(row.Cells, w.cell(c))
}

func (w *workbook) cell(c *cellReading) Cell {
	text := strings.TrimSpace(c.value.String())
	if text == "" {
		if c.formula && !(c.kind == "str" && c.stored) {
			return Cell{Kind: Unstored}
		}
		return Cell{}
	}
	switch c.kind {
	case "s":
		shared, ok := w.sharedText(text)
		if !ok {
			return Cell{Kind: Failed, Text: "a text that the workbook does not hold"}
		}
		if shared == "" {
			return Cell{}
		}
		return Cell{Kind: Text, Text: shared}
	case "str", "inlineStr":
		return Cell{Kind: Text, Text: text}
	case "b":
		return Cell{Kind: Truth, Text: text}
	case "e":
		return Cell{Kind: Failed, Text: text}
	case "d":
		for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04", "2006-01-02"} {
			if wall, err := time.Parse(layout, strings.TrimSuffix(text, "Z")); err == nil {
				return Cell{Kind: Moment, Text: text, Wall: wall}
			}
		}
		return Cell{Kind: Text, Text: text}
	}
	if style, err := strconv.Atoi(c.style); err == nil && style >= 0 && style < len(w.dates) && w.dates[style] {
		if wall, ok := w.wall(text); ok {
			return Cell{Kind: Moment, Text: text, Wall: wall}
		}
	}
	return Cell{Kind: Number, Text: text}
}

// wall is what a serial number of a day shows, to the millisecond: programs
// keep a quarter-hour as 0.0104166….
func (w *workbook) wall(text string) (time.Time, bool) {
	serial, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(serial) || serial < 0 || serial > 2958466 { // 9999-12-31
		return time.Time{}, false
	}
	days := math.Floor(serial)
	milliseconds := math.Round((serial - days) * 24 * 60 * 60 * 1000)
	zero := time.Date(1899, 12, 30+w.since, 0, 0, 0, 0, time.UTC)
	if days == 0 {
		zero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	}
	return zero.AddDate(0, 0, int(days)).Add(time.Duration(milliseconds) * time.Millisecond), true
}

func blank(cells []Cell) bool {
	for _, c := range cells {
		if c.Kind != Empty {
			return false
		}
	}
	return true
}
