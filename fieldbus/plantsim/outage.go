package plantsim

import (
	"time"

	"heatledger/energy"
)

// Outage is a time of each year in which no meter of a site gives a reading.
// Counters count on unseen: what flowed is known afterwards, its course is not.
type Outage struct {
	Begins Yearly
	Lasts  time.Duration
	Reason string
	// Shutdown: the IT load follows the measured course of a yearly shutdown
	// (data/SOURCES.md) on the UTC day on which the outage begins, and comes
	// back, modelled, by seven o'clock of the day after. Otherwise the site
	// runs on as if nothing were.
	Shutdown bool
}

// Yearly is an instant of each year: the nth weekday of a month, and the time
// of that day by UTC.
type Yearly struct {
	Month   time.Month
	Nth     int // from 1
	Weekday time.Weekday
	At      time.Duration
}

// in is the instant of a year.
func (y Yearly) in(year int) time.Time {
	first := time.Date(year, y.Month, 1, 0, 0, 0, 0, time.UTC)
	days := (int(y.Weekday-first.Weekday()) + 7) % 7
	return first.AddDate(0, 0, days+7*(y.Nth-1)).Add(y.At)
}

// in is the outage of a year.
func (o Outage) in(year int) energy.Period {
	from := o.Begins.in(year)
	return energy.Period{From: from, To: from.Add(o.Lasts)}
}

// dark tells whether the meters of the site give no readings at t. No outage
// reaches over the end of its year.
func (s *Site) dark(t time.Time) bool {
	for _, o := range s.Spec.Outages {
		if o.in(t.Year()).Contains(t) {
			return true
		}
	}
	return false
}

// recovery is when the load is whole again on the day after a shutdown.
const recovery = 7 * time.Hour

// running is the part of its load that the site carries at t.
func (s *Site) running(t time.Time) float64 {
	for _, o := range s.Spec.Outages {
		if !o.Shutdown {
			continue
		}
		switch since := t.Sub(time.Unix(dayNumber(o.Begins.in(t.Year()))*secondsPerDay, 0)); {
		case since < 0:
		case since <= 24*time.Hour:
			return s.measured.shutdown[since/energy.QuarterHour]
		case since < 24*time.Hour+recovery:
			low := s.measured.shutdown[quartersPerDay]
			return low + (1-low)*float64(since-24*time.Hour)/float64(recovery)
		}
	}
	return 1
}
