package plan

import (
	"fmt"
)

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
