package series

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestBothClockChangeDaysAreWhole(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]int{"2024-03-31": 92, "2024-10-27": 100, "2024-06-03": 96} {
		t.Run(date, func(t *testing.T) {
			t.Parallel()
			d, period := berlinDay(t, date)
			var readings []energy.Reading
			for at, n := period.From.Add(-time.Hour), int64(0); at.Before(period.To.Add(time.Hour)); at, n = at.Add(5*time.Minute), n+1 {
				readings = append(readings, energy.Reading{At: at, Value: energy.Decimal(n, 0), Quality: energy.Measured})
			}
			day := NewTrack(readings, energyRules()).Day(d, period)
			if len(day.Values) != want || len(day.Quality) != want || len(day.Covered) != want {
				t.Fatalf("%d values, %d qualities, %d coverages, want %d", len(day.Values), len(day.Quality), len(day.Covered), want)
			}
			for q, v := range day.Values {
				if v != 3_000_000 || day.Quality[q] != energy.Measured || day.Covered[q] != 900 {
					t.Fatalf("quarter-hour %d: %d mWh, %s, %d s", q, v, day.Quality[q], day.Covered[q])
				}
			}
			if day.Total != energy.Amount(3_000_000*want) || day.CoveredS != 900*want || day.Lo != 3_000_000 || day.Hi != 3_000_000 || day.Substitute != 0 {
				t.Errorf("total %d, covered %d s, lo %d, hi %d, substitute %d", day.Total, day.CoveredS, day.Lo, day.Hi, day.Substitute)
			}
		})
	}
}

func TestADayWithoutReadingsIsMissingAndNotZero(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	for _, kind := range []energy.SeriesKind{energy.Counter, energy.Interval, energy.Mean, energy.Instant} {
		day := NewTrack(nil, Rules{Quantity: energy.ActiveEnergyImport, Kind: kind}).Day(date, period)
		if len(day.Values) != 96 || day.CoveredS != 0 || day.Total != 0 {
			t.Errorf("%s: %+v", kind, day)
		}
		for q := range day.Quality {
			if day.Quality[q] != energy.Missing {
				t.Errorf("%s: quarter-hour %d is %s", kind, q, day.Quality[q])
			}
		}
	}
}

