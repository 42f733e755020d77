package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/plantsim"
	"heatledger/reporting/document"
)

// TestASpreadsheetRecomputesAYear lets a spreadsheet program that is not ours
// compute the formulas of the workbook of a year of the demo: every figure,
// amount, coverage, share of substitutes and uncertainty must be ours, integers
// exactly, quotients to twelve digits.
func TestASpreadsheetRecomputesAYear(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		sentence string
		site     int // of the city
		figures  []string
		change   func(*registry.Site)
		gaps     bool
	}{
		{"a site with heat, water, guarantees of origin and a limited connection", 0,
			[]string{"PUE", "ERF", "REF", "ERE", "CUE (location)", "WUE 1", "Green share (by hour)", "Green share (by quarter-hour)", "Full-load hours", "Heat delivered"}, nil, false},
		{"a site with shutdowns, a gap of nine days, and substitutes", 3, []string{"PUE", "CUE (location)"}, substituted, true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			checks, y := recounted(t, row.site, row.change)
			seen := map[string]bool{}
			substitutes, thin := false, false
			for _, c := range checks {
				if !c.agrees() || c.says != "yes" {
					t.Errorf("%s, %s, %s: ours is %s, the spreadsheet's %s; it says %q", c.what, c.period, c.part, c.ours, c.theirs, c.says)
				}
				name, _, _ := strings.Cut(c.what, ",")
				seen[name] = true
				substitutes = substitutes || c.part == "Substitutes" && c.ours != "0"
				thin = thin || c.part == "measured in time" && c.ours != "1"
			}
			for _, name := range row.figures {
				if !seen[name] {
					t.Errorf("%s is not recomputed; there are %v", name, seen)
				}
			}
			if least := 7 * len(y.Figures); len(checks) < least {
				t.Errorf("%d numbers of %d figures are compared, want %d at least", len(checks), len(y.Figures), least)
			}
			if row.gaps && (!substitutes || !thin) {
				t.Errorf("substitutes: %t, thin coverage: %t; the year should have both", substitutes, thin)
			}
		})
	}
}

// TestASpreadsheetCutsGapsAtTheBorders has gaps across the ends of the year and
// of a month, imported cold with a weight, and a site that opened in mid-year.
func TestASpreadsheetCutsGapsAtTheBorders(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", cutRegistry)).want(t, exitFine)
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	day := func(m time.Month, d int) time.Time { return time.Date(2025, m, d, 0, 0, 0, 0, time.UTC) }
	for at := day(1, 1).AddDate(0, 0, -3); at.Before(day(13, 12)); at = at.Add(time.Hour) {
		hour := int64(at.Sub(day(1, 1)) / time.Hour)
		if !at.Before(day(3, 27)) && at.Before(day(4, 4)) || !at.Before(day(12, 28)) && at.Before(day(13, 9)) {
			continue
		}
		for point, each := range map[string]int64{"grid": 15, "it": 10, "cold": 1} {
			fmt.Fprintf(&rows, "hafen/%s,%s,%d.%03d,kWh\n", point, at.Format(time.RFC3339), each*(hour+100), (hour*7+1000)%1000)
		}
	}
	command(t, url, "import", write(t, dir, "readings.csv", rows.String())).want(t, exitFine)
	path := filepath.Join(dir, "recount.xlsx")
	command(t, url, "report", "--site", "hafen", "--year", "2025", "--format", "xlsx", "--recount", "--lang", "en", "-o", path).want(t, exitFine)
	cut := 0
	for _, c := range calculated(t, path) {
		if !c.agrees() || c.says != "yes" {
			t.Errorf("%s, %s, %s: ours is %s, the spreadsheet's %s; it says %q", c.what, c.period, c.part, c.ours, c.theirs, c.says)
		}
		if c.part == "energy known" && c.ours != "1" && c.ours != "0" || c.part == "Substitutes" && c.ours != "0" {
			cut++
		}
	}
	if cut < 4 {
		t.Errorf("%d numbers show a cut gap; the test is about them", cut)
	}
}

const cutRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: "=cmd()"}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    from: 2025-01-10
    facts: [{name: thermal_import_factor, value: 0.4}]
    meters:
      - id: hafen-main
        accuracy: {class: "0.5S"}
        points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]
      - id: hafen-ups
        accuracy: {class: "1"}
        points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}]
      - id: hafen-cold
        accuracy: {percent: 2}
        points: [{id: hafen/cold, quantity: cooling_energy, role: thermal_import}]
