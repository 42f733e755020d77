package network

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
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

// The same with a heat pump, calculated in the same way, and with a grant of 30 %.
func TestPlantsAndGrantsByHand(t *testing.T) {
	t.Parallel()
	in := Input{Graph: graph(2, [3]int{0, 1, 1000}), Sources: []Source{{"s", 0, 800}}, Consumers: []Consumer{{ID: "c", Node: 1, Power: 500, Heat: 1.2e6}}, Assumptions: DefaultAssumptions()}
	in.Assumptions.GrantShare = Assumption{0.3, 0, 0.4, "a programme", Given}
	pump := Plant{ID: "heat pump", Investment: 4e5, Life: 18, Upkeep: 0.025, Electricity: 3e5, Heat: 3e5, Fuel: 1000, Source: "an offer"}
	in.Plants = []Plant{pump}
	s, err := Lay(in)
	if err != nil {
		t.Fatal(err)
	}
	v, y := s.Cost.Investment, s.Cost.Annual
	check := func(name string, got, want float64) {
		if !near(got, want, 1e-9*want) {
			t.Errorf("%s: %.12g, want %.12g", name, got, want)
		}
	}
	check("plants", v.Plants, 400000)
	check("planning", v.Planning, 223472.97022307714)
	check("grant", v.Grant, 513987.83151307737)
	check("investment", v.Total, 1199304.9401971805)
	check("capital", y.Capital, 82220.64605669971)
	check("energy", y.Energy, 106108.11535669296)
	check("operation", y.Operation, 18883.23491088584)
	check("other", y.Other, 8766.023608735912)
	check("cost of heat", s.Cost.PerMWh, 179.98168327751202)

	// Plants that give more than is fed in leave no heat to be bought, nor any to be sold.
	in.Plants = []Plant{{ID: "boiler", Life: 20, Heat: 1e9}}
	if s, err = Lay(in); err != nil {
		t.Fatal(err)
	}
	check("energy without heat bought", s.Cost.Annual.Energy, 1498.3677884571914)

	// Where nothing is delivered there is no cost for each MWh.
	in.Consumers[0].Heat = 0
	if s, err = Lay(in); err != nil || s.Cost.Known || s.Cost.PerMWh != 0 || s.Cost.Annual.Total <= 0 {
		t.Errorf("%+v, %v", s.Cost, err)
	}
	in.Consumers[0].Heat = 0.5
	if s, err = Lay(in); err != nil || !s.Cost.Known {
		t.Errorf("%+v, %v", s.Cost, err)
	}
}

// withoutDiversity makes loads add up.
func withoutDiversity() Assumptions {
	a := DefaultAssumptions()
	a.DiversityFloor = Assumption{1, 1, 1, "a cautious planner", Given}
	return a
}

