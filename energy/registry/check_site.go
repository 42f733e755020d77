package registry

import (
	"fmt"
	"math"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// site checks a site with all its lists.
func (c *checker) site(s *Site, at path) {
	c.id("site", string(s.ID), at.to("id"))
	oneOf(c, "kind of site", s.Kind, []energy.SiteKind{energy.DataCentre, energy.ServerRoom, energy.NetworkNode}, at.to("kind"))
	oneOf(c, "type of site", s.Type, []SiteType{Enterprise, Colocation, CoHosting}, at.to("type"))
	c.operator(s.Operator, at.to("operator"))
	c.zone(s.Timezone, at.to("timezone"))
	c.zones(s, at)
	c.span(s.From, s.To, at)
	c.positive(s.ConnectedLoadKW, at.to("connected_load_kw"))
	c.positive(s.ITLoadKW, at.to("it_load_kw"))
	c.place(s, at)
	c.limits(s.Limits, false, at.to("limits"))
	for i := range s.Meters {
		c.meter(s, &s.Meters[i], at.to("meters", i))
	}
	c.parents(s, at)
	for i, h := range s.HeatPumps {
		c.heatPump(s, h, at.to("heat_pumps", i))
	}
	c.facts(s, at.to("facts"))
	c.factValues(s, at.to("facts"))
	c.declarations(s, at.to("declarations"))
	for i := range s.Events {
		c.event(s, &s.Events[i], at.to("events", i))
	}
	c.exchanges(s, at.to("events"))
	for i := range s.Commitments {
		c.commitment(&s.Commitments[i], s.ID, at.to("commitments", i))
	}
}

// place checks address and location.
func (c *checker) place(s *Site, at path) {
	c.postcode(at.to("address", "postcode"), s.Address)
	if p := at.to("address", "lau"); c.given(p) && !isAGS(s.Address.LAU) {
		c.fault(p, fmt.Sprintf("%q is no LAU code", s.Address.LAU), `the 8 digits of the municipality, such as "06413000", are expected`)
	}
	if s.Location == nil {
		return
	}
	if p := at.to("location", "lat"); c.given(p) && math.Abs(s.Location.Lat) > 90 {
		c.fault(p, fmt.Sprintf("lat is %g", s.Location.Lat), "degrees from -90 to 90 are expected")
	}
	if p := at.to("location", "lon"); c.given(p) && math.Abs(s.Location.Lon) > 180 {
		c.fault(p, fmt.Sprintf("lon is %g", s.Location.Lon), "degrees from -180 to 180 are expected")
	}
}

// heatPump checks a heat pump; its id need only be unique within its site.
func (c *checker) heatPump(s *Site, h HeatPump, at path) {
	if c.given(at.to("id")) {
		if !energy.IsID(h.ID) {
			c.id("heat pump", h.ID, at.to("id"))
		} else {
			c.once("heat pump of "+string(s.ID), h.ID, at.to("id"))
		}
	}
	oneOf(c, "boundary", h.Boundary, []Boundary{Inside, Outside}, at.to("boundary"))
	for field, id := range map[string]energy.PointID{"electricity": h.Electricity, "source": h.Source, "sink": h.Sink} {
		c.reference(s, id, at.to(field))
	}
}

// reference checks that a point exists and belongs to the site.
func (c *checker) reference(s *Site, id energy.PointID, at path) (*Point, bool) {
	if !c.given(at) {
		return nil, false
	}
	if err := id.Check(); err != nil {
		c.wrong(at, err)
		return nil, false
	}
	p, ok := c.points[id]
	switch {
	case !ok:
		c.fault(at, fmt.Sprintf("no point %q", id), advice(string(id), pointNames(s), "add it to a meter of the site"))
	case id.Site() != s.ID:
		c.fault(at, fmt.Sprintf("%q is a point of another site", id), fmt.Sprintf("a point of %s is expected", s.ID))
		ok = false
	}
	return p, ok
}

// pointNames are the ids of a site's points, to suggest one of them.
func pointNames(s *Site) []string {
	var names []string
	for _, m := range s.Meters {
		for _, p := range m.Points {
			names = append(names, string(p.ID))
		}
	}
	return names
}

// facts checks each fact, and that no two of one name hold at once.
func (c *checker) facts(s *Site, at path) {
	for i, f := range s.Facts {
		p := at.to(i)
		if c.given(p.to("name")) && !energy.IsID(f.Name) {
			c.fault(p.to("name"), fmt.Sprintf("%q is no name of a fact", f.Name), "lower-case letters, digits, hyphens and underscores are expected")
			continue
		}
		if c.given(p.to("year")) && (c.given(p.to("from")) || c.given(p.to("to"))) {
			c.fault(p.to("year"), "a year beside from or to", "either the year or the days for which it holds are expected")
		}
		if c.given(p.to("year")) && !isYear(f.Year) {
			c.fault(p.to("year"), fmt.Sprintf("year is %d", f.Year), "a calendar year such as 2025 is expected")
		}
		c.span(f.From, f.To, p)
		if !c.given(p.to("name")) {
			continue
		}
		for j, other := range s.Facts[:i] {
			if other.Name == f.Name && daysMeet(f, other) {
				line := c.doc.Fault("", "", at.to(j, "name")...).Line
				c.fault(p.to("name"), fmt.Sprintf("fact %q holds twice at once", f.Name), fmt.Sprintf("that on line %d holds on the same days: give from, to or year", line))
				break
			}
		}
	}
}

// daysMeet tells whether two facts hold on a common day.
func daysMeet(a, b Fact) bool {
	aFrom, aTo := a.days()
	bFrom, bTo := b.days()
	open := energy.Date{}
	return (aTo == open || bFrom.Before(aTo)) && (bTo == open || aFrom.Before(bTo))
}

// isYear tells whether a number can be a calendar year of ours: 24 and 20250 are
// slips of the pen.
func isYear(year int) bool { return year >= 1990 && year < 2200 }

// yearKey is the key of a map of years.
func yearKey(year int) strictyaml.Key { return strictyaml.Key(yearText(year)) }