`

// substituted orders substitute values for the gaps of the site's meters.
func substituted(site *registry.Site) {
	for m := range site.Meters {
		for p := range site.Meters[m].Points {
			if point := &site.Meters[m].Points[p]; point.Quantity == energy.ActiveEnergyImport {
				point.Substitute = registry.Substitute{Reason: energy.CommunicationFault, Methods: []energy.SubstituteMethod{energy.ComparisonDay}}
			}
		}
	}
}

// check is a row of the comparison as the spreadsheet program computed it.
type check struct{ what, period, part, ours, theirs, says string }

// agrees compares without trusting the formulas that do.
func (c check) agrees() bool {
	ours, err := strconv.ParseFloat(c.ours, 64)
	theirs, err2 := strconv.ParseFloat(c.theirs, 64)
	if err != nil || err2 != nil {
		return c.ours == c.theirs && c.ours == "–"
	}
	if ours == math.Trunc(ours) && math.Abs(ours) >= 1000 {
		return ours == theirs
	}
	return math.Abs(ours-theirs) <= 1e-12*max(1, math.Abs(ours))
}

// recounted is the comparison of a site of the city in 2025.
func recounted(t *testing.T, site int, change func(*registry.Site)) ([]check, document.Yearly) {
	t.Helper()
	d, in, s := pastOf(t, plantsim.City()[site:site+1])
	l := ledger.New(s, "Europe/Berlin")
	if change != nil {
		r, err := l.Registry(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		changed := *r
		changed.Sites = append([]registry.Site(nil), r.Sites...)
		change(&changed.Sites[0])
		if _, err := in.Apply(t.Context(), &changed, "test", false, false); err != nil {
			t.Fatal(err)
		}
	}
	errands, err := d.errands(t.Context(), s, time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.run(t.Context(), in, errands[0], newProgress(io.Discard, "")); err != nil {
		t.Fatal(err)
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	y, err := document.Gather(t.Context(), l, errands[0].site, 2025, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	k, err := document.Workings(t.Context(), l, y, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "recount.xlsx")
	if err := writeWhole(path, func(w io.Writer) error { return document.WriteRecount(w, y, k, document.English) }); err != nil {
		t.Fatal(err)
	}
	checks := calculated(t, path)
	if change == nil {
		return checks, y
	}
	date := energy.Date{Year: 2025, Month: time.February, Day: 3}
	for id, day := range k.Days[date] {
		if strings.HasSuffix(string(id), "/grid-energy") {
			day.Values[40]++ // a millionth of a kilowatt-hour
		}
	}
	if err := writeWhole(path, func(w io.Writer) error { return document.WriteRecount(w, y, k, document.English) }); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, c := range calculated(t, path) {
		if c.says == "NO" {
			wrong++
		}
	}
	if wrong < 4 { // numerators of the year and of February, the grid import, the point
		t.Errorf("one mWh more in a quarter-hour is found in %d numbers, want 4 at least", wrong)
	}
	return checks, y
}

// calculated lets LibreOffice compute a workbook, and gives the sheet of comparisons.
func calculated(t *testing.T, path string) (checks []check) {
	t.Helper()
	dir := t.TempDir()
	// Every sheet as UTF-8, numbers with all their digits.
	const filter = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1`
	office := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--norestore", "--convert-to", filter, "--outdir", dir, path)
	if out, err := office.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice computes the workbook: %v (tools/setup test installs it)\n%s", err, out)
	}
	file, err := os.Open(filepath.Join(dir, "recount-Check.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read := csv.NewReader(file)
	read.FieldsPerRecord = -1
	rows, err := read.ReadAll()
	if err != nil || len(rows) < 4 {
		t.Fatalf("the comparison has %d rows, %v", len(rows), err)
	}
	for _, r := range rows[3:] {
		checks = append(checks, check{r[0], r[1], r[2], r[3], r[4], r[6]})
	}
	agree := 0
	for _, c := range checks {
		if c.says == "yes" {
			agree++
		}
	}
	if rows[1][0] != strconv.Itoa(agree) {
		t.Errorf("the workbook says that %s %s, its rows that %d do", rows[1][0], rows[1][1], agree)
	}
	return checks
}
