package series

import (
	"testing"
	"time"

	"heatledger/energy"
)

// totalled is a day with the totals of what its quarter-hours are now.
func totalled(d Day) Day {
	d = Day{Date: d.Date, Period: d.Period, Values: d.Values, Quality: d.Quality, Covered: d.Covered}
	d.total(nil, false)
	return d
}

func TestAPartOfAPointIsThatOfItsDayElseTheOneAgreed(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	all := make([]int64, 96)
	for q := range all {
		all[q] = 1000
	}
	of := func(amount int64) *Known {
		amounts := make([]int64, 96)
		for q := range amounts {
			amounts[q] = amount
		}
		return &Known{Days: []Day{dayOf(date, period, amounts)}}
	}
	estimated := func(amount int64) *Known {
		k := of(amount)
		d := k.Days[0]
		d.Quality[5], d.Covered[5] = energy.Substitute, 0
		k.Days[0] = totalled(d)
		return k
	}
	lacking := of(250)
	lacking.Days[0].Values[95], lacking.Days[0].Quality[95], lacking.Days[0].Covered[95] = 0, energy.Missing, 0
	back := of(250)
	for q := range back.Days[0].Values {
		back.Days[0].Values[q] = -250
	}
	back.Days[0] = totalled(back.Days[0])
	first := func(amount energy.Amount) *Known {
		k := of(0)
		k.Days[0].Values[0] = amount
		k.Days[0] = totalled(k.Days[0])
		return k
	}
	third := Ratio{1, 3}
	for _, tt := range []struct {
		sentence string
		part     Part
		total    energy.Amount
		quality  energy.Quality // of a quarter-hour; Missing: not known
	}{
		{"a quarter of the whole, day by day", Part{By: of(250), Whole: of(1000)}, 24_000, energy.Calculated},
		{"none of it", Part{By: of(0), Whole: of(1000), Fallback: third, HasFallback: true}, 0, energy.Calculated},
		{"all of it", Part{By: of(1000), Whole: of(1000)}, 96_000, energy.Calculated},
		{"more than all is none, so what was agreed", Part{By: of(1001), Whole: of(1000), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"less than nothing is none", Part{By: back, Whole: of(1000), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"the least below nothing is none", Part{By: first(-1), Whole: of(1000), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"of the least there is a part", Part{By: first(1), Whole: first(1), Fallback: third, HasFallback: true}, 96_000, energy.Calculated},
		{"of nothing there is none", Part{By: of(0), Whole: of(0), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"a part that is estimated is a substitute", Part{By: estimated(250), Whole: of(1000)}, 24_000, energy.Substitute},
		{"of a whole that is estimated too", Part{By: of(250), Whole: estimated(1000)}, 24_000, energy.Substitute},
		{"a part not known throughout is what was agreed", Part{By: lacking, Whole: of(1000), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"and so is one of such a whole", Part{By: of(250), Whole: lacking, Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"or of a day that nobody read", Part{By: &Known{}, Whole: of(1000), Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"on either side", Part{By: of(250), Whole: &Known{}, Fallback: third, HasFallback: true}, 32_000, energy.Substitute},
		{"where nothing was agreed nothing is known", Part{By: lacking, Whole: of(1000), Fallback: third}, 0, energy.Missing},
		{"a fixed part is exact", Part{Fallback: third, HasFallback: true}, 32_000, energy.Calculated},
		{"also where only one side is named", Part{By: of(250), Fallback: third, HasFallback: true}, 32_000, energy.Calculated},
		{"or only the other", Part{Whole: of(250), Fallback: third, HasFallback: true}, 32_000, energy.Calculated},
		{"no part at all", Part{}, 0, energy.Missing},
		{"from that day on", Part{Fallback: third, HasFallback: true, From: date}, 32_000, energy.Calculated},
		{"not from the next day on", Part{Fallback: third, HasFallback: true, From: date.AddDays(1)}, 0, energy.Missing},
	} {
		tt.part.Of = Known{Days: []Day{dayOf(date, period, all)}}
		got := Share([]Day{Frame(date, period)}, false, tt.part)
		covered := 86400
		if tt.quality != energy.Calculated {
			covered = 0
		}
		if len(got.Days) != 1 || got.Days[0].Total != tt.total || got.Days[0].Quality[0] != tt.quality || got.Days[0].CoveredS != covered {
			t.Errorf("%s: %d, %s, %d s, want %d, %s, %d s", tt.sentence, got.Days[0].Total, got.Days[0].Quality[0], got.Days[0].CoveredS, tt.total, tt.quality, covered)
		}
	}
}

func TestASpanOfAnAddendIsASpanOfTheSum(t *testing.T) {
	t.Parallel()
	date, period := testDay(t)
	gap := Span{Period: energy.Period{From: period.From.Add(time.Hour), To: period.From.Add(2 * time.Hour)}, Amount: 400, Cause: CauseGap, Quality: energy.Distributed}
	amounts := make([]int64, 96)
	for q := range amounts {
		amounts[q] = 100
	}
	day := dayOf(date, period, amounts)
	for q := 4; q < 8; q++ {
		day.Quality[q], day.Covered[q] = energy.Distributed, 0
	}
	day = totalled(day)
	a := Known{Days: []Day{day}, Spans: []Span{gap}}
	b := Known{Days: []Day{dayOf(date, period, amounts)}}
	for sentence, got := range map[string]Known{
		"a sum":  Add([]Day{Frame(date, period)}, false, []Addend{{Known: a}, {Factor: Ratio{2, 1}, Known: b}}),
		"a part": Share([]Day{Frame(date, period)}, false, Part{Of: a, Fallback: Ratio{3, 1}, HasFallback: true}),
	} {
		d := got.Days[0]
		if len(got.Spans) != 1 || got.Spans[0].Period != gap.Period || got.Spans[0].Amount != 1200 {
			t.Errorf("%s has the spans %+v, want one of 1200", sentence, got.Spans)
		}
		if d.Total != 28_800 || d.CoveredS != 92*900 || d.Quality[5] != energy.Distributed || d.Covered[5] != 0 || d.Quality[9] != energy.Calculated {
			t.Errorf("%s of a day with a gap of an hour: %d, %d s, %s, want 28800, 23 hours, distributed", sentence, d.Total, d.CoveredS, d.Quality[5])
		}
	}
}
