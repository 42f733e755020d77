package commitment

import (
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// window is a period that is judged, with the one of a year before.
type window struct {
	Span
}

// windows are the last closed and the running period of a rule on the day of
// the judgement.
func (q Question) windows(rule Rule) []window {
	begin, months := anchor(rule.Per, q.On, q.Commitment.From)
	closed, running := addMonths(begin, -months), begin
	if rule.Per == registry.Rolling { // twelve months that end with each month
		closed = addMonths(begin, -1)
	}
	list := make([]window, 2)
	for i, from := range []energy.Date{closed, running} {
		to := addMonths(from, months)
		list[i] = window{Span{From: from, To: to, Label: label(rule.Per, from, to), Closed: i == 0}}
	}
	return list
}

// anchor is the first day of the running period, and its length in months.
func anchor(per registry.Per, on, from energy.Date) (energy.Date, int) {
	switch per {
	case registry.EachMonth:
		return energy.Date{Year: on.Year, Month: on.Month, Day: 1}, 1
	case registry.Rolling:
		return addMonths(energy.Date{Year: on.Year, Month: on.Month, Day: 1}, -11), 12
	case registry.HeatingYear:
		return latestStart(energy.Date{Year: on.Year, Month: time.October, Day: 1}, on), 12
	case registry.ContractYear:
		return latestStart(energy.Date{Year: on.Year, Month: from.Month, Day: from.Day}, on), 12
	}
	return energy.Date{Year: on.Year, Month: time.January, Day: 1}, 12
}

// latestStart is start, or a year before where that is still to come.
func latestStart(start, on energy.Date) energy.Date {
	if on.Before(start) {
		return addMonths(start, -12)
	}
	return start
}

// calendarYear is the running year.
func calendarYear(on energy.Date) Span {
	from, _ := anchor(registry.CalendarYear, on, energy.Date{})
	to := addMonths(from, 12)
	return Span{From: from, To: to, Label: label(registry.CalendarYear, from, to)}
}

// label names a period as the API does, others by their borders.
func label(per registry.Per, from, to energy.Date) string {
	switch per {
	case registry.CalendarYear:
		return fmt.Sprintf("%04d", from.Year)
	case registry.EachMonth:
		return from.String()[:7]
	case registry.Rolling:
		return "P12M/" + addMonths(to, -1).String()[:7]
	}
	return from.String() + "/" + to.String()
}

// addMonths is the same day n months later; where that month is shorter, the
// first of the next (29 February has 1 March a year later).
func addMonths(d energy.Date, n int) energy.Date {
	t := time.Date(d.Year, d.Month+time.Month(n), d.Day, 0, 0, 0, 0, time.UTC)
	return energy.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// period is a range of local days as instants.
func (q Question) period(from, to energy.Date) energy.Period {
	return energy.Period{From: q.Calendar.Day(from).From, To: q.Calendar.Day(to).From}
}

// known is the part of a window for which there can be figures: from the start
// of operation, and up to the day of the judgement.
func (q Question) known(w window) (from, to energy.Date) {
	from, to = later(w.From, q.Site.InOperationSince), w.To
	if q.On.Before(to) {
		to = q.On
	}
	return from, to
}
