package kpi_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func weighed(name string, numerator, denominator, edc float64) kpi.Weighed {
	return kpi.Weighed{EDC: edc, Figure: kpi.Figure{Name: name, OK: true, Unit: energy.One, Value: numerator / denominator,
		Numerator: energy.Float(numerator), Denominator: energy.Float(denominator), EnergyCoverage: 1, Category: 1}}
}

func TestTheMeanOfTheUnionIsNotTheRatioOfTheSums(t *testing.T) {
	t.Parallel()
	// 2000 / 1000 = 2.0 and 1200 / 1000 = 1.2: weighted (2·2000 + 1.2·1200) / 3200, as one 3200 / 2000.
	p := kpi.Pool([]kpi.Weighed{weighed("pue", 2000, 1000, 2000), weighed("pue", 1200, 1000, 1200), {}})
	if !(math.Abs(p.Weighted-1.7) <= 1e-12) || !(math.Abs(p.Ratio-1.6) <= 1e-12) || p.Sites != 2 || p.Of != 3 || p.Category != 1 || !p.OK {
		t.Errorf("%+v, want 1.7 weighted, 1.6 as one, of two sites of three", p)
	}
	other := weighed("pue", 1200, 1000, 1200)
	other.Category, other.EnergyCoverage, other.SubstituteShare = 2, 0.5, 0.25
	if p = kpi.Pool([]kpi.Weighed{weighed("pue", 2000, 1000, 2000), other}); p.Category != 0 || p.EnergyCoverage != 0.5 || p.SubstituteShare != 0.25 {
		t.Errorf("%+v, want mixed categories, and coverage and substitutes of the worse site", p)
	}
	water := weighed("wue_2", 1500, 1_000_000, 1_300_000)
	water.Value = 1.5
	if p = kpi.Pool([]kpi.Weighed{water}); !(math.Abs(p.Ratio-1.5) <= 1e-12) || p.Weighted != 1.5 {
		t.Errorf("%+v, want 1.5 m³/MWh in both ways", p)
	}
	if p = kpi.Pool([]kpi.Weighed{{EDC: 5}, weighed("pue", 1, 1, 0)}); p.OK || p.Of != 2 {
		t.Errorf("%+v, want none: a site without a figure and one without E_DC", p)
	}
}

func TestProvenElectricityEmitsNothingAndTheRestItsMix(t *testing.T) {
	t.Parallel()
	const mwh = 1_000_000_000
	jan, dec := registry.Month{Year: 2025, Month: 1}, registry.Month{Year: 2024, Month: 12}
	months := map[registry.Month]energy.Amount{jan: 60 * mwh, dec: 40 * mwh}
	grams := func(year int) (float64, bool) {
		known := map[int]float64{2024: 700, 2025: 300}
		g, ok := known[year]
		return g, ok
	}
	none := func(int) (float64, bool) { return 0, false }
	for _, tt := range []struct {
		name      string
		proven    energy.Amount
		grams     func(int) (float64, bool)
		kilograms float64
		ok        bool
	}{
		{"nothing proven: 60 MWh at 300 g and 40 at 700", 0, grams, 46_000, true},
		{"half is proven, of each month", 50 * mwh, grams, 23_000, true},
		{"all is proven: no mix is asked for", 100 * mwh, none, 0, true},
		{"a mix that nobody states is not zero", 99 * mwh, none, 0, false},
	} {
		got, ok := kpi.Emissions(months, tt.proven, tt.grams)
		if ok != tt.ok || energy.ActiveEnergyImport.Value(got).Float64() != tt.kilograms {
			t.Errorf("%s: %v kg, %v, want %v, %v", tt.name, energy.ActiveEnergyImport.Value(got), ok, tt.kilograms, tt.ok)
		}
	}
}

