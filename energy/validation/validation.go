// Package validation looks for what cannot be true, or should be looked at, in
// the readings of a site and what was made of them: gaps, standing and jumping
// values, mistaken units, copies, clocks, and sums that do not add up. Each rule
// has a name; what it finds is data (rule, code, severity, point, period,
// arguments), never prose. The package knows no database and no clock, changes
// nothing and forms no substitute values: a person, or a rule of another
// package, decides what follows from a finding.
//
// Two questions are asked. [Check] looks at the local days of all points of a
// site, [CheckDelivery] at the readings of one point as they arrived. Both give
// the same findings, in the same order, for the same facts.
package validation

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Question is a site in a period, with everything the rules look at.
type Question struct {
	Site     registry.Site
	Calendar energy.Calendar
	Period   energy.Period // whole local days
	// Until is the instant after which nothing can be known yet: no gap begins
	// there.
	Until time.Time
	// Known are the days and spans of the points. Days before the period serve
	// the rules that compare with earlier ones, and tell since when a point says
	// anything: before its first value it is not expected to, unless the registry
	// says from when it counts.
	Known  map[energy.PointID]series.Known
	Limits Limits // the usual ones; the registry of the site may state others
}

// Check applies every rule that looks at days to a site.
func Check(q Question) []Finding {
	l := newLook(q)
	var all []Finding
	for _, at := range l.points {
		if at.Virtual() {
			continue // what is wrong with its inputs is said of them
		}
		all = append(all, l.gaps(at)...)
		all = append(all, l.flatLines(at)...)
		all = append(all, l.spikes(at)...)
		all = append(all, l.unitShifts(at)...)
		all = append(all, l.copies(at)...)
		all = append(all, l.thinMonths(at)...)
	}
	all = append(all, l.supply()...)
	all = append(all, l.heat()...)
	all = append(all, l.flows()...)
	all = append(all, l.nodes()...)
	all = append(all, l.verifications()...)
	Sort(all)
	return all
}

// located is a point with the meter it belongs to.
type located struct {
	registry.Point
	meter energy.MeterID
}

// look is a question, prepared.
type look struct {
	Question
	points []located
	dates  []energy.Date
	months []energy.Period                               // that lie wholly in the period and are over
	byDate map[energy.Date]map[energy.PointID]series.Day // of the period
	firsts map[energy.PointID]time.Time                  // the first quarter-hour that says anything
}

func newLook(q Question) *look {
	q.Limits = q.Limits.With(q.Site.Limits)
	l := &look{Question: q, dates: q.Calendar.Days(q.Period), byDate: map[energy.Date]map[energy.PointID]series.Day{}, firsts: map[energy.PointID]time.Time{}}
	for _, meter := range q.Site.Meters {
		for _, point := range meter.Points {
			l.points = append(l.points, located{point, meter.ID})
			if first, ok := firstOf(q.Known[point.ID].Days); ok {
				l.firsts[point.ID] = first
			}
			for _, day := range l.days(point.ID) {
				if l.byDate[day.Date] == nil {
					l.byDate[day.Date] = make(map[energy.PointID]series.Day, len(q.Known))
				}
				l.byDate[day.Date][point.ID] = day
			}
		}
	}
	for _, date := range l.dates {
		month := q.Calendar.Month(date.Year, date.Month)
		if date.Day == 1 && q.Period.Covers(month) && !month.To.After(q.Until) {
			l.months = append(l.months, month)
		}
	}
	return l
}

// days are the days of a point that begin in the period.
func (l *look) days(id energy.PointID) []series.Day { return within(l.Known[id].Days, l.Period) }

// within are the days, ascending, that begin in p.
func within(days []series.Day, p energy.Period) []series.Day {
	begins := func(d series.Day, t time.Time) int { return d.Period.From.Compare(t) }
	from, _ := slices.BinarySearchFunc(days, p.From, begins)
	to, _ := slices.BinarySearchFunc(days, p.To, begins)
	return days[from:max(from, to)]
}

// firstOf is when the first quarter-hour begins of which something is known.
func firstOf(days []series.Day) (first time.Time, ok bool) {
	for _, d := range days {
		for q, quality := range d.Quality {
			if quality != energy.Missing {
				return d.Period.From.Add(time.Duration(q) * energy.QuarterHour), true
			}
		}
	}
	return time.Time{}, false
}

// spans are those of all points.
func (l *look) spans() map[energy.PointID][]series.Span {
	spans := make(map[energy.PointID][]series.Span, len(l.Known))
	for id, known := range l.Known {
		spans[id] = known.Spans
	}
	return spans
}

// expected is the part of the period in which a point should say something;
// live is true where it ends with what can be known by now. The empty Period
// means that nothing is expected.
func (l *look) expected(p registry.Point) (e energy.Period, live bool) {
	e = l.Period
	from, to := later(p.From, l.Site.From), earlier(p.To, l.Site.To)
	if from != (energy.Date{}) {
		e.From = latest(e.From, l.Calendar.Day(from).From)
	}
	if p.From == (energy.Date{}) {
		first, ok := l.firsts[p.ID]
		if !ok {
			return energy.Period{}, false
		}
		e.From = latest(e.From, first)
	}
	if to != (energy.Date{}) {
		e.To = earliest(e.To, l.Calendar.Day(to).From)
	}
	if settled := l.Until.Add(-l.Limits.Settle); settled.Before(e.To) {
		e.To, live = settled, true
	}
	if !e.From.Before(e.To) {
		return energy.Period{}, false
	}
	return e, live
}

// standstill tells whether the registry knows that the plant stood still
// throughout p, for a point.
func (l *look) standstill(at located, p energy.Period) bool {
	for _, event := range l.Site.Events {
		if event.Kind != registry.Outage || !event.Concerns(at.meter, at.ID) {
			continue
		}
		// The last reading before and the first after lie outside.
		wide := energy.Period{From: event.From.Add(-l.limits(at.Point).Gap), To: event.To.Add(l.limits(at.Point).Gap)}
		if wide.Covers(p) {
			return true
		}
	}
	return false
}

// finding is one about a point.
func (l *look) finding(at located, code Code, p energy.Period, args Args) Finding {
	return found(l.Site.ID, at.meter, at.ID, code, p, args)
}

func later(a, b energy.Date) energy.Date {
	if a == (energy.Date{}) || b != (energy.Date{}) && a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b energy.Date) energy.Date {
	if a == (energy.Date{}) || b != (energy.Date{}) && b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// common is what two periods have in common; it may be empty.
func common(a, b energy.Period) energy.Period {
	return energy.Period{From: latest(a.From, b.From), To: earliest(a.To, b.To)}
}
