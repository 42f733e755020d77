package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// carpetSteps is the greatest number of colours of a carpet: more are not told
// apart.
const carpetSteps = 7

// Shades are the colours of classes of power from light to dark, so that they stay
// in order in print and for every eye.
func Shades(n int) []string {
	all, picked := shades(), make([]string, n)
	for i := range picked {
		picked[i] = all[min(i*(carpetSteps-1)/max(1, n-1), carpetSteps-1)]
	}
	return picked
}

func shades() []string {
	return []string{"#fde9c9", "#f9c98b", "#f2a15f", "#dd7349", "#b94a48", "#85305a", "#4b1d59"}
}

// hatchInk is the colour of what is not there; [Renderer.SVG] hatches it.
const hatchInk = "#c9cfd4"

// carpet makes a series of each colour, whose cells are drawn as one path: a
// year has 8,760 of them.
func (c Chart) carpet(lang Language) []series {
	values := c.Series[0].Values
	low, step, count := Steps(values)
	list, colours := make([]series, 0, count+1), Shades(count)
	class := func(v float64) int {
		if math.IsNaN(v) {
			return count
		}
		return max(0, min(count-1, int((v-low)/step)))
	}
	for i := range count {
		from, to := low+float64(i)*step, low+float64(i+1)*step
		digits := Decimals(step)
		list = append(list, series{Name: Number(lang, from, digits) + "–" + Number(lang, to, digits) + unit(c.Unit),
			ItemStyle: &opts.ItemStyle{Color: colours[i]}})
	}
	list = append(list, series{Name: c.Absent, Hatched: true, ItemStyle: &opts.ItemStyle{Color: hatchInk}})
	for day := range c.Labels {
		column := values[day*HoursPerColumn : (day+1)*HoursPerColumn]
		for from := 0; from < HoursPerColumn; {
			to, k := from+1, class(column[from])
			for to < HoursPerColumn && class(column[to]) == k {
				to++
			}
			list[k].Runs = append(list[k].Runs, day, from, to)
			from = to
		}
	}
	kept := list[:0]
	for _, s := range list {
		if len(s.Runs) > 0 {
			s.Type, s.RenderItem, s.Silent, s.Data = "custom", "@f:carpet", true, []any{[]int{s.Runs[0], 0}}
			kept = append(kept, s)
		}
	}
	return kept
}

// Steps cuts the range of values into at most seven classes with round borders: the
// lowest border, the step and their number. Absent values do not count; without any
// the low border is +Inf.
func Steps(values []float64) (low, step float64, count int) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if hi <= lo {
		return lo, 1, 1
	}
	step = nice((hi - lo) / carpetSteps)
	for {
		low = math.Floor(lo/step) * step
		count = int(math.Floor((hi-low)/step)) + 1
		if hi == low+float64(count-1)*step { // the greatest value belongs to the last step
			count--
		}
		if count <= carpetSteps {
			return low, step, max(1, count)
		}
		step = nice(step * 1.01)
	}
}

// nice is the least of 1, 2, 2.5, 5 × 10^n that is not below x.
func nice(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// Decimals is how many digits behind the point a step needs, at most six.
func Decimals(step float64) int {
	for digits := range 6 {
		shifted := step * math.Pow(10, float64(digits))
		if math.Abs(shifted-math.Round(shifted)) < 1e-6 {
			return digits
		}
	}
	return 6
}

func unit(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}
