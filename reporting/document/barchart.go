package document

import (
	"fmt"
	"math"
	"strings"
)

// bar is a month of the chart: both parts in MWh.
type bar struct {
	label     string // short
	it, other float64
	ok        bool
}

// bars are the months of a report.
func (w words) bars(y Yearly) []bar {
	bars := make([]bar, len(y.Months))
	for i, m := range y.Months {
		bars[i].label = string([]rune(w.months[i])[:3])
		if m.HasPUE && m.Figure.OK {
			const perMWh = 1000
			bars[i].it = m.Figure.Denominator.Float64() / perMWh
			bars[i].other = max(0, m.Figure.Numerator.Float64()/perMWh-bars[i].it)
			bars[i].ok = true
		}
	}
	return bars
}

// chartText says in sentences what the chart shows; ok is false if there is
// nothing to show.
func (w words) chartText(y Yearly, bars []bar) (says string, ok bool) {
	least, most := -1, -1
	var gaps []string
	for i, b := range bars {
		if !b.ok {
			gaps = append(gaps, w.months[i])
			continue
		}
		if least < 0 || b.it+b.other < bars[least].it+bars[least].other {
			least = i
		}
		if most < 0 || b.it+b.other > bars[most].it+bars[most].other {
			most = i
		}
	}
	if most < 0 {
		return "", false
	}
	height := func(i int) string {
		return w.lang.decimal(bars[i].it+bars[i].other, 1) + noBreak + "MWh"
	}
	says = fmt.Sprintf(w.chartSays, y.Year, w.months[most], height(most))
	if least != most {
		says += " " + fmt.Sprintf(w.chartLeast, w.months[least], height(least))
	}
	if len(gaps) > 0 {
		says += " " + fmt.Sprintf(w.chartGap, strings.Join(gaps, ", "))
	}
	return says, true
}

// Measures of the chart in mm.
const (
	chartHeight = 58.0
	chartLegend = 7.0
	axisWidth   = 14.0
)

// chart draws the months as bars, as a Figure whose alternative text is what
// chartText says. IT energy is filled, the other energy hatched: they differ
// without colour.
func (s *sheet) chart(w words, bars []bar, says string) {
	s.bars(w.lang, bars, "MWh", w.itEnergy, w.other, says)
}

// bars draws bars in a unit whose filled parts are named solid and whose hatched
// ones hatched; "" where there are none.
func (s *sheet) bars(lang Lang, bars []bar, unit, solid, hatched, says string) {
	if s.y+chartHeight+chartLegend+8 > bottom {
		s.newPage()
	}
	const points = 72 / 25.4
	from := s.y
	box := func() string {
		return fmt.Sprintf("/O /Layout /Placement /Block /BBox [%.1f %.1f %.1f %.1f]", left*points, (297-s.y-chartHeight-chartLegend-6)*points, right*points, (297-from)*points)
	}
	figure := s.inside("Figure", box(), func() {
		s.mark(func() {
			s.style("", tableSize)
			s.legend(unit, solid, hatched)
			s.plot(lang, bars, unit == "")
		})
	})
	figure.alt = says
	s.y = from + chartHeight + chartLegend + 8
}

func (s *sheet) legend(unit, solid, hatched string) {
	x := left + axisWidth
	s.solid(x, s.y+0.5, 5, 3)
	s.write(x+6.5, s.y, s.drawable(solid), false)
	if hatched != "" {
		x += 6.5 + s.GetStringWidth(s.drawable(solid)) + 6
		s.hatched(x, s.y+0.5, 5, 3)
		s.write(x+6.5, s.y, s.drawable(hatched), false)
	}
	s.write(left, s.y, unit, false)
	s.y += chartLegend
}

// plot draws axis, grid and bars below s.y; of counts the axis has no parts.
func (s *sheet) plot(lang Lang, bars []bar, counts bool) {
	most := 0.0
	for _, b := range bars {
		most = max(most, b.it+b.other)
	}
	step, digits := niceStep(most)
	if counts && step < 1 {
		step, digits = 1, 0
	}
	ceiling := step * math.Ceil(most/step)
	foot := s.y + chartHeight
	scale := chartHeight / ceiling
	s.SetDrawColor(190, 190, 190)
	s.SetLineWidth(0.15)
	for i := 0; float64(i)*step <= ceiling*1.0001; i++ {
		value := float64(i) * step
		y := foot - value*scale
		s.Line(left+axisWidth, y, right, y)
		s.write(left+axisWidth-2, y-s.line()/2, lang.decimal(value, digits), true)
	}
	s.SetDrawColor(0, 0, 0)
	slot := (right - left - axisWidth) / float64(len(bars))
	for i, b := range bars {
		x := left + axisWidth + float64(i)*slot
		if b.ok {
			s.solid(x+slot*0.2, foot-b.it*scale, slot*0.6, b.it*scale)
			if b.other > 0 {
				s.hatched(x+slot*0.2, foot-(b.it+b.other)*scale, slot*0.6, b.other*scale)
			}
		} else {
			s.write(x+slot/2+s.GetStringWidth("–")/2, foot-s.line(), "–", true)
		}
		s.write(x+slot/2+s.GetStringWidth(b.label)/2, foot+1, b.label, true)
	}
	s.SetLineWidth(0.3)
	s.Line(left+axisWidth, foot, right, foot)
}

// niceStep is a round distance between the lines of an axis up to most, and
// how many digits its labels need.
func niceStep(most float64) (step float64, digits int) {
	if most <= 0 {
		return 1, 0
	}
	power := math.Pow10(int(math.Floor(math.Log10(most / 4))))
	for _, n := range []float64{1, 2, 5, 10} {
		if step = n * power; most/step <= 5 {
			break
		}
	}
	return step, max(0, -int(math.Floor(math.Log10(step)+1e-9)))
}

// solid fills a rectangle in dark blue.
func (s *sheet) solid(x, y, width, height float64) {
	s.SetFillColor(28, 78, 121)
	s.Rect(x, y, width, height, "F")
	s.SetFillColor(0, 0, 0)
}

// hatched outlines a rectangle on light orange and hatches it.
func (s *sheet) hatched(x, y, width, height float64) {
	s.SetFillColor(250, 205, 145)
	s.SetDrawColor(130, 70, 0)
	s.SetLineWidth(0.2)
	s.Rect(x, y, width, height, "FD")
	const distance = 1.6
	for d := distance; d < width+height; d += distance { // from the left or lower edge up to the upper or right one
		x1, y1 := x+max(0, d-height), y+min(d, height)
		x2, y2 := x+min(d, width), y+max(0, d-width)
		s.Line(x1, y1, x2, y2)
	}
	s.SetFillColor(0, 0, 0)
	s.SetDrawColor(0, 0, 0)
}
