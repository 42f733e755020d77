package registry

import (
	"fmt"

	"heatledger/energy"
)

// zones checks the zones a site changed to: each is one, they follow each other,
// and the day of each change has a length.
func (c *checker) zones(s *Site, at path) {
	before := c.zoneBefore(s)
	for i, change := range s.Timezones {
		here := at.to("timezones", i)
		c.zone(change.Zone, here.to("zone"))
		next, err := energy.LoadCalendar(change.Zone)
		if !c.given(here.to("zone")) || !c.given(here.to("from")) || err != nil {
			return // the order of the others means nothing without it
		}
		if i > 0 && !s.Timezones[i-1].From.Before(change.From) {
			c.fault(here.to("from"), fmt.Sprintf("the change of %s is not after that of %s", change.From, s.Timezones[i-1].From), "changes in the order of time, one a day, are expected")
			return
		}
		if before.Location == nil { // a fault of its own
			before = next
			continue
		}
		if before.Zone(before.Day(change.From).From) == change.Zone {
			c.fault(here.to("zone"), fmt.Sprintf("%s holds before %s already", change.Zone, change.From), "remove it, or give the zone the site changes to")
		}
		if before = before.Then(change.From, next); before.Day(change.From).Length() <= 0 {
			c.fault(here.to("from"), fmt.Sprintf("%s has no length when the zone changes to %s", change.From, change.Zone), "a change from which a part of the day remains is expected")
		}
	}
}

// zoneBefore is the calendar that holds before any change; without a zone of its
// own, or the municipality's, that of the process, which a file does not know.
func (c *checker) zoneBefore(s *Site) energy.Calendar {
	for _, zone := range []string{s.Timezone, c.r.Municipality.Timezone} {
		if zone != "" {
			calendar, _ := energy.LoadCalendar(zone) // its fault is named where it stands
			return calendar
		}
	}
	return energy.Calendar{}
}
