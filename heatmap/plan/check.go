package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// checker looks for what is wrong with the meaning of a file. It checks a part only
// if that part could be decoded: what is not decoded has its fault already.
type checker struct {
	scenario *Scenario
	faults   energy.Faults
}

// path is the way to a part of the file.
type path []any

// to is the path of a part below; p itself stays as it is.
func (p path) to(elements ...any) path { return append(slices.Clip(p), elements...) }

// given tells whether there is something to check at a path.
func (c *checker) given(at path) bool { return c.scenario.doc.Decoded(at...) }

// fault notes a fault at a path.
func (c *checker) fault(at path, problem, remedy string) {
	c.faults = append(c.faults, c.scenario.doc.Fault(problem, remedy, at...))
}

// wrong notes an error whose text is "problem: remedy".
func (c *checker) wrong(at path, err error) {
	problem, remedy, _ := strings.Cut(err.Error(), ": ")
	c.fault(at, problem, remedy)
}

// within checks a number that is given; low is allowed only with orLow.
func (c *checker) within(at path, x, low, high float64, orLow bool, unit string) {
	if !c.given(at) || x > low && x <= high || orLow && x == low {
		return
	}
	name := at[len(at)-1]
	remedy := fmt.Sprintf("more than %g and at most %g%s is expected", low, high, unit)
	if orLow {
		remedy = fmt.Sprintf("%g to %g%s is expected", low, high, unit)
	}
	c.fault(at, fmt.Sprintf("%v is %g", name, x), remedy)
}

// one checks a text that is one of several; "" is left to required.
func (c *checker) one(at path, text string, of ...string) {
	if c.given(at) && !slices.Contains(of, text) {
		c.fault(at, fmt.Sprintf("%v is %q", at[len(at)-1], text), strictyaml.Suggest(text, of))
	}
}

