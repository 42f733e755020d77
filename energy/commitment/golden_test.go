package commitment_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/strictyaml"
)

var update = flag.Bool("update", false, "write want.json anew; look at every difference")

// figuresFile is what a case knows of a site: figures.yaml.
type figuresFile struct {
	On      energy.Date   `yaml:"on,required"`
	Rules   []string      `yaml:"rules"`   // what the case is about; default: all that bind the sites
	Instead string        `yaml:"instead"` // rulebook that is compared with what binds the sites
	Figures []figureEntry `yaml:"figures"`
}

// figureEntry is a figure of the local days [from, to).
type figureEntry struct {
	Site        string      `yaml:"site"` // default: any
	Metric      string      `yaml:"metric,required"`
	From        energy.Date `yaml:"from,required"`
	To          energy.Date `yaml:"to,required"`
	Value       float64     `yaml:"value,required"`
	Unit        string      `yaml:"unit"`        // default: none
	Numerator   float64     `yaml:"numerator"`   // of a ratio, in kWh
	Denominator float64     `yaml:"denominator"` // of a ratio, in kWh
	Coverage    float64     `yaml:"coverage"`    // of energy; default 1
	Hourly      float64     `yaml:"interval_coverage"`
	Substitute  float64     `yaml:"substitute_share"`
	Uncertainty float64     `yaml:"uncertainty"` // relative, k = 2
}

// sheet answers from the entries of a file.
type sheet struct {
	site     energy.SiteID
	calendar energy.Calendar
	entries  []figureEntry
}

func (s sheet) Metric(metric string, p energy.Period) (kpi.Figure, bool, error) {
	for _, e := range s.entries {
		if e.Site != "" && e.Site != string(s.site) || e.Metric != metric || !s.calendar.Day(e.From).From.Equal(p.From) || !s.calendar.Day(e.To).From.Equal(p.To) {
			continue
		}
		f := kpi.Figure{Name: metric, Value: e.Value, OK: true, Unit: energy.Unit(e.Unit), Numerator: energy.Float(e.Numerator), Denominator: energy.Float(e.Denominator),
			EnergyCoverage: e.Coverage, IntervalCoverage: e.Hourly, SubstituteShare: e.Substitute, Uncertainty: e.Uncertainty, HasUncertainty: e.Uncertainty > 0}
		if f.Unit == "" {
			f.Unit = energy.One
		}
		if f.EnergyCoverage == 0 {
			f.EnergyCoverage = 1
		}
		if f.IntervalCoverage == 0 {
			f.IntervalCoverage = f.EnergyCoverage
		}
		return f, true, nil
	}
	return kpi.Figure{}, false, nil
}

// Electricity adds up the entries of the roles; all foreign load is below the grid's.
func (s sheet) Electricity(p energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	f, ok, err := s.Metric(string(energy.GridImport), p)
	if err != nil || !ok {
		return f, kpi.Sum{}, false, err
	}
	amount := func(role energy.Role) energy.Amount {
		f, _, _ := s.Metric(string(role), p)
		return energy.Amount(f.Value * 1e6)
	}
	own, load := amount(energy.OnsiteRenewable)-amount(energy.GridExport), amount(energy.GridImport)-amount(energy.ForeignLoad)
	return f, kpi.Sum{Numerator: own, Denominator: load + own, Limit: load}, true, nil
}

// DegreeDays are the entries of the metric degree_days.
func (s sheet) DegreeDays(p energy.Period) (float64, bool, error) {
	f, ok, err := s.Metric("degree_days", p)
	return f.Value, ok, err
}

// want is an assessment as a case shows it.
type want struct {
	Site       energy.SiteID       `json:"site"`
	Commitment string              `json:"commitment"`
	Rule       string              `json:"rule"`
	Period     string              `json:"period"`
	Verdict    commitment.Verdict  `json:"verdict"`
	Reason     commitment.Code     `json:"reason_code"`
	Args       commitment.Args     `json:"args,omitempty"`
	Value      commitment.Optional `json:"value"`
	Forecast   commitment.Optional `json:"forecast"`
	Threshold  commitment.Optional `json:"threshold"`
	Margin     commitment.Optional `json:"margin"`
	Within     bool                `json:"within_uncertainty,omitempty"`
	Basis      commitment.Basis    `json:"basis,omitempty"`
	Status     commitment.Status   `json:"status"`
	SettlesOn  energy.Date         `json:"settles_on"`
	Steps      []commitment.Step   `json:"steps"`
	Evidence   []string            `json:"evidence"`
	Citation   string              `json:"citation"`
	Digest     string              `json:"digest"`
}

// assessCase judges every site of a case. The parts of its registry
// (registry.yaml, registry-later.yaml) came in one after the other, as they do
// when a file is applied to what is known.
func assessCase(t *testing.T, folder string) []commitment.Assessment {
	t.Helper()
	return assessBy(t, folder, "")
}

