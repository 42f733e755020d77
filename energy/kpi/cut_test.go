package kpi_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

func gap(from time.Time, length time.Duration, amount energy.Amount) series.Span {
	return series.Span{Period: energy.Period{From: from, To: from.Add(length)}, Amount: amount, Cause: series.CauseGap, Quality: energy.Distributed}
}

func TestOnlyWhatABorderCutsIsTakenOutOfTheKnownEnergy(t *testing.T) {
	t.Parallel()
	d := named(t, "pue")
	p := berlin.Day(june)
	evening, early := p.To.Add(-2*time.Hour), p.From.Add(4*time.Hour)
	inside := gap(early, 2*time.Hour, 800)
	for _, tt := range []struct {
		sentence              string
		spans                 map[energy.PointID][]series.Span
		from, to              int // distributed quarter-hours of the IT beside 4:00 to 6:00
		known, own, estimated float64
	}{
		{"a span inside is known", map[energy.PointID][]series.Span{it: {inside}}, 0, 0, 1, 22.0 / 24, 0},
		{"one that ends where the day begins is none of it", map[energy.PointID][]series.Span{it: {gap(p.From.Add(-time.Hour), time.Hour, 100), inside}}, 0, 0, 1, 22.0 / 24, 0},
		{"one over midnight at the end is cut", map[energy.PointID][]series.Span{it: {inside, gap(evening, 4*time.Hour, 1600)}}, 88, 96, 22.0 / 24, 20.0 / 24, 800.0 / 9600},
		{"one over midnight at the beginning is cut", map[energy.PointID][]series.Span{it: {gap(p.From.Add(-2*time.Hour), 4*time.Hour, 1600), inside}}, 0, 8, 22.0 / 24, 20.0 / 24, 800.0 / 9600},
	} {
		day := spread(spread(flat(june, 100), 16, 24), tt.from, tt.to)
		sum := pair().Day(p, map[energy.PointID]series.Day{grid: flat(june, 150), it: day}, tt.spans)
		f := d.Figure(pair(), 1, p, sum, tt.spans)
		if !near(f.EnergyCoverage, tt.known) || !near(f.IntervalCoverage, tt.own) || !near(f.SubstituteShare, tt.estimated) {
			t.Errorf("%s: known %v, at its own time %v, substitute %v, want %v, %v, %v", tt.sentence, f.EnergyCoverage, f.IntervalCoverage, f.SubstituteShare, tt.known, tt.own, tt.estimated)
		}
	}
}

func TestTimeThatTwoMetersLackIsLackedOnce(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	// The IT's gap begins at 20:00, the grid's at 18:00; both end at 2:00.
	spans := map[energy.PointID][]series.Span{
		it:   {gap(p.To.Add(-4*time.Hour), 6*time.Hour, 24*100)},
		grid: {gap(p.To.Add(-6*time.Hour), 8*time.Hour, 32*150)},
	}
	days := map[energy.PointID]series.Day{it: spread(spread(flat(june, 100), 0, 4), 80, 96), grid: spread(flat(june, 150), 72, 96)}
	spans[it] = append([]series.Span{gap(p.From, time.Hour, 400)}, spans[it]...) // an hour that is known in sum
	for range 20 {                                                               // the order of points is none
		f := named(t, "pue").Figure(pair(), 1, p, pair().Day(p, days, spans), spans)
		if !near(f.EnergyCoverage, 18.0/24) || !near(f.IntervalCoverage, 17.0/24) || !near(f.SubstituteShare, 0.25) {
			t.Fatalf("known %v, at its own time %v, substitute %v, want 18 h, 17 h, and a quarter of the grid's energy", f.EnergyCoverage*24, f.IntervalCoverage*24, f.SubstituteShare)
		}
	}
}

func TestAFigureOfItsOwnTimeTakesNothingFromASpan(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	own := pair()
	own.OwnTime = true
	spans := map[energy.PointID][]series.Span{it: {gap(p.To.Add(-2*time.Hour), 4*time.Hour, 1600)}}
	days := map[energy.PointID]series.Day{grid: flat(june, 150), it: spread(flat(june, 100), 88, 96)}
	sum := own.Day(p, days, spans)
	if want := (kpi.Sum{Numerator: 88 * 150, Denominator: 88 * 100, IntervalS: 88 * 900, EnergyS: 86400, PeriodS: 86400}); sum != want {
		t.Errorf("%+v, want %+v: the energy of the span is known, and has no time of its own", sum, want)
	}
	if f := named(t, "cue_location").Figure(own, 1, p, sum, spans); f.SubstituteShare != 0 || !near(f.EnergyCoverage, 22.0/24) {
		t.Errorf("substitute share = %v of a coverage of %v, want nothing of 22 hours", f.SubstituteShare, f.EnergyCoverage)
	}
}

