package source_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

func calendar(zone string) energy.Calendar {
	c, err := energy.LoadCalendar(zone)
	if err != nil {
		panic(err)
	}
	return c
}

var (
	berlin = calendar("Europe/Berlin")
	hesse  = heatmap.Local{Calendar: berlin, State: heatmap.Hesse}
	gone   = math.NaN()
)

// made is a series; NaN is absent. Flow temperatures may be fewer: none.
func made(t testing.TB, id string, from time.Time, step time.Duration, limit heatmap.Limit, power []float64, flow ...float64) heatmap.Series {
	t.Helper()
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, len(power)), Grade: make([]heatmap.Grade, len(power)), Limit: make([]heatmap.Limit, len(power))}
	for i, p := range power {
		c.Power[i] = heatmap.Kilowatts(p)
		if p == p {
			c.Grade[i], c.Limit[i] = heatmap.Measured, limit
		}
	}
	for _, x := range flow {
		c.Flow = append(c.Flow, energy.Celsius(x))
	}
	s, err := heatmap.New(heatmap.Header{Source: heatmap.SourceID(id), From: from, Step: step}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hours is a supply-limited series in hours from the beginning of a local day.
func hours(t testing.TB, day energy.Date, power ...float64) heatmap.Series {
	return made(t, "made", berlin.Day(day).From, time.Hour, heatmap.SupplyLimited, power)
}

func day(year int, month time.Month, d int) energy.Date {
	return energy.Date{Year: year, Month: month, Day: d}
}

// each gives n numbers.
func each(n int, of func(i int) float64) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = of(i)
	}
	return list
}

// chance is a source of random numbers that is the same each time.
func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }

func about(a, b, relative float64) bool { return math.Abs(a-b) <= relative*math.Abs(b) }
