package network

import (
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/street"
)

// Sketch is a network with what it does and costs. Slices are sorted, so that the
// same input gives the same sketch.
type Sketch struct {
	Assumptions Assumptions // all it rests on, each with its basis

	Trees     []Tree    // one for each part of the streets that has sources and consumers
	Segments  []Segment // by the number of their edge
	Unreached []string  // consumers that no street joins with a source
	Idle      []string  // sources that no street joins with a consumer

	Trench   Trench
	Heat     Heat
	Pressure Pressure
	Cost     Cost
}

// Segment is a piece of the network between two nodes: flow and return in one trench.
type Segment struct {
	Edge        int    // of the graph
	From, To    int    // its nodes; Line runs from From to To
	Street      string // of a connector the id of its site
	Connector   bool
	Line        geo.Line // in degrees
	Metres      float64
	Connections int               // those behind it
	Power       heatmap.Kilowatts // that it is laid out for
	Reversed    bool              // heat flows from To to From
	MassFlow    float64           // kg/s
	DN          int
	Velocity    float64 // m/s
	Gradient    float64 // Pa/m, of the straight pipe, one way
	Loss        float64 // W/m of trench, in the mean of the year
	Investment  float64 // euros, without planning and grants
	// Overloaded: even the largest size of the table is beyond its limits.
	Overloaded bool
}

// Trench is how long the network is.
type Trench struct {
	Metres     float64 // all of it
	Connectors float64 // metres of it between streets and sites
	Bound      float64 // metres no network of the same terminals goes below ([Tree.Bound])
	// Density is the linear heat density in MWh/(m a): heat delivered for each metre
	// of trench; 0 without a trench.
	Density float64
}

// Heat is what the network carries in a year.
type Heat struct {
	Delivered heatmap.KilowattHours // to the consumers
	Lost      heatmap.KilowattHours // to the ground
	Fed       heatmap.KilowattHours // in: both together
	LostShare float64               // of what is fed in
	Peak      heatmap.Kilowatts     // that the consumers take at the same time
	FedPeak   heatmap.Kilowatts     // with the losses
	Connected heatmap.Kilowatts     // the sum of the consumers' powers
}

// Pressure is what the pumps have to overcome at the peak.
type Pressure struct {
	Bar         float64 // of the highest pump: there and back, with fittings and station
	Source      string  // where it stands
	Consumer    string  // to whom it has to reach
	Pump        heatmap.Kilowatts
	Electricity heatmap.KilowattHours // a year
}

// Lay routes the network and sizes it. It errs with all faults of the input
// ([Input.Check]). Consumers and sources that no street joins are listed and left
// out of every number; at least one consumer must remain.
//
// Each piece carries what lies behind it: on a tree everything on one side of it.
// The power that the ground takes is not added: it is a few per cent at the peak.
// Sources share the peak by their powers, so that a piece carries the larger of
// what either side lacks at its own simultaneity.
func Lay(in Input) (Sketch, error) {
	in = in.withDefaults()
	if faults := in.Check(); len(faults) > 0 {
		return Sketch{}, faults
	}
	parts := partition(in)
	if len(parts) == 0 {
		var f faults
		f.add("the network", "", "no street joins a source with a consumer", "check the street graph for parts that are not joined")
		return Sketch{}, energy.Faults(f)
	}
	in.Assumptions.Check(func(_, _, _, _ string) {}) // settles the bases; faults were named above
	for i := range parts {
		tree, err := Route(in.Graph, parts[i].terminals())
		if err != nil {
			panic("network: route within a part of the streets: " + err.Error())
		}
		parts[i].tree = tree
	}
	return lay(in, parts), nil
}

// part is a part of the streets with its sources and consumers.
type part struct {
	sources   []Source
	consumers []Consumer
	tree      Tree
	peak      float64 // kW that the consumers take at the same time; set once it is sized
}

func (p part) terminals() []int {
	var nodes []int
	for _, s := range p.sources {
		nodes = append(nodes, s.Node)
	}
	for _, c := range p.consumers {
		nodes = append(nodes, c.Node)
	}
	return nodes
}

// partition are the parts of the streets that have a source and a consumer.
func partition(in Input) []part {
	number := make([]int, len(in.Graph.Nodes))
	all := in.Graph.Parts()
	parts := make([]part, len(all))
	for i, p := range all {
		for _, n := range p.Nodes {
			number[n] = i
		}
	}
	for _, s := range byID(in.Sources, func(s Source) string { return s.ID }) {
		parts[number[s.Node]].sources = append(parts[number[s.Node]].sources, s)
	}
	for _, c := range byID(in.Consumers, func(c Consumer) string { return c.ID }) {
		parts[number[c.Node]].consumers = append(parts[number[c.Node]].consumers, c)
	}
	return slices.DeleteFunc(parts, func(p part) bool { return len(p.sources) == 0 || len(p.consumers) == 0 })
}

