package geo

import "math"

// Lengths and areas are those of the ellipsoid GRS 1980, of lines that are
// straight in longitude and latitude (RFC 7946, clause 3.1.1). Over a kilometre
// that line is micrometres longer than the geodesic.

// Distance is the length in metres of the straight line between two positions
// in degrees.
func Distance(a, b Point) float64 {
	// Gauss-Legendre with three nodes over the line; the integrand hardly bends.
	const node, outer, inner = 0.7745966692414834, 5.0 / 18, 8.0 / 18
	dLat, dLon := radians(b.Y-a.Y), radians(b.X-a.X)
	if dLat == 0 && dLon == 0 {
		return 0
	}
	middle, half := radians(a.Y+b.Y)/2, dLat/2
	sum := inner * speed(middle, dLat, dLon)
	sum += outer * (speed(middle-node*half, dLat, dLon) + speed(middle+node*half, dLat, dLon))
	return sum
}

// speed is the length that a step in latitude and longitude (radians) has at a latitude.
func speed(lat, dLat, dLon float64) float64 {
	sin, cos := math.Sincos(lat)
	w2 := 1 - eccentricity2*sin*sin
	w := math.Sqrt(w2)
	north := semiMajor * (1 - eccentricity2) / (w2 * w) * dLat // radius of the meridian
	east := semiMajor / w * cos * dLon                         // radius of the parallel
	return math.Sqrt(north*north + east*east)
}

// Length is the length of all lines of a geometry in degrees, in metres; the
// rings of polygons count as none.
func Length(g Geometry) float64 {
	total := 0.0
	for _, l := range Lines(g) {
		for i := 1; i < len(l); i++ {
			total += Distance(l[i-1], l[i])
		}
	}
	return total
}

// Area is the area of all polygons of a geometry in degrees, their holes taken
// off, in square metres.
func Area(g Geometry) float64 {
	total := 0.0
	for _, p := range Polygons(g) {
		for i, ring := range p {
			area := math.Abs(ringArea(ring))
			if i > 0 {
				area = -area
			}
			total += area
		}
	}
	return total
}

// ringArea is the area of a closed ring, positive if it runs counter-clockwise:
// the integral of the area between equator and edge over the longitude.
func ringArea(ring Line) float64 {
	total := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		// Simpson's rule; the function is all but quadratic over an edge.
		mean := (zone(a.Y) + 4*zone((a.Y+b.Y)/2) + zone(b.Y)) / 6
		total -= radians(b.X-a.X) * mean
	}
	return total
}

// zone is the area in square metres of the ellipsoid between the equator and a
// latitude for each radian of longitude (Snyder 1987, Map Projections, eq. 3-12).
func zone(latitude float64) float64 {
	e := math.Sqrt(eccentricity2)
	sin := math.Sin(radians(latitude))
	q := sin/(1-eccentricity2*sin*sin) + math.Atanh(e*sin)/e
	return semiMajor * semiMajor * (1 - eccentricity2) / 2 * q
}

// Centroid is the centre of gravity of a geometry: of its areas if it has any,
// else of its lines, else of its points; ok is false without a point. It may lie
// outside of a bent polygon.
func Centroid(g Geometry) (c Point, ok bool) {
	var x, y, weight float64
	first := g.Bounds().Min // near what is weighed, so that differences keep their digits
	if polygons := Polygons(g); len(polygons) > 0 {
		first = MultiPolygon(polygons).Bounds().Min
	}
	add := func(p Point, w float64) { x, y, weight = x+w*(p.X-first.X), y+w*(p.Y-first.Y), weight+w }
	for _, polygon := range Polygons(g) {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				w := (a.X-first.X)*(b.Y-first.Y) - (b.X-first.X)*(a.Y-first.Y)
				add(Point{(a.X + b.X + first.X) / 3, (a.Y + b.Y + first.Y) / 3}, w)
			}
		}
	}
	if weight == 0 {
		x, y = 0, 0
		for _, l := range Lines(g) {
			for i := 1; i < len(l); i++ {
				add(Point{(l[i-1].X + l[i].X) / 2, (l[i-1].Y + l[i].Y) / 2}, Distance(l[i-1], l[i]))
			}
		}
	}
	if weight == 0 {
		x, y = 0, 0
		for _, p := range points(g) {
			add(p, 1)
		}
	}
	if weight == 0 {
		return Point{}, false
	}
	return Point{first.X + x/weight, first.Y + y/weight}, true
}

// points are all points of a geometry.
func points(g Geometry) []Point {
	switch g := g.(type) {
	case Point:
		return []Point{g}
	case MultiPoint:
		return g
	case Line:
		return g
	case MultiLine:
		return joined(g)
	case Polygon:
		return joined(g)
	case MultiPolygon:
		var all []Point
		for _, p := range g {
			all = append(all, joined(p)...)
		}
		return all
	case Collection:
		var all []Point
		for _, part := range g {
			all = append(all, points(part)...)
		}
		return all
	}
	return nil
}

func joined(lines []Line) []Point {
	var all []Point
	for _, l := range lines {
		all = append(all, l...)
	}
	return all
}

// Contains tells whether p lies within the polygon or on its border, holes
// excepted (their border belongs to the polygon). The answer is exact.
func (p Polygon) Contains(at Point) bool {
	for i, ring := range p {
		switch place := locate(at, ring); {
		case place == onBorder:
			return true
		case i == 0 && place == outside, i > 0 && place == inside:
			return false
		}
	}
	return len(p) > 0
}

// Contains tells whether p lies within one of the polygons or on a border.
func (m MultiPolygon) Contains(at Point) bool {
	for _, p := range m {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
