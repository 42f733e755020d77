// Package planning carries a plan of heat into the programs of those who plan:
// folders for network calculation, layers for desktop maps, tables of hours. It
// knows plans and their formats, but neither where they are kept nor who may see
// them: what it is handed it writes.
//
// Everything it writes is made of its input alone: the same plan gives the same
// bytes.
package planning

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"heatledger/heatmap/network"
	"heatledger/heatmap/street"
)

// Net is a sketched network with all it was made of.
type Net struct {
	Name      string
	Graph     *street.Graph
	Sources   []network.Source
	Consumers []network.Consumer
	Pipes     network.Pipes // none stands for those of the sketch's defaults
	Sketch    network.Sketch
	// Load is what consumers take, hour by hour, by their id: optional. All courses are
	// equally long and begin at From.
	From time.Time
	Load map[string]Course
}

// Course is the heat of a consumer over the hours: of each hour its share of all of it.
// Consumers of one load profile have the same shares, so that a town's hours stand in
// memory once.
type Course struct {
	Heat   float64 // kWh
	Shares []float64
}

// power is the mean of an hour, in kW.
func (c Course) power(hour int) float64 { return c.Heat * c.Shares[hour] }

// pipes are the table the network was sized by, by nominal diameter.
func (n Net) pipes() map[int]network.Pipe {
	list := n.Pipes
	if len(list) == 0 {
		list = network.DefaultPipes()
	}
	byDN := make(map[int]network.Pipe, len(list))
	for _, p := range list {
		byDN[p.DN] = p
	}
	return byDN
}

// terminals are the sources and consumers of one tree at its nodes: indices into
// the lists of the net.
type terminals struct {
	sources, consumers map[int][]int // by node of the graph
}

// trees are the terminals of each tree of the sketch. A source or consumer that no
// street joins is in none.
func (n Net) trees() []terminals {
	list := make([]terminals, len(n.Sketch.Trees))
	of := make(map[int]int)
	for i, t := range n.Sketch.Trees {
		list[i] = terminals{map[int][]int{}, map[int][]int{}}
		for _, node := range t.Nodes {
			of[node] = i
		}
	}
	for i, s := range n.Sources {
		if t, ok := of[s.Node]; ok && !slices.Contains(n.Sketch.Idle, s.ID) {
			list[t].sources[s.Node] = append(list[t].sources[s.Node], i)
		}
	}
	for i, c := range n.Consumers {
		if t, ok := of[c.Node]; ok && !slices.Contains(n.Sketch.Unreached, c.ID) {
			list[t].consumers[c.Node] = append(list[t].consumers[c.Node], i)
		}
	}
	return list
}

// hours are how many all of these consumers have; ok is false where one has none, or
// another number than the rest.
func (n Net) hours(ids []string) (hours int, ok bool) {
	for i, id := range ids {
		if i == 0 {
			hours = len(n.Load[id].Shares)
		}
		if len(n.Load[id].Shares) != hours {
			return 0, false
		}
	}
	return hours, hours > 0
}

// at is how many sources and consumers stand at a node.
func (t terminals) at(node int) int { return len(t.sources[node]) + len(t.consumers[node]) }

// number writes a number as programs read it: shortest form that gives it back.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
