package source_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// years is a series in hours of whole local years, from what an hour brings.
func years(t testing.TB, first, n int, of func(at time.Time, hour int) float64) heatmap.Series {
	from, to := berlin.Year(first).From, berlin.Year(first+n).From
	return made(t, "made", from, time.Hour, heatmap.SupplyLimited, each(int(to.Sub(from)/time.Hour), func(i int) float64 {
		return of(berlin.Local(from.Add(time.Duration(i)*time.Hour)), i)
	}))
}

func TestTheSeasonIsRelativeToTheMean(t *testing.T) {
	t.Parallel()
	s := years(t, 2025, 1, func(at time.Time, _ int) float64 {
		if at.Month() <= 6 {
			return 30
		}
		return 10
	})
	season := source.SeasonOf(s, hesse)
	if !near(season.Months[0], 1.5) || !near(season.Months[11], 0.5) || !near(season.Strength, 1) || season.Why != "" {
		t.Errorf("months %v explain %v (%s)", season.Months, season.Strength, season.Why)
	}
	s = years(t, 2025, 1, func(at time.Time, _ int) float64 {
		switch hesse.KindOf(berlin.Date(at)) {
		case heatmap.Weekday:
			return 10 + float64(at.Hour()%2)*10
		case heatmap.Saturday:
			return 5
		}
		return 0
	})
	season = source.SeasonOf(s, hesse)
	mean, weekdays := float64(s.Account().Energy)/8760, 0.0
	for d := day(2025, 1, 1); d.Year == 2025; d = d.AddDays(1) {
		if hesse.KindOf(d) == heatmap.Weekday {
			weekdays++ // on which odd hours have 20 kW and even ones 10
		}
	}
	if !about(season.Kinds[0], 15/mean, 1e-3) || !about(season.Kinds[1], 5/mean, 1e-9) || season.Kinds[2] != 0 || !about(season.Hours[0], (season.Hours[1]+season.Hours[0])/2-5*weekdays/365/mean, 1e-3) || season.Hours[1]-season.Hours[0] < 0.5 || season.Strength > 0.1 {
		t.Errorf("kinds %v, hours %v, months explain %v", season.Kinds, season.Hours[:2], season.Strength)
	}
	if half := source.SeasonOf(s.Within(energy.Period{From: s.At(0), To: s.At(4000)}), hesse); half.Why != source.UnderTwelveMonths || half.Months != [12]float64{} || half.Kinds[0] == 0 {
		t.Errorf("half a year: %+v", half)
	}
	if still := source.SeasonOf(years(t, 2025, 1, func(time.Time, int) float64 { return 7 }), hesse); still.Strength != 0 || !near(still.Months[3], 1) || !near(still.Hours[9], 1) {
		t.Errorf("a source that never moved: %+v", still)
	}
	if little := source.SeasonOf(years(t, 2025, 1, func(time.Time, int) float64 { return 1.0 / 16384 }), hesse); little.Why != "" || !near(little.Months[3], 1) {
		t.Errorf("a source of half a kWh a year: %+v", little)
	}
	if none := source.SeasonOf(years(t, 2025, 1, func(time.Time, int) float64 { return 0 }), hesse); none.Why != source.NothingKnown {
		t.Errorf("a source that gave nothing has a season: %+v", none)
	}
}

func TestKindsOfDayAndHoursThatAreNotThereAreNothing(t *testing.T) {
	t.Parallel()
	// A Friday of 10 kW and the first hour of a Saturday, 5 kW: 245 kWh in 25 hours.
	power := each(25, func(i int) float64 { return 10 - 5*float64(i/24) })
	got := source.SeasonOf(hours(t, day(2025, 6, 6), power...), hesse)
	if got.Kinds != [3]float64{10 / 9.8, 5 / 9.8, 0} || got.Hours[0] != 7.5/9.8 || got.Hours[23] != 10/9.8 {
		t.Errorf("%+v", got)
	}
	if one := source.SeasonOf(hours(t, day(2025, 6, 6), 7), hesse); one.Hours[0] != 1 || one.Hours[1] != 0 || one.Why != source.UnderTwelveMonths {
		t.Errorf("of one hour: %+v", one)
	}
}

func TestTheTrendIsApartFromTheSeason(t *testing.T) {
	t.Parallel()
	winter := func(at time.Time) float64 { return 100 + 80*math.Cos(2*math.Pi*float64(at.YearDay())/365) }
	grows := source.TrendOf(years(t, 2021, 4, func(at time.Time, _ int) float64 { return winter(at) + 12*float64(at.Year()-2021) }), berlin)
	if !about(float64(grows.PerYear), 12, 0.02) || grows.P > 1e-6 || grows.Pairs != 12*6 || grows.Why != "" {
		t.Errorf("12 kW more each year: %+v", grows)
	}
	flat := source.TrendOf(years(t, 2021, 3, func(at time.Time, _ int) float64 {
		return winter(at) + chance(uint64(at.Year()*400+at.YearDay())).Float64()
	}), berlin)
	if math.Abs(flat.Relative) > 0.005 || flat.P < 0.01 {
		t.Errorf("no trend: %+v", flat)
	}
	if short := source.TrendOf(years(t, 2021, 1, func(at time.Time, i int) float64 { return float64(i) }), berlin); short.Why != source.UnderTwoYears || short.PerYear != 0 {
		t.Errorf("of one year: %+v", short)
	}
	still := source.TrendOf(years(t, 2021, 2, func(time.Time, int) float64 { return 7 }), berlin)
	if still.PerYear != 0 || still.P != 1 {
		t.Errorf("a source that never moved: %+v", still)
	}
	// Three years of months by hand: slopes of January 1, 2 and 1 (over two years), of all others 0.
	odd := source.TrendOf(years(t, 2021, 3, func(at time.Time, _ int) float64 {
		if at.Month() != time.January {
			return 10
		}
		return map[int]float64{2021: 10, 2022: 11, 2023: 13}[at.Year()]
	}), berlin)
	// S = 3; of the Januaries Var = 3·2·11/18 = 11/3, the others are alike and have none.
	if odd.PerYear != 0 || odd.Pairs != 36 || !near(odd.P, math.Erfc(2/math.Sqrt(11/3.0)/math.Sqrt2)) {
		t.Errorf("one odd month moves it: %+v", odd)
	}
	// Winters of 10, 10 and 12 kW, summers without heat: of six months S = 2 and Var = (66 −
	// 2·1·9)/18 = 8/3 each, z = (12 − 1)/√16.
	summers := source.TrendOf(years(t, 2021, 3, func(at time.Time, _ int) float64 {
		switch {
		case at.Month() >= time.April && at.Month() <= time.September:
			return 0
		case at.Year() == 2023:
			return 12
		}
		return 10
	}), berlin)
	if !near(summers.P, math.Erfc(11/4.0/math.Sqrt2)) || summers.Pairs != 36 || summers.PerYear != 0 {
		t.Errorf("summers without heat say nothing of a trend: %+v", summers)
	}
}

func TestAConstantGrowthIsFoundOnTopOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		level := map[time.Month]float64{}
		for m := time.January; m <= time.December; m++ {
			level[m] = rapid.Float64Range(50, 100).Draw(rt, "month")
		}
		growth := rapid.Float64Range(-10, 10).Draw(rt, "kW a year")
		got := source.TrendOf(years(t, 2022, 2, func(at time.Time, _ int) float64 { return level[at.Month()] + growth*float64(at.Year()-2022) }), berlin)
		if math.Abs(float64(got.PerYear)-growth) > 1e-9 {
			rt.Fatalf("%v kW a year, want %v", got.PerYear, growth)
		}
	})
}
