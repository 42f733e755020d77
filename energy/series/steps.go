package series

import (
	"iter"
	"time"

	"heatledger/energy"
)

// Steps cuts days, ascending like spans, into buckets of a whole number of
// quarter-hours, from the start of each day; the last of a day may be shorter.
// Amount is the amount of the bucket and means nothing for levels, see
// [Total.Mean]. A quarter-hour that is in part a substitute is one as a whole.
// Buckets of which nothing is known are there, with quality Missing. They come
// one by one, for a year has 35,040.
func Steps(days []Day, spans []Span, step time.Duration) iter.Seq[Total] {
	width := max(1, int(step/energy.QuarterHour))
	return func(yield func(Total) bool) {
		for _, d := range days {
			near := overlapping(d.Period, spans)
			for q := 0; q < len(d.Values); q += width {
				last := min(q+width, len(d.Values))
				total := Total{Period: energy.Period{From: d.quarter(q).From, To: d.quarter(last - 1).To}}
				total.PeriodS = Seconds(total.Period)
				if len(near) == 0 {
					total.plain(d, q, last)
				} else {
					total.take(d, q, last, near)
				}
				if !yield(total) {
					return
				}
			}
		}
	}
}

// plain adds up the quarter-hours from first to before last of a day that no
// span overlaps: what take gives, in a tenth of the time.
func (t *Total) plain(d Day, first, last int) {
	for q := first; q < last; q++ {
		amount, covered, quality := d.Values[q], int64(d.Covered[q]), d.Quality[q]
		t.weighted += int64(amount) * covered
		t.IntervalS += covered
		t.Amount += amount
		if quality != energy.Missing {
			t.sum += int64(amount)
			t.quarters++
		}
		if !known(quality) {
			t.Substitute += amount
		}
		t.Quality = Worse(t.Quality, quality)
	}
	t.EnergyS = t.IntervalS
}

// take adds up the quarter-hours from first to before last of a day that spans
// overlap.
func (t *Total) take(d Day, first, last int, spans []Span) {
	p := t.Period
	for q := first; q < last; q++ {
		t.weighted += int64(d.Values[q]) * int64(d.Covered[q])
		t.IntervalS += int64(d.Covered[q])
		t.show(d, q, spans)
		t.Amount += d.Values[q]
		quarter := d.quarter(q)
		if !known(d.Quality[q]) {
			if s, shaped := shapedIn(quarter, spans); !shaped || !s.countsIn(p) {
				t.Substitute += d.Values[q]
			}
			continue
		}
		for _, s := range overlapping(quarter, spans) {
			if !s.countsIn(p) {
				t.Substitute += s.Share(quarter)
			}
		}
	}
	t.EnergyS = t.IntervalS
	for _, s := range spans {
		if s.countsIn(p) {
			t.EnergyS += Seconds(s.Period)
		}
	}
}
