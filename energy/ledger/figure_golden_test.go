package ledger_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

var update = flag.Bool("update", false, "write want.json anew; look at every difference")

// wantFile is want.json: the figures of a site and period that a case is about.
// The head of its registry.yaml reckons them by hand.
type wantFile struct {
	Site    energy.SiteID `json:"site"`
	Period  string        `json:"period"`
	Figures []wantFigure  `json:"figures"`
	Without []string      `json:"without,omitempty"` // figures the site must not have
}

type wantFigure struct {
	Name             string       `json:"kpi"`
	Category         int          `json:"category,omitempty"`
	Value            *float64     `json:"value"` // null where there is none
	Unit             energy.Unit  `json:"unit"`
	Numerator        energy.Value `json:"numerator"`
	NumeratorUnit    energy.Unit  `json:"numerator_unit"`
	Denominator      energy.Value `json:"denominator"`
	DenominatorUnit  energy.Unit  `json:"denominator_unit,omitempty"`
	EnergyCoverage   float64      `json:"energy_coverage"`
	IntervalCoverage float64      `json:"interval_coverage"`
	SubstituteShare  float64      `json:"substitute_share"`
	Uncertainty      *float64     `json:"uncertainty"` // relative, k = 2; null where not known
	Standard         string       `json:"standard"`
	Edition          string       `json:"edition,omitempty"`
	Notes            []string     `json:"notes,omitempty"`
}

func shown(f kpi.Figure) wantFigure {
	w := wantFigure{Name: f.Name, Category: f.Category, Unit: f.Unit, Numerator: f.Numerator, NumeratorUnit: f.NumeratorUnit,
		Denominator: f.Denominator, DenominatorUnit: f.DenominatorUnit, EnergyCoverage: f.EnergyCoverage, IntervalCoverage: f.IntervalCoverage,
		SubstituteShare: f.SubstituteShare, Standard: f.Standard, Edition: f.Edition, Notes: f.Notes}
	if f.OK {
		w.Value = &f.Value
	}
	if f.HasUncertainty {
		w.Uncertainty = &f.Uncertainty
	}
	return w
}

// plantOf is a ledger over a database with the registry and the readings of a
// case, in the order that turn makes of them; nil keeps it.
func plantOf(t testing.TB, folder string, turn func([]intake.Row) [][]intake.Row) *ledger.Ledger {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	src, err := os.ReadFile(filepath.Join(folder, "registry.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, faults := registry.Load("registry.yaml", src)
	if len(faults) > 0 {
		t.Fatalf("%s: %v", folder, faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	file, err := os.Open(filepath.Join(folder, "readings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	var rows []intake.Row
	refuse := func(r intake.Rejection) { t.Fatalf("%s: row %d: %v", folder, r.Row, r) }
	if err := intake.Read(file, "readings.csv", intake.CSV, func(row intake.Row) { rows = append(rows, row) }, refuse); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	parts := [][]intake.Row{rows}
	if turn != nil {
		parts = turn(rows)
	}
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	for i, part := range parts {
		receipt, err := in.Submit(t.Context(), intake.Submission{Source: "test", Key: folder + string(rune('a'+i)), Rows: part})
		if err != nil || len(receipt.Rejected) > 0 {
			t.Fatalf("%s: %v %v", folder, err, receipt.Rejected)
		}
		if err := closer.All(t.Context()); err != nil {
			t.Fatalf("%s: %v", folder, err)
		}
	}
	return l
}

func cases(t testing.TB) []string {
	t.Helper()
	folders, err := filepath.Glob("testdata/figures/*/want.json")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for i := range folders {
		folders[i] = filepath.Dir(folders[i])
	}
	return folders
}

// asked is what want.json asks for.
type asked struct {
	Site    energy.SiteID `json:"site"`
	Period  string        `json:"period"`
	Figures []struct {
		Name string `json:"kpi"`
	} `json:"figures"`
	Without []string `json:"without"`
}

func readWant(t testing.TB, folder string) (want asked, src []byte) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(folder, "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(src, &want); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	return want, src
}

// of are the figures of a period that a case names, as want.json shows them.
func (want asked) of(t testing.TB, l *ledger.Ledger, at time.Time) []byte {
	t.Helper()
	figures, _, err := l.Figures(t.Context(), want.Site, want.Period, at)
	if err != nil {
		t.Fatal(err)
	}
	got := wantFile{Site: want.Site, Period: want.Period, Without: want.Without}
	for _, f := range figures {
		if want.asks(f.Name) {
			got.Figures = append(got.Figures, shown(f))
		}
		if slices.Contains(want.Without, f.Name) {
			t.Errorf("%s has %s, want none", want.Site, f.Name)
		}
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(got); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func (want asked) asks(name string) bool {
	for _, f := range want.Figures {
		if f.Name == name {
			return true
		}
	}
	return false
}

func TestTheFiguresOfEachCaseAreThoseReckonedByHand(t *testing.T) {
	t.Parallel()
	for _, folder := range cases(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			want, src := readWant(t, folder)
			l := plantOf(t, folder, nil)
			got := want.of(t, l, time.Time{})
			if *update {
				if err := os.WriteFile(filepath.Join(folder, "want.json"), got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !bytes.Equal(got, src) {
				t.Errorf("figures are\n%s\nwant\n%s", got, src)
			}
			if then := want.of(t, l, time.Now().Add(time.Second)); !bytes.Equal(then, got) {
				t.Errorf("derived anew from the facts they are\n%s\nwant\n%s", then, got)
			}
		})
	}
}

// Every definition has a case: a new one without is found here.
func TestEveryFigureHasACase(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, folder := range cases(t) {
		want, _ := readWant(t, folder)
		for _, f := range want.Figures {
			known[f.Name] = true
		}
	}
	var missing []string
	for _, d := range kpi.Definitions() {
		if !known[d.Name] {
			missing = append(missing, d.Name)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no case shows %s", strings.Join(missing, ", "))
	}
}
