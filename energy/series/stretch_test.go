package series

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

func TestStretchesAreWholeQuarterHoursAndJoinedWhereTheyOverlap(t *testing.T) {
	t.Parallel()
	_, day := testDay(t)
	span := func(from, to time.Duration) Span {
		return Span{Period: energy.Period{From: day.From.Add(from), To: day.From.Add(to)}}
	}
	at := func(from, to time.Duration) energy.Period { return span(from, to).Period }
	const minute = time.Minute
	for _, tt := range []struct {
		sentence string
		spans    []Span
		want     []energy.Period
	}{
		{"none", nil, nil},
		{"widened at both ends", []Span{span(16*minute, 44*minute)}, []energy.Period{at(15*minute, 45*minute)}},
		{"as it is", []Span{span(15*minute, 45*minute)}, []energy.Period{at(15*minute, 45*minute)}},
		{"two that overlap once widened, the later one first", []Span{span(40*minute, 61*minute), span(16*minute, 31*minute)}, []energy.Period{at(15*minute, 75*minute)}},
		{"one within the other", []Span{span(15*minute, 90*minute), span(30*minute, 45*minute)}, []energy.Period{at(15*minute, 90*minute)}},
		{"two that only touch", []Span{span(30*minute, 45*minute), span(15*minute, 30*minute)}, []energy.Period{at(15*minute, 30*minute), at(30*minute, 45*minute)}},
		{"three, the last with the second", []Span{span(0, 15*minute), span(60*minute, 90*minute), span(75*minute, 120*minute), span(180*minute, 195*minute)},
			[]energy.Period{at(0, 15*minute), at(60*minute, 120*minute), at(180*minute, 195*minute)}},
	} {
		if got := stretches(tt.spans); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestWhatIsKnownOfAQuarterHourIsMeasuredOrSpreadOrShaped(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	amounts := make([]int64, 96)
	for q := range amounts {
		amounts[q] = 100
	}
	span := func(from, to time.Duration, cause Cause) Span {
		return Span{Period: energy.Period{From: period.From.Add(from), To: period.From.Add(to)}, Amount: 100, Cause: cause, Quality: energy.Distributed}
	}
	const minute = time.Minute
	for _, tt := range []struct {
		sentence string
		quality  energy.Quality // of the quarter-hour from 0:15
		covered  int16
		spans    []Span
		want     int16
	}{
		{"measured", energy.Measured, 900, []Span{span(15*minute, 30*minute, CauseGap)}, 900},
		{"spread over all of it", energy.Distributed, 0, []Span{span(0, 60*minute, CauseGap)}, 900},
		{"spread from five minutes on", energy.Distributed, 0, []Span{span(20*minute, 60*minute, CauseGap)}, 600},
		{"spread for the first five minutes", energy.Distributed, 0, []Span{span(0, 20*minute, CauseGap)}, 300},
		{"measured in a part, spread in the rest", energy.Distributed, 300, []Span{span(20*minute, 60*minute, CauseGap)}, 900},
		{"a substitute that only shapes a total", energy.Substitute, 0, []Span{span(15*minute, 30*minute, CauseSubstitute)}, 900},
		{"a substitute over a gap whose total is something else's", energy.Substitute, 0, []Span{span(15*minute, 30*minute, CauseGap)}, 0},
		{"a substitute that a total covers in part", energy.Substitute, 0, []Span{span(20*minute, 60*minute, CauseSubstitute)}, 0},
		{"a substitute without a total", energy.Substitute, 0, nil, 0},
		{"a substitute beside a total", energy.Substitute, 120, []Span{span(60*minute, 90*minute, CauseSubstitute)}, 120},
	} {
		d := dayOf(date, period, amounts)
		d.Quality[1], d.Covered[1] = tt.quality, tt.covered
		known := d.Known(tt.spans)
		if known[1] != tt.want || known[50] != 900 {
			t.Errorf("%s: %d s are known, and %d of another one, want %d and 900", tt.sentence, known[1], known[50], tt.want)
		}
	}
}

func TestADayShowsItsLeastAndGreatestQuarterHour(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	for _, tt := range []struct {
		amounts []int64
		lo, hi  energy.Amount
	}{{[]int64{-1, 5, 2, 9, 4}, 2, 9}, {[]int64{7}, 7, 7}, {[]int64{9, 5, -1, 2}, 2, 9}, {[]int64{3, 8}, 3, 8}, {nil, 0, 0}} {
		if d := dayOf(date, period, tt.amounts); d.Lo != tt.lo || d.Hi != tt.hi {
			t.Errorf("%v: from %d to %d, want %d and %d", tt.amounts, d.Lo, d.Hi, tt.lo, tt.hi)
		}
	}
}

func TestFactorsOfDifferentDenominatorsAddUpExactly(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	known := func(amounts ...int64) Known { return Known{Days: []Day{dayOf(date, period, amounts)}} }
	sum := Add([]Day{Frame(date, period)}, false, []Addend{
		{Factor: Ratio{1, 6}, Known: known(1, 1, 100)}, {Factor: Ratio{3, 4}, Known: known(1, 1, 100)}, {Factor: Ratio{1, 12}, Known: known(1, 1, 100)}, {Known: known(0, 0, 0)},
	}).Days[0]
	if sum.Values[0] != 1 || sum.Values[1] != 1 || sum.Values[2] != 100 { // a sixth, three quarters and a twelfth are one
		t.Errorf("%v, want 1, 1 and 100", sum.Values[:3])
	}
	if got := common([]Addend{{Factor: Ratio{1, 6}}, {Factor: Ratio{3, 4}}, {}, {Factor: Ratio{5, 1}}}); got != 12 {
		t.Errorf("the common denominator of 6, 4 and 1 is %d, want 12", got)
	}
}

func TestALevelIsKnownByThePartThatWasMeasured(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	half := dayOf(date, period, []int64{60, 60, 60})
	half.Covered[0] = 450
	half.Quality[1], half.Covered[1] = energy.Substitute, 0
	a := Known{Days: []Day{half}}
	level := Add([]Day{Frame(date, period)}, true, []Addend{{Known: a}}).Days[0]
	if level.Values[0] != 60 || level.Covered[0] != 450 || level.Quality[1] != energy.Substitute || level.Covered[1] != 0 {
		t.Errorf("a temperature of half a quarter-hour = %d over %d s, %s", level.Values[0], level.Covered[0], level.Quality[1])
	}
	amount := Add([]Day{Frame(date, period)}, false, []Addend{{Known: a}}).Days[0]
	if amount.Quality[0] != energy.Missing || amount.Quality[1] != energy.Substitute || amount.Values[1] != 60 || amount.Substitute != 60 || amount.Total != 120 {
		t.Errorf("an energy of half a quarter-hour is %s, an estimated one %s with %d of %d", amount.Quality[0], amount.Quality[1], amount.Substitute, amount.Total)
	}
}
