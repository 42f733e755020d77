package kpi_test

import (
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

var berlin = func() energy.Calendar {
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return c
}()

const (
	grid = energy.PointID("hafen/grid")
	it   = energy.PointID("hafen/it")
)

// flat is a fully measured day of the same amount in every quarter-hour.
func flat(date energy.Date, amount energy.Amount) series.Day {
	p := berlin.Day(date)
	n := int(p.Length() / energy.QuarterHour)
	d := series.Day{Date: date, Period: p}
	for range n {
		d.Values = append(d.Values, amount)
		d.Quality = append(d.Quality, energy.Measured)
		d.Covered = append(d.Covered, 900)
		d.Total += amount
		d.CoveredS += 900
	}
	return d
}

// lacking makes quarter-hours [from, to) of d missing.
func lacking(d series.Day, from, to int) series.Day {
	for q := from; q < to; q++ {
		d.Total -= d.Values[q]
		d.CoveredS -= int(d.Covered[q])
		d.Values[q], d.Quality[q], d.Covered[q] = 0, energy.Missing, 0
	}
	return d
}

// spread makes quarter-hours [from, to) of d distributed.
func spread(d series.Day, from, to int) series.Day {
	for q := from; q < to; q++ {
		d.CoveredS -= int(d.Covered[q])
		d.Quality[q], d.Covered[q] = energy.Distributed, 0
	}
	return d
}

func pair() kpi.Pair {
	return kpi.Pair{Numerator: []kpi.Term{{Point: grid, Factor: kpi.Unity}}, Denominator: []kpi.Term{{Point: it, Factor: kpi.Unity}}}
}

func TestQuarterHoursWithoutEnergyOnOneSideAreLeftOutOnBoth(t *testing.T) {
	t.Parallel()
	date := energy.Date{Year: 2025, Month: 6, Day: 3}
	days := map[energy.PointID]series.Day{grid: flat(date, 150), it: lacking(flat(date, 100), 0, 24)}
	sum := pair().Day(berlin.Day(date), days, nil)
	want := kpi.Sum{Numerator: 72 * 150, Denominator: 72 * 100, IntervalS: 72 * 900, EnergyS: 72 * 900, PeriodS: 86400}
	if sum != want {
		t.Errorf("sum of a day without IT energy before six = %+v, want %+v", sum, want)
	}
	figure := named(t, "pue").Figure(pair(), 1, berlin.Day(date), sum, nil)
	if figure.Value != 1.5 || figure.EnergyCoverage != 0.75 || figure.Category != 1 || figure.Edition != "2019-08" {
		t.Errorf("figure = %+v, want 1.5 in category 1 with coverage 0.75", figure)
	}
}

func TestClockChangeDaysHaveTheirOwnLength(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		date     energy.Date
		quarters int64
	}{
		{energy.Date{Year: 2025, Month: 3, Day: 30}, 92},
		{energy.Date{Year: 2025, Month: 10, Day: 26}, 100},
	} {
		days := map[energy.PointID]series.Day{grid: flat(tt.date, 150), it: flat(tt.date, 100)}
		sum := pair().Day(berlin.Day(tt.date), days, nil)
		if sum.PeriodS != tt.quarters*900 || sum.IntervalS != tt.quarters*900 || int64(sum.Denominator) != tt.quarters*100 {
			t.Errorf("%s: %+v, want %d quarter-hours", tt.date, sum, tt.quarters)
		}
	}
}

func TestASpanCountsAsMeasuredOnlyInAPeriodThatContainsIt(t *testing.T) {
	t.Parallel()
	first := energy.Date{Year: 2025, Month: 6, Day: 3}
	second := first.AddDays(1)
	// IT energy is known in sum only from 22:00 to 02:00 across midnight.
	midnight := berlin.Day(second).From
	span := series.Span{Period: energy.Period{From: midnight.Add(-2 * time.Hour), To: midnight.Add(2 * time.Hour)}, Amount: 1600, Cause: series.CauseGap, Quality: energy.Distributed}
	spans := map[energy.PointID][]series.Span{it: {span}}
	a := pair().Day(berlin.Day(first), map[energy.PointID]series.Day{grid: flat(first, 150), it: spread(flat(first, 100), 88, 96)}, spans)
	b := pair().Day(berlin.Day(second), map[energy.PointID]series.Day{grid: flat(second, 150), it: spread(flat(second, 100), 0, 8)}, spans)
	day := named(t, "pue").Figure(pair(), 1, berlin.Day(first), a, spans)
	if want := 22.0 / 24; day.EnergyCoverage != want || day.IntervalCoverage != want {
		t.Errorf("the first day cuts the span: coverages %v and %v, want %v", day.EnergyCoverage, day.IntervalCoverage, want)
	}
	if want := 800.0 / 9600; !(math.Abs(day.SubstituteShare-want) <= 1e-12) {
		t.Errorf("substitute share of the first day = %v, want %v", day.SubstituteShare, want)
	}
	a.Add(b)
	both := named(t, "pue").Figure(pair(), 1, energy.Period{From: berlin.Day(first).From, To: berlin.Day(second).To}, a, spans)
	if both.EnergyCoverage != 1 || both.SubstituteShare != 0 {
		t.Errorf("both days contain the span: energy coverage %v, substitute %v, want 1 and 0", both.EnergyCoverage, both.SubstituteShare)
	}
	if want := 44.0 / 48; both.IntervalCoverage != want {
		t.Errorf("interval coverage of both days = %v, want %v", both.IntervalCoverage, want)
	}
}

