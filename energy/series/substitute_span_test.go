package series

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

func TestWhichSpansGetAShape(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	whole := past.distributed(29, 40, 52)
	at := func(from, to int) energy.Period {
		return energy.Period{From: past.Days[29].quarter(from).From, To: past.Days[29].quarter(to - 1).To}
	}
	limited := func(longest time.Duration) Order {
		o := order(t, energy.ComparisonDay).from(past)
		o.Methods[0].Longest = longest
		return o
	}
	ordered := func(p energy.Period) Order {
		o := order(t, energy.ComparisonDay).from(past)
		o.Period = p
		return o
	}
	beyond := past.distributed(29, 0, 12)
	beyond.Spans[0].Period.From = beyond.Spans[0].Period.From.Add(-time.Hour)
	mixed := past.distributed(29, 40, 52)
	mixed.Days[29].Quality[45], mixed.Days[29].Covered[45] = energy.Calculated, 900
	declared := past.distributed(29, 40, 52)
	declared.Spans[0].Quality = energy.Declared
	for q := 40; q < 52; q++ {
		declared.Days[29].Quality[q] = energy.Declared
	}
	for _, tt := range []struct {
		sentence string
		known    Known
		order    Order
		method   energy.SubstituteMethod // "": it stays even
	}{
		{"three hours", whole.last(), order(t, energy.ComparisonDay).from(past), energy.ComparisonDay},
		{"from the first quarter-hour on", past.distributed(29, 0, 12).last(), order(t, energy.ComparisonDay).from(past), energy.ComparisonDay},
		{"up to the last", past.distributed(29, 84, 96).last(), order(t, energy.ComparisonDay).from(past), energy.ComparisonDay},
		{"not one that reaches beyond what is there", beyond.last(), order(t, energy.ComparisonDay).from(past), ""},
		{"not where no day is", Known{Spans: whole.Spans}, order(t, energy.ComparisonDay).from(past), ""},
		{"two quarter-hours", past.distributed(29, 40, 42).last(), order(t, energy.ComparisonDay).from(past), energy.ComparisonDay},
		{"a single one has no shape", past.distributed(29, 40, 41).last(), order(t, energy.ComparisonDay).from(past), ""},
		{"as long as the method allows", whole.last(), limited(3 * time.Hour), energy.ComparisonDay},
		{"not longer", whole.last(), limited(3*time.Hour - 1), ""},
		{"within a person's order", whole.last(), ordered(at(40, 52)), energy.ComparisonDay},
		{"not where that is for a part", whole.last(), ordered(at(41, 52)), ""},
		{"nor beside a comparison meter", whole.last(), besides(ordered(at(41, 52)), past), ""},
		{"nor beside one where a quarter-hour is known by itself", mixed.last(), besides(order(t, energy.ComparisonDay).from(past), past), ""},
		{"no amount that was declared", declared.last(), order(t, energy.ComparisonDay).from(past), ""},
		{"not where a quarter-hour is known by itself", mixed.last(), order(t, energy.ComparisonDay).from(past), ""},
		{"the next method where one does not apply", whole.last(), order(t, energy.ComparisonDay, energy.ComparisonMeter).from(past.without(22, 41, 42).without(15, 41, 42).without(8, 41, 42).without(1, 41, 42)).beside(past), energy.ComparisonMeter},
		{"the next method where one gives nothing but zeros", whole.last(), zeros(order(t, energy.ComparisonDay, energy.ComparisonMeter).beside(past), past), energy.ComparisonMeter},
		{"none where all give zeros", whole.last(), order(t, energy.ComparisonDay).from(past.level(0)), ""},
	} {
		filled, done := Fill(tt.known, false, []Order{tt.order})
		if tt.method == "" {
			if len(done) != 0 || slices.ContainsFunc(filled.Spans, func(s Span) bool { return s.Cause == CauseSubstitute }) {
				t.Errorf("%s: %+v", tt.sentence, done)
			}
			for i, d := range filled.Days {
				if !slices.Equal(d.Quality, tt.known.Days[i].Quality) || !slices.Equal(d.Values, tt.known.Days[i].Values) {
					t.Errorf("%s: a day without a shape is another one", tt.sentence)
				}
			}
			continue
		}
		if len(done) != 1 || done[0].Method != tt.method || !done[0].Total || filled.Spans[0].Cause != CauseSubstitute || filled.Days[0].Total != tt.known.Days[0].Total || filled.Days[0].Substitute != 0 {
			t.Errorf("%s: %+v, %+v; total %d of %d, %d of it substitute", tt.sentence, done, filled.Spans, filled.Days[0].Total, tt.known.Days[0].Total, filled.Days[0].Substitute)
		}
	}
}

// besides is an order for the course of a comparison meter alone.
func besides(o Order, meter Known) Order {
	o.Methods = []Substitution{{energy.ComparisonMeter, 10 * 24 * time.Hour}}
	return o.beside(meter)
}

// zeros is an order that knows a past in which the weeks before a gap have
// nothing in the quarter-hours of the gap, and the rest as it was.
func zeros(o Order, past Known) Order {
	for _, day := range []int{1, 8, 15, 22} {
		for q := 40; q < 52; q++ {
			past = past.with(day, q, 0)
		}
	}
	return o.from(past)
}

