package plan

import (
	"fmt"

	"heatledger/energy/strictyaml"
)

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
