package series

import (
	"slices"
	"time"

	"heatledger/energy"
)

// draw finds the values of whole quarter-hours of a gap by a method. ok is false
// where what it needs was not measured. f.drawn says what they were drawn from.
func (f *filling) draw(g gap, m energy.SubstituteMethod) (values []int64, ok bool) {
	f.drawn = nil
	switch m {
	case energy.Interpolation:
		return f.interpolate(g)
	case energy.HeldValue:
		before, ok := f.drawOn(g.from - 1)
		return slices.Repeat([]int64{before}, g.to-g.from), ok
	case energy.ComparisonDay:
		return f.compareDays(g)
	case energy.ComparisonMeter:
		return f.compareMeters(g)
	}
	return nil, false
}

// neighbour is the value of a quarter-hour that was measured throughout.
func (f *filling) neighbour(i int) (v int64, ok bool) {
	if i < 0 || i >= len(f.line) {
		return 0, false
	}
	at := f.line[i]
	return int64(at.day.Values[at.q]), at.day.measured(at.q)
}

// drawOn is neighbour, for values that are drawn from it.
func (f *filling) drawOn(i int) (v int64, ok bool) {
	if v, ok = f.neighbour(i); ok {
		f.drawn = append(f.drawn, f.period(gap{i, i + 1}))
	}
	return v, ok
}

// measured tells whether quarter-hour q was measured throughout, at its own time.
func (d Day) measured(q int) bool { return d.whole(q) && known(d.Quality[q]) }

// interpolate goes straight from the quarter-hour before to the one after.
func (f *filling) interpolate(g gap) (values []int64, ok bool) {
	before, okBefore := f.drawOn(g.from - 1)
	after, okAfter := f.drawOn(g.to)
	if !okBefore || !okAfter {
		return nil, false
	}
	n := int64(g.to - g.from)
	for i := range n {
		values = append(values, before+share(after-before, i+1, n+1))
	}
	return values, true
}

// compareDays takes, for each local day of the gap, the quarter-hours of the
// latest day of the same name that were measured.
func (f *filling) compareDays(g gap) (values []int64, ok bool) {
	for from := g.from; from < g.to; {
		to := from
		for to < g.to && f.line[to].day == f.line[from].day {
			to++
		}
		part, ok := f.compareDay(gap{from, to})
		if !ok {
			return nil, false
		}
		values, from = append(values, part...), to
	}
	return values, true
}

func (f *filling) compareDay(g gap) (values []int64, ok bool) {
	for back := week; back <= f.order.Back; back += week {
		if values, ok = f.weeksBefore(g, back); ok {
			return values, true
		}
	}
	return nil, false
}

func (f *filling) weeksBefore(g gap, back int) (values []int64, ok bool) {
	var starts []time.Time
	for _, at := range f.line[g.from:g.to] {
		before, shown := f.order.DaysBefore(at.day.quarter(at.q).From, back)
		if !shown {
			return nil, false
		}
		starts = append(starts, before)
	}
	from := energy.Period{From: starts[0], To: starts[len(starts)-1].Add(energy.QuarterHour)}
	own := f.order.Own(from)
	for _, start := range starts {
		v, measured := own.at(start)
		if !measured {
			return nil, false
		}
		values = append(values, v)
	}
	f.drawn = append(f.drawn, from)
	return values, true
}

// at is the value of the quarter-hour that begins at t, if it was measured
// throughout.
func (k Known) at(t time.Time) (v int64, ok bool) {
	i, found := slices.BinarySearchFunc(k.Days, t, func(d Day, t time.Time) int {
		switch {
		case !d.Period.To.After(t):
			return -1
		case d.Period.From.After(t):
			return 1
		}
		return 0
	})
	if !found {
		return 0, false
	}
	d := k.Days[i]
	q := int(t.Sub(d.Period.From) / energy.QuarterHour)
	return int64(d.Values[q]), d.quarter(q).From.Equal(t) && d.measured(q)
}

// leastCommon is how many quarter-hours two meters must have measured both
// before one stands for the other: a day's.
const leastCommon = 96

// compareMeters takes the course of the comparison meter: amounts in proportion
// to what both meters measured before the gap, levels as they are.
func (f *filling) compareMeters(g gap) (values []int64, ok bool) {
	if f.order.Meter == nil {
		return nil, false
	}
	own, other := int64(1), int64(1)
	if !f.levels {
		if own, other, ok = f.proportion(f.period(g).From); !ok {
			return nil, false
		}
	}
	f.drawn = append(f.drawn, f.period(g))
	meter := f.order.Meter(f.period(g))
	for _, at := range f.line[g.from:g.to] {
		v, measured := meter.at(at.day.quarter(at.q).From)
		if !measured {
			return nil, false
		}
		var product integral
		if product.addSigned(v, own); !product.fits(other) {
			return nil, false
		}
		values = append(values, product.over(other))
	}
	return values, true
}

// proportion is what both meters measured in common quarter-hours of the days
// before t.
func (f *filling) proportion(t time.Time) (own, other int64, ok bool) {
	p := energy.Period{From: t.Add(-time.Duration(f.order.Back) * 24 * time.Hour), To: t}
	all, meter := f.order.Own(p), f.order.Meter(p)
	common := 0
	all.each(p, func(d *Day, q int) {
		w, compared := meter.at(d.quarter(q).From)
		if v := int64(d.Values[q]); compared && d.measured(q) && min(v, w) >= 0 && max(own+v, other+w) < mostCounter {
			common++
			own, other = own+v, other+w
		}
	})
	return own, other, common >= leastCommon && other > 0
}

// shapedIn is the span whose total substitute values shape in a quarter-hour.
func shapedIn(quarter energy.Period, spans []Span) (Span, bool) {
	for _, s := range overlapping(quarter, spans) {
		if s.Cause == CauseSubstitute && s.Period.Covers(quarter) {
			return s, true
		}
	}
	return Span{}, false
}

// in is what d shows of the span.
func (s Span) in(d Day) (sum energy.Amount) {
	if s.Cause != CauseSubstitute {
		return s.Share(d.Period)
	}
	for q := range d.Values {
		if quarter := d.quarter(q); s.Period.Covers(quarter) {
			sum += d.Values[q]
		} else {
			sum += s.Share(quarter)
		}
	}
	return sum
}
