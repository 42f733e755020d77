package series

import (
	"slices"
	"time"

	"heatledger/energy"
)

// Order asks for substitute values of a point.
type Order struct {
	Methods []Substitution
	Reason  energy.SubstituteReason
	// Period is what a person decided on: all that is missing in it is
	// substituted. The zero Period stands for every gap between two values.
	Period energy.Period
	// Own gives what is known of the point itself at other times, without
	// substitutes; nil: only what is to be filled. Meter is that of the comparison
	// meter; nil: there is none.
	Own, Meter Source
	// Back is how many days before a gap comparisons draw on.
	Back int
	// DaysBefore is the instant n days before t at which the clock of the site
	// shows the same; see [energy.Calendar.DaysBefore].
	DaysBefore func(t time.Time, n int) (before time.Time, ok bool)
}

// Source gives what is known of a point, at least, on the days that p touches.
type Source func(p energy.Period) Known

// Substitution is a method with the longest gap that it fills.
type Substitution struct {
	Method  energy.SubstituteMethod
	Longest time.Duration
}

// Substituted is a gap that has substitute values.
type Substituted struct {
	Period energy.Period // whole quarter-hours
	Method energy.SubstituteMethod
	Reason energy.SubstituteReason
	Total  bool // its total is known: the values only give it a shape
	// Drawn are the stretches whose measured values it was drawn from, in order:
	// of the comparison meter for that method, else of the point itself.
	Drawn []energy.Period
	// Amount is what the values add to what was measured, or, with Total, the
	// total they shape; 0 for levels.
	Amount energy.Amount
	Order  int // the place of the order that asked for it
}

// week is how many days apart days of the same name are.
const week = 7

// Fill gives the gaps of a measured point substitute values, as orders say, the
// first that applies; its days have no gap between them. They draw on what was
// measured at its own time, never on other substitutes, and are of quality
// substitute; what was covered stays covered, and nothing more. A quarter-hour
// that was measured in part keeps that part. The gap that a span lies over keeps
// its total, and stays a span, of cause [CauseSubstitute].
func Fill(point Known, levels bool, orders []Order) (Known, []Substituted) {
	filled := Known{Days: make([]Day, len(point.Days)), Spans: slices.Clone(point.Spans)}
	for i, d := range point.Days {
		d.Values, d.Quality = slices.Clone(d.Values), slices.Clone(d.Quality)
		filled.Days[i] = d
	}
	var done []Substituted
	f := filling{measured: point, filled: filled, levels: levels, line: lineOf(filled)}
	for place, order := range orders {
		f.order = order
		if order.Own == nil {
			f.order.Own = func(energy.Period) Known { return point }
		}
		for _, gap := range f.gaps() {
			if m, added, ok := f.fill(gap); ok {
				done = append(done, Substituted{Period: f.period(gap), Method: m, Reason: order.Reason, Drawn: f.drawn, Amount: added, Order: place})
			}
		}
		for i := range filled.Spans {
			if gap, ok := f.inner(filled.Spans[i]); ok {
				if m, ok := f.shape(gap, &filled.Spans[i]); ok {
					done = append(done, Substituted{Period: f.period(gap), Method: m, Reason: order.Reason, Total: true, Drawn: f.drawn, Amount: f.shown(gap), Order: place})
				}
			}
		}
	}
	if len(done) > 0 {
		for i := range filled.Days {
			filled.Days[i].recount(point.Days[i], point.Spans, filled.Spans, levels)
		}
	}
	slices.SortFunc(done, func(a, b Substituted) int { return a.Period.From.Compare(b.Period.From) })
	return filled, done
}

// Gaps tells whether anything in the day may ask for a substitute, or has one.
func (d Day) Gaps() bool {
	for q := range d.Values {
		if d.Gap(q) {
			return true
		}
	}
	return false
}

// Gap tells whether quarter-hour q may ask for a substitute, or has one.
func (d Day) Gap(q int) bool { return !d.whole(q) }

// filling is the work on one point.
type filling struct {
	measured, filled Known
	levels           bool
	line             []quarterHour // of filled, one after the other
	order            Order
	drawn            []energy.Period // by the last draw
}

// gap is a stretch of quarter-hours, [from, to) of the line.
type gap struct{ from, to int }

// lineOf are all quarter-hours of the days.
func lineOf(k Known) (line []quarterHour) {
	for i := range k.Days {
		line = append(line, quartersOf(&k.Days[i], 0, len(k.Days[i].Values))...)
	}
	return line
}

// period is that of a gap.
func (f *filling) period(g gap) energy.Period {
	first, last := f.line[g.from], f.line[g.to-1]
	return energy.Period{From: first.day.quarter(first.q).From, To: last.day.quarter(last.q).To}
}

