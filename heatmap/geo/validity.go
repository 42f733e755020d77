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

// A ring that touches itself is not simple, and so is none (06-103r4, clauses 6.1.7
// and 6.1.11.1), be the ground it encloses ever so clear.
const (
	splitRing = "cut it there into two polygons, or into an outline and a hole: one ring does not meet itself; the GIS's tool for valid geometries does it"
	mendRing  = "draw the outline so that it does not meet itself, or mend it with the GIS's tool for valid geometries"
)

// checker checks polygons. It has a budget of steps, so that no file, however
// contrived, keeps the program busy: maps of cities need a hundredth of it.
type checker struct {
	show func(Point) string // how messages write positions
	left int
}

// checkBudget is that of a file: some seconds.
const checkBudget = 500_000_000

// spend takes steps from the budget; false if there is none left.
func (c *checker) spend(steps int) bool {
	c.left -= steps
	return c.left >= 0
}

// tooMuch is the flaw of what could not be checked.
func tooMuch(ring int) flaw {
	return flaw{"the outlines are too intricate to be checked", "simplify them, or cut the file into parts", ring, 0}
}

// flawOf is the first thing that makes polygons invalid in the sense of OGC
// Simple Features (06-103r4, clause 6.1.11): a ring that meets itself, rings that
// cross, a hole outside of its polygon, polygons that overlap. ok is false if
// there is none. Rings are closed and have four positions at least. Parts that share
// a piece of their border are let pass: no ground is counted twice by them.
func (c *checker) flawOf(polygons []Polygon) (f flaw, ok bool) {
	first := make([]int, len(polygons)) // the number of each polygon's first ring
	boxes := make([]Box, len(polygons))
	rings := 0
	for i, p := range polygons {
		if f, bad := c.polygonFlaw(p); bad {
			f.ring += rings
			return f, true
		}
		first[i], boxes[i] = rings, p.Bounds()
		rings += len(p)
	}
	for i, p := range polygons {
		for j, q := range polygons[:i] {
			if !c.spend(1) {
				return tooMuch(first[i]), true
			}
			if !boxes[i].Overlaps(boxes[j]) {
				continue
			}
			at, how := c.ringsMeet(p, q)
			overlap := how == crossing || c.interior(p, q) || c.interior(q, p) || c.sameGround(p, q)
			if c.left < 0 {
				return tooMuch(first[i]), true
			}
			if overlap {
				where := ""
				if how != apart {
					where = " at " + c.show(at)
				}
				return flaw{fmt.Sprintf("polygon %d overlaps polygon %d%s", i+1, j+1, where), "cut or join the parts so that no ground is counted twice", first[i], 0}, true
			}
		}
	}
	return flaw{}, false
}

// interior tells whether a vertex of p lies within q, off its border.
func (c *checker) interior(p, q Polygon) bool {
	corners := len(joined(q))
	for _, v := range p[0] {
		if !c.spend(corners) {
			return false
		}
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

// sameGround tells whether two polygons whose borders do not cross have all
// corners on each other's border, so that they cover the same ground.
func (c *checker) sameGround(p, q Polygon) bool {
	for _, ring := range [2][2]Line{{p[0], q[0]}, {q[0], p[0]}} {
		for _, v := range ring[0] {
			if !c.spend(len(ring[1])) || locate(v, ring[1]) != onBorder {
				return false
			}
		}
	}
	return true
}

// polygonFlaw looks at a polygon alone.
func (c *checker) polygonFlaw(p Polygon) (flaw, bool) {
	boxes := make([]Box, len(p))
	for i, ring := range p {
		boxes[i] = ring.Bounds()
	}
	if f, bad := c.borderFlaw(p); bad {
		return f, true
	}
	for i := 1; i < len(p); i++ {
		if !boxes[i].Overlaps(boxes[0]) || !c.insideRing(p[i], p[0]) {
			if c.left < 0 {
				return tooMuch(i), true
			}
			return flaw{fmt.Sprintf("hole %d lies outside of its polygon", i), "make it a polygon of its own or remove it", i, 0}, true
		}
		for j := 1; j < i; j++ {
			if !c.spend(1) {
				return tooMuch(i), true
			}
			if boxes[i].Overlaps(boxes[j]) && (c.insideRing(p[i], p[j]) || c.insideRing(p[j], p[i]) || c.sameGround(Polygon{p[i]}, Polygon{p[j]})) {
				return flaw{fmt.Sprintf("hole %d overlaps hole %d", i, j), "join the holes", i, 0}, true
			}
		}
		if c.left < 0 {
			return tooMuch(i), true
		}
	}
	return flaw{}, false
}

// insideRing tells whether ring p lies within ring q, both not crossing: the
// first of its vertices or midpoints that is not on the border decides.
func (c *checker) insideRing(p, q Line) bool {
	for i, v := range p {
		if !c.spend(2 * len(q)) {
			return false
		}
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
func (c *checker) borderFlaw(p Polygon) (flaw, bool) {
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
	bad := c.sweep(edges, func(e, f edge) bool {
		if e.ring != f.ring {
			if meet(e.a, e.b, f.a, f.b) == crossing {
				at := c.show(crossingPoint(e.a, e.b, f.a, f.b))
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
			found = flaw{"the outline runs along itself near " + c.show(f.a), mendRing, f.ring, f.position}
		case how == touching:
			found = flaw{"the outline touches itself at " + c.show(touchingPoint(e, f)), splitRing, f.ring, f.position}
		default:
			found = flaw{"the outline crosses itself at " + c.show(crossingPoint(e.a, e.b, f.a, f.b)), mendRing, f.ring, f.position}
		}
		return true
	})
	if c.left < 0 {
		return tooMuch(0), true
	}
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
func (c *checker) ringsMeet(p, q Polygon) (Point, meeting) {
	edges := edgesOf(p)
	for _, e := range edgesOf(q) {
		e.ring += len(p)
		edges = append(edges, e)
	}
	var at Point
	best := apart
	c.sweep(edges, func(e, f edge) bool {
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

// sweep calls stop with each pair of edges whose ranges of X overlap (or of Y,
// where that are fewer), until it answers true; that answer is sweep's.
func (c *checker) sweep(edges []edge, stop func(e, f edge) bool) bool {
	x := func(p Point) float64 { return p.X }
	along := x
	if y := func(p Point) float64 { return p.Y }; overlaps(edges, y) < overlaps(edges, x) {
		along = y
	}
	low := func(e edge) float64 { return min(along(e.a), along(e.b)) }
	sorted := slices.Clone(edges)
	slices.SortFunc(sorted, func(e, f edge) int {
		return cmp.Or(cmp.Compare(low(e), low(f)), cmp.Compare(e.ring, f.ring), cmp.Compare(e.order, f.order))
	})
	c.spend(20 * len(edges))
	var active []edge
	for _, e := range sorted {
		if !c.spend(len(active)) {
			return false
		}
		from := low(e)
		kept := active[:0]
		for _, f := range active {
			if max(along(f.a), along(f.b)) < from {
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

// overlaps is the number of pairs of edges whose ranges on an axis overlap.
func overlaps(edges []edge, along func(Point) float64) int64 {
	from, to := make([]float64, len(edges)), make([]float64, len(edges))
	for i, e := range edges {
		from[i], to[i] = min(along(e.a), along(e.b)), max(along(e.a), along(e.b))
	}
	slices.Sort(from)
	slices.Sort(to)
	pairs, ended := int64(0), 0
	for i, f := range from {
		for to[ended] < f {
			ended++
		}
		pairs += int64(i - ended)
	}
	return pairs
}
