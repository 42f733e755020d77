package plot

import (
	"math"

	"heatledger/reporting/chart"
)

// scale puts values from lo to hi at px from one to the other.
type scale struct{ lo, hi, from, to float64 }

func (s scale) at(v float64) float64 {
	if s.hi == s.lo {
		return s.from
	}
	return s.from + (v-s.lo)/(s.hi-s.lo)*(s.to-s.from)
}

// ruler is a scale with round marks from lo to hi, which hold all values.
type ruler struct {
	scale
	step   float64
	digits int
}

// rule makes a ruler for values from lo to hi, at most seven steps long; fewer where
// there is little room.
func rule(lo, hi, from, to float64) ruler {
	if hi <= lo {
		hi = lo + 1
	}
	low, step, count := chart.Steps([]float64{lo, hi})
	r := ruler{scale{low, low + float64(count)*step, from, to}, step, chart.Decimals(step)}
	for room := math.Abs(to - from); (r.hi-r.lo)/r.step*24 > room && r.step < r.hi-r.lo; {
		r.step *= 2
		r.hi = r.lo + math.Ceil((r.hi-r.lo)/r.step)*r.step
	}
	return r
}

// marks are where the ruler has lines.
func (r ruler) marks() []float64 {
	var list []float64
	for i := 0; ; i++ {
		v := r.lo + float64(i)*r.step
		if v > r.hi+r.step/1e6 {
			return list
		}
		list = append(list, v)
	}
}

// width is the room that the numbers of the ruler need.
func (r ruler) width(lang chart.Language) float64 {
	widest := 0.0
	for _, v := range r.marks() {
		widest = max(widest, chart.Width(chart.Number(lang, v, r.digits), letter))
	}
	return widest
}

// rising draws the lines of a ruler that runs upwards, between left and right, and its
// numbers left of them where numbers are wanted.
func (c *canvas) rising(r ruler, left, right float64, lang chart.Language, numbers bool) {
	for _, v := range r.marks() {
		y := r.at(v)
		c.line(left, y, right, y, `stroke="`+faint+`"`)
		if numbers {
			c.text(left-6, y+4, "end", chart.Number(lang, v, r.digits))
		}
	}
}

// running draws a ruler below a drawing that ends at bottom.
func (c *canvas) running(r ruler, bottom float64, lang chart.Language) {
	c.line(r.from, bottom, r.to, bottom, `stroke="currentColor"`)
	free := math.Inf(-1)
	for _, v := range r.marks() {
		x, text := r.at(v), chart.Number(lang, v, r.digits)
		c.line(x, bottom, x, bottom+4, `stroke="currentColor"`)
		half := chart.Width(text, letter) / 2
		at := min(max(x, half), float64(c.size.Width)-half)
		if at-half > free {
			c.text(at, bottom+18, "middle", text)
			free = at + half + 6
		}
	}
}

// greatest is the greatest of values; ok is false where all are absent.
func greatest(values ...float64) (most float64, ok bool) {
	for _, v := range values {
		if !math.IsNaN(v) && (!ok || v > most) {
			most, ok = v, true
		}
	}
	return most, ok
}
