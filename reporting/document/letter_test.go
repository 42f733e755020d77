package document_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/reporting/document"
)

// letter is a letter with a table that needs a second page.
func letter(to string, rows int) document.Letter {
	l := document.Letter{Lang: document.German, At: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Head: []string{"Stadt Musterstadt", "Umweltamt", "Weg 1"}, Return: "Umweltamt · Weg 1",
		To: []string{to, "Straße 2", "63067 Musterstadt"}, About: [][]string{{"Datum", "5. Januar 2026"}}, Title: "Angaben für 2025", Opens: "Guten Tag,",
		Blocks: []document.Block{{Paragraph: "bitte um Daten."}, {Heading: "Was fällig ist", Columns: []document.Column{{Title: "Frist", Width: 1}, {Title: "Was", Width: 2}}}}, Closes: []string{"Mit freundlichen Grüßen", "E. Muster"}}
	for i := range rows {
		l.Blocks[1].Rows = append(l.Blocks[1].Rows, []string{fmt.Sprintf("Tag %d", i), "Bericht"})
	}
	return l
}

func TestLettersAreTaggedAndEachHasPagesAndABookmark(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := document.WriteLetters(&out, "Briefe", []document.Letter{letter("Hafen AG", 3), letter("West GmbH", 40)}); err != nil {
		t.Fatal(err)
	}
	file := out.Bytes()
	if says := tool(t, file, "qpdf", "--check", "FILE"); !strings.Contains(says, "No syntax or stream encoding errors") || strings.Contains(says, "WARNING") {
		t.Errorf("qpdf says: %s", says)
	}
	if info := tool(t, file, "pdfinfo", "FILE"); !strings.Contains(info, "Tagged:          yes") || !strings.Contains(info, "Pages:           3") {
		t.Errorf("pdfinfo says: %s", info)
	}
	pdf := readPDF(t, file)
	painted := 0
	for n, page := range pdf.pages() {
		operations, loose, nested := marked(pdf.stream(t, page.contents))
		painted += operations
		if loose > 0 || nested > 0 {
			t.Errorf("page %d: %d operations outside marked content, %d marks within marks", n+1, loose, nested)
		}
	}
	if painted < 100 {
		t.Errorf("%d paint operations: too few for two letters", painted)
	}
	count := map[string]int{}
	for _, e := range pdf.elements(t) {
		count[e.tag]++
	}
	if count["Sect"] != 2 || count["H1"] != 2 || count["Table"] != 2 {
		t.Errorf("the structure is %v, want two parts with a heading and a table each", count)
	}
	if catalog := pdf.catalog(t); !strings.Contains(catalog, "/Outlines") || !strings.Contains(catalog, "/Lang (de)") {
		t.Errorf("the catalog has no outline or language: %s", catalog)
	}
	text := tool(t, file, "pdftotext", "-layout", "FILE", "-")
	if n := strings.Count(text, "Straße 2"); n != 2 {
		t.Errorf("the street stands in %d of two addresses", n)
	}
	for _, want := range []string{"Hafen AG", "West GmbH", "Seite 1 von 1", "Seite 2 von 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pages do not say %q", want)
		}
	}
}

func TestALetterStandsWhereTheWindowOfAnEnvelopeIs(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := document.WriteLetters(&out, "", []document.Letter{letter("Hafen AG", 1)}); err != nil {
		t.Fatal(err)
	}
	// The address field of form B: 20 to 105 mm from the left, 45 to 90 mm from above; in
	// points from the upper left corner.
	points := func(mm float64) string { return strconv.Itoa(int(mm * 72 / 25.4)) }
	box := []string{"-x", points(20), "-y", points(45), "-W", points(85), "-H", points(45)}
	field := tool(t, out.Bytes(), "pdftotext", append(box, "FILE", "-")...)
	if got := strings.Fields(field); strings.Join(got, " ") != "Umweltamt · Weg 1 Hafen AG Straße 2 63067 Musterstadt" {
		t.Errorf("in the address field stands %q", got)
	}
	read := tool(t, out.Bytes(), "pdfinfo", "-struct-text", "FILE")
	order := []string{"Stadt Musterstadt", "Hafen AG", "Datum", "Angaben für 2025", "Guten Tag", "Tag 0", "Mit freundlichen"}
	last := -1
	for _, part := range order {
		at := strings.Index(read, part)
		if at <= last {
			t.Errorf("%q is read at %d, before what stands above it (%d)", part, at, last)
		}
		last = at
	}
}

func TestALetterIsAMailToo(t *testing.T) {
	t.Parallel()
	want := "Guten Tag,\n\nbitte um Daten.\n\nWas fällig ist\n\n- Frist: Tag 0; Was: Bericht\n\nMit freundlichen Grüßen\nE. Muster\n"
	if got := letter("Hafen AG", 1).Text(); got != want {
		t.Errorf("as plain text %q, want %q", got, want)
	}
}
