package plan

import (
	"context"
	"reflect"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
	"heatledger/heatmap/street"
)

// run is a scenario on its way.
type run struct {
	scenario Scenario
	in       Inputs
	siteless bool // the sites are not asked for
	year     energy.Period
	hours    int
	local    heatmap.Local

	sources   []supply // as the scenario lists them
	areas     []want   // by id
	machine   map[string]heatpump.Machine
	climate   demand.Climate
	lines     []street.Street
	graph     *street.Graph
	parts     int // pieces of the streets
	terminals []street.Terminal
	links     []match.Link // within the distance
	far       []match.Link // of any length
	pipes     network.Pipes
	prices    network.Prices
}

// Run carries a scenario without faults to its result. It errs with energy.Faults,
// those of all files and sites at once, where what it names cannot be used. refused are the faults of areas
// and streets that were left out because the scenario allows it (partial).
func Run(ctx context.Context, s Scenario, in Inputs) (result Result, refused energy.Faults, err error) {
	r := &run{scenario: s, in: in}
	if refused, err = r.read(); err != nil {
		return Result{}, refused, err
	}
	a := s.Network.Assumptions
	candidates := r.candidates(a)
	ranked, chosen, first, err := r.choose(ctx, a, candidates)
	if err != nil {
		return Result{}, refused, err
	}
	c, err := r.follow(ctx, a, chosen)
	if err != nil {
		return Result{}, refused, err
	}
	result = r.result(c, ranked, chosen, first, refused)
	if c.laid {
		if result.Sensitivity, err = r.sensitivity(ctx, c.input, chosen); err != nil {
			return Result{}, refused, err
		}
	}
	if err := r.size(ctx, c.asked, result.Storages); err != nil {
		return Result{}, refused, err
	}
	for _, v := range s.Variations {
		varied, err := r.vary(ctx, v, chosen)
		if err != nil {
			return Result{}, refused, err
		}
		result.Variations = append(result.Variations, varied)
	}
	round(reflect.ValueOf(&result))
	result.Digest, err = result.Sum()
	return result, refused, err
}

// usualDistance is how far along streets a source serves where the scenario does not
// say: an assumption of this project, named in the result.
const usualDistance = 3000

// reason is why an area is out of reach; "" where it is not.
func (r *run) reason(w want, a network.Assumptions) string {
	joins := func(links []match.Link) bool {
		return slices.ContainsFunc(links, func(l match.Link) bool { return l.Area == w.ID })
	}
	switch {
	case w.node < 0:
		return noStreet
	case w.tooHot(a):
		return tooHot
	case !joins(r.far):
		return noSource
	case !joins(r.links):
		return tooFar
	}
	return ""
}

// candidates are the areas in reach.
func (r *run) candidates(a network.Assumptions) (list []int) {
	for i, w := range r.areas {
		if r.reason(w, a) == "" {
			list = append(list, i)
		}
	}
	return list
}

// choose ranks the candidates, which compete for the heat of all sources, and chooses
// those to be served.
func (r *run) choose(ctx context.Context, a network.Assumptions, candidates []int) (ranked []match.Ranked, chosen []int, first match.Result, err error) {
	fed, err := r.feed(a)
	if err != nil || len(candidates) == 0 || len(fed) == 0 {
		return nil, nil, match.Result{}, err
	}
	in := r.question(fed, candidates, 0, a)
	if first, err = r.match(ctx, in); err != nil {
		return nil, nil, match.Result{}, err
	}
	by := r.scenario.Matching.By
	if by == "" {
		by = string(match.ByCost)
	}
	ranked = match.Ranking(in, first, match.Key(by), match.ByCovered)
	named, best := r.scenario.Matching.Areas, r.scenario.Matching.Best
	for place, one := range ranked {
		if len(named) > 0 && !slices.Contains(named, one.ID) || best > 0 && place >= best {
			continue
		}
		chosen = append(chosen, slices.IndexFunc(r.areas, func(w want) bool { return w.ID == one.ID }))
	}
	slices.Sort(chosen)
	return ranked, chosen, first, nil
}

// streetMetres is the length of the streets of an area, stated or measured; 0: neither.
func (r *run) streetMetres(w want) float64 {
	switch {
	case w.StreetMetres.OK:
		return w.StreetMetres.Metres
	case w.streets.OK:
		return w.streets.Metres
	}
	return 0
}
