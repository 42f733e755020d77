package web

import (
	"cmp"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
	"heatledger/reporting/words"
)

// planTables are the tables of a result.
func (p *page) planTables(r plan.Result) []planTable {
	tables := []planTable{p.areaTable(r), p.sourceTable(r)}
	if len(r.Storages) > 0 {
		tables = append(tables, p.storageTable(r))
	}
	for _, s := range r.Storages {
		if len(s.Sizes) > 0 {
			tables = append(tables, p.sizingTable(s))
		}
	}
	if r.Network != nil && r.Cost != nil {
		tables = append(tables, p.pipeTable(r), p.costTable(r))
	}
	tables = append(tables, p.emissionTable(r))
	if len(r.Sensitivity) > 0 {
		tables = append(tables, p.sensitivityTable(r))
	}
	if len(r.Variations) > 0 {
		tables = append(tables, p.variationTable(r))
	}
	return append(tables, p.assumptionTable(r), p.statedTable(r), p.inputTable(r))
}

// planTable is a table; its title and lead are named by its id, its heads by keys below
// "plans.", with a unit behind a bar: "heat|MWh".
func (p *page) planTable(id string, columns ...string) planTable {
	t := planTable{ID: id, Title: p.T("plans." + id), Lead: p.T("plans." + id + ".lead")}
	switch id {
	case "areas", "sources", "variations":
		t.Class = "packed"
	case "storages", "sizing", "pipes", "cost", "emissions", "sensitivity":
		t.Class = "figures"
	}
	for _, c := range columns {
		key, unit, has := strings.Cut(c, "|")
		head := p.T("plans." + key)
		if has {
			head = p.T("plans.in", head, unit)
		}
		t.Head = append(t.Head, head)
	}
	return t
}

func (t *planTable) add(cells ...string) { t.Rows = append(t.Rows, cells) }

// energies writes the energies of a table alike, in kWh.
func (p *page) energies(kilowattHours ...float64) words.Energies {
	return words.EnergiesOf(p.lang(), kilowattHours...)
}

// decimals writes a number with so many of them.
func (p *page) decimals(n int) func(float64) string {
	return func(x float64) string { return p.Number(x, n) }
}

// areaTable is the ranking.
func (p *page) areaTable(r plan.Result) planTable {
	var heats []float64
	for _, a := range r.Areas {
		heats = append(heats, a.Heat)
	}
	energies := p.energies(heats...)
	t := p.planTable("areas", "area", "chosen", "demand|"+energies.Unit(), "grade", "density|MWh/m", "to_source|m", "covered", "rank_cost|€/MWh")
	for _, a := range r.Areas {
		chosen := p.T("plans.notserved")
		if a.Chosen {
			chosen = p.T("plans.served")
		}
		if a.Rank > 0 {
			chosen = strconv.Itoa(a.Rank) + ", " + chosen
		}
		if a.OutOfReach != "" {
			chosen = words.Plan(p.lang(), "reach_"+a.OutOfReach, nil)
		}
		t.add(areaName(a), chosen, energies.Number(a.Heat), p.code("grade", a.Grade), p.maybe(a.Density, p.decimals(2)), p.maybe(a.Metres, p.decimals(0)), p.maybe(a.Covered, p.share), p.maybe(a.CostPerMWh, p.decimals(0)))
	}
	return t
}

// areaName is what an area is called; its id where it has no name.
func areaName(a plan.Area) string { return cmp.Or(a.Name, a.ID) }

// sourceName is what a source is called: a site by its name.
func (p *page) sourceName(g plan.Given) string {
	if g.Site != "" {
		return p.siteName(energy.SiteID(g.Site))
	}
	return g.ID
}

