package registry

import (
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// checker looks for what is wrong with the meaning of a registry that was read.
// It checks a part only if that part could be decoded: what is not decoded has
// its fault already.
type checker struct {
	r      *Registry
	doc    *strictyaml.Document
	faults energy.Faults

	firsts map[string]int          // kind and id → line where it was given first
	meters map[energy.MeterID]bool // of all sites
	points map[energy.PointID]*Point
	owners map[energy.PointID]energy.MeterID
}

// path is the way to a part of the file.
type path []any

// to is the path of a part below; p itself stays as it is.
func (p path) to(elements ...any) path { return append(slices.Clip(p), elements...) }

// newChecker also lists the points and meters of all sites, so that references
// can be told from mistakes whatever their order in the file.
func newChecker(r *Registry, doc *strictyaml.Document) *checker {
	c := &checker{
		r: r, doc: doc, firsts: map[string]int{}, meters: map[energy.MeterID]bool{},
		points: map[energy.PointID]*Point{}, owners: map[energy.PointID]energy.MeterID{},
	}
	for i := range r.Sites {
		for j := range r.Sites[i].Meters {
			m := &r.Sites[i].Meters[j]
			c.meters[m.ID] = true
			for k := range m.Points {
				if p := &m.Points[k]; c.points[p.ID] == nil { // of doubles the first counts
					c.points[p.ID], c.owners[p.ID] = p, m.ID
				}
			}
		}
	}
	return c
}

// check goes through the file from top to bottom. Lists are still in the file's
// order here: indexes are those of the document.
func (c *checker) check() {
	if c.doc.Decoded("municipality") {
		c.municipality(path{"municipality"})
	}
	for i, o := range c.r.Operators {
		c.id("operator", o.ID, path{"operators", i, "id"})
		c.postcode(path{"operators", i, "address", "postcode"}, o.Address)
	}
	for i := range c.r.Sites {
		c.site(&c.r.Sites[i], path{"sites", i})
	}
	for i := range c.r.Commitments {
		c.commitment(&c.r.Commitments[i], "", path{"commitments", i})
	}
	for i := range c.r.Evidence {
		c.evidence(i, path{"evidence", i})
	}
	c.doubleUse()
}

func (c *checker) municipality(at path) {
	m := c.r.Municipality
	if c.given(at.to("ags")) && !isAGS(m.AGS) {
		c.fault(at.to("ags"), fmt.Sprintf("%q is no AGS", m.AGS), `the 8 digits of the Amtlicher Gemeindeschlüssel, such as "06413000", are expected`)
	}
	c.zone(m.Timezone, at.to("timezone"))
	c.tasks(at)
	c.office(at.to("office"))
}

// fault notes a fault at a path.
func (c *checker) fault(at path, problem, remedy string) {
	c.faults = append(c.faults, c.doc.Fault(problem, remedy, at...))
}

// say notes a fault that a person can meet on a page as well, where it is said in his
// language by its code, of what arg is about.
func (c *checker) say(at path, code, arg, problem, remedy string) {
	f := c.doc.Fault(problem, remedy, at...)
	f.Code, f.Arg = code, arg
	c.faults = append(c.faults, f)
}

// given tells whether there is something to check at a path.
func (c *checker) given(at path) bool { return c.doc.Decoded(at...) }

// id checks that an id is well formed and given once.
func (c *checker) id(kind, id string, at path) {
	if !c.given(at) {
		return
	}
	if !energy.IsID(id) {
		c.say(at, "registry_id", id, fmt.Sprintf("%q is no id", id), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
		return
	}
	c.once(kind, id, at)
}

// once checks that an id is given once among its kind.
func (c *checker) once(kind, id string, at path) {
	here := c.doc.Fault("", "", at...).Line
	if first, ok := c.firsts[kind+" "+id]; ok {
		c.say(at, "registry_twice", id, fmt.Sprintf("%s %q is given twice", kind, id), fmt.Sprintf("it stands on line %d already: ids are unique in the municipality", first))
		return
	}
	c.firsts[kind+" "+id] = here
}

// oneOf checks that a name is one of those known.
func oneOf[T ~string](c *checker, what string, value T, known []T, at path) bool {
	if !c.given(at) || slices.Contains(known, value) {
		return true
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	c.say(at, "registry_name", string(value), fmt.Sprintf("unknown %s %q", what, string(value)), strictyaml.Suggest(string(value), names))
	return false
}

// zone checks the name of a time zone. "Local" is none: a registry must mean the
// same on every host.
func (c *checker) zone(zone string, at path) {
	if !c.given(at) {
		return
	}
	if _, err := energy.LoadCalendar(zone); err != nil {
		c.wrong(at, err)
	}
}

// wrong notes an error whose text is "problem: remedy".
func (c *checker) wrong(at path, err error) {
	problem, remedy, _ := strings.Cut(err.Error(), ": ")
	c.fault(at, problem, remedy)
}

// span checks that from lies before to, where both are given.
func (c *checker) span(from, to energy.Date, at path) {
	if c.given(at.to("from")) && c.given(at.to("to")) && !from.Before(to) {
		c.say(at.to("to"), "registry_span", "", fmt.Sprintf("to (%s) is not after from (%s)", to, from), "the first day that no longer belongs to it is expected")
	}
}

// operator checks that an operator exists.
func (c *checker) operator(id string, at path) {
	if _, ok := c.r.Operator(id); c.given(at) && !ok {
		names := make([]string, len(c.r.Operators))
		for i, o := range c.r.Operators {
			names[i] = o.ID
		}
		c.say(at, "registry_operator", id, fmt.Sprintf("no operator %q", id), advice(id, names, "add it to operators"))
	}
}

// siteExists checks that a site exists.
func (c *checker) siteExists(id energy.SiteID, at path) bool {
	_, ok := c.r.Site(id)
	if c.given(at) && !ok {
		names := make([]string, len(c.r.Sites))
		for i, s := range c.r.Sites {
			names[i] = string(s.ID)
		}
		c.say(at, "registry_site", string(id), fmt.Sprintf("no site %q", id), advice(string(id), names, "add it to sites"))
	}
	return ok
}

// positive checks that a number, if given, is greater than zero.
func (c *checker) positive(n Number, at path) {
	if c.given(at) && n.Sign() <= 0 {
		c.say(at, "registry_positive", n.String(), fmt.Sprintf("%s is %s", at[len(at)-1], n), "a number greater than 0 is expected")
	}
}

// advice is the name that was likely meant, or else what to do.
func advice(name string, known []string, otherwise string) string {
	if meant := strictyaml.Suggest(name, known); strings.HasPrefix(meant, "did you mean") {
		return meant
	}
	return otherwise
}

// isAGS tells whether s is an Amtlicher Gemeindeschlüssel: 8 digits that begin
// with the number of a Land, 01 to 16.
func isAGS(s string) bool {
	return len(s) == 8 && strings.Trim(s, "0123456789") == "" && s[:2] >= "01" && s[:2] <= "16"
}
