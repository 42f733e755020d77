package source_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestAnEvenSourceIsExpectedToGoOn(t *testing.T) {
	t.Parallel()
	s := years(t, 2023, 2, func(time.Time, int) float64 { return 80 })
	o := source.Foresee(s, berlin, 14, nil)
	if o.Why != "" || o.Error != 0 || len(o.Months) != 14 || o.Method != source.LastQuarter || o.Trials < 8 {
		t.Fatalf("%+v", o)
	}
	if first, last := o.Months[0], o.Months[13]; first.Year != 2025 || first.Month != time.January || last.Year != 2026 || last.Month != time.February {
		t.Errorf("from %d-%d to %d-%d", first.Year, first.Month, last.Year, last.Month)
	}
	for _, m := range o.Months {
		if !m.HasBand || !near(float64(m.P10), 80) || !near(float64(m.P90), 80) || m.Contracted != 0 {
			t.Errorf("%+v, want 80 kW", m)
		}
	}
}

func TestASeasonIsExpectedAgain(t *testing.T) {
	t.Parallel()
	winter := func(at time.Time) float64 { return 100 + 80*math.Cos(2*math.Pi*float64(at.YearDay())/365) }
	o := source.Foresee(years(t, 2021, 4, func(at time.Time, _ int) float64 { return winter(at) }), berlin, 12, nil)
	if o.Method != source.SameMonth && o.Method != source.SeasonAtLevel || o.Error > 0.03 {
		t.Errorf("a season without growth: %s errs by %v", o.Method, o.Error)
	}
	if !about(float64(o.Months[0].P50), 180, 0.05) || !about(float64(o.Months[6].P50), 20, 0.3) {
		t.Errorf("January %+v, July %+v", o.Months[0], o.Months[6])
	}
	grown := source.Foresee(years(t, 2021, 4, func(at time.Time, _ int) float64 { return winter(at) * math.Pow(1.3, float64(at.Year()-2021)) }), berlin, 1, nil)
	if grown.Method != source.SeasonAtLevel {
		t.Errorf("a season that grows by 30 %% a year: %s of %+v", grown.Method, grown.All)
	}
	for _, tried := range grown.All {
		if tried.Trials != grown.Trials || tried.Error < grown.Error {
			t.Errorf("%+v was not tried on the same months, or errs less than %s", tried, grown.Method)
		}
	}
}

// The errors of the past, by hand: 24 months of 100 kW but the last, 40.
func TestTheBandIsTheErrorsOfThePast(t *testing.T) {
	t.Parallel()
	s := years(t, 2023, 2, func(at time.Time, _ int) float64 {
		if at.Year() == 2024 && at.Month() == time.December {
			return 40
		}
		return 100
	})
	o := source.Foresee(s, berlin, 1, nil)
	// Tried alike from the 15th month on: origins 15 to 23, at most twelve months ahead, so
	// 9+8+…+1 = 45 errors, of which nine, those of December, are 0.6 of the level.
	if o.Method != source.LastQuarter || o.Trials != 45 || !near(o.Error, 9*0.6/45) {
		t.Errorf("%s errs by %v in %d trials, want 0.12 in 45", o.Method, o.Error, o.Trials)
	}
	// Eight months, seven of 100 kW and one of 40: 5+4+3+2+1 errors, one of each origin
	// −0.6. At one month and two there are nine, of which two are −0.6: nine tenths of
	// nine is all of them.
	s = months(t, 8, func(at time.Time) float64 {
		if at.Month() == time.August {
			return 40
		}
		return 100
	})
	o = source.Foresee(s, berlin, 1, nil)
	level := (7*100 + 40) / 8.0
	if m := o.Months[0]; o.Trials != 15 || !near(o.Error, 0.2) || !near(float64(m.P10), 80) || !near(float64(m.P50), 80) || !near(float64(m.P90), 80-0.6*level) {
		t.Errorf("%s errs by %v in %d trials, September %+v", o.Method, o.Error, o.Trials, o.Months[0])
	}
}

// months is a series of the first n months of 2025.
func months(t testing.TB, n int, of func(at time.Time) float64) heatmap.Series {
	from, to := berlin.Year(2025).From, berlin.Month(2025, time.Month(n)).To
	return made(t, "made", from, time.Hour, heatmap.SupplyLimited, each(int(to.Sub(from).Hours()), func(i int) float64 { return of(berlin.Local(from.Add(time.Duration(i) * time.Hour))) }))
}

func TestContractedGrowthComesOnTop(t *testing.T) {
	t.Parallel()
	s := years(t, 2023, 2, func(time.Time, int) float64 { return 80 })
	growth := []source.Growth{
		{From: day(2025, 2, 8), Power: 40, Contract: "V-17"},
		{From: day(2025, 4, 1), Power: -500, Contract: "V-18"},
		{From: day(2024, 3, 1), Power: 1000, Contract: "V-3, in the series already"},
	}
	o := source.Foresee(s, berlin, 4, growth)
	for i, want := range []float64{0, 30, 40, -460} {
		if got := o.Months[i]; !near(float64(got.Contracted), want) || !near(float64(got.P50), 80) || !near(float64(got.With().P50), max(0, 80+want)) || !near(float64(got.With().P10), max(0, 80+want)) || got.With().Contracted != 0 {
			t.Errorf("month %d: %+v, want %v kW on top", i+1, got, want)
		}
	}
}

