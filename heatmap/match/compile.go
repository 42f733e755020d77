package match

import (
	"cmp"
	"slices"
)

// compiled is an input that was checked, in its orders and pieces.
type compiled struct {
	Input          // lists sorted by id, links within reach and sorted
	leftout int    // links beyond the reach
	parts   []part // those with the most links first
	common  []int  // boilers for all areas, in the merit order
	inOrder []int  // areas as boilers for all serve them
	links   int    // of all parts
}

// part is a piece of the whole that nothing joins with the rest. Sources, stores,
// boilers and areas are called by their place in compiled; within the part, givers
// (sources, then stores, then boilers, each in the merit order) and areas (in the order
// in which they are served) by theirs.
type part struct {
	sources, stores, boilers, areas []int

	net    net // givers to areas
	base   int // of its links in all
	metres []float64
	// filling joins sources with stores, by their places in the part.
	filling net
	warmth  *warmth // nil: temperatures are not asked for
}

// kinds of nodes that parts join.
type nodes struct{ sources, areas, stores, boilers int }

// compile sorts a checked input and cuts it into parts.
func compile(in Input) *compiled {
	c := &compiled{Input: in}
	c.Sources = sorted(in.Sources, func(s Source) string { return s.ID })
	c.Areas = sorted(in.Areas, func(a Area) string { return a.ID })
	c.Stores = sorted(in.Stores, func(s Store) string { return s.ID })
	c.Boilers = sorted(in.Boilers, func(b Boiler) string { return b.ID })
	source, area := places(c.Sources, func(s Source) string { return s.ID }), places(c.Areas, func(a Area) string { return a.ID })
	reach := make([][]reached, len(c.Sources)) // of each source
	for _, l := range in.Links {
		if in.Reach > 0 && l.Metres > in.Reach {
			c.leftout++
			continue
		}
		s := source[l.Source]
		reach[s] = append(reach[s], reached{area[l.Area], l.Metres})
	}
	stores := make([][]reached, len(c.Stores))
	fills := make([][]int, len(c.Stores)) // the sources that fill a store
	for i, s := range c.Stores {
		fills[i] = named(s.Sources, source, len(c.Sources))
		stores[i] = union(reach, fills[i])
	}
	boilers := make([][]reached, len(c.Boilers))
	for i, b := range c.Boilers {
		if len(b.Areas) == 0 {
			c.common = append(c.common, i)
			continue
		}
		for _, id := range b.Areas {
			boilers[i] = append(boilers[i], reached{area: area[id]})
		}
	}
	slices.SortStableFunc(c.common, func(a, b int) int { return cmp.Compare(c.Boilers[a].Rank, c.Boilers[b].Rank) })
	c.inOrder = sequence(len(c.Areas))
	slices.SortStableFunc(c.inOrder, func(a, b int) int { return cmp.Compare(c.Areas[a].Rank, c.Areas[b].Rank) })
	c.cut(reach, stores, boilers, fills)
	return c
}

// reached is an area that a giver is joined with.
type reached struct {
	area   int
	metres float64
}

// cut makes the parts.
func (c *compiled) cut(reach, stores, boilers [][]reached, fills [][]int) {
	at := nodes{0, len(c.Sources), len(c.Sources) + len(c.Areas), len(c.Sources) + len(c.Areas) + len(c.Stores)}
	f := newForest(at.boilers + len(c.Boilers))
	joinAll := func(base int, lists [][]reached) {
		for i, list := range lists {
			for _, r := range list {
				f.join(base+i, at.areas+r.area)
			}
		}
	}
	joinAll(at.sources, reach)
	joinAll(at.stores, stores)
	joinAll(at.boilers, boilers)
	for i, list := range fills {
		for _, s := range list {
			f.join(at.stores+i, at.sources+s)
		}
	}
	number := make(map[int]int)
	of := func(node int) *part {
		root := f.root(node)
		n, ok := number[root]
		if !ok {
			n = len(c.parts)
			number[root] = n
			c.parts = append(c.parts, part{})
		}
		return &c.parts[n]
	}
	for i := range c.Areas { // first, so that each part without areas comes behind
		p := of(at.areas + i)
		p.areas = append(p.areas, i)
	}
	for i := range c.Sources {
		p := of(at.sources + i)
		p.sources = append(p.sources, i)
	}
	for i := range c.Stores {
		p := of(at.stores + i)
		p.stores = append(p.stores, i)
	}
	for i, list := range boilers {
		if len(list) > 0 {
			p := of(at.boilers + i)
			p.boilers = append(p.boilers, i)
		}
	}
	costs := make([]float64, len(c.Sources))
	for i, s := range c.Sources {
		costs[i] = c.cost(s)
	}
	for i := range c.parts {
		c.finish(&c.parts[i], costs, reach, stores, boilers, fills)
	}
	slices.SortStableFunc(c.parts, func(a, b part) int { return cmp.Compare(len(b.net.to), len(a.net.to)) })
	for i := range c.parts {
		c.parts[i].base = c.links
		c.links += len(c.parts[i].net.to)
	}
}

