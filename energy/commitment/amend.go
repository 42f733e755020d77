package commitment

import (
	"fmt"
	"slices"
)

// amend puts the rules of the rulebook that b would change beside its own: each
// in its place, those it restates as it restates them, those it repeals not at
// all, and what is new at the end. Its version names both.
func (c *checker) amend(b *Rulebook) {
	if b.Amends == b.ID {
		c.fault("a rulebook that amends itself", "the id of another rulebook that came along is expected", "amends")
		return
	}
	base, err := c.base(b.Amends)
	if err != nil || base == nil {
		c.fault(fmt.Sprintf("rulebook %q is not there to be amended", b.Amends), "a rulebook that came along is expected", "amends")
		return
	}
	for i, id := range b.Repeals {
		if !slices.ContainsFunc(base.Rules, func(r Rule) bool { return r.ID == id }) {
			c.fault(fmt.Sprintf("%s has no rule %q", base.ID, id), "the id of one of its rules is expected", "repeals", i)
		}
	}
	own := b.Rules
	b.Rules = nil
	for _, rule := range base.Rules {
		i := slices.IndexFunc(own, func(r Rule) bool { return r.ID == rule.ID })
		switch {
		case i >= 0:
			b.Rules = append(b.Rules, own[i])
		case !slices.Contains(b.Repeals, rule.ID):
			b.Rules = append(b.Rules, rule)
		}
	}
	for _, rule := range own {
		if !slices.ContainsFunc(base.Rules, func(r Rule) bool { return r.ID == rule.ID }) {
			b.Rules = append(b.Rules, rule)
		}
	}
	b.Version = fmt.Sprintf("%s on %s %s", b.Version, base.ID, base.Version)
}
