package network

import (
	"math"

	"heatledger/heatmap/street"
)

// ascent is a lower bound of the length of any tree that joins the terminals: the
// dual ascent of Wong 1984, A dual ascent approach for Steiner tree problems on a
// directed graph. Every tree, seen from one terminal (the root), leads an arc into
// every set of nodes that holds another terminal but not the root. Sets are raised
// one after the other until one of their arcs has no length left; what they were
// raised by adds up to the bound, whenever one stops.
type ascent struct {
	g     *street.Graph
	left  []float64 // of each edge from From to To at 2e, back at 2e+1: what is left of its length
	bound float64

	root   int
	active []bool // of each node: a terminal whose sets are still raised
	stamp  int32
	seen   []int32
	set    []int // nodes from which the terminal is reached over arcs without length
	cut    []int // arcs that lead into the set
	work   int   // arcs looked at
}

// ascentWork bounds the arcs looked at, about half a second; the bound holds
// wherever the ascent ends. It is a number of steps and no time, so that the
// result is always the same.
const ascentWork = 40_000_000

// ascend finds the bound. Terminals are joined with each other.
func ascend(g *street.Graph, terminals []int) *ascent {
	a := &ascent{g: g, left: make([]float64, 2*len(g.Edges)), root: terminals[0], active: make([]bool, len(g.Nodes)), seen: make([]int32, len(g.Nodes))}
	for i, e := range g.Edges {
		a.left[2*i], a.left[2*i+1] = e.Metres, e.Metres
	}
	var q street.Queue // by the size of their cuts: small sets first give the better bound
	for _, t := range terminals[1:] {
		a.active[t] = true
		q.Push(0, t)
	}
	for q.Len() > 0 && a.work < ascentWork {
		expected, t := q.Pop()
		if !a.gather(t) {
			a.active[t] = false
			continue
		}
		size := float64(len(a.cut))
		if size > 1.25*expected && q.Len() > 0 {
			q.Push(size, t) // it has grown since: others may come first
			continue
		}
		a.raise()
		q.Push(size, t)
	}
	return a
}

// gather finds the set of a terminal and the arcs that lead into it; false if
// the set holds the root or another terminal that is still raised, which then
// stands for both.
func (a *ascent) gather(terminal int) bool {
	a.stamp++
	a.set, a.cut = append(a.set[:0], terminal), a.cut[:0]
	a.seen[terminal] = a.stamp
	for i := 0; i < len(a.set); i++ {
		free := true
		a.g.At(a.set[i], func(edge, other int) {
			a.work++
			if a.left[a.into(edge, a.set[i])] > 0 || a.seen[other] == a.stamp {
				return
			}
			if other == a.root || a.active[other] {
				free = false
			}
			a.seen[other] = a.stamp
			a.set = append(a.set, other)
		})
		if !free {
			return false
		}
	}
	for _, n := range a.set {
		a.g.At(n, func(edge, other int) {
			if a.seen[other] != a.stamp {
				a.cut = append(a.cut, a.into(edge, n))
			}
		})
	}
	return true
}

// into is the arc of an edge that leads to a node.
func (a *ascent) into(edge, node int) int {
	if a.g.Edges[edge].To == node {
		return 2 * edge
	}
	return 2*edge + 1
}

// raise takes the least that is left of the arcs of the cut from all of them.
func (a *ascent) raise() {
	least := math.Inf(1)
	for _, arc := range a.cut {
		least = min(least, a.left[arc])
	}
	for _, arc := range a.cut {
		a.left[arc] -= least
	}
	a.bound += least
}

// spent are the edges of which nothing is left in one direction at least: among
// them a short tree is likely.
func (a *ascent) spent() []int {
	var edges []int
	for i := range a.g.Edges {
		if a.left[2*i] == 0 || a.left[2*i+1] == 0 {
			edges = append(edges, i)
		}
	}
	return edges
}
