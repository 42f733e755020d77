package network

import (
	"slices"
	"testing"

	"heatledger/heatmap"
)

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
