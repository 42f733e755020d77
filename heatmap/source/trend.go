package source

import (
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Trend is how the power grows or shrinks over the years, apart from the seasons.
//
// Method: the seasonal Kendall slope estimator and test on monthly means (Hirsch,
// Slack and Smith, Techniques of trend analysis for monthly water quality data,
// Water Resources Research 18 (1982) 107–121): the median of the changes per year
// between the same months of different years. A few odd months do not move it. Months
// that are alike, as summers without heat are, have no order, and their part is taken
// off the variance. The test takes months to be independent of each other; where they
// are not, P is too small. A break shows as a trend, too: see [Levels].
type Trend struct {
	PerYear  heatmap.Kilowatts
	Relative float64 // PerYear over the median month; 0 where that is 0
	// P is how likely chance alone gives a trend as clear, two-sided.
	P     float64
	Pairs int // of months that were compared
	Why   Why // UnderTwoYears: season and trend cannot be told apart
}

// leastPairs is how many pairs of the same months of different years are wanted: one
// for each month of the year.
const leastPairs = 12

// TrendOf is the trend of a series in the calendar of a place.
func TrendOf(s heatmap.Series, calendar energy.Calendar) Trend {
	return trend(Monthly(s, calendar))
}

func trend(months []Month) Trend {
	var slopes, means []float64
	var score, variance float64
	for m := range monthsOfYear {
		var same []Month
		for _, month := range months {
			if int(month.Month) == m+1 && month.OK() {
				same = append(same, month)
				means = append(means, float64(month.Mean))
			}
		}
		for i, a := range same {
			for _, b := range same[i+1:] {
				change := float64(b.Mean - a.Mean)
				slopes = append(slopes, change/float64(b.Year-a.Year))
				score += sign(change)
			}
		}
		variance += varianceOf(same)
	}
	t := Trend{Pairs: len(slopes)}
	if len(slopes) < leastPairs {
		t.Why = UnderTwoYears
		return t
	}
	t.PerYear = heatmap.Kilowatts(median(slopes))
	if middle := median(means); middle > 0 {
		t.Relative = float64(t.PerYear) / middle
	}
	z := 0.0
	if score != 0 {
		z = (math.Abs(score) - 1) / math.Sqrt(variance) // continuity correction
	}
	t.P = math.Erfc(z / math.Sqrt2)
	return t
}

// varianceOf is that of the score of a month of the year where chance alone puts its
// years in order.
func varianceOf(same []Month) float64 {
	of := func(n int) float64 { return float64(n*(n-1)*(2*n+5)) / 18 }
	means := make([]heatmap.Kilowatts, len(same))
	for i, m := range same {
		means[i] = m.Mean
	}
	slices.Sort(means)
	variance := of(len(means))
	for len(means) > 0 {
		alike := 1
		for alike < len(means) && means[alike] == means[0] {
			alike++
		}
		variance -= of(alike)
		means = means[alike:]
	}
	return variance
}

// sign is -1, 0 or 1.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// median is the middle of some numbers, or the mean of the two in the middle; 0 of
// none. It puts them in order.
func median(list []float64) float64 {
	n := len(list)
	if n == 0 {
		return 0
	}
	slices.Sort(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}
