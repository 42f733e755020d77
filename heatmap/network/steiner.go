package network

import (
	"cmp"
	"fmt"
	"slices"

	"heatledger/heatmap/street"
)

// Tree is a tree in a street graph that joins terminals; all its leaves are
// terminals.
type Tree struct {
	Nodes  []int // sorted
	Edges  []int // sorted
	Metres float64
	// Bound is a length in metres that no tree joining the terminals goes below: the
	// better one of two. The minimum spanning tree of their distances over 2 (1 − 1/k)
	// for k terminals (Kou, Markowsky, Berman 1981, A fast algorithm for Steiner
	// trees, theorem 1), and the dual ascent of Wong 1984, which is within a few per
	// cent on streets.
	Bound float64
}

// Excess is how many times longer the tree is than the bound: the shortest tree
// is shorter by less than this. It is 2 (1 − 1/k) at most, and 1 where nothing is
// to be joined.
func (t Tree) Excess() float64 {
	if t.Bound == 0 {
		return 1
	}
	return t.Metres / t.Bound
}

// Apart is the error of terminals that no street joins.
type Apart struct {
	Groups [][]int // the nodes that are joined with each other; two groups at least
}

// Error says how many groups there are.
func (e *Apart) Error() string {
	return fmt.Sprintf("join %d groups of terminals: no street leads from one to the other", len(e.Groups))
}

// Route is a short tree that joins the terminals, nodes of the graph; the same
// node may be named twice. It errs with *[Apart] if they cannot be joined.
//
// It is the tree of Kou, Markowsky and Berman, found by Mehlhorn's way (1988, A
// faster approximation algorithm for the Steiner problem in graphs): the minimum
// spanning tree of the terminals' distances, from one search of shortest ways,
// is laid into the streets and freed of cycles and dead ends. Then the tree is made
// shorter by exchanges as long as that is possible. The same is done with the tree
// that the lower bound's dual ascent leaves; the shorter of both is taken. Nothing
// of this makes it longer, so that the factor 2 (1 − 1/k) holds for the result.
func Route(g *street.Graph, terminals []int) (Tree, error) {
	terminals = slices.Clone(terminals)
	slices.Sort(terminals)
	terminals = slices.Compact(terminals)
	if len(terminals) == 0 {
		return Tree{}, nil
	}
	span, err := spanTerminals(g, terminals)
	if err != nil {
		return Tree{}, err
	}
	s := newShape(g, terminals)
	s.take(span.edges)
	s.improve()
	tree := s.tree()
	k := len(terminals)
	if k == 1 {
		return tree, nil
	}
	dual := ascend(g, terminals)
	s.take(append(dual.spent(), tree.Edges...))
	s.improve()
	if other := s.tree(); other.Metres < tree.Metres {
		tree = other
	}
	tree.Bound = min(tree.Metres, max(dual.bound, span.metres/(2*(1-1/float64(k)))))
	return tree, nil
}

// spanning is the minimum spanning tree of the terminals' distances.
type spanning struct {
	edges  []int // of the graph, on the shortest ways it consists of
	metres float64
}

// bridge is the shortest way between two terminals that leads over an edge.
type bridge struct {
	metres float64
	edge   int
}

// spanTerminals is Mehlhorn's construction: of the edges that lead from what is
// nearest to one terminal to what is nearest to another, those of a minimum
// spanning tree. Its length is that of the spanning tree of all distances.
func spanTerminals(g *street.Graph, terminals []int) (spanning, error) {
	reach := g.From(terminals...)
	var bridges []bridge
	for i, e := range g.Edges {
		if from, to := reach.Source[e.From], reach.Source[e.To]; from >= 0 && to >= 0 && from != to {
			bridges = append(bridges, bridge{reach.Metres[e.From] + e.Metres + reach.Metres[e.To], i})
		}
	}
	slices.SortFunc(bridges, func(a, b bridge) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.edge, b.edge))
	})
	joined := newForest(len(terminals))
	var span spanning
	used := make(map[int]bool)
	use := func(edge int) {
		if !used[edge] {
			used[edge] = true
			span.edges = append(span.edges, edge)
		}
	}
	for _, b := range bridges {
		e := g.Edges[b.edge]
		if !joined.unite(reach.Source[e.From], reach.Source[e.To]) {
			continue
		}
		span.metres += b.metres
		use(b.edge)
		for _, n := range []int{e.From, e.To} {
			for reach.By(n) >= 0 {
				by := g.Edges[reach.By(n)]
				use(reach.By(n))
				n = by.From + by.To - n
			}
		}
	}
	if groups := joined.groups(terminals); len(groups) > 1 {
		return spanning{}, &Apart{groups}
	}
	slices.Sort(span.edges)
	return span, nil
}

// forest tells which numbers are joined with each other.
type forest struct{ parent []int }

func newForest(n int) *forest {
	f := &forest{make([]int, n)}
	for i := range f.parent {
		f.parent[i] = i
	}
	return f
}

func (f *forest) root(i int) int {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

// unite joins two; false if they were joined already.
func (f *forest) unite(i, j int) bool {
	i, j = f.root(i), f.root(j)
	if i == j {
		return false
	}
	f.parent[max(i, j)] = min(i, j)
	return true
}

// groups are the names of the numbers that are joined, group by group.
func (f *forest) groups(names []int) [][]int {
	place := make(map[int]int)
	var groups [][]int
	for i, name := range names {
		root := f.root(i)
		n, known := place[root]
		if !known {
			n = len(groups)
			place[root] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], name)
	}
	return groups
}
