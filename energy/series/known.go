package series

import (
	"slices"

	"heatledger/energy"
)

// Known are the seconds of each quarter-hour whose energy is measured, spread
// across a span, or the part of a span's total that substitute values gave it;
// spans are ascending. Where that is what was measured, it is Covered itself.
func (d Day) Known(spans []Span) []int16 {
	near := overlapping(d.Period, spans)
	if len(near) == 0 || !slices.Contains(d.Quality, energy.Distributed) && !slices.Contains(d.Quality, energy.Substitute) {
		return d.Covered
	}
	known := make([]int16, len(d.Covered))
	for q := range known {
		known[q] = int16(d.seconds(q, near))
	}
	return known
}

// seconds are those of quarter-hour q that are known.
func (d Day) seconds(q int, spans []Span) int64 {
	s := int64(d.Covered[q])
	if d.Quality[q] != energy.Distributed && d.Quality[q] != energy.Substitute {
		return s
	}
	quarter := d.quarter(q)
	for _, span := range overlapping(quarter, spans) {
		shaped := span.Cause == CauseSubstitute && span.Period.Covers(quarter)
		if d.Quality[q] == energy.Distributed || shaped {
			s += Seconds(quarter.Common(span.Period))
		}
	}
	return min(s, Seconds(quarter))
}
