package planning

import (
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/street"
)

// NetOf is the network of a plan; ok is false where the plan lays none. The pipes are
// those that the plan says it laid, whatever the usual table says today.
func NetOf(r plan.Result) (n Net, ok bool) {
	if r.Network == nil || len(r.Network.Pieces) == 0 {
		return Net{}, false
	}
	l := r.Network
	n = Net{Name: r.Name}
	n.Sketch.Assumptions = assumptionsOf(r.Assumptions)
	n.Sketch.Pressure = network.Pressure{Bar: l.PumpBar, Pump: heatmap.Kilowatts(l.PumpPower)}
	n.Sketch.Heat = network.Heat{Delivered: heatmap.KilowattHours(l.Delivered), Lost: heatmap.KilowattHours(l.Lost), Peak: heatmap.Kilowatts(l.Peak), Connected: heatmap.Kilowatts(l.Connected)}
	for _, s := range l.Sizes {
		n.Pipes = append(n.Pipes, network.Pipe{DN: s.DN, Outer: s.Outer / 1000, Wall: (s.Outer - s.Inner) / 2000, U: s.U})
	}
	node := n.nodes(l.Pieces)
	for _, s := range l.Feeds {
		if at, ok := node[s.Node]; ok {
			n.Sources = append(n.Sources, network.Source{ID: s.ID, Node: at, Power: heatmap.Kilowatts(s.Power)})
		}
	}
	for _, c := range l.Takes {
		if at, ok := node[c.Node]; ok {
			n.Consumers = append(n.Consumers, network.Consumer{ID: c.ID, Node: at, Power: heatmap.Kilowatts(c.Power), Connections: c.Connections})
		}
	}
	n.From = r.From
	return n, true
}

// nodes makes graph, segments and trees of pieces; node says which node of the graph
// stands for one of the plan.
func (n *Net) nodes(pieces []plan.Piece) (node map[int]int) {
	node = map[int]int{}
	var points []geo.Point
	number := func(plan int, at [2]float64) int {
		i, known := node[plan]
		if !known {
			i = len(points)
			node[plan], points = i, append(points, geo.Point{X: at[0], Y: at[1]})
		}
		return i
	}
	var edges []street.Edge
	for i, p := range pieces {
		from, to := number(p.From, p.Line[0]), number(p.To, p.Line[len(p.Line)-1])
		var line geo.Line
		for _, at := range p.Line {
			line = append(line, geo.Point{X: at[0], Y: at[1]})
		}
		edges = append(edges, street.Edge{From: from, To: to, Metres: p.Metres, Street: p.Street, Connector: p.Connector, Line: line})
		n.Sketch.Segments = append(n.Sketch.Segments, network.Segment{Edge: i, From: from, To: to, Street: p.Street, Connector: p.Connector, Line: line, Metres: p.Metres,
			Power: heatmap.Kilowatts(p.Power), DN: p.DN, Velocity: p.Velocity, Gradient: p.Gradient, Loss: p.Loss})
	}
	n.Graph = street.New(points, edges)
	n.Sketch.Trees = treesOf(len(points), edges)
	return node
}

// treesOf are the parts that edges join, by their first node.
func treesOf(nodes int, edges []street.Edge) []network.Tree {
	root := make([]int, nodes)
	for i := range root {
		root[i] = i
	}
	var find func(i int) int
	find = func(i int) int {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	for _, e := range edges {
		a, b := find(e.From), find(e.To)
		root[max(a, b)] = min(a, b)
	}
	index := map[int]int{}
	var trees []network.Tree
	for i := range root {
		first := find(i)
		if first == i {
			index[i] = len(trees)
			trees = append(trees, network.Tree{})
		}
		t := &trees[index[first]]
		t.Nodes = append(t.Nodes, i)
	}
	for i, e := range edges {
		t := &trees[index[find(e.From)]]
		t.Edges = append(t.Edges, i)
		t.Metres += e.Metres
	}
	return trees
}

// assumptionsOf are the assumptions of a plan in the form that sketches have.
func assumptionsOf(list []plan.Assumption) network.Assumptions {
	a := network.DefaultAssumptions()
	values := map[string]plan.Assumption{}
	for _, one := range list {
		values[one.Code] = one
	}
	for _, stated := range a.All() {
		if one, ok := values[stated.Code]; ok {
			*stated.Assumption = network.Assumption{Value: one.Value, Low: one.Low, High: one.High, Source: one.Source, Basis: network.Basis(one.Basis)}
		}
	}
	return a
}
