package network

import (
	"cmp"
	"slices"

	"heatledger/heatmap/street"
)

// shape is a tree that is being changed.
type shape struct {
	g        *street.Graph
	terminal []bool
	edges    []bool  // of the graph: is it in the tree
	degree   []int32 // of each node in the tree
	anchor   int     // a terminal

	// Scratch of the search for a shorter way; of nodes, valid where seen is stamp.
	stamp  int32
	seen   []int32
	metres []float64
	by     []int32
	queue  street.Queue
	halves [2][]int
	came   [2][]int32 // of each node of a half the edge by which it was found
}

func newShape(g *street.Graph, terminals []int) *shape {
	n := len(g.Nodes)
	s := &shape{
		g: g, terminal: make([]bool, n), edges: make([]bool, len(g.Edges)), degree: make([]int32, n), anchor: terminals[0],
		seen: make([]int32, n), metres: make([]float64, n), by: make([]int32, n),
	}
	for _, t := range terminals {
		s.terminal[t] = true
	}
	return s
}

// take makes the tree the minimum spanning tree of some edges, without dead ends.
func (s *shape) take(edges []int) {
	clear(s.edges)
	clear(s.degree)
	sorted := slices.Clone(edges)
	slices.SortFunc(sorted, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.g.Edges[a].Metres, s.g.Edges[b].Metres), cmp.Compare(a, b))
	})
	joined := newForest(len(s.g.Nodes))
	for _, i := range sorted {
		if e := s.g.Edges[i]; joined.unite(e.From, e.To) {
			s.set(i, true)
		}
	}
	for _, i := range sorted {
		s.prune(s.g.Edges[i].From)
		s.prune(s.g.Edges[i].To)
	}
}

// set puts an edge into the tree or takes it out.
func (s *shape) set(edge int, in bool) {
	if s.edges[edge] == in {
		return
	}
	s.edges[edge] = in
	step := int32(1)
	if !in {
		step = -1
	}
	e := s.g.Edges[edge]
	s.degree[e.From] += step
	s.degree[e.To] += step
}

// prune removes a dead end that is no terminal, and what becomes one by it.
func (s *shape) prune(node int) {
	for s.degree[node] == 1 && !s.terminal[node] {
		only, next := -1, -1
		s.g.At(node, func(edge, other int) {
			if s.edges[edge] {
				only, next = edge, other
			}
		})
		s.set(only, false)
		node = next
	}
}

