package plot

import (
	"math"
	"strings"

	"heatledger/reporting/chart"
)

// Bands are the powers that 10, 50 and 90 % of some hours reach, by hour of the clock:
// a small picture for each month or kind of day, all to one scale.
type Bands struct {
	Head
	Unit   string
	Band   string // what the band between P10 and P90 is called
	Middle string // what P50 is called
	Absent string // what is called that an hour has no values
	Panels []Panel
}

// Panel is one of the small pictures, with a value for each hour of the clock. Of an
// hour without data all three are NaN.
type Panel struct {
	Name          string
	P10, P50, P90 []float64
}

// SVG is the picture. Its height follows from the number of panels in a row.
func (p Bands) SVG(width int) string {
	inRow := 6
	if len(p.Panels) < inRow {
		inRow = len(p.Panels)
	}
	if width < narrowest {
		inRow = min(3, inRow)
	}
	const panelHeight, head = 150.0, 20.0
	lines := (len(p.Panels) + inRow - 1) / max(1, inRow)
	c := newCanvas(p.Head, chart.Size{Width: width, Height: int(70 + float64(lines)*(panelHeight+head+22))}, "img")
	c.hatch()
	keys := []key{{paint: `fill="` + blue + `" fill-opacity=".25"`, name: p.Band}, {paint: `stroke="` + blue + `" stroke-width="2.5"`, line: true, name: p.Middle}}
	if p.gaps() {
		keys = append(keys, key{paint: c.gap(), name: p.Absent})
	}
	top := c.legend(0, keys) + 16
	most := 0.0
	for _, panel := range p.Panels {
		if v, ok := greatest(panel.P10...); ok {
			most = max(most, v)
		}
	}
	left := rule(0, most, panelHeight, 0).width(p.Lang) + 10
	wide := (float64(width) - left - 4) / float64(max(1, inRow))
	c.note(0, top+6, "start", p.Unit, small)
	for i, panel := range p.Panels {
		x, y := left+float64(i%inRow)*wide, top+float64(i/inRow)*(panelHeight+head+22)+head
		power := rule(0, most, y+panelHeight, y)
		c.rising(power, x, x+wide-8, p.Lang, i%inRow == 0)
		c.text(x+(wide-8)/2, y-6, "middle", panel.Name)
		panel.draw(c, scale{0, 24, x, x + wide - 8}, power.scale)
		c.note(x, y+panelHeight+15, "start", "0", small)
		c.note(x+(wide-8)/2, y+panelHeight+15, "middle", "12", small)
		c.note(x+wide-8, y+panelHeight+15, "end", "24", small)
	}
	return c.end()
}

func (p Bands) gaps() bool {
	for _, panel := range p.Panels {
		for _, v := range panel.P50 {
			if math.IsNaN(v) {
				return true
			}
		}
	}
	return false
}

// draw is the band in steps of an hour: within an hour nothing is known of its course.
func (p Panel) draw(c *canvas, clock, power scale) {
	var band, middle strings.Builder
	for hour, v := range p.P50 {
		from, to := clock.at(float64(hour)), clock.at(float64(hour+1))
		if math.IsNaN(v) {
			c.box(from, power.to, to-from, power.from-power.to, c.gap())
			continue
		}
		high, low := power.at(p.P10[hour]), power.at(p.P90[hour])
		band.WriteString("M" + n(from) + " " + n(high) + "H" + n(to) + "V" + n(low) + "H" + n(from) + "z")
		step := "M"
		if hour > 0 && !math.IsNaN(p.P50[hour-1]) {
			step = "L"
		}
		middle.WriteString(step + n(from) + " " + n(power.at(v)) + "H" + n(to))
	}
	c.f(`<path d="%s" fill="%s" fill-opacity=".25"/>`, band.String(), blue)
	c.f(`<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`, middle.String(), blue)
}
