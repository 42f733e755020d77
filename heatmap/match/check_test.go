package match_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

func good() match.Input {
	return match.Input{From: newYear, Hours: 2,
		Sources: []match.Source{source("a", 1, 2), source("b", gone, 0)},
		Areas:   []match.Area{area("x", 1, 2), area("y", 0, 0)},
		Links:   []match.Link{{"a", "x", 100}, {"b", "y", 0}},
		Stores:  []match.Store{{ID: "t", Capacity: 5}},
		Boilers: []match.Boiler{{ID: "p", Efficiency: 0.9}},
	}
}

func TestWhatCannotBeMatchedIsNamed(t *testing.T) {
	t.Parallel()
	if faults := good().Check(); faults != nil {
		t.Fatalf("nothing is wrong: %v", faults)
	}
	for _, row := range []struct {
		sentence, code, names string
		change                func(*match.Input)
	}{
		{"a year that begins within an hour", match.FaultHours, "2024-01-01T00:30:00Z", func(in *match.Input) { in.From = in.From.Add(30 * time.Minute) }},
		{"no hours", match.FaultHours, "0 hours", func(in *match.Input) { in.Hours = 0 }},
		{"no sources", match.FaultNothing, "sources", func(in *match.Input) {
			in.Sources, in.Links = nil, nil
		}},
		{"no areas", match.FaultNothing, "areas", func(in *match.Input) { in.Areas, in.Links = nil, nil }},
		{"a source without id", match.FaultID, "source", func(in *match.Input) { in.Sources[1].ID, in.Links = "", nil }},
		{"an id that stands twice", match.FaultID, "area x", func(in *match.Input) { in.Areas[1].ID, in.Links = "x", nil }},
		{"heat of another number of hours", match.FaultLength, "source a: its heat has 1 hours", func(in *match.Input) { in.Sources[0].Heat = kw(1) }},
		{"load of another number of hours", match.FaultLength, "area x", func(in *match.Input) { in.Areas[0].Load = kw(1, 2, 3) }},
		{"a course of another number of hours", match.FaultLength, "area x", func(in *match.Input) { in.Areas[0].Return = match.Course{30, 30, 30} }},
		{"heat below zero", match.FaultNumber, "-2 kW in the hour of 2024-01-01T01Z", func(in *match.Input) { in.Sources[0].Heat = kw(1, -2) }},
		{"heat without end", match.FaultNumber, "source a", func(in *match.Input) { in.Sources[0].Heat = kw(1, math.Inf(1)) }},
		{"a load that is not known", match.FaultNumber, "area y: its load is NaN kW in the hour of 2024-01-01T00Z, and none that can be in 2 hours", func(in *match.Input) { in.Areas[1].Load = kw(gone, gone) }},
		{"more than anybody has", match.FaultTooMuch, "the areas", func(in *match.Input) { in.Areas[0].Load = kw(1e11, 1e11) }},
		{"a bound below zero", match.FaultNumber, "source b", func(in *match.Input) { in.Sources[1].Most = -1 }},
		{"a cost without its origin", match.FaultOrigin, "source b", func(in *match.Input) { in.Sources[1].Cost.Euros = 0.02 }},
		{"a cost that is no number", match.FaultNumber, "source b", func(in *match.Input) { in.Sources[1].Cost.Euros = gone }},
		{"steam", match.FaultTemperature, "source a", func(in *match.Input) { in.Sources[0].Flow = match.Course{280} }},
		{"a required flow that is not known", match.FaultTemperature, "area x", func(in *match.Input) { in.Areas[0].Flow, in.Stores = match.Course{energy.Celsius(gone)}, nil }},
		{"a return limit of ice", match.FaultTemperature, "source a", func(in *match.Input) { in.Sources[0].ReturnLimit = heatmap.At(-3) }},
		{"a return rule that does not exist", match.FaultTemperature, "source a", func(in *match.Input) { in.Sources[0].Return = 7 }},
		{"a heat pump that takes more than it gives", match.FaultElectricity, "source a", func(in *match.Input) { in.Sources[0].Electricity = []float64{0.2, 1} }},
		{"a heat pump that is not known beside heat that is", match.FaultElectricity, "source a", func(in *match.Input) { in.Sources[0].Electricity = []float64{0.2, gone} }},
		{"a link of a source that does not exist", match.FaultUnknownID, `there is no source "c"`, func(in *match.Input) { in.Links[0].Source = "c" }},
		{"a link to an area that does not exist", match.FaultUnknownID, `there is no area "z"`, func(in *match.Input) { in.Links[0].Area = "z" }},
		{"a link that stands twice", match.FaultDoubled, "link a – x", func(in *match.Input) { in.Links = append(in.Links, match.Link{"a", "x", 50}) }},
		{"a way without length", match.FaultNumber, "link a – x", func(in *match.Input) { in.Links[0].Metres = gone }},
		{"a store that loses more than all", match.FaultNumber, "store t", func(in *match.Input) { in.Stores[0].Loss = 1 }},
		{"a store that starts fuller than it can be", match.FaultNumber, "store t", func(in *match.Input) { in.Stores[0].Start = 6 }},
		{"a store in other units", match.FaultTooMuch, "store t", func(in *match.Input) { in.Stores[0].Capacity = 1e12 }},
		{"a store of a source that does not exist", match.FaultUnknownID, "store t", func(in *match.Input) { in.Stores[0].Sources = []string{"c"} }},
		{"a store that names a source twice", match.FaultDoubled, "store t", func(in *match.Input) { in.Stores[0].Sources = []string{"a", "a"} }},
		{"a store of no stated temperature beside an area that asks", match.FaultTemperature, "store t: its temperature is not stated, and area x requires one", func(in *match.Input) { in.Areas[0].Flow = match.Course{60} }},
		{"a boiler without efficiency", match.FaultEfficiency, "boiler p", func(in *match.Input) { in.Boilers[0].Efficiency = 0 }},
		{"a boiler of an area that does not exist", match.FaultUnknownID, "boiler p", func(in *match.Input) { in.Boilers[0].Areas = []string{"z"} }},
		{"a year that is not stated", match.FaultHours, "0001-01-01T00:00:00Z", func(in *match.Input) { in.From = time.Time{} }},
		{"more than all sources have", match.FaultTooMuch, "the sources", func(in *match.Input) { in.Sources[0].Heat = kw(1<<36, 1<<36+1) }},
		{"a reach below zero", match.FaultNumber, "reach", func(in *match.Input) { in.Reach = -1 }},
		{"a reach without end", match.FaultNumber, "reach", func(in *match.Input) { in.Reach = math.Inf(1) }},
		{"a drop below zero", match.FaultNumber, "drop", func(in *match.Input) { in.Drop = -0.1 }},
		{"a trench without its origin", match.FaultOrigin, "trench", func(in *match.Input) { in.Trench.Euros = 0.5 }},
		{"electricity without its origin", match.FaultOrigin, "electricity", func(in *match.Input) { in.Electric.Euros = 0.5 }},
		{"a source that is hotter than water", match.FaultTemperature, "200.5", func(in *match.Input) { in.Sources[0].Flow = match.Course{200, 200.5} }},
		{"a return of ice", match.FaultTemperature, "area x: its return temperature is -0.5 °C in the hour of 2024-01-01T01Z", func(in *match.Input) { in.Areas[0].Return = match.Course{0, -0.5} }},
		{"a store of steam", match.FaultTemperature, "store t: it is 201 °C warm", func(in *match.Input) { in.Stores[0].Temperature = heatmap.At(201) }},
		{"a street of no length", match.FaultNumber, "area y: its length of streets", func(in *match.Input) { in.Areas[1].StreetMetres = -1 }},
		{"a heat pump that gives electricity", match.FaultElectricity, "source a", func(in *match.Input) { in.Sources[0].Electricity = []float64{0, -0.1} }},
		{"a heat pump of another number of hours", match.FaultLength, "source a: its electricity has 3 hours", func(in *match.Input) { in.Sources[0].Electricity = []float64{0, 0, 0} }},
		{"a store that gains", match.FaultNumber, "store t: it loses", func(in *match.Input) { in.Stores[0].Loss = -0.1 }},
		{"a store whose loss is not known", match.FaultNumber, "store t: it loses", func(in *match.Input) { in.Stores[0].Loss = gone }},
		{"a store that is charged backwards", match.FaultNumber, "power of charging", func(in *match.Input) { in.Stores[0].Charge = -1 }},
		{"a store that is discharged backwards", match.FaultNumber, "power of discharging", func(in *match.Input) { in.Stores[0].Discharge = -1 }},
		{"a store that starts in debt", match.FaultNumber, "content at the start", func(in *match.Input) { in.Stores[0].Start = -1 }},
		{"a store a little too large", match.FaultTooMuch, "store t", func(in *match.Input) { in.Stores[0].Capacity = 1<<37 + 1 }},
		{"a store without id", match.FaultID, "store", func(in *match.Input) { in.Stores[0].ID = "" }},
		{"a boiler that stands twice", match.FaultID, "boiler p", func(in *match.Input) { in.Boilers = append(in.Boilers, in.Boilers[0]) }},
		{"a boiler that names an area twice", match.FaultDoubled, "boiler p: area x", func(in *match.Input) { in.Boilers[0].Areas = []string{"x", "y", "x"} }},
		{"a boiler that takes heat", match.FaultNumber, "boiler p", func(in *match.Input) { in.Boilers[0].Power = -1 }},
		{"a boiler better than any", match.FaultEfficiency, "boiler p", func(in *match.Input) { in.Boilers[0].Efficiency = 1.11 }},
		{"fuel without its origin", match.FaultOrigin, "boiler p", func(in *match.Input) { in.Boilers[0].Fuel.Euros = 0.06 }},
		{"an emission that is no number", match.FaultNumber, "boiler p", func(in *match.Input) { in.Boilers[0].Emission.Grams = gone }},
		{"a store in reach of two areas that ask", match.FaultTemperature, "and area x requires one", func(in *match.Input) {
			in.Areas[0].Flow, in.Areas[1].Flow, in.Reach = match.Course{60}, match.Course{60}, 100
			in.Links = []match.Link{{"b", "y", 0}, {"a", "x", 100}}
		}},
		{"an emission without its origin", match.FaultOrigin, "boiler p", func(in *match.Input) { in.Boilers[0].Emission.Grams = 201 }},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			in := good()
			row.change(&in)
			faults := in.Check()
			if len(faults) != 1 || faults[0].Code != row.code || !strings.Contains(faults[0].Problem, row.names) || faults[0].Remedy == "" {
				t.Errorf("%+v", faults)
			}
			_, err := match.Run(t.Context(), in)
			if said := (energy.Faults{}); !errors.As(err, &said) || len(said) != 1 {
				t.Errorf("it is run: %v", err)
			}
		})
	}
}

