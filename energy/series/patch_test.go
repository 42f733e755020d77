package series

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// quarterHours widens p to whole quarter-hours.
func quarterHours(p energy.Period) energy.Period {
	wide := energy.Period{From: p.From.Truncate(energy.QuarterHour), To: p.To.Truncate(energy.QuarterHour)}
	if wide.To.Before(p.To) {
		wide.To = wide.To.Add(energy.QuarterHour)
	}
	return wide
}

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
		part := quarterHours(rules.Reach(after, changed))
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