// unique checks an id and that nothing else of its kind bears it.
func (c *checker) unique(at path, what, id string, seen map[string]bool) {
	switch {
	case !c.given(at):
	case !energy.IsID(id):
		c.fault(at, fmt.Sprintf("%q is no id of a %s", id, what), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
	case seen[id]:
		c.fault(at, fmt.Sprintf("the %s %s stands twice", what, id), "give each its own id")
	}
	seen[id] = true
}

// all goes through the file.
func (c *checker) all() {
	s := c.scenario
	if at := (path{"name"}); c.given(at) && (!energy.IsID(s.Name) || strings.Trim(s.Name, "0123456789") == "") {
		c.fault(at, fmt.Sprintf("%q is no name of a scenario", s.Name), "up to 63 lower-case letters, digits, hyphens and underscores, not digits alone, are expected")
	}
	c.time()
	c.within(path{"secured"}, s.Secured, 0, 1, false, "")
	pumps := c.pumps()
	c.sources(pumps)
	for i, d := range s.Demand {
		c.demand(path{"demand", i}, d)
	}
	c.within(path{"streets", "connector_m"}, s.Streets.Connector, 0, 10000, false, " m")
	c.matching()
	c.network()
	c.variations()
}

func (c *checker) time() {
	s := c.scenario
	if at := (path{"timezone"}); c.given(at) {
		if _, err := s.Calendar(); err != nil {
			c.wrong(at, err)
		}
	}
	if at := (path{"year"}); c.given(at) && (s.Year < 1990 || s.Year > 2200) {
		c.fault(at, fmt.Sprintf("year is %d", s.Year), "a calendar year such as 2025 is expected")
	}
	if at := (path{"state"}); c.given(at) {
		if _, err := heatmap.ParseState(string(s.State)); err != nil {
			c.wrong(at, err)
		}
	}
}

// pumps checks the heat pumps and gives their ids.
func (c *checker) pumps() map[string]bool {
	seen := map[string]bool{}
	for i, p := range c.scenario.HeatPumps {
		at := path{"heat_pumps", i}
		c.unique(at.to("id"), "heat pump", p.ID, seen)
		c.machine(at, p)
		if p.Flow != nil {
			c.within(at.to("flow_c"), *p.Flow, 20, 160, true, " °C")
		}
		if p.Return != nil {
			c.within(at.to("return_c"), *p.Return, 5, 120, true, " °C")
		}
		if flow := c.scenario.Network.Assumptions.FlowTemperature.Value; p.Flow != nil && *p.Flow < flow {
			c.fault(at.to("flow_c"), fmt.Sprintf("the heat pump %s warms to %g °C, and the network's flow_temperature is %g °C", p.ID, *p.Flow, flow), "raise it, or lower flow_temperature under network")
		}
		if p.Flow != nil && p.Return != nil && *p.Return >= *p.Flow {
			c.fault(at.to("return_c"), fmt.Sprintf("a return of %g °C under a flow of %g °C", *p.Return, *p.Flow), "a colder return is expected")
		}
		c.within(at.to("capacity_kw"), p.Capacity, 0, 1e6, true, " kW")
		c.within(at.to("least_load"), p.LeastLoad, 0, 0.99, true, "")
		c.within(at.to("spread_k"), p.Spread, 0, 100, true, " K")
		c.within(at.to("pinch_k"), p.Pinch, 0, 50, true, " K")
		c.cost(at, p.Investment, p.Life, p.Upkeep, p.CostSource)
	}
	return seen
}

// machine checks that a heat pump has exactly one way to say what it does.
func (c *checker) machine(at path, p HeatPump) {
	ways := 0
	for _, name := range []string{"table", "carnot", "lorenz"} {
		if c.scenario.doc.Present(at.to(name)...) {
			ways++
		}
	}
	if ways != 1 {
		c.fault(at, fmt.Sprintf("the heat pump %s has %d of table, carnot and lorenz", p.ID, ways), "name one: a table of its maker, or a quality grade with its source")
	}
	for name, q := range map[string]*Quality{"carnot": p.Carnot, "lorenz": p.Lorenz} {
		if q == nil {
			continue
		}
		c.within(at.to(name, "quality"), q.Quality, 0, 1, false, "")
		c.within(at.to(name, "approach_k"), q.Approach, 0, 30, true, " K")
		c.within(at.to(name, "greatest_cop"), q.Greatest, 1, 50, false, "")
		if name == "lorenz" && q.Approach != 0 {
			c.fault(at.to(name, "approach_k"), "approach_k of lorenz", "leave it out: its quality has it in it; carnot takes one")
		}
	}
}

// cost checks what something costs: with an investment also life and source.
func (c *checker) cost(at path, investment float64, life int, upkeep float64, source string) {
	c.within(at.to("investment_eur"), investment, 0, 1e10, true, " euros")
	c.within(at.to("upkeep_share"), upkeep, 0, 1, true, "")
	if investment > 0 {
		if life < 1 || life > 100 {
			c.fault(at.to("life_years"), fmt.Sprintf("life_years is %d", life), "with an investment, 1 to 100 years are expected")
		}
		if source == "" {
			c.fault(at.to("cost_source"), "the investment has no source", "say in cost_source where it is from")
		}
	}
}

func (c *checker) sources(pumps map[string]bool) {
	seen := map[string]bool{}
	for i, s := range c.scenario.Sources {
		at := path{"sources", i}
		c.unique(at.to("id"), "source", s.ID, seen)
		if (s.Site == "") == (s.File == "") {
			c.fault(at, fmt.Sprintf("the source %s is neither a site nor a file, or both", s.ID), "name one: site, or file")
		}
		if s.Site != "" {
			c.site(at, s)
		}
		if s.File != "" {
			c.stated(at, s)
		}
		if s.HeatPump != "" && !pumps[s.HeatPump] {
			c.fault(at.to("heat_pump"), fmt.Sprintf("there is no heat pump %q", s.HeatPump), "add it under heat_pumps, or correct the name")
		}
		if s.At != nil {
			c.place(at.to("at"), geo.Point{X: s.At.Longitude, Y: s.At.Latitude})
		}
	}
}

// place checks a position; exchanged ones are said to be so.
func (c *checker) place(at path, p geo.Point) {
	switch {
	case !c.given(at.to("lon")) || !c.given(at.to("lat")) || geo.Germany().Contains(p):
	case geo.Germany().Contains(geo.Point{X: p.Y, Y: p.X}):
		c.fault(at, fmt.Sprintf("lon %g and lat %g are exchanged", p.X, p.Y), "lon is the first of GeoJSON, about 6 to 15 in Germany; lat about 47 to 55")
	default:
		c.fault(at, fmt.Sprintf("lon %g, lat %g lies outside of Germany", p.X, p.Y), "degrees of WGS 84 are expected")
	}
}

// site checks a source that is a site of this Heatledger.
func (c *checker) site(at path, s Source) {
	if at := at.to("site"); c.given(at) && !energy.IsID(string(s.Site)) {
		c.fault(at, fmt.Sprintf("%q is no id of a site", s.Site), "heatledger's sites have lower-case ids; see /api/v1/sites")
	}
	c.one(at.to("kind"), string(s.Kind), string(heatmap.Available), string(heatmap.Recoverable), string(heatmap.Delivered), string(heatmap.Rejected), string(heatmap.Derived))
	for _, field := range []string{"grade", "document", "availability"} {
		if c.scenario.doc.Present(at.to(field)...) {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of a source that is a site", field), "leave it out: its meters say so; it is for files")
		}
	}
	c.colder(at, s.Flow, s.Return)
	if s.Kind == heatmap.Derived && s.Derive == nil {
		c.fault(at, fmt.Sprintf("the source %s is derived and does not say how", s.ID), "add derive: {factor, source}")
	}
	if d := s.Derive; d != nil {
		c.within(at.to("derive", "factor"), d.Factor, 0, 1, false, " kWh of heat for each kWh of IT load")
		if d.Category < 0 || d.Category > 3 {
			c.fault(at.to("derive", "category"), fmt.Sprintf("category is %d", d.Category), "1, 2 or 3 is expected, or 0 for the lowest that is measured")
		}
		c.colder(at.to("derive"), d.Flow, d.Return)
	}
}

// stated checks a source that is a file.
func (c *checker) stated(at path, s Source) {
	for _, field := range []string{"kind", "derive"} {
		if c.scenario.doc.Present(at.to(field)...) {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of a source that is a file", field), "leave it out: it is for sites")
		}
	}
	if s.Grade == "" {
		c.fault(at, fmt.Sprintf("the source %s does not say what its file rests on", s.ID), "add grade: declared or estimated")
	} else {
		c.one(at.to("grade"), s.Grade, heatmap.Declared.String(), heatmap.Estimated.String())
	}
	if s.Document == "" {
		c.fault(at, fmt.Sprintf("the source %s names no document", s.ID), "say in document where its values are stated, and by whom")
	}
	if s.At == nil {
		c.fault(at, fmt.Sprintf("the source %s has no place", s.ID), "add at: {lon, lat}")
	}
	c.within(at.to("availability"), s.Availability, 0, 1, false, "")
	c.colder(at, s.Flow, s.Return)
}

// colder checks the temperatures of a source.
func (c *checker) colder(at path, flow, back *float64) {
	if flow != nil {
		c.within(at.to("flow_c"), *flow, 0, 500, false, " °C")
	}
	if back != nil {
		c.within(at.to("return_c"), *back, 0, 400, false, " °C")
	}
	if flow != nil && back != nil && *back >= *flow {
		c.fault(at.to("return_c"), fmt.Sprintf("a return of %g °C under a flow of %g °C", *back, *flow), "a colder return is expected")
	}
}

func (c *checker) demand(at path, d Demand) {
	c.one(at.to("heat_unit"), d.Heat, "kWh", "MWh", "GWh", "kWh/m", "MWh/m")
	c.one(at.to("peak_unit"), d.Peak, "kW", "MW")
	c.one(at.to("grade"), d.Grade, heatmap.Measured.String(), heatmap.Estimated.String(), heatmap.Declared.String())
	if name := strings.ToLower(d.File); c.given(at.to("file")) && !strings.HasSuffix(name, ".geojson") && !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".gpkg") && !strings.HasSuffix(name, ".csv") && !strings.HasSuffix(name, ".xlsx") {
		c.fault(at.to("file"), fmt.Sprintf("%q is of no known form", d.File), "a file that ends with .geojson, .json, .gpkg, .csv or .xlsx is expected")
	}
}

