package plan

import (
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap"
)

// checker looks for what is wrong with the meaning of a file. It checks a part only
// if that part could be decoded: what is not decoded has its fault already.
type checker struct {
	scenario *Scenario
	faults   energy.Faults
}

// path is the way to a part of the file.
type path []any

// to is the path of a part below; p itself stays as it is.
func (p path) to(elements ...any) path { return append(slices.Clip(p), elements...) }

// given tells whether there is something to check at a path.
func (c *checker) given(at path) bool { return c.scenario.doc.Decoded(at...) }

// fault notes a fault at a path.
func (c *checker) fault(at path, problem, remedy string) {
	c.faults = append(c.faults, c.scenario.doc.Fault(problem, remedy, at...))
}

// wrong notes an error whose text is "problem: remedy".
func (c *checker) wrong(at path, err error) {
	problem, remedy, _ := strings.Cut(err.Error(), ": ")
	c.fault(at, problem, remedy)
}

// within checks a number that is given; low is allowed only with orLow.
func (c *checker) within(at path, x, low, high float64, orLow bool, unit string) {
	if !c.given(at) || x > low && x <= high || orLow && x == low {
		return
	}
	name := at[len(at)-1]
	remedy := fmt.Sprintf("more than %g and at most %g%s is expected", low, high, unit)
	if orLow {
		remedy = fmt.Sprintf("%g to %g%s is expected", low, high, unit)
	}
	c.fault(at, fmt.Sprintf("%v is %g", name, x), remedy)
}

// one checks a text that is one of several; "" is left to required.
func (c *checker) one(at path, text string, of ...string) {
	if c.given(at) && !slices.Contains(of, text) {
		c.fault(at, fmt.Sprintf("%v is %q", at[len(at)-1], text), strictyaml.Suggest(text, of))
	}
}

// unique checks an id and that nothing else of its kind bears it.
func (c *checker) unique(at path, what, id string, seen map[string]bool) {
	switch {
	case !c.given(at):
	case !energy.IsID(id):
		c.fault(at, fmt.Sprintf("%q is no id of a %s", id, what), "up to 63 lower-case letters, digits, hyphens and underscores are expected")
	case seen[id]:
		c.fault(at, fmt.Sprintf("the %s %s stands twice", what, id), "give each its own id")
	}
	seen[id] = true
}

// all goes through the file.
func (c *checker) all() {
	s := c.scenario
	if at := (path{"name"}); c.given(at) && (!energy.IsID(s.Name) || strings.Trim(s.Name, "0123456789") == "") {
		c.fault(at, fmt.Sprintf("%q is no name of a scenario", s.Name), "up to 63 lower-case letters, digits, hyphens and underscores, not digits alone, are expected")
	}
	c.time()
	c.within(path{"secured"}, s.Secured, 0, 1, false, "")
	pumps := c.pumps()
	c.sources(pumps)
	for i, d := range s.Demand {
		c.demand(path{"demand", i}, d)
	}
	c.within(path{"streets", "connector_m"}, s.Streets.Connector, 0, 10000, false, " m")
	c.within(path{"streets", "margin_m"}, s.Streets.Margin, 0, 200, false, " m")
	c.matching()
	c.network()
	c.variations()
}

// The years of which a plan may be: outside of them a number is a mistake.
const firstYear, lastYear = 1990, 2200

func (c *checker) time() {
	s := c.scenario
	if at := (path{"timezone"}); c.given(at) {
		if _, err := s.Calendar(); err != nil {
			c.wrong(at, err)
		}
	}
	if at := (path{"year"}); c.given(at) && (s.Year < firstYear || s.Year > lastYear) {
		c.fault(at, fmt.Sprintf("year is %d", s.Year), "a calendar year such as 2025 is expected")
	}
	if at := (path{"state"}); c.given(at) {
		if _, err := heatmap.ParseState(string(s.State)); err != nil {
			c.wrong(at, err)
		}
	}
}
