package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
)

// event checks one event by itself. Whether the events of a meter fit together
// is seen by exchanges.
func (c *checker) event(s *Site, e *Event, at path) {
	if !oneOf(c, "kind of event", e.Kind, []EventKind{MeterExchange, ConfirmedReset, Outage, BoundaryChange, Substitution}, at.to("kind")) || !c.given(at.to("kind")) {
		return
	}
	meter := c.eventMeter(s, e, at)
	c.eventTimes(e, at)
	c.substituted(s, e, at)
	for i, id := range e.Points {
		p := at.to("points", i)
		if _, ok := c.reference(s, id, p); ok && meter != nil && c.owners[id] != meter.ID {
			c.say(p, "event_point", string(id), fmt.Sprintf("%q is no point of meter %q", id, meter.ID), "a point of the event's meter is expected")
		}
	}
	before := len(c.faults)
	c.counters(meter, e.Old.Final, at.to("old", "final"))
	c.counters(meter, e.New.Start, at.to("new", "start"))
	named := len(c.faults) == before // a wrong name would seem to be missing on the other side
	c.positive(e.Old.Factor, at.to("old", "factor"))
	c.positive(e.New.Factor, at.to("new", "factor"))
	if e.Kind != MeterExchange && e.Kind != ConfirmedReset {
		for _, side := range []string{"old", "new"} {
			if c.given(at.to(side)) {
				c.fault(at.to(side), fmt.Sprintf("%s in an event %s", side, e.Kind), "only an exchange or a reset has counters: remove it")
			}
		}
		return
	}
	if named {
		c.bothSides(e, at)
	}
	if e.Kind == MeterExchange && !c.doc.Present(at.to("new")...) {
		c.say(at, "event_no_new", "", "event meter_exchange without new", "the serial number and the first counters of the new meter are expected")
	}
}

// eventMeter is the meter of an event, if it is one of the site.
func (c *checker) eventMeter(s *Site, e *Event, at path) *Meter {
	if !c.doc.Present(at.to("meter")...) {
		if e.Kind == MeterExchange || e.Kind == ConfirmedReset {
			c.say(at, "event_no_meter", "", fmt.Sprintf("event %s without meter", e.Kind), "the id of a meter of the site is expected")
		}
		return nil
	}
	i := slices.IndexFunc(s.Meters, func(m Meter) bool { return m.ID == e.Meter })
	if i >= 0 || !c.given(at.to("meter")) {
		if i < 0 {
			return nil
		}
		return &s.Meters[i]
	}
	names := make([]string, len(s.Meters))
	for i, m := range s.Meters {
		names[i] = string(m.ID)
	}
	problem := fmt.Sprintf("no meter %q", e.Meter)
	if c.meters[e.Meter] {
		problem = fmt.Sprintf("%q is a meter of another site", e.Meter)
	}
	c.say(at.to("meter"), "event_meter", string(e.Meter), problem, advice(string(e.Meter), names, "a meter of the site is expected"))
	return nil
}

// eventTimes checks that what lasts has its period and everything else its instant.
func (c *checker) eventTimes(e *Event, at path) {
	for field, t := range map[string]time.Time{"at": e.At, "from": e.From, "to": e.To} {
		if c.given(at.to(field)) && (t.Nanosecond()%1000 != 0 || !isYear(t.Year())) {
			c.say(at.to(field), "event_time", "", field+" is no instant of ours", "whole microseconds between 1990 and 2199 are expected")
		}
	}
	wanted, unwanted := []string{"at"}, []string{"from", "to"}
	if e.lasts() {
		wanted, unwanted = unwanted, wanted
	}
	for _, field := range wanted {
		if !c.doc.Present(at.to(field)...) {
			c.say(at, "event_no_time", "", fmt.Sprintf("event %s without %s", e.Kind, field), "an instant such as 2024-05-14T09:30:00+02:00 is expected")
		}
	}
	for _, field := range unwanted {
		if c.given(at.to(field)) {
			c.fault(at.to(field), fmt.Sprintf("%s in an event %s", field, e.Kind), strings.Join(wanted, " and ")+" is expected instead")
		}
	}
	if e.lasts() && c.given(at.to("from")) && c.given(at.to("to")) && !e.From.Before(e.To) {
		c.fault(at.to("to"), "to is not after from", fmt.Sprintf("the end of the %s is expected", e.Kind))
	}
}