// members are the nodes of the tree, sorted.
func (s *shape) members() []int {
	nodes := []int{s.anchor}
	for n, d := range s.degree {
		if d > 0 && n != s.anchor {
			nodes = append(nodes, n)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// tree is the tree as it is now.
func (s *shape) tree() Tree {
	t := Tree{Nodes: s.members()}
	for i, in := range s.edges {
		if in {
			t.Edges = append(t.Edges, i)
			t.Metres += s.g.Edges[i].Metres
		}
	}
	return t
}

// rounds bounds the improvement, so that its time is known; on street graphs the
// third round rarely finds anything.
const rounds = 12

// improve makes the tree shorter by two exchanges until neither helps:
//
//   - the tree's nodes are joined anew by their minimum spanning tree over all
//     streets between them;
//   - each stretch between two branchings or terminals is taken out, and the two
//     halves are joined by the shortest way there is (key-path exchange, Uchoa and
//     Werneck 2012, Fast local search for the Steiner problem in graphs).
//
// After it the tree is not longer than before.
func (s *shape) improve() {
	for range rounds {
		before := s.tree()
		s.take(s.between(before.Nodes))
		if after := s.tree(); after.Metres > before.Metres {
			s.take(before.Edges)
		}
		if !s.exchange() {
			return
		}
	}
}

// between are the edges of the graph whose ends are both among the nodes.
func (s *shape) between(nodes []int) []int {
	in := make([]bool, len(s.g.Nodes))
	for _, n := range nodes {
		in[n] = true
	}
	var edges []int
	for i, e := range s.g.Edges {
		if in[e.From] && in[e.To] {
			edges = append(edges, i)
		}
	}
	return edges
}

// stretch is a way in the tree between branchings or terminals.
type stretch struct {
	edges    []int
	from, to int
	metres   float64
}

// exchange tries every stretch once, the longest first; true if one was replaced.
func (s *shape) exchange() bool {
	stretches := s.stretches()
	slices.SortStableFunc(stretches, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(b.metres, a.metres), cmp.Compare(a.edges[0], b.edges[0]))
	})
	changed := false
	for _, st := range stretches {
		// A replacement may have changed what a later stretch is: it must still be one.
		if slices.ContainsFunc(st.edges, func(e int) bool { return !s.edges[e] }) || !s.plain(st) {
			continue
		}
		for _, e := range st.edges {
			s.set(e, false)
		}
		way, shorter := s.rejoin(st)
		if !shorter {
			way = st.edges
		}
		for _, e := range way {
			s.set(e, true)
		}
		if shorter {
			s.prune(st.from)
			s.prune(st.to)
			changed = true
		}
	}
	return changed
}

// plain tells whether nothing branches off within a stretch.
func (s *shape) plain(st stretch) bool {
	node := st.from
	for _, i := range st.edges[:len(st.edges)-1] {
		e := s.g.Edges[i]
		node = e.From + e.To - node
		if s.degree[node] != 2 {
			return false
		}
	}
	return true
}

// stretches are those of the tree, each once.
func (s *shape) stretches() (list []stretch) {
	key := func(n int) bool { return s.terminal[n] || s.degree[n] > 2 }
	done := make([]bool, len(s.g.Edges))
	for _, start := range s.members() {
		if !key(start) {
			continue
		}
		s.g.At(start, func(edge, other int) {
			if !s.edges[edge] || done[edge] {
				return
			}
			st := stretch{from: start}
			for at := other; ; {
				done[edge] = true
				st.edges = append(st.edges, edge)
				st.metres += s.g.Edges[edge].Metres
				if key(at) {
					st.to = at
					break
				}
				next := -1
				s.g.At(at, func(e, o int) {
					if s.edges[e] && !done[e] {
						edge, next = e, o
					}
				})
				at = next
			}
			list = append(list, st)
		})
	}
	return list
}

// rejoin finds a way between the two halves of the tree that is shorter than the
// stretch that was taken out.
func (s *shape) rejoin(st stretch) (way []int, found bool) {
	s.stamp++
	s.queue.Reset()
	for _, n := range s.smaller(st.from, st.to) {
		s.reach(n, 0, -1)
	}
	const enough = 1e-9 // metres: less is rounding
	limit := st.metres - enough
	for s.queue.Len() > 0 {
		metres, n := s.queue.Pop()
		if metres >= limit {
			return nil, false
		}
		if metres > s.metres[n] {
			continue
		}
		if s.by[n] >= 0 && (s.degree[n] > 0 || s.terminal[n]) { // of the tree, and not of this half
			for s.by[n] >= 0 {
				way = append(way, int(s.by[n]))
				e := s.g.Edges[s.by[n]]
				n = e.From + e.To - n
			}
			return way, true
		}
		s.g.At(n, func(edge, other int) {
			if further := metres + s.g.Edges[edge].Metres; s.seen[other] != s.stamp || further < s.metres[other] {
				s.reach(other, further, edge)
			}
		})
	}
	return nil, false
}

// reach notes how far a node is from the half the search begins at.
func (s *shape) reach(node int, metres float64, by int) {
	s.seen[node], s.metres[node], s.by[node] = s.stamp, metres, int32(by)
	s.queue.Push(metres, node)
}

// smaller is one of the halves of the tree that a and b lie in, about the smaller
// one: both are walked at the same pace until one ends.
func (s *shape) smaller(a, b int) []int {
	halves := [2][]int{append(s.halves[0][:0], a), append(s.halves[1][:0], b)}
	came := [2][]int32{append(s.came[0][:0], -1), append(s.came[1][:0], -1)}
	defer func() { s.halves, s.came = halves, came }()
	for i := 0; ; i++ {
		for h := range halves {
			if i >= len(halves[h]) {
				return halves[h]
			}
			s.g.At(halves[h][i], func(edge, other int) {
				if s.edges[edge] && int32(edge) != came[h][i] {
					halves[h], came[h] = append(halves[h], other), append(came[h], int32(edge))
				}
			})
		}
	}
}
