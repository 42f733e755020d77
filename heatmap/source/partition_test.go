package source

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// days are days in a row with the means.
func daysOf(means []float64) []day {
	list := make([]day, len(means))
	for i, m := range means {
		list[i] = day{energy.Date{Year: 2025, Month: 1, Day: 1}.AddDays(i), m}
	}
	return list
}

// price is what a partition costs, by its definition.
func price(means []float64, starts []int, penalty float64) float64 {
	sum := penalty * float64(len(starts)-1)
	for i, first := range starts {
		last := len(means)
		if i+1 < len(starts) {
			last = starts[i+1]
		}
		m := 0.0
		for _, x := range means[first:last] {
			m += x / float64(last-first)
		}
		for _, x := range means[first:last] {
			sum += (x - m) * (x - m)
		}
	}
	return sum
}

func TestThePartitionIsTheBestOfAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2*leastSegment, 4*leastSegment-1).Draw(rt, "days") // three segments at most
		means := rapid.SliceOfN(rapid.Float64Range(90, 110), n, n).Draw(rt, "kW")
		for i, step := rapid.IntRange(0, n).Draw(rt, "from"), rapid.Float64Range(0, 30).Draw(rt, "step"); i < n; i++ {
			means[i] += step
		}
		penalty := rapid.Float64Range(0, 3000).Draw(rt, "penalty")
		best := price(means, []int{0}, penalty)
		for a := leastSegment; a <= n-leastSegment; a++ {
			best = min(best, price(means, []int{0, a}, penalty))
			for b := a + leastSegment; b <= n-leastSegment; b++ {
				best = min(best, price(means, []int{0, a, b}, penalty))
			}
		}
		starts := cumulate(daysOf(means)).partition(penalty)
		for i := range starts {
			if i > 0 && starts[i]-starts[i-1] < leastSegment || n-starts[i] < leastSegment || starts[0] != 0 {
				rt.Fatalf("segments begin at %v of %d", starts, n)
			}
		}
		if got := price(means, starts, penalty); math.Abs(got-best) > 1e-6*(1+best) {
			rt.Fatalf("%v costs %v, the best %v", starts, got, best)
		}
	})
}

func TestTheNoiseIsThatOfTheDays(t *testing.T) {
	t.Parallel()
	means := make([]float64, 70)
	for _, tt := range []struct {
		sentence        string
		means           func(i int) float64
		sigma, likeness float64
	}{
		{"a flat source has one per cent", func(int) float64 { return 500 }, 5, 0},
		{"a source that is dark on most days has one per cent of its mean", func(i int) float64 { return 100 * float64(max(0, i-59)) / float64(max(1, i-59)) }, 100 * 10.0 / 70 / 100, 0},
		{"weeks that differ by ten, days alike within them", func(i int) float64 { return 500 + 10*float64(i/7%2) }, 1.4826 * 10 / math.Sqrt2, 0.9},
		{"a source that has been growing lately has one per cent of most days", func(i int) float64 { return 500 + 500*float64(i/60) }, 5, 0},
		{"a small source, in weeks that differ by a tenth", func(i int) float64 { return 5 + 0.1*float64(i/7%2) }, 1.4826 * 0.1 / math.Sqrt2, 0.9},
		{"days that swing, in weeks that differ by ten", func(i int) float64 { return 500 + 10*float64(i/7%2) + 100*float64(i%7%2) }, 1.4826 * 10 / math.Sqrt2, 0},
		{"day and day about", func(i int) float64 { return 500 + 100*float64(i%2) }, 1.4826 * 100 / math.Sqrt2, 0},
	} {
		for i := range means {
			means[i] = tt.means(i)
		}
		if sigma, likeness := noise(daysOf(means)); math.Abs(sigma-tt.sigma) > 1e-9 || math.Abs(likeness-tt.likeness) > 1e-9 {
			t.Errorf("%s: σ %v and likeness %v, want %v and %v", tt.sentence, sigma, likeness, tt.sigma, tt.likeness)
		}
	}
}