// mostSizes is how many sizes of a storage are tried.
const mostSizes = 20

func (c *checker) matching() {
	m, at := c.scenario.Matching, path{"matching"}
	c.within(at.to("distance_m"), m.Distance, 0, 100000, false, " m")
	if m.Best < 0 {
		c.fault(at.to("best"), fmt.Sprintf("best is %d", m.Best), "the number of areas, or 0 for all, is expected")
	}
	c.one(at.to("by"), m.By, string(match.ByCost), string(match.ByDensity), string(match.ByCovered), string(match.ByDistance), string(match.ByHeat))
	if m.Best > 0 && len(m.Areas) > 0 {
		c.fault(at.to("areas"), "areas are named, and the best are asked for", "keep one of best and areas")
	}
	seen := map[string]bool{}
	for i, s := range m.Storages {
		at := at.to("storages", i)
		c.unique(at.to("id"), "storage", s.ID, seen)
		c.within(at.to("capacity_kwh"), s.Capacity, 0, 1e9, false, " kWh")
		c.within(at.to("charge_kw"), s.Charge, 0, 1e6, true, " kW")
		c.within(at.to("discharge_kw"), s.Discharge, 0, 1e6, true, " kW")
		c.within(at.to("loss_per_day"), s.Loss, 0, 0.99, true, "")
		if s.Temperature != nil {
			c.within(at.to("temperature_c"), *s.Temperature, 10, 160, true, " °C")
		}
		if len(s.Sizes) > mostSizes {
			c.fault(at.to("sizes_kwh"), fmt.Sprintf("%d sizes are to be tried", len(s.Sizes)), fmt.Sprintf("%d at most are expected: each is a match of the year", mostSizes))
		}
		for j, size := range s.Sizes {
			c.within(at.to("sizes_kwh", j), size, 0, 1e9, true, " kWh")
		}
		c.cost(at, s.Investment, s.Life, s.Upkeep, s.CostSource)
	}
	if b := m.Boiler; b != nil {
		at := at.to("boiler")
		c.within(at.to("power_kw"), b.Power, 0, 1e6, true, " kW")
		c.within(at.to("efficiency"), b.Efficiency, 0, 1.2, false, " (of the lower heating value)")
		c.within(at.to("fuel_eur_per_mwh"), b.Fuel, 0, 2000, true, " euros")
		c.within(at.to("emissions_g_per_kwh"), b.Emissions, 0, 2000, true, " g/kWh")
		c.cost(at, b.Investment, b.Life, b.Upkeep, b.CostSource)
	}
	if m.ReturnLimit != nil {
		c.within(at.to("return_limit_c"), *m.ReturnLimit, 0, 120, false, " °C")
	}
}

