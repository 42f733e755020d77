package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// archive is a workbook of parts by name.
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(part, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	book  = `<workbook xmlns:r="r"><sheets><sheet name="Werte" sheetId="1" r:id="rId1"/></sheets></workbook>`
	links = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`
)

func plain(t testing.TB, rows string) []byte {
	return archive(t, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", links, "xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
}

// cells gives the rows of a file as lines.
func cells(file []byte, limits sheet.Limits) (lines []string, err error) {
	b, err := sheet.Open(bytes.NewReader(file), int64(len(file)), limits)
	if err != nil {
		return nil, err
	}
	err = b.Rows(0, func(row sheet.Row) error {
		line := fmt.Sprint(row.Number)
		for _, c := range row.Cells {
			line += fmt.Sprintf("|%d:%s", c.Kind, c.Text)
		}
		lines = append(lines, line)
		return nil
	})
	return lines, err
}

func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	lines, err := cells(plain(t, `<row r="2"><c r="A2"><v>1.5</v></c><c r="C2" t="inlineStr"><is><t>x</t></is></c></row>`+
		`<row r="9"><c r="B9"><f>A1</f></c><c r="C9"><f>A1</f><v>7</v></c><c r="D9" t="e"><v>#REF!</v></c></row>`), sheet.Limits{})
	want := "2|2:1.5|0:|1:x,9|0:|5:|2:7|6:#REF!"
	if got := strings.Join(lines, ","); err != nil || got != want {
		t.Errorf("cells %s, %v; want %s", got, err, want)
	}
}

func TestWhatIsNoTableIsRefusedWithARemedy(t *testing.T) {
	t.Parallel()
	wide := sheet.Defaults()
	wide.Columns = 3
	short := sheet.Defaults()
	short.Rows = 2
	many := sheet.Defaults()
	many.Entries = 2
	for _, c := range []struct {
		name   string
		file   []byte
		limits sheet.Limits
		says   string
	}{
		{"an archive packed far smaller than any table", plain(t, strings.Repeat(" ", 8<<20)), sheet.Limits{}, "packed far smaller"},
		{"more parts than a workbook has", plain(t, ""), many, "parts"},
		{"more columns", plain(t, `<row r="1"><c r="ZZ1"><v>1</v></c></row>`), wide, "column"},
		{"more columns in CSV", []byte("a;b;c;d\n"), wide, "columns"},
		{"more rows", []byte("a\nb\nc\n"), short, "rows"},
		{"a row without end", []byte("\"" + strings.Repeat("x", 3<<20)), sheet.Limits{}, "longer"},
		{"an archive that is no workbook", archive(t, "a.txt", "hello"), sheet.Limits{}, "no workbook"},
		{"a broken archive", []byte("PK\x03\x04 and nothing else"), sheet.Limits{}, "broken"},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), sheet.Limits{}, "old or encrypted"},
		{"a PDF", []byte("%PDF-1.7"), sheet.Limits{}, "PDF"},
		{"no text at all", []byte("\x01\x00\x00\x02\x00\x00\x00\x03"), sheet.Limits{}, "no text"},
		{"an entity that unfolds", plain(t, `<row r="1"><c r="A1" t="str"><v>&lol9;</v></c></row>`), sheet.Limits{}, "broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := cells(c.file, c.limits)
			var faults energy.Faults
			if !errors.As(err, &faults) || !strings.Contains(faults[0].Problem, c.says) || faults[0].Remedy == "" {
				t.Errorf("refused with %v; want a fault that says %q and a remedy", err, c.says)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		sheet.UTF8:        "Zähler;€\n1;2\n",
		sheet.Windows1252: "Z\xe4hler;\x80\n1;2\n",
		sheet.UTF16LE:     "Z\x00\xe4\x00h\x00l\x00e\x00r\x00;\x00\xac\x20\n\x001\x00;\x002\x00\n\x00",
		sheet.UTF16BE:     "\xfe\xff\x00Z\x00\xe4\x00h\x00l\x00e\x00r\x00;\x20\xac\x00\n\x001\x00;\x002\x00\n",
	} {
		b, err := sheet.Open(strings.NewReader(file), int64(len(file)), sheet.Limits{})
		if err != nil || b.Encoding != name {
			t.Errorf("%s: taken for %+v, %v", name, b, err)
			continue
		}
		lines, err := cells([]byte(file), sheet.Limits{})
		if got := strings.Join(lines, ","); err != nil || got != "1|1:Zähler|1:€,2|1:1|1:2" {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte("Zeit;Wert\n03.06.2025 00:15;1,5\n"))
	f.Add([]byte("sep=,\na,\"b\nc\"\n"))
	f.Add([]byte("\xff\xfea\x00;\x00\x00\xd8"))
	f.Add(plain(f, `<row r="2"><c r="A2"><v>1.5</v></c></row>`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.Limits{})
		if err != nil {
			return
		}
		for i := range b.Sheets {
			last := 0
			_ = b.Rows(i, func(row sheet.Row) error { // what cannot be read errs; it must not panic
				if row.Number <= last || len(row.Cells) > sheet.Defaults().Columns {
					t.Fatalf("row %d with %d cells after row %d", row.Number, len(row.Cells), last)
				}
				last = row.Number
				return nil
			})
		}
	})
}