func TestIntervalsAndMeans(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	of := func(from, to int, tenths int64, q energy.Quality) energy.Reading {
		r := stand(from, tenths)
		r.Length, r.Quality = time.Duration(to-from)*time.Minute, q
		return r
	}
	const missing, measured, distributed, substitute, declared, suspect = energy.Missing, energy.Measured, energy.Distributed, energy.Substitute, energy.Declared, energy.Suspect
	for sentence, test := range map[string]struct {
		kind       energy.SeriesKind
		readings   []energy.Reading
		want       []int64
		quality    []energy.Quality
		covered    []int16
		spans      []Span
		substitute int64 // tenths of a kWh
		notes      []Code
	}{
		"quarter-hours of a load profile stay what they are": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 15, 7, measured), of(15, 30, 9, measured)},
			want: []int64{7, 9, -1}, quality: []energy.Quality{measured, measured, missing}, covered: []int16{900, 900, 0},
		},
		"an hour is spread evenly": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 60, 40, measured)},
			want: []int64{10, 10, 10, 10}, quality: []energy.Quality{measured, measured, measured, measured}, covered: []int16{900, 900, 900, 900},
		},
		"a substitute counts, as a substitute, and is not covered": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 15, 7, measured), of(15, 30, 9, substitute), of(30, 45, 3, suspect)},
			want: []int64{7, 9, 3}, quality: []energy.Quality{measured, substitute, suspect}, covered: []int16{900, 0, 0}, substitute: 12,
		},
		"a quarter-hour has the worst of its qualities": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 5, 7, measured), of(5, 10, 9, energy.Calculated), of(10, 15, 1, substitute)},
			want: []int64{17}, quality: []energy.Quality{substitute}, covered: []int16{600}, substitute: 1,
		},
		"half a quarter-hour is known, and no more": {
			kind: energy.Interval, readings: []energy.Reading{of(5, 15, 7, measured)},
			want: []int64{7, -1}, quality: []energy.Quality{measured, missing}, covered: []int16{600, 0},
		},
		"two hours are a span": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 120, 80, measured)},
			want: []int64{10, 10, 10, 10, 10, 10, 10, 10, -1}, quality: []energy.Quality{distributed, distributed}, covered: []int16{0, 0},
			spans: []Span{{Period: energy.Period{From: minute(0), To: minute(120)}, Amount: tenths(80), Cause: CauseInterval, Quality: measured}},
		},
		"a declared span that the day cuts is a substitute": {
			kind: energy.Interval, readings: []energy.Reading{of(-60, 60, 80, declared)},
			want: []int64{10, 10, 10, 10, -1}, quality: []energy.Quality{declared}, covered: []int16{0}, substitute: 40,
			spans: []Span{{Period: energy.Period{From: minute(-60), To: minute(60)}, Amount: tenths(80), Cause: CauseInterval, Quality: declared}},
		},
		"of a month and a quarter-hour within it the quarter-hour counts": {
			kind: energy.Interval, readings: []energy.Reading{of(-60, 60*24*30, 99_999, declared), of(15, 30, 9, measured)},
			want: []int64{-1, 9, -1}, quality: []energy.Quality{missing, measured, missing}, covered: []int16{0, 900, 0}, notes: []Code{NoteOverlap},
		},
		"an interval that hardly reaches into the next ends there": {
			kind: energy.Interval, readings: []energy.Reading{of(0, 16, 7, measured), of(15, 30, 9, measured)},
			want: []int64{7, 9, -1}, quality: []energy.Quality{measured, measured}, covered: []int16{900, 900},
		},
		"an amount without an interval is left out": {
			kind: energy.Interval, readings: []energy.Reading{stand(0, 7)}, want: []int64{-1}, quality: []energy.Quality{missing}, covered: []int16{0},
			notes: []Code{NoteLength},
		},
		"a mean stays what it is": {
			kind: energy.Mean, readings: []energy.Reading{of(0, 30, 40, measured), of(30, 40, 10, measured), of(40, 45, 40, measured)},
			want: []int64{40, 40, 20, -1}, quality: []energy.Quality{measured, measured, measured, missing}, covered: []int16{900, 900, 900, 0},
		},
		"the mean of many hours shows, but is not covered, and a level has no span": {
			kind: energy.Mean, readings: []energy.Reading{of(0, 120, 40, measured)},
			want: []int64{40, 40}, quality: []energy.Quality{distributed, distributed}, covered: []int16{0, 0},
		},
		"levels at instants are joined by a line": {
			kind: energy.Instant, readings: []energy.Reading{stand(0, 40), stand(10, 40), stand(15, 20), stand(30, 20)},
			want: []int64{36, 20, -1}, quality: []energy.Quality{measured, measured, missing}, covered: []int16{900, 900, 0},
		},
		"levels further apart than an hour are not joined": {
			kind: energy.Instant, readings: []energy.Reading{stand(0, 40), stand(15, 40), stand(76, 20), stand(90, 20)},
			want: []int64{40, -1, -1, -1, -1, 20}, quality: []energy.Quality{measured, missing, missing, missing, missing, measured}, covered: []int16{900, 0, 0, 0, 0, 840},
		},
		"a lone level measures nothing": {
			kind: energy.Instant, readings: []energy.Reading{stand(0, 40)}, want: []int64{-1}, quality: []energy.Quality{missing}, covered: []int16{0},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			q := energy.ActiveEnergyImport
			if test.kind == energy.Mean || test.kind == energy.Instant {
				q = energy.ActivePower
			}
			track := NewTrack(test.readings, Rules{Quantity: q, Kind: test.kind})
			day := track.Day(date, period)
			if got := quarters(day, len(test.want)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("quarter-hours %v, want %v", got, test.want)
			}
			if got := day.Quality[:len(test.quality)]; !reflect.DeepEqual(got, test.quality) {
				t.Errorf("qualities %v, want %v", got, test.quality)
			}
			if got := day.Covered[:len(test.covered)]; !reflect.DeepEqual(got, test.covered) {
				t.Errorf("covered %v, want %v", got, test.covered)
			}
			if got := track.Spans(); !reflect.DeepEqual(got, test.spans) {
				t.Errorf("spans %v, want %v", got, test.spans)
			}
			if day.Substitute != tenths(test.substitute) {
				t.Errorf("substitute %d, want %d", day.Substitute, tenths(test.substitute))
			}
			if got := codes(track.Notes()); !reflect.DeepEqual(got, test.notes) {
				t.Errorf("notes %v, want %v", got, test.notes)
			}
		})
	}
}

