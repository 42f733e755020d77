package geo

// Intersects tells whether two geometries have a point in common, borders with them
// (Intersects of OGC 06-103r4, clause 6.1.15.3, in the plane of the coordinates). The
// answer is exact. A polygon without rings has no points.
func Intersects(a, b Geometry) bool {
	if !a.Bounds().Overlaps(b.Bounds()) {
		return false
	}
	x, y := piecesOf(a), piecesOf(b)
	for _, p := range x.points {
		if y.hold(p) {
			return true
		}
	}
	for _, p := range y.points {
		if x.hold(p) {
			return true
		}
	}
	return x.crosses(y) || x.within(y) || y.within(x)
}

// pieces are what a geometry is made of.
type pieces struct {
	points   []Point
	lines    []Line // of their own; the rings of polygons stand there
	polygons []Polygon
}

func piecesOf(g Geometry) pieces {
	one := pieces{lines: Lines(g), polygons: Polygons(g)}
	one.addPoints(g)
	return one
}

func (s *pieces) addPoints(g Geometry) {
	switch one := g.(type) {
	case Point:
		s.points = append(s.points, one)
	case MultiPoint:
		s.points = append(s.points, one...)
	case Collection:
		for _, part := range one {
			s.addPoints(part)
		}
	}
}

// hold tells whether a position is one of the pieces' positions.
func (s *pieces) hold(p Point) bool {
	for _, own := range s.points {
		if own == p {
			return true
		}
	}
	for _, line := range s.lines {
		for i := 1; i < len(line); i++ {
			if onSegment(p, line[i-1], line[i]) {
				return true
			}
		}
	}
	return s.covers(p)
}

func (s *pieces) covers(p Point) bool {
	for _, polygon := range s.polygons {
		if polygon.Contains(p) {
			return true
		}
	}
	return false
}

// edges are the lines with the rings of the polygons.
func (s *pieces) edges() []Line {
	all := append([]Line(nil), s.lines...)
	for _, polygon := range s.polygons {
		all = append(all, polygon...)
	}
	return all
}

// crosses tells whether lines or borders meet.
func (s *pieces) crosses(o pieces) bool {
	others := o.edges()
	for _, a := range s.edges() {
		box := a.Bounds()
		for _, b := range others {
			if !box.Overlaps(b.Bounds()) {
				continue
			}
			for i := 1; i < len(a); i++ {
				for j := 1; j < len(b); j++ {
					if meet(a[i-1], a[i], b[j-1], b[j]) != apart {
						return true
					}
				}
			}
		}
	}
	return false
}

// within tells whether a line or polygon lies in the inside of a polygon of o; where
// no borders meet one position of it tells.
func (s *pieces) within(o pieces) bool {
	for _, line := range s.lines {
		if len(line) > 0 && o.covers(line[0]) {
			return true
		}
	}
	for _, polygon := range s.polygons {
		if len(polygon) > 0 && len(polygon[0]) > 0 && o.covers(polygon[0][0]) {
			return true
		}
	}
	return false
}
