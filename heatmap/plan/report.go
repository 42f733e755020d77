package plan

import (
	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// result puts everything together.
func (r *run) result(c chain, ranked []match.Ranked, chosen []int, first match.Result, refused energy.Faults) Result {
	s := r.scenario
	out := Result{Method: Method, Name: s.Name, Title: s.Title, Note: s.Note, Municipality: s.Municipality, Year: s.Year,
		From: r.year.From, Hours: r.hours, Scenario: digest(s.text), Inputs: r.inputs()}
	out.Sources = r.given(c)
	out.Together = r.together(c)
	out.Areas = r.ranked(ranked, chosen, first)
	out.Demand = r.basis(chosen)
	out.Served = served(c.matched)
	for _, m := range c.matched.Stores {
		out.Storages = append(out.Storages, Stored{m.ID, float64(m.Capacity), float64(m.Taken), float64(m.Given), float64(m.Lost), float64(m.Most), m.Settled, nil})
	}
	if len(c.matched.Boilers) > 0 {
		b := c.matched.Boilers[0]
		out.Boiler = &Burnt{float64(b.Heat), float64(b.Fuel), float64(b.Peak)}
	}
	if c.laid {
		out.Network, out.Cost = newLaid(c.sketch, c.input), newCost(c.sketch.Cost, c.plants)
	}
	out.Emissions = emissions(c, r.hourly())
	out.Assumptions = AssumptionsOf(s.Network.Assumptions)
	out.Stated = r.stated()
	out.Hourly = &Hours{From: r.year.From, matched: c.matched.Hourly}
	for _, m := range c.matched.Sources {
		out.Hourly.sources = append(out.Hourly.sources, m.ID)
	}
	for _, m := range c.matched.Stores {
		out.Hourly.stores = append(out.Hourly.stores, m.ID)
	}
	out.HourTable = digest(out.Hourly.CSV())
	out.Warnings = r.warnings(out, c, refused)
	return out
}

// AssumptionsOf are the assumptions of a network in the form of a result, in their order.
func AssumptionsOf(a network.Assumptions) (list []Assumption) {
	for _, one := range a.All() {
		list = append(list, newAssumption(one))
	}
	return list
}

func newAssumption(s network.Stated) Assumption {
	return Assumption{s.Code, s.Unit, s.Value, s.Low, s.High, string(s.Basis), s.Source}
}

// inputs names files and sites by their digests.
func (r *run) inputs() []Input {
	list := []Input{}
	for _, f := range r.scenario.Files() {
		b := r.in.Files[f.Path]
		list = append(list, Input{Use: f.Use, Name: f.Path, Digest: digest(b), Bytes: len(b)})
	}
	for _, s := range r.sources {
		if s.Site != "" {
			list = append(list, Input{Use: "site", Name: string(s.Site), Digest: seriesDigest(s.series)})
		}
	}
	return list
}

// basis is what the demand of the chosen areas rests on.
func (r *run) basis(chosen []int) DemandBasis {
	b := DemandBasis{Climate: r.climate.Source, Modelled: r.climate.Modelled}
	for _, i := range chosen {
		w := r.areas[i]
		heat := float64(w.Heat)
		b.Heat += heat
		switch w.Grade {
		case heatmap.Measured:
			b.Measured += heat
		case heatmap.Estimated:
			b.Estimated += heat
		default:
			b.Declared += heat
		}
	}
	return b
}

// served is the load of all chosen areas.
func served(m match.Result) Served {
	t := m.Total
	out := Served{Load: float64(t.Load), Direct: float64(t.Direct), Stored: float64(t.Served.Stored), Boiler: float64(t.Boiler), Unmet: float64(t.Unmet), Open: float64(t.Open)}
	covered, ok := t.Covered()
	out.Covered = some(covered, ok)
	most, ok := t.AtMost()
	out.AtMost = some(most, ok)
	for _, p := range m.Hourly.Load {
		out.Peak = max(out.Peak, float64(p))
	}
	return out
}