// sourceTable is what became of the heat of the sources.
func (p *page) sourceTable(r plan.Result) planTable {
	var heats []float64
	for _, s := range r.Sources {
		heats = append(heats, s.Offered, s.Direct+s.Stored)
	}
	energies := p.energies(heats...)
	t := p.planTable("sources", "source", "grade", "limit", "secured|kW", "offered|"+energies.Unit(), "given|"+energies.Unit(), "used", "cop", "unknown")
	for _, s := range r.Sources {
		secured, cop := "–", "–"
		if s.Secured != nil {
			secured = p.Number(s.Secured.Power, 0)
		}
		if s.Pump != nil {
			cop = p.maybe(s.Pump.COP, p.decimals(1))
		}
		t.add(p.sourceName(s), p.code("grade", s.Grade), p.code("limit", s.Limit), secured, energies.Number(s.Offered), energies.Number(s.Direct+s.Stored), p.maybe(s.Used, p.share), cop, p.Number(float64(s.Unknown), 0))
	}
	return t
}

// storageTable is what the storages took and gave.
func (p *page) storageTable(r plan.Result) planTable {
	var heats []float64
	for _, s := range r.Storages {
		heats = append(heats, s.Capacity, s.Taken, s.Given, s.Lost, s.Most)
	}
	energies := p.energies(heats...)
	in := "|" + energies.Unit()
	t := p.planTable("storages", "storage", "capacity"+in, "stored.taken"+in, "stored.given"+in, "stored.lost"+in, "stored.most"+in)
	for _, s := range r.Storages {
		t.add(s.ID, energies.Number(s.Capacity), energies.Number(s.Taken), energies.Number(s.Given), energies.Number(s.Lost), energies.Number(s.Most))
	}
	return t
}

// sizingTable is what other sizes of a storage would bring.
func (p *page) sizingTable(s plan.Stored) planTable {
	var heats []float64
	for _, one := range s.Sizes {
		heats = append(heats, one.Capacity, one.Boiler, one.Unmet)
	}
	energies := p.energies(heats...)
	in := "|" + energies.Unit()
	t := p.planTable("sizing", "capacity"+in, "covered", "boiler"+in, "unmet"+in, "sizing.more")
	t.ID, t.Title = "sizing-"+s.ID, p.T("plans.sizing.of", s.ID)
	for _, one := range s.Sizes {
		name := energies.Number(one.Capacity)
		if one.Capacity == s.Capacity {
			name += " (" + p.T("plans.sizing.planned") + ")"
		}
		if one.Bend {
			name += " (" + p.T("plans.sizing.bend") + ")"
		}
		t.add(name, p.maybe(one.Covered, p.share), energies.Number(one.Boiler), energies.Number(one.Unmet), p.maybe(one.Marginal, p.decimals(1)))
	}
	return t
}

// pipeTable is the network by sizes.
func (p *page) pipeTable(r plan.Result) planTable {
	t := p.planTable("pipes", "size", "metres|m", "investment|€")
	for _, size := range r.Network.Sizes {
		t.add("DN "+strconv.Itoa(size.DN), p.Number(size.Metres, 0), p.Number(size.Investment, 0))
	}
	t.add(p.T("plans.total"), p.Number(r.Network.Metres, 0), p.Number(r.Cost.Investment.Pipes, 0))
	return t
}

// costTable is what is paid, in the beginning and every year.
func (p *page) costTable(r plan.Result) planTable {
	t := p.planTable("cost", "item", "initially|€", "yearly|€")
	v, y, euros := r.Cost.Investment, r.Cost.Annual, p.decimals(0)
	for _, row := range []struct {
		key   string
		value float64
	}{{"cost.pipes", v.Pipes}, {"cost.stations", v.Stations}, {"cost.pumps", v.Pumps}, {"cost.plants", v.Plants}, {"cost.planning", v.Planning}, {"cost.grant", -v.Grant}} {
		t.add(p.T("plans."+row.key), euros(row.value), "")
	}
	for _, row := range []struct {
		key   string
		value float64
	}{{"cost.capital", y.Capital}, {"cost.energy", y.Energy}, {"cost.operation", y.Operation}, {"cost.other", y.Other}} {
		t.add(p.T("plans."+row.key), "", euros(row.value))
	}
	t.add(p.T("plans.total"), euros(v.Total), euros(y.Total))
	return t
}

