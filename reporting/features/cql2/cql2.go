// Package cql2 reads, checks, writes and evaluates filters in the Common Query
// Language of OGC (CQL2, OGC 21-065r2), as text and as JSON. It knows a tree of
// predicates over named properties, and nothing of what these are about.
//
// Both encodings give one tree ([ParseText], [ParseJSON]); [Check] holds it against
// the properties there are, with every fault at once; [Filter.Holds] tells whether
// it is true of a row, with the three-valued logic of clause 6: what compares with
// nothing is neither true nor false.
//
// Held are the classes that [Classes] names. Not held, and refused with a fault, are
// arithmetic, arrays, functions of one's own, CASEI and ACCENTI (they demand the
// tables of Unicode case folding), and spatial functions beyond S_INTERSECTS.
package cql2

import (
	"time"

	"heatledger/heatmap/geo"
)

// Bounds of a filter: what a stranger sends must not keep the server busy.
const (
	MaxLength = 16_384 // characters of the text or bytes of the JSON
	MaxDepth  = 40     // predicates within predicates
	MaxNodes  = 1_000  // operators, properties and literals together
)

// Classes are the conformance classes of CQL2 that the package holds, as URIs.
func Classes() []string {
	const conf = "http://www.opengis.net/spec/cql2/1.0/conf/"
	return []string{conf + "cql2-text", conf + "cql2-json", conf + "basic-cql2", conf + "advanced-comparison-operators",
		conf + "basic-spatial-functions", conf + "basic-spatial-functions-plus", conf + "temporal-functions", conf + "property-property"}
}

// Op is what a [Call] does, as the JSON encoding spells it.
type Op string

// The operators. Those whose name begins with t_ compare times, see temporal.go.
const (
	And            Op = "and"
	Or             Op = "or"
	Not            Op = "not"
	Equal          Op = "="
	NotEqual       Op = "<>"
	Less           Op = "<"
	Greater        Op = ">"
	LessOrEqual    Op = "<="
	GreaterOrEqual Op = ">="
	Like           Op = "like"    // text, pattern
	Between        Op = "between" // number, least, most
	In             Op = "in"      // value, and then the list
	IsNull         Op = "isNull"
	Intersects     Op = "s_intersects"
)

// Node is a part of a filter: [Call], [Property], [Literal] or [Interval].
type Node interface {
	// Column is where the part begins in what was read: the character, from 1, of
	// text, the byte of JSON; 0 if it was not read.
	Column() int
}

// Place is where a node stands.
type Place int

// Column is the character or byte, from 1.
func (p Place) Column() int { return int(p) }

// Call is an operator with its operands.
type Call struct {
	Place
	Op   Op
	Args []Node
}

// Property is the value that a row has by a name.
type Property struct {
	Place
	Name string
}

// Literal is a value that stands in the filter: a string, float64, bool, [Day],
// [time.Time] or [geo.Geometry]. Coordinates are as they were written.
type Literal struct {
	Place
	Value any
}

// Interval is the time between two instants, both of it: each a Literal of a [Day]
// or [time.Time], a Property, or nil where the interval is open (".." of the text).
type Interval struct {
	Place
	From, To Node
}

// Day is a local date, YYYY-MM-DD; days compare as their text does.
type Day string

// Box is the geometry of BBOX(west, south, east, north): a rectangle along the axes,
// or the two on either side of the antimeridian where west is beyond east. It is a
// kind of its own only to be written as it was read.
type Box struct {
	geo.Geometry
	Borders [4]float64 // west, south, east, north
}

// NewBox is the box with these borders.
func NewBox(west, south, east, north float64) Box {
	b := [4]float64{west, south, east, north}
	if west <= east {
		return Box{rectangle(west, south, east, north), b}
	}
	return Box{geo.MultiPolygon{rectangle(west, south, 180, north), rectangle(-180, south, east, north)}, b}
}

// rectangle runs counter-clockwise, as RFC 7946 wants outer rings.
func rectangle(west, south, east, north float64) geo.Polygon {
	return geo.Polygon{{{X: west, Y: south}, {X: east, Y: south}, {X: east, Y: north}, {X: west, Y: north}, {X: west, Y: south}}}
}

// Kind is what sort of value a property or literal is.
type Kind string

// The kinds of values.
const (
	Text      Kind = "text"
	Number    Kind = "number"
	Boolean   Kind = "true or false"
	Date      Kind = "date"
	Timestamp Kind = "timestamp"
	Geometry  Kind = "geometry"
)

// kindOf is the kind of a literal's value.
func kindOf(value any) Kind {
	switch value.(type) {
	case string:
		return Text
	case float64:
		return Number
	case bool:
		return Boolean
	case Day:
		return Date
	case time.Time:
		return Timestamp
	}
	return Geometry
}