// eventful draws readings as bad meters and networks give them: falls, single
// and several, doubtful ones, numbers out of range, short and long gaps, any instant.
func eventful(t *rapid.T, kind energy.SeriesKind) []energy.Reading {
	var rs []energy.Reading
	at := start().Add(-48 * time.Hour)
	level := int64(50_000)
	for range rapid.IntRange(0, 120).Draw(t, "readings") {
		at = at.Add(rapid.SampledFrom([]time.Duration{
			15 * time.Minute, 15 * time.Minute, 15 * time.Minute, time.Minute, 47*time.Minute + 123_456*time.Microsecond,
			time.Hour, 3 * time.Hour, 11*time.Hour + 250*time.Millisecond, time.Microsecond,
		}).Draw(t, "step"))
		level += rapid.Int64Range(0, 3_000).Draw(t, "rise")
		r := energy.Reading{At: at, Value: energy.Decimal(level, -2), Quality: energy.Measured}
		switch rapid.IntRange(0, 19).Draw(t, "event") {
		case 0:
			r.Value = energy.Decimal(0, 0)
		case 1:
			r.Value = energy.Decimal(level*7, -2)
		case 2:
			level /= 3
		case 3:
			r.Quality = rapid.SampledFrom([]energy.Quality{energy.Suspect, energy.Missing, energy.Substitute, energy.Declared, energy.Calculated}).Draw(t, "quality")
		case 4:
			r.Value = energy.Float(1e300)
		case 5:
			r.Value = energy.Float(float64(level) / 3)
		}
		if kind == energy.Interval || kind == energy.Mean {
			r.Length = rapid.SampledFrom([]time.Duration{15 * time.Minute, 15 * time.Minute, time.Minute, 0, 16 * time.Minute, 5 * time.Hour, 40 * 24 * time.Hour}).Draw(t, "length")
		}
		rs = append(rs, r)
	}
	return rs
}

func anyRules(t *rapid.T) Rules {
	rules := Rules{
		Quantity: energy.ActiveEnergyImport,
		Kind:     rapid.SampledFrom([]energy.SeriesKind{energy.Counter, energy.Counter, energy.Interval, energy.Mean, energy.Instant}).Draw(t, "kind"),
		MaxGap:   rapid.SampledFrom([]time.Duration{0, 15 * time.Minute, 4 * time.Hour}).Draw(t, "gap"),
		Modulus:  rapid.SampledFrom([]energy.Amount{0, 700_000_000}).Draw(t, "modulus"),
		MaxRate:  rapid.SampledFrom([]energy.Amount{0, 400_000_000}).Draw(t, "rate"),
	}
	if rules.levels() {
		rules.Quantity = energy.ActivePower
	}
	for range rapid.IntRange(0, 2).Draw(t, "exchanges") {
		rules.Exchanges = append(rules.Exchanges, Exchange{
			At:    start().Add(time.Duration(rapid.Int64Range(-60, 60).Draw(t, "exchange")) * time.Hour),
			Final: energy.Amount(rapid.Int64Range(0, 2_000_000_000).Draw(t, "final")), HasFinal: rapid.Bool().Draw(t, "has final"),
			Start: energy.Amount(rapid.Int64Range(0, 2_000_000_000).Draw(t, "start")), HasStart: rapid.Bool().Draw(t, "has start"),
			FactorNew: rapid.SampledFrom([]Ratio{{}, {3, 7}, {40, 1}}).Draw(t, "factor"), Reset: rapid.Bool().Draw(t, "reset"),
		})
	}
	return rules
}

// window are the readings in p and Context usable ones on either side.
func window(rs []energy.Reading, rules Rules, p energy.Period) []energy.Reading {
	from, _ := rules.before(rs, p.From)
	to, _ := rules.after(rs, p.To)
	return rs[from:to]
}

func spansIn(t *Track, p energy.Period) []Span {
	var some []Span
	for _, s := range t.Spans() {
		if s.Period.Overlaps(p) {
			some = append(some, s)
		}
	}
	return some
}

func TestADayDependsOnItsSurroundingsOnly(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		readings := eventful(t, rules.Kind)
		whole, near := NewTrack(readings, rules), NewTrack(window(readings, rules, period), rules)
		if got, want := near.Day(date, period), whole.Day(date, period); !reflect.DeepEqual(got, want) {
			t.Fatalf("from the surroundings %+v\nfrom all %+v", got, want)
		}
		if got, want := spansIn(near, period), spansIn(whole, period); !reflect.DeepEqual(got, want) {
			t.Fatalf("from the surroundings %+v\nfrom all %+v", got, want)
		}
	})
}

