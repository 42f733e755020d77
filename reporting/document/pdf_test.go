package document_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heatledger/reporting/document"
)

// report is the sample as PDF.
func report(t *testing.T, lang document.Lang) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := document.WritePDF(&out, sample(t), lang); err != nil {
		t.Fatalf("write the report: %v", err)
	}
	return out.Bytes()
}

// tool runs a program on a file and gives its output.
func tool(t *testing.T, file []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatalf("write the file: %v", err)
	}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "FILE", path)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v (is it installed? tools/setup test)\n%s", name, err, out)
	}
	return string(out)
}

func TestTheReportIsAValidTaggedPDF(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang  document.Lang
		title string
	}{
		{document.German, "Jahresbericht Rechenzentrum Hafen (Süd) & Straße 2025"},
		{document.English, "Yearly report Rechenzentrum Hafen (Süd) & Straße 2025"},
	} {
		t.Run(string(tt.lang), func(t *testing.T) {
			t.Parallel()
			file := report(t, tt.lang)
			if out := tool(t, file, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
				t.Errorf("qpdf says: %s", out)
			}
			info := tool(t, file, "pdfinfo", "-isodates", "FILE")
			for _, line := range []string{`Title:\s+` + regexp.QuoteMeta(tt.title), `Tagged:\s+yes`, `CreationDate:\s+2026-01-15T07:30:00Z`, `PDF version:\s+1\.7`} {
				if !regexp.MustCompile(line + `\s`).MatchString(info) {
					t.Errorf("pdfinfo lacks %q:\n%s", line, info)
				}
			}
			lines := strings.Split(strings.TrimSpace(tool(t, file, "pdffonts", "FILE")), "\n")
			if len(lines) != 4 || !strings.HasPrefix(lines[2], "AAAAAA+NotoSans-Regular ") {
				t.Fatalf("%d fonts, want 2 subsets of Noto Sans:\n%s", len(lines)-2, strings.Join(lines, "\n"))
			}
			for _, line := range lines[2:] {
				if !regexp.MustCompile(`yes\s+(yes|no)\s+yes\s+\d+\s+0$`).MatchString(strings.TrimSpace(line)) {
					t.Errorf("a font is not embedded or has no ToUnicode: %s", line)
				}
			}
			catalog := readPDF(t, file).catalog(t)
			for _, entry := range []string{"/Lang (" + string(tt.lang) + ")", "/MarkInfo <</Marked true>>", "/DisplayDocTitle true", "/StructTreeRoot", "/Metadata"} {
				if !strings.Contains(catalog, entry) {
					t.Errorf("the catalog lacks %s", entry)
				}
			}
			if !bytes.Contains(file, []byte("<pdfuaid:part>1</pdfuaid:part>")) {
				t.Error("the metadata do not name PDF/UA-1")
			}
		})
	}
}

func TestEverythingPaintedIsTaggedOrAnArtifact(t *testing.T) {
	t.Parallel()
	pdf := readPDF(t, report(t, document.German))
	painted := 0
	for n, page := range pdf.pages() {
		operations, loose, nested := marked(pdf.stream(t, page.contents))
		painted += operations
		if loose > 0 || nested > 0 {
			t.Errorf("page %d: %d of %d paint operations outside marked content, %d marks within marks", n+1, loose, operations, nested)
		}
		if !strings.Contains(page.object, "/Tabs /S") {
			t.Errorf("page %d names no tab order", n+1)
		}
	}
	if painted < 200 {
		t.Errorf("%d paint operations on all pages: too few to be the report", painted)
	}
}

func TestTheStructureIsWhatReadersNeed(t *testing.T) {
	t.Parallel()
	pdf := readPDF(t, report(t, document.German))
	elements := pdf.elements(t)
	count := map[string]int{}
	for _, e := range elements {
		count[e.tag]++
		switch e.tag {
		case "Figure":
			if !strings.Contains(e.alt, "Der höchste Monat ist März") || !strings.Contains(e.alt, "Ohne Messwerte: August.") {
				t.Errorf("the figure's alternative text is %q", e.alt)
			}
			if !strings.Contains(e.object, "/BBox [") {
				t.Error("the figure has no BBox")
			}
		case "TH":
			if !strings.Contains(e.object, "/Scope /Column") && !strings.Contains(e.object, "/Scope /Row") {
				t.Errorf("a TH without Scope: %s", e.object)
			}
		}
	}
	want := map[string]int{"Document": 1, "H1": 1, "H2": 6, "Figure": 1, "Table": 5, "THead": 4, "TBody": 5}
	for tag, n := range want {
		if count[tag] != n {
			t.Errorf("%d %s, want %d", count[tag], tag, n)
		}
	}
	if known := []string{"Document", "H1", "H2", "P", "Table", "THead", "TBody", "TR", "TH", "TD", "Figure"}; count["TD"] < 60 || count["TR"] < 30 {
		t.Errorf("only %v cells", count)
	} else {
		for tag := range count {
			if !slices.Contains(known, tag) {
				t.Errorf("%s is no tag we use", tag)
			}
		}
	}
	// Each mark on a page leads to the element that names it, and back.
	for n, page := range pdf.pages() {
		ids := markedIDs(pdf.stream(t, page.contents))
		parents := pdf.parents(t, n)
		if len(ids) != len(parents) {
			t.Fatalf("page %d has %d marks and %d parents", n+1, len(ids), len(parents))
		}
		for id, tag := range ids {
			e, ok := elements[parents[id]]
			if !ok || e.tag != tag || !strings.Contains(e.object, fmt.Sprintf("/Pg %d 0 R /MCID %d>>", page.number, id)) {
				t.Errorf("page %d, mark %d of %s: its parent is %s", n+1, id, tag, e.object)
			}
		}
	}
}

