package source_test

import (
	"math"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// noisy is a series of days about levels, with chance that resembles the day before
// by rho, weekends 3 % lower.
func noisy(t *testing.T, seed uint64, rho float64, days int, level func(day int) float64) heatmap.Series {
	r := chance(seed)
	x := 0.0
	power := make([]float64, days*24)
	for d := range days {
		x = rho*x + math.Sqrt(1-rho*rho)*r.NormFloat64()
		mean := level(d) * (1 + 0.02*x)
		if d%7 >= 5 {
			mean *= 0.97
		}
		for h := range 24 {
			power[24*d+h] = max(0, mean)
		}
	}
	return made(t, "made", berlin.Day(day(2022, 1, 3)).From, 3_600_000_000_000, heatmap.SupplyLimited, power)
}

func TestBreaksAreFoundWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		days     int
		level    func(day int) float64
		breaks   []int
		changes  []source.Change
	}{
		{"nothing happened", 900, func(int) float64 { return 500 }, nil, nil},
		{"it grew", 700, func(d int) float64 { return 500 + 150*step(d, 300) }, []int{300}, []source.Change{source.Grew}},
		{"it shrank twice", 900, func(d int) float64 { return 500 - 100*step(d, 200) - 200*step(d, 600) }, []int{200, 600}, []source.Change{source.Shrank, source.Shrank}},
		{"it went dark", 800, func(d int) float64 { return 500 - 500*step(d, 450) }, []int{450}, []source.Change{source.Dark}},
		{"it began, and went dark again", 800, func(d int) float64 { return 500*step(d, 250) - 500*step(d, 600) }, []int{250, 600}, []source.Change{source.Began, source.Dark}},
		{"it grew by a twentieth: planners need not know", 700, func(d int) float64 { return 500 + 25*step(d, 300) }, nil, nil},
		{"a week without power is an outage, no level", 700, func(d int) float64 { return 500 - 500*(step(d, 300)-step(d, 307)) }, nil, nil},
	} {
		for _, rho := range []float64{0, 0.7} {
			for seed := range uint64(5) {
				got := source.LevelsOf(noisy(t, seed, rho, tt.days, tt.level), berlin)
				if len(got.List) != len(tt.breaks)+1 {
					t.Errorf("%s (seed %d, likeness %v): %d levels %+v", tt.sentence, seed, rho, len(got.List), got)
					continue
				}
				for i, at := range tt.breaks {
					level := got.List[i+1]
					off := int(level.From.UTC().Sub(day(2022, 1, 3).AddDays(at).UTC()).Hours() / 24)
					if off < -4 || off > 4 || level.Change != tt.changes[i] {
						t.Errorf("%s (seed %d, likeness %v): %s on %s, %d days off", tt.sentence, seed, rho, level.Change, level.From, off)
					}
				}
			}
		}
	}
}

func step(d, at int) float64 {
	if d >= at {
		return 1
	}
	return 0
}

func TestLevelsCoverAllDays(t *testing.T) {
	t.Parallel()
	s := noisy(t, 3, 0.5, 400, func(d int) float64 { return 300 + 300*step(d, 180) })
	l := source.LevelsOf(s, berlin)
	days, sum := 0, 0.0
	for i, level := range l.List {
		days += level.Days
		sum += float64(level.Mean) * float64(level.Days)
		if i > 0 && (level.From != l.List[i-1].To || level.Change == "") {
			t.Errorf("level %d begins on %s, the one before ends on %s", i, level.From, l.List[i-1].To)
		}
	}
	if first, last := l.List[0].From, l.List[len(l.List)-1].To; days != 400 || first != day(2022, 1, 3) || last != day(2022, 1, 3).AddDays(400) || l.List[0].Change != "" {
		t.Errorf("%d days from %s to %s", days, first, last)
	}
	if got := float64(s.Account().Energy) / (400 * 24); !about(sum/400, got, 2e-3) { // days of 23 and 25 hours weigh alike
		t.Errorf("the mean of the levels is %v, that of the series %v", sum/400, got)
	}
	if few := source.LevelsOf(s.Within(energy.Period{From: s.At(0), To: s.At(27 * 24)}), berlin); few.Why != source.TooFewDays || few.List != nil {
		t.Errorf("of 27 days: %+v", few)
	}
	zero := source.LevelsOf(noisy(t, 1, 0, 100, func(int) float64 { return 0 }), berlin)
	if len(zero.List) != 1 || zero.List[0].Mean != 0 {
		t.Errorf("a source that gave nothing: %+v", zero)
	}
}
