package geo

import (
	"cmp"
	"fmt"
	"slices"
)

// flaw is what is wrong with a geometry.
type flaw struct {
	problem, remedy string
	ring, position  int // which ring of the geometry and which position of it, from 0; for its place
}

const mendRing = "draw the outline so that it does not meet itself, or mend it with the GIS's tool for valid geometries"

// flawOf is the first thing that makes polygons invalid in the sense of OGC
// Simple Features (06-103r4, clause 6.1.11): a ring that meets itself, rings that
// cross, a hole outside of its polygon, polygons that overlap. ok is false if
// there is none. Rings are closed and have four positions at least. show is how
// messages write positions. Parts that share a piece of their border are let
// pass: no ground is counted twice by them.
func flawOf(polygons []Polygon, show func(Point) string) (f flaw, ok bool) {
	first := make([]int, len(polygons)) // the number of each polygon's first ring
	boxes := make([]Box, len(polygons))
	rings := 0
	for i, p := range polygons {
		if f, bad := polygonFlaw(p, show); bad {
			f.ring += rings
			return f, true
		}
		first[i], boxes[i] = rings, p.Bounds()
		rings += len(p)
	}
	for i, p := range polygons {
		for j, q := range polygons[:i] {
			if !boxes[i].Overlaps(boxes[j]) {
				continue
			}
			at, how := ringsMeet(p, q)
			if how == crossing || interior(p, q) || interior(q, p) || sameGround(p, q) {
				where := ""
				if how != apart {
					where = " at " + show(at)
				}
				return flaw{fmt.Sprintf("polygon %d overlaps polygon %d%s", i+1, j+1, where), "cut or join the parts so that no ground is counted twice", first[i], 0}, true
			}
		}
	}
	return flaw{}, false
}

// interior tells whether a vertex of p lies within q, off its border.
func interior(p, q Polygon) bool {
	for _, v := range p[0] {
		if !q.Contains(v) {
			continue
		}
		border := slices.ContainsFunc(q, func(ring Line) bool { return locate(v, ring) == onBorder })
		if !border {
			return true
		}
	}
	return false
}

// sameGround tells whether two polygons whose borders do not cross and that have
// no vertex in each other have the same outline.
func sameGround(p, q Polygon) bool {
	for _, ring := range [2][2]Line{{p[0], q[0]}, {q[0], p[0]}} {
		for i := 1; i < len(ring[0]); i++ {
			a, b := ring[0][i-1], ring[0][i]
			if locate(a, ring[1]) != onBorder || locate(Point{(a.X + b.X) / 2, (a.Y + b.Y) / 2}, ring[1]) == outside {
				return false
			}
		}
	}
	return true
}

// polygonFlaw looks at a polygon alone.
func polygonFlaw(p Polygon, show func(Point) string) (flaw, bool) {
	boxes := make([]Box, len(p))
	for i, ring := range p {
		boxes[i] = ring.Bounds()
	}
	if f, bad := borderFlaw(p, show); bad {
		return f, true
	}
	for i := 1; i < len(p); i++ {
		if !boxes[i].Overlaps(boxes[0]) || !insideRing(p[i], p[0]) {
			return flaw{fmt.Sprintf("hole %d lies outside of its polygon", i), "make it a polygon of its own or remove it", i, 0}, true
		}
		for j := 1; j < i; j++ {
			if boxes[i].Overlaps(boxes[j]) && (insideRing(p[i], p[j]) || insideRing(p[j], p[i]) || sameGround(Polygon{p[i]}, Polygon{p[j]})) {
				return flaw{fmt.Sprintf("hole %d overlaps hole %d", i, j), "join the holes", i, 0}, true
			}
		}
	}
	return flaw{}, false
}

// insideRing tells whether ring p lies within ring q, both not crossing: the
// first of its vertices or midpoints that is not on the border decides.
func insideRing(p, q Line) bool {
	for i, v := range p {
		if at := locate(v, q); at != onBorder {
			return at == inside
		}
		if i > 0 {
			if at := locate(Point{(p[i-1].X + v.X) / 2, (p[i-1].Y + v.Y) / 2}, q); at != onBorder {
				return at == inside
			}
		}
	}
	return false
}

