package series

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

func TestADayIsCoarseWhereAStepShowsOrAGapReachesInto(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	at := func(from, to time.Duration) Span {
		return Span{Period: energy.Period{From: period.From.Add(from), To: period.From.Add(to)}, Amount: 400, Cause: CauseGap, Quality: energy.Distributed}
	}
	for _, tt := range []struct {
		sentence string
		amounts  []int64
		spans    []Span
		step     energy.Amount
		want     bool
	}{
		{"a fine register", []int64{2000, 2000}, nil, 100, false},
		{"one of 101 mWh, which are more than 5 % of 2000", []int64{2000, 2000}, nil, 101, true},
		{"no step was stated", []int64{0, 2000}, nil, 0, false},
		{"a gap reaches into the day", []int64{2000, 2000}, []Span{at(-time.Hour, time.Hour)}, 1, true},
		{"a gap ends where the day begins", []int64{2000, 2000}, []Span{at(-time.Hour, 0)}, 1, false},
		{"a single quarter-hour has no shape", []int64{5}, nil, 100, false},
		{"two have one", []int64{5, 5}, nil, 100, true},
		{"nothing has none", []int64{0, 0, 0}, nil, 100, false},
		{"a single mWh in two quarter-hours", []int64{0, 1}, nil, 1, true},
		{"a register of mWh at 20 mWh in a quarter-hour", []int64{20, 20}, nil, 1, false},
		{"at 19", []int64{19, 19}, nil, 1, true},
	} {
		if got := dayOf(date, period, tt.amounts).Coarse(tt.spans, tt.step); got != tt.want {
			t.Errorf("%s: coarse %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestAStretchIsWhatBothSeriesMeasuredThroughout(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	known := func(amounts ...int64) Known { return Known{Days: []Day{dayOf(date, period, amounts)}} }
	power := Known{Days: []Day{levelOf(date, period, []int64{1, 3, 1, 3, 1, 3, 1, 3})}}
	partly := Known{Days: []Day{levelOf(date, period, []int64{1, 3, 1, 3, 1, 3, 1, 3})}}
	partly.Days[0].Covered[2] = 899
	for _, tt := range []struct {
		sentence       string
		counter, power Known
		want           []energy.Amount
	}{
		{"one to three", known(200, 0, 0, 200), power, []energy.Amount{50, 150, 50, 150}},
		{"from the quarter-hour behind one that is missing", known(200, 0, -1, 200, 0, 0, 200), power, []energy.Amount{50, 150, 0, 150, 50, 150, 50}},
		{"each by itself: the second is fine enough", known(200, 0, -1, 3000, 3000), power, []energy.Amount{50, 150, 0, 3000, 3000}},
		{"not where power was measured in part", known(200, 0, 0, 200), partly, []energy.Amount{50, 150, 0, 200}},
		{"nothing stays measured", known(0, 0, 0, 0), power, []energy.Amount{0, 0, 0, 0}},
	} {
		got := Shape(tt.counter, tt.power, 100).Days[0]
		if !slices.Equal(got.Values[:len(tt.want)], tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got.Values[:len(tt.want)], tt.want)
		}
		lo, hi := energy.Amount(1<<62), energy.Amount(-1)
		for q, v := range tt.want {
			if got.Quality[q] != energy.Missing {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		if was := tt.counter.Days[0]; got.Lo != lo || got.Hi != hi || got.Total != was.Total || got.CoveredS != was.CoveredS || got.Weighted != 0 {
			t.Errorf("%s: from %d to %d, total %d, %d s; want %d to %d, %d, %d s", tt.sentence, got.Lo, got.Hi, got.Total, got.CoveredS, lo, hi, was.Total, was.CoveredS)
		}
	}
	if got := Shape(known(0, 0, 0, 0), power, 100).Days[0]; got.Quality[0] != energy.Measured {
		t.Errorf("a counter that stood is %s", got.Quality[0])
	}
}

func TestAGapThatPowerDoesNotShapeStaysOne(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	counter := weeks(t, 30).distributed(29, 4, 16).last()
	counter.Days[0].Date, counter.Days[0].Period = date, period
	counter.Spans = slices.Clone(counter.Spans)
	counter.Spans[0].Period = energy.Period{From: period.From.Add(time.Hour), To: period.From.Add(4 * time.Hour)}
	for sentence, power := range map[string]Known{
		"power that stood":            {Days: []Day{levelOf(date, period, make([]int64, 96))}},
		"no power on that day":        {},
		"power measured in part only": {Days: []Day{levelOf(date, period, make([]int64, 10))}},
	} {
		if got := Shape(counter, power, 0); len(got.Spans) != 1 || got.Days[0].Quality[5] != energy.Distributed || got.Days[0].Values[5] != counter.Days[0].Values[5] {
			t.Errorf("%s: %+v", sentence, got.Spans)
		}
	}
}

func TestASumIsDealtInProportionToWeights(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	for _, tt := range []struct {
		sentence string
		weights  []energy.Amount
		want     []energy.Amount // nil: they give no shape
	}{
		{"one to three", []energy.Amount{1, 3}, []energy.Amount{100, 300}},
		{"nothing to something", []energy.Amount{0, 3}, []energy.Amount{0, 400}},
		{"nothing to nothing", []energy.Amount{0, 0}, nil},
		{"less than nothing", []energy.Amount{-1, 3}, nil},
		{"as much as a counter gives", []energy.Amount{mostCounter - 1, 1}, []energy.Amount{400, 0}},
		{"more than any", []energy.Amount{mostCounter, 1}, nil},
		{"more than any, the other way round", []energy.Amount{1, mostCounter}, nil},
	} {
		counter, weights := dayOf(date, period, []int64{0, 400}), dayOf(date, period, []int64{0, 0})
		copy(weights.Values, tt.weights)
		ok := deal(quartersOf(&counter, 0, 2), quartersOf(&weights, 0, 2))
		want := tt.want
		if want == nil {
			want = []energy.Amount{0, 400}
		}
		if ok != (tt.want != nil) || !slices.Equal(counter.Values[:2], want) {
			t.Errorf("%s: %v, %v; want %v", tt.sentence, counter.Values[:2], ok, want)
		}
	}
}

func TestTheWorseOfTwoQualitiesIsTheLaterInTheirOrder(t *testing.T) {
	t.Parallel()
	order := []energy.Quality{energy.Missing, energy.Measured, energy.Calculated, energy.Distributed, energy.Substitute, energy.Declared, energy.Suspect}
	for i, a := range order {
		for k, b := range order {
			if got := Worse(a, b); got != order[max(i, k)] {
				t.Errorf("of %s and %s the worse is %s", a, b, got)
			}
		}
	}
}

func TestSecondsAreCountedBetweenWholeOnesAlsoBefore1970(t *testing.T) {
	t.Parallel()
	for _, x := range []int64{0, 1, 999_999, 1_000_000, 1_000_001, -1, -2, -999_999, -1_000_000, -1_000_001, -1_999_999, -2_000_000, -86_400_000_000} {
		if got, want := floorSecond(x), time.UnixMicro(x).Unix(); got != want {
			t.Errorf("%d µs are %d s, want %d", x, got, want)
		}
	}
	if got := wholeSeconds(-1, 1); got != 1 {
		t.Errorf("from before to after 1970 there is %d s, want 1", got)
	}
}

func TestBucketsAreAQuarterHourAtLeast(t *testing.T) {
	t.Parallel()
	day := weeks(t, 1)
	for step, want := range map[time.Duration]int{time.Minute: 96, 15 * time.Minute: 96, 30 * time.Minute: 48, 40 * time.Minute: 48, 7 * time.Hour: 4, 24 * time.Hour: 1, 48 * time.Hour: 1} {
		n, sum := 0, energy.Amount(0)
		for total := range Steps(day.Days, nil, step) {
			if n++; n > 96 {
				break
			}
			sum += total.Amount
		}
		if n != want || sum != day.Days[0].Total {
			t.Errorf("buckets of %s: %d of %d mWh, want %d of %d", step, n, sum, want, day.Days[0].Total)
		}
	}
}

func TestADayBeginsWhereTheOneBeforeEnds(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	midnight := period.From
	until := NewTrack([]energy.Reading{late(stand(-30, 0), 0), stand(-15, 10), stand(0, 20)}, energyRules())
	if d := until.Day(date, period); d.Quality[0] != energy.Missing || d.CoveredS != 0 {
		t.Errorf("a counter that was read until midnight says %s of the first quarter-hour, %d s", d.Quality[0], d.CoveredS)
	}
	toMidnight := NewTrack([]energy.Reading{stand(20*60, 0), stand(24*60, 400), stand(24*60+15, 410)}, energyRules())
	if d := toMidnight.Day(date, period); d.Total != tenths(400) || d.Substitute != 0 {
		t.Errorf("a gap that ends at midnight: %d, of which %d is not known to be of the day", d.Total, d.Substitute)
	}
	fromMidnight := NewTrack([]energy.Reading{stand(0, 0), stand(4*60, 400)}, energyRules())
	if d := fromMidnight.Day(date, period); d.Total != tenths(400) || d.Substitute != 0 {
		t.Errorf("a gap that begins at midnight: %d, of which %d is not known to be of the day", d.Total, d.Substitute)
	}
	level := func(at time.Time, kW int64) energy.Reading {
		return energy.Reading{At: at, Value: energy.Decimal(kW, 0), Quality: energy.Measured}
	}
	brief := NewTrack([]energy.Reading{level(midnight, 40), level(midnight.Add(time.Microsecond), 60)}, Rules{Quantity: energy.ActivePower, Kind: energy.Instant})
	if d := brief.Day(date, period); d.Values[0] != 50_000_000 || d.Quality[0] != energy.Measured || d.Covered[0] != 0 {
		t.Errorf("a level that is known for a µs: %d mW, %s, %d s", d.Values[0], d.Quality[0], d.Covered[0])
	}
}
