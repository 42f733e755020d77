package disclosure_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/reporting/disclosure"
	"heatledger/reporting/document"
)

// note is a checkpoint as the log signs it.
const note = "heatledger example\n42\nrootHash=\n\n— heatledger example signature\n"

func paper(t testing.TB, s *disclosure.Sources, id disclosure.FormID, lang document.Lang) disclosure.Paper {
	t.Helper()
	return disclosure.Paper{Form: fill(t, s, id), Words: disclosure.In(lang), Checkpoint: note}
}

// TestLibreOfficeReadsTheWorkbookWithoutLoss converts the workbook's form sheet by
// a second program, and compares every number with the form's.
func TestLibreOfficeReadsTheWorkbookWithoutLoss(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	p := paper(t, hafen, disclosure.UnionDatabase, document.German)
	dir := t.TempDir()
	path := filepath.Join(dir, "form.xlsx")
	var out bytes.Buffer
	if err := p.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	// The second sheet as CSV in UTF-8, cells as stored (token 12: sheet).
	office := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--norestore",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2", "--outdir", dir, path)
	if said, err := office.CombinedOutput(); err != nil {
		t.Fatalf("convert with LibreOffice (make setup installs it): %v: %s", err, said)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
	if len(files) != 1 {
		t.Fatalf("LibreOffice wrote %v", files)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != len(p.Fields)+1 {
		t.Fatalf("%d rows, %v, want %d", len(rows), err, len(p.Fields)+1)
	}
	numbers := 0
	for i, f := range p.Fields {
		got := rows[i+1][2]
		want, isNumber := f.Value.Float64()
		if !isNumber {
			if got != f.Value.String() {
				t.Errorf("%s is %q there, want %q", f.Code, got, f.Value)
			}
			continue
		}
		numbers++
		// The second program prints 15 digits of those it holds.
		if read, err := strconv.ParseFloat(got, 64); err != nil || strconv.FormatFloat(read, 'g', 15, 64) != strconv.FormatFloat(want, 'g', 15, 64) {
			t.Errorf("%s is %s there, want %v", f.Code, got, want)
		}
	}
	if numbers < 15 {
		t.Errorf("%d numbers were compared", numbers)
	}
}

func TestWorkbooksListWhatIsMissingFirstAndHoldNoFormula(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	p := paper(t, hafen, disclosure.EnEfGAnnex3, document.English)
	var out, again bytes.Buffer
	if err := p.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if err := p.WriteXLSX(&again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("the same form twice gives different bytes (%v)", err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); sheets[0] != "Missing" {
		t.Errorf("the first sheet is %q", sheets[0])
	}
	seen := 0
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, cell := range row {
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := book.GetCellFormula(sheet, name); formula != "" {
					t.Errorf("%s!%s is a formula: %s", sheet, name, formula)
				}
				if strings.Contains(cell, "HYPERLINK") {
					if seen++; !strings.HasPrefix(cell, "'=") {
						t.Errorf("%s!%s is %q: the document's name would be taken for a formula", sheet, name, cell)
					}
				}
			}
		}
	}
	if seen == 0 {
		t.Error("the hostile document's name is nowhere: nothing was tested")
	}
	about, _ := book.GetRows("About")
	flat := ""
	for _, row := range about {
		flat += strings.Join(row, " ") + "\n"
	}
	for _, want := range []string{p.Digest(), strconv.FormatInt(p.Fact, 10), "signature"} {
		if !strings.Contains(flat, want) {
			t.Errorf("the sheet about the form lacks %q", want)
		}
	}
}

