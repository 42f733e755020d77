package series

import (
	"slices"

	"heatledger/energy"
)

// spread gives days their spans: over each stretch in which the profile of any
// input is not known, the total is spread evenly, as over a gap of a meter. What
// is known of a stretch that is missing in part, or reaches beyond the days, is
// no total: its quarter-hours stay as they are and are substitutes. So do those
// of a stretch that an input has substitute values for. Levels have no totals
// and no spans.
func spread(days []Day, inputs []Span, levels bool) Known {
	k := Known{Days: days}
	if !levels {
		for _, stretch := range stretches(inputs) {
			shaped := slices.ContainsFunc(inputs, func(s Span) bool { return s.Cause == CauseSubstitute && s.Period.Overlaps(stretch) })
			if s, ok := k.span(stretch, shaped); ok {
				k.Spans = append(k.Spans, s)
			}
		}
	}
	for i := range k.Days {
		k.Days[i].total(k.Spans, levels)
	}
	return k
}

// stretches are the periods of spans, widened to whole quarter-hours, those that
// overlap joined; ascending.
func stretches(spans []Span) []energy.Period {
	var wide []energy.Period
	for _, s := range spans {
		wide = append(wide, s.Period.QuarterHours())
	}
	slices.SortFunc(wide, func(a, b energy.Period) int { return a.From.Compare(b.From) })
	var joined []energy.Period
	for _, p := range wide {
		if n := len(joined) - 1; n >= 0 && p.From.Before(joined[n].To) {
			if p.To.After(joined[n].To) {
				joined[n].To = p.To
			}
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

// span makes a span of the quarter-hours in p and spreads its amount over them,
// unless they are shaped or some are missing.
func (k Known) span(p energy.Period, shaped bool) (Span, bool) {
	s := Span{Period: p, Cause: CauseGap, Quality: energy.Calculated}
	var quarters int64
	k.each(p, func(d *Day, q int) {
		if d.Quality[q] == energy.Missing {
			return
		}
		quarters++
		s.Amount += d.Values[q]
		if d.Quality[q] != energy.Distributed {
			s.Quality = Worse(s.Quality, d.Quality[q])
		}
	})
	whole := !shaped && quarters == int64(p.Length()/energy.QuarterHour)
	k.each(p, func(d *Day, q int) {
		if d.Quality[q] == energy.Missing {
			return
		}
		d.Covered[q] = 0
		if !whole {
			d.Quality[q] = Worse(d.Quality[q], energy.Substitute)
			return
		}
		d.Values[q], d.Quality[q] = s.Share(d.quarter(q)), Worse(energy.Distributed, s.Quality)
	})
	return s, whole
}

// each visits the quarter-hours in p.
func (k Known) each(p energy.Period, visit func(d *Day, q int)) {
	for i := range k.Days {
		d := &k.Days[i]
		if !d.Period.Overlaps(p) {
			continue
		}
		for q := range d.Values {
			if p.Covers(d.quarter(q)) {
				visit(d, q)
			}
		}
	}
}

// total sums up the quarter-hours of d.
func (d *Day) total(spans []Span, levels bool) {
	near := overlapping(d.Period, spans)
	for q, v := range d.Values {
		if levels {
			d.Weighted += int64(v) * int64(d.Covered[q])
			continue
		}
		d.Total += v
		if !known(d.Quality[q]) {
			d.Substitute += v
			continue
		}
		for _, s := range overlapping(d.quarter(q), near) {
			if !d.Period.Covers(s.Period) {
				d.Substitute += v
			}
		}
	}
	d.sumUp()
}
