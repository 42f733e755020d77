package match_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

func source(id string, heat ...float64) match.Source { return match.Source{ID: id, Heat: kw(heat...)} }

func area(id string, load ...float64) match.Area { return match.Area{ID: id, Load: kw(load...)} }

func priced(s match.Source, rank int, euros float64) match.Source {
	s.Rank, s.Cost = rank, match.Price{Euros: euros, Source: "test"}
	return s
}

// got is what an area got, in order: from sources, from stores, from boilers, nothing.
func got(a match.AreaResult) [4]heatmap.KilowattHours {
	return [4]heatmap.KilowattHours{a.Direct, a.Stored, a.Boiler, a.Unmet}
}

// TestWhoServesWhom has one hour each.
func TestWhoServesWhom(t *testing.T) {
	t.Parallel()
	near, far := 100.0, 900.0
	for _, row := range []struct {
		sentence string
		in       match.Input
		given    []heatmap.KilowattHours // by source
		areas    [][4]heatmap.KilowattHours
		moved    int
	}{
		{"the cheaper source comes first, whatever its id",
			match.Input{Sources: []match.Source{priced(source("a", 10), 0, 0.03), priced(source("b", 10), 0, 0.02)}, Areas: []match.Area{area("x", 12)},
				Links: []match.Link{{"a", "x", near}, {"b", "x", far}}},
			[]heatmap.KilowattHours{2, 10}, [][4]heatmap.KilowattHours{{12}}, 0},
		{"the rank comes before the cost",
			match.Input{Sources: []match.Source{priced(source("a", 10), 0, 0.03), priced(source("b", 10), 1, 0.02)}, Areas: []match.Area{area("x", 12)},
				Links: []match.Link{{"a", "x", near}, {"b", "x", far}}},
			[]heatmap.KilowattHours{10, 2}, [][4]heatmap.KilowattHours{{12}}, 0},
		{"the electricity of a heat pump counts as a cost in the order",
			match.Input{Electric: match.Price{Euros: 0.25, Source: "test"}, Sources: []match.Source{pumped(priced(source("a", 10), 0, 0.01), 0.3), priced(source("b", 10), 0, 0.05)}, Areas: []match.Area{area("x", 12)},
				Links: []match.Link{{"a", "x", near}, {"b", "x", far}}},
			[]heatmap.KilowattHours{2, 10}, [][4]heatmap.KilowattHours{{12}}, 0},
		{"the nearest area comes first",
			match.Input{Sources: []match.Source{source("a", 10)}, Areas: []match.Area{area("x", 8), area("y", 8)}, Links: []match.Link{{"a", "x", far}, {"a", "y", near}}},
			[]heatmap.KilowattHours{10}, [][4]heatmap.KilowattHours{{2, 0, 0, 6}, {8}}, 0},
		{"the rank of an area comes before the distance",
			match.Input{Sources: []match.Source{source("a", 10)}, Areas: []match.Area{area("x", 8), {ID: "y", Load: kw(8), Rank: 1}}, Links: []match.Link{{"a", "x", far}, {"a", "y", near}}},
			[]heatmap.KilowattHours{10}, [][4]heatmap.KilowattHours{{8}, {2, 0, 0, 6}}, 0},
		{"what lies beyond the reach is not served",
			match.Input{Reach: 500, Sources: []match.Source{source("a", 10)}, Areas: []match.Area{area("x", 8), area("y", 8)}, Links: []match.Link{{"a", "x", far}, {"a", "y", near}}},
			[]heatmap.KilowattHours{8}, [][4]heatmap.KilowattHours{{0, 0, 0, 8}, {8}}, 0},
		{"a source leaves the near area to one that reaches only this",
			match.Input{Sources: []match.Source{source("a", 10), source("b", 10)}, Areas: []match.Area{area("x", 10), area("y", 10)},
				Links: []match.Link{{"a", "x", near}, {"a", "y", far}, {"b", "x", near}}},
			[]heatmap.KilowattHours{10, 10}, [][4]heatmap.KilowattHours{{10}, {10}}, 1},
		{"a move goes over several sources",
			match.Input{Sources: []match.Source{source("a", 10), source("b", 10), source("c", 10)}, Areas: []match.Area{area("x", 10), area("y", 10), area("z", 10)},
				Links: []match.Link{{"a", "x", near}, {"a", "y", far}, {"b", "y", near}, {"b", "z", far}, {"c", "x", near}}},
			[]heatmap.KilowattHours{10, 10, 10}, [][4]heatmap.KilowattHours{{10}, {10}, {10}}, 1},
		{"no more is taken out of a source than it may give",
			match.Input{Sources: []match.Source{{ID: "a", Heat: kw(10), Most: 6}}, Areas: []match.Area{area("x", 8)}, Links: []match.Link{{"a", "x", near}}},
			[]heatmap.KilowattHours{6}, [][4]heatmap.KilowattHours{{6, 0, 0, 2}}, 0},
		{"a store gives before a boiler, and a boiler what it can",
			match.Input{Sources: []match.Source{source("a", 2)}, Areas: []match.Area{area("x", 10)}, Links: []match.Link{{"a", "x", near}},
				Stores:  []match.Store{{ID: "t", Capacity: 9, Start: 9, Discharge: 3}},
				Boilers: []match.Boiler{{ID: "p", Power: 4, Efficiency: 0.9}}},
			[]heatmap.KilowattHours{2}, [][4]heatmap.KilowattHours{{2, 3, 4, 1}}, 0},
		{"a boiler of some areas comes before one of all",
			match.Input{Sources: []match.Source{source("a", 0)}, Areas: []match.Area{area("x", 10), area("y", 10)}, Links: []match.Link{{"a", "x", near}},
				Boilers: []match.Boiler{{ID: "p", Power: 4, Efficiency: 0.9}, {ID: "q", Rank: 1, Power: 8, Efficiency: 0.9, Areas: []string{"x"}}}},
			[]heatmap.KilowattHours{0}, [][4]heatmap.KilowattHours{{0, 0, 10, 0}, {0, 0, 2, 8}}, 0},
		{"sources leave a store the area that it reaches",
			match.Input{Sources: []match.Source{source("a", 10), source("b", 0)}, Areas: []match.Area{area("x", 10), area("y", 10)},
				Links:  []match.Link{{"a", "x", near}, {"a", "y", far}, {"b", "x", near}},
				Stores: []match.Store{{ID: "t", Sources: []string{"b"}, Capacity: 10, Start: 10}}},
			[]heatmap.KilowattHours{10, 0}, [][4]heatmap.KilowattHours{{0, 10}, {10}}, 1},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			r := matched(t, row.in)
			for i, s := range r.Sources {
				if s.Given != row.given[i] {
					t.Errorf("source %s gave %v, want %v", s.ID, s.Given, row.given[i])
				}
			}
			for i, a := range r.Areas {
				if got(a) != row.areas[i] {
					t.Errorf("area %s got %v, want %v", a.ID, got(a), row.areas[i])
				}
			}
			if r.Moved != row.moved {
				t.Errorf("%d hours were moved, want %d", r.Moved, row.moved)
			}
		})
	}
}