func TestAShareByTheQuarterHourIsNeverAboveThatByTheHour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlant().with("grid", energy.GridImport, 0).with("pv", energy.OnsiteRenewable, 0).with("export", energy.GridExport, 0)
		for q := range p.days["hafen/pv"].Values { // what leaves is of the sun: a site that exports what it draws uses less than nothing
			generated := rapid.Int64Range(0, 1_000_000).Draw(t, "generated")
			p.days["hafen/pv"].Values[q] = energy.Amount(generated)
			p.days["hafen/export"].Values[q] = energy.Amount(rapid.Int64Range(0, generated).Draw(t, "exported"))
			p.days["hafen/grid"].Values[q] = energy.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "drawn"))
		}
		certified := func(period energy.Period) energy.Amount {
			return energy.Amount(period.Length().Minutes()) * 10_000
		}
		var shares [2]kpi.Sum
		for i, name := range []string{"green_share_quarter_hourly", "green_share_hourly"} {
			for _, d := range kpi.Definitions() {
				if d.Name != name {
					continue
				}
				pair, _ := d.Of(p.site, 0, kpi.On(june))
				shares[i] = d.Sum(pair, berlin.Day(june), p.days, nil, certified)
			}
		}
		quarters, hours := shares[0], shares[1]
		if float64(quarters.Numerator)*float64(hours.Denominator) > float64(hours.Numerator)*float64(quarters.Denominator)*(1+1e-12) {
			t.Fatalf("by the quarter-hour %d of %d, by the hour %d of %d", quarters.Numerator, quarters.Denominator, hours.Numerator, hours.Denominator)
		}
		if quarters.Numerator > quarters.Denominator || quarters.PeriodS != hours.PeriodS {
			t.Fatalf("%+v and %+v", quarters, hours)
		}
	})
}

func TestAFigureIsWeighedWithTheEnergyOfItsSite(t *testing.T) {
	t.Parallel()
	figure := func(name string, numerator, denominator float64, category int) kpi.Figure {
		f := weighed(name, numerator, denominator, 0).Figure
		f.Category = category
		return f
	}
	unknown := func(f kpi.Figure) kpi.Figure {
		f.OK = false
		return f
	}
	for _, tt := range []struct {
		sentence string
		figures  []kpi.Figure
		name     string
		value    float64
		edc      float64
	}{
		{"the lowest category counts", []kpi.Figure{figure("pue", 3000, 1000, 2), figure("pue", 2000, 1000, 1)}, "pue", 2, 2000},
		{"an interim PUE is found as PUE", []kpi.Figure{figure("ipue", 2000, 1000, 1)}, "pue", 2, 2000},
		{"and as itself", []kpi.Figure{figure("ipue", 2000, 1000, 1)}, "ipue", 2, 2000},
		{"water is weighted with energy", []kpi.Figure{figure("pue", 2000, 1000, 1), figure("wue_2", 500, 1000, 1)}, "wue_2", 0.5, 2000},
		{"without IT the ERF knows E_DC", []kpi.Figure{figure("erf", 100, 1500, 0)}, "erf", 100.0 / 1500, 1500},
		{"a PUE without a value does not weigh", []kpi.Figure{unknown(figure("pue", 3000, 1000, 1)), figure("erf", 100, 1500, 0)}, "erf", 100.0 / 1500, 1500},
		{"nor does an ERF without one", []kpi.Figure{unknown(figure("erf", 100, 1500, 0)), figure("wue_2", 500, 1000, 1)}, "wue_2", 0.5, 0},
		{"of two of a category the first counts", []kpi.Figure{figure("pue", 2000, 1000, 1), figure("ipue", 3000, 1000, 1)}, "pue", 2, 2000},
		{"without either nothing weighs", []kpi.Figure{figure("wue_2", 500, 1000, 1)}, "wue_2", 0.5, 0},
		{"what is not there is no figure", []kpi.Figure{figure("pue", 2000, 1000, 1)}, "erf", 0, 2000},
	} {
		w := kpi.Weigh(tt.figures, tt.name)
		if w.Value != tt.value || w.EDC != tt.edc || w.OK != (tt.value != 0) {
			t.Errorf("%s: %+v, want %v weighted with %v", tt.sentence, w, tt.value, tt.edc)
		}
	}
}

