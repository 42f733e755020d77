package street

import (
	"cmp"
	"slices"

	"heatledger/heatmap/geo"
)

// Graph is streets as nodes and edges. It does not change once it is made and
// may be used by several goroutines. Nodes and edges are called by their index.
type Graph struct {
	Zone  geo.CRS     // the plane in which points were compared
	Nodes []geo.Point // in degrees
	Edges []Edge

	plane []geo.Point // the nodes in the plane
	first []int32     // of each node the first of its halves; one more at the end
	half  []half
	grid  grid // of the pieces of the edges, for Nearest
}

// Edge is a piece of street between two nodes, or a connector.
type Edge struct {
	From, To  int
	Metres    float64  // its length on the ground
	Street    string   // the id of the street; of a connector, of its site
	Connector bool     // it joins a site with its street
	Line      geo.Line // from From to To, in degrees
}

// half is an edge as seen from one of its nodes.
type half struct{ to, edge int32 }

// New makes a graph of nodes and edges that are known already. Edges name
// indices of nodes; a length of zero is measured along the edge's line.
func New(nodes []geo.Point, edges []Edge) *Graph {
	g := &Graph{Nodes: nodes, Edges: edges, Zone: zoneOf(nodes)}
	g.plane = make([]geo.Point, len(nodes))
	for i, at := range nodes {
		g.plane[i] = geo.Convert(at, geo.WGS84, g.Zone)
	}
	for i := range edges {
		e := &edges[i]
		if len(e.Line) == 0 {
			e.Line = geo.Line{nodes[e.From], nodes[e.To]}
		}
		if e.Metres == 0 {
			e.Metres = geo.Length(e.Line)
		}
	}
	g.join()
	g.grid = newGrid(g)
	return g
}

// zoneOf is the zone in the middle of the points.
func zoneOf(points []geo.Point) geo.CRS {
	box := geo.MultiPoint(points).Bounds()
	if box.Empty() {
		return geo.UTM32
	}
	return geo.ZoneOf((box.Min.X + box.Max.X) / 2)
}

// join fills the lists of the edges at each node, in the order of the edges.
func (g *Graph) join() {
	g.first = make([]int32, len(g.Nodes)+1)
	for _, e := range g.Edges {
		g.first[e.From+1]++
		if e.To != e.From {
			g.first[e.To+1]++
		}
	}
	for i := range g.Nodes {
		g.first[i+1] += g.first[i]
	}
	g.half = make([]half, g.first[len(g.Nodes)])
	next := slices.Clone(g.first[:len(g.Nodes)])
	for i, e := range g.Edges {
		g.half[next[e.From]] = half{int32(e.To), int32(i)}
		next[e.From]++
		if e.To != e.From {
			g.half[next[e.To]] = half{int32(e.From), int32(i)}
			next[e.To]++
		}
	}
}

// At calls yield with each edge at a node and the node at its other end, in the
// order of the edges; a loop comes once.
func (g *Graph) At(node int, yield func(edge, other int)) {
	for _, h := range g.half[g.first[node]:g.first[node+1]] {
		yield(int(h.edge), int(h.to))
	}
}

// Metres is the length of all edges.
func (g *Graph) Metres() float64 {
	total := 0.0
	for _, e := range g.Edges {
		total += e.Metres
	}
	return total
}

// Part is a piece of the graph that is joined in itself and to nothing else.
type Part struct {
	Nodes   []int
	Streets []string // their ids, sorted
	Metres  float64
}

// Parts are the pieces of the graph, the longest first. A graph in which every
// place can be reached from every other has one.
func (g *Graph) Parts() []Part {
	number := make([]int, len(g.Nodes))
	for i := range number {
		number[i] = -1
	}
	var parts []Part
	for start := range g.Nodes {
		if number[start] >= 0 {
			continue
		}
		n := len(parts)
		number[start] = n
		part := Part{Nodes: []int{start}}
		for i := 0; i < len(part.Nodes); i++ {
			g.At(part.Nodes[i], func(_, other int) {
				if number[other] < 0 {
					number[other] = n
					part.Nodes = append(part.Nodes, other)
				}
			})
		}
		slices.Sort(part.Nodes)
		parts = append(parts, part)
	}
	for _, e := range g.Edges {
		part := &parts[number[e.From]]
		part.Metres += e.Metres
		part.Streets = append(part.Streets, e.Street)
	}
	for i := range parts {
		slices.Sort(parts[i].Streets)
		parts[i].Streets = slices.Compact(parts[i].Streets)
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(b.Metres, a.Metres) })
	return parts
}