func TestAChangeReachesNoFurtherThanStated(t *testing.T) {
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
		i := rapid.IntRange(0, len(after)-1).Draw(t, "new")
		before := append(append([]energy.Reading{}, after[:i]...), after[i+1:]...)
		reach := rules.Reach(after, energy.Period{From: after[i].At, To: after[i].At.Add(time.Microsecond)})
		was, is := NewTrack(before, rules), NewTrack(after, rules)
		all := energy.Period{From: after[0].At.Add(-72 * time.Hour), To: after[len(after)-1].At.Add(60 * 24 * time.Hour)}
		for _, date := range calendar.Days(all) {
			period := calendar.Day(date)
			if !period.Overlaps(reach) && !reflect.DeepEqual(was.Day(date, period), is.Day(date, period)) {
				t.Fatalf("a reading at %v changes %s, beyond %v", after[i].At, date, reach)
			}
		}
	})
}

func TestPartsAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		if rules.levels() {
			rules.Kind, rules.Quantity = energy.Counter, energy.ActiveEnergyImport
		}
		readings := eventful(t, rules.Kind)
		track := NewTrack(readings, rules)
		if len(track.pieces) == 0 {
			return
		}
		first, last := track.pieces[0], track.pieces[len(track.pieces)-1]
		var want, got energy.Amount
		covered := int64(0)
		for i, p := range track.pieces {
			want += energy.Amount(p.last - p.first)
			if p.covers() {
				covered += wholeSeconds(p.from, p.to)
			}
			if p.from >= p.to || i > 0 && p.from < track.pieces[i-1].to {
				t.Fatalf("piece %d runs from %d to %d, the one before to %d", i, p.from, p.to, track.pieces[max(0, i-1)].to)
			}
		}
		var coveredByDay int64
		for _, date := range calendar.Days(energy.Period{From: instant(first.from), To: instant(last.to)}) {
			day := track.Day(date, calendar.Day(date))
			var sum energy.Amount
			for q, v := range day.Values {
				sum += v
				if day.Covered[q] < 0 || day.Covered[q] > 900 {
					t.Fatalf("%s quarter-hour %d covers %d s", date, q, day.Covered[q])
				}
				if day.Quality[q] == energy.Missing && v != 0 {
					t.Fatalf("%s quarter-hour %d is missing and %d", date, q, v)
				}
			}
			if sum != day.Total {
				t.Fatalf("%s: total %d of %d", date, day.Total, sum)
			}
			got += sum
			coveredByDay += int64(day.CoveredS)
		}
		if got != want || coveredByDay != covered {
			t.Fatalf("days add up to %d in %d s, the pieces to %d in %d s", got, coveredByDay, want, covered)
		}
	})
}

func TestARisingCounterAddsUpToItsDifference(t *testing.T) {
	t.Parallel()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at, level := start().Add(-time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "from"))), rapid.Int64Range(-1e12, 1e12).Draw(t, "level")
		var rs []energy.Reading
		for range rapid.IntRange(2, 60).Draw(t, "readings") {
			rs = append(rs, energy.Reading{At: at.Truncate(time.Microsecond), Value: energy.Decimal(level, -6), Quality: energy.Measured})
			at = at.Add(time.Duration(rapid.Int64Range(1e3, 4e13).Draw(t, "step")))
			level += rapid.Int64Range(0, 1e12).Draw(t, "rise")
		}
		first, last := rs[0], rs[len(rs)-1]
		track := NewTrack(rs, energyRules())
		var sum energy.Amount
		for _, date := range calendar.Days(energy.Period{From: first.At, To: last.At}) {
			sum += track.Day(date, calendar.Day(date)).Total
		}
		a, _ := first.Value.Mantissa()
		b, _ := last.Value.Mantissa()
		if sum != energy.Amount(b-a) {
			t.Fatalf("days add up to %d, the counter rose by %d", sum, b-a)
		}
	})
}

func TestOrderBatchesAndDoublingDoNotMatter(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		readings := eventful(t, rules.Kind)
		want := NewTrack(Visible([]Run{{Seq: 1, Readings: readings}}, 1), rules)
		// The same readings, cut into runs that come in any order, some of them twice.
		var runs []Run
		for rest := readings; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			runs = append(runs, Run{Readings: rest[:n]})
			if rapid.Bool().Draw(t, "twice") {
				runs = append(runs, Run{Readings: rest[:n]})
			}
			rest = rest[n:]
		}
		runs = rapid.Permutation(runs).Draw(t, "order")
		for i := range runs {
			runs[i].Seq = int64(i + 1)
		}
		got := NewTrack(Visible(runs, int64(len(runs))), rules)
		if !reflect.DeepEqual(got.Day(date, period), want.Day(date, period)) || !reflect.DeepEqual(got.Spans(), want.Spans()) {
			t.Fatal("the days differ")
		}
	})
}
