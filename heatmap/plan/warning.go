package plan

import (
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/network"
)

// warnings are what whoever reads the numbers has to know.
func (r *run) warnings(out Result, c chain, refused energy.Faults) []Warning {
	var list []Warning
	warn := func(code, about string, values ...float64) {
		list = append(list, Warning{code, about, values})
	}
	for i, g := range out.Sources {
		warnOf(warn, g, r.sources[i].node < 0, r.hours)
	}
	s := out.Served
	if s.Open > 0 {
		warn("open_heat", "", s.Open)
	}
	if s.Unmet > 0 {
		warn("unmet", "", s.Unmet, s.Load)
	}
	if !c.laid {
		warn("nothing_served", "")
	}
	for _, p := range c.plants {
		if p.Investment == 0 {
			warn("plant_without_cost", p.ID)
		}
	}
	r.warnOfAreas(warn, out)
	if n := len(refused); n > 0 {
		warn("features_left_out", "", float64(n))
	}
	if r.parts > 1 {
		warn("streets_apart", "", float64(r.parts))
	}
	if out.Network != nil && out.Network.Overloaded > 0 {
		warn("pipes_overloaded", "", float64(out.Network.Overloaded))
	}
	if assumed := assumptionsOf(out, network.Assumed); assumed > 0 {
		warn("assumed", "", float64(assumed), float64(len(out.Assumptions)))
	}
	for _, m := range c.matched.Stores {
		if !m.Settled {
			warn("storage_not_settled", m.ID)
		}
	}
	return list
}

// assumptionsOf counts the assumptions of a basis.
func assumptionsOf(out Result, basis network.Basis) (n int) {
	for _, a := range out.Assumptions {
		if a.Basis == string(basis) {
			n++
		}
	}
	return n
}

// warnOfAreas are the warnings of the areas, and of what their demand and the
// emissions rest on.
func (r *run) warnOfAreas(warn func(code, about string, values ...float64), out Result) {
	for _, a := range out.Areas {
		if a.OutOfReach != "" {
			warn("area_"+a.OutOfReach, a.ID)
		}
	}
	for _, name := range r.scenario.Matching.Areas {
		if !slices.ContainsFunc(out.Areas, func(a Area) bool { return a.ID == name }) {
			warn("area_unknown", name)
		}
	}
	if d := out.Demand; d.Estimated+d.Declared > 0 {
		warn("demand_not_measured", "", d.Estimated, d.Declared, d.Heat)
	}
	if out.Demand.Modelled {
		warn("climate_modelled", out.Demand.Climate)
	}
	if out.Emissions.Moved > 0 {
		warn("grid_of_other_year", "", out.Emissions.Moved)
	}
}

// warnOf are the warnings of a source.
func warnOf(warn func(code, about string, values ...float64), g Given, apart bool, hours int) {
	of := float64(hours)
	if g.Declared > 0 {
		warn("source_declared", g.ID, float64(g.Declared), of)
	}
	if g.Estimated > 0 {
		warn("source_estimated", g.ID, float64(g.Estimated), of)
	}
	if g.Unknown > 0 {
		warn("source_unknown_hours", g.ID, float64(g.Unknown), of)
	}
	if g.LowerBound {
		warn("source_lower_bound", g.ID)
	}
	if g.Limit == heatmap.LimitDerived.String() {
		warn("source_derived", g.ID)
	}
	if g.Unshaped > 0 {
		warn("source_unshaped", g.ID, g.Unshaped)
	}
	if g.NoFlowHours > 0 {
		warn("source_without_temperature", g.ID, float64(g.NoFlowHours), of)
	}
	if p := g.Pump; p != nil && p.Without > 0 {
		warn("source_without_temperature", g.ID, float64(p.Without), of)
	}
	if p := g.Pump; p != nil && p.OutOfRange > 0 {
		warn("pump_out_of_range", g.ID, float64(p.OutOfRange), of)
	}
	switch {
	case apart:
		warn("source_no_street", g.ID)
	case g.Peak == 0:
		warn("source_unused", g.ID)
	}
	if g.KeptBack > 0 {
		warn("source_return_too_warm", g.ID, g.KeptBack)
	}
}
