package plan

import (
	"context"
	"fmt"
	"math"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
	"heatledger/heatmap/network"
)

// chain is the way from the heat pumps to the cost under some assumptions, for areas
// that are chosen.
type chain struct {
	fed     []fed
	asked   match.Input // what was matched
	matched match.Result
	plants  []network.Plant
	input   network.Input // that the sketch was laid of
	sketch  network.Sketch
	laid    bool // false: no source gives anything to these areas
}

// lost is how much heat the network loses, spread evenly over the hours in which it
// is warm: as a power that stands beside the load throughout the year.
func (r *run) lost(s network.Sketch) float64 { return float64(s.Heat.Lost) / float64(r.hours) }

// follow runs the chain: a first match without losses says which sources feed in, a
// first sketch of these how much the network loses, the second match carries that
// too, and the second sketch counts the plants.
func (r *run) follow(ctx context.Context, a network.Assumptions, chosen []int) (chain, error) {
	var c chain
	var err error
	if c.fed, err = r.feed(a); err != nil {
		return chain{}, err
	}
	if len(chosen) == 0 || len(c.fed) == 0 {
		return c, nil
	}
	c.asked = r.question(c.fed, chosen, 0, a)
	if c.matched, err = r.match(ctx, c.asked); err != nil {
		return chain{}, err
	}
	c.input = r.input(a, chosen, c.matched)
	if len(c.input.Sources) == 0 || len(c.input.Consumers) == 0 {
		return c, nil
	}
	first, err := network.Lay(c.input)
	if err != nil {
		return chain{}, fmt.Errorf("sketch the network: %w", err)
	}
	c.asked = r.question(c.fed, chosen, r.lost(first), a)
	if c.matched, err = r.match(ctx, c.asked); err != nil {
		return chain{}, err
	}
	c.input = r.input(a, chosen, c.matched)
	c.plants = r.plants(c.matched, a)
	c.input.Plants = c.plants
	if c.sketch, err = network.Lay(c.input); err != nil {
		return chain{}, fmt.Errorf("sketch the network: %w", err)
	}
	c.laid = true
	return c, nil
}

// match matches.
func (r *run) match(ctx context.Context, in match.Input) (match.Result, error) {
	result, err := match.Run(ctx, in)
	if err != nil {
		return match.Result{}, fmt.Errorf("match sources and areas: %w", err)
	}
	return result, nil
}

// question asks which sources serve some areas, whose loads carry the loss of the
// network in proportion to their heat.
func (r *run) question(sources []fed, areas []int, lost float64, a network.Assumptions) match.Input {
	in := match.Input{From: r.year.From, Hours: r.hours, Electric: match.Price{Euros: a.Electricity.Value / kilowattHoursPerMWh, Source: a.Electricity.Source}, Trench: r.trench(a)}
	joined := map[string]bool{}
	for _, f := range sources {
		f.Cost = match.Price{Euros: a.HeatPrice.Value / kilowattHoursPerMWh, Source: a.HeatPrice.Source}
		in.Sources = append(in.Sources, f.Source)
	}
	all := 0.0
	for _, i := range areas {
		all += float64(r.areas[i].Heat)
	}
	for _, i := range areas {
		w := r.areas[i]
		one := match.Area{ID: w.ID, Name: w.Name, Load: w.load.Power, Flow: match.Course{energy.Celsius(a.FlowTemperature.Value)},
			Return: match.Course{energy.Celsius(a.ReturnTemperature.Value)}, StreetMetres: r.streetMetres(w)}
		if lost > 0 {
			one.Load = make([]heatmap.Kilowatts, len(w.load.Power))
			for h, p := range w.load.Power {
				one.Load[h] = p + heatmap.Kilowatts(lost*float64(w.Heat)/all)
			}
		}
		joined[w.ID] = true
		in.Areas = append(in.Areas, one)
	}
	for _, link := range r.links {
		if joined[link.Area] {
			in.Links = append(in.Links, link)
		}
	}
	r.plantsOf(&in, a)
	return in
}

