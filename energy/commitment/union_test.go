package commitment

import (
	"errors"
	"math"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// fixed is a source that always says the same.
type fixed struct {
	figure kpi.Figure
	sum    kpi.Sum
	has    bool
	err    error
}

func (f fixed) Metric(string, energy.Period) (kpi.Figure, bool, error) { return f.figure, f.has, f.err }

func (f fixed) Electricity(energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	return f.figure, f.sum, f.has, f.err
}

func ratio(numerator, denominator, value float64) fixed {
	return fixed{has: true, figure: kpi.Figure{OK: true, Unit: energy.One, Value: value, Numerator: energy.Float(numerator), Denominator: energy.Float(denominator), EnergyCoverage: 1, IntervalCoverage: 0.5}}
}

func heat(amount, uncertainty, substitute float64) fixed {
	return fixed{has: true, figure: kpi.Figure{OK: true, Unit: energy.KilowattHour, Value: amount, Numerator: energy.Float(amount), EnergyCoverage: 1, IntervalCoverage: 1,
		SubstituteShare: substitute, Uncertainty: uncertainty, HasUncertainty: true}}
}

func alike(got, want float64) bool { return math.Abs(got-want) <= 1e-12 }

func TestSeveralSitesAreOneFigure(t *testing.T) {
	t.Parallel()
	estimated := ratio(3000, 1000, 3)
	estimated.figure.SubstituteShare = 0.4
	other := ratio(1200, 1000, 1.2)
	other.figure.Unit = "m³/MWh"
	wrong := ratio(9000, 1000, 9)
	wrong.figure.OK = false
	absent := ratio(9000, 1000, 9)
	absent.has = false
	unsure := heat(50, 0.1, 0)
	unsure.figure.HasUncertainty = false
	for _, tt := range []struct {
		sentence    string
		metric      string
		sites       []FigureSource
		ok          bool
		value       float64
		n, d        float64
		substitute  float64
		uncertainty float64 // 0: none
		energy, own float64
	}{
		{"sums are divided", "pue", []FigureSource{ratio(2000, 1000, 2), ratio(1200, 3000, 0.4)}, true, 0.8, 3200, 4000, 0, 0, 1, 0.5},
		{"what is estimated weighs with the energy below the line", "pue", []FigureSource{estimated, ratio(3000, 3000, 1)}, true, 1.5, 6000, 4000, 0.1, 0, 1, 0.5},
		{"a value in another unit than its sums keeps it", "wue_2", []FigureSource{ratio(1, 1000, 1), ratio(5, 1000, 5)}, true, 3, 6, 2000, 0, 0, 1, 0.5},
		{"nothing above the line of one site says nothing of the unit", "wue_2", []FigureSource{ratio(5, 1000, 5), ratio(0, 1000, 0)}, true, 2.5, 5, 2000, 0, 0, 1, 0.5},
		{"and the least above it says it", "wue_2", []FigureSource{ratio(0.5, 1000, 0.5), ratio(0, 1000, 0)}, true, 0.25, 0.5, 2000, 0, 0, 1, 0.5},
		{"a site without the figure is not covered, wherever it stands", "pue", []FigureSource{absent, wrong, ratio(1200, 1000, 1.2), ratio(1400, 1000, 1.4)}, true, 1.3, 2600, 2000, 0, 0, 0.5, 0.25},
		{"nor is one in another unit than the first", "pue", []FigureSource{ratio(1200, 1000, 1.2), other}, true, 1.2, 1200, 1000, 0, 0, 0.5, 0.25},
		{"nor one with nothing below the line", "pue", []FigureSource{ratio(700, 0, 0), ratio(1200, 1000, 1.2)}, true, 1.2, 1200, 1000, 0, 0, 0.5, 0.25},
		{"half a kilowatt-hour below it is enough", "pue", []FigureSource{ratio(0.75, 0.5, 1.5)}, true, 1.5, 0.75, 0.5, 0, 0, 1, 0.5},
		{"two of less than that are divided too", "pue", []FigureSource{ratio(0.3, 0.2, 1.5), ratio(0.1, 0.2, 0.5)}, true, 1, 0.4, 0.4, 0, 0, 1, 0.5},
		{"no site has it", "pue", []FigureSource{absent, wrong}, false, 0, 0, 0, 0, 0, 0, 0},
		{"heat adds up, its meters err apart", "heat_delivered", []FigureSource{heat(300, 0.02, 0), heat(400, 0.02, 0.35)}, true, 700, 700, 0, 0.2, 10.0 / 700, 1, 1},
		{"half a kilowatt-hour of it too", "heat_delivered", []FigureSource{heat(0.5, 0.02, 0.5)}, true, 0.5, 0.5, 0, 0.5, 0.02, 1, 1},
		{"where one meter's accuracy is not known, that of the sum is not", "heat_delivered", []FigureSource{unsure, heat(50, 0.1, 0)}, true, 100, 100, 0, 0, 0, 1, 1},
		{"no heat has no uncertainty and no substitute", "heat_delivered", []FigureSource{heat(0, 0.1, 1)}, true, 0, 0, 0, 0, 0, 1, 1},
	} {
		f, ok, err := union{tt.sites}.Metric(tt.metric, energy.Period{})
		if err != nil || ok != tt.ok || f.OK != tt.ok || !alike(f.Value, tt.value) || !alike(f.Numerator.Float64(), tt.n) || !alike(f.Denominator.Float64(), tt.d) ||
			!alike(f.SubstituteShare, tt.substitute) || !alike(f.Uncertainty, tt.uncertainty) || f.HasUncertainty != (tt.uncertainty > 0) ||
			!alike(f.EnergyCoverage, tt.energy) || !alike(f.IntervalCoverage, tt.own) {
			t.Errorf("%s: %+v, %v, %v, want %+v", tt.sentence, f, ok, err, tt)
		}
	}
	broken := errors.New("the database is gone")
	if _, ok, err := (union{[]FigureSource{ratio(2, 1, 2), fixed{err: broken}}}).Metric("pue", energy.Period{}); ok || !errors.Is(err, broken) {
		t.Errorf("a site that could not be read: %v, %v, want the reason", ok, err)
	}
}

func TestSeveralSitesUseOneElectricity(t *testing.T) {
	t.Parallel()
	site := func(own, load energy.Amount, known, measured, substitute float64) fixed {
		return fixed{has: true, sum: kpi.Sum{Numerator: own, Denominator: load}, figure: kpi.Figure{OK: true, Unit: energy.One, EnergyCoverage: known, IntervalCoverage: measured, SubstituteShare: substitute, HasUncertainty: true}}
	}
	absent, wrong := site(50, 100, 1, 1, 1), site(50, 100, 1, 1, 1)
	absent.has, wrong.figure.OK = false, false
	f, sum, ok, err := union{[]FigureSource{absent, wrong, site(5, 10, 1, 0.8, 0.1), site(7, 30, 0.6, 0.4, 0.3)}}.Electricity(energy.Period{})
	if err != nil || !ok || sum != (kpi.Sum{Numerator: 12, Denominator: 40}) || !alike(f.EnergyCoverage, 0.4) || !alike(f.IntervalCoverage, 0.3) || f.SubstituteShare != 0.3 || f.HasUncertainty {
		t.Errorf("two of four sites: %+v, %+v, %v, %v, want 12 of 40, covered 0.4 and 0.3, substitute 0.3, no uncertainty", f, sum, ok, err)
	}
	broken := errors.New("the database is gone")
	if _, _, ok, err := (union{[]FigureSource{site(5, 10, 1, 1, 0), fixed{err: broken}}}).Electricity(energy.Period{}); ok || !errors.Is(err, broken) {
		t.Errorf("a site that could not be read: %v, %v, want the reason", ok, err)
	}
	if _, _, ok, _ := (union{[]FigureSource{absent}}).Electricity(energy.Period{}); ok {
		t.Error("the electricity of a site that has none")
	}
}

func TestLoadsOfSitesAddUpWhereAllAreKnown(t *testing.T) {
	t.Parallel()
	number := func(text string) registry.Number {
		if text == "" { // not said
			return registry.Number{}
		}
		n, err := registry.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, tt := range []struct {
		sentence string
		loads    []string
		want     float64
	}{
		{"two sites", []string{"300", "250.5"}, 550.5},
		{"a watt is a load", []string{"0.001", "1"}, 1.001},
		{"one of them does not say", []string{"300", ""}, 0},
		{"a load below nothing is none", []string{"300", "-5"}, 0},
		{"more digits than a watt", []string{"300", "99999999999999999"}, 0},
		{"two that do not fit together", []string{"9000000000000000", "9000000000000000"}, 0},
		{"two that just fit", []string{"9223372036854775", "0.807"}, 9223372036854775.807},
		{"no sites", nil, 0},
	} {
		var sites []registry.Site
		for _, load := range tt.loads {
			sites = append(sites, registry.Site{ITLoadKW: number(load)})
		}
		got := sumOf(sites, func(s registry.Site) registry.Number { return s.ITLoadKW })
		if got.Float64() != tt.want {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestACampusIsASiteOfItsSums(t *testing.T) {
	t.Parallel()
	site := func(id energy.SiteID, operator string, load, connected int64, since int, public bool) registry.Site {
		return registry.Site{ID: id, Operator: operator, ITLoadKW: registry.NumberOf(load), ConnectedLoadKW: registry.NumberOf(connected),
			InOperationSince: energy.Date{Year: since, Month: 3, Day: 1}, PublicBody: public}
	}
	hafen, kai, park := site("hafen", "op", 100, 200, 2020, false), site("kai", "op", 50, 90, 2015, true), site("park", "other", 1000, 2000, 2010, false)
	all := registry.Registry{Sites: []registry.Site{hafen, kai, park}}
	elsewhere := func(energy.SiteID) FigureSource { return fixed{} }
	q := Question{Site: hafen, Registry: &all, Figures: fixed{}, Elsewhere: elsewhere}
	got, steps, ok := q.together(Rule{Reach: registry.OperatorWide})
	s := got.Site
	if !ok || s.ITLoadKW.Float64() != 150 || s.ConnectedLoadKW.Float64() != 290 || s.InOperationSince.Year != 2015 || !s.PublicBody || len(got.parties) != 2 || len(steps) != 1 || steps[0].Args["sites"].Text != "hafen, kai" {
		t.Errorf("the sites of an operator = %+v, %v, %v, want 150 kW of 290, since 2015, public", s, steps, ok)
	}
	if got, _, _ := q.together(Rule{Reach: registry.AllSites}); got.Site.ITLoadKW.Float64() != 1150 || !got.Site.PublicBody || got.Site.InOperationSince.Year != 2010 {
		t.Errorf("all sites = %+v, want 1150 kW", got.Site)
	}
	q.Site, q.Commitment.Scope, q.Commitment.Sites = park, registry.Campus, []energy.SiteID{"park", "hafen"}
	if got, _, _ := q.together(Rule{}); got.Site.ITLoadKW.Float64() != 1100 || got.Site.PublicBody {
		t.Errorf("a campus of two private sites = %+v, want 1100 kW, not public", got.Site)
	}
	q.Elsewhere = nil
	if got, _, ok := q.together(Rule{}); ok || got.Site.ID != "park" {
		t.Errorf("without the figures of the others: %v of %s, want none of park", ok, got.Site.ID)
	}
}

func TestUnitsOfFiguresAndLimitsMeet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to energy.Unit
		want     float64 // 0: they do not
	}{
		{"kWh", "kWh", 1}, {"m³/MWh", "l/kWh", 1}, {"l/kWh", "m3/MWh", 1}, {"g/kWh", "kg/kWh", 0.001}, {"kg/kWh", "g/kWh", 1000}, {"MWh", "kWh", 1000}, {"kWh", "MWh", 0.001}, {"%", energy.One, 0.01}, {"kWh", "h", 0},
	} {
		got, err := factor(tt.from, tt.to)
		if (err == nil) != (tt.want != 0) || got != tt.want {
			t.Errorf("1 %s = %v %s (%v), want %v", tt.from, got, tt.to, err, tt.want)
		}
	}
	for _, tt := range []struct {
		number string
		unit   energy.Unit
		in     energy.Unit
		want   float64
	}{
		{"380.1", "g/kWh", "kg/kWh", 0.3801}, {"0.38", "kg/kWh", "g/kWh", 380}, {"95", "%", energy.One, 0.95}, {"1.5", "m³/MWh", "l/kWh", 1.5}, {"2", "MWh", "kWh", 2000},
	} {
		n, err := registry.ParseNumber(tt.number)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := in(registry.Measure{Number: n, Unit: tt.unit}, tt.in); err != nil || got != tt.want {
			t.Errorf("%s %s = %v %s (%v), want %v", tt.number, tt.unit, got, tt.in, err, tt.want)
		}
	}
	if got, err := in(registry.Measure{Number: registry.NumberOf(1), Unit: "kWh"}, "h"); err == nil || got != 0 {
		t.Errorf("1 kWh = %v h", got)
	}
}

func TestAPlannedValueIsAFactThatHolds(t *testing.T) {
	t.Parallel()
	from, to := energy.Date{Year: 2026, Month: 1, Day: 1}, energy.Date{Year: 2027, Month: 1, Day: 1}
	pue, _ := metricOf("pue")
	water, _ := metricOf("wue_2")
	fact := func(name, value, unit string, change func(*registry.Fact)) registry.Fact {
		f := registry.Fact{Name: name, Unit: unit}
		if err := f.Value.UnmarshalText([]byte(value)); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	year := func(y int) func(*registry.Fact) { return func(f *registry.Fact) { f.Year = y } }
	bounds := func(from, to energy.Date) func(*registry.Fact) {
		return func(f *registry.Fact) { f.From, f.To = from, to }
	}
	none := energy.Date{}
	for _, tt := range []struct {
		sentence string
		metric   metric
		facts    []registry.Fact
		value    float64
		reason   Code
	}{
		{"behind other facts, words and other times", pue, []registry.Fact{fact("planned_erf", "0.2", "", nil), fact("planned_pue", "good", "", nil), fact("planned_pue", "1.9", "", year(2025)), fact("planned_pue", "1.25", "", nil)}, 1.25, ""},
		{"for the year", pue, []registry.Fact{fact("planned_pue", "1.25", "", year(2026))}, 1.25, ""},
		{"for the year after", pue, []registry.Fact{fact("planned_pue", "1.25", "", year(2027))}, 0, EvidenceMissing},
		{"from its last day on", pue, []registry.Fact{fact("planned_pue", "1.25", "", bounds(to.AddDays(-1), none))}, 1.25, ""},
		{"from the day after it on", pue, []registry.Fact{fact("planned_pue", "1.25", "", bounds(to, none))}, 0, EvidenceMissing},
		{"up to its first day", pue, []registry.Fact{fact("planned_pue", "1.25", "", bounds(none, from.AddDays(1)))}, 1.25, ""},
		{"up to the day before", pue, []registry.Fact{fact("planned_pue", "1.25", "", bounds(none, from))}, 0, EvidenceMissing},
		{"in another unit of the same", pue, []registry.Fact{fact("planned_pue", "125", "%", nil)}, 1.25, ""},
		{"in a unit of something else", water, []registry.Fact{fact("planned_wue_2", "1.5", "kWh", nil)}, 0, UnitDoesNotMatch},
		{"not at all", pue, nil, 0, EvidenceMissing},
	} {
		v := Question{Site: registry.Site{Facts: tt.facts}}.planned(tt.metric, from, to)
		if v.ok != (tt.value != 0) || v.figure.Value != tt.value || v.reason != tt.reason || v.ok && (v.figure.SubstituteShare != 1 || v.basis != Declared) || tt.reason == UnitDoesNotMatch && len(v.args) != 2 {
			t.Errorf("planned %s: %+v, want %v %s", tt.sentence, v, tt.value, tt.reason)
		}
	}
	if year := (registry.Fact{Year: 2026}); !factHolds(year, from, to.AddDays(1)) || factHolds(year, to, to.AddDays(9)) || factHolds(year, from.AddDays(-9), from) || !factHolds(registry.Fact{Year: 2025}, from.AddDays(-9), to) || !factHolds(registry.Fact{Year: 2027}, from, to.AddDays(1)) {
		t.Error("a fact of a year holds in periods that have a day of it, and in no others")
	}
}

func TestAValueIsCalledByWhatMostOfItIs(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]Basis{0: Measured, 0.05: Measured, 0.051: Mixed, 0.949: Mixed, 0.95: Declared, 1: Declared} {
		if got := basisOf(kpi.Figure{SubstituteShare: share}); got != want {
			t.Errorf("%v of it substitute: %s, want %s", share, got, want)
		}
	}
}

func TestAFigureIsTakenInTheUnitOfItsMetric(t *testing.T) {
	t.Parallel()
	from, to := energy.Date{Year: 2026, Month: 1, Day: 1}, energy.Date{Year: 2027, Month: 1, Day: 1}
	heatMetric, _ := metricOf("heat_delivered")
	of := func(unit energy.Unit, ok, has bool) Question {
		return Question{Figures: fixed{figure: kpi.Figure{OK: ok, Unit: unit, Value: 3}, has: has}, Calendar: energy.Calendar{}}
	}
	for _, tt := range []struct {
		sentence string
		q        Question
		to       energy.Date
		value    float64
		unit     energy.Unit
		reason   Code
	}{
		{"in MWh", of("MWh", true, true), to, 3000, "kWh", ""},
		{"in kWh", of("kWh", true, true), to, 3, "kWh", ""},
		{"in hours", of("h", true, true), to, 0, "", UnitDoesNotMatch},
		{"not known", of("kWh", true, false), to, 0, "", NoData},
		{"without a value", of("kWh", false, true), to, 0, "", NoData},
		{"of no days", of("kWh", true, true), from, 0, "", NoData},
	} {
		c, err := energy.LoadCalendar("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		tt.q.Calendar = c
		v, err := tt.q.value(heatMetric, Threshold{}, from, tt.to)
		if err != nil || v.ok != (tt.value != 0) || v.ok && (v.figure.Value != tt.value || v.figure.Unit != tt.unit) || v.reason != tt.reason || !v.ok && len(v.args) == 0 {
			t.Errorf("heat %s: %+v, %v, want %v %s %s", tt.sentence, v, err, tt.value, tt.unit, tt.reason)
		}
	}
	broken := errors.New("the database is gone")
	c, _ := energy.LoadCalendar("Europe/Berlin")
	if _, err := (Question{Calendar: c, Figures: fixed{err: broken}}).value(heatMetric, Threshold{}, from, to); !errors.Is(err, broken) {
		t.Errorf("a figure that could not be read: %v, want the reason", err)
	}
}
