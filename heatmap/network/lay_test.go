package network

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/street"
)

// One source, one consumer of 500 kW and 1,200 MWh, a kilometre apart. The numbers
// were calculated apart from this code: friction by bisection, heat loss by the
// two coefficients of EN 13941, annuities by sums over the years.
func TestASketchByHand(t *testing.T) {
	t.Parallel()
	in := Input{Graph: graph(2, [3]int{0, 1, 1000}), Sources: []Source{{"s", 0, 800}}, Consumers: []Consumer{{ID: "c", Node: 1, Power: 500, Heat: 1.2e6}}}
	s, err := Lay(in)
	if err != nil {
		t.Fatal(err)
	}
	seg := s.Segments[0]
	if seg.DN != 80 || seg.Overloaded || seg.Connections != 1 || s.Pressure.Consumer != "c" || !s.Cost.Known {
		t.Errorf("%+v", seg)
	}
	for _, row := range []struct {
		name      string
		got, want float64
	}{
		{"mass flow, kg/s", seg.MassFlow, 4.77326968973747},
		{"velocity, m/s", seg.Velocity, 0.909396331525483},
		{"gradient, Pa/m", seg.Gradient, 108.53996742218514},
		{"heat loss, W/m", seg.Loss, 24.630899635970195},
		{"heat lost, kWh", float64(s.Heat.Lost), 215766.6808110989},
		{"share lost", s.Heat.LostShare, 0.15240271136165265},
		{"density, MWh/(m a)", s.Trench.Density, 1.2},
		{"pressure, bar", s.Pressure.Bar, 3.4049592181324435},
		{"pump, kW", float64(s.Pressure.Pump), 2.546534324787181},
		{"pump electricity, kWh", float64(s.Pressure.Electricity), 6366.335811967952},
		{"pipes, EUR", s.Cost.Investment.Pipes, 1050000},
		{"stations, EUR", s.Cost.Investment.Stations, 36000},
		{"planning, EUR", s.Cost.Investment.Planning, 163472.97022307714},
		{"investment, EUR", s.Cost.Investment.Total, 1253292.771710258},
		{"capital, EUR/a", s.Cost.Annual.Capital, 82308.49249304368},
		{"energy, EUR/a", s.Cost.Annual.Energy, 43149.8619358135},
		{"operation, EUR/a", s.Cost.Annual.Operation, 7115.337075207437},
		{"other, EUR/a", s.Cost.Annual.Other, 6412.444041600229},
		{"cost of heat, EUR/MWh", s.Cost.PerMWh, 115.82177962138736},
	} {
		if !near(row.got, row.want, 1e-9*row.want) {
			t.Errorf("%s: %.12g, want %.12g", row.name, row.got, row.want)
		}
	}
}

// A city in two parts gets two networks; what is said of them is said of both.
func TestPartsOfTheStreetsGetNetworksOfTheirOwn(t *testing.T) {
	t.Parallel()
	in := Input{
		Graph:       graph(6, [3]int{4, 5, 100}, [3]int{0, 1, 100}, [3]int{1, 2, 50}, [3]int{3, 4, 70}),
		Sources:     []Source{{"s", 0, 300}, {"t", 2, 100}, {"u", 5, 100}},
		Consumers:   []Consumer{{"a", 1, 400, 1e5, 30}, {"b", 2, 100, 1e5, 9}, {"c", 3, 100, 1e5, 1}},
		Assumptions: DefaultAssumptions(),
	}
	in.Assumptions.HeatPrice.Value, in.Assumptions.HeatPrice.Source = 31, "an offer"
	s, err := Lay(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Trees) != 2 || s.Trench.Metres != 320 || s.Trench.Bound != s.Trees[0].Bound+s.Trees[1].Bound || s.Trench.Bound <= 0 {
		t.Errorf("%+v", s.Trench)
	}
	if !slices.IsSortedFunc(s.Segments, func(a, b Segment) int { return a.Edge - b.Edge }) || len(s.Segments) != 4 {
		t.Errorf("%+v", s.Segments)
	}
	if s.Assumptions.HeatPrice.Basis != Given || s.Assumptions.Period.Basis != Assumed {
		t.Errorf("%+v", s.Assumptions.HeatPrice)
	}
	// Of the 39 connections in the first part 30 lie by a, 9 behind b with t beside them.
	peak := 500 * Diversity(39, diversityA)
	if want := Diversity(9, diversityA)*100 - peak/4; want > 0 {
		t.Errorf("b lacks %g kW of its own, the case is no case", want)
	} else if want := Diversity(30, diversityA)*400 - 3*peak/4; !near(float64(s.Segments[2].Power), want, 1e-9) || s.Segments[2].Connections != 30 || !s.Segments[2].Reversed {
		t.Errorf("%+v, want %g kW", s.Segments[2], want)
	}
}

// small is an input on a random quarter of a town.
func small(seed uint64) Input {
	r := rand.New(rand.NewPCG(seed, 11))
	g, terminals := quarter(r)
	in := Input{Graph: g, Sources: []Source{{"s", terminals[0], 1000}}}
	if r.IntN(2) == 0 {
		in.Sources = append(in.Sources, Source{"t", terminals[1], 300})
	}
	for i, n := range terminals[1:] {
		in.Consumers = append(in.Consumers, Consumer{fmt.Sprint(i), n, heatmap.Kilowatts(5 + r.Float64()*2000), heatmap.KilowattHours(1000 + r.Float64()*1e6/300), r.IntN(40)})
	}
	return in
}

