package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"heatledger/reporting/chart"
)

// Carpet is a year of hours as colours: a column a day, the hours of the clock above
// each other (on a telephone a row a day). An hour that the clock shows twice has its
// two halves in one place; one that the clock leaves out is marked as left out.
type Carpet struct {
	Head
	Unit            string
	Days            []Day
	Absent, Skipped string // what a hatched hour and one that the clock leaves out are called
}

// Day is a local day of a [Carpet] with its 23, 24 or 25 hours in their order.
type Day struct {
	Label string // "2025-06-03"
	Hours []Hour
}

// Hour is an hour of a [Day]: what the clock shows at its beginning, 0 to 23, and its
// value; NaN is absent.
type Hour struct {
	Clock int
	Value float64
}

// rows are the half hours of a clock's day: an hour that is shown twice has one each.
const rows = 48

// SVG is the picture. Its height follows from its width on a telephone.
func (p Carpet) SVG(width int) string {
	upright := width < narrowest
	values := p.values()
	low, step, count := chart.Steps(values)
	colours := chart.Shades(count)
	size := chart.Size{Width: width, Height: 372}
	if upright {
		size.Height = 150 + 2*len(p.Days)
	}
	c := newCanvas(p.Head, size, "img")
	c.hatch()
	field := p.field(func(v float64) int { return max(0, min(count-1, int((v-low)/step))) }, count, upright)
	var keys []key
	digits := chart.Decimals(step)
	for i, cells := range field.classes {
		if cells.Len() > 0 {
			from, to := chart.Number(p.Lang, low+float64(i)*step, digits), chart.Number(p.Lang, low+float64(i+1)*step, digits)
			keys = append(keys, key{paint: `fill="` + colours[i] + `"`, name: from + "–" + to + " " + p.Unit})
		}
	}
	if field.absent.Len() > 0 {
		keys = append(keys, key{paint: c.gap(), name: p.Absent})
	}
	if field.skipped.Len() > 0 {
		keys = append(keys, key{paint: `fill="currentColor"`, name: p.Skipped})
	}
	top := c.legend(0, keys) + 14
	left, right, bottom := 46.0, float64(width)-4, float64(size.Height)-24
	if upright {
		top += 12
		bottom = float64(size.Height) - 6
	}
	p.frame(c, left, top, right, bottom, upright)
	across, along := len(p.Days), rows
	if upright {
		across, along = rows, len(p.Days)
	}
	// Cells are drawn in steps of whole days and half hours, and stretched.
	place := func(paint string, path *strings.Builder) {
		if path.Len() > 0 {
			c.f(`<path %s d="%s"/>`, paint, path.String())
		}
	}
	c.f(`<svg x="%s" y="%s" width="%s" height="%s" viewBox="0 0 %d %d" preserveAspectRatio="none" shape-rendering="crispEdges">`,
		n(left), n(top), n(right-left), n(bottom-top), across, along)
	for i := range field.classes {
		place(`fill="`+colours[i]+`"`, &field.classes[i])
	}
	place(`fill="currentColor"`, &field.skipped)
	c.WriteString("</svg>")
	// The hatching would be stretched with them: it is laid over by a pattern that is
	// shrunk as they are stretched.
	if field.absent.Len() > 0 {
		sx, sy := (right-left)/float64(across), (bottom-top)/float64(along)
		c.f(`<defs><pattern id="%s-cells" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="scale(%.6f %.6f) rotate(45)"><rect width="6" height="6" fill="#e4e8eb"/><rect width="2" height="6" fill="#77828c"/></pattern></defs>`, c.id, 1/sx, 1/sy)
		c.f(`<g transform="translate(%s %s) scale(%.6f %.6f)"><path fill="url(#%s-cells)" d="%s"/></g>`, n(left), n(top), sx, sy, c.id, field.absent.String())
	}
	return c.end()
}

func (p Carpet) values() []float64 {
	var all []float64
	for _, d := range p.Days {
		for _, h := range d.Hours {
			all = append(all, h.Value)
		}
	}
	return all
}

// cells are the paths of a carpet, one a colour.
type cells struct {
	classes         []strings.Builder
	absent, skipped strings.Builder
}

// field sorts the hours by colour; neighbours of a day that share one are one cell.
func (p Carpet) field(class func(float64) int, count int, upright bool) *cells {
	field := &cells{classes: make([]strings.Builder, count)}
	for day, d := range p.Days {
		column := clockOf(d)
		for from := 0; from < rows; {
			to := from + 1
			for to < rows && same(column[from], column[to], class) {
				to++
			}
			path := &field.skipped
			switch one := column[from]; {
			case !one.there:
			case math.IsNaN(one.value):
				path = &field.absent
			default:
				path = &field.classes[class(one.value)]
			}
			if upright {
				cell(path, from, day, to-from, 1)
			} else {
				cell(path, day, rows-to, 1, to-from)
			}
			from = to
		}
	}
	return field
}

// half is half an hour of the clock: there is false where the clock leaves it out.
type half struct {
	there bool
	value float64
}

// clockOf lays the hours of a day at the clock's.
func clockOf(d Day) [rows]half {
	var column [rows]half
	for _, h := range d.Hours {
		at := 2 * h.Clock
		if !column[at].there {
			column[at], column[at+1] = half{true, h.Value}, half{true, h.Value}
		} else { // for the second time
			column[at+1] = half{true, h.Value}
		}
	}
	return column
}

func same(a, b half, class func(float64) int) bool {
	switch {
	case a.there != b.there || math.IsNaN(a.value) != math.IsNaN(b.value):
		return false
	case !a.there || math.IsNaN(a.value):
		return true
	}
	return class(a.value) == class(b.value)
}

func cell(path *strings.Builder, x, y, width, height int) {
	fmt.Fprintf(path, "M%d %dh%dv%dh-%dz", x, y, width, height, width)
}

// frame writes the months along the days and the clock along the hours.
func (p Carpet) frame(c *canvas, left, top, right, bottom float64, upright bool) {
	days := scale{0, float64(len(p.Days)), left, right}
	clock := scale{0, 24, bottom, top}
	if upright {
		days, clock = scale{0, float64(len(p.Days)), top, bottom}, scale{0, 24, left, right}
	}
	for i, d := range p.Days {
		name, ok := monthOf(d.Label, p.Lang)
		if !ok {
			continue
		}
		at := days.at(float64(i))
		if upright {
			c.line(left-5, at, left, at, `stroke="currentColor"`)
			c.text(left-8, at+12, "end", name)
		} else {
			c.line(at, bottom, at, bottom+5, `stroke="currentColor"`)
			c.text(at+3, bottom+17, "start", name)
		}
	}
	for hour := 0; hour <= 24; hour += 6 {
		at, text := clock.at(float64(hour)), strconv.Itoa(hour)
		if upright {
			c.text(min(at, right-8), top-5, "middle", text)
		} else {
			c.text(left-6, at+4, "end", text+":00")
		}
	}
}
