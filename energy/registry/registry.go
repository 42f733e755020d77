// Package registry knows what exists and what was promised: the municipality,
// its operators, sites, meters and points, the events that befell them, the
// commitments and their evidence. It reads registry.yaml, checks it as a whole,
// takes it apart into entries that can be versioned, and names the differences
// of two versions. It knows no database and judges nothing.
//
// The lists of a Registry are in the order of their ids, whichever way it came:
// a registry that was loaded equals the one its entries give back.
package registry

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// Registry is everything known of a municipality, without its readings.
type Registry struct {
	Municipality Municipality `yaml:"municipality,required"`
	Operators    []Operator   `yaml:"operators"`
	Sites        []Site       `yaml:"sites"`
	// Commitments of the municipality as a whole; those of one site stand there.
	Commitments []Commitment `yaml:"commitments"`
	Evidence    []Evidence   `yaml:"evidence"`
}

// Municipality is the town or district that keeps the registry.
type Municipality struct {
	AGS      string `yaml:"ags,required" json:"ags"` // Amtlicher Gemeindeschlüssel, 8 digits
	Name     string `yaml:"name,required" json:"name"`
	Timezone string `yaml:"timezone" json:"timezone,omitzero"` // IANA name, for sites that name none
	// Tasks are what the office does each year by a day, beside what rulebooks and
	// contracts ask for; RemindDays how many days before anything falls due those
	// who subscribed to that are reminded (package desk has the default).
	Tasks      []Task `yaml:"tasks" json:"tasks,omitempty"`
	RemindDays []int  `yaml:"remind_days" json:"remind_days,omitempty"`
	// Office writes the letters; without it they carry the municipality's name alone.
	Office Office `yaml:"office" json:"office,omitzero"`
}

// Operator runs sites.
type Operator struct {
	ID         string `yaml:"id,required" json:"id"`
	Name       string `yaml:"name,required" json:"name"`
	PublicBody bool   `yaml:"public_body" json:"public_body,omitzero"`
	// Contact is to whom letters go, Address where; without it they go to the
	// first of his sites that has one.
	Contact string  `yaml:"contact" json:"contact,omitzero"`
	Address Address `yaml:"address" json:"address,omitzero"`
}

// Load reads src, the content of file, and checks it as a whole. It returns all
// faults in the order of the file. With faults the registry holds what could be
// read and must not be used for anything but further advice.
func Load(file string, src []byte) (*Registry, energy.Faults) {
	r := new(Registry)
	doc, faults := strictyaml.Decode(file, src, r)
	r.normalise()
	c := newChecker(r, doc)
	c.check()
	if faults = strictyaml.InOrder(append(faults, c.faults...)); len(faults) > 0 {
		return r, faults
	}
	kept, err := FromEntries(r.Entries()) // as a database would give it back
	if err != nil {
		return r, energy.Faults{{File: file, Problem: err.Error()}}
	}
	return kept, nil
}

// Site is the site with that id.
func (r *Registry) Site(id energy.SiteID) (Site, bool) {
	for i := range r.Sites {
		if r.Sites[i].ID == id {
			return r.Sites[i], true
		}
	}
	return Site{}, false
}

// Operator is the operator with that id.
func (r *Registry) Operator(id string) (Operator, bool) {
	for _, o := range r.Operators {
		if o.ID == id {
			return o, true
		}
	}
	return Operator{}, false
}

// Point is the point with that id, with its meter and its site. The values share
// their lists with the registry: they must not be changed.
func (r *Registry) Point(id energy.PointID) (Site, Meter, Point, bool) {
	site := id.Site()
	for i := range r.Sites { // by index: a site and a meter are large, and this is asked often
		if r.Sites[i].ID != site {
			continue
		}
		for k := range r.Sites[i].Meters {
			m := &r.Sites[i].Meters[k]
			for n := range m.Points {
				if m.Points[n].ID == id {
					return r.Sites[i], *m, m.Points[n], true
				}
			}
		}
		break
	}
	return Site{}, Meter{}, Point{}, false
}

// Calendar is the calendar of a site: the site's zone beats the municipality's,
// which beats fallback, the zone of the process; the zones it changed to follow. It
// errs when none of them is a zone; an unknown site has the municipality's
// calendar.
func (r *Registry) Calendar(site energy.SiteID, fallback string) (energy.Calendar, error) {
	zone := fallback
	if r.Municipality.Timezone != "" {
		zone = r.Municipality.Timezone
	}
	s, ok := r.Site(site)
	if ok && s.Timezone != "" {
		zone = s.Timezone
	}
	calendar, err := energy.LoadCalendar(zone)
	if err != nil {
		return energy.Calendar{}, fmt.Errorf("load the calendar of site %q: %w", site, err)
	}
	for _, change := range s.Timezones {
		next, err := energy.LoadCalendar(change.Zone)
		if err != nil {
			return energy.Calendar{}, fmt.Errorf("load the calendar of site %q from %s: %w", site, change.From, err)
		}
		calendar = calendar.Then(change.From, next)
	}
	return calendar, nil
}
