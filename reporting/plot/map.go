package plot

import (
	"html"
	"math"
	"strings"

	"heatledger/heatmap/geo"
	"heatledger/reporting/chart"
)

// Map is the map of a town, from geometries of its own: no tiles are asked for. Layers
// lie over each other in their order, the marks over all of them.
//
// Positions are longitude and latitude. The paper is the plane of ETRS89 / UTM in the
// zone of the town (EPSG:25832 or 25833), north up, so that lengths are true to less
// than one in a thousand; the bar below says how long a kilometre is.
type Map struct {
	Head
	Layers []Layer
	Marks  []Mark
	// Kinds name the kinds of marks, which are told apart by shape and colour; Sizes
	// those sizes that the legend shows; Levels the levels of areas, the least first.
	Kinds  []string
	Sizes  []Size
	Levels []string
	SizeIs string // what size stands for, before the sizes: "secured power"
}

// Style is what a layer is drawn as.
type Style string

// The styles: ground for orientation, and that of the town itself; areas by level;
// lines by level.
const (
	Ground Style = "ground"
	Town   Style = "town"
	Areas  Style = "areas"
	Lines  Style = "lines"
)

// Layer is shapes of one style. A layer that is Framed is what the map shows; without
// any, it shows all there is.
type Layer struct {
	Name   string // in the legend; "": not there
	Style  Style
	Framed bool
	Shapes []Shape
}

// Shape is a thing of a layer. Level is its class, 0 the least; below 0 nothing is
// known of it, and it is hatched.
type Shape struct {
	Title    string // said to who points at it
	Geometry geo.Geometry
	Level    int
}

// Mark is a thing at a position. Its area grows with Size; 0 is the smallest mark, and
// NaN, of which nothing is known, too.
type Mark struct {
	Name  string // written beside it, where there is room
	Title string // all about it in a line: what a screen reader says
	Link  string // where it leads; "": nowhere
	At    geo.Point
	Size  float64
	Kind  int // in Map.Kinds
}

// Size is a size that the legend shows.
type Size struct {
	Name  string
	Value float64
}

// Marks have from so many px of radius to so many.
const (
	leastMark = 5.0
	mostMark  = 22.0
)

// SVG is the picture. Marks with a link can be reached by keyboard.
func (m Map) SVG(width int) string {
	frame := m.frame()
	sheet := newProjection(frame, width)
	c := newCanvas(m.Head, chart.Size{Width: width, Height: int(sheet.height) + m.legendHeight(width)}, "group")
	c.hatch()
	m.patterns(c)
	c.f(`<svg class="sheet" x="0" y="0" width="%d" height="%s" viewBox="0 0 %d %s" data-map="">`, width, n(sheet.height), width, n(sheet.height))
	for i, layer := range m.Layers {
		c.f(`<g role="presentation" data-layer="%d">`, i)
		for _, shape := range layer.Shapes {
			if sheet.overlaps(shape.Geometry) {
				m.shape(c, sheet, layer.Style, shape)
			}
		}
		c.WriteString("</g>")
	}
	m.marks(c, sheet)
	c.WriteString("</svg>")
	m.legend(c, sheet)
	return c.end()
}

// frame is what the map shows, in degrees.
func (m Map) frame() geo.Box {
	box, framed := geo.EmptyBox(), false
	for _, layer := range m.Layers {
		framed = framed || layer.Framed && len(layer.Shapes) > 0
	}
	for _, layer := range m.Layers {
		if layer.Framed == framed || !framed {
			for _, shape := range layer.Shapes {
				box = box.Union(shape.Geometry.Bounds())
			}
		}
	}
	for _, mark := range m.Marks {
		box = box.With(mark.At)
	}
	if box.Empty() {
		box = geo.Germany()
	}
	return box
}

// patterns tell levels apart where colours cannot: lines that come closer.
func (m Map) patterns(c *canvas) {
	colours := chart.Shades(max(1, len(m.Levels)))
	for i := range m.Levels {
		step := 14 - 10*float64(i)/float64(max(1, len(m.Levels)-1))
		c.f(`<defs><pattern id="%s-l%d" width="%s" height="%s" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="%s" height="%s" fill="%s"/><rect width="1" height="%s" fill="#000" fill-opacity=".35"/></pattern></defs>`,
			c.id, i, n(step), n(step), n(step), n(step), colours[i], n(step))
	}
}

