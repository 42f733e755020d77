package source

import (
	"math"
	"testing"
	"time"

	"heatledger/heatmap"
)

// monthsOf are so many, fully known, from January 2021 on.
func monthsOf(n int, mean func(i int) heatmap.Kilowatts) []Month {
	list := make([]Month, n)
	for i := range list {
		list[i] = Month{Year: 2021 + i/12, Month: time.Month(i%12 + 1), Mean: mean(i), Hours: 720, Of: 720}
	}
	return list
}

func TestTheTrendOfASmallSourceByHand(t *testing.T) {
	t.Parallel()
	// 0.4 kW, a year later 0.5: S = 12, Var = 12 · 2·1·9/18, the median month has 0.45 kW.
	got := trend(monthsOf(24, func(i int) heatmap.Kilowatts { return 0.4 + 0.1*heatmap.Kilowatts(i/12) }))
	if math.Abs(float64(got.PerYear)-0.1) > 1e-12 || math.Abs(got.Relative-0.1/0.45) > 1e-12 || math.Abs(got.P-math.Erfc(11/math.Sqrt(12)/math.Sqrt2)) > 1e-12 || got.Pairs != 12 || got.Why != "" {
		t.Errorf("%+v", got)
	}
	less := trend(monthsOf(24, func(i int) heatmap.Kilowatts { return 0.5 - 0.1*heatmap.Kilowatts(i/12) }))
	if math.Abs(float64(less.PerYear)+0.1) > 1e-12 || less.P != got.P {
		t.Errorf("the other way about: %+v", less)
	}
	if short := trend(monthsOf(23, func(i int) heatmap.Kilowatts { return 1 })); short.Why != UnderTwoYears || short.Pairs != 11 {
		t.Errorf("of 23 months: %+v", short)
	}
	thin := monthsOf(24, func(i int) heatmap.Kilowatts { return 1 })
	thin[5].Hours = 359
	if got := trend(thin); got.Pairs != 11 {
		t.Errorf("with a month that is known for less than half: %+v", got)
	}
	if dark := trend(monthsOf(36, func(i int) heatmap.Kilowatts { return heatmap.Kilowatts(max(0, i-34)) })); dark.Relative != 0 || dark.PerYear != 0 {
		t.Errorf("a source that was dark but for a month: %+v", dark)
	}
}

func TestMediansSignsAndVariancesByHand(t *testing.T) {
	t.Parallel()
	for want, list := range map[float64][]float64{0: nil, 3: {3}, 1.5: {2, 1}, 4: {5, 1, 4}, 2.5: {4, 1, 3, 2}, 6: {9, 6, 7, 1, 2}} {
		if got := median(list); got != want {
			t.Errorf("the median of %v is %v, want %v", list, got, want)
		}
	}
	for x, want := range map[float64]float64{0.5: 1, -0.5: -1, 0: 0} {
		if got := sign(x); got != want {
			t.Errorf("the sign of %v is %v", x, got)
		}
	}
	for _, tt := range []struct {
		means []heatmap.Kilowatts
		want  float64 // n (n−1) (2n+5) / 18, less the same of those that are alike
	}{
		{nil, 0}, {[]heatmap.Kilowatts{7}, 0}, {[]heatmap.Kilowatts{2, 1}, 1}, {[]heatmap.Kilowatts{1, 1}, 0}, {[]heatmap.Kilowatts{3, 1, 2}, 66 / 18.0},
		{[]heatmap.Kilowatts{1, 2, 1}, 48 / 18.0}, {[]heatmap.Kilowatts{4, 4, 4}, 0}, {[]heatmap.Kilowatts{2, 1, 2, 1}, (156 - 2*18) / 18.0}, {[]heatmap.Kilowatts{5, 1, 5, 3, 5}, (300 - 66) / 18.0},
	} {
		var same []Month
		for _, m := range tt.means {
			same = append(same, Month{Mean: m})
		}
		if got := varianceOf(same); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("of %v: %v, want %v", tt.means, got, tt.want)
		}
	}
}
