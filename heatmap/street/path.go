package street

import (
	"math"
	"slices"

	"heatledger/heatmap/geo"
)

// Reach is how far the nodes of a graph are from a set of nodes.
type Reach struct {
	// Metres is the shortest way along edges to each node; +Inf if there is none.
	Metres []float64
	// Source is, of each node, which of the nodes the ways begin at is nearest: its
	// place in the list given to From; -1 if none can be reached.
	Source []int

	graph *Graph
	by    []int32 // the edge by which the way arrives; -1 at its beginning
}

// From is the shortest ways from the nearest of several nodes to all nodes, by
// Dijkstra's algorithm: O(E log E).
func (g *Graph) From(nodes ...int) *Reach { return g.search(nodes, -1) }

// search is From that stops once it knows the way to node until (-1: to all).
func (g *Graph) search(nodes []int, until int) *Reach {
	r := &Reach{Metres: make([]float64, len(g.Nodes)), Source: make([]int, len(g.Nodes)), graph: g, by: make([]int32, len(g.Nodes))}
	for i := range r.Metres {
		r.Metres[i], r.Source[i], r.by[i] = math.Inf(1), -1, -1
	}
	var q Queue
	for i, n := range nodes {
		if r.Source[n] < 0 {
			r.Metres[n], r.Source[n] = 0, i
			q.Push(0, n)
		}
	}
	for q.Len() > 0 {
		metres, n := q.Pop()
		if metres > r.Metres[n] {
			continue
		}
		if n == until {
			break
		}
		for _, h := range g.half[g.first[n]:g.first[n+1]] {
			if further := metres + g.Edges[h.edge].Metres; further < r.Metres[h.to] {
				r.Metres[h.to], r.Source[h.to], r.by[h.to] = further, r.Source[n], h.edge
				q.Push(further, int(h.to))
			}
		}
	}
	return r
}

// Path is a way through a graph.
type Path struct {
	Nodes  []int // one more than edges
	Edges  []int
	Metres float64
}

// Path is the way to a node; ok is false if there is none.
func (r *Reach) Path(to int) (p Path, ok bool) {
	if r.Source[to] < 0 {
		return Path{}, false
	}
	p = Path{Nodes: []int{to}, Metres: r.Metres[to]}
	for n := to; r.by[n] >= 0; {
		e := r.graph.Edges[r.by[n]]
		p.Edges = append(p.Edges, int(r.by[n]))
		n = e.From + e.To - n
		p.Nodes = append(p.Nodes, n)
	}
	slices.Reverse(p.Nodes)
	slices.Reverse(p.Edges)
	return p, true
}

// By is the edge by which the shortest way arrives at a node; -1 where ways
// begin and where none leads.
func (r *Reach) By(node int) int { return int(r.by[node]) }

// Between is the shortest way from one node to another; ok is false if there is none.
func (g *Graph) Between(from, to int) (Path, bool) { return g.search([]int{from}, to).Path(to) }

// Distances are the metres along edges from each of some nodes to each of others;
// +Inf where there is no way.
func (g *Graph) Distances(from, to []int) [][]float64 {
	rows := make([][]float64, len(from))
	for i, f := range from {
		reach := g.From(f)
		rows[i] = make([]float64, len(to))
		for j, t := range to {
			rows[i][j] = reach.Metres[t]
		}
	}
	return rows
}

// Line is the line of a path, in degrees.
func (g *Graph) Line(p Path) geo.Line {
	var line geo.Line
	for i, n := range p.Edges {
		e := g.Edges[n]
		part := e.Line
		if e.From != p.Nodes[i] {
			part = slices.Clone(part)
			slices.Reverse(part)
		}
		line = append(line, part...)
	}
	return slices.Compact(line)
}

// Queue gives nodes by their distance, the nearest first, and of equal ones the
// lowest number first. Its zero value is empty.
type Queue struct{ items []queued }

type queued struct {
	metres float64
	node   int32
}

func (a queued) before(b queued) bool {
	return a.metres < b.metres || a.metres == b.metres && a.node < b.node
}

// Len is how many it holds.
func (q *Queue) Len() int { return len(q.items) }

// Reset empties it.
func (q *Queue) Reset() { q.items = q.items[:0] }

// Push adds a node.
func (q *Queue) Push(metres float64, node int) {
	q.items = append(q.items, queued{metres, int32(node)})
	for i := len(q.items) - 1; i > 0; {
		parent := (i - 1) / 4
		if !q.items[i].before(q.items[parent]) {
			return
		}
		q.items[i], q.items[parent] = q.items[parent], q.items[i]
		i = parent
	}
}

// Pop takes the first.
func (q *Queue) Pop() (metres float64, node int) {
	top := q.items[0]
	last := len(q.items) - 1
	q.items[0] = q.items[last]
	q.items = q.items[:last]
	for i := 0; ; {
		least := i
		for child := 4*i + 1; child <= 4*i+4 && child < last; child++ {
			if q.items[child].before(q.items[least]) {
				least = child
			}
		}
		if least == i {
			return top.metres, int(top.node)
		}
		q.items[i], q.items[least] = q.items[least], q.items[i]
		i = least
	}
}