// TestTheBoundsThemselvesCanBeMatched has what is just not at fault.
func TestTheBoundsThemselvesCanBeMatched(t *testing.T) {
	t.Parallel()
	for sentence, change := range map[string]func(*match.Input){
		"one hour": func(in *match.Input) {
			in.Hours, in.Sources[0].Heat, in.Sources[1].Heat, in.Areas[0].Load, in.Areas[1].Load = 1, kw(1), kw(1), kw(1), kw(1)
		},
		"as much as numbers hold": func(in *match.Input) { in.Sources[0].Heat, in.Areas[0].Load = kw(1<<36, 1<<36), kw(1<<37, 0) },
		"a store as large":        func(in *match.Input) { in.Stores[0].Capacity, in.Stores[0].Start = 1<<37, 1<<37 },
		"water that freezes and boils": func(in *match.Input) {
			in.Sources[0].Flow, in.Areas[0].Return = match.Course{0, 200}, match.Course{200}
		},
		"a flow that is not known": func(in *match.Input) { in.Sources[0].Flow = match.Course{energy.Celsius(gone), 60} },
		"limits of such water": func(in *match.Input) {
			in.Sources[0].ReturnLimit, in.Sources[1].ReturnLimit, in.Stores[0].Temperature = heatmap.At(0), heatmap.At(200), heatmap.At(200)
		},
		"a heat pump that takes nothing, or is not known": func(in *match.Input) {
			in.Sources[0].Electricity, in.Sources[1].Electricity = []float64{0, 0.999}, []float64{gone, 0}
		},
		"a boiler that condenses":             func(in *match.Input) { in.Boilers[0].Efficiency = 1.1 },
		"no emission, from nowhere":           func(in *match.Input) { in.Boilers[0].Emission, in.Electric = match.Emission{}, match.Price{} },
		"a price of nothing from nowhere":     func(in *match.Input) { in.Sources[0].Cost = match.Price{} },
		"a store beyond the reach of all":     func(in *match.Input) { in.Areas[0].Flow, in.Reach = match.Course{60}, 99 },
		"a store that others fill":            func(in *match.Input) { in.Areas[0].Flow, in.Stores[0].Sources = match.Course{60}, []string{"b"} },
		"a store whose temperature is stated": func(in *match.Input) { in.Areas[0].Flow, in.Stores[0].Temperature = match.Course{60}, heatmap.At(60) },
	} {
		in := good()
		change(&in)
		if faults := in.Check(); faults != nil {
			t.Errorf("%s: %v", sentence, faults)
		}
	}
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	t.Parallel()
	in := good()
	in.Sources[0].Heat = kw(-1, 1)
	in.Areas[0].ID = ""
	in.Links[1].Source = "c"
	in.Stores[0].Loss = -1
	in.Boilers[0].Power = heatmap.Kilowatts(gone)
	if faults := in.Check(); len(faults) != 6 { // the link to x is at fault now, too
		t.Errorf("%d faults:\n%v", len(faults), faults)
	}
}
