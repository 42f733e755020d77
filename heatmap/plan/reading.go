package plan

import (
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// Examine gives all that is wrong with a scenario and with the files it names, so that
// they are mended once: the faults of [Parse], and those of every file that is said
// without one. The sites it rests on are not asked; [Run] does that.
func Examine(s Scenario, in Inputs) energy.Faults {
	if s.Name == "" && len(s.Files()) == 0 {
		return s.faults // an empty file
	}
	r := &run{scenario: s, in: in, siteless: true}
	faults, _ := r.gather()
	return faults
}

// read reads everything that the scenario names, and lays the way from sources to
// areas.
func (r *run) read() (refused energy.Faults, err error) {
	faults, refused := r.gather()
	if len(faults) > 0 {
		return refused, faults
	}
	r.join()
	return refused, nil
}

// gather reads files and sites. What is wrong with one keeps no other from being read,
// so that all faults are found at once; what only follows from a fault is not said. The
// faults of the scenario come first. refused are those of what is left out where the
// scenario allows it.
func (r *run) gather() (faults, refused energy.Faults) {
	of := append(slices.Clone(r.scenario.faults), r.scenario.missing(r.in)...)
	if !r.siteless {
		of = append(of, r.scenario.unknown(r.in)...)
	}
	add := func(found energy.Faults) {
		for _, f := range found {
			if f.File == r.scenario.file {
				of = append(of, f)
			} else {
				faults = append(faults, f)
			}
		}
	}
	if r.scenario.timed() {
		r.year, _ = r.scenario.Span()
		r.hours = int(r.year.Length() / time.Hour)
		r.local.Calendar, _ = r.scenario.Calendar()
		r.local.State = r.scenario.State
		add(r.supplies())
	}
	add(r.machines())
	add(r.tables())
	for _, read := range []func() (faults, refused energy.Faults){r.wants, r.streets} {
		found, left := read()
		add(found)
		refused = append(refused, left...)
	}
	return append(strictyaml.InOrder(of), faults...), refused
}

// has tells whether the bytes of a file are there.
func (r *run) has(file string) bool { _, ok := r.in.Files[file]; return ok }

// join joins sources and areas by streets.
func (r *run) join() {
	r.connect()
	r.far = match.Links(r.graph, r.terminals[:len(r.sources)], r.terminals[len(r.sources):], 0)
	limit := r.scenario.Matching.Distance
	if limit == 0 {
		limit = usualDistance
	}
	for _, link := range r.far {
		if link.Metres <= limit {
			r.links = append(r.links, link)
		}
	}
}

// tables are the tables of pipes and prices.
func (r *run) tables() (faults energy.Faults) {
	r.pipes, r.prices = network.DefaultPipes(), network.DefaultPrices()
	var found energy.Faults
	whole := true
	if name := r.scenario.Network.Pipes; name != "" {
		if whole = r.has(name); whole {
			r.pipes, found = network.ReadPipes(name, r.in.Files[name])
			faults = append(faults, found...)
		}
	}
	if name := r.scenario.Network.Prices; name != "" {
		if whole = whole && r.has(name); r.has(name) {
			r.prices, found = network.ReadPrices(name, r.in.Files[name])
			faults = append(faults, found...)
		}
	}
	if missing := r.prices.Missing(r.pipes); whole && len(faults) == 0 && len(missing) > 0 {
		faults = append(faults, r.scenario.doc.Fault(fmt.Sprintf("the prices lack DN %v of the pipes", missing), "add a row for each size", "network"))
	}
	return faults
}
