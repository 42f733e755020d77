package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// StatedFact is what a scenario says, or leaves to the program, that is no assumption
// of the network: whose is it, what it is and where it is from. Either Value or Text is
// set.
type StatedFact struct {
	Of   string `json:"of"`   // "source hafen", "heat_pump large", "boiler": a kind, and which one
	Code string `json:"code"` // its field in the scenario's file: "availability", "derive.factor"; see [Statements]
	// Value is the number, Text a word in place of one: a code of [StatedTexts], or a
	// name as the scenario writes it.
	Value *float64 `json:"value,omitempty"`
	Text  string   `json:"text,omitempty"`
	Unit  string   `json:"unit"`
	// Basis tells who said so; "" in results of method 1, which hold only what was stated.
	Basis  Basis  `json:"basis,omitempty"`
	Source string `json:"source"` // a document, or one of the Sources below
}

// Basis tells who said something.
type Basis string

// The bases of a [StatedFact].
const (
	BasisStated   Basis = "stated"   // the scenario says so
	BasisDefault  Basis = "default"  // the scenario leaves it out, and this is what holds then
	BasisComputed Basis = "computed" // it follows from others
)

// The sources that are no documents.
const (
	SourceScenario = "scenario"                                   // the scenario says so and names no document
	SourceNetwork  = "network"                                    // the assumption of the network of the same name
	SourceOurs     = "assumption of this project, to be replaced" // set for a first look
	sourceGrid     = "Electricity Maps (ODbL 1.0): German-Luxembourg bidding zone, hours of 2021, 2023 and 2024"
)

// The words in place of a number.
const (
	textNone      = "none"
	textUnknown   = "unknown"
	textUnlimited = "unlimited"
	textAsNeeded  = "as_needed"
	textUncounted = "not_counted"
	textLowest    = "lowest_measured"
	textBest      = "best_known"
	textRegistry  = "registry"
	textAll       = "all"
	textYes       = "yes"
	textNo        = "no"
	textModelled  = "modelled"
	textOwnTable  = "own_table"
	textNational  = "national_holidays"
	textNow       = "when_run"
	textGrid      = "german_grid"
)

// StatedTexts are the codes that may stand in place of a number.
func StatedTexts() []string {
	return []string{textNone, textUnknown, textUnlimited, textAsNeeded, textUncounted, textLowest, textBest, textRegistry, textAll, textYes, textNo,
		textModelled, textOwnTable, textNational, textNow, textGrid}
}

// Statements are the codes of all that is stated, by the kinds of what it is about.
func Statements() map[string][]string {
	plant := []string{"investment_eur", "life_years", "upkeep_share"}
	return map[string][]string{
		"scenario": {"secured", "timezone", "state", "as_known_at"},
		"source":   {"kind", "derive.category", "derive.factor", "derive.flow_c", "derive.return_c", "grade", "flow_c", "return_c", "availability", "at", "heat_pump", "merit"},
		"heat_pump": append([]string{"table", "carnot.quality", "carnot.approach_k", "carnot.greatest_cop", "lorenz.quality", "lorenz.greatest_cop",
			"flow_c", "return_c", "capacity_kw", "least_load", "spread_k", "pinch_k"}, plant...),
		"demand":   {"heat_unit", "peak_unit", "profile", "grade", "partial"},
		"weather":  {"file", "typical"},
		"streets":  {"connector_m", "margin_m", "crossings", "partial"},
		"matching": {"distance_m", "best", "by", "areas", "return_limit_c", "trench_eur"},
		"storage":  append([]string{"capacity_kwh", "charge_kw", "discharge_kw", "loss_per_day", "cyclic", "temperature_c"}, plant...),
		"boiler":   append([]string{"power_kw", "efficiency", "fuel_eur_per_mwh", "emissions_g_per_kwh"}, plant...),
		"network":  {"pipes", "prices", "grid"},
	}
}

// statements collects them.
type statements struct {
	scenario Scenario
	list     []StatedFact
}

// part is a part of the file that says something.
type part struct {
	*statements
	of     string
	at     path
	source string // of what it states
}

// part is the part at a path. A source of "" names no document.
func (l *statements) part(of, source string, at ...any) part {
	return part{l, of, at, cmp.Or(source, SourceScenario)}
}

// add adds a fact. Where the file does not say it the default's source is from.
func (p part) add(code string, f StatedFact, from string) {
	f.Of, f.Code, f.Basis, f.Source = p.of, code, BasisDefault, from
	at := p.at
	for name := range strings.SplitSeq(code, ".") {
		at = at.to(name)
	}
	if p.scenario.doc.Present(at...) {
		f.Basis, f.Source = BasisStated, p.source
	}
	p.list = append(p.list, f)
}

