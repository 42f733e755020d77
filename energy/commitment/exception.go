package commitment

import (
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// exception finds the first exception of a rule that evidence proves for the
// period. Evidence that falls short is told in the steps, with what it lacks.
func (q Question) exception(rule Rule, s Span) (Exception, registry.Evidence, []Step, bool) {
	var steps []Step
	for _, exception := range rule.Exceptions {
		for _, e := range q.Registry.Evidence {
			if e.Kind != exception.Kind || !slices.Contains(e.Sites, q.Site.ID) || !holds(e, s) {
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

// holds tells whether evidence is valid on some day of the period.
func holds(e registry.Evidence, s Span) bool {
	none := energy.Date{}
	return (e.From == none || e.From.Before(s.To)) && (e.To == none || s.From.Before(e.To))
}

// lack says what evidence lacks to prove the exception on a day.
func (x Exception) lack(e registry.Evidence, on energy.Date) (Step, bool) {
	short := func(code Code, name string, arg Arg) (Step, bool) {
		return Step{code, Args{name: arg}}, false
	}
	for _, name := range x.Facts {
		if !stated(e.Facts[name]) {
			return short(ExceptionFactAbsent, "fact", Text(name))
		}
	}
	for _, name := range x.Without {
		if stated(e.Facts[name]) {
			return short(ExceptionVoided, "fact", Text(name))
		}
	}
	if x.Waits.Fact != "" {
		day, err := energy.ParseDate(string(e.Facts[x.Waits.Fact]))
		if err != nil {
			return short(ExceptionFactAbsent, "fact", Text(x.Waits.Fact))
		}
		if free := addMonths(day, x.Waits.Months); on.Before(free) {
			return short(ExceptionTooEarly, "date", Day(free))
		}
	}
	if x.Within.Fact != "" {
		day, err := energy.ParseDate(string(e.Facts[x.Within.Fact]))
		if err != nil || e.From == (energy.Date{}) {
			return short(ExceptionFactAbsent, "fact", Text(x.Within.Fact))
		}
		if last := addMonths(e.From, x.Within.Months); last.Before(day) {
			return short(ExceptionTooLong, "date", Day(day))
		}
	}
	return Step{}, true
}

// stated tells whether a fact is there and not denied.
func stated(fact registry.Scalar) bool {
	switch strings.ToLower(strings.TrimSpace(string(fact))) {
	case "", "no", "nein", "false", "none":
		return false
	}
	return true
}
