package document_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/reporting/document"
)

func workbook(t *testing.T, lang document.Lang) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := document.WriteXLSX(&out, sample(t), lang); err != nil {
		t.Fatalf("write the workbook: %v", err)
	}
	return out.Bytes()
}

func open(t *testing.T, lang document.Lang) *excelize.File {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(workbook(t, lang)))
	if err != nil {
		t.Fatalf("open the workbook: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestTheFormulasOfTheWorkbookGiveOurFigures(t *testing.T) {
	t.Parallel()
	file, y := open(t, document.English), sample(t)
	for i, m := range y.Months {
		recomputed(t, file, "Months", "D"+strconv.Itoa(i+2), m.Figure.OK, m.Figure.Value)
	}
	recomputed(t, file, "Months", "D14", true, y.Figures[0].Value)
	rows, err := file.GetRows("Overview")
	if err != nil {
		t.Fatalf("read the overview: %v", err)
	}
	found := false
	for i, row := range rows {
		if len(row) > 0 && row[0] == "PUE, category 1" {
			found = true
			recomputed(t, file, "Overview", "C"+strconv.Itoa(i+1), true, y.Figures[0].Value)
		}
	}
	if !found {
		t.Errorf("the overview does not show the PUE: %v", rows)
	}
}

// recomputed fails the test unless a cell is a formula whose result is want, or
// empty where there is no figure.
func recomputed(t *testing.T, file *excelize.File, sheet, cell string, ok bool, want float64) {
	t.Helper()
	formula, err := file.GetCellFormula(sheet, cell)
	if err != nil || (formula != "") != ok {
		t.Errorf("%s!%s holds the formula %q, %v; want one: %t", sheet, cell, formula, err, ok)
	}
	if !ok {
		return
	}
	text, err := file.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatalf("recompute %s!%s: %v", sheet, cell, err)
	}
	if got, err := strconv.ParseFloat(text, 64); err != nil || !near(got, want) {
		t.Errorf("%s!%s recomputes to %s, want %v", sheet, cell, text, want)
	}
}

func TestTheWorkbookHoldsEachDayWithItsUnit(t *testing.T) {
	t.Parallel()
	for lang, sheets := range map[document.Lang][]string{
		document.German:  {"Überblick", "Monate", "Tage", "Messstellen", "Qualität"},
		document.English: {"Overview", "Months", "Days", "Points", "Quality"},
	} {
		file := open(t, lang)
		if got := file.GetSheetList(); len(got) != len(sheets) || got[0] != sheets[0] || got[2] != sheets[2] || got[4] != sheets[4] {
			t.Errorf("the sheets are %v, want %v", got, sheets)
		}
		rows, err := file.GetRows(sheets[2], excelize.Options{RawCellValue: true})
		if err != nil || len(rows) != 1+365 {
			t.Fatalf("%s: %d rows, %v; want 366", sheets[2], len(rows), err)
		}
		if rows[0][1] != "hafen/grid [kWh]" || rows[0][3] != "hafen/flow [°C]" || rows[1][0] != "2025-01-01" || rows[1][1] != "14400" || rows[1][3] != "54.3" {
			t.Errorf("the days begin with %v, %v", rows[0], rows[1])
		}
		if first := rows[1+212]; first[0] != "2025-08-01" || len(first) > 1 {
			t.Errorf("a day without readings is %v, want nothing behind its date", first)
		}
		quality, err := file.GetRows(sheets[4])
		if err != nil || len(quality) < 6 || quality[1][0] != "hafen/grid" || quality[1][1] != "2025-08-01" || quality[1][2] != "2025-08-31" {
			t.Errorf("the gaps begin with %v, %v", quality, err)
		}
	}
}

func TestTheDigestIsThatOfTheCSV(t *testing.T) {
	t.Parallel()
	y := sample(t)
	var out bytes.Buffer
	if err := document.WriteCSV(&out, y); err != nil {
		t.Fatalf("write the CSV: %v", err)
	}
	sum := sha256.Sum256(out.Bytes())
	if got := hex.EncodeToString(sum[:]); got != y.Digest() {
		t.Errorf("the CSV's SHA-256 is %s, the report says %s", got, y.Digest())
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) < 4*365 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if january := rows[2]; january[0] != "2025-01" || january[1] != "ipue/1" || january[3] != "1" || january[5] != "1" {
		t.Errorf("the figure of January is %v", january)
	}
	y.Points[0].Days[7].Value = y.Points[0].Days[8].Value
	if y.Digest() == hex.EncodeToString(sum[:]) {
		t.Error("another value of a day gives the same digest")
	}
}