// number adds a number whose default is one of this project.
func (p part) number(code string, x float64, unit string) {
	p.add(code, StatedFact{Value: &x, Unit: unit}, SourceOurs)
}

// bound adds a number that is not known by 0; then a word stands for it.
func (p part) bound(code string, x float64, unit, otherwise string) {
	if x == 0 {
		p.add(code, StatedFact{Text: otherwise}, SourceOurs)
		return
	}
	p.number(code, x, unit)
}

// maybe adds a number that need not be said; else a word stands for it.
func (p part) maybe(code string, x *float64, unit, otherwise string) {
	if x == nil {
		p.add(code, StatedFact{Text: otherwise}, SourceOurs)
		return
	}
	p.number(code, *x, unit)
}

// following adds a temperature that is the network's unless it is stated.
func (p part) following(code string, x *float64, of network.Assumption) {
	if x == nil {
		p.add(code, StatedFact{Value: &of.Value, Unit: "°C"}, SourceNetwork)
		return
	}
	p.number(code, *x, "°C")
}

// text adds a word.
func (p part) text(code, text string) { p.add(code, StatedFact{Text: text}, SourceOurs) }

// truth adds what holds or does not.
func (p part) truth(code string, holds bool) {
	if holds {
		p.text(code, textYes)
	} else {
		p.text(code, textNo)
	}
}

// plant adds what a machine costs.
func (p part) plant(investment float64, life int, upkeep float64, source string) {
	p.source = cmp.Or(source, SourceScenario)
	p.bound("investment_eur", investment, "EUR", textUncounted)
	if investment > 0 {
		p.number("life_years", float64(life), "a")
		p.number("upkeep_share", upkeep, "1/a")
	}
}

// stated is all that the result rests on beside measured hours, files and the
// assumptions of the network: what the scenario says, and what holds where it says
// nothing.
func (r *run) stated() []StatedFact {
	l := &statements{scenario: r.scenario}
	l.frame()
	for i, s := range r.scenario.Sources {
		l.source(i, s)
	}
	a := r.scenario.Network.Assumptions
	for i, p := range r.scenario.HeatPumps {
		l.pump(i, p, a)
	}
	l.demand()
	l.matching()
	trench := r.trench(a)
	l.list = append(l.list, StatedFact{Of: "matching", Code: "trench_eur", Value: &trench.Euros, Unit: "EUR/(m a)", Basis: BasisComputed, Source: trench.Source})
	l.plants(a)
	l.tables(r.pipes, r.prices)
	return l.list
}

// frame says what holds for the whole.
func (l *statements) frame() {
	s := l.scenario
	all := l.part("scenario", "")
	all.number("secured", s.Secured, "1")
	all.text("timezone", s.Timezone)
	all.text("state", cmp.Or(string(s.State), textNational))
	known := textNow
	if !s.AsKnownAt.IsZero() {
		known = s.AsKnownAt.UTC().Format(time.RFC3339)
	}
	all.text("as_known_at", known)
}

// source says what holds for a source.
func (l *statements) source(i int, s Source) {
	p := l.part("source "+s.ID, s.Document, "sources", i)
	if s.Site != "" {
		p.text("kind", cmp.Or(string(s.Kind), textBest))
	} else {
		p.text("grade", s.Grade)
		p.number("availability", cmp.Or(s.Availability, 1), "1")
	}
	if d := s.Derive; d != nil {
		derived := l.part(p.of, d.Source, "sources", i)
		derived.number("derive.factor", d.Factor, "1")
		derived.bound("derive.category", float64(d.Category), "", textLowest)
		derived.maybe("derive.flow_c", d.Flow, "°C", textUnknown)
		derived.maybe("derive.return_c", d.Return, "°C", textUnknown)
	}
	p.maybe("flow_c", s.Flow, "°C", textUnknown)
	p.maybe("return_c", s.Return, "°C", textUnknown)
	place := textRegistry
	if s.At != nil {
		place = fmt.Sprintf("%g, %g", s.At.Longitude, s.At.Latitude)
	}
	p.text("at", place)
	p.text("heat_pump", cmp.Or(s.HeatPump, textNone))
	merit := float64(i + 1)
	if s.Merit != nil {
		merit = *s.Merit
	}
	p.number("merit", merit, "")
}

