package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// repeating gives a text again and again, as long as it is asked for.
type repeating struct {
	head, text, tail string
	times            int
}

func (r repeating) reader() io.Reader {
	parts := []io.Reader{strings.NewReader(r.head)}
	block := strings.Repeat(r.text, max(1, (64<<10)/len(r.text)))
	left := r.times * len(r.text)
	for left > 0 {
		n := min(left, len(block))
		parts, left = append(parts, strings.NewReader(block[:n])), left-n
	}
	return io.MultiReader(append(parts, strings.NewReader(r.tail))...)
}

// packed is a workbook of which one part unpacks to something large. Stored parts are
// as large as what is in them, so that no ratio gives them away.
func packed(t *testing.T, name string, big repeating) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for part, content := range map[string]io.Reader{"xl/workbook.xml": strings.NewReader(book), "xl/_rels/workbook.xml.rels": strings.NewReader(links),
		"xl/worksheets/sheet1.xml": strings.NewReader(`<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`), name: big.reader()} {
		if part != name && strings.TrimPrefix(name, "/") == part {
			continue
		}
		head := &zip.FileHeader{Name: part, Method: zip.Deflate}
		if big.times*len(big.text) < 40<<20 {
			head.Method = zip.Store
		}
		into, err := w.CreateHeader(head)
		if err == nil {
			_, err = io.Copy(into, content)
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

// crowded is an archive of so many entries that says it has but one.
func crowded(entries int) []byte {
	var b bytes.Buffer
	b.WriteString("PK\x03\x04")
	b.Write(make([]byte, 26))
	start := b.Len()
	one := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	for range entries {
		b.Write(one)
	}
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(entries))
	binary.LittleEndian.PutUint16(end[10:], uint16(entries))
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()-start))
	binary.LittleEndian.PutUint32(end[16:], uint32(start))
	b.Write(end)
	return b.Bytes()
}

// TestBombsTakeNoMemory is not parallel: it looks at what the whole process allocates,
// and holds that within a few times the bounds of one token.
func TestBombsTakeNoMemory(t *testing.T) {
	const most = 48 << 20
	unbound := sheet.Defaults()
	unbound.Ratio = 1 << 40
	text := func(of string) repeating {
		return repeating{`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`, of, `</t></is></c></row></sheetData></worksheet>`, (64 << 20) / len(of)}
	}
	for _, tt := range []struct {
		sentence string
		file     []byte
		limits   sheet.Limits
	}{
		{"one text of 64 MiB in a cell", packed(t, "xl/worksheets/sheet1.xml", text("a")), unbound},
		{"a text of 64 MiB in pieces", packed(t, "xl/worksheets/sheet1.xml", text("aaaaaaaaaaaaaaa<!-- -->")), unbound},
		{"an element with millions of attributes", packed(t, "xl/worksheets/sheet1.xml", repeating{`<worksheet`, ` a="1"`, `/>`, 10 << 20}), unbound},
		{"a comment of 64 MiB", packed(t, "xl/worksheets/sheet1.xml", repeating{`<worksheet><!--`, `x`, `--></worksheet>`, 64 << 20}), unbound},
		{"a shared text of 64 MiB", packed(t, "xl/sharedStrings.xml", repeating{`<sst><si><t>`, `a`, `</t></si></sst>`, 64 << 20}), unbound},
		{"a shared text in pieces", packed(t, "xl/sharedStrings.xml", repeating{`<sst><si><t>`, `aaaaaaaaaaaaaaa<!-- -->`, `</t></si></sst>`, 3 << 20}), unbound},
		{"millions of attributes in the table of sheets", packed(t, "xl/workbook.xml", repeating{`<workbook`, ` a="1"`, `/>`, 2 << 20}), unbound},
		{"a deep nesting", packed(t, "xl/workbook.xml", repeating{`<workbook>`, `<a>`, ``, 5 << 20}), unbound},
		{"half a million parts that call themselves few", crowded(500_000), sheet.Limits{}},
		{"an archive within the archive", packed(t, "xl/worksheets/sheet1.xml", repeating{"PK\x03\x04", string(crowded(10)), "", 1000}), sheet.Limits{}},
		{"an entity of a file of this host", packed(t, "xl/worksheets/sheet1.xml", repeating{`<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>`, `&x;`, `</v></c></row></sheetData></worksheet>`, 1}), sheet.Limits{}},
		{"entities that unfold", packed(t, "xl/worksheets/sheet1.xml", repeating{`<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>`, `&b;`, `</v></c></row></sheetData></worksheet>`, 1}), sheet.Limits{}},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		lines, err := cells(tt.file, tt.limits)
		runtime.ReadMemStats(&after)
		var faults energy.Faults
		if !errors.As(err, &faults) || faults[0].Problem == "" || faults[0].Remedy == "" {
			t.Errorf("%s: %d rows, %v; want a fault with a remedy", tt.sentence, len(lines), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%s: %d MiB were allocated, want at most %d", tt.sentence, took>>20, most>>20)
		}
		if text := fmt.Sprint(lines, err); strings.Contains(text, "root:") {
			t.Errorf("%s: %s", tt.sentence, text)
		}
	}
}

// TestAWorkbookOfManySheetsIsReadInTime links each of many sheets to one of many parts.
func TestAWorkbookOfManySheetsIsReadInTime(t *testing.T) {
	t.Parallel()
	const n = 150_000
	var sheets, targets strings.Builder
	sheets.WriteString(`<workbook xmlns:r="r"><sheets>`)
	targets.WriteString(`<Relationships>`)
	for i := range n {
		fmt.Fprintf(&sheets, `<sheet name="a" r:id="r%d"/>`, i)
		fmt.Fprintf(&targets, `<Relationship Id="r%d" Target="a"/>`, n-i)
	}
	file := archive(t, "xl/workbook.xml", sheets.String()+`</sheets></workbook>`, "xl/_rels/workbook.xml.rels", targets.String()+`</Relationships>`)
	_, err := cells(file, sheet.Limits{})
	var faults energy.Faults
	if !errors.As(err, &faults) || !strings.Contains(faults[0].Problem, "sheets") {
		t.Errorf("%v, want a fault that there are too many sheets", err)
	}
}
