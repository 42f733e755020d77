package street

import (
	"math"
	"slices"

	"heatledger/heatmap/geo"
)

// piece is a straight piece of a line in the plane.
type piece struct {
	edge  int32 // whose it is
	index int32 // of its end in the line
	a, b  geo.Point
}

// nearest is where on the piece p comes nearest, as a share from a, and how near.
func (s piece) nearest(p geo.Point) (share, distance float64) {
	dx, dy := s.b.X-s.a.X, s.b.Y-s.a.Y
	if square := dx*dx + dy*dy; square > 0 {
		share = max(0, min(1, ((p.X-s.a.X)*dx+(p.Y-s.a.Y)*dy)/square))
	}
	return share, math.Hypot(p.X-s.a.X-share*dx, p.Y-s.a.Y-share*dy)
}

// crosses tells where two pieces cross, as shares of both; not if they meet at
// an end or run in parallel.
func (s piece) crosses(t piece) (shareS, shareT float64, ok bool) {
	dx, dy := s.b.X-s.a.X, s.b.Y-s.a.Y
	ex, ey := t.b.X-t.a.X, t.b.Y-t.a.Y
	den := dx*ey - dy*ex
	if den == 0 {
		return 0, 0, false
	}
	fx, fy := t.a.X-s.a.X, t.a.Y-s.a.Y
	shareS, shareT = (fx*ey-fy*ex)/den, (fx*dy-fy*dx)/den
	return shareS, shareT, shareS > 0 && shareS < 1 && shareT > 0 && shareT < 1
}

// grid finds pieces by place: squares, and in each the pieces that pass through.
type grid struct {
	pieces  []piece
	origin  geo.Point
	size    float64
	columns int
	rows    int
	first   []int32 // of each square the first of its members; one more at the end
	member  []int32
}

// newGrid holds the pieces of the edges of a graph.
func newGrid(g *Graph) grid {
	var pieces []piece
	for n, e := range g.Edges {
		before := geo.Convert(e.Line[0], geo.WGS84, g.Zone)
		for i := 1; i < len(e.Line); i++ {
			at := geo.Convert(e.Line[i], geo.WGS84, g.Zone)
			pieces = append(pieces, piece{int32(n), int32(i), before, at})
			before = at
		}
	}
	return gridOf(pieces)
}

func gridOf(pieces []piece) grid {
	g := grid{pieces: pieces, columns: 1, rows: 1, size: 1}
	box := geo.EmptyBox()
	for _, p := range pieces {
		box = box.With(p.a).With(p.b)
	}
	if !box.Empty() {
		g.origin = box.Min
		width, height := box.Max.X-box.Min.X, box.Max.Y-box.Min.Y
		g.size = max(1, math.Sqrt(width*height/float64(len(pieces))), (width+height)/4096)
		g.columns, g.rows = int(width/g.size)+1, int(height/g.size)+1
	}
	g.first = make([]int32, g.columns*g.rows+1)
	for _, p := range pieces {
		g.passes(p, func(square int) { g.first[square+1]++ })
	}
	for i := range g.columns * g.rows {
		g.first[i+1] += g.first[i]
	}
	g.member = make([]int32, g.first[g.columns*g.rows])
	next := slices.Clone(g.first)
	for n, p := range pieces {
		g.passes(p, func(square int) {
			g.member[next[square]] = int32(n)
			next[square]++
		})
	}
	return g
}

func (g *grid) column(x float64) int {
	return max(0, min(g.columns-1, int(math.Floor((x-g.origin.X)/g.size))))
}
func (g *grid) row(y float64) int {
	return max(0, min(g.rows-1, int(math.Floor((y-g.origin.Y)/g.size))))
}

// passes names the squares a piece passes through, row by row.
func (g *grid) passes(p piece, square func(int)) {
	low, high := p.a, p.b
	if low.Y > high.Y {
		low, high = high, low
	}
	from, to := g.row(low.Y), g.row(high.Y)
	for row := from; row <= to; row++ {
		left, right := low.X, high.X
		if dy := high.Y - low.Y; dy > 0 {
			// The X at the lower and upper border of the row, a little beyond for rounding.
			bottom := g.origin.Y + (float64(row)-1e-6)*g.size
			top := g.origin.Y + (float64(row+1)+1e-6)*g.size
			left = low.X + max(0, (bottom-low.Y)/dy)*(high.X-low.X)
			right = low.X + min(1, (top-low.Y)/dy)*(high.X-low.X)
		}
		for column := g.column(min(left, right)); column <= g.column(max(left, right)); column++ {
			square(row*g.columns + column)
		}
	}
}

// within calls yield once with each piece that may come into the box, in the
// order of their numbers.
func (g *grid) within(box geo.Box, yield func(n int)) {
	var found []int32
	for row := g.row(box.Min.Y); row <= g.row(box.Max.Y); row++ {
		for column := g.column(box.Min.X); column <= g.column(box.Max.X); column++ {
			square := row*g.columns + column
			found = append(found, g.member[g.first[square]:g.first[square+1]]...)
		}
	}
	slices.Sort(found)
	for _, n := range slices.Compact(found) {
		yield(int(n))
	}
}

// nearest is the piece p is nearest to, the one with the lowest number of
// several; ok is false without pieces.
func (g *grid) nearest(p geo.Point) (n int, share, distance float64, ok bool) {
	distance = math.Inf(1)
	// Nothing in the grid is nearer to p than to the point of the grid nearest to p.
	column, row := g.column(p.X), g.row(p.Y)
	look := func(c, r int) {
		if c < 0 || r < 0 || c >= g.columns || r >= g.rows {
			return
		}
		square := r*g.columns + c
		for _, m := range g.member[g.first[square]:g.first[square+1]] {
			s, d := g.pieces[m].nearest(p)
			if d < distance || d == distance && int(m) < n {
				n, share, distance, ok = int(m), s, d, true
			}
		}
	}
	for ring := 0; ring <= max(g.columns, g.rows); ring++ {
		if ok && distance < float64(ring-1)*g.size {
			break
		}
		if ring == 0 {
			look(column, row)
			continue
		}
		for d := -ring; d <= ring; d++ {
			look(column+d, row-ring)
			look(column+d, row+ring)
			if d > -ring && d < ring {
				look(column-ring, row+d)
				look(column+ring, row+d)
			}
		}
	}
	return n, share, distance, ok
}
