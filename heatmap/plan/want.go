package plan

import (
	"cmp"
	"fmt"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/geopackage"
	"heatledger/heatmap/network"
	"heatledger/heatmap/street"
)

// The reasons for which an area is out of reach.
const (
	noStreet = "no_street" // farther from every street than a connector may be
	noSource = "no_source" // no street joins it with a source
	tooFar   = "too_far"   // farther along streets than allowed
	tooHot   = "too_hot"   // it needs a warmer flow than the network's
)

// want is an area with its hours.
type want struct {
	demand.Area
	load demand.Load
	at   geo.Point
	node int // of the street graph; -1: it is joined to no street
	// streets is the length of the streets within it or near its border.
	streets demand.Metres
}

// peak is the greatest power of an hour, stated or by its profile.
func (w want) peak() heatmap.Kilowatts {
	if w.Peak.OK {
		return w.Peak.Kilowatts
	}
	return w.load.Peak()
}

// tooHot tells whether the area needs more than the network gives.
func (w want) tooHot(a network.Assumptions) bool {
	return w.Flow.OK && float64(w.Flow.Celsius) > a.FlowTemperature.Value
}

// mostPositions is how many positions the streets of a scenario may have: those of a
// large town have fewer.
const mostPositions = 1_000_000

// mostAreas is how many areas a scenario may have. Each stands with every hour of the
// year, and with its way to every source: so many take minutes and 3 GB.
const mostAreas = 20_000

// wants reads the areas and lays their heat over the hours. refused are faults of
// areas that are left out, where the scenario allows that.
func (r *run) wants() (faults, refused energy.Faults) {
	places := map[string]int{}
	for i, d := range r.scenario.Demand {
		if !r.has(d.File) || !r.scenario.readsAreas(i) {
			continue
		}
		read, found := r.scenario.readAreas(i, r.in.Files[d.File])
		switch {
		case len(read) == 0 && len(found) == 0:
			faults = append(faults, r.scenario.doc.Fault(fmt.Sprintf("the file %s holds no area", d.File), "an area at least is expected", "demand", i, "file"))
		case len(read) == 0 || !d.Partial:
			faults = append(faults, found...)
		default:
			refused = append(refused, found...)
		}
		for _, area := range read {
			if other, twice := places[area.ID]; twice {
				faults = append(faults, area.Fault(fmt.Sprintf("its id stands in %s too", r.scenario.Demand[other].File), "give each area of the scenario its own id"))
				continue
			}
			places[area.ID] = i
			at, _ := area.At()
			r.areas = append(r.areas, want{Area: area, at: at, node: -1})
		}
	}
	if n := len(r.areas); n > mostAreas {
		faults = append(faults, r.scenario.doc.Fault(fmt.Sprintf("there are %d areas of demand", n), fmt.Sprintf("at most %d are planned at once: put buildings together to blocks, or cut them to the quarter", mostAreas), "demand"))
		return faults, refused
	}
	slices.SortFunc(r.areas, func(a, b want) int { return cmp.Compare(a.ID, b.ID) })
	return append(faults, r.lay()...), refused
}

// lay reads the weather and lays the heat of the areas over the hours of the year.
func (r *run) lay() (faults energy.Faults) {
	if !r.scenario.timed() {
		return nil
	}
	climate, at := demand.ModelledClimate(r.year), []any{"year"}
	if w := r.scenario.Weather; w != nil {
		if !r.has(w.File) || !r.scenario.sound("weather", "typical") {
			return nil
		}
		if climate, faults = r.scenario.readWeather(r.in.Files[w.File]); len(faults) > 0 {
			return faults
		}
		at = []any{"weather", "file"}
	}
	if !r.scenario.sound("state") {
		return nil // its holidays are not known
	}
	year, err := demand.NewYear(r.scenario.Year, r.local, climate, nil)
	if err != nil {
		return energy.Faults{r.scenario.doc.Fault(err.Error(), "a file with the temperatures of all days of the year is expected", at...)}
	}
	r.climate = climate
	for i := range r.areas {
		w := &r.areas[i]
		if w.load, err = year.Load(w.Area); err != nil {
			faults = append(faults, w.Fault(err.Error(), "correct its heat or profile"))
		}
	}
	return faults
}

// measure finds the streets that the heat of each area lies on: those within it or not
// farther from its border than the scenario's margin.
func (r *run) measure(lines []street.Street) {
	areas := make([]demand.Area, len(r.areas))
	for i, w := range r.areas {
		areas[i] = w.Area
	}
	each, _ := demand.LinearDensities(areas, lines, r.scenario.Streets.Margin)
	for i := range r.areas {
		r.areas[i].streets = each[i].Metres
	}
}

// streets reads where pipes may be laid. refused are faults of lines that are left
// out, where the scenario allows that.
func (r *run) streets() (faults, refused energy.Faults) {
	o := r.scenario.Streets
	if !r.has(o.File) {
		return nil, nil
	}
	read, found := geopackage.Features(o.File, r.in.Files[o.File], "", geo.Options{Whole: !o.Partial, Kinds: []geo.Kind{geo.KindLine, geo.KindMultiLine}})
	if len(found) > 0 && !o.Partial {
		return found, nil
	}
	r.lines = street.FromFeatures(read.List)
	if len(r.lines) == 0 && len(found) > 0 {
		return found, nil
	}
	if len(r.lines) == 0 {
		return energy.Faults{r.scenario.doc.Fault(fmt.Sprintf("the file %s holds no street that can be used", o.File), "lines in GeoJSON or GeoPackage are expected", "streets", "file")}, nil
	}
	positions := 0
	for _, l := range r.lines {
		positions += len(l.Line)
	}
	if positions > mostPositions {
		return append(found, r.scenario.doc.Fault(fmt.Sprintf("the streets have %d positions", positions), fmt.Sprintf("at most %d are planned at once: cut them to the quarter", mostPositions), "streets", "file")), nil
	}
	return nil, found
}

// connect makes the graph of the streets and joins sources and areas to it.
func (r *run) connect() {
	r.measure(r.lines)
	graph := street.Build(r.lines, street.Options{Crossings: r.scenario.Streets.Crossings})
	r.parts = len(graph.Parts())
	sites := make([]street.Site, 0, len(r.sources)+len(r.areas))
	for _, s := range r.sources {
		sites = append(sites, street.Site{ID: s.ID, At: s.at})
	}
	for _, w := range r.areas {
		sites = append(sites, street.Site{ID: w.ID, At: w.at})
	}
	r.graph, r.terminals = graph.Connect(sites, r.scenario.Streets.Connector)
	for i := range r.sources {
		r.sources[i].node = r.terminals[i].Node
	}
	for i := range r.areas {
		r.areas[i].node = r.terminals[len(r.sources)+i].Node
	}
}