func TestCSVListsTheMissingFirstAndKeepsEveryDigit(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	p := paper(t, hafen, disclosure.EnEfGAnnex3, document.English)
	var out bytes.Buffer
	if err := p.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var order []bool // has a value
	about := map[string]string{}
	for _, row := range rows[1:] {
		if key, ok := strings.CutPrefix(row[0], "form."); ok {
			about[key] = row[3]
			continue
		}
		order = append(order, row[3] != "")
		if f, ok := p.Field(row[0]); !ok || f.Value.String() != row[3] {
			t.Errorf("%s is %q in the CSV, %q in the form", row[0], row[3], f.Value)
		}
		if row[3] == "" && row[11] == "" {
			t.Errorf("%s is missing without a remedy", row[0])
		}
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
				t.Errorf("%s, column %d: %q would be taken for a formula", row[0], i, cell)
			}
		}
	}
	if !slices.IsSortedFunc(order, func(a, b bool) int { return boolInt(a) - boolInt(b) }) || len(order) != len(p.Fields) {
		t.Errorf("the missing do not come first: %v", order)
	}
	if about["sha256"] != p.Digest() || !strings.Contains(about["checkpoint"], "signature") || about["fact"] != strconv.FormatInt(p.Fact, 10) {
		t.Errorf("about the form: %v", about)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestEveryFormCanBePrintedInBothLanguages(t *testing.T) {
	t.Parallel()
	hafen, leer := gathered(t)
	for _, s := range []*disclosure.Sources{hafen, leer} {
		for _, d := range disclosure.Definitions() {
			for _, lang := range document.Langs() {
				var out, again bytes.Buffer
				p := paper(t, s, d.ID, lang)
				if err := p.WritePDF(&out); err != nil {
					t.Fatalf("%s of %s in %s: %v", d.ID, s.Site.ID, lang, err)
				}
				if err := p.WritePDF(&again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
					t.Errorf("%s: the same form twice gives different bytes (%v)", d.ID, err)
				}
				if !bytes.HasPrefix(out.Bytes(), []byte("%PDF-1.7")) || !bytes.Contains(out.Bytes(), []byte("/StructTreeRoot")) {
					t.Errorf("%s of %s in %s is no tagged PDF", d.ID, s.Site.ID, lang)
				}
			}
		}
	}
	if err := paper(t, leer, disclosure.Carbon, document.German).Write(&bytes.Buffer{}, "docx"); err == nil {
		t.Error("a form is written as docx")
	}
}

func TestDeclarationsAreReadAndStandBesideWhatIsMetered(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	list, faults := disclosure.ReadDeclarations("register.csv", strings.NewReader("site,year,field,value,to,unit,on,document\nhafen,2025,enefg-2g,0.31,federal_register,1,2026-04-02,RZReg 4711\nhafen,2025,enefg-2f,1.36,federal_register,,2026-05-02,RZReg 4712\n"))
	if len(faults) > 0 || len(list) != 2 {
		t.Fatalf("%d rows, %v", len(list), faults)
	}
	r, err := disclosure.Declare(hafen.Registry, list)
	if err != nil {
		t.Fatal(err)
	}
	changed := *hafen
	changed.Registry = r
	changed.Site, _ = r.Site("hafen")
	form := fill(t, &changed, disclosure.EnEfGAnnex3)
	erf, _ := form.Field("enefg-2g")
	if erf.Published == nil || erf.Published.Value.String() != "0.31" || erf.Basis != disclosure.Measured || erf.Published.Difference == nil || *erf.Published.Difference < 8 || *erf.Published.Difference > 8.2 {
		t.Errorf("ERF: %+v, published %+v", erf, erf.Published)
	}
	if pue, _ := form.Field("enefg-2f"); pue.Published == nil || pue.Published.Value.String() != "1.36" || pue.Declared == nil {
		t.Errorf("PUE: published %+v, declared %+v: the later row replaces the one before", pue.Published, pue.Declared)
	}
}

func TestFaultyDeclarationsAreNamedWithLineAndColumn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, problem string
		line, column        int
	}{
		{"no header", "", "no header", 1, 0},
		{"a column is missing", "site,year,field,value\n", `no column "to"`, 1, 0},
		{"a year in words", "site,year,field,value,to\nhafen,last,enefg-2f,1.4,municipality\n", `year is "last"`, 2, 7},
		{"a field of no form", "site,year,field,value,to\nhafen,2025,enefg-9z,1.4,municipality\n", `field is "enefg-9z"`, 2, 12},
		{"a decimal comma", "site,year,field,value,to\nhafen,2025,enefg-2f,\"1,4\",municipality\n", `value is "1,4"`, 2, 21},
		{"no value", "site,year,field,value,to\nhafen,2025,enefg-2f,,municipality\n", `value is ""`, 2, 21},
		{"nobody's register", "site,year,field,value,to\nhafen,2025,enefg-2f,1.4,mayor\n", `to is "mayor"`, 2, 25},
		{"a short row", "site,year,field,value,to\nhafen,2025\n", `field is ""`, 2, 0},
	} {
		_, faults := disclosure.ReadDeclarations("register.csv", strings.NewReader(tt.text))
		if len(faults) == 0 || !strings.Contains(faults[0].Problem, tt.problem) || faults[0].Line != tt.line || faults[0].Column != tt.column || faults[0].Remedy == "" {
			t.Errorf("%s: %v", tt.name, faults)
		}
	}
	hafen, _ := gathered(t)
	if _, err := disclosure.Declare(hafen.Registry, []disclosure.SiteDeclaration{{Site: "nowhere"}}); err == nil || !strings.Contains(err.Error(), `no site "nowhere"`) {
		t.Errorf("a site that is not there: %v", err)
	}
}

func TestACustomerSeesHisOwnRowOnly(t *testing.T) {
	t.Parallel()
	hafen, _ := gathered(t)
	form, err := disclosure.Fill(hafen, disclosure.Question{Form: disclosure.Customers, Customer: "acme"})
	if err != nil || len(form.Fields) != 1 || form.Fields[0].Code != "customer-acme" || !form.Fields[0].Value.OK() {
		t.Errorf("acme gets %+v, %v", form.Fields, err)
	}
	other, err := disclosure.Fill(hafen, disclosure.Question{Form: disclosure.Customers, Customer: "nobody"})
	if err != nil || slices.ContainsFunc(other.Fields, func(f disclosure.Field) bool { return f.Value.OK() }) {
		t.Errorf("a customer that is not there gets %+v, %v", other.Fields, err)
	}
}

func TestEveryFormHasAClassOfPublication(t *testing.T) {
	t.Parallel()
	want := map[disclosure.FormID]disclosure.Class{
		disclosure.EnEfGAnnex3: disclosure.PublicByLaw, disclosure.UnionDatabase: disclosure.AggregateOnly, disclosure.HeatPlatform: disclosure.Restricted,
		disclosure.Customers: disclosure.Restricted, disclosure.HeatPlan: disclosure.Restricted, disclosure.Carbon: disclosure.Restricted,
	}
	for _, d := range disclosure.Definitions() {
		if d.Class != want[d.ID] {
			t.Errorf("%s is %q, want %q", d.ID, d.Class, want[d.ID])
		}
		if due, ok := d.Due(2025); ok != (d.DueMonth > 0) || ok && due.Year != 2026 {
			t.Errorf("%s of 2025 is due on %s", d.ID, due)
		}
	}
}
