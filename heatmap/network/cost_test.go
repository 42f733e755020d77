package network

import (
	"testing"
)

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

// BenchmarkVary does so and varies every assumption.
func BenchmarkVary(b *testing.B) {
	in := large()
	for b.Loop() {
		if _, err := Vary(in); err != nil {
			b.Fatal(err)
		}
	}
}
