package demand

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap/geo"
)

// field is one of [Columns]: by which name it is asked for, and what the column is
// called where none is named.
type field struct {
	field string
	name  *string
	usual string
}

// fields are those of all files, the id first and the heat behind it.
func (c *Columns) fields() []field {
	return []field{
		{"id", &c.ID, "id"}, {"heat", &c.Heat, "heat_kwh"}, {"name", &c.Name, "name"}, {"peak", &c.Peak, "peak_kw"}, {"profile", &c.Profile, "profile"},
		{"flow", &c.Flow, "flow_c"}, {"return", &c.Return, "return_c"}, {"connections", &c.Connections, "connections"},
		{"street_m", &c.StreetMetres, "street_m"}, {"grade", &c.Grade, "grade"}, {"source", &c.Source, "source"},
	}
}

// places are those of tables, which have their geometries in columns.
func (c *Columns) places() []field {
	return []field{{"geometry", &c.Geometry, "wkt"}, {"lon", &c.Longitude, "lon"}, {"lat", &c.Latitude, "lat"}}
}

// named are the fields for which a column was named.
func (c Columns) named() map[string]bool {
	named := map[string]bool{}
	for _, f := range append(c.fields(), c.places()...) {
		named[f.field] = *f.name != ""
	}
	return named
}

// lack is the fault of a column that no area has, once for all of them; there are the
// columns that the file has.
func (o Options) lack(file string, line int, f field, there []string) energy.Fault {
	name := cmp.Or(*f.name, f.usual)
	problem := fmt.Sprintf("%s has no column %q", file, name)
	remedy := listed(file, there)
	if suggested := strictyaml.Suggest(name, there); strings.HasPrefix(suggested, "did you mean") {
		remedy = suggested + " " + remedy
	}
	if o.Place != nil {
		return o.Place(f.field, problem, remedy)
	}
	return energy.Fault{File: file, Line: line, Problem: problem, Remedy: remedy}
}

// listed says which columns a file has, the first of very many.
func listed(file string, there []string) string {
	const most = 30
	there = slices.DeleteFunc(slices.Clone(there), func(name string) bool { return name == "" })
	switch n := len(there); {
	case n == 0:
		return file + " has no columns"
	case n > most:
		return fmt.Sprintf("%s has %s and %d more", file, strings.Join(there[:most], ", "), n-most)
	}
	return file + " has " + strings.Join(there, ", ")
}

// missing notes the columns that have to be there and that no feature has, each once,
// and remembers them: what follows for each area of one is not said again.
func (r *reader) missing(features []geo.Feature) {
	if len(features) == 0 {
		return
	}
	var there []string
	seen := map[string]bool{}
	ids := false
	for _, f := range features {
		ids = ids || f.ID != ""
		for _, p := range f.Properties {
			if !seen[p.Name] {
				seen[p.Name], there = true, append(there, p.Name)
			}
		}
	}
	for _, f := range r.options.Columns.fields() {
		name := cmp.Or(*f.name, f.usual)
		switch {
		case seen[name] || !r.asked[f.field] && f.field != "id" && f.field != "heat":
			continue
		case f.field == "id" && !r.asked["id"] && ids:
			continue
		}
		r.lack(f, there)
	}
}

// lack notes a column that is missing.
func (r *reader) lack(f field, there []string) {
	if !r.lacking[f.field] {
		r.lacking[f.field] = true
		r.faults = append(r.faults, r.options.lack(r.file, 1, f, there))
	}
}