func TestSharesAreBetweenNothingAndOne(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	for _, tt := range []struct {
		sentence string
		sum      kpi.Sum
		own      bool
		ok       bool
		share    float64
	}{
		{"nothing at all", kpi.Sum{}, false, false, 0},
		{"more of what came in is estimated than stayed", kpi.Sum{Numerator: 50, NumeratorSubstitute: 100, Denominator: 10, EnergyS: 900, PeriodS: 900}, false, true, 1},
		{"only what left is estimated", kpi.Sum{Numerator: 50, NumeratorSubstitute: -10, Denominator: 10, DenominatorSubstitute: -1, EnergyS: 900, PeriodS: 900}, false, true, 0},
		{"a sum below the line that nobody knows", kpi.Sum{Numerator: 7, Denominator: 5, PeriodS: 900}, false, false, 0},
		{"nothing below the line", kpi.Sum{Numerator: 7, EnergyS: 900, IntervalS: 900, PeriodS: 900}, false, false, 0},
		{"one unit below the line", kpi.Sum{Numerator: 7, Denominator: 1, EnergyS: 900, PeriodS: 900}, false, true, 0},
		{"less than nothing below the line", kpi.Sum{Numerator: 7, Denominator: -1, EnergyS: 900, PeriodS: 900}, false, false, 0},
		{"known in sum, and nothing at its own time, where that counts", kpi.Sum{Numerator: 7, Denominator: 5, EnergyS: 900, PeriodS: 900}, true, false, 0},
		{"one unit estimated above the line", kpi.Sum{Numerator: 2, NumeratorSubstitute: 1, Denominator: 4, PeriodS: 900}, false, true, 0.5},
		{"one unit estimated below the line", kpi.Sum{Numerator: 2, DenominatorSubstitute: 1, Denominator: 4, PeriodS: 900}, false, true, 0.25},
	} {
		of := pair()
		of.OwnTime = tt.own
		f := named(t, "pue").Figure(of, 1, p, tt.sum, nil)
		if f.OK != tt.ok || f.SubstituteShare != tt.share || f.EnergyCoverage < 0 || f.EnergyCoverage > 1 || f.IntervalCoverage < 0 {
			t.Errorf("%s: %+v, want a value: %v, and a substitute share of %v", tt.sentence, f, tt.ok, tt.share)
		}
	}
}

func TestASubstituteWhoseTotalIsKnownIsNoneExceptByTheHour(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	span := gap(p.From.Add(2*time.Hour), 2*time.Hour, 800)
	span.Cause = series.CauseSubstitute
	spans := map[energy.PointID][]series.Span{it: {span}}
	days := map[energy.PointID]series.Day{grid: flat(june, 150), it: marked(flat(june, 100), 8, 16, energy.Substitute, 0)}
	if sum := pair().Day(p, days, spans); sum.DenominatorSubstitute != 0 || sum.EnergyS != 86400 || sum.IntervalS != 88*900 {
		t.Errorf("a day = %+v, want no substitute: the total of the two hours was measured", sum)
	}
	hours := pair().Hours(p, days, spans)
	var estimated energy.Amount
	for _, h := range hours {
		estimated += h.Sum.DenominatorSubstitute
	}
	if estimated != 800 {
		t.Errorf("by the hour %d are substitute, want 800: their shape was estimated", estimated)
	}
}

