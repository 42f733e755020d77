package match_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// days have a surplus of 12 kWh by night and a lack of 10 by day.
func days() match.Input {
	in := match.Input{From: newYear, Hours: 48, Sources: []match.Source{{ID: "a"}}, Areas: []match.Area{{ID: "x"}}, Links: []match.Link{{"a", "x", 100}}, Stores: []match.Store{{ID: "t"}}}
	for h := range in.Hours {
		load := 9.0
		if h%24 >= 12 {
			load = 10 + 10.0/12
		}
		in.Sources[0].Heat, in.Areas[0].Load = append(in.Sources[0].Heat, 10), append(in.Areas[0].Load, heatmap.Kilowatts(load))
	}
	return in
}

func TestAStoreIsSized(t *testing.T) {
	t.Parallel()
	curve, err := match.Size(t.Context(), days(), "t", []heatmap.KilowattHours{20, 0, 5, 10, 5, 15})
	if err != nil {
		t.Fatal(err)
	}
	if len(curve.Sizes) != 5 || curve.Sizes[0].OK {
		t.Fatalf("%+v", curve)
	}
	for i, want := range []float64{0, 2, 2, 0, 0} { // kWh in two days for each kWh of store
		if i > 0 && math.Abs(curve.Sizes[i].Marginal-want) > 1e-3 {
			t.Errorf("%v kWh bring %v for each kWh, want %v", curve.Sizes[i].Capacity, curve.Sizes[i].Marginal, want)
		}
	}
	if s := curve.Sizes[2]; math.Abs(float64(s.Store.Given)-20) > 1e-3 || math.Abs(float64(s.Served.Unmet)) > 1e-3 {
		t.Errorf("10 kWh are enough for both days: %+v", s)
	}
	if bend, ok := curve.Bend(); !ok || bend.Capacity != 10 {
		t.Errorf("the bend is %+v", bend)
	}
	if _, err := match.Size(t.Context(), days(), "u", nil); err == nil {
		t.Error("there is no store u")
	}
	if _, err := match.Size(t.Context(), days(), "t", []heatmap.KilowattHours{-1}); err == nil {
		t.Error("a size below zero is none")
	}
}

// TestALargerStoreBringsLessAndLess holds for one store of all that loses nothing: the
// most that a plan covers is concave in a bound.
func TestALargerStoreBringsLessAndLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, may{hours: 12})
		joinAll(&in)
		in.Stores = []match.Store{{ID: "t", Charge: heatmap.Kilowatts(rapid.IntRange(0, 5).Draw(t, "charge"))}}
		curve, err := match.Size(t.Context(), in, "t", []heatmap.KilowattHours{0, 2, 4, 6, 8, 10, 40})
		if err != nil {
			t.Fatal(err)
		}
		before := math.Inf(1)
		for _, s := range curve.Sizes[1:] {
			if s.Marginal > before+1e-3 || s.Marginal < -1e-9 {
				t.Fatalf("%+v", curve.Sizes)
			}
			before = s.Marginal
		}
	})
}

func TestAreasAreRanked(t *testing.T) {
	t.Parallel()
	in := match.Input{From: newYear, Hours: 1, Trench: match.Price{Euros: 0.01, Source: "test"},
		Sources: []match.Source{priced(source("a", 16), 0, 0.02)},
		Areas: []match.Area{
			{ID: "w", Load: kw(8), StreetMetres: 8},
			{ID: "x", Load: kw(8), StreetMetres: 2},
			{ID: "y", Load: kw(4)},
			{ID: "z", Load: kw(0), StreetMetres: 1},
		},
		Links: []match.Link{{"a", "w", 100}, {"a", "x", 300}, {"a", "z", 50}}}
	r := matched(t, in)
	order := func(keys ...match.Key) (ids []string) {
		for i, a := range match.Ranking(in, r, keys...) {
			if a.Place != i+1 {
				t.Errorf("%s is at %d, and says %d", a.ID, i+1, a.Place)
			}
			ids = append(ids, a.ID)
		}
		return ids
	}
	for _, row := range []struct {
		keys []match.Key
		want []string
	}{
		{nil, []string{"w", "x", "y", "z"}}, // 1, 1, 0, no load
		{[]match.Key{match.ByCovered, match.ByDensity}, []string{"x", "w", "y", "z"}},
		{[]match.Key{match.ByDensity}, []string{"x", "w", "y", "z"}}, // 4, 1, not known, none
		{[]match.Key{match.ByDistance}, []string{"z", "w", "x", "y"}},
		{[]match.Key{match.ByCost}, []string{"w", "x", "y", "z"}},
		{[]match.Key{match.ByHeat, match.ByDistance}, []string{"w", "x", "z", "y"}},
	} {
		if got := order(row.keys...); !slices.Equal(got, row.want) {
			t.Errorf("by %v: %v, want %v", row.keys, got, row.want)
		}
	}
	if a := match.Ranking(in, r)[0]; !a.Known || math.Abs(a.Cost-(0.02+0.01*100/8)) > 1e-12 {
		t.Errorf("a kWh costs %v: its heat, and its share of the trench", a.Cost)
	}
}

func TestWhatStoredHeatCosts(t *testing.T) {
	t.Parallel()
	in := match.Input{From: newYear, Hours: 2,
		Sources: []match.Source{priced(source("a", 18, 0), 0, 0.02)}, Areas: []match.Area{area("x", 10, 10)}, Links: []match.Link{{"a", "x", 100}},
		Stores: []match.Store{{ID: "t", Capacity: 20, Loss: 0.5}}}
	a := match.Ranking(in, matched(t, in))[0]
	if want := (10*0.02 + 4*0.04) / 14; math.Abs(a.Cost-want) > 1e-12 { // half of 8 kWh is lost
		t.Errorf("a kWh costs %v, want %v", a.Cost, want)
	}
}