func TestGrowthOfAMonthThatHasOnlyBegunIsNotInThePast(t *testing.T) {
	t.Parallel()
	july := berlin.Month(2025, time.July)
	half := july.From.Add(july.Length() / 2)
	cut := func(to time.Time) heatmap.Series {
		return months(t, 7, func(time.Time) float64 { return 5 }).Within(energy.Period{From: berlin.Year(2025).From, To: to})
	}
	growth := []source.Growth{{From: day(2025, 7, 2), Power: 31}}
	if o := source.Foresee(cut(july.From.Add(72*time.Hour)), berlin, 2, growth); !near(float64(o.Months[0].Contracted), 30) || !near(float64(o.Months[1].Contracted), 31) {
		t.Errorf("from the second of July on, three days of which are known: %+v", o.Months)
	}
	// Half of July is known, and stands for it: what began in it is in it, what begins later
	// is not.
	growth = append(growth, source.Growth{From: day(2025, 7, 17), Power: 7})
	if o := source.Foresee(cut(half), berlin, 1, growth); o.Months[0].Month != time.August || !near(float64(o.Months[0].Contracted), 7) {
		t.Errorf("of half a July: %+v", o.Months)
	}
}

func TestAMonthThatIsNotKnownIsNotForeseenFrom(t *testing.T) {
	t.Parallel()
	s := years(t, 2021, 4, func(at time.Time, _ int) float64 {
		if at.Year() == 2024 && at.Month() == time.May {
			return gone
		}
		return 100 + 80*math.Cos(2*math.Pi*float64(at.Month())/12)
	})
	o := source.Foresee(s, berlin, 12, nil)
	// Season is exact; of May only the last known month of all, December, is left.
	for i, m := range o.Months {
		want := 100 + 80*math.Cos(2*math.Pi*float64(i+1)/12)
		if m.Month == time.May {
			want = 180
		}
		if !about(float64(m.P50), want, 1e-6) || o.Error > 1e-9 || m.P10 < m.P50 || m.P50 < m.P90 {
			t.Errorf("%s: %+v, want %v kW by %s", m.Month, m, want, o.Method)
		}
		if slices.Contains(m.Fallbacks, source.NoSuchMonth) != (m.Month == time.May) {
			t.Errorf("%s resorts to %v", m.Month, m.Fallbacks)
		}
	}
	grown := source.Foresee(s, berlin, 3, []source.Growth{{From: day(2026, 1, 1), Power: 9}, {From: day(2025, 2, 1), Power: 50}})
	if a, b := grown.Months[0].Contracted, grown.Months[1].Contracted; a != 0 || b != 50 {
		t.Errorf("on top %v and %v kW", a, b)
	}
}

func TestNothingIsForeseenFromNothing(t *testing.T) {
	t.Parallel()
	if o := source.Foresee(months(t, 2, func(time.Time) float64 { return 1 }), berlin, 3, nil); o.Why != source.TooFewMonths || o.Months != nil {
		t.Errorf("of two months: %+v", o)
	}
	if o := source.Foresee(months(t, 5, func(time.Time) float64 { return 1 }), berlin, 3, nil); o.Why != source.NotTried || len(o.Months) != 3 || o.Months[0].HasBand || o.Months[0].P50 != 1 {
		t.Errorf("of five months: %+v", o)
	}
	if o := source.Foresee(heatmap.Series{}, berlin, 3, nil); o.Why != source.TooFewMonths {
		t.Errorf("of nothing: %+v", o)
	}
	if o := source.Foresee(months(t, 3, func(time.Time) float64 { return 7 }), berlin, 1, nil); o.Why != source.NotTried || o.Months[0].P50 != 7 {
		t.Errorf("of three months: %+v", o)
	}
	begun := months(t, 7, func(time.Time) float64 { return 5 }).Within(energy.Period{From: berlin.Year(2025).From, To: berlin.Month(2025, time.July).From.Add(72 * time.Hour)})
	if o := source.Foresee(begun, berlin, 1, nil); o.Months[0].Month != time.July {
		t.Errorf("a month that has only begun is past: %+v", o.Months[0])
	}
}

// A year whose level fell in August: the months far ahead say that their band is not of
// their distance, and it is not of all distances, either.
func TestAFarMonthSaysWhatItsBandRestsOn(t *testing.T) {
	t.Parallel()
	o := source.Foresee(months(t, 12, func(at time.Time) float64 {
		if at.Month() >= time.August {
			return 60
		}
		return 100
	}), berlin, 12, nil)
	if o.NoSeason != source.UnderTwoYears || o.Method.Seasonal() || len(o.Months) != 12 {
		t.Fatalf("%+v", o)
	}
	for i, m := range o.Months {
		far := i+1 > 7
		if got := slices.Contains(m.Fallbacks, source.OtherDistances); got != far || !m.HasBand || far && (m.Least != 6 || m.Farthest != 9) || !far && m.Farthest > i+2 {
			t.Errorf("%d months ahead: %v, errors from %d to %d", i+1, m.Fallbacks, m.Least, m.Farthest)
		}
	}
	two := source.Foresee(years(t, 2021, 4, func(at time.Time, _ int) float64 { return 100 + 80*math.Cos(2*math.Pi*float64(at.YearDay())/365) }), berlin, 12, nil)
	if two.NoSeason != "" || !two.Method.Seasonal() {
		t.Errorf("a season of four years: %s, %q", two.Method, two.NoSeason)
	}
	for _, m := range two.Months {
		if len(m.Fallbacks) > 0 {
			t.Errorf("of four years: %d-%d resorts to %v", m.Year, m.Month, m.Fallbacks)
		}
	}
}
