package series

import (
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// dayOf is a day of quarter-hours that were measured, or are missing where the
// amount is below zero.
func dayOf(date energy.Date, p energy.Period, amounts []int64) Day {
	d := Frame(date, p).empty()
	for q, v := range amounts {
		if v < 0 {
			continue
		}
		d.Values[q], d.Quality[q], d.Covered[q] = energy.Amount(v), energy.Measured, 900
	}
	d.total(nil, false)
	return d
}

func TestASumOfPartsIsTheWholeWhateverTheFactors(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 96, 96)
		a := Known{Days: []Day{dayOf(date, period, amounts.Draw(t, "a"))}}
		b := Known{Days: []Day{dayOf(date, period, amounts.Draw(t, "b"))}}
		part := rapid.Int64Range(1, 999).Draw(t, "part")
		frames := []Day{Frame(date, period)}
		share := func(k Known, thousandths int64) Known {
			return Add(frames, false, []Addend{{Factor: Ratio{thousandths, 1000}, Known: k}})
		}
		both := Add(frames, false, []Addend{{Known: share(a, part)}, {Known: share(b, part)}, {Known: share(a, 1000-part)}, {Known: share(b, 1000-part)}})
		// Each of four parts is rounded once a day.
		if off := both.Days[0].Total - a.Days[0].Total - b.Days[0].Total; off < -2 || off > 2 {
			t.Fatalf("parts of %d and %d add up to %d", a.Days[0].Total, b.Days[0].Total, both.Days[0].Total)
		}
		less := Add(frames, false, []Addend{{Known: both}, {Factor: Ratio{-1, 1}, Known: both}})
		if d := less.Days[0]; d.Total != 0 || d.Lo != 0 || d.Hi != 0 || d.CoveredS != 96*900 {
			t.Fatalf("a sum less itself is %+v", d)
		}
	})
}

func TestAnUnknownQuarterHourOfAnAddendIsUnknownInTheSum(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	a := Known{Days: []Day{dayOf(date, period, []int64{5, -1, 7})}}
	b := Known{Days: []Day{dayOf(date, period, []int64{1, 2, 3, 4})}}
	sum := Add([]Day{Frame(date, period)}, false, []Addend{{Known: a}, {Factor: Ratio{-2, 1}, Known: b}}).Days[0]
	for q, want := range []struct {
		value   energy.Amount
		quality energy.Quality
	}{{3, energy.Calculated}, {0, energy.Missing}, {1, energy.Calculated}, {0, energy.Missing}} {
		if sum.Values[q] != want.value || sum.Quality[q] != want.quality {
			t.Errorf("quarter-hour %d is %d, %s; %d, %s is expected", q, sum.Values[q], sum.Quality[q], want.value, want.quality)
		}
	}
	if sum.Total != 4 || sum.CoveredS != 1800 {
		t.Errorf("the day has %d and %d s; 4 and 1800 s are expected", sum.Total, sum.CoveredS)
	}
}

func TestASumBeyondWhatCanBeCountedIsUnknown(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	a := Known{Days: []Day{dayOf(date, period, []int64{1 << 60})}}
	sum := Add([]Day{Frame(date, period)}, false, []Addend{{Factor: Ratio{1_000_000, 1}, Known: a}}).Days[0]
	if sum.Quality[0] != energy.Missing || sum.Total != 0 || sum.Covered[0] != 0 || sum.CoveredS != 0 {
		t.Errorf("%d, %s over %d s: nothing is expected to be known", sum.Values[0], sum.Quality[0], sum.Covered[0])
	}
	// a mean beyond it says nothing about the next one
	a = Known{Days: []Day{dayOf(date, period, []int64{1 << 60, 5})}}
	sum = Add([]Day{Frame(date, period)}, true, []Addend{{Factor: Ratio{1_000_000, 1}, Known: a}}).Days[0]
	if sum.Quality[0] != energy.Missing || sum.Quality[1] != energy.Calculated || sum.Values[1] != 5_000_000 {
		t.Errorf("means of %d, %s, and %d, %s: nothing and 5,000,000 are expected", sum.Values[0], sum.Quality[0], sum.Values[1], sum.Quality[1])
	}
}

func TestMeansAreAddedOneByOne(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	a := Known{Days: []Day{dayOf(date, period, []int64{1000, 1001, 1001})}}
	sum := Add([]Day{Frame(date, period)}, true, []Addend{{Factor: Ratio{1, 2}, Known: a}}).Days[0]
	if sum.Values[0] != 500 || sum.Values[1] != 501 || sum.Values[2] != 501 || sum.Total != 0 || sum.Weighted != (500+501+501)*900 {
		t.Errorf("%v, total %d, weighted %d", sum.Values[:3], sum.Total, sum.Weighted)
	}
}

func TestASumKnowsNothingOfADayThatAnAddendLacks(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	there := Known{Days: []Day{dayOf(date, period, []int64{5, 6})}}
	shorter := dayOf(date, period, []int64{5, 6})
	shorter.Values, shorter.Quality, shorter.Covered = shorter.Values[:92], shorter.Quality[:92], shorter.Covered[:92]
	for sentence, lacking := range map[string]Known{"no day at all": {}, "a day of another length": {Days: []Day{shorter}}} {
		for _, addends := range [][]Addend{{{Known: there}, {Known: lacking}}, {{Known: lacking}, {Known: there}}} {
			day := Add([]Day{Frame(date, period)}, false, addends).Days[0]
			if len(day.Values) != 96 || day.Total != 0 || day.CoveredS != 0 || day.Quality[0] != energy.Missing || day.Quality[1] != energy.Missing {
				t.Errorf("%s: a sum of %d over %d s, %s", sentence, day.Total, day.CoveredS, day.Quality[0])
			}
		}
	}
}
