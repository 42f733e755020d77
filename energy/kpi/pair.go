package kpi

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Term is a point in a sum. Factor is in thousandths: Unity adds, -Unity
// subtracts, 400 adds 0.4 of it (a weighted cold import).
type Term struct {
	Point  energy.PointID
	Factor int64
	// Level, where named, is a temperature in whose °C the amount is multiplied:
	// mWh become mWh·°C.
	Level energy.PointID
}

// Pair is a figure's numerator and denominator.
type Pair struct {
	Numerator, Denominator []Term
	// Limit is what bounds a part of the numerator that no meter gives: the
	// electricity from the grid, which guarantees of origin may make green.
	Limit []Term
	// Above is the temperature in m°C that the level of the numerator is compared with.
	Above energy.Amount
	// OwnTime: only quarter-hours that were measured at their own time count.
	// Energy spread across a gap has no hour and no temperature.
	OwnTime bool
}

// Sum is what a paired figure adds up over a day, a month, a year. Sums of
// parts are the sum of the whole: fields only ever add.
type Sum struct {
	Numerator   energy.Amount
	Denominator energy.Amount
	Limit       energy.Amount
	// Substitute parts: amounts of quality substitute or declared.
	NumeratorSubstitute   energy.Amount
	DenominatorSubstitute energy.Amount
	// IntervalS are the seconds in which every point was measured at its own
	// time, EnergyS those in which the energy of every point is known or
	// spread across a gap, PeriodS all seconds.
	IntervalS, EnergyS, PeriodS int64
}

// Add adds o to s.
func (s *Sum) Add(o Sum) {
	s.Numerator += o.Numerator
	s.Denominator += o.Denominator
	s.Limit += o.Limit
	s.NumeratorSubstitute += o.NumeratorSubstitute
	s.DenominatorSubstitute += o.DenominatorSubstitute
	s.IntervalS += o.IntervalS
	s.EnergyS += o.EnergyS
	s.PeriodS += o.PeriodS
}

// Points are the points of all sides, those of levels included.
func (p Pair) Points() []energy.PointID {
	points := make([]energy.PointID, 0, len(p.Numerator)+len(p.Denominator)+len(p.Limit))
	for _, side := range [][]Term{p.Numerator, p.Denominator, p.Limit} {
		for _, t := range side {
			points = append(points, t.Point)
			if t.Level != "" {
				points = append(points, t.Level)
			}
		}
	}
	return points
}

// Complete tells whether both sides name a point.
func (p Pair) Complete() bool { return len(p.Numerator) > 0 && len(p.Denominator) > 0 }

// Day adds up one local day. A quarter-hour counts when each of the points has
// energy in all of it: measured, spread across a gap, or a substitute. A point
// without a day lacks energy throughout.
func (p Pair) Day(period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) Sum {
	sum := Sum{PeriodS: series.Seconds(period)}
	if columns, ok := p.columns(days, spans); ok {
		for q := range int(period.Length() / energy.QuarterHour) {
			sum.Add(p.quarter(columns, q))
		}
	}
	return sum
}

// Hour is what a pair adds up over one hour of the clock, or over the part of
// it that lies in a day; of a quarterly figure, over a quarter-hour.
type Hour struct {
	From time.Time
	Sum  Sum
	// Certified is the electricity of certificates issued for all of the hour.
	Certified energy.Amount
}

// Hours adds up the hours of one local day. In each of them the quarter-hours
// that were measured at their own time count.
func (p Pair) Hours(period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) []Hour {
	return p.steps(time.Hour, period, days, spans)
}

// steps adds up the hours, or quarter-hours, of one local day.
func (p Pair) steps(step time.Duration, period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) []Hour {
	p.OwnTime = true
	columns, ok := p.columns(days, spans)
	quarters := int(period.Length() / energy.QuarterHour)
	hours := make([]Hour, 0, quarters)
	for q := range quarters {
		from := period.From.Add(time.Duration(q) * energy.QuarterHour).Truncate(step)
		if n := len(hours) - 1; n < 0 || !hours[n].From.Equal(from) {
			hours = append(hours, Hour{From: from})
		}
		sum := &hours[len(hours)-1].Sum
		sum.PeriodS += quarterSeconds
		if ok {
			sum.Add(p.quarter(columns, q))
		}
	}
	return hours
}