func (m Map) shape(c *canvas, sheet projection, style Style, s Shape) {
	var paint string
	switch style {
	case Town:
		paint = `fill="none" stroke="currentColor" stroke-width="2.5"`
	case Areas:
		paint = c.gap() + ` stroke="` + grey + `"`
		if s.Level >= 0 {
			paint = `fill="url(#` + c.id + `-l` + n(float64(min(s.Level, max(0, len(m.Levels)-1)))) + `)" stroke="` + grey + `"`
		}
	case Lines:
		paint = `fill="none" ` + linePaint(s.Level)
	default:
		paint = `fill="#8a96a1" fill-opacity=".12" stroke="#8a96a1" stroke-width=".8"`
	}
	d := sheet.path(s.Geometry)
	if d == "" {
		return
	}
	c.f(`<path d="%s" vector-effect="non-scaling-stroke" fill-rule="evenodd" %s>`, d, paint)
	if s.Title != "" {
		c.f(`<title>%s</title>`, html.EscapeString(s.Title))
	}
	c.WriteString("</path>")
}

// linePaint tells candidates for a network apart.
func linePaint(level int) string {
	level = max(0, level)
	dashes := []string{"none", "9 4", "3 3", "12 3 3 3"}
	return `stroke="` + []string{red, blue, green, orange}[level%4] + `" stroke-width="3" stroke-linejoin="round" stroke-dasharray="` + dashes[level%4] + `"`
}

// marks draws them, the great ones first, so that none hides another, and names those
// whose names have room.
func (m Map) marks(c *canvas, sheet projection) {
	sizes, marks := m.marking(int(sheet.width)), m.ordered()
	var taken []area
	for _, mark := range marks {
		taken = append(taken, around(sheet.at(mark.At), sizes.of(mark.Size)))
	}
	for i, mark := range marks {
		at, r := sheet.at(mark.At), sizes.of(mark.Size)
		open, end := "<g>", "</g>"
		if mark.Link != "" {
			open, end = `<a href="`+html.EscapeString(mark.Link)+`" aria-label="`+html.EscapeString(mark.Title)+`">`, "</a>"
		}
		c.f(`<g transform="translate(%s %s)" data-at="%s %s"><g class="mark">%s`, n(at.X), n(at.Y), n(at.X), n(at.Y), open)
		if mark.Link == "" {
			c.f(`<g role="img" aria-label="%s">`, html.EscapeString(mark.Title))
		}
		c.f(`<title>%s</title>%s`, html.EscapeString(mark.Title), symbol(mark.Kind, r))
		if mark.Link == "" {
			c.WriteString("</g>")
		}
		c.WriteString(end)
		if name, ok := beside(at, r, mark.Name, taken, i, sheet); ok {
			taken = append(taken, name.area)
			c.f(`<g aria-hidden="true">`)
			c.name(name.x-at.X, name.down, name.anchor, mark.Name, small, "")
			c.WriteString("</g>")
		}
		c.WriteString("</g></g>")
	}
}

// path is a geometry on the paper. Points nearer than half a px to the one before are
// left out; rings stay closed.
func (p projection) path(g geo.Geometry) string {
	var b strings.Builder
	draw := func(line geo.Line, closed bool) {
		last, mark := geo.Point{X: math.Inf(1)}, "M"
		for i, point := range line {
			at := p.at(point)
			if closed && i == len(line)-1 || i > 0 && i < len(line)-1 && math.Hypot(at.X-last.X, at.Y-last.Y) < 0.5 {
				continue
			}
			b.WriteString(mark + n(at.X) + " " + n(at.Y))
			last, mark = at, "L"
		}
		if closed {
			b.WriteString("z")
		}
	}
	for _, polygon := range geo.Polygons(g) {
		for _, ring := range polygon {
			draw(ring, true)
		}
	}
	for _, line := range geo.Lines(g) {
		draw(line, false)
	}
	return b.String()
}