// finish brings a part into its orders and makes its nets.
func (c *compiled) finish(p *part, costs []float64, reach, stores, boilers [][]reached, fills [][]int) {
	slices.SortStableFunc(p.sources, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.Sources[a].Rank, c.Sources[b].Rank), cmp.Compare(costs[a], costs[b]))
	})
	slices.SortStableFunc(p.stores, func(a, b int) int { return cmp.Compare(c.Stores[a].Rank, c.Stores[b].Rank) })
	slices.SortStableFunc(p.boilers, func(a, b int) int { return cmp.Compare(c.Boilers[a].Rank, c.Boilers[b].Rank) })
	slices.SortStableFunc(p.areas, func(a, b int) int { return cmp.Compare(c.Areas[a].Rank, c.Areas[b].Rank) })
	local := make(map[int]int32, len(p.areas))
	for i, a := range p.areas {
		local[a] = int32(i)
	}
	var lists [][]int32
	add := func(list []reached) {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b reached) int {
			return cmp.Or(cmp.Compare(c.Areas[a.area].Rank, c.Areas[b.area].Rank), cmp.Compare(a.metres, b.metres), cmp.Compare(a.area, b.area))
		})
		takers := make([]int32, len(list))
		for i, r := range list {
			takers[i] = local[r.area]
			p.metres = append(p.metres, r.metres)
		}
		lists = append(lists, takers)
	}
	place := make(map[int]int, len(p.sources))
	for i, s := range p.sources {
		place[s] = i
		add(reach[s])
	}
	filling := make([][]int32, len(p.sources))
	for i, s := range p.stores {
		add(stores[s])
		for _, by := range fills[s] {
			filling[place[by]] = append(filling[place[by]], int32(i))
		}
	}
	for _, b := range p.boilers {
		add(boilers[b])
	}
	p.net, p.filling = newNet(len(p.areas), lists), newNet(len(p.stores), filling)
	p.warmth = newWarmth(c, p)
}

// cost is what a kWh of a source costs, with the electricity of a heat pump in the
// mean of the hours that have heat.
func (c *compiled) cost(s Source) float64 {
	sum, hours := 0.0, 0
	for h, e := range s.Electricity {
		if s.Heat[h] > 0 {
			sum += e
			hours++
		}
	}
	if hours == 0 {
		return s.Cost.Euros
	}
	return s.Cost.Euros + c.Electric.Euros*sum/float64(hours)
}

// union is where any of several sources reaches, each area as far as from the nearest.
func union(reach [][]reached, sources []int) []reached {
	nearest := make(map[int]float64)
	for _, s := range sources {
		for _, r := range reach[s] {
			if m, ok := nearest[r.area]; !ok || r.metres < m {
				nearest[r.area] = r.metres
			}
		}
	}
	out := make([]reached, 0, len(nearest))
	for a, m := range nearest { // in any order: whoever uses it sorts
		out = append(out, reached{a, m})
	}
	return out
}

func sorted[T any](list []T, id func(T) string) []T {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return list
}

func places[T any](list []T, id func(T) string) map[string]int {
	out := make(map[string]int, len(list))
	for i, x := range list {
		out[id(x)] = i
	}
	return out
}

// named are the places of ids, all n of them if none is named.
func named(ids []string, place map[string]int, n int) []int {
	if len(ids) == 0 {
		return sequence(n)
	}
	out := make([]int, len(ids))
	for i, id := range ids {
		out[i] = place[id]
	}
	slices.Sort(out)
	return out
}

func sequence(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// forest tells which nodes are joined (union-find, by path halving).
type forest []int

func newForest(n int) forest { return sequence(n) }

func (f forest) root(i int) int {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

func (f forest) join(a, b int) { f[f.root(a)] = f.root(b) }