// borderFlaw finds where the rings of a polygon meet themselves or cross each
// other. Positions that stand twice in a row are no flaw.
func borderFlaw(p Polygon, show func(Point) string) (flaw, bool) {
	edges := edgesOf(p)
	count := make([]int, len(p))
	for _, e := range edges {
		count[e.ring]++
	}
	for ring, n := range count {
		if n < 3 {
			return flaw{"the ring has no area", "a ring has at least three different corners: remove it", ring, 0}, true
		}
	}
	var found flaw
	bad := sweep(edges, func(e, f edge) bool {
		if e.ring != f.ring {
			if meet(e.a, e.b, f.a, f.b) == crossing {
				at := show(crossingPoint(e.a, e.b, f.a, f.b))
				found = flaw{fmt.Sprintf("a hole crosses another ring at %s", at), mendRing, max(e.ring, f.ring), 0}
				return true
			}
			return false
		}
		if e.order > f.order {
			e, f = f, e
		}
		how := meet(e.a, e.b, f.a, f.b)
		neighbours := f.order-e.order == 1 || e.order == 0 && f.order == count[e.ring]-1
		switch {
		case how == apart, how == touching && neighbours:
			return false
		case how == along:
			found = flaw{"the outline runs along itself near " + show(f.a), mendRing, f.ring, f.position}
		case how == touching:
			found = flaw{"the outline touches itself at " + show(touchingPoint(e, f)), mendRing, f.ring, f.position}
		default:
			found = flaw{"the outline crosses itself at " + show(crossingPoint(e.a, e.b, f.a, f.b)), mendRing, f.ring, f.position}
		}
		return true
	})
	return found, bad
}

// touchingPoint is the end of one edge that lies on the other.
func touchingPoint(e, f edge) Point {
	switch {
	case onSegment(f.a, e.a, e.b):
		return f.a
	case onSegment(f.b, e.a, e.b):
		return f.b
	case onSegment(e.a, f.a, f.b):
		return e.a
	}
	return e.b
}

// ringsMeet tells how the rings of two polygons meet: crossing before touching.
func ringsMeet(p, q Polygon) (Point, meeting) {
	edges := edgesOf(p)
	for _, e := range edgesOf(q) {
		e.ring += len(p)
		edges = append(edges, e)
	}
	var at Point
	best := apart
	sweep(edges, func(e, f edge) bool {
		if (e.ring < len(p)) == (f.ring < len(p)) {
			return false
		}
		switch how := meet(e.a, e.b, f.a, f.b); how {
		case crossing:
			best, at = crossing, crossingPoint(e.a, e.b, f.a, f.b)
			return true
		case touching, along:
			best, at = touching, f.a
		}
		return false
	})
	return at, best
}

// edge is an edge of a ring that has a length.
type edge struct {
	a, b     Point
	ring     int
	order    int // among the edges of its ring that have a length
	position int // of b in the ring
}

func edgesOf(p Polygon) []edge {
	var edges []edge
	for r, ring := range p {
		order := 0
		for i := 1; i < len(ring); i++ {
			if ring[i-1] != ring[i] {
				edges = append(edges, edge{ring[i-1], ring[i], r, order, i})
				order++
			}
		}
	}
	return edges
}

// sweep calls stop with each pair of edges whose ranges of X overlap, until it
// answers true; that answer is sweep's.
func sweep(edges []edge, stop func(e, f edge) bool) bool {
	sorted := slices.Clone(edges)
	slices.SortFunc(sorted, func(e, f edge) int {
		return cmp.Or(cmp.Compare(min(e.a.X, e.b.X), min(f.a.X, f.b.X)), cmp.Compare(e.ring, f.ring), cmp.Compare(e.order, f.order))
	})
	var active []edge
	for _, e := range sorted {
		left := min(e.a.X, e.b.X)
		kept := active[:0]
		for _, f := range active {
			if max(f.a.X, f.b.X) < left {
				continue
			}
			kept = append(kept, f)
			if stop(f, e) {
				return true
			}
		}
		active = append(kept, e)
	}
	return false
}
