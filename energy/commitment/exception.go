package commitment

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Exception frees a site when evidence that holds in the period proves it.
type Exception struct {
	ID       string `yaml:"id,required"`
	Citation string `yaml:"citation,required"`
	Proof
}

// exception finds the first exception of a rule that evidence proves for the
// period. Evidence that falls short is told in the steps, with what it lacks.
func (q Question) exception(rule Rule, s Span) (Exception, registry.Evidence, []Step, bool) {
	var steps []Step
	for _, exception := range rule.Exceptions {
		for _, e := range q.papers {
			if e.Kind != exception.Kind || !holds(e, s) || !exception.concerns(e) {
				continue
			}
			lack, ok := exception.lack(e, earlier(q.On, s.To))
			if ok {
				return exception, e, steps, true
			}
			lack.Args["exception"], lack.Args["evidence"] = Text(exception.ID), Text(e.ID)
			steps = append(steps, lack)
		}
	}
	return Exception{}, registry.Evidence{}, steps, false
}

// concerns tells whether evidence speaks of the same matter: it states one of
// the facts that are asked for, beside its year. A paper on something else falls
// short of nothing.
func (p Proof) concerns(e registry.Evidence) bool {
	return slices.ContainsFunc(p.Facts, func(name string) bool { return name != factYear && e.Facts[name] != "" })
}

// holds tells whether evidence is valid on some day of the period.
func holds(e registry.Evidence, s Span) bool {
	none := energy.Date{}
	return (e.From == none || e.From.Before(s.To)) && (e.To == none || s.From.Before(e.To))
}