func TestAShapedSpanIsASubstituteInItsPartsAndNoneAsAWhole(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	known := past.distributed(29, 4, 16).last() // from 1 to 4 o'clock
	filled, done := Fill(known, false, []Order{order(t, energy.ComparisonDay).from(past)})
	if len(done) != 1 {
		t.Fatalf("%+v", done)
	}
	day := slices.Collect(Steps(filled.Days, filled.Spans, 24*time.Hour))[0]
	if day.Substitute != 0 || day.Quality != energy.Measured || day.EnergyS != 86_400 || day.IntervalS != 84*900 || day.Amount != known.Days[0].Total {
		t.Errorf("the day: %+v", day)
	}
	hours := slices.Collect(Steps(filled.Days, filled.Spans, time.Hour))
	for hour, substitute := range map[int]bool{0: false, 1: true, 3: true, 4: false} {
		h := hours[hour]
		want := Total{Period: h.Period, Amount: h.Amount, Quality: energy.Measured, IntervalS: 3600, EnergyS: 3600, PeriodS: 3600}
		if substitute {
			want.Quality, want.IntervalS, want.EnergyS, want.Substitute = energy.Substitute, 0, 0, h.Amount
		}
		if h.shown() != want || h.Amount <= 0 {
			t.Errorf("hour %d: %+v, want %+v", hour, h.shown(), want)
		}
	}
	// its amount falls as the week before: quarter-hour 4 of day 22 had 22,004, all twelve 22,009.5 on average
	total := energy.Amount(12*29_000 + (4+15)*6)
	if want := total * 22_004 / (12*22_000 + (4+15)*6); filled.Days[0].Values[4]-want > 1 || want-filled.Days[0].Values[4] > 1 {
		t.Errorf("quarter-hour 4 has %d, want %d", filled.Days[0].Values[4], want)
	}
}

func TestASpanThatBeginsAndEndsWithinQuarterHoursAddsUpOverTheDaysItTouches(t *testing.T) {
	t.Parallel()
	// A counter is read each quarter of an hour, but for the time from 20:05 of
	// one day to 3:10 of the next.
	past := weeks(t, 15)
	first, second := past.Days[13], past.Days[14]
	var readings []energy.Reading
	gap := energy.Period{From: first.Period.From.Add(20*time.Hour + 5*time.Minute), To: second.Period.From.Add(3*time.Hour + 10*time.Minute)}
	for at := first.Period.From; !at.After(second.Period.To); at = at.Add(5 * time.Minute) {
		if at.After(gap.From) && at.Before(gap.To) {
			continue
		}
		readings = append(readings, energy.Reading{At: at, Value: energy.Decimal(int64(at.Sub(first.Period.From)/time.Minute), -3), Quality: energy.Measured})
	}
	track := NewTrack(readings, energyRules())
	known := Known{Days: []Day{track.Day(first.Date, first.Period), track.Day(second.Date, second.Period)}, Spans: track.Spans()}
	filled, done := Fill(known, false, []Order{order(t, energy.ComparisonDay).from(past)})
	if len(done) != 1 || !done[0].Total || done[0].Period != (energy.Period{From: gap.From.Add(10 * time.Minute), To: gap.To.Add(-10 * time.Minute)}) {
		t.Fatalf("%+v", done)
	}
	both := energy.Period{From: first.Period.From, To: second.Period.To}
	got, want := Over(both, filled.Days, filled.Spans), Over(both, known.Days, known.Spans)
	if got.shown() != want.shown() || got.Substitute != 0 || got.Amount != 2_880_000 || got.EnergyS != 2*86_400 {
		t.Errorf("both days: %+v, want %+v", got.shown(), want.shown())
	}
	// on the first day lie 10 minutes of a measured quarter-hour and 15 quarter-hours of the gap
	one := Over(first.Period, filled.Days, filled.Spans)
	shape := filled.Days[0].Total - known.Days[0].Total + 235_000
	if one.Substitute != shape || one.Amount != filled.Days[0].Total {
		t.Errorf("the first day: %+v, want the substitute %d", one.shown(), shape)
	}
	if got := filled.Spans[0].in(filled.Days[0]); got != shape || shape == known.Spans[0].Share(first.Period) {
		t.Errorf("the first day shows %d of the span, want %d", got, shape)
	}
}

func TestAQuarterHourIsShapedWhereAShapedSpanCoversIt(t *testing.T) {
	t.Parallel()
	day := weeks(t, 1).Days[0]
	at := func(from, to int, cause Cause) Span {
		return Span{Period: energy.Period{From: day.quarter(from).From, To: day.quarter(to - 1).To}, Cause: cause, Quality: energy.Distributed}
	}
	half := at(40, 44, CauseSubstitute)
	half.Period.From = half.Period.From.Add(time.Minute)
	for sentence, tt := range map[string]struct {
		spans []Span
		want  bool
	}{
		"no span":                      {nil, false},
		"a shaped one":                 {[]Span{at(40, 44, CauseSubstitute)}, true},
		"a gap":                        {[]Span{at(40, 44, CauseGap)}, false},
		"an interval":                  {[]Span{at(40, 41, CauseInterval)}, false},
		"a shaped one of a part of it": {[]Span{half}, false},
		"a gap, then a shaped one":     {[]Span{at(38, 41, CauseGap), at(40, 44, CauseSubstitute)}, true},
		"one elsewhere":                {[]Span{at(41, 44, CauseSubstitute)}, false},
	} {
		s, shaped := shapedIn(day.quarter(40), tt.spans)
		if shaped != tt.want || shaped && s != tt.spans[len(tt.spans)-1] {
			t.Errorf("%s: %v, %+v", sentence, shaped, s)
		}
	}
}
