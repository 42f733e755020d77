// Package completeness says of each day of a year whether a point's values are
// there: from its closed days, without a reading being looked at again. It is
// pure and holds no prose.
package completeness

import (
	"encoding/binary"
	"hash/fnv"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// State is how a day of a point stands. Of several that hold the first of [States]
// is meant.
type State string

// The states.
const (
	// NotDue: nothing is expected: the site or point is not there yet or no more,
	// or the day is not over.
	NotDue State = "not_due"
	// Gap: the values of at least a quarter-hour are missing.
	Gap State = "gap"
	// Overlap: the same values stand, quarter-hour by quarter-hour, at another
	// primary point of the same role: one source counts twice.
	Overlap State = "overlap"
	// Suspect: a value was read and is doubtful.
	Suspect State = "suspect"
	// Substitute: a value is estimated by a stated method.
	Substitute State = "substitute"
	// Distributed: the sum is known across a gap, its course is not.
	Distributed State = "distributed"
	// Declared: a value is stated, not metered.
	Declared State = "declared"
	Complete State = "complete"
)

// States lists them, the one that hides the others first.
func States() []State {
	return []State{NotDue, Gap, Overlap, Suspect, Substitute, Distributed, Declared, Complete}
}

// Strip is a year of a point, day by day.
type Strip struct {
	Point     energy.PointID  `json:"point"`
	Meter     energy.MeterID  `json:"meter"`
	Quantity  energy.Quantity `json:"quantity"`
	Role      energy.Role     `json:"role,omitempty"`
	Virtual   bool            `json:"calculated,omitempty"`
	Days      []State         `json:"-"` // of each day of the year
	Due       int             `json:"days_due"`
	Complete  int             `json:"days_complete"`
	Intervals []Interval      `json:"intervals"`
}

// Count is how many days stand so.
func (s Strip) Count(state State) (n int) {
	for _, d := range s.Days {
		if d == state {
			n++
		}
	}
	return n
}

// Interval are days, one after the other, that stand alike.
type Interval struct {
	State State       `json:"state"`
	From  energy.Date `json:"from"`
	To    energy.Date `json:"to"` // the first day that no longer belongs to it
	Days  int         `json:"days"`
	// Amount is what is known of these days, of a cumulative quantity; Share is its
	// part of what is known of the year. Nil where nothing is known, or the
	// quantity is no amount: absent is not zero.
	Amount *energy.Value `json:"amount,omitempty"`
	Share  *float64      `json:"energy_share_ratio,omitempty"`
	// Covered is the part of the time that was measured at its own time.
	Covered float64 `json:"covered_ratio"`
}

// Question is a site and year with its closed days.
type Question struct {
	Site     registry.Site
	Year     int
	On       energy.Date // the first day that is not over
	Calendar energy.Calendar
	Days     map[energy.PointID][]series.Day
}

// Strips are those of all points of the site, in the order of its meters.
func Strips(q Question) (strips []Strip) {
	copies := q.copies()
	for _, m := range q.Site.Meters {
		for _, p := range m.Points {
			strips = append(strips, q.strip(m, p, copies))
		}
	}
	return strips
}

// strip goes through the year of a point.
func (q Question) strip(m registry.Meter, p registry.Point, copies map[copied]int) Strip {
	s := Strip{Point: p.ID, Meter: m.ID, Quantity: p.Quantity, Role: p.Role, Virtual: p.Virtual(), Intervals: []Interval{}}
	days := map[energy.Date]series.Day{}
	for _, d := range q.Days[p.ID] {
		days[d.Date] = d
	}
	var known energy.Amount
	amounts := []energy.Amount{}
	for date := firstOf(q.Year); date.Year == q.Year; date = date.AddDays(1) {
		d, there := days[date]
		state := stateOf(d, there)
		switch {
		case !q.due(p, date):
			state = NotDue
		case state != Gap && copies[q.copyOf(p, d)] > 1:
			state = Overlap
		}
		s.add(state, date, d, there, q.Calendar)
		known += d.Total
		if n := len(s.Intervals); n > len(amounts) {
			amounts = append(amounts, d.Total)
		} else {
			amounts[n-1] += d.Total
		}
	}
	for i := range s.Intervals {
		one := &s.Intervals[i]
		one.Covered /= float64(one.Days)
		if !p.Quantity.Cumulative() || one.Covered == 0 && amounts[i] == 0 {
			continue
		}
		value := p.Quantity.Value(amounts[i])
		one.Amount = &value
		if known > 0 {
			share := float64(amounts[i]) / float64(known)
			one.Share = &share
		}
	}
	return s
}

// add takes a day to the strip. Until the year is through, Covered adds up days.
func (s *Strip) add(state State, date energy.Date, d series.Day, there bool, calendar energy.Calendar) {
	s.Days = append(s.Days, state)
	if state != NotDue {
		s.Due++
	}
	if state == Complete {
		s.Complete++
	}
	if n := len(s.Intervals); n == 0 || s.Intervals[n-1].State != state {
		s.Intervals = append(s.Intervals, Interval{State: state, From: date, To: date})
	}
	last := &s.Intervals[len(s.Intervals)-1]
	last.To, last.Days = date.AddDays(1), last.Days+1
	if there {
		last.Covered += float64(d.CoveredS) / calendar.Day(date).Length().Seconds()
	}
}

// due tells whether values of a day are expected.
func (q Question) due(p registry.Point, date energy.Date) bool {
	within := func(from, to energy.Date) bool {
		return !date.Before(from) && (to == energy.Date{} || date.Before(to))
	}
	return date.Before(q.On) && within(q.Site.From, q.Site.To) && within(q.Site.InOperationSince, energy.Date{}) && within(p.From, p.To)
}

// stateOf is the state of a day by the qualities of its quarter-hours.
func stateOf(d series.Day, there bool) State {
	if !there {
		return Gap
	}
	has := func(quality energy.Quality) bool { return slices.Contains(d.Quality, quality) }
	switch {
	case has(energy.Missing) || len(d.Quality) == 0:
		return Gap
	case has(energy.Suspect):
		return Suspect
	case has(energy.Substitute):
		return Substitute
	case has(energy.Distributed):
		return Distributed
	case has(energy.Declared):
		return Declared
	}
	return Complete
}

// copied is what two points have in common that show the same.
type copied struct {
	quantity energy.Quantity
	role     energy.Role
	date     energy.Date
	values   uint64
}

// copyOf is what would be the same at a copy; the zero value for what no copy can
// be told by: calculated points, checks, and days on which nothing varied.
func (q Question) copyOf(p registry.Point, d series.Day) copied {
	if p.Virtual() || p.Use != energy.Primary || p.Role == "" || d.Lo == d.Hi {
		return copied{}
	}
	return copied{p.Quantity, p.Role, d.Date, fingerprint(d.Values)}
}

// copies counts the points that show the same on a day.
func (q Question) copies() map[copied]int {
	counts := map[copied]int{}
	for _, m := range q.Site.Meters {
		for _, p := range m.Points {
			for _, d := range q.Days[p.ID] {
				if key := q.copyOf(p, d); key != (copied{}) {
					counts[key]++
				}
			}
		}
	}
	return counts
}

// fingerprint tells values from others: by FNV-1a, which needs no secret, for who
// could make two alike could as well send the same.
func fingerprint(values []energy.Amount) uint64 {
	sum := fnv.New64a()
	var b [8]byte
	for _, v := range values {
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		_, _ = sum.Write(b[:]) // it never errs
	}
	return sum.Sum64()
}

func firstOf(year int) energy.Date { return energy.Date{Year: year, Month: 1, Day: 1} }