func pumped(s match.Source, electricity float64) match.Source {
	s.Electricity = make([]float64, len(s.Heat))
	for h := range s.Electricity {
		s.Electricity[h] = electricity
	}
	return s
}

func TestTemperaturesOfALink(t *testing.T) {
	t.Parallel()
	limit := func(rule match.ReturnRule, limit, flow energy.Celsius) match.Source {
		return match.Source{ID: "a", Heat: kw(10), Flow: match.Course{flow}, ReturnLimit: heatmap.At(limit), Return: rule}
	}
	comes := func(back energy.Celsius) match.Area {
		return match.Area{ID: "x", Load: kw(10), Return: match.Course{back}}
	}
	unknown := energy.Celsius(gone)
	for _, row := range []struct {
		sentence              string
		source                match.Source
		area                  match.Area
		drop                  float64
		direct, kept, surplus heatmap.KilowattHours
		open                  heatmap.KilowattHours
	}{
		{"a flow as warm as required serves", match.Source{ID: "a", Heat: kw(10), Flow: match.Course{70}}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 0, 10, 0, 0, 0},
		{"a colder one does not", match.Source{ID: "a", Heat: kw(10), Flow: match.Course{69}}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 0, 0, 0, 10, 0},
		{"nor one that cools down on the way", match.Source{ID: "a", Heat: kw(10), Flow: match.Course{71}}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 2, 0, 0, 10, 0},
		{"one that is not known serves nobody who asks, and leaves the answer open", match.Source{ID: "a", Heat: kw(10), Flow: match.Course{unknown}}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 0, 0, 0, 10, 10},
		{"one that is not stated likewise", match.Source{ID: "a", Heat: kw(10)}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 0, 0, 0, 10, 10},
		{"an area that requires nothing is served by any", match.Source{ID: "a", Heat: kw(10), Flow: match.Course{20}}, match.Area{ID: "x", Load: kw(10)}, 0, 10, 0, 0, 0},
		{"a source without heat leaves nothing open", match.Source{ID: "a", Heat: kw(0)}, match.Area{ID: "x", Load: kw(10), Flow: match.Course{70}}, 0, 0, 0, 0, 0},
		{"heat that is not known does", match.Source{ID: "a", Heat: kw(gone)}, match.Area{ID: "x", Load: kw(10)}, 0, 0, 0, 0, 10},
		{"water that comes back cool enough is taken", limit(match.Refuse, 40, 70), comes(40), 0, 10, 0, 0, 0},
		{"too warm a return is refused", limit(match.Refuse, 40, 70), comes(41), 0, 0, 0, 10, 0},
		{"or shared: (70−55)/(70−40) of the heat", limit(match.Share, 40, 70), comes(55), 0, 5, 5, 5, 0},
		{"a return as warm as the flow takes nothing", limit(match.Share, 40, 70), comes(70), 0, 0, 0, 10, 0},
		{"the share of a flow that is not known is open", limit(match.Share, 40, unknown), comes(55), 0, 0, 0, 10, 10},
		{"an area that does not state its return is not asked", limit(match.Refuse, 40, 70), area("x", 10), 0, 10, 0, 0, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			r := matched(t, match.Input{Drop: row.drop, Sources: []match.Source{row.source}, Areas: []match.Area{row.area}, Links: []match.Link{{"a", "x", 1000}}})
			s, a := r.Sources[0], r.Areas[0]
			if a.Direct != row.direct || s.KeptBack != row.kept || s.Surplus != row.surplus || a.Open != row.open {
				t.Errorf("given %v, kept back %v, surplus %v, open %v", a.Direct, s.KeptBack, s.Surplus, a.Open)
			}
		})
	}
}