func TestTheTextReadsInOrderAndLacksNoGlyph(t *testing.T) {
	t.Parallel()
	text := tool(t, report(t, document.German), "pdftotext", "-raw", "FILE", "-")
	at := 0
	for _, phrase := range []string{
		"Jahresbericht Rechenzentrum Hafen (Süd) & Straße 2025", "Betreiber Betreiber <= 1 MW GmbH", "01.01.2025 – 31.12.2025 (Europe/Berlin)", "15.01.2026, 08:30", "4711", "endgültig",
		"Kennzahlen des Jahres", "PUE, Kategorie 1", "1,528", "91,5 %", "± 1,2 %", "Netzdaten des Jahres 2024",
		"Verlauf des Jahres", "IT-Energie E_IT", "Jan", "Monate", "Januar 488.400 kWh", "August – – – – 0,0 %", "Jahr 2025",
		"Messstellen und Messgeräte", "grid Wirkenergie", "Klasse 0.5S, ±0,50 %,", "4.123 m³", "Was fehlt", "01.08.2025 31.08.2025", "hafen-wasser",
		"Nachprüfen", sample(t).Digest(),
	} {
		i := strings.Index(text[at:], phrase)
		if i < 0 {
			t.Fatalf("%q does not follow in\n%s", phrase, text)
		}
		at += i + len(phrase)
	}
	if strings.ContainsRune(text, '\ufffd') {
		t.Error("the text holds replacement characters")
	}
}

func TestCharactersWithoutGlyphAreWrittenInOthers(t *testing.T) {
	t.Parallel()
	y := sample(t)
	y.Operator = "a≤b≥c→d😀e°³·±§äßİğ"
	var out bytes.Buffer
	if err := document.WritePDF(&out, y, document.English); err != nil {
		t.Fatalf("write the report: %v", err)
	}
	text := tool(t, out.Bytes(), "pdftotext", "-raw", "FILE", "-")
	if want := "a<=b>=c->d?e°³·±§äßİğ"; !strings.Contains(text, want) {
		t.Errorf("the text lacks %q:\n%s", want, text[:400])
	}
}

func TestTheSameReportGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for range 3 {
		if !bytes.Equal(report(t, document.German), report(t, document.German)) {
			t.Fatal("two reports of the same differ")
		}
		if !bytes.Equal(workbook(t, document.German), workbook(t, document.German)) {
			t.Fatal("two workbooks of the same differ")
		}
	}
}

func TestALongReportRepeatsItsHeadings(t *testing.T) {
	t.Parallel()
	y := sample(t)
	for range 5 { // 128 points: some pages of them
		y.Points = append(y.Points, y.Points...)
	}
	var out bytes.Buffer
	if err := document.WritePDF(&out, y, document.German); err != nil {
		t.Fatalf("write the report: %v", err)
	}
	pdf := readPDF(t, out.Bytes())
	if n := len(pdf.pages()); n < 5 {
		t.Fatalf("%d pages, want at least 5", n)
	}
	for n, page := range pdf.pages() {
		if _, loose, nested := marked(pdf.stream(t, page.contents)); loose+nested > 0 {
			t.Errorf("page %d: %d paint operations outside marked content, %d nested marks", n+1, loose, nested)
		}
	}
	if text := tool(t, out.Bytes(), "pdftotext", "-raw", "FILE", "-"); strings.Count(text, "Genauigkeit, Eichung") < 3 {
		t.Error("the headings of the long table are not repeated")
	}
}

func TestOnlyKnownLanguagesAreWritten(t *testing.T) {
	t.Parallel()
	if err := document.WritePDF(&bytes.Buffer{}, sample(t), "tlh"); err == nil || !strings.Contains(err.Error(), "there are de and en") {
		t.Errorf("a report in Klingon: %v, want an error that names the languages", err)
	}
}
