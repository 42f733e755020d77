package match_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// may says what a drawn input has beside sources, areas and links.
type may struct {
	absent, warmth, boilers bool
	stores                  int // the most
	losses                  bool
	hours                   int // the most
}

var everything = may{absent: true, warmth: true, boilers: true, stores: 3, losses: true, hours: 12}

// drawn is a small input. Powers are quarters of a kW, so that plain sums of them are
// exact, or have all the digits they like.
func drawn(t *rapid.T, m may) match.Input {
	in := match.Input{From: newYear, Hours: rapid.IntRange(1, m.hours).Draw(t, "hours")}
	power := rapid.Map(rapid.IntRange(0, 40), func(i int) float64 { return float64(i) / 4 })
	if rapid.Bool().Draw(t, "digits") {
		power = rapid.Float64Range(0, 10)
	}
	supply := power
	if m.absent {
		supply = rapid.OneOf(power, power, rapid.Just(gone))
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "sources") {
		s := match.Source{ID: fmt.Sprintf("s%d", i), Heat: kw(rapid.SliceOfN(supply, in.Hours, in.Hours).Draw(t, "heat")...),
			Rank: rapid.IntRange(0, 2).Draw(t, "rank"), Cost: match.Price{Euros: float64(rapid.IntRange(0, 2).Draw(t, "cost")), Source: "drawn"}}
		if rapid.IntRange(0, 3).Draw(t, "bound") == 0 {
			s.Most = heatmap.Kilowatts(rapid.IntRange(1, 6).Draw(t, "most"))
		}
		if m.warmth {
			s.Flow = drawnCourse(t, in.Hours, 40, 80, true)
			s.ReturnLimit = heatmap.Temperature{Celsius: energy.Celsius(rapid.IntRange(25, 50).Draw(t, "limit")), OK: rapid.Bool().Draw(t, "limited")}
			s.Return = match.ReturnRule(rapid.IntRange(0, 1).Draw(t, "rule"))
		}
		in.Sources = append(in.Sources, s)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "areas") {
		a := match.Area{ID: fmt.Sprintf("a%d", i), Load: kw(rapid.SliceOfN(power, in.Hours, in.Hours).Draw(t, "load")...), Rank: rapid.IntRange(0, 1).Draw(t, "rank")}
		if m.warmth {
			a.Flow, a.Return = drawnCourse(t, in.Hours, 40, 80, false), drawnCourse(t, in.Hours, 25, 55, false)
		}
		in.Areas = append(in.Areas, a)
		for _, s := range in.Sources {
			if rapid.Bool().Draw(t, "joined") {
				in.Links = append(in.Links, match.Link{Source: s.ID, Area: a.ID, Metres: float64(100 * rapid.IntRange(1, 20).Draw(t, "metres"))})
			}
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "reach") == 0 {
		in.Reach = 1500
	}
	drawStores(t, &in, m)
	if !m.boilers {
		return in
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "boilers") {
		b := match.Boiler{ID: fmt.Sprintf("b%d", i), Rank: rapid.IntRange(0, 1).Draw(t, "rank"), Power: heatmap.Kilowatts(rapid.IntRange(0, 5).Draw(t, "power")), Efficiency: 0.9}
		for _, a := range in.Areas {
			if rapid.Bool().Draw(t, "serves") {
				b.Areas = append(b.Areas, a.ID)
			}
		}
		in.Boilers = append(in.Boilers, b)
	}
	return in
}

func drawStores(t *rapid.T, in *match.Input, m may) {
	for i := range rapid.IntRange(0, m.stores).Draw(t, "stores") {
		s := match.Store{ID: fmt.Sprintf("t%d", i), Rank: rapid.IntRange(0, 1).Draw(t, "rank"), Capacity: heatmap.KilowattHours(rapid.IntRange(0, 20).Draw(t, "capacity")),
			Charge: heatmap.Kilowatts(rapid.IntRange(0, 5).Draw(t, "charge")), Discharge: heatmap.Kilowatts(rapid.IntRange(0, 5).Draw(t, "discharge"))}
		s.Start = heatmap.KilowattHours(rapid.IntRange(0, int(s.Capacity)).Draw(t, "start"))
		if m.losses {
			s.Loss = rapid.Float64Range(0, 0.2).Draw(t, "loss")
			s.Cyclic = rapid.Bool().Draw(t, "cyclic")
		}
		if m.warmth {
			s.Temperature = heatmap.At(energy.Celsius(rapid.IntRange(40, 80).Draw(t, "store")))
		}
		for _, source := range in.Sources {
			if rapid.Bool().Draw(t, "fills") {
				s.Sources = append(s.Sources, source.ID)
			}
		}
		in.Stores = append(in.Stores, s)
	}
}

// drawnCourse is none, one, or one for each hour.
func drawnCourse(t *rapid.T, hours, low, high int, absent bool) match.Course {
	degree := rapid.Map(rapid.IntRange(low, high), func(i int) energy.Celsius { return energy.Celsius(i) })
	if absent {
		degree = rapid.OneOf(degree, degree, rapid.Just(energy.Celsius(math.NaN())))
	}
	n := []int{0, 1, hours}[rapid.IntRange(0, 2).Draw(t, "course")]
	return rapid.SliceOfN(degree, n, n).Draw(t, "degrees")
}
