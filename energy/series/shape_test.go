package series

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// levelOf is a day of power in mW, not measured where it is below zero.
func levelOf(date energy.Date, p energy.Period, watts []int64) Day {
	d := Frame(date, p).empty()
	for q, v := range watts {
		if v >= 0 {
			d.Values[q], d.Quality[q], d.Covered[q] = energy.Amount(v), energy.Measured, 900
		}
	}
	d.total(nil, true)
	return d
}

func TestACoarseRegisterTakesTheShapeOfPowerAndKeepsItsAmount(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	const step = 100_000_000 // 100 kWh in mWh
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Int64Range(0, 2), 96, 96).Draw(t, "steps")
		steps[0] = 1
		for q := range steps {
			steps[q] *= step
		}
		watts := rapid.SliceOfN(rapid.Int64Range(1, 1<<40), 96, 96).Draw(t, "watts")
		counter := Known{Days: []Day{dayOf(date, period, steps)}}
		shaped := Shape(counter, Known{Days: []Day{levelOf(date, period, watts)}}, step).Days[0]
		if shaped.Total != counter.Days[0].Total || shaped.CoveredS != 96*900 || shaped.Substitute != 0 {
			t.Fatalf("the day has %d, covered %d s, substitute %d; %d, all of it measured, is expected", shaped.Total, shaped.CoveredS, shaped.Substitute, counter.Days[0].Total)
		}
		var weight, part int64
		for _, w := range watts {
			weight += w
		}
		var sum energy.Amount
		for q, w := range watts {
			part += w
			sum += shaped.Values[q]
			want := float64(shaped.Total) * float64(part) / float64(weight)
			if off := float64(sum) - want; off > 1+want/1e12 || off < -1-want/1e12 {
				t.Fatalf("up to quarter-hour %d there are %d, in proportion to power %f is expected", q, sum, want)
			}
			if shaped.Quality[q] != energy.Calculated {
				t.Fatalf("quarter-hour %d is %s", q, shaped.Quality[q])
			}
		}
	})
}

func TestAFineRegisterKeepsItsOwnShape(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	counter := Known{Days: []Day{dayOf(date, period, []int64{2000, 2600, 2000})}}
	power := Known{Days: []Day{levelOf(date, period, []int64{1, 2, 3})}}
	for step, want := range map[energy.Amount]energy.Quality{100: energy.Measured, 110: energy.Measured, 111: energy.Calculated, 0: energy.Measured} {
		if got := Shape(counter, power, step).Days[0]; got.Quality[1] != want || got.Total != 6600 {
			t.Errorf("a step of %d: %s, %v; %s is expected", step, got.Quality[1], got.Values[:3], want)
		}
	}
}

func TestNothingIsShapedByPowerThatIsNotThere(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	counter := Known{Days: []Day{dayOf(date, period, []int64{100, 0, 0, 100})}}
	for sentence, watts := range map[string][]int64{"unknown": {-1, -1, -1, -1}, "zero": {0, 0, 0, 0}, "known for single quarter-hours": {5, -1, 5, -1}} {
		got := Shape(counter, Known{Days: []Day{levelOf(date, period, watts)}}, 100).Days[0]
		for q, v := range []energy.Amount{100, 0, 0, 100} {
			if got.Values[q] != v || got.Quality[q] != energy.Measured {
				t.Errorf("power is %s: quarter-hour %d is %d, %s", sentence, q, got.Values[q], got.Quality[q])
			}
		}
	}
	if got := Shape(counter, Known{}, 100).Days[0]; got.Values[0] != 100 {
		t.Errorf("without a power series: %v", got.Values[:4])
	}
}

func TestAGapOfTheCounterTakesTheShapeOfPower(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	at := func(minutes int) time.Time { return period.From.Add(time.Duration(minutes) * time.Minute) }
	var readings []energy.Reading
	for m := 0; m <= 24*60; m += 5 {
		if m > 62 && m < 200 {
			continue
		}
		readings = append(readings, energy.Reading{At: at(m), Value: energy.Decimal(int64(m)*7, -1), Quality: energy.Measured})
	}
	track := NewTrack(readings, energyRules())
	counter := Known{Days: []Day{track.Day(date, period)}, Spans: track.Spans()}
	watts := make([]int64, 96)
	for q := range watts {
		watts[q] = 1000
	}
	watts[6] = 4000
	shaped := Shape(counter, Known{Days: []Day{levelOf(date, period, watts)}}, 0)
	if len(counter.Spans) != 1 || len(shaped.Spans) != 0 {
		t.Fatalf("%d spans before and %d after: one and none are expected", len(counter.Spans), len(shaped.Spans))
	}
	before, after := counter.Days[0], shaped.Days[0]
	if after.Total != before.Total || after.CoveredS != 96*900 || (after.Values[6]-4*after.Values[7])/5 != 0 || after.Quality[6] != energy.Calculated {
		t.Errorf("total %d for %d, covered %d s, %v, %s", after.Total, before.Total, after.CoveredS, after.Values[4:10], after.Quality[6])
	}
	watts[9] = -1
	if unfilled := Shape(counter, Known{Days: []Day{levelOf(date, period, watts)}}, 0); len(unfilled.Spans) != 1 || unfilled.Days[0].Quality[6] != energy.Distributed {
		t.Errorf("power that was not measured throughout filled the gap: %+v", unfilled.Spans)
	}
}