func TestLoadsAddUpAlongTheTree(t *testing.T) {
	t.Parallel()
	//            2 (100 kW)
	//            |
	//  0 source--1--3 (50 kW)--4 (30 kW), 4 connections
	in := Input{
		Graph:       graph(5, [3]int{0, 1, 10}, [3]int{1, 2, 20}, [3]int{1, 3, 30}, [3]int{3, 4, 40}),
		Sources:     []Source{{"s", 0, 500}},
		Consumers:   []Consumer{{"a", 2, 100, 1e5, 0}, {"b", 3, 50, 1e5, 0}, {"c", 4, 30, 1e5, 4}},
		Assumptions: withoutDiversity(),
	}
	power := func() (list []float64) {
		s, err := Lay(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, seg := range s.Segments {
			list = append(list, float64(seg.Power))
		}
		return list
	}
	if got := power(); !slices.Equal(got, []float64{180, 100, 80, 30}) {
		t.Errorf("one source: %v", got)
	}
	// Two sources of equal power at the ends give 90 kW each: edge 1-3 carries 10 kW.
	in.Sources = append(in.Sources, Source{"t", 4, 500})
	if got := power(); !slices.Equal(got, []float64{90, 100, 10, 60}) {
		t.Errorf("two sources: %v", got)
	}
	// With diversity a trunk carries less than the sum, a single house all of its own.
	in.Sources, in.Assumptions = in.Sources[:1], DefaultAssumptions()
	got := power()
	if want := 180 * Diversity(6, diversityA); !near(got[0], want, 1e-9) || got[1] != 100 {
		t.Errorf("with diversity: %v, want %g first", got, want)
	}
}

func TestSizesFromTheLeastToTheLargest(t *testing.T) {
	t.Parallel()
	lay := func(power heatmap.Kilowatts) Segment {
		s, err := Lay(Input{Graph: graph(2, [3]int{0, 1, 10}), Sources: []Source{{"s", 0, 1}}, Consumers: []Consumer{{"c", 1, power, 0, 1}}})
		if err != nil {
			t.Fatal(err)
		}
		return s.Segments[0]
	}
	for _, row := range []struct {
		power      heatmap.Kilowatts
		dn         int
		overloaded bool
	}{{0.1, 25, false}, {20, 25, false}, {33000, 400, false}, {50000, 500, false}, {1e6, 500, true}} {
		if got := lay(row.power); got.DN != row.dn || got.Overloaded != row.overloaded || got.Metres != 10 || got.From != 0 || got.To != 1 {
			t.Errorf("%g kW: %+v, want DN %d", row.power, got, row.dn)
		}
	}
	// Even without flow a pipe loses heat and costs its price.
	if still := lay(1e-9); still.Loss <= 0 || still.Investment != 7300 || still.Gradient > 1e-6 {
		t.Errorf("%+v", still)
	}
}

// At its highest velocity a size is at one of its limits and beyond none.
func TestTheHighestVelocityIsAtALimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := Input{}.withDefaults()
		in.Assumptions.GradientLimit.Value = math.Exp(rapid.Float64Range(-16, 7).Draw(t, "ln limit"))
		z := newSizer(in)
		limit := in.Assumptions.GradientLimit.Value
		for i, p := range z.pipes {
			v := z.velocity[i]
			re := Density(62.5) * v * p.Inner() / Viscosity(62.5)
			if got := z.gradient(p, v*(1-1e-9)); got > limit*(1+1e-6) || v > p.Velocity {
				t.Fatalf("DN %d at %g m/s: %g Pa/m of %g", p.DN, v, got, limit)
			}
			// Where flow becomes turbulent the gradient leaps; the velocity stops there.
			if got := z.gradient(p, v*(1+1e-6)); v < p.Velocity && got < limit && !near(re, 2320, 0.01) {
				t.Fatalf("DN %d could do more than %g m/s: %g Pa/m of %g", p.DN, v, got, limit)
			}
		}
	})
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

func TestTheSurfaceOfTheTrenchHasItsPrice(t *testing.T) {
	t.Parallel()
	in := Input{Graph: graph(2, [3]int{0, 1, 100}), Sources: []Source{{"s", 0, 1}}, Consumers: []Consumer{{"c", 1, 5, 1, 1}}, Assumptions: DefaultAssumptions()}
	in.Assumptions.PavedShare = Assumption{0.75, 0.5, 1, "a walk", Given}
	in.Assumptions.PriceFactor = Assumption{2, 1, 3, "tenders", Given}
	s, err := Lay(in)
	if want := 100 * (0.75*730 + 0.25*480) * 2; err != nil || !near(s.Cost.Investment.Pipes, want, 1e-9) {
		t.Errorf("%g EUR, want %g (%v)", s.Cost.Investment.Pipes, want, err)
	}
}

