// Package geo reads where things are: GeoJSON, well-known text and well-known binary
// into checked points, lines and polygons, and the coordinate systems German
// planners use. It knows geometry and files, no heat.
//
// Within the program every position is longitude and latitude in degrees
// ([WGS84], in this order, as in GeoJSON); other systems exist at the edges
// only, where a file is read ([Read]) or written ([Convert]). Lengths are
// metres and areas square metres on the ground, not in the plane of a map.
//
// ETRS89 is taken for WGS 84: the two drift apart by 2.5 cm a year, and by about
// 0.9 m in 2026, which GeoJSON (RFC 7946, clause 4) does not tell apart and a
// sketch of a network does not need.
//
// GeoPackage is read and written by package geopackage.
package geo

import "math"

// Point is a position: X is the longitude and Y the latitude in degrees, or, in
// a projected system, X the easting and Y the northing in metres. Heights are
// not kept.
type Point struct{ X, Y float64 }

// Geometry is one of [Point], [MultiPoint], [Line], [MultiLine], [Polygon],
// [MultiPolygon] and [Collection].
type Geometry interface {
	// Kind is the name the geometry has in GeoJSON.
	Kind() Kind
	// Transform is the same geometry with every point moved by f.
	Transform(f func(Point) Point) Geometry
	// Bounds is the least box that holds all points; empty without any.
	Bounds() Box
}

// Kind is the type of a geometry as RFC 7946 spells it.
type Kind string

// The kinds of RFC 7946, clause 3.1.
const (
	KindPoint        Kind = "Point"
	KindMultiPoint   Kind = "MultiPoint"
	KindLine         Kind = "LineString"
	KindMultiLine    Kind = "MultiLineString"
	KindPolygon      Kind = "Polygon"
	KindMultiPolygon Kind = "MultiPolygon"
	KindCollection   Kind = "GeometryCollection"
)

type (
	// MultiPoint is several points.
	MultiPoint []Point
	// Line has at least two points.
	Line []Point
	// MultiLine is several lines.
	MultiLine []Line
	// Polygon is an outer ring and then its holes. Each ring is closed (its first
	// point again at the end); those that were read run counter-clockwise
	// outside and clockwise around holes.
	Polygon []Line
	// MultiPolygon is several polygons that do not overlap.
	MultiPolygon []Polygon
	// Collection is several geometries of any kind.
	Collection []Geometry
)

// Kind is [KindPoint].
func (Point) Kind() Kind { return KindPoint }

// Kind is [KindMultiPoint].
func (MultiPoint) Kind() Kind { return KindMultiPoint }

// Kind is [KindLine].
func (Line) Kind() Kind { return KindLine }

// Kind is [KindMultiLine].
func (MultiLine) Kind() Kind { return KindMultiLine }

// Kind is [KindPolygon].
func (Polygon) Kind() Kind { return KindPolygon }

// Kind is [KindMultiPolygon].
func (MultiPolygon) Kind() Kind { return KindMultiPolygon }

// Kind is [KindCollection].
func (Collection) Kind() Kind { return KindCollection }

// Transform moves the point.
func (p Point) Transform(f func(Point) Point) Geometry { return f(p) }

// Transform moves every point.
func (m MultiPoint) Transform(f func(Point) Point) Geometry { return MultiPoint(moved(m, f)) }

// Transform moves every point.
func (l Line) Transform(f func(Point) Point) Geometry { return Line(moved(l, f)) }

// Transform moves every point.
func (m MultiLine) Transform(f func(Point) Point) Geometry { return MultiLine(movedLines(m, f)) }

// Transform moves every point.
func (p Polygon) Transform(f func(Point) Point) Geometry { return Polygon(movedLines(p, f)) }

// Transform moves every point.
func (m MultiPolygon) Transform(f func(Point) Point) Geometry {
	out := make(MultiPolygon, len(m))
	for i, p := range m {
		out[i] = movedLines(p, f)
	}
	return out
}

// Transform moves every point.
func (c Collection) Transform(f func(Point) Point) Geometry {
	out := make(Collection, len(c))
	for i, g := range c {
		out[i] = g.Transform(f)
	}
	return out
}

func moved(points []Point, f func(Point) Point) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		out[i] = f(p)
	}
	return out
}

func movedLines(lines []Line, f func(Point) Point) []Line {
	out := make([]Line, len(lines))
	for i, l := range lines {
		out[i] = moved(l, f)
	}
	return out
}

// Lines are the lines of a geometry, the rings of polygons not among them.
func Lines(g Geometry) []Line {
	switch g := g.(type) {
	case Line:
		return []Line{g}
	case MultiLine:
		return g
	case Collection:
		var lines []Line
		for _, part := range g {
			lines = append(lines, Lines(part)...)
		}
		return lines
	}
	return nil
}

// Polygons are the polygons of a geometry.
func Polygons(g Geometry) []Polygon {
	switch g := g.(type) {
	case Polygon:
		return []Polygon{g}
	case MultiPolygon:
		return g
	case Collection:
		var polygons []Polygon
		for _, part := range g {
			polygons = append(polygons, Polygons(part)...)
		}
		return polygons
	}
	return nil
}

// finite tells whether both coordinates are numbers.
func (p Point) finite() bool {
	return !math.IsNaN(p.X) && !math.IsInf(p.X, 0) && !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0)
}