// network checks the assumptions and settles their bases.
func (c *checker) network() {
	at := path{"network", "assumptions"}
	c.scenario.Network.Assumptions.Check(func(code, field, problem, remedy string) {
		where := at.to(code, field)
		if !c.scenario.doc.Present(where...) {
			where = at.to(code)
		}
		c.fault(where, problem, remedy)
	})
}

func (c *checker) variations() {
	seen := map[string]bool{}
	for i, v := range c.scenario.Variations {
		at := path{"variations", i}
		c.unique(at.to("name"), "variation", v.Name, seen)
		changed := c.scenario.Network.Assumptions
		codes := map[string]bool{}
		var names []string
		for _, s := range changed.All() {
			codes[s.Code] = true
			names = append(names, s.Code)
		}
		for code := range v.Assumptions {
			if !codes[code] {
				c.fault(at.to("assumptions", strictyaml.Key(code)), fmt.Sprintf("there is no assumption %q", code), strictyaml.Suggest(code, names))
			}
		}
		v.apply(&changed)
		before := c.scenario.Network.Assumptions
		sound := true
		before.Check(func(_, _, _, _ string) { sound = false })
		if !sound {
			continue // named at their own place
		}
		changed.Check(func(code, _, problem, remedy string) {
			where := at.to("assumptions", code, "value")
			if !c.scenario.doc.Present(where...) {
				where = at.to("assumptions")
			}
			c.fault(where, problem, remedy)
		})
	}
}

// apply puts the values of a variation in the place of the plan's, without a range.
func (v Variation) apply(a *network.Assumptions) {
	for _, s := range a.All() {
		if r, ok := v.Assumptions[s.Code]; ok && r.Value != nil && !math.IsNaN(*r.Value) {
			s.Value, s.Low, s.High, s.Source = *r.Value, *r.Value, *r.Value, r.Source
		}
	}
}
