package atlas

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
)

// Stretch is a run of local days [From, To).
type Stretch struct{ From, To energy.Date }

// units are the days of [from, to) that an allowance shows on a day: those of its
// whole units (days, months, years) that lie in [from, to) and in its own period and
// whose delay has passed.
func (a Allowance) units(from, to, on energy.Date) []Stretch {
	from, to = latest(from, a.From), earliest(to, a.To)
	if seen := on.AddDays(-a.DelayDays); seen.Before(to) { // a unit is seen from its end and the delay on
		to = seen
	}
	switch a.Resolution {
	case publication.Year:
		if begin := (energy.Date{Year: from.Year, Month: time.January, Day: 1}); begin != from {
			from = energy.Date{Year: from.Year + 1, Month: time.January, Day: 1}
		}
		to = energy.Date{Year: to.Year, Month: time.January, Day: 1}
	case publication.Month:
		if from.Day != 1 {
			from = nextMonth(from)
		}
		to.Day = 1
	}
	if !from.Before(to) {
		return nil
	}
	return []Stretch{{from, to}}
}

// nextMonth is the first day of the month after a day's.
func nextMonth(d energy.Date) energy.Date {
	if d.Month == time.December {
		return energy.Date{Year: d.Year + 1, Month: time.January, Day: 1}
	}
	return energy.Date{Year: d.Year, Month: d.Month + 1, Day: 1}
}

func latest(a, b energy.Date) energy.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func earliest(a, b energy.Date) energy.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// joined are stretches in order, those that touch made one.
func joined(list []Stretch) (out []Stretch) {
	slices.SortFunc(list, func(a, b Stretch) int { return a.From.Compare(b.From) })
	for _, s := range list {
		if n := len(out); n > 0 && !out[n-1].To.Before(s.From) {
			out[n-1].To = latest(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// both are the days that two lists have in common.
func both(a, b []Stretch) (out []Stretch) {
	for _, x := range a {
		for _, y := range b {
			if s := (Stretch{latest(x.From, y.From), earliest(x.To, y.To)}); s.From.Before(s.To) {
				out = append(out, s)
			}
		}
	}
	return joined(out)
}

// holds tells whether a list has all days of a stretch.
func holds(list []Stretch, s Stretch) bool {
	return slices.ContainsFunc(list, func(o Stretch) bool { return !s.From.Before(o.From) && !o.To.Before(s.To) })
}
