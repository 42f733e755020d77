package document_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/reporting/document"
)

func template(t testing.TB) document.Template {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return document.Template{Site: "hafen", Name: "Hafen", Calendar: calendar, At: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Points: []document.TemplatePoint{
		{ID: "hafen/grid", Meter: "main", Serial: "=1+1", Quantity: energy.ActiveEnergyImport, Series: energy.Counter, Unit: energy.KilowattHour,
			Last: energy.Decimal(12345, -1), LastAt: time.Date(2025, 10, 26, 1, 30, 0, 0, time.UTC)},
		{ID: "hafen/invoice", Meter: "bill", Quantity: energy.ActiveEnergyImport, Series: energy.Interval, Unit: energy.KilowattHour}}}
}

// TestASecondProgramOpensTheTemplateWithoutLoss fills in a template, lets
// LibreOffice save it anew, and reads it back.
func TestASecondProgramOpensTheTemplateWithoutLoss(t *testing.T) {
	t.Parallel()
	for _, lang := range document.Langs() {
		var b bytes.Buffer
		if err := document.WriteTemplate(&b, template(t), lang); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		sheet, about := f.GetSheetName(0), f.GetSheetName(1)
		if at, err := f.GetCellValue(about, "H2"); err != nil || !strings.HasSuffix(at, "02:30B") {
			t.Errorf("%s: last read at %q, %v; want the second pass of the hour that is run twice", lang, at, err)
		}
		if formula, err := f.GetCellFormula(about, "C2"); err != nil || formula != "" {
			t.Errorf("%s: a serial number is the formula %q", lang, formula)
		}
		_ = f.SetCellStr(sheet, "B2", "03.06.2025 00:15")
		_ = f.SetCellValue(sheet, "D2", 1234.5)
		dir := t.TempDir()
		if err := f.SaveAs(filepath.Join(dir, "t.xlsx")); err != nil {
			t.Fatal(err)
		}
		office := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--norestore",
			"--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "t.xlsx"))
		if out, err := office.CombinedOutput(); err != nil {
			t.Fatalf("LibreOffice: %v\n%s", err, out)
		}
		saved, err := os.ReadFile(filepath.Join(dir, "out", "t.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := excelize.OpenReader(bytes.NewReader(saved))
		if err != nil {
			t.Fatal(err)
		}
		if rules, err := again.GetDataValidations(sheet); err != nil || len(rules) < 2 {
			t.Errorf("%s: %d drop-downs are left, %v", lang, len(rules), err)
		}
		var rows []intake.Row
		err = intake.ReadFile(bytes.NewReader(saved), int64(len(saved)), intake.Mapping{Zone: "Europe/Berlin"},
			func(energy.PointID) (energy.SeriesKind, bool) { return energy.Counter, true },
			func(r intake.Row) { rows = append(rows, r) }, func(r intake.Rejection) { t.Errorf("%s: rejected %+v", lang, r) })
		if err != nil || len(rows) != 1 || rows[0].Point != "hafen/grid" || rows[0].Value.String() != "1234.5" || !rows[0].At.Equal(time.Date(2025, 6, 2, 22, 15, 0, 0, time.UTC)) {
			t.Errorf("%s: read back %+v, %v", lang, rows, err)
		}
	}
}

// TestAWorkbookSaysWhoMadeItAsSpreadsheetProgramsDo: readers that know names by
// their prefix alone open it too.
func TestAWorkbookSaysWhoMadeItAsSpreadsheetProgramsDo(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := document.WriteTemplate(&b, template(t), document.German); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("docProps/core.xml")
	if err != nil {
		t.Fatal(err)
	}
	core, err := io.ReadAll(part)
	if err != nil || !strings.Contains(string(core), "<cp:lastModifiedBy>Heatledger</cp:lastModifiedBy>") || !strings.HasSuffix(strings.TrimSpace(string(core)), "</cp:coreProperties>") {
		t.Errorf("the workbook says of itself %s, %v", core, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if about, err := f.GetDocProps(); err != nil || about.LastModifiedBy != "Heatledger" || about.Title != "Messwerte einreichen: Hafen" {
		t.Errorf("it is read as %+v, %v", about, err)
	}
}

func TestTheTemplateIsTheSameForTheSame(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	if err := document.WriteTemplate(&a, template(t), document.German); err != nil {
		t.Fatal(err)
	}
	if err := document.WriteTemplate(&b, template(t), document.German); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two templates of the same differ, %v", err)
	}
}