// TestAWarmReturnUsesMoreOfTheSource gives to the cool area first.
func TestAWarmReturnUsesMoreOfTheSource(t *testing.T) {
	t.Parallel()
	r := matched(t, match.Input{
		Sources: []match.Source{{ID: "a", Heat: kw(10), Flow: match.Course{70}, ReturnLimit: heatmap.At(40), Return: match.Share}},
		Areas:   []match.Area{{ID: "cool", Load: kw(6), Return: match.Course{35}}, {ID: "warm", Load: kw(9), Return: match.Course{55}}},
		Links:   []match.Link{{"a", "cool", 900}, {"a", "warm", 100}},
		Stores:  []match.Store{{ID: "t", Capacity: 100}},
	})
	if s := r.Sources[0]; s.Given != 8 || s.KeptBack != 2 || s.Stored != 0 || s.Surplus != 2 {
		t.Errorf("6 kWh to the cool area leave 4, half of which the warm one can use: %+v", s)
	}
}

func TestAStoreThroughTheHours(t *testing.T) {
	t.Parallel()
	r := matched(t, match.Input{
		Sources: []match.Source{source("a", 10, 10, 0, 0, gone)},
		Areas:   []match.Area{area("x", 2, 8, 3, 9, 1)},
		Links:   []match.Link{{"a", "x", 100}},
		Stores:  []match.Store{{ID: "t", Capacity: 9, Charge: 6, Discharge: 4, Loss: 0.25}},
	})
	// Surplus 8: 6 go in. 6 − 1.5 + 2 = 6.5; then 6.5 − 1.625 = 4.875 gives 3 and keeps
	// 1.875, which loses 0.46875 (rounded down to grains: exact) and gives 1.40625.
	in := []heatmap.KilowattHours{6, 6.5, 1.875, 0, 0}
	for h, x := range r.Hourly.Stores[0].In {
		if x != in[h] {
			t.Errorf("in hour %d there is %v in the store, want %v", h, x, in[h])
		}
	}
	s, a := r.Stores[0], r.Areas[0]
	if s.Taken != 8 || s.Given != 4.40625 || s.Lost != 1.5+1.625+0.46875 || s.Most != 6.5 || s.End != 0 || !s.Settled {
		t.Errorf("%+v", s)
	}
	if a.Direct != 10 || a.Stored != 4.40625 || a.Unmet != 9-1.40625+1 || a.Open != 1 || a.UnknownHours != 1 || a.HoursFull != 3 || a.HoursLoad != 5 || a.PeakLeft != 9-1.40625 {
		t.Errorf("%+v", a)
	}
	if share, ok := a.Covered(); !ok || share != 14.40625/23 {
		t.Errorf("%v covered", share)
	}
	if most, ok := a.AtMost(); !ok || most != 15.40625/23 {
		t.Errorf("%v at most", most)
	}
}