func TestThePressureIsThatOfTheWorstWayFromTheNearestSource(t *testing.T) {
	t.Parallel()
	in := Input{
		Graph:       graph(4, [3]int{0, 1, 500}, [3]int{1, 2, 300}, [3]int{2, 3, 400}),
		Sources:     []Source{{"s", 0, 100}, {"t", 3, 100}},
		Consumers:   []Consumer{{"a", 1, 100, 1e5, 0}, {"b", 2, 100, 1e5, 0}},
		Assumptions: withoutDiversity(),
	}
	s, err := Lay(in)
	if err != nil {
		t.Fatal(err)
	}
	// Each source gives 100 kW: nothing flows between a and b, so that both have the
	// same pressure, and each pump reaches to it: over 500 m from s, over 400 m from t.
	gradient := s.Segments[0].Gradient
	bar, other := 0.8+2*500*gradient*1.2/1e5, 0.8+2*400*gradient*1.2/1e5
	if s.Segments[1].Power != 0 || s.Segments[0].Reversed || !s.Segments[2].Reversed || s.Pressure.Source != "s" || s.Pressure.Consumer != "a" || !near(s.Pressure.Bar, bar, 1e-9) {
		t.Errorf("%+v, want %g", s.Pressure, bar)
	}
	// The pumps move 100 kW each against it at 65 %, for 2,500 h.
	flow := 100 / (4.19 * 25) / Density(62.5)
	if want := (bar + other) * 1e5 * flow / 0.65 / 1000; !near(float64(s.Pressure.Pump), want, 1e-9) || !near(float64(s.Pressure.Electricity), want*2500, 1e-6) {
		t.Errorf("%+v, want %g kW", s.Pressure, want)
	}
	if want := 200 + heatmap.Kilowatts(s.Heat.Lost/8760); s.Heat.Connected != 200 || s.Heat.Peak != 200 || !near(float64(s.Heat.FedPeak), float64(want), 1e-9) {
		t.Errorf("%+v, want %g", s.Heat, want)
	}
}

func TestConsumersBeyondReachAreNamed(t *testing.T) {
	t.Parallel()
	in := Input{
		Graph:     graph(6, [3]int{0, 1, 10}, [3]int{2, 3, 20}, [3]int{4, 5, 20}),
		Sources:   []Source{{"near", 0, 500}, {"alone", 4, 10}},
		Consumers: []Consumer{{"z", 3, 100, 1e5, 0}, {"y", 2, 100, 1e5, 0}, {"x", 1, 100, 1e5, 0}},
	}
	s, err := Lay(in)
	if err != nil || !slices.Equal(s.Unreached, []string{"y", "z"}) || !slices.Equal(s.Idle, []string{"alone"}) || s.Heat.Delivered != 1e5 || s.Trench.Metres != 10 {
		t.Errorf("%+v, %v", s, err)
	}
	in.Consumers = in.Consumers[:2]
	if _, err := Lay(in); err == nil || !strings.Contains(err.Error(), "no street joins a source with a consumer") {
		t.Error(err)
	}
}

func TestFaultsOfTheInputAreAllNamed(t *testing.T) {
	t.Parallel()
	bad := DefaultAssumptions()
	bad.Interest.Value, bad.Interest.High = 5, 5
	bad.ReturnTemperature.Value, bad.ReturnTemperature.High, bad.ReturnTemperature.Source = 80, 80, "guess"
	bad.PipeLife.Value, bad.PipeLife.Source = 33.5, "guess"
	bad.HeatPrice.Value = 30
	in := Input{
		Graph:   graph(2, [3]int{0, 1, 10}),
		Sources: []Source{{"s", 0, 0}, {"s", 1, 5}},
		Consumers: []Consumer{
			{"", 0, 5, 1, 0}, {"far", -1, 5, 1, 0}, {"nan", 1, heatmap.Kilowatts(math.NaN()), 1, 0}, {"minus", 1, 5, -1, 0}, {"much", 1, 5, 1e6, 0}, {"few", 1, 5, 1, -2},
		},
		Prices: Prices{25: {Paved: 1, Unpaved: 1, Source: "x"}}, Pipes: DefaultPipes()[:2],
		Plants:      []Plant{{ID: "boiler", Investment: -1}},
		Assumptions: bad,
	}
	_, err := Lay(in)
	var faults energy.Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"source s: its power is 0 kW", "source s: its id stands twice", "consumer without id: it has no id", "consumer far: it is joined to no street",
		"consumer nan: its power is NaN kW", "consumer minus: its heat is -1 kWh", "consumer much: 1e+06 kWh a year are more than 5 kW give", "consumer few: it has -2 connections",
		"the prices: DN 32 has none", "plant boiler: one of its numbers is -1", "plant boiler: its life is 0 years",
		"assumption interest: value of interest is 5 1/a", "assumption return_temperature: the return of 80 °C is not colder", "assumption pipe_life: pipe_life is 33.5",
		"assumption heat_price: heat_price was changed from 25 to 30 without a source",
	} {
		if !slices.ContainsFunc(faults, func(f energy.Fault) bool { return strings.HasPrefix(f.Problem, want) && f.Remedy != "" }) {
			t.Errorf("not named: %s", want)
		}
	}
	if len(faults) != 15 {
		t.Errorf("%d faults:\n%v", len(faults), faults)
	}
	for _, in := range []Input{{}, {Graph: graph(2, [3]int{0, 1, 10})}} {
		if _, err := Lay(in); err == nil {
			t.Errorf("nothing was sketched: %+v", in)
		}
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

func TestPipesAreTheSmallestWithinTheirLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(rapid.Uint64().Draw(t, "seed"))
		s, err := Lay(in)
		if err != nil {
			t.Fatal(err)
		}
		z := newSizer(in.withDefaults())
		for _, seg := range s.Segments {
			i := slices.IndexFunc(z.pipes, func(p Pipe) bool { return p.DN == seg.DN })
			fits := func(p Pipe) bool {
				v := seg.MassFlow / z.density / (math.Pi / 4 * p.Inner() * p.Inner())
				return v <= p.Velocity && z.gradient(p, v) <= s.Assumptions.GradientLimit.Value+1e-6
			}
			if fits(z.pipes[i]) == seg.Overloaded {
				t.Fatalf("%+v", seg)
			}
			if i > 0 && fits(z.pipes[i-1]) && z.gradient(z.pipes[i-1], seg.MassFlow/z.density/area(z.pipes[i-1])) < s.Assumptions.GradientLimit.Value-1e-6 {
				t.Fatalf("DN %d would do for %+v", z.pipes[i-1].DN, seg)
			}
		}
	})
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

