package source

import (
	"math"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Change is what happened at a break.
type Change string

// The changes: more than before, less, from something to nothing, from nothing to
// something.
const (
	Grew   Change = "grew"
	Shrank Change = "shrank"
	Dark   Change = "went_dark"
	Began  Change = "began"
)

// Level is a stretch of days on which a source kept its level.
type Level struct {
	From, To energy.Date       // days [From, To)
	Mean     heatmap.Kilowatts // of all its days, outages included
	Days     int               // with data
	Change   Change            // to it from the one before; "" of the first
}

// Levels are the stretches between the breaks of a source.
//
// Method: daily means are cut into segments of constant mean so that Σ (day −
// mean)² + penalty × breaks is least, exactly, by dynamic programming (Jackson et
// al., An algorithm for optimal partitioning of data on an interval, IEEE Signal
// Processing Letters 12 (2005) 105–108). The penalty is 2·σ²·τ·ln n (after Yao,
// Estimating the number of change-points via Schwarz' criterion, Statistics &
// Probability Letters 6 (1988) 181–189). σ is that of the days, from the median of
// their differences over a week, so that neither weekends nor the breaks
// themselves are in it, and at least 1 % of the median day; τ = (1+ρ)/(1−ρ) allows
// for days that resemble the day before, ρ estimated from the differences over a day
// and a week. A segment has 14 days at least, and a day further than 4·σ from the
// median of the 27 days around it counts as that median: an outage of under two weeks
// is an outage ([FindOutages]) and no level. Neighbours that differ by less than a
// tenth of the greater are one level: planners need not know.
//
// Slow growth shows as a staircase. Of a source with a strong season each season
// shows as a level; [Season.Strength] tells which reading is right.
type Levels struct {
	List []Level // by time
	// Noise is σ in kW, Likeness ρ, and Penalty that of the method, in kW².
	Noise, Likeness, Penalty float64
	Why                      Why // TooFewDays: under 28 days are known
}

const (
	leastSegment  = 14   // days
	farDay        = 4    // σ
	leastStep     = 0.1  // of the greater level
	leastNoise    = 0.01 // of the median day
	greatestLike  = 0.9
	darkShare     = outageShare // of the greatest day
	madToStandard = 1.4826      // of a normal distribution
	week          = 7           // days
)

// LevelsOf finds those of a series in the calendar of a place.
func LevelsOf(s heatmap.Series, calendar energy.Calendar) Levels {
	return levels(daily(s.Hourly(), calendar))
}

func levels(days []day) Levels {
	var l Levels
	if len(days) < 2*leastSegment {
		l.Why = TooFewDays
		return l
	}
	l.Noise, l.Likeness = noise(days)
	l.Penalty = 2 * l.Noise * l.Noise * (1 + l.Likeness) / (1 - l.Likeness) * math.Log(float64(len(days)))
	kept, sums := cumulate(clip(days, farDay*l.Noise)), cumulate(days)
	starts := kept.merge(kept.partition(l.Penalty))
	var top float64
	for _, d := range days {
		top = max(top, d.mean)
	}
	for i, first := range starts {
		last := len(days)
		if i+1 < len(starts) {
			last = starts[i+1]
		}
		level := Level{From: days[first].date, To: days[last-1].date.AddDays(1), Mean: heatmap.Kilowatts(sums.mean(first, last)), Days: last - first}
		if i > 0 {
			level.Change = changeOf(float64(l.List[i-1].Mean), float64(level.Mean), darkShare*top)
		}
		l.List = append(l.List, level)
	}
	return l
}

// changeOf names the change from a level to another; at or below dark there is
// nothing.
func changeOf(before, after, dark float64) Change {
	switch {
	case after <= dark && before > dark:
		return Dark
	case before <= dark && after > dark:
		return Began
	case after > before:
		return Grew
	}
	return Shrank
}

// noise gives the standard deviation of days about their level, and how much a day
// is like the one before.
func noise(days []day) (sigma, likeness float64) {
	spread := func(lag int) float64 {
		var steps []float64
		for i := lag; i < len(days); i++ {
			steps = append(steps, math.Abs(days[i].mean-days[i-lag].mean))
		}
		return madToStandard * median(steps) / math.Sqrt2
	}
	var size []float64
	for _, d := range days {
		size = append(size, math.Abs(d.mean))
	}
	sigma = spread(week)
	if sigma > 0 {
		ratio := spread(1) / sigma // variance of differences at lag k is 2σ²(1−ρᵏ)
		likeness = min(max(0, 1-ratio*ratio), greatestLike)
	}
	middle := median(size)
	if middle == 0 { // a source that is dark on most days
		var all mean
		for _, d := range days {
			all.add(d.mean)
		}
		middle = all.of()
	}
	return max(sigma, leastNoise*middle, math.SmallestNonzeroFloat64), likeness
}

// clip brings days that are far from the median of those around them to that median.
// Of a change that lasts the median changes with it.
func clip(days []day, far float64) []day {
	clipped := make([]day, len(days))
	var around []float64
	for i, d := range days {
		around = around[:0]
		for _, o := range days[max(0, i-leastSegment+1):min(len(days), i+leastSegment)] {
			around = append(around, o.mean)
		}
		clipped[i] = d
		if middle := median(around); math.Abs(d.mean-middle) > far {
			clipped[i].mean = middle
		}
	}
	return clipped
}

// totals are the running sums of days, about the mean of all so that nothing is lost in
// rounding.
type totals struct {
	centre float64
	sum    []float64
}

func cumulate(days []day) totals {
	var all mean
	for _, d := range days {
		all.add(d.mean)
	}
	t := totals{centre: all.of(), sum: make([]float64, len(days)+1)}
	for i, d := range days {
		t.sum[i+1] = t.sum[i] + d.mean - t.centre
	}
	return t
}

// mean is that of the days from first to before last.
func (t totals) mean(first, last int) float64 {
	return t.centre + (t.sum[last]-t.sum[first])/float64(last-first)
}

// cost is Σ (day − mean)² of the days from first to before last, but for the squares of
// the days about the centre, which come to the same in every partition.
func (t totals) cost(first, last int) float64 {
	sum := t.sum[last] - t.sum[first]
	return -sum * sum / float64(last-first)
}

// partition gives the first day of each segment of the best partition.
func (t totals) partition(penalty float64) []int {
	n := len(t.sum) - 1
	best, from := make([]float64, n+1), make([]int, n+1) // of the days before i, the last segment begins at from[i]
	for i := 1; i <= n; i++ {
		best[i] = math.Inf(1)
		for j := 0; j+leastSegment <= i; j++ {
			if c := best[j] + t.cost(j, i) + penalty; c < best[i] {
				best[i], from[i] = c, j
			}
		}
	}
	var backwards []int
	for i := n; i > 0; i = from[i] {
		backwards = append(backwards, from[i])
	}
	starts := make([]int, len(backwards))
	for i, first := range backwards {
		starts[len(starts)-1-i] = first
	}
	return starts
}

// merge joins neighbours whose levels hardly differ, those that differ least first.
func (t totals) merge(starts []int) []int {
	n := len(t.sum) - 1
	for {
		end := func(i int) int {
			if i+1 < len(starts) {
				return starts[i+1]
			}
			return n
		}
		least, at := leastStep, 0
		for i := 1; i < len(starts); i++ {
			a, b := t.mean(starts[i-1], starts[i]), t.mean(starts[i], end(i))
			step := math.Abs(a-b) / max(math.Abs(a), math.Abs(b), math.SmallestNonzeroFloat64)
			if step < least {
				least, at = step, i
			}
		}
		if at == 0 {
			return starts
		}
		starts = append(starts[:at:at], starts[at+1:]...)
	}
}