func TestAStoreIsAsWarmAsItIs(t *testing.T) {
	t.Parallel()
	in := match.Input{
		Sources: []match.Source{{ID: "cold", Heat: kw(10, 0), Flow: match.Course{50}}, {ID: "warm", Heat: kw(3, 0), Flow: match.Course{80}}},
		Areas:   []match.Area{{ID: "low", Load: kw(0, 5), Flow: match.Course{45}}, {ID: "high", Load: kw(0, 5), Flow: match.Course{75}}},
		Links:   []match.Link{{"cold", "low", 100}, {"warm", "high", 500}},
		Stores:  []match.Store{{ID: "t", Capacity: 20, Temperature: heatmap.At(60)}},
	}
	r := matched(t, in)
	if r.Sources[0].Stored != 0 || r.Sources[1].Stored != 3 || r.Areas[1].Stored != 3 || r.Areas[0].Stored != 0 {
		t.Errorf("a store of 60 °C is filled by what is warmer and serves what wants less: %+v %+v", r.Sources, r.Areas)
	}
}

// TestASeasonalStoreSettles has a half-year of heat and a half-year of demand.
func TestASeasonalStoreSettles(t *testing.T) {
	t.Parallel()
	from, hours := match.Year(berlin, 2024)
	if hours != 8784 {
		t.Fatalf("a leap year has %d hours", hours)
	}
	heat, load := make([]heatmap.Kilowatts, hours), make([]heatmap.Kilowatts, hours)
	for h := range hours {
		winter := math.Cos(2 * math.Pi * float64(h) / float64(hours))
		heat[h], load[h] = 10, heatmap.Kilowatts(10+9*winter)
	}
	in := match.Input{From: from, Hours: hours, Sources: []match.Source{{ID: "a", Heat: heat}}, Areas: []match.Area{{ID: "x", Load: load}}, Links: []match.Link{{"a", "x", 100}},
		Stores: []match.Store{{ID: "pit", Capacity: 40_000, Cyclic: true}}}
	r := matched(t, in)
	if s := r.Stores[0]; !s.Settled || s.Rounds > 3 || math.Abs(float64(s.End-s.Start)) > 0.04 || r.Total.Unmet > 1 || s.Start == 0 {
		t.Errorf("what summer leaves is what winter lacks: %+v, unmet %v", s, r.Total.Unmet)
	}
	in.Stores[0].Cyclic = false
	if once := matched(t, in); once.Total.Unmet < 10_000 {
		t.Errorf("a pit that starts empty in January lacks the first winter: %v", once.Total.Unmet)
	}
	in.Stores[0].Cyclic, in.Stores[0].Loss = true, 0.0001
	if r := matched(t, in); !r.Stores[0].Settled || r.Total.Unmet < 1000 || r.Total.Lost < 1000 {
		t.Errorf("a pit that loses covers less: %+v, unmet %v", r.Stores[0], r.Total.Unmet)
	}
}