func TestAFigureWithoutEnergyHasNoValue(t *testing.T) {
	t.Parallel()
	date := energy.Date{Year: 2025, Month: 6, Day: 3}
	sum := pair().Day(berlin.Day(date), map[energy.PointID]series.Day{grid: flat(date, 150)}, nil)
	if figure := named(t, "pue").Figure(pair(), 1, berlin.Day(date), sum, nil); figure.OK || figure.EnergyCoverage != 0 {
		t.Errorf("PUE without IT energy = %+v, want none", figure)
	}
}

func TestAFigureOfSubstitutesAloneIsGivenAndSaysSo(t *testing.T) {
	t.Parallel()
	it := flat(june, 100)
	for q := range it.Quality {
		it.Quality[q], it.Covered[q] = energy.Substitute, 0
	}
	days := map[energy.PointID]series.Day{grid: flat(june, 150), "hafen/it": it}
	figure := named(t, "pue").Figure(pair(), 1, berlin.Day(june), pair().Day(berlin.Day(june), days, nil), nil)
	if !figure.OK || figure.Value != 1.5 || figure.EnergyCoverage != 0 || figure.SubstituteShare != 1 {
		t.Errorf("PUE of a day whose IT energy is estimated = %+v, want 1.5 without coverage, all of it substitute", figure)
	}
}

func point(id string, role energy.Role, change func(*registry.Point)) registry.Point {
	p := registry.Point{ID: energy.PointID("hafen/" + id), Quantity: energy.ActiveEnergyImport, Role: role, Series: energy.Counter, Use: energy.Primary}
	if role == energy.ITLoad {
		p.Category = 1
	}
	if change != nil {
		change(&p)
	}
	return p
}

func TestEachPointOfTheTreeCountsOnce(t *testing.T) {
	t.Parallel()
	always := kpi.On(energy.Date{Year: 2025, Month: 6, Day: 3})
	below := func(parent string) func(*registry.Point) {
		return func(p *registry.Point) { p.Parent = energy.PointID("hafen/" + parent) }
	}
	site := registry.Site{ID: "hafen", Meters: []registry.Meter{{ID: "m", Points: []registry.Point{
		point("grid", energy.GridImport, nil),
		point("grid-check", energy.GridImport, func(p *registry.Point) { p.Use = energy.Check }),
		point("grid-sub", energy.GridImport, below("grid")),
		point("pv", energy.OnsiteRenewable, nil),
		point("export", energy.GridExport, nil),
		point("canteen", energy.ForeignLoad, below("grid")),
		point("neighbour", energy.ForeignLoad, nil), // not behind our meter
		point("charge", energy.StorageCharge, nil),
		point("discharge", energy.StorageDischarge, nil),
		point("ups", energy.ITLoad, nil),
		point("rack", energy.ITLoad, below("ups")),
		point("fans", energy.OtherInfrastructure, func(p *registry.Point) { p.DeductFrom = "hafen/ups" }),
		point("pdu", energy.ITLoad, func(p *registry.Point) { p.Category = 2 }),
		point("old", energy.GridImport, func(p *registry.Point) { p.To = energy.Date{Year: 2024, Month: 1, Day: 1} }),
	}}}}
	want := map[energy.PointID]int64{"hafen/grid": 1000, "hafen/pv": 1000, "hafen/export": -1000, "hafen/canteen": -1000, "hafen/charge": -1000, "hafen/discharge": 1000}
	got := map[energy.PointID]int64{}
	for _, term := range kpi.EDC(site, always) {
		got[term.Point] += term.Factor
	}
	if len(got) != len(want) {
		t.Errorf("terms of E_DC = %v, want %v", got, want)
	}
	for id, factor := range want {
		if got[id] != factor {
			t.Errorf("E_DC counts %s with %d, want %d", id, got[id], factor)
		}
	}
	if terms := kpi.EIT(site, 1, always); len(terms) != 2 || terms[0] != (kpi.Term{Point: "hafen/ups", Factor: 1000}) || terms[1] != (kpi.Term{Point: "hafen/fans", Factor: -1000}) {
		t.Errorf("terms of E_IT in category 1 = %v, want the UPS less the fans", terms)
	}
	if categories := kpi.Categories(site, always); len(categories) != 2 || categories[0] != 1 || categories[1] != 2 {
		t.Errorf("categories = %v, want 1 and 2", categories)
	}
}

