package geo

import (
	"fmt"
	"slices"

	"heatledger/energy"
)

// Examiner checks features of files that are no GeoJSON (tables, GeoPackage) by
// the rules of [Read], one after the other, and gathers what can be used. Its
// geometries are in the system of the file, which [Options.CRS] says.
type Examiner struct {
	file     string
	options  Options
	crs      CRS
	checker  checker
	features []Feature
	refused  int
	heights  int
	more     int
	faults   energy.Faults
	ids      map[string]string // where each id stands first
}

// Candidate is a feature as it stands in a file, not checked yet.
type Candidate struct {
	ID           string // "" if it has none
	Number       int    // from 1
	Line, Column int    // from 1; 0 where a file has no lines
	Geometry     Geometry
	// Problem and Remedy are what is wrong with the geometry already; "" is nothing.
	Problem, Remedy string
	Heights         bool // it has heights or measures, which were not kept
	Properties      []Property
}

// NewExaminer begins with a file.
func NewExaminer(file string, o Options) *Examiner {
	e := &Examiner{file: file, options: o, crs: o.CRS, ids: make(map[string]string)}
	if e.crs == 0 {
		e.crs = WGS84
	}
	if !e.crs.Known() {
		panic(fmt.Sprintf("geo: examine a file in %s", e.crs))
	}
	if e.options.Area == (Box{}) {
		e.options.Area = Germany()
	}
	e.checker = checker{show: func(at Point) string { return show(at, e.crs) }, left: checkBudget}
	return e
}

// Placed is the property with its place in the file, from 1, for messages.
func (p Property) Placed(line, column int) Property {
	p.line, p.column = line, column
	return p
}

// note keeps a fault, up to as many as people read.
func (e *Examiner) note(f energy.Fault) {
	if len(e.faults) >= maxFaults {
		e.more++
		return
	}
	f.File = e.file
	e.faults = append(e.faults, f)
}

// Add checks a feature and keeps it if nothing is wrong with it.
func (e *Examiner) Add(c Candidate) {
	f := Feature{ID: c.ID, Number: c.Number, Properties: c.Properties, file: e.file, line: c.Line, column: c.Column}
	wrong := false
	fault := func(problem, remedy string) { wrong = true; e.note(f.Fault(problem, remedy)) }
	if where, twice := e.ids[c.ID]; c.ID == "" && e.options.IDs {
		fault("it has no id", e.idRemedy())
	} else if c.ID != "" && twice {
		fault("its id stands twice", fmt.Sprintf("it is that of the feature %s already: give each its own", where))
	} else if c.ID != "" {
		e.ids[c.ID] = fmt.Sprintf("%d", c.Number)
		if c.Line > 0 {
			e.ids[c.ID] = fmt.Sprintf("on line %d", c.Line)
		}
	}
	switch {
	case c.Problem != "":
		fault(c.Problem, c.Remedy)
	case c.Geometry == nil:
		fault("it has no geometry", "give it one or remove the feature")
	default:
		g, problem, remedy := e.geometry(c.Geometry, true)
		if problem != "" {
			fault(problem, remedy)
		}
		f.Geometry = g
	}
	if wrong {
		e.refused++
		return
	}
	if e.crs != WGS84 {
		f.Geometry = f.Geometry.Transform(func(at Point) Point { return Convert(at, e.crs, WGS84) })
	}
	if c.Heights {
		e.heights++
	}
	e.features = append(e.features, f)
}

// idRemedy says where an id is looked for.
func (e *Examiner) idRemedy() string {
	if e.options.IDProperty != "" {
		return fmt.Sprintf("fill in %q", e.options.IDProperty)
	}
	return "give every feature one"
}

// Features are those that can be used, and every fault; see [Read].
func (e *Examiner) Features() (Features, energy.Faults) {
	if e.more > 0 {
		e.faults = append(e.faults, energy.Fault{File: e.file, Problem: fmt.Sprintf("%d more features are at fault", e.more), Remedy: "mend those named and try again"})
		e.more = 0
	}
	if e.options.Whole && len(e.faults) > 0 {
		return Features{CRS: e.crs, Refused: len(e.features) + e.refused}, e.faults
	}
	return Features{CRS: e.crs, List: e.features, Refused: e.refused, Heights: e.heights}, e.faults
}