// emissionTable is what is emitted.
func (p *page) emissionTable(r plan.Result) planTable {
	t := p.planTable("emissions", "item", "kilograms|kg")
	e, kilograms := r.Emissions, p.decimals(0)
	t.add(p.T("plans.emissions.electricity"), kilograms(e.LifeCycle))
	t.add(p.T("plans.emissions.direct"), kilograms(e.Direct))
	t.add(p.T("plans.emissions.fuel"), kilograms(e.Fuel))
	t.add(p.T("plans.total"), kilograms(e.Total))
	return t
}

func (p *page) sensitivityTable(r plan.Result) planTable {
	t := p.planTable("sensitivity", "assumption", "value.planned", "low|€/MWh", "high|€/MWh")
	for _, s := range r.Sensitivity {
		at := func(value, cost float64) string {
			return words.PlanValue(p.lang(), value, s.Unit) + ": " + p.Number(cost, 1)
		}
		t.add(words.PlanAssumption(p.lang(), s.Code), words.PlanValue(p.lang(), s.Value, s.Unit), at(s.Low, s.AtLow), at(s.High, s.AtHigh))
	}
	return t
}

func (p *page) variationTable(r plan.Result) planTable {
	t := p.planTable("variations", "variation", "changed", "cost_mwh|€/MWh", "investment|€", "covered", "kilograms|kg")
	for _, v := range r.Variations {
		changed := ""
		for i, a := range v.Changed {
			if i > 0 {
				changed += "; "
			}
			changed += words.PlanAssumption(p.lang(), a.Code) + " " + words.PlanValue(p.lang(), a.Value, a.Unit)
		}
		name := v.Name
		if v.Note != "" {
			name += ": " + v.Note
		}
		t.add(name, changed, p.maybe(v.PerMWh, p.decimals(0)), p.maybe(v.Investment, p.decimals(0)), p.maybe(v.Covered, p.share), p.Number(v.Kilograms, 0))
	}
	return t
}

func (p *page) assumptionTable(r plan.Result) planTable {
	t := p.planTable("assumptions", "assumption", "value", "range", "basis", "origin")
	for _, a := range r.Assumptions {
		t.add(words.PlanAssumption(p.lang(), a.Code), words.PlanValue(p.lang(), a.Value, a.Unit),
			words.PlanValue(p.lang(), a.Low, a.Unit)+" … "+words.PlanValue(p.lang(), a.High, a.Unit), words.Plan(p.lang(), "basis_"+a.Basis, nil), p.origin(a.Basis, a.Source))
	}
	return t
}

// origin is where an assumption comes from: the program's own have words.
func (p *page) origin(basis, source string) string {
	if basis == string(network.Assumed) {
		return p.T("plans.origin.ours")
	}
	return source
}

// statedTable is what else a plan rests on: what the scenario says, and what holds
// where it says nothing.
func (p *page) statedTable(r plan.Result) planTable {
	t := p.planTable("stated", "of", "field", "value", "said_by", "origin")
	for _, f := range r.Stated {
		name := words.PlanStated(p.lang(), f)
		if f.Basis != plan.BasisComputed {
			name += " (" + f.Code + ")"
		}
		t.add(words.PlanOf(p.lang(), f), name, words.PlanStatedValue(p.lang(), f), words.PlanBasis(p.lang(), f), words.PlanSource(p.lang(), f))
	}
	return t
}

func (p *page) inputTable(r plan.Result) planTable {
	t := p.planTable("inputs", "input", "use", "digest")
	t.add(p.T("plans.scenario"), p.T("plans.use:scenario"), r.Scenario)
	for _, in := range r.Inputs {
		name := in.Name
		if in.Use == "site" {
			name = p.siteName(energy.SiteID(in.Name))
		}
		t.add(name, p.T("plans.use:"+in.Use), in.Digest)
	}
	return t
}
