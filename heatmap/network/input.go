package network

import (
	"fmt"
	"math"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/street"
)

// Input is what a sketch is made of.
type Input struct {
	Graph     *street.Graph // with a node for each source and consumer ([street.Graph.Connect])
	Sources   []Source
	Consumers []Consumer
	// Assumptions that were checked; the zero value stands for [DefaultAssumptions].
	Assumptions Assumptions
	Pipes       Pipes  // none stands for [DefaultPipes]
	Prices      Prices // nil stands for [DefaultPrices]
	Plants      []Plant
}

// Plant is what it takes to make the heat, such as a heat pump or a peak boiler.
// Its numbers come from elsewhere in the scenario; they add to the cost of heat.
type Plant struct {
	ID          string
	Investment  float64 // euros
	Life        int     // years
	Upkeep      float64 // share of the investment a year
	Electricity heatmap.KilowattHours
	Fuel        float64 // euros in the first year, for all it buys but electricity
	// Heat is what it adds to the sources' heat in a year (a heat pump its
	// electricity, a boiler all it gives): it is not bought at the heat price.
	Heat   heatmap.KilowattHours
	Source string // where the numbers are from
}

// withDefaults fills in what was left out.
func (in Input) withDefaults() Input {
	if in.Assumptions == (Assumptions{}) {
		in.Assumptions = DefaultAssumptions()
	}
	if len(in.Pipes) == 0 {
		in.Pipes = DefaultPipes()
	}
	if in.Prices == nil {
		in.Prices = DefaultPrices()
	}
	return in
}

// faults gathers what is wrong with an input; it has no places but ids.
type faults energy.Faults

func (f *faults) add(what, id, problem, remedy string) {
	*f = append(*f, energy.Fault{Problem: strings.TrimSpace(what+" "+id) + ": " + problem, Remedy: remedy})
}

// Check names everything that keeps the input from being sketched.
func (in Input) Check() energy.Faults {
	in = in.withDefaults()
	var f faults
	if in.Graph == nil || len(in.Graph.Nodes) == 0 {
		f.add("the streets", "", "there are none", "import a street graph")
		return energy.Faults(f)
	}
	ids := make(map[string]bool)
	common := func(what, id string, node int, power heatmap.Kilowatts) {
		switch {
		case id == "":
			f.add(what, "without id", "it has no id", "give it one")
		case ids[what+id]:
			f.add(what, id, "its id stands twice", "give each its own")
		}
		ids[what+id] = true
		if node < 0 || node >= len(in.Graph.Nodes) {
			f.add(what, id, "it is joined to no street", "raise the length a connector may have, or leave it out")
		}
		if p := float64(power); !(p > 0) || math.IsInf(p, 0) {
			f.add(what, id, fmt.Sprintf("its power is %g kW", p), "a positive power is expected")
		}
	}
	for _, s := range in.Sources {
		common("source", s.ID, s.Node, s.Power)
	}
	for _, c := range in.Consumers {
		common("consumer", c.ID, c.Node, c.Power)
		switch h := float64(c.Heat); {
		case !(h >= 0) || math.IsInf(h, 0):
			f.add("consumer", c.ID, fmt.Sprintf("its heat is %g kWh a year", h), "none or a positive number is expected")
		case h > 8784*float64(c.Power):
			f.add("consumer", c.ID, fmt.Sprintf("%g kWh a year are more than %g kW give in all its hours", h, c.Power), "check the units: kWh a year and kW")
		}
		if c.Connections < 0 {
			f.add("consumer", c.ID, fmt.Sprintf("it has %d connections", c.Connections), "one or more is expected")
		}
	}
	if len(in.Sources) == 0 {
		f.add("the sources", "", "there are none", "name one at least")
	}
	if len(in.Consumers) == 0 {
		f.add("the consumers", "", "there are none", "name one at least")
	}
	for _, dn := range in.Prices.Missing(in.Pipes) {
		f.add("the prices", "", fmt.Sprintf("DN %d has none", dn), "add a row for every size of the table of pipes")
	}
	in.checkPlants(&f)
	in.Assumptions.Check(func(code, _, problem, remedy string) { f.add("assumption", code, problem, remedy) })
	return energy.Faults(f)
}

func (in Input) checkPlants(f *faults) {
	for _, p := range in.Plants {
		for _, x := range []float64{p.Investment, p.Upkeep, float64(p.Electricity), p.Fuel, float64(p.Heat)} {
			if !(x >= 0) || math.IsInf(x, 0) {
				f.add("plant", p.ID, fmt.Sprintf("one of its numbers is %g", x), "none or positive numbers are expected")
			}
		}
		if p.Life < 1 {
			f.add("plant", p.ID, fmt.Sprintf("its life is %d years", p.Life), "one year or more is expected")
		}
	}
}
