package series

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

// one is a sum of points, each as it is, over the days of the first.
func one(points ...Known) Known {
	var frames []Day
	var addends []Addend
	for _, d := range points[0].Days {
		frames = append(frames, Frame(d.Date, d.Period))
	}
	for _, p := range points {
		addends = append(addends, Addend{Known: p})
	}
	return Add(frames, false, addends)
}

func TestASumSpreadsItsTotalEvenlyOverTheGapOfAnAddend(t *testing.T) {
	t.Parallel()
	flat := weeks(t, 1).level(100)
	gap := flat.distributed(0, 4, 8)
	other := flat.with(0, 4, 100).with(0, 5, 300).with(0, 6, 500).with(0, 7, 300)
	sum := one(gap, other)
	d := sum.Days[0]
	// 4 × 100 and 1,200 are 1,600
	if len(sum.Spans) != 1 || sum.Spans[0].Amount != 1_600 || sum.Spans[0].Quality != energy.Calculated || !slices.Equal(d.Values[3:9], []energy.Amount{200, 400, 400, 400, 400, 200}) {
		t.Errorf("%v, %+v", d.Values[3:9], sum.Spans)
	}
	if d.Quality[4] != energy.Distributed || d.Covered[4] != 0 || d.Quality[8] != energy.Calculated || d.Substitute != 0 {
		t.Errorf("%s, %d s, %s, substitute %d", d.Quality[4], d.Covered[4], d.Quality[8], d.Substitute)
	}

	// a substitute among them makes the total one
	estimated := flat.with(0, 5, 300)
	estimated.Days[0].Quality[5], estimated.Days[0].Covered[5] = energy.Substitute, 0
	sum = one(gap, estimated)
	if d := sum.Days[0]; len(sum.Spans) != 1 || sum.Spans[0].Quality != energy.Substitute || d.Quality[4] != energy.Substitute || d.Values[4] != 250 || d.Substitute != 1_000 {
		t.Errorf("with a substitute: %s, %d, %+v; substitute %d", d.Quality[4], d.Values[4], sum.Spans, d.Substitute)
	}

	// quarter-hours that a gap cuts belong to it as a whole
	cut := flat.distributed(0, 4, 8)
	cut.Days[0].Covered[4], cut.Days[0].Covered[7] = 300, 600
	cut.Spans[0].Period = energy.Period{From: cut.Spans[0].Period.From.Add(5 * time.Minute), To: cut.Spans[0].Period.To.Add(-10 * time.Minute)}
	cut.Spans[0].Amount = 300
	sum = one(cut, flat)
	if d := sum.Days[0]; len(sum.Spans) != 1 || sum.Spans[0].Amount != 800 || d.Covered[4] != 0 || d.Covered[7] != 0 || d.CoveredS != 92*900 {
		t.Errorf("a gap that cuts quarter-hours: %+v, %d s, %d s, %d s of the day", sum.Spans, d.Covered[4], d.Covered[7], d.CoveredS)
	}
}

func TestASumShapesNothingThatAnAddendHasSubstitutesFor(t *testing.T) {
	t.Parallel()
	past := weeks(t, 30)
	known := past.distributed(29, 4, 8).distributed(29, 40, 52)
	o := order(t, energy.ComparisonDay).from(past)
	o.Period = energy.Period{From: past.Days[29].quarter(40).From, To: past.Days[29].quarter(52).From}
	filled, done := Fill(known.last(), false, []Order{o})
	if len(done) != 1 || len(filled.Spans) != 2 {
		t.Fatalf("%+v, %+v", done, filled.Spans)
	}
	sum := one(filled, past.level(100).last())
	d := sum.Days[0]
	if len(sum.Spans) != 1 || !sum.Spans[0].Period.From.Equal(d.quarter(4).From) || d.Quality[5] != energy.Distributed {
		t.Errorf("the gap without substitutes: %+v, %s", sum.Spans, d.Quality[5])
	}
	var shown energy.Amount
	for q := 40; q < 52; q++ {
		if shown += d.Values[q]; d.Values[q] != filled.Days[0].Values[q]+100 || d.Quality[q] != energy.Substitute || d.Covered[q] != 0 {
			t.Errorf("quarter-hour %d with substitutes: %d, %s, %d s", q, d.Values[q], d.Quality[q], d.Covered[q])
		}
	}
	if d.Substitute != shown {
		t.Errorf("%d of the day are substitutes, want %d", d.Substitute, shown)
	}
}

