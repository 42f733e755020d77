package planning

import (
	"fmt"
	"math"
	"strconv"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/network"
)

// Pandapipes is a network as a folder of the element tables of pandapipes 0.14, one
// CSV file each with the columns of that version, and read.py, which makes the net of
// them and computes it:
//
//   - junction, junction_geodata (EPSG:4326): each node twice, flow and return
//   - pipe: each piece twice; diameters in mm, lengths in km, heat transfer in
//     W/(m² K) of the outer surface, half of the trench's on each pipe; bends and
//     branches as loss coefficient
//   - circ_pump_pressure: the strongest source of each tree
//   - heat_consumer: consumers, with what they take at the same time, so that their
//     sum is the sketch's peak; other sources give with the flow of their share
//
// Pressures are in bar, temperatures in K. The return is held at a pressure that the
// export assumes.
func Pandapipes(n Net) []File {
	p := pandapipes{net: n, pipes: n.pipes(), a: n.Sketch.Assumptions, junction: map[int]int{}}
	p.junctions = [][]string{{"", "name", "pn_bar", "tfluid_k", "height_m", "in_service", "type"}}
	p.places = [][]string{{"", "x", "y"}}
	p.rows = [][]string{{"", "name", "from_junction", "to_junction", "std_type", "length_km", "inner_diameter_mm", "outer_diameter_mm", "k_mm",
		"loss_coefficient", "u_w_per_m2k", "text_k", "sections", "in_service", "type"}}
	p.consumers = [][]string{{"", "name", "from_junction", "to_junction", "qext_w", "controlled_mdot_kg_per_s", "deltat_k", "treturn_k", "in_service", "type"}}
	p.pumps = [][]string{{"", "name", "return_junction", "flow_junction", "p_flow_bar", "t_flow_k", "plift_bar", "in_service", "type"}}
	for i, t := range n.trees() {
		p.tree(n.Sketch.Trees[i], t)
	}
	for _, s := range n.Sketch.Segments {
		p.segment(s)
	}
	return []File{table("circ_pump_pressure.csv", p.pumps), table("heat_consumer.csv", p.consumers), table("junction.csv", p.junctions),
		table("junction_geodata.csv", p.places), table("pipe.csv", p.rows), {Name: "read.py", Data: []byte(pandapipesReader)}}
}

// heldBar is the pressure of the return at the pump, in bar: enough above that of
// boiling water for the temperatures of a heat network. Ours, to be replaced.
const heldBar = 3

// kelvins are added to degrees Celsius.
const kelvins = 273.15

// pandapipes gathers the tables.
type pandapipes struct {
	net                                       Net
	pipes                                     map[int]network.Pipe
	a                                         network.Assumptions
	junction                                  map[int]int // of the flow at a node; the return follows
	junctions, places, rows, consumers, pumps [][]string
}

// tree adds junctions, pump and consumers of a tree.
func (p *pandapipes) tree(tree network.Tree, t terminals) {
	for _, node := range tree.Nodes {
		p.node(node)
	}
	strongest, supply := -1, heatmap.Kilowatts(0)
	connections, demand := 0, heatmap.Kilowatts(0)
	for _, node := range tree.Nodes {
		for _, i := range t.sources[node] {
			s := p.net.Sources[i]
			supply += s.Power
			if strongest < 0 || s.Power > p.net.Sources[strongest].Power {
				strongest = i
			}
		}
		for _, i := range t.consumers[node] {
			connections += max(1, p.net.Consumers[i].Connections)
			demand += p.net.Consumers[i].Power
		}
	}
	share := network.Diversity(connections, p.a.DiversityFloor.Value)
	for _, node := range tree.Nodes {
		for _, i := range t.consumers[node] {
			p.consumer(p.net.Consumers[i], share)
		}
		for _, i := range t.sources[node] {
			if i == strongest {
				p.pump(p.net.Sources[i])
			} else {
				p.source(p.net.Sources[i], heatmap.Kilowatts(share)*demand/supply*p.net.Sources[i].Power)
			}
		}
	}
}

// node adds the junctions of flow and return.
func (p *pandapipes) node(node int) {
	at := p.net.Graph.Nodes[node]
	p.junction[node] = len(p.junctions) - 1
	for _, side := range []struct {
		name string
		t    float64
	}{{"flow", p.a.FlowTemperature.Value}, {"return", p.a.ReturnTemperature.Value}} {
		index := strconv.Itoa(len(p.junctions) - 1)
		p.junctions = append(p.junctions, []string{index, fmt.Sprintf("%s %d", side.name, node), number(heldBar), number(side.t + kelvins), "0", "True", "junction"})
		p.places = append(p.places, []string{index, number(at.X), number(at.Y)})
	}
}

// sides are the numbers of the junctions of a node.
func (p *pandapipes) sides(node int) (flow, back string) {
	return strconv.Itoa(p.junction[node]), strconv.Itoa(p.junction[node] + 1)
}

