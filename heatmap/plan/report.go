package plan

import (
	"cmp"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
	"heatledger/heatmap/source"
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
	a := s.Network.Assumptions
	for _, one := range a.All() {
		out.Assumptions = append(out.Assumptions, newAssumption(one))
	}
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

// given are the sources with what became of their heat.
func (r *run) given(c chain) []Given {
	list := []Given{}
	for _, s := range r.sources {
		account := s.series.Account()
		method := s.series.Method
		hours := func(d time.Duration) int { return int(d / time.Hour) }
		g := Given{
			ID: s.ID, Site: string(s.Site), Kind: string(s.series.Kind), Method: string(method.Code), MethodOf: method.Source,
			Grade: account.Grade().String(), Limit: account.Limit().String(), LowerBound: account.Limit() == heatmap.DemandLimited,
			Longitude: sevenDecimals(s.at.X), Latitude: sevenDecimals(s.at.Y),
			Measured: hours(account.ByGrade[heatmap.Measured]), Estimated: hours(account.ByGrade[heatmap.Estimated]), Declared: hours(account.ByGrade[heatmap.Declared]),
			Unknown: r.hours - hours(account.Known), Energy: float64(account.Energy), Unshaped: float64(account.Unshaped),
		}
		g.Factor = some(method.Factor, method.Factor > 0)
		g.Availability = some(s.Availability, s.Availability > 0)
		g.FlowMean = meanFlow(s.series)
		for _, f := range c.fed {
			if f.ID == s.ID {
				r.feeds(&g, s, f)
			}
		}
		for _, m := range c.matched.Sources {
			if m.ID == s.ID {
				g.matched(m)
			}
		}
		list = append(list, g)
	}
	return list
}

// feeds says what a source is at the network's side.
func (r *run) feeds(g *Given, s supply, f fed) {
	if secured, err := source.SecuredPower(f.series, r.scenario.Secured); err == nil && secured.Hours > 0 {
		g.Secured = &Secured{Availability: secured.Availability, Power: float64(secured.Power), AtWorst: float64(secured.AtWorst)}
	}
	if s.pump == nil {
		return
	}
	t := f.operation.Totals()
	cop, ok := t.COP()
	g.Pump = &PumpResult{ID: s.pump.ID, Basis: f.operation.Basis, COP: some(cop, ok),
		OutOfRange: int(t.ByState[heatpump.OutOfRange] / time.Hour), Without: int(t.ByState[heatpump.NoTemperature] / time.Hour)}
}

// matched says what became of the heat.
func (g *Given) matched(m match.SourceResult) {
	g.Offered, g.Direct, g.Stored, g.Surplus, g.KeptBack = float64(m.Offered), float64(m.Given), float64(m.Stored), float64(m.Surplus), float64(m.KeptBack)
	used, ok := m.Used()
	g.Used = some(used, ok)
	full, ok := m.FullLoadHours()
	g.FullLoad, g.Peak, g.NoFlowHours = some(full, ok), float64(m.Peak), m.NoFlowHours
	if g.Pump != nil {
		g.Pump.Electricity = float64(m.Electricity)
	}
}

// meanFlow is the mean flow temperature, weighted with the heat; nil where none is
// known.
func meanFlow(s heatmap.Series) *float64 {
	sum, weight := 0.0, 0.0
	for i := range s.Len() {
		p, known := s.Power(i)
		if t, ok := s.Flow(i); ok && known {
			sum += float64(t) * float64(p)
			weight += float64(p)
		}
	}
	return some(sum/weight, weight > 0)
}

// together is the secured power of all sources that feed in.
func (r *run) together(c chain) *Secured {
	var list []heatmap.Series
	for _, f := range c.fed {
		list = append(list, f.series)
	}
	if len(list) < 2 {
		return nil
	}
	t, err := source.SecuredTogether(list, r.scenario.Secured)
	if err != nil || t.Hours == 0 {
		return nil
	}
	return &Secured{t.Availability, float64(t.Power), float64(t.AtWorst), float64(t.Sum)}
}

// ranked are all areas: those in reach by rank, then the others by id.
func (r *run) ranked(ranked []match.Ranked, chosen []int, first match.Result) []Area {
	list := []Area{}
	for i, w := range r.areas {
		one := Area{ID: w.ID, Name: w.Name, Longitude: sevenDecimals(w.at.X), Latitude: sevenDecimals(w.at.Y), Heat: float64(w.Heat), Peak: float64(w.peak()),
			Connections: max(1, w.Connections), Outline: outline(w.Geometry), Grade: w.Grade.String(), Origin: w.Source, Profile: string(w.load.Profile), Chosen: slices.Contains(chosen, i),
			OutOfReach: r.reason(w, r.scenario.Network.Assumptions)}
		density, ok := w.Area.Density()
		one.HeatDensity = some(density.MegawattHoursPerHectare(), ok)
		for _, rank := range ranked {
			if rank.ID == w.ID {
				one.Rank, one.CostPerMWh = rank.Place, some(rank.Cost*kilowattHoursPerMWh, rank.Known)
			}
		}
		for _, m := range first.Areas {
			if m.ID == w.ID {
				covered, ok := m.Covered()
				one.Covered, one.Metres = some(covered, ok), some(m.Nearest, m.InReach)
				one.Density = some(m.Density/kilowattHoursPerMWh, m.Density > 0)
			}
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Area) int {
		if (a.Rank == 0) != (b.Rank == 0) {
			return cmp.Compare(b.Rank, a.Rank)
		}
		return cmp.Compare(a.Rank, b.Rank)
	})
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

// stated are the scenario's numbers that are no network assumptions.
func (r *run) stated() (list []StatedFact) {
	s := r.scenario
	add := func(of, code string, value float64, unit, source string) {
		list = append(list, StatedFact{of, code, value, unit, source})
	}
	distance := StatedFact{"matching", "distance_m", s.Matching.Distance, "m", "scenario"}
	if distance.Value == 0 {
		distance.Value, distance.Source = usualDistance, ownAssumption
	}
	list = append(list, distance)
	add("streets", "connector_m", s.Streets.Connector, "m", "scenario")
	for _, one := range s.Sources {
		of := "source " + one.ID
		if one.Availability > 0 {
			add(of, "availability", one.Availability, "1", one.Document)
		}
		if one.Flow != nil {
			add(of, "flow_c", *one.Flow, "°C", cmp.Or(one.Document, "scenario"))
		}
		if one.Return != nil {
			add(of, "return_c", *one.Return, "°C", cmp.Or(one.Document, "scenario"))
		}
		if one.Derive != nil {
			add(of, "derive_factor", one.Derive.Factor, "1", one.Derive.Source)
		}
	}
	for _, p := range s.HeatPumps {
		of := "heat_pump " + p.ID
		for _, q := range []*Quality{p.Carnot, p.Lorenz} {
			if q != nil {
				add(of, "quality", q.Quality, "1", q.Source)
			}
		}
		if p.Investment > 0 {
			add(of, "investment_eur", p.Investment, "EUR", p.CostSource)
		}
	}
	for _, st := range s.Matching.Storages {
		add("storage "+st.ID, "capacity_kwh", st.Capacity, "kWh", st.Source)
		add("storage "+st.ID, "loss_per_day", st.Loss, "1/d", st.Source)
		if st.Investment > 0 {
			add("storage "+st.ID, "investment_eur", st.Investment, "EUR", st.CostSource)
		}
	}
	if b := s.Matching.Boiler; b != nil {
		add("boiler", "efficiency", b.Efficiency, "1", b.Source)
		add("boiler", "fuel_eur_per_mwh", b.Fuel, "EUR/MWh", b.Source)
		add("boiler", "emissions_g_per_kwh", b.Emissions, "g/kWh", b.Source)
		if b.Investment > 0 {
			add("boiler", "investment_eur", b.Investment, "EUR", b.CostSource)
		}
	}
	return list
}

// ownAssumption is the source of what this project sets for a first look.
const ownAssumption = "assumption of this project, to be replaced"

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
	if n := len(refused); n > 0 {
		warn("features_left_out", "", float64(n))
	}
	if r.parts > 1 {
		warn("streets_apart", "", float64(r.parts))
	}
	if out.Network != nil && out.Network.Overloaded > 0 {
		warn("pipes_overloaded", "", float64(out.Network.Overloaded))
	}
	assumed := 0
	for _, a := range out.Assumptions {
		if a.Basis == string(network.Assumed) {
			assumed++
		}
	}
	if assumed > 0 {
		warn("assumed", "", float64(assumed), float64(len(out.Assumptions)))
	}
	for _, m := range c.matched.Stores {
		if !m.Settled {
			warn("storage_not_settled", m.ID)
		}
	}
	return list
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

// outline is that of an area's polygons.
func outline(g geo.Geometry) (polygons [][][][2]float64) {
	for _, polygon := range geo.Polygons(g) {
		rings := make([][][2]float64, len(polygon))
		for i, ring := range polygon {
			for _, at := range ring {
				rings[i] = append(rings[i], position(at))
			}
		}
		polygons = append(polygons, rings)
	}
	return polygons
}
