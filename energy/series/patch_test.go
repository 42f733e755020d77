package series

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// TestAPatchedDayIsTheDayDerivedAsAWhole takes some readings out of any series,
// derives its days, and patches them with what these readings change.
func TestAPatchedDayIsTheDayDerivedAsAWhole(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		after := eventful(t, rules.Kind)
		if len(after) == 0 {
			return
		}
		from := rapid.IntRange(0, len(after)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(after)).Draw(t, "to")
		before, changed := slices.Concat(after[:from], after[to:]), energy.Period{From: after[from].At}
		for _, r := range after[from:to] {
			if end := r.End().Add(time.Microsecond); end.After(changed.To) {
				changed.To = end
			}
		}
		if rapid.Bool().Draw(t, "withdrawn") {
			before, after = after, before
		}
		part := rules.Reach(after, changed).QuarterHours()
		was, is, near := NewTrack(before, rules), NewTrack(after, rules), NewTrack(window(after, rules, part), rules)
		for _, date := range calendar.Days(part) {
			old := was.Day(date, calendar.Day(date))
			got, ok := near.Patch(old, part)
			if want := is.Day(date, calendar.Day(date)); ok && !reflect.DeepEqual(got, want) {
				t.Fatalf("patched in %s\n%+v\nderived as a whole\n%+v", part, got, want)
			}
			if !reflect.DeepEqual(old, was.Day(date, old.Period)) {
				t.Fatalf("patching %s changed the day it was made from", date)
			}
			if !ok && rules.levels() {
				t.Fatalf("a level on %s asks for the whole day", date)
			}
		}
		spans := slices.DeleteFunc(was.Spans(), func(s Span) bool { return s.Period.Overlaps(part) })
		spans = append(spans, spansIn(near, part)...)
		slices.SortFunc(spans, func(a, b Span) int { return a.Period.From.Compare(b.Period.From) })
		if want := is.Spans(); !slices.Equal(spans, want) {
			t.Fatalf("spans patched in %s\n%+v\nderived as a whole\n%+v", part, spans, want)
		}
	})
}

func TestADayIsPatchedOnlyWhereItsRestSaysAllOfIt(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	amounts := make([]int64, 20)
	for q := range amounts {
		amounts[q] = 100
	}
	at := func(from, to time.Duration) energy.Period {
		return energy.Period{From: period.From.Add(from), To: period.From.Add(to)}
	}
	tail := at(4*time.Hour, 6*time.Hour) // quarter-hours 16 to 23
	for _, tt := range []struct {
		sentence string
		kind     energy.SeriesKind
		change   func(d *Day)
		part     energy.Period
		want     bool
	}{
		{"a counter", energy.Counter, func(*Day) {}, tail, true},
		{"a counter with a gap in the morning", energy.Counter, func(d *Day) { d.Quality[3] = energy.Distributed }, tail, true},
		{"a counter with a gap that began yesterday", energy.Counter, func(d *Day) { d.Substitute = 1 }, tail, false},
		{"amounts of intervals", energy.Interval, func(*Day) {}, tail, true},
		{"of which the last before is declared", energy.Interval, func(d *Day) { d.Quality[15] = energy.Declared }, tail, false},
		{"of which the first within is declared", energy.Interval, func(d *Day) { d.Quality[16] = energy.Declared }, tail, true},
		{"of which the last within is declared", energy.Interval, func(d *Day) { d.Quality[23] = energy.Declared }, tail, true},
		{"of which the first behind is declared", energy.Interval, func(d *Day) { d.Quality[24] = energy.Declared }, tail, false},
		{"a doubtful level", energy.Instant, func(d *Day) { d.Quality[3] = energy.Suspect }, tail, true},
		{"from the evening before to the morning after", energy.Counter, func(*Day) {}, at(-time.Hour, 25*time.Hour), true},
		{"from within a quarter-hour", energy.Counter, func(*Day) {}, at(time.Minute, time.Hour), false},
		{"to within one", energy.Counter, func(*Day) {}, at(time.Hour, 2*time.Hour+time.Minute), false},
		{"from a border to itself", energy.Counter, func(*Day) {}, at(time.Hour, time.Hour), true},
		{"another day", energy.Counter, func(*Day) {}, at(-2*time.Hour, -time.Hour), false},
		{"a day of fewer quarter-hours than it lasts", energy.Counter, func(d *Day) { d.Values, d.Quality, d.Covered = d.Values[:95], d.Quality[:95], d.Covered[:95] }, at(23*time.Hour, 24*time.Hour), false},
	} {
		day := dayOf(date, period, amounts)
		tt.change(&day)
		if _, ok := NewTrack(nil, Rules{Quantity: energy.ActiveEnergyImport, Kind: tt.kind}).Patch(day, tt.part); ok != tt.want {
			t.Errorf("%s: patched %v, want %v", tt.sentence, ok, tt.want)
		}
	}
}