// plantsOf adds storages and the boiler.
func (r *run) plantsOf(in *match.Input, a network.Assumptions) {
	const hoursOfDay = 24
	for i, s := range r.scenario.Matching.Storages {
		at := a.FlowTemperature.Value
		if s.Temperature != nil {
			at = *s.Temperature
		}
		in.Stores = append(in.Stores, match.Store{ID: s.ID, Rank: i, Capacity: heatmap.KilowattHours(s.Capacity), Charge: heatmap.Kilowatts(s.Charge), Discharge: heatmap.Kilowatts(s.Discharge),
			Loss: -math.Expm1(math.Log1p(-s.Loss) / hoursOfDay), Cyclic: s.Cyclic, Temperature: heatmap.At(energy.Celsius(at))})
	}
	if b := r.scenario.Matching.Boiler; b != nil {
		in.Boilers = []match.Boiler{{ID: "boiler", Power: heatmap.Kilowatts(b.Power), Efficiency: b.Efficiency,
			Fuel: match.Price{Euros: b.Fuel / kilowattHoursPerMWh, Source: b.Source}, Emission: match.Emission{Grams: b.Emissions, Source: b.Source}}}
	}
}

// trench is what a metre of pipe costs in a year: the annuity of a pipe of the middle
// of the table with its planning and upkeep. Areas are ranked by it, before any pipe
// is sized.
func (r *run) trench(a network.Assumptions) match.Price {
	middle := r.pipes[len(r.pipes)/3].DN // of nominal diameters, most metres are small
	price := r.prices[middle]
	metre := (a.PavedShare.Value*price.Paved + (1-a.PavedShare.Value)*price.Unpaved) * a.PriceFactor.Value
	h := network.Horizon{Years: int(a.Period.Value), Interest: a.Interest.Value}
	year := h.Capital(metre*(1+a.PlanningShare.Value)*(1-a.GrantShare.Value), int(a.PipeLife.Value), a.CapitalChange.Value) +
		metre*(a.PipeUpkeep.Value+a.OtherShare.Value)*h.PriceFactor(a.OperationChange.Value)
	return match.Price{Euros: year, Source: fmt.Sprintf("annuity of DN %d: %s", middle, price.Source)}
}

// input is what a network for the areas is sketched of: as sources those that give,
// with the greatest power that is taken of each; as heat of an area what it gets.
func (r *run) input(a network.Assumptions, chosen []int, m match.Result) network.Input {
	in := network.Input{Graph: r.graph, Assumptions: a, Pipes: r.pipes, Prices: r.prices}
	for _, s := range r.sources {
		for _, found := range m.Sources {
			if found.ID == s.ID && found.Peak > 0 {
				in.Sources = append(in.Sources, network.Source{ID: s.ID, Node: s.node, Power: found.Peak})
			}
		}
	}
	for _, i := range chosen {
		w := r.areas[i]
		for _, found := range m.Areas {
			if found.ID != w.ID || found.Load == 0 {
				continue
			}
			share := 1 - float64(found.Unmet/found.Load)
			in.Consumers = append(in.Consumers, network.Consumer{ID: w.ID, Node: w.node, Power: w.peak(), Heat: w.Heat * heatmap.KilowattHours(share), Connections: w.Connections})
		}
	}
	return in
}

// plants are the heat pumps, the boiler and the storages as the cost counts them.
func (r *run) plants(m match.Result, a network.Assumptions) (plants []network.Plant) {
	life := func(investment float64, years int) int {
		if investment == 0 {
			return 1
		}
		return years
	}
	for _, s := range r.sources {
		for _, found := range m.Sources {
			if p := s.pump; found.ID == s.ID && p != nil && found.Peak > 0 {
				plants = append(plants, network.Plant{ID: s.ID + "/" + p.ID, Investment: p.Investment, Life: life(p.Investment, p.Life), Upkeep: p.Upkeep,
					Electricity: found.Electricity, Heat: found.Electricity, Source: p.CostSource})
			}
		}
	}
	if b := r.scenario.Matching.Boiler; b != nil && len(m.Boilers) > 0 {
		got := m.Boilers[0]
		plants = append(plants, network.Plant{ID: "boiler", Investment: b.Investment, Life: life(b.Investment, b.Life), Upkeep: b.Upkeep, Fuel: got.Euros, Heat: got.Heat, Source: b.CostSource})
	}
	for i, s := range r.scenario.Matching.Storages {
		for _, got := range m.Stores {
			if got.ID != s.ID {
				continue
			}
			// What it takes and does not give back is bought and fed to nobody.
			gone := max(0, float64(got.Taken-got.Given)) / kilowattHoursPerMWh
			plants = append(plants, network.Plant{ID: s.ID, Investment: s.Investment, Life: life(s.Investment, s.Life), Upkeep: s.Upkeep,
				Fuel: gone * a.HeatPrice.Value, Source: r.scenario.Matching.Storages[i].CostSource})
		}
	}
	return plants
}