// assessBy judges the sites of a case by a rulebook, whatever they promised; by
// their promises where book is "".
func assessBy(t *testing.T, folder, book string) []commitment.Assessment {
	t.Helper()
	var entries []registry.Entry
	for _, name := range []string{"registry.yaml", "registry-later.yaml"} {
		src, err := os.ReadFile(filepath.Join(folder, name))
		if os.IsNotExist(err) {
			continue
		}
		r, faults := registry.Load(name, src)
		if err != nil || len(faults) > 0 {
			t.Fatalf("%s: %v\n%v", folder, err, faults)
		}
		for _, e := range r.Entries() {
			if !slices.ContainsFunc(entries, func(known registry.Entry) bool {
				return known.Kind == e.Kind && known.ID == e.ID && known.Site == e.Site
			}) {
				entries = append(entries, e)
			}
		}
	}
	r, err := registry.FromEntries(entries)
	if err != nil {
		t.Fatal(err)
	}
	file := readFigures(t, folder)
	var list []commitment.Assessment
	for _, site := range r.Sites {
		calendar, err := r.Calendar(site.ID, "Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		for _, promise := range promises(r, site, book) {
			found, err := commitment.Assess(commitment.Question{Site: site, Registry: r, Commitment: promise, Rulebook: rulebookOf(t, folder, promise.Rulebook),
				On: file.On, Calendar: calendar, Figures: sheet{site.ID, calendar, file.Figures},
				Elsewhere: func(id energy.SiteID) commitment.FigureSource { return sheet{id, calendar, file.Figures} }})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range found {
				if len(file.Rules) == 0 || slices.Contains(file.Rules, a.Rule) {
					list = append(list, a)
				}
			}
		}
	}
	return list
}

func readFigures(t *testing.T, folder string) (file figuresFile) {
	t.Helper()
	path := filepath.Join(folder, "figures.yaml")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, faults := strictyaml.Decode(path, src, &file); len(faults) > 0 {
		t.Fatal(faults)
	}
	return file
}

// promises are those of a site, its own and those of the municipality for it.
func promises(r *registry.Registry, site registry.Site, book string) []registry.Commitment {
	if book != "" {
		return []registry.Commitment{{ID: book, Rulebook: book}}
	}
	list := slices.Clone(site.Commitments)
	for _, c := range r.Commitments {
		if slices.Contains(c.Sites, site.ID) || c.Operator != "" && c.Operator == site.Operator || len(c.Sites) == 0 && c.Operator == "" {
			list = append(list, c)
		}
	}
	return list
}

// rulebookOf is one that came along, or rulebook.yaml of the case.
func rulebookOf(t *testing.T, folder, id string) *commitment.Rulebook {
	t.Helper()
	if book, ok, err := commitment.Find(id); ok || err != nil {
		if err != nil {
			t.Fatal(err)
		}
		return book
	}
	src, err := os.ReadFile(filepath.Join(folder, "rulebook.yaml"))
	if err != nil {
		return nil
	}
	book, faults := commitment.Load("rulebook.yaml", src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return book
}

func TestCasesAreJudgedAsTheyShould(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*/registry.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	seen := map[commitment.Verdict]bool{}
	for _, path := range cases {
		folder := filepath.Dir(path)
		list := assessCase(t, folder)
		shown := make([]want, len(list))
		for i, a := range list {
			seen[a.Verdict] = true
			shown[i] = want{a.Site, a.Commitment, a.Rule, a.Period.Label, a.Verdict, a.Reason, a.Args, a.Value, a.Forecast, a.Threshold, a.Margin, a.WithinUncertainty,
				a.Basis, a.Status, a.SettlesOn, a.Steps, a.Evidence, a.Citation, a.Digest}
		}
		var got bytes.Buffer
		encoder := json.NewEncoder(&got)
		encoder.SetIndent("", " ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(shown); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join(folder, "want.json")
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		wanted, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), wanted) {
			t.Errorf("%s: judged as\n%s\nwant\n%s", folder, got.Bytes(), wanted)
		}
	}
	for _, verdict := range commitment.Verdicts() {
		if !seen[verdict] {
			t.Errorf("no case has the verdict %s", verdict)
		}
	}
}

func TestJudgingAgainGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	cases, _ := filepath.Glob("testdata/*/registry.yaml")
	for _, path := range cases {
		first, second := assessCase(t, filepath.Dir(path)), assessCase(t, filepath.Dir(path))
		for i := range first {
			if !bytes.Equal(first[i].Canonical(), second[i].Canonical()) || first[i].Digest != second[i].Digest {
				t.Errorf("%s: %s\nthen %s", path, first[i].Canonical(), second[i].Canonical())
			}
		}
	}
}
