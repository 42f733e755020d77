package cell_test

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/reporting/cell"
)

func TestTextsAreNoFormulasAndNumbersAreNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, text, want string }{
		{"a formula", "=1+1", "'=1+1"},
		{"a formula by plus", "+1+1", "'+1+1"},
		{"a formula by minus", "-1+1", "'-1+1"},
		{"a function of old programs", "@SUM(A1)", "'@SUM(A1)"},
		{"a call of another program", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"a tabulator first", "\t=1", "'\t'=1"},
		{"a return first", "\r=1", "'\r'=1"},
		{"a wide sign", "＝1+1", "'＝1+1"},
		{"what another separator would part", "a;=1+1", "a;'=1+1"},
		{"what a line's end would part", "a\n@x", "a\n'@x"},
		{"what a quote would part", `a"=1`, `a"'=1`},
		{"a number", "-12.5", "-12.5"},
		{"a number with a plus", "+3", "+3"},
		{"a number with a German comma", "-1,5", "-1,5"},
		{"a number with an exponent", "-1.5e-07", "-1.5e-07"},
		{"nothing known", "-", "-"},
		{"an exponent of none", "-e", "'-e"},
		{"a number and more", "-1;=2", "'-1;'=2"},
		{"a time", "2025-06-03T00:00:00Z", "2025-06-03T00:00:00Z"},
		{"a sentence", "Wärme – 5 kWh, = 18 MJ", "Wärme – 5 kWh, = 18 MJ"},
		{"nothing", "", ""},
	} {
		if got := cell.Text(tt.text); got != tt.want {
			t.Errorf("%s: %q becomes %q, want %q", tt.sentence, tt.text, got, tt.want)
		}
	}
}

func TestWhatIsWrittenAsACellIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1+1", "'=1+1", "''=1", "'s-Hertogenbosch", "a;=b", "a;'=b", "\t=1", "'\tx", "-12,5", "-1;=2", "'", "", "xＡ;＝1", "a\xff=b"} {
		if got := cell.Plain(cell.Text(text)); got != text {
			t.Errorf("%q is read back as %q", text, got)
		}
	}
	text := rapid.StringOfN(rapid.SampledFrom([]rune("=+-@;,\t|ab1. \n'\"＝")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		given := text.Draw(t, "text")
		if got := cell.Plain(cell.Text(given)); got != given {
			t.Fatalf("%q, written as %q, is read back as %q", given, cell.Text(given), got)
		}
	})
}

// TestNoCellBeginsLikeAFormulaHoweverItIsRead reads rows back by every separator.
func TestNoCellBeginsLikeAFormulaHoweverItIsRead(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("=+-@;,\t|ab1. \n'\"")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		row := append([]string{"point"}, rapid.SliceOfN(text, 1, 4).Draw(t, "row")...) // no table of ours begins with a number
		given := slices.Clone(row)
		var b bytes.Buffer
		if err := cell.NewWriter(&b).WriteAll([][]string{row}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(row, given) {
			t.Fatalf("the row of whoever writes is changed: %q", row)
		}
		for _, separator := range ",;\t|" {
			in := csv.NewReader(bytes.NewReader(b.Bytes()))
			in.Comma, in.LazyQuotes, in.FieldsPerRecord = separator, true, -1
			rows, err := in.ReadAll()
			if err != nil {
				continue // read as it is by no program
			}
			for _, cells := range rows {
				for _, one := range cells {
					one = strings.TrimLeft(one, `"`)
					if one == "" || !strings.ContainsRune("=+-@", rune(one[0])) {
						continue
					}
					if _, err := strconv.ParseFloat(strings.Trim(strings.ReplaceAll(one, ",", ""), "\""), 64); err != nil && strings.Trim(one, "+-.,\"0123456789") != "" {
						t.Fatalf("%q, parted by %q, holds the cell %q", b.String(), separator, one)
					}
				}
			}
		}
	})
}

// TestEveryTableIsWrittenByThisPackage finds whoever writes CSV otherwise: what is
// written there would not be neutral.
func TestEveryTableIsWrittenByThisPackage(t *testing.T) {
	t.Parallel()
	// The data rows of the yearly report hold ids and numbers alone, and a digest covers
	// them as they are.
	allowed := []string{"reporting/cell/cell.go", "reporting/document/csv.go"}
	seen := 0
	for _, room := range []string{"reporting", "cmd", "energy", "fieldbus", "config"} {
		err := filepath.WalkDir("../../"+room, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			seen++
			if name := strings.TrimPrefix(filepath.ToSlash(path), "../../"); bytes.Contains(text, []byte("csv.NewWriter(")) && !slices.Contains(allowed, name) {
				t.Errorf("%s writes CSV by itself: cell.NewWriter keeps formulas out", name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}