func TestADayHasItsHoursAndEachHourItsQuarters(t *testing.T) {
	t.Parallel()
	p := berlin.Day(june)
	days := map[energy.PointID]series.Day{grid: flat(june, 150), it: spread(flat(june, 100), 5, 6)}
	hours := pair().Hours(p, days, map[energy.PointID][]series.Span{it: {gap(p.From.Add(75*time.Minute), 15*time.Minute, 100)}})
	if len(hours) != 24 || !hours[0].From.Equal(p.From) || !hours[23].From.Equal(p.To.Add(-time.Hour)) {
		t.Fatalf("%d hours, want the 24 from midnight", len(hours))
	}
	for i, h := range hours {
		want := kpi.Sum{Numerator: 600, Denominator: 400, IntervalS: 3600, EnergyS: 3600, PeriodS: 3600}
		if i == 1 {
			want = kpi.Sum{Numerator: 450, Denominator: 300, IntervalS: 2700, EnergyS: 3600, PeriodS: 3600}
		}
		if h.Sum != want {
			t.Errorf("hour %d = %+v, want %+v", i, h.Sum, want)
		}
	}
}

func TestATemperatureCountsWhereHeatAndLevelWereMeasured(t *testing.T) {
	t.Parallel()
	p := centre().heatMeter("district", map[energy.Quantity]float64{energy.FlowTemperature: 40})
	level := energy.PointID("hafen/district-flow_temperature")
	d := kpi.Definition{}
	for _, other := range kpi.Definitions() {
		if _, ok := other.Of(p.site, 0, kpi.On(june)); ok && other.Name == "heat_delivered_flow_temperature" {
			d = other
		}
	}
	of, _ := d.Of(p.site, 0, kpi.On(june))
	if points := of.Points(); len(points) != 3 || points[0] != "hafen/district" || points[1] != level || points[2] != "hafen/district" {
		t.Errorf("the figure rests on %v, want the heat with its level, and the heat", points)
	}
	full := kpi.Sum{Numerator: 96 * 40 * unit, Denominator: 96 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 86400}
	for _, tt := range []struct {
		sentence string
		change   func(heat, flow series.Day) (series.Day, series.Day)
		want     kpi.Sum
	}{
		{"both measured", func(heat, flow series.Day) (series.Day, series.Day) { return heat, flow }, full},
		{"no temperature for an hour: that heat is left out", func(heat, flow series.Day) (series.Day, series.Day) { return heat, lacking(flow, 0, 4) },
			kpi.Sum{Numerator: 92 * 40 * unit, Denominator: 92 * unit, IntervalS: 92 * 900, EnergyS: 92 * 900, PeriodS: 86400}},
		{"a doubtful temperature counts, and is marked", func(heat, flow series.Day) (series.Day, series.Day) {
			return heat, marked(flow, 0, 4, energy.Suspect, 900)
		}, kpi.Sum{Numerator: full.Numerator, Denominator: full.Denominator, NumeratorSubstitute: 160 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 86400}},
		{"a doubtful heat too", func(heat, flow series.Day) (series.Day, series.Day) {
			return marked(heat, 0, 4, energy.Suspect, 900), flow
		}, kpi.Sum{Numerator: full.Numerator, Denominator: full.Denominator, NumeratorSubstitute: 160 * unit, IntervalS: 86400, EnergyS: 86400, PeriodS: 86400}},
	} {
		heat, flow := tt.change(flat(june, unit), flat(june, 40_000))
		if got := of.Day(berlin.Day(june), map[energy.PointID]series.Day{"hafen/district": heat, level: flow}, nil); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.sentence, got, tt.want)
		}
	}
}

func TestWhatHasNoPointsOrNoValuesAddsUpNothing(t *testing.T) {
	t.Parallel()
	empty, p := kpi.Sum{PeriodS: 86400}, berlin.Day(june)
	if got := (kpi.Pair{}).Day(p, nil, nil); got != empty {
		t.Errorf("a figure without points = %+v, want none", got)
	}
	days := map[energy.PointID]series.Day{grid: flat(june, 150), it: {Date: june, Period: p}}
	if got := pair().Day(p, days, nil); got != empty {
		t.Errorf("a day without values = %+v, want nothing known", got)
	}
	if pair := (kpi.Pair{Numerator: pair().Numerator}); pair.Complete() {
		t.Error("a pair without a denominator is complete")
	}
	if pair := (kpi.Pair{Denominator: pair().Denominator}); pair.Complete() {
		t.Error("a pair without a numerator is complete")
	}
	if d := named(t, "ref"); d.Name != "" {
		if _, ok := d.Of(registry.Site{ID: "hafen"}, 0, kpi.On(june)); ok {
			t.Error("a site without meters has a REF")
		}
	}
}
