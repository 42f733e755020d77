package series

import (
	"time"

	"heatledger/energy"
)

// Steps cuts days, ascending like spans, into buckets of a whole number of
// quarter-hours, from the start of each day; the last of a day may be shorter.
// Amount is the amount of the bucket and means nothing for levels, see
// [Total.Mean]. A quarter-hour that is in part a substitute is one as a whole.
// Buckets of which nothing is known are there, with quality Missing.
func Steps(days []Day, spans []Span, step time.Duration) []Total {
	width := max(1, int(step/energy.QuarterHour))
	var steps []Total
	for _, d := range days {
		near := overlapping(d.Period, spans)
		for q := 0; q < len(d.Values); q += width {
			steps = append(steps, d.step(q, min(q+width, len(d.Values)), near))
		}
	}
	return steps
}

// step adds up the quarter-hours from first to before last.
func (d Day) step(first, last int, spans []Span) Total {
	p := energy.Period{From: d.quarter(first).From, To: d.quarter(last - 1).To}
	total := Total{Period: p, PeriodS: Seconds(p)}
	for q := first; q < last; q++ {
		total.weighted += int64(d.Values[q]) * int64(d.Covered[q])
		total.IntervalS += int64(d.Covered[q])
		total.show(d, q, spans)
		total.Amount += d.Values[q]
		quarter := d.quarter(q)
		if !known(d.Quality[q]) {
			if s, shaped := shapedIn(quarter, spans); !shaped || !s.countsIn(p) {
				total.Substitute += d.Values[q]
			}
			continue
		}
		for _, s := range overlapping(quarter, spans) {
			if !s.countsIn(p) {
				total.Substitute += s.Share(quarter)
			}
		}
	}
	total.EnergyS = total.IntervalS
	for _, s := range spans {
		if s.countsIn(p) {
			total.EnergyS += Seconds(s.Period)
		}
	}
	return total
}
