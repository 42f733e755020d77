package plot

import (
	"html"
	"math"

	"heatledger/reporting/chart"
)

// Sankey are flows from left to right, as thick as they are great. What is not
// measured has no thickness: it is a dashed line that says so.
type Sankey struct {
	Head
	Unit  string
	Nodes []Node
	Flows []Flow
	// Unknown is what is written in place of the number of what is not measured:
	// "not measured". Rest is what flows are called that are a difference, in words.
	Unknown, Rest string
}

// Node is a place that flows come to and go from, in a column from 0. Its value is
// written beside it; NaN is not measured. Nodes of a column stand in the order given.
type Node struct {
	Name   string
	Column int
	Value  float64
}

// Flow leads from one node to another, by their places among the nodes. A flow of NaN
// is not measured. Rest is one that nobody measured, but that follows from others.
type Flow struct {
	From, To int
	Value    float64
	Rest     bool
}

// Of a Sankey: the width of a node, the room for its two lines of text, and the room
// that a node without a number gets.
const (
	nodeWidth  = 14.0
	nodeText   = 36.0
	nodeThin   = 8.0
	nodeHeight = 190.0 // of the greatest column
)

// placed is a node in the picture, and how much of either side is taken by flows.
type placed struct{ x, y, height, out, in float64 }

// SVG is the picture.
func (p Sankey) SVG(width int) string {
	columns, most, deepest := 0, 0.0, 0
	sums, counts := map[int]float64{}, map[int]int{}
	for _, node := range p.Nodes {
		columns = max(columns, node.Column+1)
		counts[node.Column]++
		deepest = max(deepest, counts[node.Column])
		if !math.IsNaN(node.Value) {
			sums[node.Column] += node.Value
			most = max(most, sums[node.Column])
		}
	}
	c := newCanvas(p.Head, chart.Size{Width: width, Height: int(nodeHeight + float64(deepest)*(nodeText+nodeThin) + 30)}, "img")
	c.f(`<defs><pattern id="%s-rest" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="#dfe5ea"/><rect width="3" height="8" fill="#9aa5af"/></pattern></defs>`, c.id)
	per := 0.0 // px of a unit
	if most > 0 {
		per = nodeHeight / most
	}
	places := p.place(float64(width), columns, per)
	for _, flow := range p.Flows {
		p.flow(c, flow, places, per)
	}
	for i, node := range p.Nodes {
		p.node(c, node, places[i], columns)
	}
	if p.hasRest() {
		c.legend(float64(c.size.Height)-20, []key{{paint: `fill="url(#` + c.id + `-rest)"`, name: p.Rest}})
	}
	return c.end()
}

func (p Sankey) hasRest() bool {
	for _, flow := range p.Flows {
		if flow.Rest {
			return true
		}
	}
	return false
}

// place stands the nodes of each column below each other.
func (p Sankey) place(width float64, columns int, per float64) []*placed {
	places, free := make([]*placed, len(p.Nodes)), map[int]float64{}
	for i, node := range p.Nodes {
		x := (width - nodeWidth) * float64(node.Column) / float64(max(1, columns-1))
		height := nodeThin
		if !math.IsNaN(node.Value) {
			height = max(1.5, node.Value*per)
		}
		places[i] = &placed{x: x, y: free[node.Column] + nodeText, height: height}
		free[node.Column] += nodeText + height + nodeThin
	}
	return places
}

func (p Sankey) node(c *canvas, node Node, at *placed, columns int) {
	value := p.Unknown
	paint := `fill="none" stroke="currentColor" stroke-dasharray="3 2"`
	if !math.IsNaN(node.Value) {
		value, paint = say(p.Lang, node.Value, p.Unit), `fill="currentColor"`
	}
	c.box(at.x, at.y, nodeWidth, at.height, paint)
	x, anchor := at.x+nodeWidth/2, "middle"
	switch node.Column {
	case 0:
		x, anchor = at.x, "start"
	case columns - 1:
		x, anchor = at.x+nodeWidth, "end"
	}
	c.name(x, at.y-21, anchor, node.Name, letter, "")
	c.name(x, at.y-6, anchor, value, letter, `font-weight="700"`)
}

// colour is that of the end of a flow that fewer flows come to and go from: what runs
// through a node keeps its colour.
func (p Sankey) colour(flow Flow) string {
	degree := map[int]int{}
	for _, one := range p.Flows {
		degree[one.From]++
		degree[one.To]++
	}
	node := flow.To
	if degree[flow.From] < degree[flow.To] {
		node = flow.From
	}
	return []string{blue, orange, green, grey, purple, teal, brown}[node%7]
}

// flow draws one band. It names itself to who points at it.
func (p Sankey) flow(c *canvas, flow Flow, places []*placed, per float64) {
	from, to := places[flow.From], places[flow.To]
	title := p.Nodes[flow.From].Name + " → " + p.Nodes[flow.To].Name + ": "
	x1, x2 := from.x+nodeWidth, to.x
	middle := (x1 + x2) / 2
	if math.IsNaN(flow.Value) {
		y1, y2 := from.y+from.height/2, to.y+to.height/2
		c.f(`<path d="M%s %sC%s %s %s %s %s %s" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="3 4"><title>%s</title></path>`,
			n(x1), n(y1), n(middle), n(y1), n(middle), n(y2), n(x2), n(y2), html.EscapeString(title+p.Unknown))
		return
	}
	thick := flow.Value * per
	a, b := from.y+from.out, to.y+to.in
	from.out, to.in = from.out+thick, to.in+thick
	paint := `fill="` + p.colour(flow) + `" fill-opacity=".42"`
	if flow.Rest {
		paint = `fill="url(#` + c.id + `-rest)"`
	}
	c.f(`<path d="M%s %sC%s %s %s %s %s %sV%sC%s %s %s %s %s %sz" %s><title>%s</title></path>`,
		n(x1), n(a), n(middle), n(a), n(middle), n(b), n(x2), n(b), n(b+max(1, thick)),
		n(middle), n(b+thick), n(middle), n(a+thick), n(x1), n(a+max(1, thick)), paint, html.EscapeString(title+say(p.Lang, flow.Value, p.Unit)))
}