// geometry checks one and turns and cleans it; problem is "" if nothing is wrong.
func (e *Examiner) geometry(g Geometry, outer bool) (clean Geometry, problem, remedy string) {
	if kinds := e.options.Kinds; outer && len(kinds) > 0 && !slices.Contains(kinds, g.Kind()) {
		return nil, "it is a " + string(g.Kind()), "use " + listed(kinds) + " here"
	}
	if all, ok := g.(Collection); ok {
		return e.collection(all)
	}
	if problem, remedy := e.positions(g); problem != "" {
		return nil, problem, remedy
	}
	switch g := g.(type) {
	case Line:
		return lineOf(g)
	case MultiLine:
		lines := make(MultiLine, len(g))
		for i, l := range g {
			one, problem, remedy := lineOf(l)
			if problem != "" {
				return nil, problem, remedy
			}
			lines[i] = one.(Line)
		}
		return lines, "", ""
	case Polygon:
		polygons, problem, remedy := e.polygons([]Polygon{g})
		if problem != "" {
			return nil, problem, remedy
		}
		return polygons[0], "", ""
	case MultiPolygon:
		polygons, problem, remedy := e.polygons(g)
		return MultiPolygon(polygons), problem, remedy
	}
	return g, "", ""
}

// collection checks each of several geometries; the first fault is that of all.
func (e *Examiner) collection(all Collection) (clean Geometry, problem, remedy string) {
	if len(all) == 0 {
		return nil, "its collection of geometries is empty", "give it geometries or remove the feature"
	}
	cleaned := make(Collection, len(all))
	for i, part := range all {
		if cleaned[i], problem, remedy = e.geometry(part, false); problem != "" {
			return nil, problem, remedy
		}
	}
	return cleaned, "", ""
}

// positions checks that there are some, that they are numbers, and where they lie.
func (e *Examiner) positions(g Geometry) (problem, remedy string) {
	n := 0
	g.Transform(func(at Point) Point {
		n++
		switch {
		case problem != "":
		case !at.finite():
			problem, remedy = "a coordinate is no number", "write finite numbers, or remove the feature if it is empty"
		default:
			problem, remedy, _ = misplaced(at, e.crs, e.options.Area)
		}
		return at
	})
	if n == 0 {
		return "its geometry is empty", "give it coordinates or remove the feature"
	}
	return problem, remedy
}

// lineOf checks a line and drops positions that are repeated.
func lineOf(l Line) (clean Geometry, problem, remedy string) {
	if len(l) < 2 {
		return nil, fmt.Sprintf("there are %d positions", len(l)), "a line needs two positions at least"
	}
	if l = slices.Compact(slices.Clone(l)); len(l) < 2 {
		return nil, "the line has no length", "all its positions are the same: remove it"
	}
	return l, "", ""
}

// polygons checks those of a feature, and turns and cleans their rings.
func (e *Examiner) polygons(all []Polygon) (clean []Polygon, problem, remedy string) {
	for _, p := range all {
		if len(p) == 0 {
			return nil, "one of its polygons is empty", "give it coordinates or remove it"
		}
		for _, ring := range p {
			switch {
			case len(ring) == 0:
				return nil, "one of its rings is empty", "give it coordinates or remove it"
			case ring[0] != ring[len(ring)-1]:
				return nil, "the ring is not closed", fmt.Sprintf("repeat its first position %s at the end", e.checker.show(ring[0]))
			case len(ring) < 4:
				return nil, fmt.Sprintf("the ring has %d positions", len(ring)), "four are the least: three corners and the first again"
			}
		}
	}
	if f, bad := e.checker.flawOf(all); bad {
		return nil, f.problem, f.remedy
	}
	clean = make([]Polygon, len(all))
	for i, p := range all {
		clean[i] = turned(p)
	}
	return clean, "", ""
}

// turned is a polygon whose rings run as RFC 7946 wants them, without repeated
// positions.
func turned(p Polygon) Polygon {
	clean := make(Polygon, len(p))
	for i, ring := range p {
		ring = slices.Compact(slices.Clone(ring))
		if signedPlaneArea(ring) > 0 == (i > 0) {
			slices.Reverse(ring)
		}
		clean[i] = ring
	}
	return clean
}
