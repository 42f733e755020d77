package plot

import (
	"math"
	"strings"

	"heatledger/reporting/chart"
)

// Scatter is one quantity against another: a dot for each hour, and over them, for
// classes of the one, what the other mostly is.
type Scatter struct {
	Head
	XUnit, YUnit string
	XName, YName string
	Dots         string       // what a dot is called
	Points       [][2]float64 // x, y; dots that lie on each other are drawn once
	Classes      []Class
	Spread       string // what the bar of a class is called
	Second       string // what the mark of a class's second mean is called
}

// Class are the values of y where x is from From to To: the middle, and where the
// middle 80 % lie. Second is the mean of another quantity; NaN is absent.
type Class struct{ From, To, P10, P50, P90, Second float64 }

// SVG is the picture.
func (p Scatter) SVG(width int) string {
	c := newCanvas(p.Head, chart.Size{Width: width, Height: 380}, "img")
	keys := []key{{paint: `fill="` + grey + `" fill-opacity=".55"`, dot: true, name: p.Dots}, {paint: `stroke="` + blue + `" stroke-width="3"`, line: true, name: p.Spread}}
	if p.hasSecond() {
		keys = append(keys, key{paint: `stroke="` + orange + `" stroke-width="3" stroke-dasharray="3 3"`, line: true, name: p.Second})
	}
	top := c.legend(0, keys) + 20
	low, high, most := p.extent()
	bottom := float64(c.size.Height) - 42
	up := rule(low, high, bottom, top)
	left, right := up.width(p.Lang)+10, float64(width)-6
	along := rule(0, most, left, right)
	c.rising(up, left, right, p.Lang, true)
	c.running(along, bottom, p.Lang)
	c.note(0, top-8, "start", p.YName+" ("+p.YUnit+")", small)
	c.note(right, bottom+36, "end", p.XName+" ("+p.XUnit+")", small)
	p.dots(c, along.scale, up.scale)
	for _, class := range p.Classes {
		from, to := along.at(class.From)+1, along.at(class.To)-1
		if !math.IsNaN(class.P50) {
			c.f(`<path d="M%s %sH%sM%s %sV%s" fill="none" stroke="%s" stroke-width="3"/>`, n(from), n(up.at(class.P50)), n(to),
				n((from+to)/2), n(up.at(class.P10)), n(up.at(class.P90)), blue)
		}
		if !math.IsNaN(class.Second) {
			c.line(from, up.at(class.Second), to, up.at(class.Second), `stroke="`+orange+`" stroke-width="3" stroke-dasharray="3 3"`)
		}
	}
	return c.end()
}

func (p Scatter) hasSecond() bool {
	for _, class := range p.Classes {
		if !math.IsNaN(class.Second) {
			return true
		}
	}
	return false
}

// extent is the least and the greatest y and the greatest x.
func (p Scatter) extent() (low, high, most float64) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(x, y float64) {
		if math.IsNaN(x) || math.IsNaN(y) {
			return
		}
		low, high, most = min(low, y), max(high, y), max(most, x)
	}
	for _, point := range p.Points {
		take(point[0], point[1])
	}
	for _, class := range p.Classes {
		take(class.To, class.P10)
		take(class.To, class.P90)
		take(class.To, class.Second)
	}
	if high < low {
		return 0, 1, 1
	}
	return low, high, most
}

// dots draws each place of the paper once, in a grid of two px.
func (p Scatter) dots(c *canvas, along, up scale) {
	seen := map[[2]int]bool{}
	var path strings.Builder
	for _, point := range p.Points {
		if math.IsNaN(point[0]) || math.IsNaN(point[1]) {
			continue
		}
		at := [2]int{int(along.at(point[0])/2) * 2, int(up.at(point[1])/2) * 2}
		if seen[at] {
			continue
		}
		seen[at] = true
		path.WriteString("M" + n(float64(at[0])) + " " + n(float64(at[1])) + "h.1")
	}
	c.f(`<path d="%s" fill="none" stroke="%s" stroke-opacity=".55" stroke-width="3" stroke-linecap="round"/>`, path.String(), grey)
}
