package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const reportRegistry = goldenRegistry + `      - id: hafen-ups
        points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}]
`

// reported is a database with a site and readings of the first days of a year,
// brought in as people do.
func reported(t *testing.T, year int) (url string) {
	t.Helper()
	url, dir := storetest.URL(t), t.TempDir()
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", reportRegistry)).want(t, exitFine)
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	for hour := range 72 {
		at := time.Date(year-1, 12, 31, 23, 0, 0, 0, time.UTC).Add(time.Duration(hour) * time.Hour).Format(time.RFC3339)
		fmt.Fprintf(&rows, "hafen/grid,%s,%d,kWh\nhafen/it,%s,%d,kWh\n", at, 15*hour, at, 10*hour)
	}
	command(t, url, "import", write(t, dir, "readings.csv", rows.String())).want(t, exitFine)
	return url
}

func TestReportWritesTheYearOfASite(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), t.TempDir()
	data := command(t, url, "report", "--site", "hafen", "--year", "2025", "--format", "csv").want(t, exitFine).stdout
	rows, err := csv.NewReader(strings.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 2*365 {
		t.Fatalf("the CSV has %d rows, %v", len(rows), err)
	}
	sum := sha256.Sum256([]byte(data))
	digest := hex.EncodeToString(sum[:])

	workbook := filepath.Join(dir, "hafen.xlsx")
	if out := command(t, url, "report", "--site", "hafen", "--year", "2025", "--format", "xlsx", "--lang", "en", "-o", workbook).want(t, exitFine); out.stdout != "" {
		t.Errorf("with -o it writes %d bytes to standard output", len(out.stdout))
	}
	file, err := excelize.OpenFile(workbook)
	if err != nil {
		t.Fatalf("open the workbook: %v", err)
	}
	defer file.Close()
	if pue, err := file.CalcCellValue("Months", "D2"); err != nil || pue != "1.500" {
		t.Errorf("January's PUE recomputes to %q, %v, want 1.500", pue, err)
	}
	overview, err := file.GetRows("Overview")
	if err != nil || !strings.Contains(fmt.Sprint(overview), digest) {
		t.Errorf("the overview lacks the CSV's digest %s: %v, %v", digest, overview, err)
	}

	pdf := command(t, url, "report", "--site", "hafen", "--year", "2025").want(t, exitFine).stdout
	if !strings.HasPrefix(pdf, "%PDF-1.7") || !strings.HasSuffix(pdf, "%%EOF\n") {
		t.Errorf("standard output is no PDF: %.20q", pdf)
	}
	if again := command(t, url, "report", "--site", "hafen", "--year", "2025").want(t, exitFine).stdout; again != pdf {
		t.Error("the same report twice gives different bytes")
	}
}

func TestReportWritesToTheCouncil(t *testing.T) {
	t.Parallel()
	url := reported(t, 2025)
	editions := map[string]string{}
	for _, edition := range []string{"public", "internal"} {
		editions[edition] = command(t, url, "report", "--council", "--year", "2025", "--edition", edition).want(t, exitFine).stdout
		if pdf := editions[edition]; !strings.HasPrefix(pdf, "%PDF-1.7") || !strings.HasSuffix(pdf, "%%EOF\n") {
			t.Errorf("the %s edition is no PDF: %.20q", edition, pdf)
		}
	}
	if editions["public"] == editions["internal"] {
		t.Error("both editions are the same")
	}
}

func TestReportSaysWhatToDo(t *testing.T) {
	t.Parallel()
	url := reported(t, 2025)
	for _, tt := range []struct {
		says string
		args []string
		want string
	}{
		{"an unknown site", []string{"--site", "hafn", "--year", "2025"}, `there is no site "hafn"; there are: hafen`},
		{"a year without readings", []string{"--site", "hafen", "--year", "2019"}, "they reach from 2025 to 2025"},
		{"an unknown form", []string{"--site", "hafen", "--year", "2025", "--format", "docx"}, `must be one of "pdf","xlsx","csv"`},
		{"no site", []string{"--year", "2025"}, "--site is missing"},
		{"the council and a site at once", []string{"--council", "--site", "hafen", "--year", "2025"}, "--council is of the whole town"},
		{"no year", []string{"--site", "hafen"}, "missing flags: --year"},
	} {
		if out := command(t, url, append([]string{"report"}, tt.args...)...).want(t, exitUsage); !strings.Contains(out.stderr, tt.want) {
			t.Errorf("%s: it says %q, want %q", tt.says, out.stderr, tt.want)
		}
	}
}

func TestMonthlyReportsAreWrittenForEverySiteWithReadings(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), filepath.Join(t.TempDir(), "reports")
	l := ledger.New(storetest.Open(t, url, store.Options{}), "Europe/Berlin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, today := range []energy.Date{{Year: 2025, Month: 2, Day: 2}, {Year: 2026, Month: 1, Day: 2}} {
		if err := writeReports(t.Context(), l, dir, today); err != nil {
			t.Fatalf("write reports on %s: %v", today, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 2 || entries[0].Name() != "hafen-2025.pdf" || entries[1].Name() != "hafen-2025.xlsx" {
			t.Fatalf("on %s there are %v, %v", today, entries, err)
		}
	}
	written, err := os.ReadFile(filepath.Join(dir, "hafen-2025.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if pdf := command(t, url, "report", "--site", "hafen", "--year", "2025").want(t, exitFine).stdout; !bytes.Equal(written, []byte(pdf)) {
		t.Error("the monthly report differs from the one the command writes")
	}
}

func TestTheReportToTheCouncilIsWrittenForYearsWithReadings(t *testing.T) {
	t.Parallel()
	url, dir := reported(t, 2025), t.TempDir()
	l := ledger.New(storetest.Open(t, url, store.Options{}), "Europe/Berlin")
	for _, today := range []energy.Date{{Year: 2025, Month: 2, Day: 2}, {Year: 2026, Month: 1, Day: 2}} {
		if err := writeCouncils(t.Context(), l, dir, today); err != nil {
			t.Fatalf("write reports on %s: %v", today, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 2 || entries[0].Name() != "council-2025-internal.pdf" || entries[1].Name() != "council-2025-public.pdf" {
			t.Fatalf("on %s there are %v, %v", today, entries, err)
		}
	}
}

func TestServeWritesTheReportsThatAreDue(t *testing.T) {
	t.Parallel()
	year := time.Now().Year() - 1 // reported in every month of this year
	url, dir := reported(t, year), t.TempDir()
	config := write(t, dir, "config.yaml", "data_dir: data\nschedule: {monthly_report: \"* * * * *\", council_report: \"* * * * *\"}\n")
	served := serve(t, url, config, "")
	eventually(t, "the report that is due is written", func() bool {
		_, err := os.Stat(filepath.Join(dir, "data", "reports", fmt.Sprintf("hafen-%d.xlsx", year)))
		return err == nil
	})
	eventually(t, "the report to the council that is due is written", func() bool {
		_, err := os.Stat(filepath.Join(dir, "data", "reports", fmt.Sprintf("council-%d-public.pdf", year)))
		return err == nil
	})
	served.stop().want(t, exitFine)
}
