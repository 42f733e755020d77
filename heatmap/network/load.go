package network

import (
	"cmp"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/street"
)

// load is what a piece of the tree carries.
type load struct {
	power       float64 // kW
	connections int
	reversed    bool // it flows from the edge's To to its From
}

// loads are those of the edges of a tree, in their order.
type loads struct {
	carried []load
	peak    float64 // kW that all consumers of the part take at the same time
}

// side is what lies on one side of a piece.
type side struct {
	supply, demand float64 // kW
	connections    int
}

func (s side) plus(o side) side {
	return side{s.supply + o.supply, s.demand + o.demand, s.connections + o.connections}
}

// newLoads adds up, from the leaves inwards, what lies behind each edge.
func newLoads(g *street.Graph, p part, floor float64) loads {
	index := make(map[int]int, len(p.tree.Edges))
	for i, e := range p.tree.Edges {
		index[e] = i
	}
	own := make(map[int]side, len(p.tree.Nodes))
	all := side{}
	for _, s := range p.sources {
		own[s.Node] = own[s.Node].plus(side{supply: float64(s.Power)})
		all.supply += float64(s.Power)
	}
	for _, c := range p.consumers {
		add := side{demand: float64(c.Power), connections: c.connections()}
		own[c.Node] = own[c.Node].plus(add)
		all = all.plus(add)
	}
	// Nodes in the order in which a walk from the first source meets them.
	type step struct{ node, edge, parent int }
	walk := []step{{p.sources[0].Node, -1, -1}}
	for i := 0; i < len(walk); i++ {
		at := walk[i]
		g.At(at.node, func(edge, other int) {
			if _, in := index[edge]; in && edge != at.edge {
				walk = append(walk, step{other, edge, at.node})
			}
		})
	}
	l := loads{carried: make([]load, len(p.tree.Edges)), peak: Diversity(all.connections, floor) * all.demand}
	need := func(s side) float64 { // what a side takes beyond its share of the supply
		return Diversity(s.connections, floor)*s.demand - s.supply/all.supply*l.peak
	}
	for _, at := range slices.Backward(walk[1:]) {
		behind := own[at.node]
		before := side{all.supply - behind.supply, all.demand - behind.demand, all.connections - behind.connections}
		outward := g.Edges[at.edge].To == at.node
		carried := load{need(behind), behind.connections, !outward}
		if back := need(before); back > carried.power {
			carried = load{back, before.connections, outward}
		}
		carried.power = max(0, carried.power)
		l.carried[index[at.edge]] = carried
		own[at.parent] = own[at.parent].plus(behind)
	}
	return l
}

// byID sorts a copy by id.
func byID[T any](list []T, id func(T) string) []T {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return sorted
}

// sizer chooses pipes.
type sizer struct {
	pipes    Pipes
	prices   Prices
	a        Assumptions
	water    energy.Celsius // the mean of flow and return
	density  float64        // kg/m³
	velocity []float64      // m/s, the highest that both limits allow, of each size
	loss     []float64      // W/m of trench, of each size
}

func newSizer(in Input) *sizer {
	a := in.Assumptions
	z := &sizer{pipes: in.Pipes, prices: in.Prices, a: a}
	z.water = energy.Celsius((a.FlowTemperature.Value + a.ReturnTemperature.Value) / 2)
	z.density = Density(z.water)
	for _, p := range in.Pipes {
		z.velocity = append(z.velocity, z.highest(p))
		z.loss = append(z.loss, p.Loss(a)*(float64(z.water)-a.GroundTemperature.Value))
	}
	return z
}

// highest is the highest velocity of a size: that of the table, or less where the
// gradient would exceed its limit. At a given gradient Colebrook's equation is
// solved for the velocity without iteration, since Re √λ does not depend on it.
func (z *sizer) highest(p Pipe) float64 {
	limit, d := z.a.GradientLimit.Value, p.Inner()
	if z.gradient(p, p.Velocity) <= limit {
		return p.Velocity
	}
	viscosity := Viscosity(z.water) / z.density // m²/s
	root := math.Sqrt(2 * d * limit / z.density)
	v := -2 * root * math.Log10(z.a.Roughness.Value/1000/d/3.71+2.51*viscosity/(d*root))
	if v*d/viscosity <= 2320 {
		v = min(limit*d*d/(32*viscosity*z.density), 2320*viscosity/d)
	}
	return min(v, p.Velocity)
}

func (z *sizer) gradient(p Pipe, velocity float64) float64 {
	return Gradient(velocity, p.Inner(), z.a.Roughness.Value/1000, z.water)
}

// massFlow is that which carries a power in kW, in kg/s.
func (z *sizer) massFlow(power float64) float64 {
	return MassFlow(heatmap.Kilowatts(power), z.a.FlowTemperature.Value-z.a.ReturnTemperature.Value)
}

// area is the cross-section in m².
func area(p Pipe) float64 { return math.Pi / 4 * p.Inner() * p.Inner() }

// segment is an edge with the smallest size that carries its load.
func (z *sizer) segment(g *street.Graph, edge int, l load) Segment {
	e := g.Edges[edge]
	flow := z.massFlow(l.power)
	i, velocity := 0, 0.0
	for ; ; i++ {
		velocity = flow / z.density / area(z.pipes[i])
		if velocity <= z.velocity[i] || i == len(z.pipes)-1 {
			break
		}
	}
	price := z.prices[z.pipes[i].DN]
	paved := z.a.PavedShare.Value
	return Segment{
		Edge: edge, From: e.From, To: e.To, Street: e.Street, Connector: e.Connector, Line: e.Line, Metres: e.Metres, Connections: l.connections,
		Power: heatmap.Kilowatts(l.power), Reversed: l.reversed, MassFlow: flow, DN: z.pipes[i].DN, Velocity: velocity,
		Gradient: z.gradient(z.pipes[i], velocity), Loss: z.loss[i], Overloaded: velocity > z.velocity[i],
		Investment: e.Metres * (paved*price.Paved + (1-paved)*price.Unpaved) * z.a.PriceFactor.Value,
	}
}