func TestAnnualAndInterimFiguresTogetherAreNoneOfTwelveMonths(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"pue", "ipue"}, {"ipue", "pue"}} {
		if p := kpi.Pool([]kpi.Weighed{weighed(order[0], 2000, 1000, 2000), weighed(order[1], 1200, 1000, 1200)}); p.Name != "ipue" {
			t.Errorf("%v together are called %s", order, p.Name)
		}
	}
	if p := kpi.Pool([]kpi.Weighed{weighed("pue", 2000, 1000, 2000), weighed("pue", 1200, 1000, 1200)}); p.Name != "pue" {
		t.Errorf("two annual ones are called %s", p.Name)
	}
}

func TestAMonthThatPassedOnMoreThanItDrewEmitsNothing(t *testing.T) {
	t.Parallel()
	month := func(year int, m int) registry.Month { return registry.Month{Year: year, Month: time.Month(m)} }
	mix := func(grams float64, years ...int) func(int) (float64, bool) {
		return func(year int) (float64, bool) { return grams, slices.Contains(years, year) }
	}
	for _, tt := range []struct {
		sentence string
		months   map[registry.Month]energy.Amount
		proven   energy.Amount
		grams    func(int) (float64, bool)
		want     energy.Amount
		ok       bool
	}{
		{"it takes nothing off the others", map[registry.Month]energy.Amount{month(2025, 1): 2, month(2025, 2): -5}, 0, mix(1e6, 2025), 2000, true},
		{"nor off what is proven", map[registry.Month]energy.Amount{month(2025, 1): 2, month(2025, 2): -5}, 1, mix(1e6, 2025), 1000, true},
		{"less than nothing proven is nothing", map[registry.Month]energy.Amount{month(2025, 1): 2}, -4, mix(1e6, 2025), 2000, true},
		{"its mix is not asked for", map[registry.Month]energy.Amount{month(2025, 1): 2, month(2024, 12): 0}, 0, mix(1e6, 2025), 2000, true},
		{"that of a month with the least energy is", map[registry.Month]energy.Amount{month(2025, 1): 2, month(2024, 12): 1}, 0, mix(1e6, 2025), 0, false},
	} {
		if got, ok := kpi.Emissions(tt.months, tt.proven, tt.grams); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %d, %v, want %d, %v", tt.sentence, got, ok, tt.want, tt.ok)
		}
	}
	// 7 and 7 are lost one by one beside 10^17, and kept together: the months add up in their order.
	months := map[registry.Month]energy.Amount{month(2024, 11): 7, month(2024, 12): 7, month(2025, 1): 100_000_000_000_000_000}
	for range 50 {
		if got, _ := kpi.Emissions(months, 0, mix(1000, 2024, 2025)); got != 100_000_000_000_000_016 {
			t.Fatalf("emissions = %d, want those of the months in their order", got)
		}
	}
}

func TestASiteThatCannotBeWeighedIsLeftOut(t *testing.T) {
	t.Parallel()
	thin := weighed("pue", 1000, 500, 1000)
	thin.IntervalCoverage = 0.75
	amount := weighed("pue", 1000, 500, 1000)
	amount.Denominator = energy.Float(0)
	for _, tt := range []struct {
		sentence     string
		sites        []kpi.Weighed
		sites0       int
		weighted     float64
		own, overall float64
	}{
		{"what is left out stands before one that counts", []kpi.Weighed{{}, weighed("pue", 9, 1, 0), amount, thin}, 1, 2, 0.75, 1},
		{"a site of half a kilowatt-hour counts", []kpi.Weighed{weighed("pue", 0.6, 0.4, 0.6)}, 1, 1.5, 0, 1},
	} {
		p := kpi.Pool(tt.sites)
		if p.Sites != tt.sites0 || p.Of != len(tt.sites) || !near(p.Weighted, tt.weighted) || p.IntervalCoverage != tt.own || p.EnergyCoverage != tt.overall {
			t.Errorf("%s: %+v, want %v weighted of %d, measured at its own time %v", tt.sentence, p, tt.weighted, tt.sites0, tt.own)
		}
	}
}

func TestTheUnionsAveragesAreOfFiguresThatThereAre(t *testing.T) {
	t.Parallel()
	if got := kpi.Poolable(); !slices.Equal(got, []string{"pue", "wue_1", "wue_2", "erf", "ref"}) {
		t.Errorf("averages are of %v (Annex IV; of the water figures both)", got)
	}
	for _, name := range kpi.Poolable() {
		named(t, name)
	}
}