func TestElectricityBoilersAndEuros(t *testing.T) {
	t.Parallel()
	from := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	a := pumped(priced(source("a", 10, 10, gone), 0, 0.02), 0.25)
	a.Electricity[2] = gone
	r := matched(t, match.Input{From: from, Electric: match.Price{Euros: 0.2, Source: "test"}, Sources: []match.Source{a}, Areas: []match.Area{area("x", 4, 12, 2)}, Links: []match.Link{{"a", "x", 100}},
		Stores:  []match.Store{{ID: "t", Capacity: 1}},
		Boilers: []match.Boiler{{ID: "p", Efficiency: 0.5, Fuel: match.Price{Euros: 0.1, Source: "test"}, Emission: match.Emission{Grams: 201, Source: "test"}}}})
	s := r.Sources[0]
	if s.Given != 14 || s.Stored != 1 || s.Electricity != 3.75 || math.Abs(s.Euros-(0.3+0.75)) > 1e-12 || s.UnknownHours != 1 || s.Peak != 10 {
		t.Errorf("%+v", s)
	}
	want := (5*0.25*float64(grid.At(from).Direct) + 10*0.25*float64(grid.At(from.Add(time.Hour)).Direct)) / 1000
	if math.Abs(s.Carbon.Direct-want) > 1e-12 || s.Carbon.LifeCycle <= s.Carbon.Direct || s.Carbon.MovedKWh != 0 {
		t.Errorf("emissions %+v, want %v kg of a measured year", s.Carbon, want)
	}
	b := r.Boilers[0]
	if b.Heat != 3 || b.Fuel != 6 || b.Peak != 2 || math.Abs(b.Kilograms-1.206) > 1e-12 || math.Abs(b.Euros-0.6) > 1e-12 {
		t.Errorf("%+v", b)
	}
	if full, ok := s.FullLoadHours(); !ok || full != 1.5 {
		t.Errorf("%v full-load hours", full)
	}
	if used, ok := s.Used(); !ok || used != 0.75 {
		t.Errorf("%v of it is used", used)
	}
	if y := r.Total; y.Fuel != 6 || y.Electricity != 3.75 || math.Abs(y.Euros-1.65) > 1e-12 || y.UnknownHours != 1 || y.Open != 2 {
		t.Errorf("%+v", y)
	}
}

// TestAnHourForgetsTheOneBefore has a giver of the first hour on what would be a way in
// the second, if it still gave.
func TestAnHourForgetsTheOneBefore(t *testing.T) {
	t.Parallel()
	r := matched(t, match.Input{Sources: []match.Source{source("a", 10, 0), source("b", 0, 20)}, Areas: []match.Area{area("x", 10, 10), area("y", 0, 10)},
		Links: []match.Link{{"a", "x", 100}, {"a", "y", 200}, {"b", "x", 100}}})
	if r.Moved != 0 || r.Hourly.Unmet[1] != 10 || r.Hourly.Surplus[1] != 10 {
		t.Errorf("%d hours are moved, and %v lacks in the second", r.Moved, r.Hourly.Unmet[1])
	}
}

func TestWhatAStoreReaches(t *testing.T) {
	t.Parallel()
	in := match.Input{Drop: 10,
		Sources: []match.Source{{ID: "a", Heat: kw(0, 0)}, {ID: "b", Heat: kw(0, 0)}, {ID: "c", Heat: kw(0, 0)}},
		Areas:   []match.Area{{ID: "x", Load: kw(4, 0), Flow: match.Course{55}}, {ID: "y", Load: kw(4, 4), Flow: match.Course{55}}},
		Links:   []match.Link{{"a", "x", 900}, {"b", "x", 400}, {"c", "x", 1000}, {"a", "y", 500}},
		Stores:  []match.Store{{ID: "t", Capacity: 5, Start: 5, Temperature: heatmap.At(60)}}}
	r := matched(t, in)
	if r.Areas[0].Stored != 4 || r.Areas[1].Stored != 1 {
		t.Errorf("the store is 400 m from x, by b, and 500 m from y: %+v", r.Areas)
	}
	if a := r.Areas[0]; a.Nearest != 400 || !a.InReach {
		t.Errorf("the nearest source of x is %v m away", a.Nearest)
	}
	in.Drop = 12 // 60 − 12·0.4 = 55.2 at x, 60 − 12·0.5 = 54 at y
	if r := matched(t, in); r.Areas[0].Stored != 4 || r.Areas[1].Stored != 0 {
		t.Errorf("too cold on its way to y: %+v", r.Areas)
	}
}

func TestWhatABoilerServesInAnUnknownHourIsOpen(t *testing.T) {
	t.Parallel()
	r := matched(t, match.Input{Sources: []match.Source{source("a", gone, 7, 9), source("b", 1, 1, 1)}, Areas: []match.Area{area("x", 10, 10, 10)}, Links: []match.Link{{"a", "x", 100}, {"b", "x", 100}},
		Boilers: []match.Boiler{{ID: "p", Power: 6, Efficiency: 1, Areas: []string{"x"}}}})
	if a := r.Areas[0]; a.Boiler != 8 || a.Unmet != 3 || a.Open != 9 || a.UnknownHours != 1 || a.PeakLeft != 9 {
		t.Errorf("%+v", a)
	}
}

func TestWhatIsBeyondTheBoundOfASource(t *testing.T) {
	t.Parallel()
	r := matched(t, match.Input{Sources: []match.Source{{ID: "a", Heat: kw(10, 4, gone), Most: 6}}, Areas: []match.Area{area("x", 8, 8, 8)}, Links: []match.Link{{"a", "x", 100}}})
	if s := r.Sources[0]; s.Beyond != 4 || s.Offered != 10 || s.Given != 10 || s.Peak != 6 {
		t.Errorf("%+v", s)
	}
}

