package street

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// Options say when streets meet.
type Options struct {
	// Tolerance is the distance in metres up to which points are the same, and up
	// to which the end of a street that stops short of another is joined to it. Zero
	// is [DefaultTolerance].
	Tolerance float64
	// Crossings joins streets where they cross without a common point. Official
	// centre lines and OpenStreetMap have a common point wherever one can turn, and
	// none at bridges: leave it out for them.
	Crossings bool
}

// DefaultTolerance is half a metre: less than the width of a trench, more than
// the rounding of any usual file.
const DefaultTolerance = 0.5

// Build makes the graph of streets. Streets meet where they share a point and
// where one ends on another, within the tolerance; a street of which nothing
// remains (shorter than the tolerance) is left out.
func Build(streets []Street, o Options) *Graph {
	b := &builder{tolerance: cmp.Or(o.Tolerance, DefaultTolerance)}
	streets = inOrder(streets)
	var all []geo.Point
	for _, s := range streets {
		all = append(all, s.Line...)
	}
	b.zone = zoneOf(all)
	b.gather(all)
	b.chains = make([][]int, len(streets))
	for i, s := range streets {
		for _, at := range s.Line {
			b.chains[i] = append(b.chains[i], b.number(at))
		}
		b.chains[i] = slices.Compact(b.chains[i])
	}
	b.splitAtEnds()
	if o.Crossings {
		b.splitAtCrossings()
	}
	return b.graph(streets)
}

// builder gathers points that are the same.
type builder struct {
	zone      geo.CRS
	tolerance float64
	points    []geo.Point // the different points, in degrees
	plane     []geo.Point // and in the plane
	cells     map[[2]int][]int
	known     map[geo.Point]int
	chains    [][]int // of each street its points
}

func (b *builder) cell(p geo.Point) [2]int {
	return [2]int{int(math.Floor(p.X / b.tolerance)), int(math.Floor(p.Y / b.tolerance))}
}

// gather finds the different points, from west to east: each takes in those
// within the tolerance that come later.
func (b *builder) gather(all []geo.Point) {
	b.cells, b.known = make(map[[2]int][]int), make(map[geo.Point]int, len(all))
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, compare)
	for _, at := range slices.Compact(sorted) {
		b.known[at] = b.include(at)
	}
}

// include is the number of the nearest known point within the tolerance, or of a new one.
func (b *builder) include(at geo.Point) int {
	p := geo.Convert(at, geo.WGS84, b.zone)
	c := b.cell(p)
	best, distance := -1, b.tolerance
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, n := range b.cells[[2]int{c[0] + dx, c[1] + dy}] {
				d := math.Hypot(b.plane[n].X-p.X, b.plane[n].Y-p.Y)
				if d < distance || d == distance && (best < 0 || n < best) {
					best, distance = n, d
				}
			}
		}
	}
	if best >= 0 {
		return best
	}
	b.points, b.plane = append(b.points, at), append(b.plane, p)
	b.cells[c] = append(b.cells[c], len(b.points)-1)
	return len(b.points) - 1
}

func (b *builder) number(at geo.Point) int { return b.known[at] }

// insertion is a point to be put into a piece of a chain, at a share of it.
type insertion struct {
	piece int // of the list of pieces
	share float64
	point int
}

// pieces are the straight pieces of all chains.
func (b *builder) pieces() (list []piece) {
	for c, chain := range b.chains {
		for i := 1; i < len(chain); i++ {
			list = append(list, piece{edge: int32(c), index: int32(i), a: b.plane[chain[i-1]], b: b.plane[chain[i]]})
		}
	}
	return list
}

// splitAtEnds puts the ends of streets into the pieces they lie on.
func (b *builder) splitAtEnds() {
	pieces := b.pieces()
	g := gridOf(pieces)
	var ends []int
	for _, chain := range b.chains {
		if len(chain) > 1 {
			ends = append(ends, chain[0], chain[len(chain)-1])
		}
	}
	slices.Sort(ends)
	var inserted []insertion
	for _, end := range slices.Compact(ends) {
		p := b.plane[end]
		box := geo.Box{Min: geo.Point{X: p.X - b.tolerance, Y: p.Y - b.tolerance}, Max: geo.Point{X: p.X + b.tolerance, Y: p.Y + b.tolerance}}
		g.within(box, func(n int) {
			chain := b.chains[pieces[n].edge]
			if i := pieces[n].index; chain[i-1] == end || chain[i] == end {
				return
			}
			share, distance := pieces[n].nearest(p)
			if distance <= b.tolerance && share > 0 && share < 1 {
				inserted = append(inserted, insertion{n, share, end})
			}
		})
	}
	b.insert(pieces, inserted)
}

