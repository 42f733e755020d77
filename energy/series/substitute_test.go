package series

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// weeks are days of intervals that were measured, n of them up to the test's
// day: quarter-hour q of day i has 1000·i + q.
func weeks(t tester, n int) Known {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	last := energy.Date{Year: 2025, Month: 6, Day: 25}
	var k Known
	for i := range n {
		date := last.AddDays(i - n + 1)
		amounts := make([]int64, 96)
		for q := range amounts {
			amounts[q] = int64(1000*i + q)
		}
		k.Days = append(k.Days, dayOf(date, calendar.Day(date), amounts))
	}
	return k
}

// without takes quarter-hours [from, to) of a day away.
func (k Known) without(day, from, to int) Known {
	k.Days = slices.Clone(k.Days)
	amounts := make([]int64, len(k.Days[day].Values))
	for q, v := range k.Days[day].Values {
		if amounts[q] = int64(v); q >= from && q < to || k.Days[day].Quality[q] == energy.Missing {
			amounts[q] = -1
		}
	}
	k.Days[day] = dayOf(k.Days[day].Date, k.Days[day].Period, amounts)
	return k
}

// order asks for methods without limits but of a day for straight lines.
func order(t tester, methods ...energy.SubstituteMethod) Order {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	o := Order{Reason: energy.CommunicationFault, Back: 28, DaysBefore: calendar.DaysBefore}
	for _, m := range methods {
		longest := 10 * 24 * time.Hour
		if m == energy.Interpolation || m == energy.HeldValue {
			longest = 2 * time.Hour
		}
		o.Methods = append(o.Methods, Substitution{m, longest})
	}
	return o
}

func TestAGapIsFilledByTheFirstMethodThatApplies(t *testing.T) {
	t.Parallel()
	all := []energy.SubstituteMethod{energy.Interpolation, energy.ComparisonDay, energy.HeldValue}
	for _, tt := range []struct {
		sentence string
		known    Known
		methods  []energy.SubstituteMethod
		method   energy.SubstituteMethod // "": the gap stays
		first    energy.Amount           // the value of the first quarter-hour of the gap, 40 of day 29
	}{
		{"an hour is interpolated", weeks(t, 30).without(29, 40, 44), all, energy.Interpolation, 29_040},
		{"two hours too", weeks(t, 30).without(29, 40, 48), all, energy.Interpolation, 29_040},
		{"a quarter-hour more is compared with the week before", weeks(t, 30).without(29, 40, 49), all, energy.ComparisonDay, 22_040},
		{"a week that lacks the hours too is passed over", weeks(t, 30).without(29, 40, 49).without(22, 48, 49), all, energy.ComparisonDay, 15_040},
		{"beyond four weeks nothing is compared", weeks(t, 30).without(29, 40, 49).without(22, 48, 49).without(15, 40, 41).without(8, 41, 42).without(1, 42, 43), all, "", 0},
		{"a value is held", weeks(t, 30).without(29, 40, 44), []energy.SubstituteMethod{energy.HeldValue}, energy.HeldValue, 29_039},
		{"a gap at the end is none", weeks(t, 30).without(29, 40, 96), all, "", 0},
	} {
		filled, done := Fill(tt.known, false, []Order{order(t, tt.methods...)})
		day := filled.Days[29]
		if tt.method == "" {
			for _, d := range done {
				if d.Period.Overlaps(day.Period) {
					t.Errorf("%s: filled by %s", tt.sentence, d.Method)
				}
			}
			if day.Quality[40] != energy.Missing {
				t.Errorf("%s: quarter-hour 40 is %s", tt.sentence, day.Quality[40])
			}
			continue
		}
		last := done[len(done)-1]
		if last.Method != tt.method || last.Reason != energy.CommunicationFault || last.Total || !last.Period.From.Equal(day.quarter(40).From) {
			t.Errorf("%s: %+v", tt.sentence, last)
		}
		before := tt.known.Days[29]
		if day.Values[40] != tt.first || day.Quality[40] != energy.Substitute || day.Covered[40] != 0 || day.CoveredS != before.CoveredS ||
			day.Total != before.Total+day.Substitute || day.Substitute < tt.first {
			t.Errorf("%s: %d, %s, %d s, %d s of the day, total %d of which %d substitute; %d is expected", tt.sentence, day.Values[40], day.Quality[40],
				day.Covered[40], day.CoveredS, day.Total, day.Substitute, tt.first)
		}
	}
}