// side says what a term adds to.
type side int

const (
	numerator side = iota
	denominator
	limit
)

// column is the day of one term.
type column struct {
	side  side
	term  Term
	day   series.Day
	known []int16 // seconds of each quarter-hour
	// counted is what was added so far, and given what became of it: a factor is
	// applied to the sum, so that a day is rounded once.
	counted, given energy.Amount
	level          series.Day // where the term names one
}

// columns looks up the day of each term; ok is false where one is lacking.
func (p Pair) columns(days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) (columns []column, ok bool) {
	columns = make([]column, 0, len(p.Numerator)+len(p.Denominator)+len(p.Limit))
	for s, terms := range [][]Term{numerator: p.Numerator, denominator: p.Denominator, limit: p.Limit} {
		for _, t := range terms {
			day, ok := days[t.Point]
			if !ok {
				return nil, false
			}
			c := column{side: side(s), term: t, day: day, known: day.Known(spans[t.Point])}
			if t.Level != "" {
				if c.level, ok = days[t.Level]; !ok {
					return nil, false
				}
			}
			columns = append(columns, c)
		}
	}
	return columns, true
}

// quarter adds up the q-th quarter-hour. Where it does not count, only seconds
// whose energy is known are given.
func (p Pair) quarter(columns []column, q int) (sum Sum) {
	counts, energyS, intervalS := true, int16(quarterSeconds), int16(quarterSeconds)
	for i := range columns {
		c := &columns[i]
		known, covered := at(c.known, q), at(c.day.Covered, q)
		if c.term.Level != "" {
			known, covered = min(known, at(c.level.Covered, q)), min(covered, at(c.level.Covered, q))
		}
		energyS, intervalS = min(energyS, known), min(intervalS, covered)
		if p.OwnTime {
			known = covered
		}
		counts = counts && (known == quarterSeconds || estimated(c.day, q))
	}
	if energyS == quarterSeconds && len(columns) > 0 && (counts || p.OwnTime) {
		sum.EnergyS = quarterSeconds
	}
	if !counts || len(columns) == 0 {
		return sum
	}
	if intervalS == quarterSeconds {
		sum.IntervalS = quarterSeconds
	}
	for i := range columns {
		amount, substitute := columns[i].amount(q, p.OwnTime)
		switch columns[i].side {
		case numerator:
			sum.Numerator += amount
			sum.NumeratorSubstitute += substitute
		case denominator:
			sum.Denominator += amount
			sum.DenominatorSubstitute += substitute
		case limit:
			sum.Limit += amount
		}
	}
	return sum
}

// amount is what the term adds in the q-th quarter-hour. For figures of own time
// a shape that was estimated is a substitute, though its total be known.
func (c *column) amount(q int, ownTime bool) (amount, substitute energy.Amount) {
	if c.term.Level == "" {
		known := c.known
		if ownTime {
			known = c.day.Covered
		}
		before := c.given
		c.counted += c.day.Values[q]
		c.given = Scale(c.counted, c.term.Factor, Unity)
		if amount = c.given - before; estimated(c.day, q) && at(known, q) < quarterSeconds {
			return amount, amount
		}
		return amount, 0
	}
	v := Scale(Scale(c.day.Values[q], int64(at(c.level.Values, q)), levelUnit), c.term.Factor, Unity)
	if estimated(c.day, q) || estimated(c.level, q) {
		return v, v
	}
	return v, 0
}

// levelUnit is the number of fixed units in 1 °C.
const levelUnit = 1000

const quarterSeconds = 900

// estimated tells whether the quarter-hour's value is a substitute, declared or
// doubtful: it counts, and is marked.
func estimated(day series.Day, q int) bool {
	if q >= len(day.Quality) {
		return false
	}
	switch day.Quality[q] {
	case energy.Substitute, energy.Declared, energy.Suspect:
		return true
	}
	return false
}

// amount is what the term adds in the q-th quarter-hour, of which so many seconds
// are known.
func (t Term) amount(day series.Day, known []int16, q int) (amount, substitute energy.Amount) {
	v := Scale(day.Values[q], t.Factor, Unity)
	if estimated(day, q) && at(known, q) < quarterSeconds {
		return v, v
	}
	return v, 0
}

func at[T any](values []T, q int) (v T) {
	if q < len(values) {
		v = values[q]
	}
	return v
}
