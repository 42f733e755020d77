package series

import (
	"slices"
	"testing"

	"heatledger/energy"
)

// partly is known with quarter-hour q of a day measured for so many seconds
// only, in which that amount ran.
func (k Known) partly(day, q int, amount energy.Amount, seconds int16) Known {
	k.Days = slices.Clone(k.Days)
	d := k.Days[day]
	d.Values, d.Quality, d.Covered = slices.Clone(d.Values), slices.Clone(d.Quality), slices.Clone(d.Covered)
	d.Values[q], d.Quality[q], d.Covered[q] = amount, energy.Measured, seconds
	k.Days[day] = totalled(d)
	return k
}

// last is the last day alone, of which the rest is the past.
func (k Known) last() Known { return Known{Days: k.Days[len(k.Days)-1:], Spans: k.Spans} }

// from is an order that knows a past.
func (o Order) from(past Known) Order {
	o.Own = func(energy.Period) Known { return past }
	return o
}

// beside is an order that has a comparison meter.
func (o Order) beside(meter Known) Order {
	o.Meter = func(energy.Period) Known { return meter }
	return o
}

func TestAGapLiesBetweenTwoValues(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	compare, hold := order(t, energy.ComparisonDay).from(past), order(t, energy.HeldValue)
	for _, tt := range []struct {
		sentence string
		known    Known
		order    Order
		gaps     [][2]int // quarter-hours of the last day, [from, to)
	}{
		{"what is missing from the start on is none", past.without(29, 0, 4).last(), compare, nil},
		{"nor what was measured in part there", past.partly(29, 0, 9_000, 300).last(), compare, nil},
		{"a gap may begin with the second quarter-hour", past.without(29, 1, 4).last(), hold, [][2]int{{1, 4}}},
		{"and end with the last but one", past.without(29, 92, 95).last(), hold, [][2]int{{92, 95}}},
		{"what is missing up to the end is none", past.without(29, 92, 96).last(), compare, nil},
		{"nor what was measured in part there", past.partly(29, 95, 9_000, 300).last(), compare, nil},
		{"one value bounds two gaps", past.without(29, 8, 9).without(29, 10, 11).last(), hold, [][2]int{{8, 9}, {10, 11}}},
	} {
		_, done := Fill(tt.known, false, []Order{tt.order})
		var got [][2]int
		for _, s := range done {
			start := tt.known.Days[0].Period.From
			got = append(got, [2]int{int(s.Period.From.Sub(start) / energy.QuarterHour), int(s.Period.To.Sub(start) / energy.QuarterHour)})
		}
		if !slices.Equal(got, tt.gaps) {
			t.Errorf("%s: %v were filled, want %v", tt.sentence, got, tt.gaps)
		}
	}
}

func TestAQuarterHourThatWasMeasuredInPartIsCompleted(t *testing.T) {
	t.Parallel()
	// A third of quarter-hour 40 was measured, 100 mWh; 29,039 are held for the
	// two thirds that are not: 19,359.33.
	known := weeks(t, 30).partly(29, 40, 100, 300)
	filled, done := Fill(known, false, []Order{order(t, energy.HeldValue)})
	day, was := filled.Days[29], known.Days[29]
	if len(done) != 1 || done[0].Amount != 19_359 || day.Values[40] != 100+19_359 || day.Quality[40] != energy.Substitute || day.Covered[40] != 300 || day.Total != was.Total+19_359 {
		t.Errorf("%+v: %d mWh, %s, %d s, total %d after %d", done, day.Values[40], day.Quality[40], day.Covered[40], day.Total, was.Total)
	}
	if _, done := Fill(known, true, []Order{order(t, energy.HeldValue)}); len(done) != 0 {
		t.Errorf("a level is known by the part that was measured; it was filled: %+v", done)
	}
}

func TestSubstitutesAreListedByTheirTime(t *testing.T) {
	t.Parallel()
	known := weeks(t, 30).without(29, 40, 42).without(29, 60, 62)
	at := func(from, to int) energy.Period {
		return energy.Period{From: known.Days[29].quarter(from).From, To: known.Days[29].quarter(to).From}
	}
	later, earlier := order(t, energy.HeldValue), order(t, energy.ComparisonDay)
	later.Period, earlier.Period = at(60, 62), at(40, 42)
	_, done := Fill(known, false, []Order{later, earlier})
	if len(done) != 2 || done[0].Period != at(40, 42) || done[0].Order != 1 || done[1].Period != at(60, 62) || done[1].Order != 0 {
		t.Errorf("%+v", done)
	}
}

