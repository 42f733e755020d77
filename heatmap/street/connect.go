package street

import (
	"cmp"
	"math"
	"slices"

	"heatledger/heatmap/geo"
)

// Place is a place on a street.
type Place struct {
	Edge   int
	Along  float64   // metres from the edge's From
	At     geo.Point // in degrees
	Metres float64   // from where it was sought
}

// Nearest is the place on a street that is nearest to a position in degrees;
// ok is false if the graph has no edge. Connectors are no streets.
func (g *Graph) Nearest(at geo.Point) (p Place, ok bool) {
	plane := geo.Convert(at, geo.WGS84, g.Zone)
	n, share, _, ok := g.grid.nearest(plane)
	if !ok {
		return Place{}, false
	}
	s := g.grid.pieces[n]
	line := g.Edges[s.edge].Line
	a, b := line[s.index-1], line[s.index]
	p = Place{Edge: int(s.edge), At: geo.Point{X: a.X + share*(b.X-a.X), Y: a.Y + share*(b.Y-a.Y)}}
	p.Along = geo.Length(line[:s.index]) + geo.Distance(a, p.At)
	p.Metres = geo.Distance(at, p.At)
	return p, true
}

// Site is a building, an area or a source that is joined to a street.
type Site struct {
	ID string
	At geo.Point // in degrees
}

// Terminal is a site in a graph.
type Terminal struct {
	Site  Site
	Node  int   // -1: it is farther from every street than allowed
	Place Place // where its connector meets the street; Metres is the connector's length
}

// nearby is the distance in metres below which places are the same.
const nearby = 1e-3

// Connect is the graph with a connector, straight to the nearest place on a
// street, for each site, and the terminals in the order of the sites. Sites
// farther away than most metres (0: any distance) get none. Sites on the same
// spot share a node; a site on a street is a node of it.
func (g *Graph) Connect(sites []Site, most float64) (*Graph, []Terminal) {
	terminals := make([]Terminal, len(sites))
	cuts := make(map[int][]*cutting)
	order := make([]int, len(sites))
	for i, site := range sites {
		order[i] = i
		place, ok := g.Nearest(site.At)
		terminals[i] = Terminal{Site: site, Node: -1, Place: place}
		if !ok || most > 0 && place.Metres > most {
			continue
		}
		cuts[place.Edge] = append(cuts[place.Edge], &cutting{along: place.Along, at: place.At, terminal: i})
	}
	c := connection{nodes: slices.Clone(g.Nodes), joint: make([]int, len(sites))}
	for i := range c.joint {
		c.joint[i] = -1
	}
	for n, e := range g.Edges {
		c.split(e, cuts[n], g)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(sites[i].ID, sites[j].ID), compare(sites[i].At, sites[j].At))
	})
	spots := make(map[geo.Point]int)
	for _, i := range order {
		t := &terminals[i]
		node, known := spots[t.Site.At]
		switch {
		case c.joint[i] < 0:
			continue
		case known:
		case t.Place.Metres < nearby:
			node = c.joint[i]
		default:
			node = len(c.nodes)
			c.nodes = append(c.nodes, t.Site.At)
			c.edges = append(c.edges, Edge{From: c.joint[i], To: node, Street: t.Site.ID, Connector: true, Line: geo.Line{c.nodes[c.joint[i]], t.Site.At}})
		}
		t.Node, spots[t.Site.At] = node, node
	}
	return New(c.nodes, c.edges), terminals
}

// cutting is a place where an edge gets a node.
type cutting struct {
	along    float64
	at       geo.Point
	terminal int
}

// connection is the graph that Connect makes.
type connection struct {
	nodes []geo.Point
	edges []Edge
	joint []int // of each terminal the node on the street
}

// split adds an edge, cut where terminals meet it.
func (c *connection) split(e Edge, cuts []*cutting, g *Graph) {
	slices.SortStableFunc(cuts, func(a, b *cutting) int {
		return cmp.Or(cmp.Compare(a.along, b.along), cmp.Compare(a.terminal, b.terminal))
	})
	rest, begun := e, 0.0 // what is left of the edge, and how far along it begins
	for _, cut := range cuts {
		switch {
		case cut.along-begun < nearby:
			c.joint[cut.terminal] = rest.From
		case e.Metres-cut.along < nearby:
			c.joint[cut.terminal] = e.To
		default:
			node := len(c.nodes)
			c.nodes = append(c.nodes, cut.at)
			head, tail := cutLine(rest.Line, cut.at, cut.along-begun)
			first := rest
			first.To, first.Line, first.Metres = node, head, cut.along-begun
			c.edges = append(c.edges, first)
			rest.From, rest.Line, rest.Metres = node, tail, e.Metres-cut.along
			begun = cut.along
			c.joint[cut.terminal] = node
		}
	}
	c.edges = append(c.edges, rest)
}

// cutLine cuts a line at a point that lies the given metres from its beginning.
func cutLine(line geo.Line, at geo.Point, metres float64) (head, tail geo.Line) {
	for i := 1; i < len(line); i++ {
		length := geo.Distance(line[i-1], line[i])
		if metres > length && i < len(line)-1 && math.Abs(metres-length) > 1e-9 {
			metres -= length
			continue
		}
		head = slices.Compact(append(slices.Clone(line[:i]), at))
		tail = slices.Compact(append(geo.Line{at}, line[i:]...))
		return head, tail
	}
	return line, geo.Line{at, at}
}