// What is delivered and lost is fed in; the parts of a cost are the whole.
func TestSumsOfPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(rapid.Uint64().Draw(t, "seed"))
		in.Assumptions = DefaultAssumptions()
		in.Assumptions.GrantShare = Assumption{0.3, 0, 0.4, "a programme", Given}
		in.Plants = []Plant{{ID: "heat pump", Investment: 5e5, Life: 20, Upkeep: 0.02, Electricity: 1e5, Heat: 1e5}}
		s, err := Lay(in)
		if err != nil {
			t.Fatal(err)
		}
		metres, delivered, investment := 0.0, heatmap.KilowattHours(0), 0.0
		for _, seg := range s.Segments {
			metres += seg.Metres
			investment += seg.Investment
		}
		for _, c := range in.Consumers {
			delivered += c.Heat
		}
		v, y := s.Cost.Investment, s.Cost.Annual
		for name, pair := range map[string][2]float64{
			"metres":     {metres, s.Trench.Metres},
			"tree":       {metres, s.Trees[0].Metres},
			"delivered":  {float64(delivered), float64(s.Heat.Delivered)},
			"fed in":     {float64(s.Heat.Delivered + s.Heat.Lost), float64(s.Heat.Fed)},
			"pipes":      {investment, v.Pipes},
			"investment": {(v.Pipes + v.Stations + v.Pumps + v.Plants + v.Planning) * 0.7, v.Total},
			"annual":     {y.Capital + y.Energy + y.Operation + y.Other, y.Total},
			"per MWh":    {y.Total / float64(delivered) * 1000, s.Cost.PerMWh},
		} {
			if !near(pair[0], pair[1], 1e-9*(1+math.Abs(pair[1]))) {
				t.Fatalf("%s: %g, and %g", name, pair[0], pair[1])
			}
		}
		if s.Trench.Bound > s.Trench.Metres || s.Trees[0].Excess() > 2 {
			t.Fatalf("%g m are more than twice the bound %g", s.Trench.Metres, s.Trench.Bound)
		}
	})
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for seed := range uint64(8) {
		in := small(seed)
		var want []byte
		for range 4 {
			s, err := Lay(in)
			if err != nil {
				t.Fatal(err)
			}
			varied, err := Vary(in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal([]any{s, varied})
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("case %d: another run, or another order of the input, gave another sketch", seed)
			}
			r.Shuffle(len(in.Consumers), func(i, j int) { in.Consumers[i], in.Consumers[j] = in.Consumers[j], in.Consumers[i] })
			slices.Reverse(in.Sources)
		}
	}
}

// BenchmarkLay routes and sizes a town of 20,000 edges with 300 terminals.
func BenchmarkLay(b *testing.B) {
	in := large()
	for b.Loop() {
		if _, err := Lay(in); err != nil {
			b.Fatal(err)
		}
	}
}

func large() Input {
	g, terminals := town(102, 110, 300)
	in := Input{Graph: g, Sources: []Source{{"s", terminals[0].Node, 50000}}}
	for i, t := range terminals[1:] {
		in.Consumers = append(in.Consumers, Consumer{t.Site.ID, t.Node, heatmap.Kilowatts(20 + i%200), heatmap.KilowattHours(2000 * (20 + i%200)), 1 + i%5})
	}
	return in
}

// From files to a sketch, the way a planner goes.
func TestFromAMapToASketch(t *testing.T) {
	t.Parallel()
	src := `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"Hafenstr","properties":{},"geometry":{"type":"LineString","coordinates":[[8.760,50.105],[8.765,50.105],[8.770,50.105]]}},
{"type":"Feature","id":"Kaiserstr","properties":{},"geometry":{"type":"LineString","coordinates":[[8.765,50.105],[8.765,50.110]]}}]}`
	read, faults := geo.Read("streets.geojson", []byte(src), geo.Options{Kinds: []geo.Kind{geo.KindLine, geo.KindMultiLine}, IDs: true})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	g := street.Build(street.FromFeatures(read.List), street.Options{})
	g, terminals := g.Connect([]street.Site{{ID: "dc", At: geo.Point{X: 8.7605, Y: 50.1052}}, {ID: "school", At: geo.Point{X: 8.7652, Y: 50.1095}}, {ID: "pool", At: geo.Point{X: 8.769, Y: 50.1049}}}, 100)
	s, err := Lay(Input{
		Graph:     g,
		Sources:   []Source{{"dc", terminals[0].Node, 1500}},
		Consumers: []Consumer{{"school", terminals[1].Node, 300, 5e5, 1}, {"pool", terminals[2].Node, 600, 2.5e6, 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	// From the source 22 m and 322 m to the corner, 500 m and 14 m to the school, 286 m and 11 m to the pool.
	if !near(s.Trench.Metres, 1155.7, 1) || !near(s.Trench.Connectors, 47.7, 0.5) || len(s.Segments) != 6 || !near(s.Trench.Density, 3000/s.Trench.Metres, 1e-9) {
		t.Errorf("%+v", s.Trench)
	}
	if length := geo.Length(geo.Collection{s.Segments[0].Line}); !near(length, s.Segments[0].Metres, 1e-6) {
		t.Errorf("a line of %g m is called %g m long", length, s.Segments[0].Metres)
	}
}