func TestADayAsksForSubstitutesWhereItWasNotMeasuredThroughout(t *testing.T) {
	t.Parallel()
	whole := weeks(t, 1)
	for sentence, tt := range map[string]struct {
		known Known
		gap   int // -1: none
	}{
		"a whole day does not":                  {whole, -1},
		"a missing quarter-hour does":           {whole.without(0, 40, 41), 40},
		"one that was measured in part does":    {whole.partly(0, 50, 7, 899), 50},
		"the first one may":                     {whole.without(0, 0, 1), 0},
		"one of a second more than none, too":   {whole.partly(0, 95, 7, 1), 95},
		"one that was measured as zero doesn't": {whole.partly(0, 50, 0, 900), -1},
	} {
		d := tt.known.Days[0]
		if d.Gaps() != (tt.gap >= 0) {
			t.Errorf("%s: %v", sentence, d.Gaps())
		}
		for q := range d.Values {
			if d.Gap(q) != (q == tt.gap) {
				t.Errorf("%s: quarter-hour %d: %v", sentence, q, d.Gap(q))
			}
		}
	}
}

func TestAMethodNeedsWhatItDrawsOn(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	hour := past.without(29, 40, 44)
	for _, tt := range []struct {
		sentence string
		known    Known
		levels   bool
		order    Order
		method   energy.SubstituteMethod // "": the gap stays
		first    energy.Amount
	}{
		{"no method that is not known", hour, false, order(t, "guessed"), "", 0},
		{"the next method where one does not apply", past.without(29, 40, 44).without(22, 40, 41).last(), false, order(t, energy.ComparisonDay, energy.HeldValue), energy.HeldValue, 29_039},
		{"no value is held that was measured in part", hour.partly(29, 39, 70, 450), true, order(t, energy.HeldValue), "", 0},
		{"no line starts from one", hour.partly(29, 39, 70, 450), true, order(t, energy.Interpolation), "", 0},
		{"no line ends at one", hour.partly(29, 44, 70, 450), true, order(t, energy.Interpolation), "", 0},
		{"the fourth week before is the last", past.without(29, 40, 49).without(22, 40, 41).without(15, 40, 41).without(8, 40, 41), false, order(t, energy.ComparisonDay), energy.ComparisonDay, 1_040},
		{"no day that is not there", past.without(29, 40, 49).last(), false, order(t, energy.ComparisonDay), "", 0},
		{"no comparison meter that is not there", hour, false, order(t, energy.ComparisonMeter), "", 0},
		{"a level is that of the comparison meter", hour, true, order(t, energy.ComparisonMeter).beside(past), energy.ComparisonMeter, 29_040},
	} {
		filled, done := Fill(tt.known, tt.levels, []Order{tt.order})
		day := filled.Days[len(filled.Days)-1]
		i := slices.IndexFunc(done, func(s Substituted) bool { return s.Period.From.Equal(day.quarter(40).From) })
		switch {
		case tt.method == "" && (i >= 0 || day.Quality[40] != energy.Missing):
			t.Errorf("%s: filled %+v", tt.sentence, done)
		case tt.method != "" && (i < 0 || done[i].Method != tt.method || day.Values[40] != tt.first):
			t.Errorf("%s: %+v, %d mWh, want %s, %d", tt.sentence, done, day.Values[40], tt.method, tt.first)
		}
	}
}

func TestAPersonsOrderReachesTheBordersOfWhatIsThere(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	for _, tt := range []struct {
		sentence string
		known    Known
		levels   bool
		order    Order
		filled   int // quarter-hours
	}{
		{"no value can be held before the first", past.without(29, 0, 4).last(), false, order(t, energy.HeldValue), 0},
		{"no line has its start there", past.without(29, 0, 4).last(), false, order(t, energy.Interpolation), 0},
		{"no line its end behind the last", past.without(29, 92, 96).last(), false, order(t, energy.Interpolation), 0},
		{"a value can be held up to the end", past.without(29, 92, 96).last(), false, order(t, energy.HeldValue), 4},
		{"a level is that of the comparison meter from the first quarter-hour on", past.without(29, 0, 4).last(), true, order(t, energy.ComparisonMeter).beside(past), 4},
	} {
		tt.order.Period = tt.known.Days[0].Period
		filled, done := Fill(tt.known, tt.levels, []Order{tt.order})
		n := 0
		for _, q := range filled.Days[0].Quality {
			if q == energy.Substitute {
				n++
			}
		}
		if n != tt.filled || (len(done) > 0) != (tt.filled > 0) {
			t.Errorf("%s: %d quarter-hours, %+v; want %d", tt.sentence, n, done, tt.filled)
		}
	}
}

// level is a meter that measured the same in every quarter-hour.
func (k Known) level(v int64) Known {
	flat := Known{}
	for _, d := range k.Days {
		amounts := make([]int64, len(d.Values))
		for q := range amounts {
			amounts[q] = v
		}
		flat.Days = append(flat.Days, dayOf(d.Date, d.Period, amounts))
	}
	return flat
}