// splitAtCrossings puts a point into both pieces where two cross.
func (b *builder) splitAtCrossings() {
	pieces := b.pieces()
	g := gridOf(pieces)
	var inserted []insertion
	for n, p := range pieces {
		g.within(geo.Line{p.a, p.b}.Bounds(), func(m int) {
			if m <= n {
				return
			}
			s, t, ok := p.crosses(pieces[m])
			if !ok {
				return
			}
			at := geo.Convert(geo.Point{X: p.a.X + s*(p.b.X-p.a.X), Y: p.a.Y + s*(p.b.Y-p.a.Y)}, b.zone, geo.WGS84)
			point := b.include(at)
			inserted = append(inserted, insertion{n, s, point}, insertion{m, t, point})
		})
	}
	b.insert(pieces, inserted)
}

// insert puts points into chains.
func (b *builder) insert(pieces []piece, inserted []insertion) {
	slices.SortFunc(inserted, func(x, y insertion) int {
		return cmp.Or(cmp.Compare(x.piece, y.piece), cmp.Compare(x.share, y.share), cmp.Compare(x.point, y.point))
	})
	inserted = slices.Compact(inserted)
	longer := make([][]int, len(b.chains))
	for c, chain := range b.chains {
		if len(chain) > 0 {
			longer[c] = append(longer[c], chain[0])
		}
	}
	next := 0
	for n, p := range pieces {
		for ; next < len(inserted) && inserted[next].piece == n; next++ {
			longer[p.edge] = append(longer[p.edge], inserted[next].point)
		}
		longer[p.edge] = append(longer[p.edge], b.chains[p.edge][p.index])
	}
	for c := range longer {
		b.chains[c] = slices.Compact(longer[c])
	}
}

// graph cuts the chains where streets meet.
func (b *builder) graph(streets []Street) *Graph {
	visits := make([]int, len(b.points))
	for _, chain := range b.chains {
		if len(chain) < 2 {
			continue
		}
		for i, p := range chain {
			visits[p]++
			if i == 0 || i == len(chain)-1 {
				visits[p]++ // an end is a node even if nothing else is there
			}
		}
	}
	var order []int
	for p, n := range visits {
		if n > 1 {
			order = append(order, p)
		}
	}
	slices.SortFunc(order, func(p, q int) int { return compare(b.points[p], b.points[q]) })
	nodes, index := make([]geo.Point, len(order)), make(map[int]int, len(order))
	for i, p := range order {
		nodes[i], index[p] = b.points[p], i
	}
	var edges []Edge
	for c, chain := range b.chains {
		edges = append(edges, b.cut(chain, index, streets[c].ID)...)
	}
	slices.SortStableFunc(edges, func(e, f Edge) int {
		return cmp.Or(cmp.Compare(e.From, f.From), cmp.Compare(e.To, f.To), cmp.Compare(e.Metres, f.Metres),
			slices.CompareFunc(e.Line, f.Line, compare), cmp.Compare(e.Street, f.Street))
	})
	edges = slices.CompactFunc(edges, func(e, f Edge) bool { return e.From == f.From && e.To == f.To && slices.Equal(e.Line, f.Line) })
	return New(nodes, edges)
}

// cut makes edges of a chain, each from its lower node to its higher one.
func (b *builder) cut(chain []int, index map[int]int, id string) (edges []Edge) {
	if len(chain) < 2 {
		return nil
	}
	line := geo.Line{b.points[chain[0]]}
	from := index[chain[0]]
	for _, p := range chain[1:] {
		line = append(line, b.points[p])
		to, isNode := index[p]
		if !isNode {
			continue
		}
		e := Edge{From: from, To: to, Street: id, Line: line}
		if reversed := slices.Clone(line); to < from || to == from && backwards(line) {
			slices.Reverse(reversed)
			e.From, e.To, e.Line = to, from, reversed
		}
		e.Metres = geo.Length(e.Line)
		edges = append(edges, e)
		line, from = geo.Line{b.points[p]}, to
	}
	return edges
}

// backwards tells whether a loop reads lower from its end.
func backwards(line geo.Line) bool {
	reversed := slices.Clone(line)
	slices.Reverse(reversed)
	return slices.CompareFunc(reversed, line, compare) < 0
}

// Islands are faults for the parts of the graph that are not joined to the
// longest, at the streets they consist of.
func (g *Graph) Islands(streets []Street) energy.Faults {
	parts := g.Parts()
	if len(parts) < 2 {
		return nil
	}
	byID := make(map[string]Street, len(streets))
	for _, s := range streets {
		byID[s.ID] = s
	}
	var faults energy.Faults
	for _, part := range parts[1:] {
		if len(part.Streets) == 0 {
			continue
		}
		named := part.Streets[0]
		problem := fmt.Sprintf("the street is not joined to the others (%.0f m)", part.Metres)
		if n := len(part.Streets) - 1; n > 0 {
			problem = fmt.Sprintf("the street and %d that hang together with it are not joined to the others (%.0f m)", n, part.Metres)
		}
		remedy := "let it end on a point of another street, or raise the tolerance"
		if f := byID[named].Feature; f.Number > 0 {
			faults = append(faults, f.Fault(problem, remedy))
		} else {
			faults = append(faults, energy.Fault{Problem: named + ": " + problem, Remedy: remedy})
		}
	}
	return faults
}