func TestEachAssumptionIsVariedAlone(t *testing.T) {
	t.Parallel()
	in := small(3)
	in.Assumptions = DefaultAssumptions()
	in.Assumptions.Interest.Low = in.Assumptions.Interest.Value // only upwards
	in.Assumptions.Cover.Low, in.Assumptions.Cover.High = in.Assumptions.Cover.Value, in.Assumptions.Cover.Value
	base, err := Lay(in)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Vary(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(in.Assumptions.All())-1 { // Cover has no range
		t.Errorf("%d of %d were varied", len(list), len(in.Assumptions.All()))
	}
	rises := map[string]bool{"heat_price": true, "price_factor": true, "interest": true, "electricity_price": true, "station_fixed": true, "heated_hours": true, "flow_temperature": false, "grant_share": false, "pump_efficiency": false}
	for i, v := range list {
		if want := max(v.AtLow, v.AtHigh) - min(v.AtLow, v.AtHigh); v.Swing() != want {
			t.Errorf("%s swings by %g, want %g", v.Code, v.Swing(), want)
		}
		if i > 0 && v.Swing() > list[i-1].Swing() {
			t.Errorf("%s moves more than %s", v.Code, list[i-1].Code)
		}
		if v.Low == v.Value && v.AtLow != base.Cost.PerMWh || v.High == v.Value && v.AtHigh != base.Cost.PerMWh {
			t.Errorf("%s at its value gives %g and %g, the sketch %g", v.Code, v.AtLow, v.AtHigh, base.Cost.PerMWh)
		}
		if up, known := rises[v.Code]; known && v.Code != "flow_temperature" && (v.AtHigh > v.AtLow) != up {
			t.Errorf("%s from %g to %g: %g, then %g", v.Code, v.Low, v.High, v.AtLow, v.AtHigh)
		}
		if v.Code == "heat_price" { // linear: 1 EUR/MWh more for each MWh fed in
			want := float64(base.Heat.Fed/base.Heat.Delivered) * (v.High - v.Low) * Horizon{Years: 20, Interest: 0.05}.PriceFactor(0.02)
			if !near(v.AtHigh-v.AtLow, want, 1e-6) {
				t.Errorf("the heat price moves the cost by %g, want %g", v.AtHigh-v.AtLow, want)
			}
		}
	}
	if _, err := Vary(Input{}); err == nil {
		t.Error("nothing was varied")
	}
	again, err := Lay(in)
	if err != nil || again.Cost != base.Cost {
		t.Error("varying changed the input")
	}
}

func TestAssumptionsAreReadFromYAML(t *testing.T) {
	t.Parallel()
	src := "flow_temperature: {value: 70, source: Betriebshandbuch}\ninterest: {value: 0.04}\nheat_price: {value: 25, source: Vertrag}\ncover: {value: 9}\n"
	a := DefaultAssumptions()
	doc, faults := strictyaml.Decode("a.yaml", []byte(src), &a)
	a.Check(func(code, field, problem, remedy string) {
		faults = append(faults, doc.Fault(problem, remedy, code, field))
	})
	faults = strictyaml.InOrder(faults)
	if len(faults) != 2 || faults[0].Line != 2 || !strings.Contains(faults[0].Problem, "interest was changed from 0.05 to 0.04 without a source") ||
		faults[1].Line != 4 || faults[1].Column != 16 || !strings.Contains(faults[1].Problem, "value of cover is 9 m") {
		t.Errorf("%v", faults)
	}
	if a.FlowTemperature.Basis != Given || a.HeatPrice.Basis != Given || a.Period.Basis != Assumed || a.DiversityFloor.Basis != Cited {
		t.Errorf("%+v", a)
	}
	if got := a.Changed(); !slices.Equal(got, []string{"flow_temperature", "cover", "interest"}) {
		t.Errorf("changed: %v", got)
	}
}

func TestEveryAssumptionHasRangeUnitAndSource(t *testing.T) {
	t.Parallel()
	a := DefaultAssumptions()
	all := a.All()
	a.Check(func(code, field, problem, remedy string) { t.Errorf("%s %s: %s: %s", code, field, problem, remedy) })
	seen := make(map[string]bool)
	for _, s := range all {
		if seen[s.Code] || s.Unit == "" || s.Source == "" || s.Basis == "" || s.Low > s.Value || s.High < s.Value || s.Low < s.Least || s.High > s.Most {
			t.Errorf("%+v", s)
		}
		seen[s.Code] = true
	}
	// The codes are those a file has.
	for code := range seen {
		b := DefaultAssumptions()
		if _, faults := strictyaml.Decode("f", []byte(code+": {source: x}\n"), &b); len(faults) > 0 || b == a {
			t.Errorf("%s: %v", code, faults)
		}
	}
}

func TestFaultsOfTables(t *testing.T) {
	t.Parallel()
	const pipes, prices = "dn,outer_mm,wall_mm,casing_mm,velocity_m_s,u_w_per_m_k,source\n", "dn,paved_eur_per_m,unpaved_eur_per_m,source\n"
	for _, row := range []struct{ name, pipes, prices, place, problem string }{
		{"an empty table", "", "", "1:1", "the table is empty"},
		{"only a header", pipes, "", "1:1", "no sizes"},
		{"another header", "dn,outer\n", "", "1:4", `the column "outer" is not known`},
		{"a decimal comma", pipes + "25,33,7,2.3,90,1.1,,x\n", "", "2:1", "the row has 8 fields"},
		{"a text", pipes + "25,33.7,2.3,90,fast,,x\n", "", "2:16", `velocity_m_s is "fast"`},
		{"NaN", pipes + "25,33.7,2.3,90,NaN,,x\n", "", "2:16", `velocity_m_s is "NaN"`},
		{"a wall too thick", pipes + "25,33.7,20,90,1,,x\n", "", "2:9", "the wall is thicker"},
		{"a casing too small", pipes + "25,33.7,2,30,1,,x\n", "", "2:11", "the casing is smaller"},
		{"no source", pipes + "25,33.7,2,90,1,,\n", "", "2:17", "the source is missing"},
		{"sizes out of order", pipes + "32,42.4,2.6,110,1,,x\n25,33.7,2,90,1,,x\n", "", "3:1", "DN 25 comes after DN 32"},
		{"a quote", pipes + "25,33.7,\"2,90\n", "", "2:15", "quote"},
		{"no prices", "", prices, "1:1", "no prices"},
		{"a price twice", "", prices + "25,700,500,x\n25,700,500,x\n", "3:1", "DN 25 stands twice"},
		{"a price without source", "", prices + "25,700,500,\n", "2:12", "the source is missing"},
		{"the same size twice", pipes + "25,33.7,2,90,1,,x\n25,43.7,2,90,1,,x\n", "", "3:1", "DN 25 comes after DN 25"},
		{"a larger size that is narrower", pipes + "25,33.7,2,90,1,,x\n32,33.0,2,90,1,,x\n", "", "3:1", "DN 32 comes after DN 25"},
		{"a pipe without bore", pipes + "25,40,20,90,1,,x\n", "", "2:7", "the wall is thicker"},
		{"a casing that is the pipe", pipes + "25,40,2,40,1,,x\n", "", "2:9", "the casing is smaller"},
		{"a U value of nothing", pipes + "25,40,2,90,1,0,x\n", "", "2:14", "u_w_per_m_k is \"0\""},
		{"standing water", pipes + "25,40,2,90,0,,x\n", "", "2:12", "velocity_m_s is \"0\""},
		{"no wall", pipes + "25,40,0,90,1,,x\n", "", "2:7", "wall_mm is \"0\""},
		{"a price of nothing", "", prices + "25,0,500,x\n", "2:4", `paved_eur_per_m is "0"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var faults energy.Faults
			if row.prices != "" {
				_, faults = ReadPrices("t.csv", []byte(row.prices))
			} else {
				_, faults = ReadPipes("t.csv", []byte(row.pipes))
			}
			if len(faults) == 0 {
				t.Fatal("no fault")
			}
			f := faults[0]
			if got := fmt.Sprintf("%d:%d", f.Line, f.Column); got != row.place || !strings.Contains(f.Problem, row.problem) || f.Remedy == "" {
				t.Errorf("%v, want %s at %s", f, row.problem, row.place)
			}
		})
	}
	if got := (Prices{40: {}}).Missing(Pipes{{DN: 65}, {DN: 40}, {DN: 25}}); !slices.Equal(got, []int{25, 65}) {
		t.Errorf("missing: %v", got)
	}
	stated, faults := ReadPipes("t.csv", []byte(pipes+"25,33.7,2.3,90,1.1,0.31,a catalogue\n"))
	if len(faults) > 0 || stated[0].Loss(DefaultAssumptions()) != 0.31 {
		t.Errorf("a stated U value: %+v, %v", stated, faults)
	}
}

func FuzzReadPipes(f *testing.F) {
	f.Add([]byte(pipesCSV))
	f.Add([]byte("dn,outer_mm,wall_mm,casing_mm,velocity_m_s,u_w_per_m_k,source\n25,33.7,2.3,90,1.1,,\"x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		pipes, faults := ReadPipes("f", src)
		if (len(pipes) == 0) == (len(faults) == 0) {
			t.Fatalf("%d sizes, %d faults", len(pipes), len(faults))
		}
		for _, p := range pipes {
			if u := p.Loss(DefaultAssumptions()); !(p.Inner() > 0 && u > 0 && !math.IsInf(u, 0)) {
				t.Fatalf("%+v loses %g", p, u)
			}
		}
	})
}

// Thicker insulation and worse soil lose less; more than one pipe alone never twice as much.
func TestHeatLossGoesTheRightWay(t *testing.T) {
	t.Parallel()
	a := DefaultAssumptions()
	last := 0.0
	for _, p := range DefaultPipes() {
		u := p.Loss(a)
		thicker, soil := p, a
		thicker.Casing *= 1.2
		soil.SoilConductivity.Value *= 0.8
		if thicker.Loss(a) >= u || p.Loss(soil) >= u {
			t.Errorf("DN %d: %g, thicker %g, drier soil %g", p.DN, u, thicker.Loss(a), p.Loss(soil))
		}
		if p.DN <= 80 && u < last {
			t.Errorf("DN %d loses %g, a smaller one %g", p.DN, u, last)
		}
		last = u
	}
	// DN 80 by hand: 2 / (3.5973 + 0.4218 + 0.2439) per W/(m K).
	if got := DefaultPipes()[5].Loss(a); !near(got, 0.4691599930660989, 1e-12) {
		t.Errorf("DN 80 loses %.12f W/(m K)", got)
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

// BenchmarkVary does so and varies every assumption.
func BenchmarkVary(b *testing.B) {
	in := large()
	for b.Loop() {
		if _, err := Vary(in); err != nil {
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
