package source

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
)

// outageShare is the share of the reference power at or below which [Describe] takes
// a source for out: pumps and the noise of meters are less. It is an assumption; the
// answer names the power.
const outageShare = 0.02

// Cause says why a source gave nothing.
type Cause string

// Stated: an event of the site says so. NoLoad: the IT load was gone too.
// NobodyAsked: nothing was asked for. NotTaken: the series is demand-limited, and
// whether heat was asked for is not known. Unknown: none of these.
const (
	StatedCause Cause = "stated"
	NoLoad      Cause = "no_load"
	NobodyAsked Cause = "not_requested"
	NotTaken    Cause = "not_taken"
	Unknown     Cause = "unknown"
)

// Event is something that befell a source, as a person stated it.
type Event struct {
	Period energy.Period
	ID     string
	Reason string
}

// EventsOf are the outages that the registry states of a site; those that still last
// are left out, for nobody knows their end.
func EventsOf(site registry.Site) []Event {
	var list []Event
	for _, e := range site.Events {
		if e.Kind == registry.Outage && !e.To.IsZero() {
			list = append(list, Event{energy.Period{From: e.From.UTC(), To: e.To.UTC()}, e.ID(), e.Reason})
		}
	}
	return list
}

// OutageQuestion asks for the outages of a series.
type OutageQuestion struct {
	Least heatmap.Kilowatts // a power at or below it is an outage
	// Requested and Load are series of the same steps that tell causes apart; others
	// are ignored.
	Requested, Load heatmap.Series
	Events          []Event
}

// Outage is a run of steps in which a source gave nothing.
type Outage struct {
	Period energy.Period
	Cause  Cause
	Event  Event // of StatedCause
	// OpenFrom and OpenTo: before or after it nothing is known, or the series ends: it
	// lasted at least as long as Period.
	OpenFrom, OpenTo bool
}

// Outages are all of them.
type Outages struct {
	Least heatmap.Kilowatts
	List  []Outage        // by time
	Gaps  []energy.Period // in which nothing is known: no outages
	Total time.Duration   // of the outages
	Known time.Duration   // time of which the series says anything
}

// Longest is the longest outage, the first of several; ok is false where there is
// none.
func (o Outages) Longest() (longest Outage, ok bool) {
	for _, one := range o.List {
		if one.Period.Length() > longest.Period.Length() {
			longest, ok = one, true
		}
	}
	return longest, ok
}

// FindOutages finds the runs of steps at or below the least power, and the gaps. A
// gap ends an outage: what lies behind it is another.
func FindOutages(s heatmap.Series, q OutageQuestion) Outages {
	o := Outages{Least: q.Least}
	power := s.Columns().Power
	idle := outageShare * greatest(q.Load)
	state := func(i int) int { // 0 gives, 1 is out, 2 is not known
		switch p := power[i]; {
		case p != p:
			return 2
		case p <= q.Least:
			return 1
		}
		return 0
	}
	for i := 0; i < len(power); {
		kind, first := state(i), i
		for i < len(power) && state(i) == kind {
			i++
		}
		p := energy.Period{From: s.At(first), To: s.At(i)}
		switch kind {
		case 2:
			o.Gaps = append(o.Gaps, p)
			continue
		case 1:
			one := Outage{Period: p, OpenFrom: first == 0 || state(first-1) == 2, OpenTo: i == len(power) || state(i) == 2}
			one.Cause, one.Event = q.cause(s, first, i, p, idle)
			o.List = append(o.List, one)
			o.Total += p.Length()
		}
		o.Known += p.Length()
	}
	return o
}

// cause looks for why steps from first to before last gave nothing; a load at or
// below idle is none.
func (q OutageQuestion) cause(s heatmap.Series, first, last int, p energy.Period, idle heatmap.Kilowatts) (Cause, Event) {
	for _, e := range q.Events {
		if e.Period.Overlaps(p) {
			return StatedCause, e
		}
	}
	if s.Same(q.Load) && mostly(q.Load, first, last, idle) {
		return NoLoad, Event{}
	}
	demand, asked, known := true, false, 0
	for i := first; i < last; i++ {
		demand = demand && s.Limit(i) == heatmap.DemandLimited
		if s.Same(q.Requested) {
			if r, ok := q.Requested.Power(i); ok {
				known++
				asked = asked || r > q.Least
			}
		}
	}
	switch {
	case !demand || asked:
		return Unknown, Event{}
	case known == last-first:
		return NobodyAsked, Event{}
	}
	return NotTaken, Event{}
}

// mostly tells whether most of the steps are known and at or below the power.
func mostly(s heatmap.Series, first, last int, p heatmap.Kilowatts) bool {
	n := 0
	for i := first; i < last; i++ {
		if x, ok := s.Power(i); ok && x <= p {
			n++
		}
	}
	return 2*n > last-first
}

// greatest is the greatest known power; 0 of none.
func greatest(s heatmap.Series) (p heatmap.Kilowatts) {
	for _, x := range s.Columns().Power {
		if x > p {
			p = x
		}
	}
	return p
}