// TestDoubtGoesOn where a source that serves an area in doubt could serve another one.
func TestDoubtGoesOn(t *testing.T) {
	t.Parallel()
	in := match.Input{Sources: []match.Source{source("a", 10), source("u", gone)}, Areas: []match.Area{area("x", 10), area("y", 7), area("z", 5)},
		Links: []match.Link{{"a", "x", 100}, {"a", "y", 200}, {"u", "x", 100}}}
	r := matched(t, in)
	if r.Areas[0].Open != 0 || r.Areas[0].UnknownHours != 1 || r.Areas[1].Open != 7 || r.Areas[1].UnknownHours != 1 || r.Areas[2].Open != 0 || r.Areas[2].UnknownHours != 0 {
		t.Errorf("with u at x, a could have served y, and nobody z: %+v", r.Areas)
	}
}

func TestAnHourIsUnknownWhereAnAreaIsInDoubt(t *testing.T) {
	t.Parallel()
	cold := energy.Celsius(gone)
	for _, row := range []struct {
		sentence string
		in       match.Input
		want     int
	}{
		{"two areas in one hour, one of them in another too", match.Input{Sources: []match.Source{source("a", gone, gone, 1), source("b", gone, 1, 1)}, Areas: []match.Area{area("x", 1, 1, 1), area("y", 1, 1, 1)},
			Links: []match.Link{{"a", "x", 100}, {"b", "y", 100}}}, 2},
		{"a source that reaches nobody", match.Input{Sources: []match.Source{source("a", 1, 1), source("u", gone, 1)}, Areas: []match.Area{area("x", 2, 2)}, Links: []match.Link{{"a", "x", 100}}}, 0},
		{"a source whose temperature is not known", match.Input{Sources: []match.Source{{ID: "a", Heat: kw(1, 1), Flow: match.Course{70, cold}}}, Areas: []match.Area{{ID: "x", Load: kw(2, 2), Flow: match.Course{60}}},
			Links: []match.Link{{"a", "x", 100}}}, 1},
	} {
		if got := matched(t, row.in).Total.UnknownHours; got != row.want {
			t.Errorf("%s: %d hours, want %d", row.sentence, got, row.want)
		}
	}
}

func TestBoilersOfAllAreas(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		sentence string
		boilers  []match.Boiler
		heat     []heatmap.KilowattHours
		peak     []heatmap.Kilowatts
		unmet    heatmap.KilowattHours
	}{
		{"the first without a bound leaves nothing to the second", []match.Boiler{{ID: "p", Efficiency: 1}, {ID: "q", Rank: 1, Power: 3, Efficiency: 1}}, []heatmap.KilowattHours{14, 0}, []heatmap.Kilowatts{10, 0}, 0},
		{"the second without a bound takes what the first cannot", []match.Boiler{{ID: "p", Rank: 1, Efficiency: 1}, {ID: "q", Power: 3, Efficiency: 1}}, []heatmap.KilowattHours{8, 6}, []heatmap.Kilowatts{7, 3}, 0},
		{"two with bounds leave the rest", []match.Boiler{{ID: "p", Power: 3, Efficiency: 1}, {ID: "q", Power: 2, Efficiency: 1}}, []heatmap.KilowattHours{6, 3}, []heatmap.Kilowatts{3, 2}, 5},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			r := matched(t, match.Input{Sources: []match.Source{source("a", 1, 1)}, Areas: []match.Area{area("x", 5, 5), area("y", 6, 0)}, Links: []match.Link{{"a", "x", 100}}, Boilers: row.boilers})
			for i, b := range r.Boilers {
				if b.Heat != row.heat[i] || b.Peak != row.peak[i] {
					t.Errorf("%+v", b)
				}
			}
			if r.Total.Unmet != row.unmet || r.Hourly.Unmet[0]+r.Hourly.Unmet[1] != heatmap.Kilowatts(row.unmet) {
				t.Errorf("%v and %v are unmet", r.Total.Unmet, r.Hourly.Unmet)
			}
		})
	}
}

func TestAnEndedContextEndsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := good()
	if _, err := match.Run(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
	if _, err := match.Size(ctx, in, "t", []heatmap.KilowattHours{1, 2}); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
}