func TestAClockChangeDayIsComparedByTheClock(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sentence string
		date     energy.Date // the day of the gap
		quarter  int         // the gap is there and an hour on
		want     energy.Amount
	}{
		{"the second 2 o'clock of the day in autumn is that of the week before", energy.Date{Year: 2025, Month: 10, Day: 26}, 12, 8},
		{"noon of the day in autumn is noon of the week before", energy.Date{Year: 2025, Month: 10, Day: 26}, 52, 48},
		{"noon of the day in spring is noon of the week before", energy.Date{Year: 2025, Month: 3, Day: 30}, 44, 48},
		{"2 o'clock a week after the day in spring is that of two weeks before", energy.Date{Year: 2025, Month: 4, Day: 6}, 8, 8},
		{"29 February is compared with the 22nd", energy.Date{Year: 2024, Month: 2, Day: 29}, 48, 48},
		{"New Year's Day is compared with Christmas Day", energy.Date{Year: 2025, Month: 1, Day: 1}, 0, 0},
	} {
		var k Known
		for i := -28; i <= 1; i++ {
			date := tt.date.AddDays(i)
			p := calendar.Day(date)
			amounts := make([]int64, p.Length()/energy.QuarterHour)
			for q := range amounts {
				shown := time.Time(calendar.Wall(p.From.Add(time.Duration(q) * energy.QuarterHour)))
				amounts[q] = int64(shown.Hour()*4 + shown.Minute()/15)
			}
			k.Days = append(k.Days, dayOf(date, p, amounts))
		}
		filled, done := Fill(k.without(28, tt.quarter, tt.quarter+4), false, []Order{order(t, energy.ComparisonDay)})
		if got := filled.Days[28]; len(done) != 1 || got.Values[tt.quarter] != tt.want || got.Quality[tt.quarter] != energy.Substitute {
			t.Errorf("%s: %v, %d, %s; %d is expected", tt.sentence, done, got.Values[tt.quarter], got.Quality[tt.quarter], tt.want)
		}
	}
}

func TestAComparisonMeterGivesItsCourseInProportion(t *testing.T) {
	t.Parallel()
	own := weeks(t, 30).without(29, 40, 60)
	half := weeks(t, 30)
	for i := range half.Days {
		for q := range half.Days[i].Values {
			half.Days[i].Values[q] = energy.Amount(2 * (1000*i + q)) // twice as much
		}
	}
	o := order(t, energy.ComparisonMeter)
	o.Meter = func(energy.Period) Known { return half }
	filled, done := Fill(own, false, []Order{o})
	if day := filled.Days[29]; len(done) != 1 || done[0].Method != energy.ComparisonMeter || day.Values[40] != 29_040 || day.Values[59] != 29_059 {
		t.Errorf("%v: %d to %d, want what the meter itself would have measured", done, day.Values[40], day.Values[59])
	}
	lacking := half.without(29, 50, 51)
	o.Meter = func(energy.Period) Known { return lacking }
	if _, done := Fill(own, false, []Order{o}); len(done) != 0 {
		t.Errorf("a comparison meter that was not measured throughout gave %v", done)
	}
}

func TestAPersonsOrderFillsWhatNoValueBounds(t *testing.T) {
	t.Parallel()
	known := weeks(t, 30).without(29, 40, 96)
	o := order(t, energy.ComparisonDay)
	o.Period = energy.Period{From: known.Days[29].quarter(44).From, To: known.Days[29].quarter(59).From.Add(7 * time.Minute)}
	filled, done := Fill(known, false, []Order{o})
	day := filled.Days[29]
	if len(done) != 1 || day.Quality[43] != energy.Missing || day.Quality[44] != energy.Substitute || day.Quality[58] != energy.Substitute || day.Quality[59] != energy.Missing {
		t.Errorf("%v: %s %s … %s %s; whole quarter-hours of the order are expected", done, day.Quality[43], day.Quality[44], day.Quality[58], day.Quality[59])
	}
}

// gapped are 15 days of a counter, each quarter-hour, without its readings
// strictly between two of them.
func gapped(t tester, from, to int) Known {
	t.Helper()
	days := weeks(t, 15)
	var readings []energy.Reading
	var stand int64
	for i, n := 0, 0; i < len(days.Days); i++ {
		for q, v := range days.Days[i].Values {
			if n <= from || n >= to {
				readings = append(readings, energy.Reading{At: days.Days[i].quarter(q).From, Value: energy.Decimal(stand, -6), Quality: energy.Measured})
			}
			stand += int64(v)
			n++
		}
	}
	track := NewTrack(readings, energyRules())
	k := Known{Spans: track.Spans()}
	for _, d := range days.Days {
		k.Days = append(k.Days, track.Day(d.Date, d.Period))
	}
	return k
}