func (p *pandapipes) consumer(c network.Consumer, share float64) {
	flow, back := p.sides(c.Node)
	drop := p.a.FlowTemperature.Value - p.a.ReturnTemperature.Value
	p.heat(c.ID, flow, back, number(share*float64(c.Power)*1000), "", number(drop), "heat_consumer")
}

// source is a source beside the pump: it heats what it lets through from the return
// to the flow.
func (p *pandapipes) source(s network.Source, power heatmap.Kilowatts) {
	flow, back := p.sides(s.Node)
	drop := p.a.FlowTemperature.Value - p.a.ReturnTemperature.Value
	p.heat(s.ID, back, flow, number(-float64(power)*1000), number(network.MassFlow(power, drop)), "", "source")
}

func (p *pandapipes) heat(id, from, to, watts, flow, drop, kind string) {
	p.consumers = append(p.consumers, []string{strconv.Itoa(len(p.consumers) - 1), id, from, to, watts, flow, drop, "", "True", kind})
}

func (p *pandapipes) pump(s network.Source) {
	flow, back := p.sides(s.Node)
	lift := p.net.Sketch.Pressure.Bar
	p.pumps = append(p.pumps, []string{strconv.Itoa(len(p.pumps) - 1), s.ID, back, flow, number(heldBar + lift), number(p.a.FlowTemperature.Value + kelvins), number(lift), "True", "pt"})
}

// segment adds a piece: flow as heat runs, return against it.
func (p *pandapipes) segment(s network.Segment) {
	from, to := s.From, s.To
	if s.Reversed {
		from, to = to, from
	}
	size := p.pipes[s.DN]
	water := (p.a.FlowTemperature.Value + p.a.ReturnTemperature.Value) / 2
	bends := 0.0 // what they take of the pressure, in terms of the flow's own
	if s.Velocity > 0 {
		bends = p.a.FittingsShare.Value * s.Gradient * s.Metres / (network.Density(energy.Celsius(water)) / 2 * s.Velocity * s.Velocity)
	}
	u := size.Loss(p.a) / 2 / (math.Pi * size.Outer)
	flowFrom, backTo := p.sides(from)
	flowTo, backFrom := p.sides(to)
	for _, side := range [][3]string{{"flow", flowFrom, flowTo}, {"return", backFrom, backTo}} {
		index := strconv.Itoa(len(p.rows) - 1)
		p.rows = append(p.rows, []string{index, fmt.Sprintf("%s %d", side[0], s.Edge), side[1], side[2], "", number(s.Metres / 1000), number(size.Inner() * 1000), number(size.Outer * 1000),
			number(p.a.Roughness.Value), number(bends), number(u), number(p.a.GroundTemperature.Value + kelvins), "1", "True", "pipe"})
	}
}

// pandapipesReader makes a net of the folder, and computes it.
const pandapipesReader = `"""Reads the tables beside this file into a pandapipes net (pandapipes 0.14 or later).

    python3 read.py          computes flow, pressure and temperature, prints them
    from read import net     gives the net, not computed
"""
import pathlib

import pandapipes
import pandas

folder = pathlib.Path(__file__).resolve().parent


def table(name):
    return pandas.read_csv(folder / (name + ".csv"), index_col=0)


def column(rows, name):
    values = rows[name]
    return [None if pandas.isna(v) else v for v in values]


net = pandapipes.create_empty_network(fluid="water")
rows, places = table("junction"), table("junction_geodata")
pandapipes.create_junctions(net, len(rows), rows.pn_bar, rows.tfluid_k, height_m=rows.height_m, name=rows["name"],
                            index=rows.index, geodata=list(zip(places.x, places.y)))
rows = table("pipe")
pandapipes.create_pipes_from_parameters(
    net, rows.from_junction, rows.to_junction, rows.length_km, rows.inner_diameter_mm,
    outer_diameter_mm=rows.outer_diameter_mm, k_mm=rows.k_mm, loss_coefficient=rows.loss_coefficient,
    u_w_per_m2k=rows.u_w_per_m2k, text_k=rows.text_k, sections=rows.sections, name=rows["name"], index=rows.index)
rows = table("heat_consumer")
pandapipes.create_heat_consumers(
    net, rows.from_junction, rows.to_junction, qext_w=rows.qext_w,
    controlled_mdot_kg_per_s=column(rows, "controlled_mdot_kg_per_s"), deltat_k=column(rows, "deltat_k"),
    name=rows["name"], index=rows.index)
for index, row in table("circ_pump_pressure").iterrows():
    pandapipes.create_circ_pump_const_pressure(
        net, row.return_junction, row.flow_junction, p_flow_bar=row.p_flow_bar, plift_bar=row.plift_bar,
        t_flow_k=row.t_flow_k, name=row["name"], index=index)

if __name__ == "__main__":
    pandapipes.pipeflow(net, mode="bidirectional", iter=100, friction_model="colebrook")
    print(net.res_circ_pump_pressure)
    print(net.res_heat_consumer)
    print(net.res_pipe)
`
