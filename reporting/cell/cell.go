// Package cell writes texts of others into tables so that no spreadsheet computes
// them (OWASP, CSV Injection). It knows cells and rows, not what they are about.
package cell

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"
)

// begins are the signs at which a spreadsheet takes a cell for a formula, also in
// the wide form of East Asian keyboards, which some programs fold.
const begins = "=+-@\t\r\n|%＝＋－＠"

// ends are the signs after which a program that takes another one than ours for the
// separator, as a German Excel does with commas, sees a new cell.
const ends = ";,\t|\r\n\""

// Text is a text that stays one: an apostrophe stands before what begins like a
// formula, also before what would begin like one if a sign within the text were taken
// for the end of a cell. Numbers, signed ones too, are as they were. [Plain] is the way
// back.
func Text(text string) string {
	if text == "" || isNumber(text) {
		return text
	}
	return marked(text, func(b *strings.Builder, at string) string {
		b.WriteByte('\'')
		return at
	})
}

// Plain is a text without the apostrophes that [Text] put before it: what was written
// as a cell is read back as it was.
func Plain(text string) string {
	return marked(text, func(_ *strings.Builder, at string) string { return strings.TrimPrefix(at, "'") })
}

// marked goes through a text, and lets mark write and give back the rest where a
// formula would begin. Apostrophes before one belong to it, so that one of the writer's
// own is told from ours.
func marked(text string, mark func(b *strings.Builder, at string) string) string {
	var b strings.Builder
	fresh := true
	for i, rest := 0, text; rest != ""; {
		if fresh && isFormula(strings.TrimLeft(rest, "'"), i == 0) {
			rest = mark(&b, rest)
			run := len(rest) - len(strings.TrimLeft(rest, "'"))
			b.WriteString(rest[:run])
			rest = rest[run:]
		}
		r, size := utf8.DecodeRuneInString(rest)
		b.WriteString(rest[:size])
		fresh, rest, i = strings.ContainsRune(ends, r), rest[size:], i+1
	}
	return b.String()
}

// isFormula tells whether a cell that begins so is computed. Within a text a sign that
// ends a cell begins none.
func isFormula(text string, first bool) bool {
	if text == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune(begins, r) && (first || !strings.ContainsRune(ends, r))
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
