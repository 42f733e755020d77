package network

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/heatmap"
)

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