// gaps are the stretches in which amounts are missing, in all or in part, and
// that the order is for.
func (f *filling) gaps() (gaps []gap) {
	for from, to := 0, 0; from < len(f.line); from = to + 1 {
		for to = from; to < len(f.line) && f.lacks(f.line[to]) && f.ordered(f.line[to]); to++ {
		}
		between := from > 0 && to < len(f.line) && f.there(f.line[max(from-1, 0)]) && f.there(f.line[min(to, len(f.line)-1)])
		if to > from && (between || !f.order.Period.To.IsZero()) {
			gaps = append(gaps, gap{from, to})
		}
	}
	return gaps
}

// ordered tells whether the order is for a quarter-hour.
func (f *filling) ordered(at quarterHour) bool {
	return f.order.Period.To.IsZero() || f.order.Period.Covers(at.day.quarter(at.q))
}

func (f *filling) there(at quarterHour) bool { return at.day.Quality[at.q] != energy.Missing }

// lacks tells whether a part of a quarter-hour is missing. A level is known by
// the part that was measured.
func (f *filling) lacks(at quarterHour) bool {
	quality := at.day.Quality[at.q]
	if quality == energy.Missing || f.levels || !known(quality) {
		return quality == energy.Missing
	}
	return at.day.seconds(at.q, f.measured.Spans) < Seconds(at.day.quarter(at.q))
}

// shown is what the quarter-hours of a gap add up to.
func (f *filling) shown(g gap) (sum energy.Amount) {
	for _, at := range f.line[g.from:g.to] {
		sum += at.day.Values[at.q]
	}
	return sum
}

// fill fills a gap by the first method that applies; added is what that brings.
func (f *filling) fill(g gap) (m energy.SubstituteMethod, added energy.Amount, ok bool) {
	for _, s := range f.order.Methods {
		if f.period(g).Length() > s.Longest {
			continue
		}
		values, ok := f.draw(g, s.Method)
		if !ok {
			continue
		}
		if !f.levels {
			added -= f.shown(g)
		}
		for i, v := range values {
			at := f.line[g.from+i]
			d, q := at.day, at.q
			if whole := Seconds(d.quarter(q)); d.Quality[q] != energy.Missing { // completed
				v = int64(d.Values[q]) + share(v, max(0, whole-d.seconds(q, f.measured.Spans)), whole)
			}
			d.Values[q], d.Quality[q] = energy.Amount(v), energy.Substitute
		}
		if !f.levels {
			added += f.shown(g)
		}
		return s.Method, added, true
	}
	return "", 0, false
}

// inner is the stretch of quarter-hours that lie in a span throughout, of an
// amount that is known; ok is false where fewer than two do or the order is not
// for it.
func (f *filling) inner(s Span) (g gap, ok bool) {
	if !known(s.Quality) || s.Cause == CauseSubstitute || len(f.line) == 0 || !f.period(gap{0, len(f.line)}).Covers(s.Period) {
		return gap{}, false
	}
	if p := f.order.Period; !p.To.IsZero() && !p.Covers(s.Period) {
		return gap{}, false
	}
	g.from, _ = slices.BinarySearchFunc(f.line, s.Period.From, byStart)
	for g.to = g.from; g.to < len(f.line) && s.Period.Covers(f.line[g.to].day.quarter(f.line[g.to].q)); g.to++ {
		if f.line[g.to].day.Quality[f.line[g.to].q] != energy.Distributed {
			return gap{}, false
		}
	}
	return g, g.to-g.from > 1
}

func byStart(at quarterHour, t time.Time) int { return at.day.quarter(at.q).From.Compare(t) }

// shape gives a span the course of substitute values. That of a held value is
// no other than the even one.
func (f *filling) shape(g gap, s *Span) (energy.SubstituteMethod, bool) {
	for _, m := range f.order.Methods {
		if s.Period.Length() > m.Longest || m.Method == energy.HeldValue {
			continue
		}
		weights, ok := f.draw(g, m.Method)
		if !ok {
			continue
		}
		course := Day{Values: make([]energy.Amount, len(weights))}
		for i, w := range weights {
			course.Values[i] = energy.Amount(w)
		}
		if !deal(f.line[g.from:g.to], quartersOf(&course, 0, len(weights))) {
			continue
		}
		for _, at := range f.line[g.from:g.to] {
			at.day.Quality[at.q] = energy.Substitute
		}
		s.Cause = CauseSubstitute
		return m.Method, true
	}
	return "", false
}

// recount brings the sums of a day that was filled up to date. before is the day
// as it was measured.
func (d *Day) recount(before Day, was, spans []Span, levels bool) {
	d.Lo, d.Hi, d.CoveredS = 0, 0, 0
	d.sumUp()
	if levels {
		return
	}
	was, spans = overlapping(d.Period, was), overlapping(d.Period, spans)
	for q, v := range d.Values {
		if d.Quality[q] == before.Quality[q] {
			continue
		}
		d.Total += v - before.Values[q]
		for _, s := range overlapping(d.quarter(q), was) {
			if !d.Period.Covers(s.Period) {
				d.Substitute -= s.Share(d.quarter(q)) // which was counted as one already
			}
		}
		if s, shaped := shapedIn(d.quarter(q), spans); !shaped || !d.Period.Covers(s.Period) {
			d.Substitute += v
		}
	}
}
