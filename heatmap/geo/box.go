package geo

import "math"

// Box is a rectangle along the axes, its borders within. The zero Box is the
// single point 0, 0; [EmptyBox] holds nothing.
type Box struct{ Min, Max Point }

// EmptyBox is a box without any point, to which points are added.
func EmptyBox() Box {
	inf := math.Inf(1)
	return Box{Min: Point{inf, inf}, Max: Point{-inf, -inf}}
}

// Germany holds the land and the sea that belongs to it, in longitude and latitude.
func Germany() Box { return Box{Min: Point{5.5, 47.2}, Max: Point{15.6, 55.2}} }

// Earth holds every longitude and latitude there is.
func Earth() Box { return Box{Min: Point{-180, -90}, Max: Point{180, 90}} }

// Empty tells whether the box holds nothing.
func (b Box) Empty() bool { return b.Min.X > b.Max.X || b.Min.Y > b.Max.Y }

// Contains tells whether p lies within or on the border.
func (b Box) Contains(p Point) bool {
	return p.X >= b.Min.X && p.X <= b.Max.X && p.Y >= b.Min.Y && p.Y <= b.Max.Y
}

// Overlaps tells whether the boxes have a point in common.
func (b Box) Overlaps(o Box) bool {
	return b.Min.X <= o.Max.X && o.Min.X <= b.Max.X && b.Min.Y <= o.Max.Y && o.Min.Y <= b.Max.Y
}

// With is the least box that holds b and p.
func (b Box) With(p Point) Box {
	return Box{
		Min: Point{min(b.Min.X, p.X), min(b.Min.Y, p.Y)},
		Max: Point{max(b.Max.X, p.X), max(b.Max.Y, p.Y)},
	}
}

// Union is the least box that holds both.
func (b Box) Union(o Box) Box {
	if o.Empty() {
		return b
	}
	return b.With(o.Min).With(o.Max)
}

// Bounds is the point itself.
func (p Point) Bounds() Box { return Box{Min: p, Max: p} }

// Bounds is the least box that holds all points.
func (m MultiPoint) Bounds() Box { return boundsOf(m) }

// Bounds is the least box that holds all points.
func (l Line) Bounds() Box { return boundsOf(l) }

// Bounds is the least box that holds all points.
func (m MultiLine) Bounds() Box { return union(m) }

// Bounds is the least box that holds all points.
func (p Polygon) Bounds() Box { return union(p) }

// Bounds is the least box that holds all points.
func (m MultiPolygon) Bounds() Box { return union(m) }

// Bounds is the least box that holds all points.
func (c Collection) Bounds() Box { return union(c) }

func boundsOf(points []Point) Box {
	b := EmptyBox()
	for _, p := range points {
		b = b.With(p)
	}
	return b
}

func union[G Geometry](parts []G) Box {
	b := EmptyBox()
	for _, part := range parts {
		b = b.Union(part.Bounds())
	}
	return b
}