// pump says what holds for a heat pump.
func (l *statements) pump(i int, pump HeatPump, a network.Assumptions) {
	p := l.part("heat_pump "+pump.ID, pump.Source, "heat_pumps", i)
	switch c, q := pump.Carnot, pump.Lorenz; {
	case c != nil:
		machine := l.part(p.of, c.Source, "heat_pumps", i)
		machine.number("carnot.quality", c.Quality, "1")
		machine.number("carnot.approach_k", c.Approach, "K")
		machine.bound("carnot.greatest_cop", c.Greatest, "1", textUnlimited)
	case q != nil:
		machine := l.part(p.of, q.Source, "heat_pumps", i)
		machine.number("lorenz.quality", q.Quality, "1")
		machine.bound("lorenz.greatest_cop", q.Greatest, "1", textUnlimited)
	default:
		p.text("table", pump.Table)
	}
	p.following("flow_c", pump.Flow, a.FlowTemperature)
	p.following("return_c", pump.Return, a.ReturnTemperature)
	p.bound("capacity_kw", pump.Capacity, "kW", textAsNeeded)
	p.number("least_load", pump.LeastLoad, "1")
	p.number("spread_k", pump.Spread, "K")
	p.number("pinch_k", pump.Pinch, "K")
	p.plant(pump.Investment, pump.Life, pump.Upkeep, pump.CostSource)
}

// demand says how areas, weather and streets are read.
func (l *statements) demand() {
	s := l.scenario
	for i, d := range s.Demand {
		p := l.part("demand "+d.File, d.Source, "demand", i)
		p.text("heat_unit", cmp.Or(d.Heat, string(demand.KilowattHours)))
		p.text("peak_unit", cmp.Or(d.Peak, string(demand.Kilowatts)))
		p.text("profile", string(cmp.Or(d.Profile, demand.DefaultProfile)))
		p.text("grade", cmp.Or(d.Grade, heatmap.Declared.String()))
		p.truth("partial", d.Partial)
	}
	weather := l.part("weather", "", "weather")
	if w := s.Weather; w != nil {
		weather.source = w.Source
		weather.text("file", w.File)
		weather.truth("typical", w.Typical)
	} else {
		weather.text("file", textModelled)
	}
	streets := l.part("streets", "", "streets")
	streets.number("connector_m", s.Streets.Connector, "m")
	streets.number("margin_m", s.Streets.Margin, "m")
	streets.truth("crossings", s.Streets.Crossings)
	streets.truth("partial", s.Streets.Partial)
}

// matching says how sources and areas meet.
func (l *statements) matching() {
	m := l.scenario.Matching
	p := l.part("matching", "", "matching")
	p.number("distance_m", cmp.Or(m.Distance, usualDistance), "m")
	if len(m.Areas) > 0 {
		p.text("areas", strings.Join(m.Areas, ", "))
	} else {
		p.bound("best", float64(m.Best), "", textAll)
	}
	p.text("by", cmp.Or(m.By, string(match.ByCost)))
	p.maybe("return_limit_c", m.ReturnLimit, "°C", textUnlimited)
}

// plants says what holds for storages and the boiler.
func (l *statements) plants(a network.Assumptions) {
	m := l.scenario.Matching
	for i, st := range m.Storages {
		p := l.part("storage "+st.ID, st.Source, "matching", "storages", i)
		p.number("capacity_kwh", st.Capacity, "kWh")
		p.bound("charge_kw", st.Charge, "kW", textUnlimited)
		p.bound("discharge_kw", st.Discharge, "kW", textUnlimited)
		p.number("loss_per_day", st.Loss, "1/d")
		p.truth("cyclic", st.Cyclic)
		p.following("temperature_c", st.Temperature, a.FlowTemperature)
		p.plant(st.Investment, st.Life, st.Upkeep, st.CostSource)
	}
	if b := m.Boiler; b != nil {
		p := l.part("boiler", b.Source, "matching", "boiler")
		p.bound("power_kw", b.Power, "kW", textAsNeeded)
		p.number("efficiency", b.Efficiency, "1")
		p.number("fuel_eur_per_mwh", b.Fuel, "EUR/MWh")
		p.number("emissions_g_per_kwh", b.Emissions, "g/kWh")
		p.plant(b.Investment, b.Life, b.Upkeep, b.CostSource)
	}
}

// tables says which tables pipes, prices and emissions come from.
func (l *statements) tables(pipes network.Pipes, prices network.Prices) {
	var ofPipes, ofPrices []string
	for _, p := range pipes {
		ofPipes = append(ofPipes, p.Source)
	}
	for _, dn := range sortedKeys(prices) {
		ofPrices = append(ofPrices, prices[dn].Source)
	}
	n := l.scenario.Network
	for _, t := range []struct {
		code, file string
		sources    []string
	}{{"pipes", n.Pipes, ofPipes}, {"prices", n.Prices, ofPrices}} {
		slices.Sort(t.sources)
		from := strings.Join(slices.Compact(t.sources), "; ")
		l.part("network", from, "network").add(t.code, StatedFact{Text: cmp.Or(t.file, textOwnTable)}, from)
	}
	l.list = append(l.list, StatedFact{Of: "network", Code: "grid", Text: textGrid, Basis: BasisDefault, Source: sourceGrid})
}
