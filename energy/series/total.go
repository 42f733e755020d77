package series

import (
	"sort"
	"time"

	"heatledger/energy"
)

// Total is what days and spans say about a period.
type Total struct {
	Period energy.Period
	// Amount is the sum of a cumulative quantity, 0 for levels.
	Amount energy.Amount
	// Substitute is the part of Amount that is not known to belong to the
	// period: shares of spans that its borders cut, substitute, declared and
	// doubtful values.
	Substitute energy.Amount
	// Quality is the worst of the parts, where a span that lies in the period
	// counts as measured; Missing when nothing is known.
	Quality energy.Quality
	// IntervalS are the seconds that were measured at their own time. EnergyS
	// are those whose energy is known: these and the spans that lie in the
	// period. Both of PeriodS.
	IntervalS, EnergyS, PeriodS int64

	weighted      int64 // Σ level·seconds over the IntervalS seconds of a level
	sum, quarters int64 // of the quarter-hours that have a value
}

// Mean is the time mean of a level over what was measured; where nothing was
// measured at its own time, the plain mean of the quarter-hours that have a
// value. ok is false where there are none.
func (t Total) Mean() (mean energy.Amount, ok bool) {
	var sum integral
	switch {
	case t.IntervalS > 0:
		sum.add(t.weighted, 1)
		return energy.Amount(sum.over(t.IntervalS)), true
	case t.quarters > 0:
		sum.add(t.sum, 1)
		return energy.Amount(sum.over(t.quarters)), true
	}
	return 0, false
}

// show counts the quarter-hour q of d in.
func (t *Total) show(d Day, q int, spans []Span) {
	if d.Quality[q] != energy.Missing {
		t.sum += int64(d.Values[q])
		t.quarters++
	}
	quality := d.Quality[q]
	switch {
	case quality == energy.Distributed && within(t.Period, overlapping(d.quarter(q), spans)):
		quality = energy.Measured
	case quality == energy.Substitute:
		if s, shaped := shapedIn(d.quarter(q), spans); shaped && s.countsIn(t.Period) {
			quality = energy.Measured
		}
	}
	t.Quality = Worse(t.Quality, quality)
}

// Share is the part of the span's amount that falls in p, by time. It is what
// the days show, but for [CauseSubstitute]: the shares of neighbouring periods
// add up to the amount.
func (s Span) Share(p energy.Period) energy.Amount {
	all := piece{from: s.Period.From.UnixMicro(), to: s.Period.To.UnixMicro(), last: int64(s.Amount)}
	from, to := max(all.from, p.From.UnixMicro()), min(all.to, p.To.UnixMicro())
	if from >= to {
		return 0
	}
	return energy.Amount(all.at(to) - all.at(from))
}

// Over adds up p, which consists of whole days, from the days in it and the
// spans that overlap it, both ascending. A day that is not there is missing.
func Over(p energy.Period, days []Day, spans []Span) Total {
	total := Total{Period: p, PeriodS: Seconds(p)}
	for _, d := range days {
		if !p.Covers(d.Period) {
			continue
		}
		total.Amount += d.Total
		total.Substitute += d.Substitute
		total.weighted += d.Weighted
		total.IntervalS += int64(d.CoveredS)
		near := overlapping(d.Period, spans)
		for q := range d.Values {
			total.show(d, q, near)
		}
	}
	total.EnergyS = total.IntervalS
	for _, s := range spans {
		if !s.countsIn(p) {
			continue
		}
		total.EnergyS += Seconds(s.Period)
		first := sort.Search(len(days), func(i int) bool { return days[i].Period.To.After(s.Period.From) })
		for _, d := range days[first:] {
			if !d.Period.From.Before(s.Period.To) {
				break
			}
			if p.Covers(d.Period) && !d.Period.Covers(s.Period) {
				total.Substitute -= s.in(d) // which the day took for a substitute
			}
		}
	}
	return total
}

// countsIn tells whether p holds all of the span and its amount is known.
func (s Span) countsIn(p energy.Period) bool { return p.Covers(s.Period) && known(s.Quality) }

// quarter is the q-th quarter-hour.
func (d Day) quarter(q int) energy.Period {
	from := d.Period.From.Add(time.Duration(q) * energy.QuarterHour)
	to := from.Add(energy.QuarterHour)
	if to.After(d.Period.To) {
		to = d.Period.To
	}
	return energy.Period{From: from, To: to}
}

// within tells whether p holds all of the spans: what was distributed over
// them is as good as measured there.
func within(p energy.Period, spans []Span) bool {
	for _, s := range spans {
		if !s.countsIn(p) {
			return false
		}
	}
	return len(spans) > 0
}

// overlapping are the spans that overlap p, of spans in order.
func overlapping(p energy.Period, spans []Span) []Span {
	first := sort.Search(len(spans), func(i int) bool { return spans[i].Period.To.After(p.From) })
	behind := sort.Search(len(spans), func(i int) bool { return !spans[i].Period.From.Before(p.To) })
	return spans[first:max(first, behind)]
}