// with is known with another amount in a quarter-hour that was measured.
func (k Known) with(day, q int, v energy.Amount) Known { return k.partly(day, q, v, 900) }

// A comparison meter stands for another by what both measured in the same 96
// quarter-hours at least: from 10 o'clock of the day before to the gap at 10.
func TestAComparisonMeterNeedsADayThatBothMeasured(t *testing.T) {
	t.Parallel()
	days := weeks(t, 30)
	own, other := days.level(30).without(29, 40, 42), days.level(10)
	const most = mostCounter / 64
	huge := days.level(most).without(29, 40, 42)
	onlyOne := days.level(0).with(29, 10, 1).with(29, 40, 1).with(29, 41, 0)
	for _, tt := range []struct {
		sentence   string
		own, other Known
		ok         bool
		first      energy.Amount
	}{
		{"a day, of which it measured a third", own, other, true, 30},
		{"a quarter-hour less of its own", own.without(28, 40, 41), other, false, 0},
		{"a quarter-hour less of the other", own, other.without(29, 39, 40), false, 0},
		{"a quarter-hour that was measured in part", own.partly(28, 50, 30, 899), other, false, 0},
		{"what was missing a day and an hour before is no matter", own.without(28, 36, 40), other, true, 30},
		{"nothing that ran is measured too", own.with(28, 60, 0), other, true, 30},
		{"less than nothing is no course", own.with(28, 60, -1), other, false, 0},
		{"of the other neither", own, other.with(28, 60, -1), false, 0},
		{"a meter that measured nothing stands for none", own, days.level(0), false, 0},
		{"one that measured a single mWh does", own.with(29, 10, 30), onlyOne, true, 96 * 30},
		{"sums larger than any are not counted", huge, other, false, 0},
		{"of the other neither", own, days.level(most), false, 0},
		{"not even the last of a day", own, days.level((mostCounter + 95) / 96), false, 0},
		{"up to the largest that a counter gives", days.level(1).without(29, 40, 42).with(28, 60, mostCounter-95), days.level(1).with(29, 40, 1), false, 0},
		{"one less is counted", days.level(1).without(29, 40, 42).with(28, 60, mostCounter-96), days.level(mostCounter / 128), true, (mostCounter - 1) / 96},
		{"no value is larger than a counter gives", days.level(1<<50).without(29, 40, 42), days.level(1).with(29, 40, 1<<12), false, 0},
	} {
		o := order(t, energy.ComparisonMeter).beside(tt.other)
		o.Back = 1
		gaps := Order{Methods: o.Methods, Reason: o.Reason, Own: nil, Meter: o.Meter, Back: 1, DaysBefore: o.DaysBefore,
			Period: energy.Period{From: tt.own.Days[29].quarter(40).From, To: tt.own.Days[29].quarter(42).From}}
		filled, done := Fill(tt.own, false, []Order{gaps})
		if day := filled.Days[29]; (len(done) == 1) != tt.ok || tt.ok && day.Values[40] != tt.first {
			t.Errorf("%s: %+v, %d mWh, want %d", tt.sentence, done, day.Values[40], tt.first)
		}
	}
}

// distributed is known with quarter-hours [from, to) of a day spread evenly over
// a span that begins and ends with them.
func (k Known) distributed(day, from, to int) Known {
	k.Days = slices.Clone(k.Days)
	d := k.Days[day]
	d.Values, d.Quality, d.Covered = slices.Clone(d.Values), slices.Clone(d.Quality), slices.Clone(d.Covered)
	s := Span{Period: energy.Period{From: d.quarter(from).From, To: d.quarter(to - 1).To}, Cause: CauseGap, Quality: energy.Distributed}
	for q := from; q < to; q++ {
		s.Amount += d.Values[q]
	}
	for q := from; q < to; q++ {
		d.Values[q], d.Quality[q], d.Covered[q] = s.Share(d.quarter(q)), energy.Distributed, 0
	}
	k.Days[day], k.Spans = totalled(d), append(slices.Clone(k.Spans), s)
	return k
}

func TestADayOfWhichNothingIsKnownStaysSo(t *testing.T) {
	t.Parallel()
	known := weeks(t, 30).without(3, 0, 96).without(29, 40, 41)
	filled, done := Fill(known, false, []Order{order(t, energy.HeldValue)})
	if d := filled.Days[3]; len(done) != 1 || d.Lo != 0 || d.Hi != 0 || d.Total != 0 || d.CoveredS != 0 {
		t.Errorf("%+v: %+v", done, d)
	}
}