// lay sizes trees that are routed already.
func lay(in Input, parts []part) Sketch {
	s := Sketch{Assumptions: in.Assumptions}
	reached := make(map[string]bool)
	z := newSizer(in)
	for i := range parts {
		p := &parts[i]
		s.Trees = append(s.Trees, p.tree)
		s.Trench.Bound += p.tree.Bound
		loads := newLoads(in.Graph, *p, in.Assumptions.DiversityFloor.Value)
		for i, edge := range p.tree.Edges {
			s.Segments = append(s.Segments, z.segment(in.Graph, edge, loads.carried[i]))
		}
		p.peak = loads.peak
		s.Heat.Peak += heatmap.Kilowatts(loads.peak)
		for _, c := range p.consumers {
			s.Heat.Delivered += c.Heat
			s.Heat.Connected += c.Power
			reached["c"+c.ID] = true
		}
		for _, src := range p.sources {
			reached["s"+src.ID] = true
		}
	}
	slices.SortFunc(s.Segments, func(a, b Segment) int { return a.Edge - b.Edge })
	for _, c := range byID(in.Consumers, func(c Consumer) string { return c.ID }) {
		if !reached["c"+c.ID] {
			s.Unreached = append(s.Unreached, c.ID)
		}
	}
	for _, src := range byID(in.Sources, func(s Source) string { return s.ID }) {
		if !reached["s"+src.ID] {
			s.Idle = append(s.Idle, src.ID)
		}
	}
	s.total(in.Assumptions)
	s.press(in, parts, z)
	s.cost(in, parts)
	return s
}

// total adds up metres and heat.
func (s *Sketch) total(a Assumptions) {
	watts := 0.0
	for _, seg := range s.Segments {
		s.Trench.Metres += seg.Metres
		if seg.Connector {
			s.Trench.Connectors += seg.Metres
		}
		watts += seg.Loss * seg.Metres
	}
	s.Heat.Lost = heatmap.KilowattHours(watts / 1000 * a.HeatedHours.Value)
	s.Heat.Fed = s.Heat.Delivered + s.Heat.Lost
	if s.Heat.Fed > 0 {
		s.Heat.LostShare = float64(s.Heat.Lost / s.Heat.Fed)
	}
	s.Heat.FedPeak = s.Heat.Peak + heatmap.Kilowatts(watts/1000)
	if s.Trench.Metres > 0 {
		s.Trench.Density = float64(s.Heat.Delivered) / 1000 / s.Trench.Metres
	}
}

// press finds the pumps' head, power and electricity. Along the way of the flow
// pressure falls; each source's pump lifts it from that of the consumer where it is
// least to its own, for the part of the flow the source gives.
func (s *Sketch) press(in Input, parts []part, z *sizer) {
	segments := make(map[int]Segment, len(s.Segments))
	for _, seg := range s.Segments {
		segments[seg.Edge] = seg
	}
	for _, p := range parts {
		head := heads(in.Graph, p, segments, in.Assumptions.FittingsShare.Value)
		lowest, where, supply := math.Inf(1), "", 0.0
		for _, c := range p.consumers {
			if head[c.Node] < lowest {
				lowest, where = head[c.Node], c.ID
			}
		}
		for _, src := range p.sources {
			supply += float64(src.Power)
		}
		flow := z.massFlow(p.peak) / z.density // m³/s
		for _, src := range p.sources {
			pascal := 2*(head[src.Node]-lowest) + in.Assumptions.StationPressure.Value*1e5
			if bar := pascal / 1e5; bar > s.Pressure.Bar {
				s.Pressure.Bar, s.Pressure.Source, s.Pressure.Consumer = bar, src.ID, where
			}
			watts := pascal * flow * float64(src.Power) / supply / in.Assumptions.PumpEfficiency.Value
			s.Pressure.Pump += heatmap.Kilowatts(max(0, watts) / 1000)
		}
	}
	s.Pressure.Electricity = heatmap.KilowattHours(float64(s.Pressure.Pump) * in.Assumptions.PumpHours.Value)
}

// heads are the pressures in Pa of the nodes of a tree in the flow pipe, those of
// the first source being 0.
func heads(g *street.Graph, p part, segments map[int]Segment, fittings float64) map[int]float64 {
	head := make(map[int]float64, len(p.tree.Nodes))
	head[p.sources[0].Node] = 0
	queue := []int{p.sources[0].Node}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		g.At(n, func(edge, other int) {
			seg, in := segments[edge]
			if _, known := head[other]; known || !in {
				return
			}
			drop := seg.Gradient * seg.Metres * (1 + fittings)
			if (seg.From == n) == seg.Reversed { // the flow comes from the other node
				drop = -drop
			}
			head[other] = head[n] - drop
			queue = append(queue, other)
		})
	}
	return head
}
