// Package sheet reads tables that people have: CSV of any separator and
// encoding, and XLSX workbooks. It hands over rows of cells as they stand in the
// file, one at a time, and never computes a formula. It knows no meters, no
// units and no zone: what a cell means is settled by whoever maps it.
package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"

	"heatledger/energy"
)

// Kind says what a cell holds.
type Kind uint8

// The kinds of cells. A CSV file has Empty and Text only.
const (
	Empty    Kind = iota
	Text          // what somebody wrote, trimmed
	Number        // a number of a workbook: Text has its digits with a point
	Moment        // a date, a time or both of a workbook: Wall
	Truth         // true or false
	Unstored      // a formula whose result the workbook does not hold
	Failed        // an error of a workbook: #REF!, #DIV/0!
)

// Cell is one cell of a row.
type Cell struct {
	Kind Kind
	Text string
	// Wall is what a clock shows, of a Moment: its fields in UTC mean nothing
	// but the display. A time without a date has the date 1899-12-30.
	Wall time.Time
}

// Row is a row with its cells from column A on. The cells are valid until the
// next row is asked for.
type Row struct {
	Number int // line of a CSV file, row of a sheet, from 1
	Cells  []Cell
}

// Form is the form of a file.
type Form string

// The forms that are told apart by what a file holds, never by its name.
const (
	CSV    Form = "csv"
	XLSX   Form = "xlsx"
	MSCONS Form = "mscons"
)

// Limits bound what a file may hold. The zero Limits are [Defaults].
type Limits struct {
	Entries  int   // of a workbook's archive
	Unpacked int64 // bytes of one entry
	Ratio    int64 // unpacked over packed bytes of an entry of more than a MiB
	Rows     int
	Columns  int
	Record   int   // bytes of one row of a CSV file
	Strings  int64 // bytes of the texts that a workbook's sheets share
}

// Defaults are the limits of what is handed in.
func Defaults() Limits {
	return Limits{Entries: 1000, Unpacked: 512 << 20, Ratio: 200, Rows: 2_000_000, Columns: 1000, Record: 1 << 20, Strings: 64 << 20}
}

// Book is a file that was opened.
type Book struct {
	Form   Form
	Sheets []string // names of the visible sheets of a workbook; one "" of a CSV file
	// Encoding and Separator are those of a CSV file.
	Encoding  string
	Separator rune

	limits Limits
	rows   func(sheet int, yield func(Row) error) error
}

// ErrMSCONS says that the file is an EDIFACT interchange, which is no table.
var ErrMSCONS = errors.New("the file is an EDIFACT interchange")

// FormOf tells the form of a file by its first bytes.
func FormOf(r io.ReaderAt) Form {
	head := make([]byte, 512)
	n, _ := r.ReadAt(head, 0) // what is not there is no mark
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \r\n\t")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return XLSX
	case bytes.HasPrefix(head, []byte("UNA")) && len(head) > 9 && bytes.Contains(head, []byte("UNB")), bytes.HasPrefix(head, []byte("UNB")):
		return MSCONS
	}
	return CSV
}

// Open opens a table of size bytes. It returns energy.Faults for what is none.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	if limits == (Limits{}) {
		limits = Defaults()
	}
	head := make([]byte, 8)
	n, _ := r.ReadAt(head, 0) // a shorter file is one that fits no mark
	switch {
	case FormOf(r) == XLSX:
		return openXLSX(r, size, limits)
	case FormOf(r) == MSCONS:
		return nil, ErrMSCONS
	case bytes.HasPrefix(head[:n], []byte("\xd0\xcf\x11\xe0")):
		return nil, energy.Faults{{Code: "file_old_workbook", Problem: "this is an old or encrypted workbook (.xls)", Remedy: "save it as .xlsx without a password, or as CSV"}}
	case bytes.HasPrefix(head[:n], []byte("%PDF")):
		return nil, energy.Faults{{Code: "file_pdf", Problem: "this is a PDF", Remedy: "hand in the table it was made from, as XLSX or CSV"}}
	}
	return openCSV(r, size, limits)
}

// Rows hands over the rows of a sheet, by its position in Sheets, in the order
// of the file; rows without any cell are left out. An error of yield ends it and
// is returned.
func (b *Book) Rows(sheet int, yield func(Row) error) error {
	if sheet < 0 || sheet >= len(b.Sheets) {
		return energy.Faults{{Problem: "there is no sheet number " + strconv.Itoa(sheet+1), Remedy: "choose one of its sheets"}}
	}
	rows := 0
	return b.rows(sheet, func(row Row) error {
		if rows++; rows > b.limits.Rows {
			return energy.Faults{{Code: "file_rows", Line: row.Number, Problem: "there are more than " + strconv.Itoa(b.limits.Rows) + " rows", Remedy: "hand in the table in parts"}}
		}
		return yield(row)
	})
}

// Column is the name of a column from 1: A, Z, AA.
func Column(n int) string {
	var name []byte
	for ; n > 0; n = (n - 1) / 26 {
		name = append([]byte{byte('A' + (n-1)%26)}, name...)
	}
	return string(name)
}

// ColumnNumber is the column of that name, from 1; 0 is none.
func ColumnNumber(name string) int {
	n := 0
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || n > 16384 {
			return 0
		}
		n = n*26 + int(c-'A') + 1
	}
	if n > 16384 {
		return 0
	}
	return n
}

// At is the name of a cell: B7.
func At(column, row int) string { return Column(column) + strconv.Itoa(row) }
