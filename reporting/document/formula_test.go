package document_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"heatledger/reporting/document"
)

// TestTextsOfOthersAreTextsInAWorkbook looks at the cells as they stand in the file.
func TestTextsOfOthersAreTextsInAWorkbook(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := document.WriteSheet(&b, document.Sheet{Title: "=1+1", Name: "Sheet", At: time.Unix(0, 0), Columns: []string{"name", "=2+2"},
		Rows: [][]any{{"=HYPERLINK(\"http://evil.example\")", -5.5}, {"@SUM(A1)", nil}, {"+cmd|' /C calc'!A0", 7}, {"-1+1", -1}}})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	in, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	cells := string(text)
	if strings.Contains(cells, "<f") || strings.Contains(cells, "=\"str\"") {
		t.Errorf("the sheet holds a formula: %s", cells)
	}
	for _, want := range []string{"<v>-5.5</v>", "<v>-1</v>", "<v>7</v>", "&#39;=HYPERLINK", "&#39;@SUM", "&#39;+cmd", "&#39;-1+1"} {
		if !strings.Contains(cells, want) {
			t.Errorf("the sheet does not hold %s: %s", want, cells)
		}
	}
	if n := strings.Count(cells, `t="inlineStr"`); n != 6 {
		t.Errorf("%d cells are texts of their own, want 6", n)
	}
}