// counters checks the counters an event states.
func (c *checker) counters(meter *Meter, states map[energy.PointID]Measure, at path) {
	for _, id := range sortedKeys(states) {
		p := c.points[id]
		switch {
		case meter != nil && (p == nil || c.owners[id] != meter.ID):
			var names []string
			for _, own := range meter.Points {
				names = append(names, string(own.ID))
			}
			c.say(at.to(keyOf(id)), "event_point", string(id), fmt.Sprintf("%q is no point of meter %q", id, meter.ID), advice(string(id), names, "a point of the event's meter is expected"))
		case p == nil:
		case p.Series != energy.Counter:
			c.say(at.to(keyOf(id)), "event_no_counter", string(id), fmt.Sprintf("%q is no counter", id), "points of series counter are expected")
		case c.given(at.to(id)) && c.unit(states[id], p.Quantity, at.to(id)) && states[id].Number.Sign() < 0:
			c.say(at.to(id), "event_negative", states[id].String(), fmt.Sprintf("%s is negative", states[id]), "the state of a counter is expected")
		}
	}
}

// bothSides checks that every counter has its last and its first state.
func (c *checker) bothSides(e *Event, at path) {
	for _, id := range sortedKeys(e.Old.Final) {
		if _, ok := e.New.Start[id]; !ok && !c.doc.Present(at.to("new", "start", id)...) {
			c.say(at.to("old", "final", keyOf(id)), "event_no_start", string(id), fmt.Sprintf("%q has a final but no start", id), "its first state is expected under new: start")
		}
	}
	for _, id := range sortedKeys(e.New.Start) {
		if _, ok := e.Old.Final[id]; !ok && !c.doc.Present(at.to("old", "final", id)...) {
			c.say(at.to("new", "start", keyOf(id)), "event_no_final", string(id), fmt.Sprintf("%q has a start but no final", id), "its last state is expected under old: final")
		}
	}
}

// exchanges checks that the serial numbers of a meter's exchanges follow each
// other up to the one that hangs there now, and that no event is given twice.
func (c *checker) exchanges(s *Site, at path) {
	order := make([]int, len(s.Events))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.Events[a].Begins().Compare(s.Events[b].Begins()) })
	serials := map[energy.MeterID]string{}
	last := map[energy.MeterID]int{}
	unclear := map[energy.MeterID]bool{} // the order of its exchanges
	ids := map[string]bool{}
	for _, i := range order {
		e := s.Events[i]
		if e.Begins().IsZero() || ids[e.ID()] {
			if unclear[e.Meter] = true; !e.Begins().IsZero() {
				c.say(at.to(i), "event_twice", "", "the event is given twice", "another has the same kind, meter and instant: keep one")
			}
			continue
		}
		ids[e.ID()] = true
		if e.Kind != MeterExchange || unclear[e.Meter] {
			continue
		}
		if before := serials[e.Meter]; before != "" && e.Old.Serial != "" && e.Old.Serial != before {
			c.say(at.to(i, "old", "serial"), "event_old_serial", before, fmt.Sprintf("the old meter is %q", e.Old.Serial), fmt.Sprintf("%q is expected, which the exchange before put there", before))
		}
		serials[e.Meter], last[e.Meter] = e.New.Serial, i
	}
	for _, m := range s.Meters {
		if i, ok := last[m.ID]; ok && !unclear[m.ID] && m.Serial != "" && serials[m.ID] != "" && serials[m.ID] != m.Serial {
			c.say(at.to(i, "new", "serial"), "event_new_serial", m.Serial, fmt.Sprintf("the new meter is %q", serials[m.ID]), fmt.Sprintf("%q is expected, the serial of meter %s", m.Serial, m.ID))
		}
	}
}
