package series

import (
	"slices"

	"heatledger/energy"
)

// fine is how many steps of its register a counter has to advance in a
// quarter-hour for its own shape to be believed: one step is 5 % then.
const fine = 20

// Coarse tells whether a day of a counter, whose register has that step (0: not
// stated), asks for the shape of another series: a gap reaches into it, or one
// step exceeds 5 % of a quarter-hour's energy.
func (d Day) Coarse(spans []Span, step energy.Amount) bool {
	return len(overlapping(d.Period, spans)) > 0 || len(d.stretches(step, nil)) > 0
}

// Shape gives a counter the shape of the power series beside it, and keeps its
// amounts: where one step of the register exceeds 5 % of a quarter-hour's energy
// (on the mean of a stretch of a day that both series know), and across gaps of
// the counter throughout which the power was measured. Such quarter-hours are
// calculated; a gap that was filled is no span any more. Where power is below
// zero, or zero throughout, it gives no shape.
func Shape(counter, power Known, step energy.Amount) Known {
	shaped := Known{Days: make([]Day, len(counter.Days))}
	for i, d := range counter.Days {
		d.Values, d.Quality, d.Covered = slices.Clone(d.Values), slices.Clone(d.Quality), slices.Clone(d.Covered)
		shaped.Days[i] = d
	}
	var filled []energy.Period
	for _, gap := range stretches(counter.Spans) {
		if shaped.fill(gap, power) {
			filled = append(filled, gap)
		}
	}
	for _, s := range counter.Spans {
		if !slices.ContainsFunc(filled, func(p energy.Period) bool { return p.Covers(s.Period) }) {
			shaped.Spans = append(shaped.Spans, s)
		}
	}
	for i := range shaped.Days {
		d := &shaped.Days[i]
		changed := slices.ContainsFunc(filled, d.Period.Overlaps)
		if watts, ok := power.on(*d); ok {
			for _, s := range d.stretches(step, &watts) {
				changed = spreadBy(quartersOf(d, s[0], s[1]), quartersOf(&watts, s[0], s[1])) || changed
			}
		}
		if changed {
			d.Total, d.Weighted, d.CoveredS, d.Substitute, d.Lo, d.Hi = 0, 0, 0, 0, 0, 0
			d.total(shaped.Spans, false)
		}
	}
	return shaped
}

// fill gives a gap the shape of power. It does nothing and is false when either
// series lacks a quarter-hour of it.
func (k Known) fill(gap energy.Period, power Known) bool {
	var counters, watts []quarterHour
	k.each(gap, func(d *Day, q int) {
		w, ok := power.on(*d)
		if d.Quality[q] != energy.Missing && ok && w.whole(q) {
			counters, watts = append(counters, quarterHour{d, q}), append(watts, quarterHour{&w, q})
		}
	})
	return len(counters) == int(gap.Length()/energy.QuarterHour) && spreadBy(counters, watts)
}

// stretches are those of measured quarter-hours, [from, to), in which one step is
// more than 5 % of the mean; with power, of those that it knows too.
func (d Day) stretches(step energy.Amount, power *Day) (all [][2]int) {
	if step <= 0 {
		return nil
	}
	for from, to := 0, 0; from < len(d.Values); from = to + 1 {
		var sum energy.Amount
		for to = from; to < len(d.Values) && d.Quality[to] == energy.Measured && d.whole(to) && (power == nil || power.whole(to)); to++ {
			sum += d.Values[to]
		}
		if n := energy.Amount(to - from); n > 1 && sum > 0 && sum/fine < step*n {
			all = append(all, [2]int{from, to})
		}
	}
	return all
}

// whole tells whether all of quarter-hour q was measured.
func (d Day) whole(q int) bool {
	return d.Quality[q] != energy.Missing && int64(d.Covered[q]) == Seconds(d.quarter(q))
}

// quarterHour is one of a day.
type quarterHour struct {
	day *Day
	q   int
}

func quartersOf(d *Day, from, to int) []quarterHour {
	var all []quarterHour
	for q := from; q < to; q++ {
		all = append(all, quarterHour{d, q})
	}
	return all
}

// spreadBy deals the sum of the counters' quarter-hours among them in proportion
// to power; they are calculated then.
func spreadBy(counters, power []quarterHour) bool {
	if !deal(counters, power) {
		return false
	}
	for _, c := range counters {
		quality := c.day.Quality[c.q]
		if quality == energy.Distributed {
			quality = energy.Calculated
		}
		c.day.Quality[c.q] = Worse(energy.Calculated, quality)
		if known(c.day.Quality[c.q]) {
			c.day.Covered[c.q] = int16(Seconds(c.day.quarter(c.q)))
		}
	}
	return true
}

// deal deals the sum of quarter-hours among them in proportion to weights, so
// that it stays the same to the last digit. It does nothing and is false where a
// weight is below zero, or all are zero.
func deal(quarters, weights []quarterHour) bool {
	var sum, weight int64
	for i, w := range weights {
		v := int64(w.day.Values[w.q])
		if v < 0 || weight > mostCounter-v {
			return false
		}
		weight += v
		sum += int64(quarters[i].day.Values[quarters[i].q])
	}
	if weight == 0 {
		return false
	}
	var before, part int64
	for i, c := range quarters {
		part += int64(weights[i].day.Values[weights[i].q])
		border := share(sum, part, weight)
		c.day.Values[c.q], before = energy.Amount(border-before), border
	}
	return true
}