func TestUncertaintyCombinesClasses(t *testing.T) {
	t.Parallel()
	// Class 0.5 meter with class 0.5 transformers over a 1 % meter:
	// 2·√((0.7071²+1²)/3) % = 1.4142 %.
	got, ok := kpi.Uncertainty(
		[]kpi.Share{{Amount: 1000, Percent: kpi.ClassPercent(0.5, 0.5), HasClass: true}},
		[]kpi.Share{{Amount: 700, Percent: 1, HasClass: true}})
	if want := 2 * math.Sqrt(1.5/3) / 100; !ok || !near(got, want) {
		t.Errorf("uncertainty = %v, want %v", got, want)
	}
	// Two equal meters in a sum are better than one.
	half := kpi.Share{Amount: 500, Percent: 1, HasClass: true}
	sum, _ := kpi.Uncertainty([]kpi.Share{half, half}, []kpi.Share{half})
	one, _ := kpi.Uncertainty([]kpi.Share{half}, []kpi.Share{half})
	if sum >= one {
		t.Errorf("two meters in a sum: %v, one: %v, want less", sum, one)
	}
	if _, ok := kpi.Uncertainty([]kpi.Share{{Amount: 1}}, []kpi.Share{half}); ok {
		t.Error("a meter of unknown class gave an uncertainty")
	}
}

func TestAHeatMeterIsAsGoodAsItsTemperatureDifference(t *testing.T) {
	t.Parallel()
	number := func(text string) registry.Number {
		n, err := registry.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	class := func(c string) registry.Accuracy {
		return registry.Accuracy{Class: c, QP: number("60"), DeltaThetaMin: number("3")}
	}
	for _, tt := range []struct {
		name     string
		accuracy registry.Accuracy
		kelvin   float64
		flow     float64
		percent  float64
		ok       bool
	}{
		{"class 2 at 6 K", class("2"), 6, 0, 5.02, true}, // 2.02 + 2.0 + 1.0
		{"class 2 at 30 K", class("2"), 30, 60, 3.42, true},
		{"class 2 at a tenth of its nominal flow", class("2"), 30, 6, 3.6, true}, // 2.2 + 0.8 + 0.6
		{"class 3 at a hundredth of it, where the flow sensor is bounded", class("3"), 30, 0.6, 6.4, true},
		{"class 1 at 3 K", class("1"), 3, 0, 6.01, true},
		{"class 3 at its nominal flow", class("3"), 30, 60, 4.45, true},                                                                       // 3.05 + 0.8 + 0.6
		{"one whose least difference is 1 K", registry.Accuracy{Class: "2", QP: number("60"), DeltaThetaMin: number("1")}, 2, 60, 5.02, true}, // 2.02 + 2.0 + 1.0
		{"one whose nominal flow is not stated", registry.Accuracy{Class: "2", DeltaThetaMin: number("3")}, 30, 6, 3.42, true},
		{"a small one at half of its nominal flow", registry.Accuracy{Class: "2", QP: number("1"), DeltaThetaMin: number("3")}, 30, 0.5, 3.44, true}, // 2.04 + 0.8 + 0.6
		{"below the least difference nothing is promised", class("2"), 2.9, 0, 0, false},
		{"class 0.5 is no class of heat meters", class("0.5"), 6, 0, 0, false},
		{"without a least difference", registry.Accuracy{Class: "2"}, 6, 0, 0, false},
	} {
		percent, ok := kpi.HeatMeterPercent(tt.accuracy, tt.kelvin, tt.flow)
		if ok != tt.ok || !near(percent, tt.percent) {
			t.Errorf("%s: %v %%, %v, want %v, %v", tt.name, percent, ok, tt.percent, tt.ok)
		}
	}
}

func TestARoleAddsUpNothingInAnotherUnit(t *testing.T) {
	t.Parallel()
	date := energy.Date{Year: 2025, Month: 6, Day: 3}
	heat := point("heat", energy.HeatDelivered, func(p *registry.Point) { p.Quantity = energy.HeatEnergy })
	volume := point("volume", energy.HeatDelivered, func(p *registry.Point) { p.Quantity = energy.Volume })
	site := registry.Site{ID: "hafen", Meters: []registry.Meter{{ID: "m", Points: []registry.Point{heat, volume}}}}
	days := map[energy.PointID]series.Day{heat.ID: flat(date, 100), volume.ID: flat(date, 7)}
	lines := kpi.Balance(site, date, berlin.Day(date), days, nil)
	for _, line := range lines {
		if line.Role == energy.HeatDelivered.Number() && line.Amount != 96*100 {
			t.Errorf("heat delivered = %d mWh, want %d: the volume is no heat", line.Amount, 96*100)
		}
	}
	if len(lines) == 0 {
		t.Error("the day has no lines")
	}
}