func TestFarDaysAreBroughtNear(t *testing.T) {
	t.Parallel()
	means := make([]float64, 60)
	for i := range means {
		means[i] = 100
		if i >= 40 {
			means[i] = 200
		}
	}
	means[10], means[11], means[20], means[21] = 0, 130, 95, 110
	want := append([]float64(nil), means...)
	want[10], want[11] = 100, 100
	for i, d := range clip(daysOf(means), 10) {
		if d.mean != want[i] {
			t.Errorf("day %d: %v, want %v", i, d.mean, want[i])
		}
	}
	// The first day knows only itself and thirteen that follow: seven of each.
	if first := clip(daysOf(means[33:47]), 10)[0]; first.mean != 150 {
		t.Errorf("the first day: %v, want the mean of the two in the middle, 150", first.mean)
	}
}

// Days that differ by 38 kW from each to the next have a noise of 1.4826 · 38/√2 = 39.8
// kW, on about 1,000. Thirteen days that are lower by a tenth and more would be a level
// if they were no outage.
func TestAnOutageIsNoLevel(t *testing.T) {
	t.Parallel()
	const sigma = 1.4826 * 38 / math.Sqrt2
	for _, tt := range []struct {
		sentence string
		lower    float64
		days     int
		levels   int
	}{
		{"thirteen days without power", 1000, 13, 1},
		{"fourteen days without power", 1000, 14, 3},
		{"thirteen days, lower by 4.5 σ", 4.5 * sigma, 13, 1},
		{"thirteen days, lower by 3.5 σ", 3.5 * sigma, 13, 3},
	} {
		means := make([]float64, 140)
		for i := range means {
			if means[i] = 1000 + 38*float64(i%2); i >= 60 && i < 60+tt.days {
				means[i] = 1000 - tt.lower
			}
		}
		l := levels(daysOf(means))
		if len(l.List) != tt.levels || math.Abs(l.Noise-sigma) > 1e-9 || l.Likeness != 0 {
			t.Errorf("%s: %+v, want %d levels", tt.sentence, l, tt.levels)
		}
	}
}

func TestASmallSourceIsDarkAtAFiftieth(t *testing.T) {
	t.Parallel()
	means := make([]float64, 60)
	for i := range means {
		if means[i] = 0.5; i >= 30 {
			means[i] = 0.015
		}
	}
	if l := levels(daysOf(means)); len(l.List) != 2 || l.List[1].Change != Shrank {
		t.Errorf("from 0.5 kW to 3 %% of it: %+v", l.List)
	}
}

func TestGreatNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	means := make([]float64, 40)
	for i := range means {
		means[i] = 1e8 + 2*float64(i/20)
	}
	// Two segments save 40 · 1² for a penalty of 5.
	if starts := cumulate(daysOf(means)).partition(5); !slices.Equal(starts, []int{0, 20}) {
		t.Errorf("segments begin at %v", starts)
	}
}

func TestLevelsThatDifferByATenthStay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence     string
		second, last float64 // of the last day
		want         []int
	}{
		{"by a tenth of the greater", 90, 90, []int{0, 14}},
		{"by less", 90.1, 90.1, []int{0}},
		{"by more, with the last day", 109, 150, []int{0, 14}},
	} {
		means := make([]float64, 28)
		for i := range means {
			if means[i] = 100; i >= 14 {
				means[i] = tt.second
			}
		}
		means[27] = tt.last
		if got := cumulate(daysOf(means)).merge([]int{0, 14}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: levels begin at %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestThePenaltyIsThatOfTheMethod(t *testing.T) {
	t.Parallel()
	means := make([]float64, 140)
	for i := range means {
		means[i] = 500 + 10*float64(i/7%2) + float64(i%3)
	}
	l := levels(daysOf(means))
	if want := 2 * l.Noise * l.Noise * (1 + l.Likeness) / (1 - l.Likeness) * math.Log(140); math.Abs(l.Penalty-want) > 1e-9*want || !(l.Likeness > 0.5) {
		t.Errorf("%v, want %v of σ %v and likeness %v", l.Penalty, want, l.Noise, l.Likeness)
	}
	if l := levels(daysOf(means[:28])); l.Why != "" || len(l.List) != 1 {
		t.Errorf("of 28 days: %+v", l)
	}
}

func TestChangesHaveTheirName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, after float64
		want          Change
	}{{10, 20, Grew}, {20, 10, Shrank}, {10, 2, Dark}, {2, 10, Began}, {2, 1, Shrank}, {1, 2, Grew}, {3, 2, Dark}, {2, 3, Began}} {
		if got := changeOf(tt.before, tt.after, 2); got != tt.want {
			t.Errorf("from %v to %v, where 2 is nothing: %s, want %s", tt.before, tt.after, got, tt.want)
		}
	}
}
