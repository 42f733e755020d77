package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"heatledger/energy"
)

const csvRemedy = "one row a line is expected, cells separated by semicolons, commas or tabs, with quotes as RFC 4180 says"

func openCSV(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	encoding, mark, err := encodingOf(r, size)
	if err != nil {
		return nil, err
	}
	open := func() io.Reader { return decoded(io.NewSectionReader(r, mark, size-mark), encoding) }
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(open(), sample)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the first rows: %w", err)
	}
	separator, stated := separatorOf(string(sample[:n]), n == len(sample))
	b := &Book{Form: CSV, Sheets: []string{""}, Encoding: encoding, Separator: separator, limits: limits}
	b.rows = func(_ int, yield func(Row) error) error { return b.csvRows(open(), stated, yield) }
	return b, nil
}

// separatorOf is what separates the cells: what a first line "sep=;" says, else
// the mark that cuts most lines into the same number of cells.
func separatorOf(sample string, cut bool) (mark rune, stated bool) {
	lines := strings.Split(strings.ReplaceAll(sample, "\r\n", "\n"), "\n")
	if cut && len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	if mark, ok := strings.CutPrefix(strings.TrimSpace(lines[0]), "sep="); ok && len(mark) == 1 {
		return rune(mark[0]), true
	}
	best, score := ',', 0
	for _, mark := range []rune{';', '\t', ',', '|'} {
		widths := map[int]int{}
		for _, line := range lines {
			if n := marks(line, mark); n > 0 {
				widths[n]++
			}
		}
		most := 0
		for _, n := range widths {
			most = max(most, n)
		}
		if most > score { // the first of the list where two are as good
			best, score = mark, most
		}
	}
	return best, false
}

// marks counts a mark outside of quotes.
func marks(line string, mark rune) (n int) {
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == mark && !quoted:
			n++
		}
	}
	return n
}

func (b *Book) csvRows(text io.Reader, skip bool, yield func(Row) error) error {
	bound := &recordBound{in: text, most: b.limits.Record}
	rows := csv.NewReader(bufio.NewReaderSize(bound, 64<<10))
	rows.Comma, rows.FieldsPerRecord, rows.ReuseRecord = b.Separator, -1, true
	rows.TrimLeadingSpace = b.Separator != '\t'
	var cells []Cell
	for {
		bound.read = 0
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(err)
		}
		line, _ := rows.FieldPos(0)
		if skip {
			skip = false
			continue
		}
		if len(record) > b.limits.Columns {
			return energy.Faults{{Code: "file_csv", Line: line, Problem: fmt.Sprintf("the row has %d columns", len(record)), Remedy: fmt.Sprintf("at most %d are expected", b.limits.Columns)}}
		}
		cells = cells[:0]
		some := false
		for _, text := range record {
			if text = strings.TrimSpace(text); text == "" {
				cells = append(cells, Cell{})
				continue
			}
			some = true
			cells = append(cells, Cell{Kind: Text, Text: text})
		}
		if !some {
			continue
		}
		if err := yield(Row{Number: line, Cells: cells}); err != nil {
			return err
		}
	}
}

func csvFault(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return energy.Faults{{Code: "file_csv", Line: parse.Line, Column: parse.Column, Problem: parse.Err.Error(), Remedy: csvRemedy}}
	}
	return err
}

// recordBound ends a text whose row is longer than any row: what has no end
// must not be held in memory to find it.
type recordBound struct {
	in   io.Reader
	read int // since the last row
	most int
}

func (b *recordBound) Read(p []byte) (int, error) {
	if b.read > b.most {
		return 0, energy.Faults{{Code: "file_csv", Problem: fmt.Sprintf("a row is longer than %d bytes", b.most), Remedy: csvRemedy}}
	}
	n, err := b.in.Read(p)
	b.read += n
	return n, err
}
