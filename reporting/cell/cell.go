// Package cell writes texts of others into tables so that no spreadsheet computes
// them (OWASP, CSV Injection). It knows cells and rows, not what they are about.
package cell

import (
	"encoding/csv"
	"io"
	"strings"
)

// begins are the signs at which a spreadsheet takes a cell for a formula, also in
// the wide form of East Asian keyboards, which some programs fold.
const begins = "=+-@\t\r\n|%＝＋－＠"

// ends are the signs after which a program that takes another one than ours for the
// separator, as a German Excel does with commas, sees a new cell.
const ends = ";,\t|\r\n\""

// Text is a text that stays one: an apostrophe stands before what begins like a
// formula, also before what would begin like one if a sign within the text were taken
// for the end of a cell. Numbers, signed ones too, are as they were.
func Text(text string) string {
	if text == "" || isNumber(text) {
		return text
	}
	var b strings.Builder
	fresh, kept := true, 0
	for i, r := range text {
		if fresh && strings.ContainsRune(begins, r) && !(i > 0 && strings.ContainsRune(ends, r)) {
			b.WriteString(text[kept:i])
			b.WriteByte('\'')
			kept = i
		}
		fresh = strings.ContainsRune(ends, r)
	}
	if kept == 0 && b.Len() == 0 {
		return text
	}
	b.WriteString(text[kept:])
	return b.String()
}

// isNumber tells whether a text is a number with nothing to compute in it, or the
// sign alone that stands for none.
func isNumber(text string) bool {
	rest := strings.TrimLeft(text[:1], "+-") + text[1:]
	if rest == "" {
		return true
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(rest), "e")
	if scientific {
		exponent = strings.TrimLeft(exponent[:min(1, len(exponent))], "+-") + exponent[min(1, len(exponent)):]
		if exponent == "" || strings.Trim(exponent, "0123456789") != "" {
			return false
		}
	}
	return mantissa != "" && strings.ContainsAny(mantissa, "0123456789") && strings.Trim(mantissa, "0123456789.,") == ""
}

// Writer writes rows of CSV, each cell as [Text] has it.
type Writer struct{ *csv.Writer }

// NewWriter writes to w, with commas unless Comma is set.
func NewWriter(w io.Writer) Writer { return Writer{csv.NewWriter(w)} }

// Write writes a row; Error tells of what went wrong.
func (w Writer) Write(row []string) error {
	safe := row
	for i, one := range row {
		text := Text(one)
		if text == one {
			continue
		}
		if &safe[0] == &row[0] {
			safe = append([]string(nil), row...) // the row is its owner's
		}
		safe[i] = text
	}
	return w.Writer.Write(safe)
}

// WriteAll writes rows and flushes.
func (w Writer) WriteAll(rows [][]string) error {
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
