package plan

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

func (c *checker) sources(pumps map[string]bool) {
	seen := map[string]bool{}
	for i, s := range c.scenario.Sources {
		at := path{"sources", i}
		c.unique(at.to("id"), "source", s.ID, seen)
		if (s.Site == "") == (s.File == "") {
			c.fault(at, fmt.Sprintf("the source %s is neither a site nor a file, or both", s.ID), "name one: site, or file")
		}
		if s.Site != "" {
			c.site(at, s)
		}
		if s.File != "" {
			c.stated(at, s)
		}
		if s.HeatPump != "" && !pumps[s.HeatPump] {
			c.fault(at.to("heat_pump"), fmt.Sprintf("there is no heat pump %q", s.HeatPump), "add it under heat_pumps, or correct the name")
		}
		if s.At != nil {
			c.place(at.to("at"), geo.Point{X: s.At.Longitude, Y: s.At.Latitude})
		}
	}
}

// place checks a position; exchanged ones are said to be so.
func (c *checker) place(at path, p geo.Point) {
	switch {
	case !c.given(at.to("lon")) || !c.given(at.to("lat")) || geo.Germany().Contains(p):
	case geo.Germany().Contains(geo.Point{X: p.Y, Y: p.X}):
		c.fault(at, fmt.Sprintf("lon %g and lat %g are exchanged", p.X, p.Y), "lon is the first of GeoJSON, about 6 to 15 in Germany; lat about 47 to 55")
	default:
		c.fault(at, fmt.Sprintf("lon %g, lat %g lies outside of Germany", p.X, p.Y), "degrees of WGS 84 are expected")
	}
}

// site checks a source that is a site of this Heatledger.
func (c *checker) site(at path, s Source) {
	if at := at.to("site"); c.given(at) && !energy.IsID(string(s.Site)) {
		c.fault(at, fmt.Sprintf("%q is no id of a site", s.Site), "heatledger's sites have lower-case ids; see /api/v1/sites")
	}
	c.one(at.to("kind"), string(s.Kind), string(heatmap.Available), string(heatmap.Recoverable), string(heatmap.Delivered), string(heatmap.Rejected), string(heatmap.Derived))
	for _, field := range []string{"grade", "document", "availability"} {
		if field == "document" && (s.Flow != nil || s.Return != nil) {
			continue // that of the temperatures
		}
		if c.scenario.doc.Present(at.to(field)...) {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of a source that is a site", field), "leave it out: its meters say so; it is for files")
		}
	}
	c.colder(at, s.Flow, s.Return)
	if s.Kind == heatmap.Derived && s.Derive == nil {
		c.fault(at, fmt.Sprintf("the source %s is derived and does not say how", s.ID), "add derive: {factor, source}")
	}
	if d := s.Derive; d != nil {
		c.within(at.to("derive", "factor"), d.Factor, 0, 1, false, " kWh of heat for each kWh of IT load")
		if d.Category < 0 || d.Category > 3 {
			c.fault(at.to("derive", "category"), fmt.Sprintf("category is %d", d.Category), "1, 2 or 3 is expected, or 0 for the lowest that is measured")
		}
		c.colder(at.to("derive"), d.Flow, d.Return)
	}
}

// stated checks a source that is a file.
func (c *checker) stated(at path, s Source) {
	for _, field := range []string{"kind", "derive"} {
		if c.scenario.doc.Present(at.to(field)...) {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of a source that is a file", field), "leave it out: it is for sites")
		}
	}
	if s.Grade == "" {
		c.fault(at, fmt.Sprintf("the source %s does not say what its file rests on", s.ID), "add grade: declared or estimated")
	} else {
		c.one(at.to("grade"), s.Grade, heatmap.Declared.String(), heatmap.Estimated.String())
	}
	if s.Document == "" {
		c.fault(at, fmt.Sprintf("the source %s names no document", s.ID), "say in document where its values are stated, and by whom")
	}
	if s.At == nil {
		c.fault(at, fmt.Sprintf("the source %s has no place", s.ID), "add at: {lon, lat}")
	}
	c.within(at.to("availability"), s.Availability, 0, 1, false, "")
	c.colder(at, s.Flow, s.Return)
}

// colder checks the temperatures of a source.
func (c *checker) colder(at path, flow, back *float64) {
	if flow != nil {
		c.within(at.to("flow_c"), *flow, 0, 500, false, " °C")
	}
	if back != nil {
		c.within(at.to("return_c"), *back, 0, 400, false, " °C")
	}
	if flow != nil && back != nil && *back >= *flow {
		c.fault(at.to("return_c"), fmt.Sprintf("a return of %g °C under a flow of %g °C", *back, *flow), "a colder return is expected")
	}
}
