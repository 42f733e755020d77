package planning

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"

	"heatledger/heatmap/network"
)

// DHNx is a network as the folder of CSV files that DHNx 0.0.3 reads
// (dhnx.network.ThermalNetwork, csv folder; component_attrs of that version):
// producers, consumers, forks, pipes and, where the hours of all of them are
// known, what each consumer asks for in each hour.
//
// Ids are counted from 0, since its reader takes digits for numbers; the column name
// holds ours. Pipes run as heat does. Producers and consumers stand at ends, joined
// by forks, as its optimisation wants: one that stands on the way, or beside
// another, hangs from its fork by a pipe of no length. Diameters are inner ones in
// mm, the heat transfer is that of flow and return together in W/(m K), roughness
// in mm, heat in kW.
func DHNx(n Net) []File {
	d := dhnx{net: n, pipes: n.pipes(), a: n.Sketch.Assumptions, label: map[int]string{}}
	d.consumers = [][]string{{"id", "lat", "lon", "mass_flow", "delta_temp_drop", "P_heat_max", "name"}}
	d.producers = [][]string{{"id", "lat", "lon", "P_heat_max", "name"}}
	d.forks = [][]string{{"id", "lat", "lon"}}
	d.rows = [][]string{{"id", "from_node", "to_node", "length", "diameter", "heat_transfer_coeff", "roughness", "capacity", "dn", "street"}}
	for i, t := range n.trees() {
		d.place(n.Sketch.Trees[i], t)
	}
	for _, s := range n.Sketch.Segments {
		d.segment(s)
	}
	d.joined()
	files := []File{table("consumers.csv", d.consumers), table("forks.csv", d.forks), table("pipes.csv", d.rows), table("producers.csv", d.producers)}
	if hours, ok := n.hours(d.order); ok {
		files = append(files, d.sequence(hours))
	}
	return files
}

// dhnx gathers the tables.
type dhnx struct {
	net                               Net
	pipes                             map[int]network.Pipe
	a                                 network.Assumptions
	label                             map[int]string // of a node of the graph
	consumers, producers, forks, rows [][]string
	order                             []string // ids of consumers as they are numbered
	short                             [][2]string
}

// place gives every node of a tree its place in a table.
func (d *dhnx) place(tree network.Tree, t terminals) {
	degree := make(map[int]int)
	for _, e := range tree.Edges {
		degree[d.net.Graph.Edges[e].From]++
		degree[d.net.Graph.Edges[e].To]++
	}
	for _, node := range tree.Nodes {
		end := t.at(node) == 1 && degree[node] == 1 && len(tree.Nodes) > 2
		if !end {
			id := strconv.Itoa(len(d.forks) - 1)
			d.forks = append(d.forks, append([]string{id}, d.position(node)...))
			d.label[node] = "forks-" + id
		}
		for _, i := range t.sources[node] {
			d.terminal(node, end, d.producer(node, d.net.Sources[i]), true)
		}
		for _, i := range t.consumers[node] {
			d.terminal(node, end, d.consumer(node, d.net.Consumers[i]), false)
		}
	}
}

// terminal is the node itself where it is an end, else hangs from its fork.
func (d *dhnx) terminal(node int, end bool, label string, gives bool) {
	switch {
	case end:
		d.label[node] = label
	case gives:
		d.short = append(d.short, [2]string{label, d.label[node]})
	default:
		d.short = append(d.short, [2]string{d.label[node], label})
	}
}

func (d *dhnx) position(node int) []string {
	at := d.net.Graph.Nodes[node]
	return []string{number(at.Y), number(at.X)}
}

func (d *dhnx) producer(node int, s network.Source) string {
	id := strconv.Itoa(len(d.producers) - 1)
	d.producers = append(d.producers, slices.Concat([]string{id}, d.position(node), []string{number(float64(s.Power)), s.ID}))
	return "producers-" + id
}

func (d *dhnx) consumer(node int, c network.Consumer) string {
	id := strconv.Itoa(len(d.consumers) - 1)
	drop := d.a.FlowTemperature.Value - d.a.ReturnTemperature.Value
	d.consumers = append(d.consumers, slices.Concat([]string{id}, d.position(node),
		[]string{number(network.MassFlow(c.Power, drop)), number(drop), number(float64(c.Power)), c.ID}))
	d.order = append(d.order, c.ID)
	return "consumers-" + id
}

func (d *dhnx) segment(s network.Segment) {
	from, to := d.label[s.From], d.label[s.To]
	if s.Reversed {
		from, to = to, from
	}
	d.pipe(from, to, s.Metres, s.DN, float64(s.Power), s.Street)
}

func (d *dhnx) pipe(from, to string, metres float64, dn int, power float64, street string) {
	p := d.pipes[dn]
	d.rows = append(d.rows, []string{strconv.Itoa(len(d.rows) - 1), from, to, number(metres), number(p.Inner() * 1000), number(p.Loss(d.a)),
		number(d.a.Roughness.Value), number(power), strconv.Itoa(dn), street})
}

// joined adds the pipes of no length, of the widest size there is: they are to
// hold nothing up.
func (d *dhnx) joined() {
	widest := 0
	for dn := range d.pipes {
		widest = max(widest, dn)
	}
	for _, s := range d.short {
		d.pipe(s[0], s[1], 0, widest, 0, "")
	}
}

// sequence is the heat of each consumer in each hour, in kW to a watt. It is written hour
// by hour: a year of a thousand consumers is longer than all the rest of the folder.
func (d *dhnx) sequence(hours int) File {
	return File{Name: "sequences/consumers-heat_flow.csv", write: func(w io.Writer) error {
		row := []byte("timestep")
		for i := range d.order {
			row = strconv.AppendInt(append(row, ','), int64(i), 10)
		}
		out := bufio.NewWriter(w)
		_, _ = out.Write(append(row, '\n')) // Flush tells of the first error
		for h := range hours {
			row = strconv.AppendInt(row[:0], int64(h), 10)
			for _, id := range d.order {
				row = strconv.AppendFloat(append(row, ','), math.Round(d.net.Load[id].power(h)*1000)/1000, 'f', -1, 64)
			}
			_, _ = out.Write(append(row, '\n'))
		}
		return out.Flush()
	}}
}