// TestTheFirstReadingsOfADayArePatchedIntoOneOfWhichNothingIsKnown: what is not
// stored yet has no values at all.
func TestTheFirstReadingsOfADayArePatchedIntoOneOfWhichNothingIsKnown(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	at := func(q int) time.Time { return period.From.Add(time.Duration(q) * energy.QuarterHour) }
	reading := func(q int, kwh int64) energy.Reading {
		return energy.Reading{At: at(q), Value: energy.Decimal(kwh, 0), Quality: energy.Measured}
	}
	track := NewTrack([]energy.Reading{reading(16, 100), reading(17, 107), reading(18, 110)}, Rules{Quantity: energy.ActiveEnergyImport, Kind: energy.Counter})
	got, ok := track.Patch(Frame(date, period), energy.Period{From: at(16), To: at(18)})
	if want := track.Day(date, period); !ok || got.Total == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("patched %v\n%+v\nderived as a whole\n%+v", ok, got, want)
	}
}

func TestADayHasChangedWhereAnythingOfItIsAnother(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	for _, tt := range []struct {
		sentence    string
		change      func(d *Day)
		first, last int // of the quarter-hours that are written; none: nothing is
	}{
		{"nothing", func(*Day) {}, 0, 0},
		{"the first value", func(d *Day) { d.Values[0]++ }, 0, 1},
		{"the last value", func(d *Day) { d.Values[95]-- }, 95, 96},
		{"two values, with others between them", func(d *Day) { d.Values[3]++; d.Values[9]++ }, 3, 10},
		{"a quality", func(d *Day) { d.Quality[7] = energy.Suspect }, 7, 8},
		{"how much of a quarter-hour is covered", func(d *Day) { d.Covered[7]-- }, 7, 8},
		{"a value, then a quality, then a coverage", func(d *Day) { d.Values[5]++; d.Quality[6] = energy.Suspect; d.Covered[8]-- }, 5, 9},
		{"the total alone", func(d *Day) { d.Total++ }, 0, 1},
		{"the weighted sum alone", func(d *Day) { d.Weighted-- }, 0, 1},
		{"the seconds that are known alone", func(d *Day) { d.CoveredS++ }, 0, 1},
		{"the share of substitutes alone", func(d *Day) { d.Substitute++ }, 0, 1},
		{"the least alone", func(d *Day) { d.Lo-- }, 0, 1},
		{"the greatest alone", func(d *Day) { d.Hi++ }, 0, 1},
	} {
		amounts := make([]int64, 96)
		for q := range amounts {
			amounts[q] = int64(100 + q)
		}
		before, now := dayOf(date, period, amounts), dayOf(date, period, amounts)
		tt.change(&now)
		if first, last, changed := before.Changed(now); changed != (tt.last > 0) || changed && (first != tt.first || last != tt.last) {
			t.Errorf("%s: quarter-hours %d to %d, changed %v; want %d to %d", tt.sentence, first, last, changed, tt.first, tt.last)
		}
	}
}

func TestADayIsPlainBeyondAPartWhereNothingElseWasMadeUp(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	part := energy.Period{From: period.From.Add(4 * time.Hour), To: period.From.Add(6 * time.Hour)} // quarter-hours 16 to 23
	for _, tt := range []struct {
		sentence string
		q        int
		quality  energy.Quality
		part     energy.Period
		want     bool
	}{
		{"all of it was measured", 0, energy.Measured, part, true},
		{"its first quarter-hour is of a gap that is spread", 0, energy.Distributed, part, false},
		{"something is missing", 3, energy.Missing, part, true},
		{"a gap is spread before it", 15, energy.Distributed, part, false},
		{"a gap is spread within", 16, energy.Distributed, part, true},
		{"up to its end", 23, energy.Distributed, part, true},
		{"a substitute stands behind it", 24, energy.Substitute, part, false},
		{"the part cuts a quarter-hour", 0, energy.Measured, energy.Period{From: part.From.Add(time.Minute), To: part.To}, false},
	} {
		day := dayOf(date, period, make([]int64, 96))
		day.Quality[tt.q] = tt.quality
		if got := day.PlainBeyond(tt.part); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}