func TestWhatAGapBringsToADayOfASumIsASubstituteOfTheDay(t *testing.T) {
	t.Parallel()
	flat := weeks(t, 2).level(100)
	// from 23 o'clock to 1 o'clock
	night := flat.distributed(0, 92, 96).distributed(1, 0, 4)
	night.Spans = []Span{{Period: energy.Period{From: night.Spans[0].Period.From, To: night.Spans[1].Period.To}, Amount: 800, Cause: CauseGap, Quality: energy.Distributed}}
	sum := one(night, flat)
	if len(sum.Spans) != 1 || sum.Spans[0].Amount != 1_600 {
		t.Fatalf("%+v", sum.Spans)
	}
	for i, d := range sum.Days {
		if d.Total != 96*200 || d.Substitute != 800 || d.CoveredS != 92*900 {
			t.Errorf("day %d: %d, of which %d substitute, %d s", i, d.Total, d.Substitute, d.CoveredS)
		}
	}
	both := energy.Period{From: sum.Days[0].Period.From, To: sum.Days[1].Period.To}
	if total := Over(both, sum.Days, sum.Spans); total.Amount != 2*96*200 || total.Substitute != 0 || total.EnergyS != 2*86_400 {
		t.Errorf("both days: %+v", total.shown())
	}

	// a substitute of it counts once
	estimated := flat.with(1, 2, 100)
	estimated.Days[1].Quality[2], estimated.Days[1].Covered[2] = energy.Substitute, 0
	if sum = one(night, estimated); sum.Days[0].Substitute != 800 || sum.Days[1].Substitute != 800 {
		t.Errorf("with a substitute: %d and %d", sum.Days[0].Substitute, sum.Days[1].Substitute)
	}

	// of a gap that reaches beyond what is asked for no total is known
	alone := one(Known{Days: night.Days[1:], Spans: night.Spans}, Known{Days: flat.Days[1:]})
	if d := alone.Days[0]; len(alone.Spans) != 0 || d.Quality[0] != energy.Substitute || d.Quality[4] != energy.Calculated || d.Values[0] != 200 || d.Covered[0] != 0 || d.Substitute != 800 {
		t.Errorf("the second day alone: %+v, %s, %s, %d, substitute %d", alone.Spans, d.Quality[0], d.Quality[4], d.Values[0], d.Substitute)
	}
	// where an addend is missing in a part, neither
	lacking := one(flat.distributed(0, 4, 8), flat.without(0, 5, 6))
	if d := lacking.Days[0]; len(lacking.Spans) != 0 || d.Quality[4] != energy.Substitute || d.Quality[5] != energy.Missing || d.Values[5] != 0 || d.Substitute != 600 {
		t.Errorf("with a quarter-hour missing: %+v, %s, %s, substitute %d", lacking.Spans, d.Quality[4], d.Quality[5], d.Substitute)
	}
}

func TestAMeanIsOverSecondsElseOverQuarterHours(t *testing.T) {
	t.Parallel()
	for sentence, tt := range map[string]struct {
		total Total
		mean  energy.Amount
		ok    bool
	}{
		"a single second":                 {Total{IntervalS: 1, weighted: 50, quarters: 2, sum: 7}, 50, true},
		"two":                             {Total{IntervalS: 2, weighted: 50, quarters: 2, sum: 7}, 25, true},
		"no second, but one quarter-hour": {Total{quarters: 1, sum: 7}, 7, true},
		"two of them":                     {Total{quarters: 2, sum: 7}, 4, true},
		"nothing":                         {Total{}, 0, false},
	} {
		if mean, ok := tt.total.Mean(); mean != tt.mean || ok != tt.ok {
			t.Errorf("%s: %d, %v", sentence, mean, ok)
		}
	}
}

func TestTheLastQuarterHourEndsWithTheDay(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	period.To = period.From.Add(20 * time.Minute) // what is left of a day when a zone moves its clocks
	d := Frame(date, period).empty()
	if len(d.Values) != 2 || d.quarter(1) != (energy.Period{From: period.From.Add(15 * time.Minute), To: period.To}) || d.quarter(0).To != d.quarter(1).From {
		t.Errorf("%d quarter-hours, the last %v", len(d.Values), d.quarter(1))
	}
}
