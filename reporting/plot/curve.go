package plot

import (
	"strings"

	"heatledger/reporting/chart"
)

// Curve is a sorted duration curve: the known hours by their power, the greatest
// first. Hours of which nothing is known follow behind them, hatched.
type Curve struct {
	Head
	Unit, Hours string    // of the two axes: "kW", "h"
	Power       []float64 // descending, an hour each
	Of          int       // hours in all
	Name        string    // of the curve
	Absent      string    // what the hours without data are called
	// Full is the rectangle of the same energy: so many hours at the reference power.
	// Levels are powers, each with the hours that reach it.
	Full   Level
	Levels []Level
}

// Level is a power and the hours that reach it. A Level without name is not drawn.
type Level struct {
	Name         string
	Power, Hours float64
}

// curvePoints is how many points a curve has at most: more are not told apart.
const curvePoints = 400

// SVG is the picture.
func (p Curve) SVG(width int) string {
	c := newCanvas(p.Head, chart.Size{Width: width, Height: 380}, "img")
	c.hatch()
	c.f(`<defs><pattern id="%s-full" width="7" height="7" patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1.2" fill="%s"/></pattern></defs>`, c.id, green)
	keys := []key{{paint: `stroke="` + blue + `" stroke-width="2.5"`, line: true, name: p.Name}}
	if p.Full.Name != "" {
		keys = append(keys, key{paint: `fill="url(#` + c.id + `-full)"`, name: p.Full.Name})
	}
	for i, l := range p.Levels {
		keys = append(keys, key{paint: levelPaint(i), line: true, name: l.Name})
	}
	if len(p.Power) < p.Of {
		keys = append(keys, key{paint: c.gap(), name: p.Absent})
	}
	top := c.legend(0, keys) + 20
	most, _ := greatest(append([]float64{p.Full.Power}, p.Power...)...)
	bottom := float64(c.size.Height) - 26
	power := rule(0, most, bottom, top)
	left, right := power.width(p.Lang)+10, float64(width)-6
	hours := scale{0, float64(max(1, p.Of)), left, right}
	c.rising(power, left, right, p.Lang, true)
	c.note(0, top-8, "start", p.Unit, small)
	if len(p.Power) < p.Of {
		x := hours.at(float64(len(p.Power)))
		c.box(x, top, right-x, bottom-top, c.gap())
	}
	if p.Full.Name != "" {
		y := power.at(p.Full.Power)
		c.box(left, y, hours.at(p.Full.Hours)-left, bottom-y, `fill="url(#`+c.id+`-full)" stroke="`+green+`"`)
	}
	p.draw(c, hours, power.scale, bottom)
	for i, l := range p.Levels {
		x, y := hours.at(l.Hours), power.at(l.Power)
		c.f(`<path d="M%s %sH%sV%s" fill="none" %s/>`, n(left), n(y), n(x), n(bottom), levelPaint(i))
	}
	along := rule(0, float64(p.Of), left, right)
	along.scale = hours // which ends with the last hour, not at a round number
	c.running(along, bottom, p.Lang)
	c.note(right, top-8, "end", p.Hours, small)
	return c.end()
}

func levelPaint(i int) string {
	dashes := []string{"7 4", "2 3", "10 3 2 3"}
	return `stroke="` + []string{red, orange, grey}[i%3] + `" stroke-width="2" stroke-dasharray="` + dashes[i%3] + `"`
}

// draw is the curve: each hour as wide as it is, in steps where they can be seen.
func (p Curve) draw(c *canvas, hours, power scale, bottom float64) {
	if len(p.Power) == 0 {
		return
	}
	var path strings.Builder
	stride := max(1, len(p.Power)/curvePoints)
	path.WriteString("M" + n(hours.at(0)) + " " + n(power.at(p.Power[0])))
	for i := stride; i < len(p.Power); i += stride {
		path.WriteString("L" + n(hours.at(float64(i))) + " " + n(power.at(p.Power[i])))
	}
	last := len(p.Power) - 1
	path.WriteString("L" + n(hours.at(float64(last+1))) + " " + n(power.at(p.Power[last])))
	c.f(`<path d="%sV%sH%sz" fill="%s" fill-opacity=".14"/>`, path.String(), n(bottom), n(hours.at(0)), blue)
	c.f(`<path d="%s" fill="none" stroke="%s" stroke-width="2.5"/>`, path.String(), blue)
}