func TestASpanKeepsItsTotalAndGetsAShape(t *testing.T) {
	t.Parallel()
	known := gapped(t, 13*96+80, 14*96+12) // from 20 o'clock of the last day but one to 3 o'clock of the last
	filled, done := Fill(known, false, []Order{order(t, energy.Interpolation, energy.ComparisonDay)})
	if len(done) != 1 || !done[0].Total || done[0].Method != energy.ComparisonDay || len(filled.Spans) != 1 || filled.Spans[0].Cause != CauseSubstitute ||
		filled.Spans[0].Amount != known.Spans[0].Amount || filled.Spans[0].Period != known.Spans[0].Period {
		t.Fatalf("%+v, %+v", done, filled.Spans)
	}
	before, after := filled.Days[13], filled.Days[14]
	if before.Quality[80] != energy.Substitute || before.Quality[79] != energy.Measured || after.Quality[11] != energy.Substitute ||
		before.Values[80] == known.Days[13].Values[80] || before.Total+after.Total != known.Days[13].Total+known.Days[14].Total {
		t.Errorf("%s, %s, %s; totals %d and %d of %d and %d", before.Quality[79], before.Quality[80], after.Quality[11], before.Total, after.Total, known.Days[13].Total, known.Days[14].Total)
	}
	both := energy.Period{From: before.Period.From, To: after.Period.To}
	whole, was := Over(both, filled.Days, filled.Spans), Over(both, known.Days, known.Spans)
	if whole.Amount != was.Amount || whole.Substitute != 0 || whole.EnergyS != was.EnergyS || whole.IntervalS != was.IntervalS {
		t.Errorf("over both days %+v, before %+v: the same and no substitute is expected", whole, was)
	}
	if one := Over(before.Period, filled.Days, filled.Spans); one.Substitute != before.Substitute || one.Substitute <= 0 || one.Quality != energy.Substitute {
		t.Errorf("the first day alone: %+v", one)
	}
	if again, more := Fill(filled, false, []Order{order(t, energy.ComparisonDay)}); len(more) != 0 || !reflect.DeepEqual(again, filled) {
		t.Errorf("filled once more: %v", more)
	}
}

func TestSubstitutesRaiseNoCoverageAndAddUpWhateverIsMissing(t *testing.T) {
	t.Parallel()
	full := weeks(t, 15)
	methods := energy.SubstituteMethods()
	rapid.Check(t, func(t *rapid.T) {
		known := full
		if rapid.Bool().Draw(t, "counter") {
			from := rapid.IntRange(8*96, 14*96).Draw(t, "gap")
			known = gapped(t, from, from+rapid.IntRange(5, 90).Draw(t, "length"))
		}
		for range rapid.IntRange(0, 6).Draw(t, "gaps") {
			from := rapid.IntRange(0, 95).Draw(t, "from")
			day := rapid.IntRange(0, 14).Draw(t, "day")
			known = known.missing(day, from, rapid.IntRange(from+1, 96).Draw(t, "to"))
		}
		o := order(t, rapid.SliceOfNDistinct(rapid.SampledFrom(methods), 1, 4, rapid.ID).Draw(t, "methods")...)
		o.Meter = func(energy.Period) Known { return full }
		filled, done := Fill(known, false, []Order{o})
		for i, d := range filled.Days {
			var sum, substitute energy.Amount
			for q, v := range d.Values {
				was := known.Days[i]
				if d.Covered[q] != was.Covered[q] || d.Quality[q] != was.Quality[q] && d.Quality[q] != energy.Substitute {
					t.Fatalf("quarter-hour %d of day %d: %s, %d s; it was %s, %d s", q, i, d.Quality[q], d.Covered[q], was.Quality[q], was.Covered[q])
				}
				sum += v
				if d.Quality[q] == energy.Substitute {
					substitute += v
				}
			}
			if d.Total != sum || d.CoveredS != known.Days[i].CoveredS || len(filled.Spans) == 0 && d.Substitute != substitute {
				t.Fatalf("day %d: total %d of %d, substitute %d of %d, %d s of %d", i, d.Total, sum, d.Substitute, substitute, d.CoveredS, known.Days[i].CoveredS)
			}
		}
		cut := rapid.IntRange(1, 14).Draw(t, "cut")
		first, last := filled.Days[0].Period.From, filled.Days[14].Period.To
		border := filled.Days[cut].Period.From
		a, b := Over(energy.Period{From: first, To: border}, filled.Days, filled.Spans), Over(energy.Period{From: border, To: last}, filled.Days, filled.Spans)
		if whole := Over(energy.Period{From: first, To: last}, filled.Days, filled.Spans); whole.Amount != a.Amount+b.Amount || whole.IntervalS != a.IntervalS+b.IntervalS || whole.EnergyS < a.EnergyS+b.EnergyS || whole.Substitute > a.Substitute+b.Substitute {
			t.Fatalf("the whole %+v, its parts %+v and %+v", whole, a, b)
		}
		if again, more := Fill(filled, false, []Order{o}); len(done) > 0 && (len(more) != 0 || !reflect.DeepEqual(again, filled)) {
			t.Fatalf("filled once more: %v", more)
		}
	})
}

// missing is without, for days of a counter: what is measured there is lost.
func (k Known) missing(day, from, to int) Known {
	k.Days = slices.Clone(k.Days)
	d := &k.Days[day]
	d.Values, d.Quality, d.Covered = slices.Clone(d.Values), slices.Clone(d.Quality), slices.Clone(d.Covered)
	for q := from; q < to; q++ {
		if d.Quality[q] == energy.Measured {
			d.Total -= d.Values[q]
			d.Values[q], d.Quality[q], d.Covered[q] = 0, energy.Missing, 0
		}
	}
	d.CoveredS, d.Lo, d.Hi = 0, 0, 0
	d.sumUp()
	return k
}

// tester is what these helpers need of a test.
type tester interface {
	Helper()
	Fatal(args ...any)
}
