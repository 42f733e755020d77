package heatmap

import (
	"math"
	"time"

	"heatledger/energy"
)

// quartersPerHour is the number of quarter-hours in an hour.
const quartersPerHour = 4

// Hourly is s in hours; an hourly series is itself. The power of an hour is known
// where that of all its quarter-hours is, its grade the worst of theirs, and its
// limit that of the whole (see [Account.Limit]). Temperatures are weighted with the
// power of the quarter-hours that have one. An hour that s holds in part only is
// absent. The energy of an absent hour is in its Unshaped where that of all its
// quarter-hours is known; sums are better made of the quarter-hours.
func (s Series) Hourly() Series {
	if s.Step == time.Hour || s.Len() == 0 {
		return s
	}
	h := s.Header
	h.Step, h.From = time.Hour, s.From.Truncate(time.Hour)
	lead := int(s.From.Sub(h.From) / s.Step) // quarter-hours before s in its first hour
	n := (lead + s.Len() + quartersPerHour - 1) / quartersPerHour
	c := Columns{Power: make([]Kilowatts, n), Grade: make([]Grade, n), Limit: make([]Limit, n)}
	if s.columns.Flow != nil {
		c.Flow = make([]energy.Celsius, n)
	}
	if s.columns.Return != nil {
		c.Return = make([]energy.Celsius, n)
	}
	for i := range n {
		first := i*quartersPerHour - lead
		from, to := max(0, first), min(first+quartersPerHour, s.Len())
		c.Power[i], c.Grade[i], c.Limit[i] = s.hour(from, to)
		if s.columns.Unshaped != nil {
			c.Unshaped = append(c.Unshaped, KilowattHours(math.NaN()))
			if c.Grade[i] == NoGrade && to-from == quartersPerHour {
				c.Unshaped[i] = s.rest(from, to)
			}
		}
		if c.Flow != nil {
			c.Flow[i] = weighted(s.columns.Flow[from:to], s.columns.Power[from:to])
		}
		if c.Return != nil {
			c.Return[i] = weighted(s.columns.Return[from:to], s.columns.Power[from:to])
		}
	}
	return Series{h, c}
}

// hour is the hour of the quarter-hours from from to before to.
func (s Series) hour(from, to int) (Kilowatts, Grade, Limit) {
	if to-from < quartersPerHour {
		return Kilowatts(math.NaN()), NoGrade, NoLimit
	}
	var sum Kilowatts
	var grade Grade
	var limits [LimitDerived + 1]bool
	for i := from; i < to; i++ {
		sum += s.columns.Power[i] // absent makes it absent
		grade = max(grade, s.columns.Grade[i])
		limits[s.columns.Limit[i]] = true
	}
	switch {
	case sum != sum:
		return sum, NoGrade, NoLimit
	case limits[LimitDerived]:
		return sum / quartersPerHour, grade, LimitDerived
	case limits[DemandLimited]:
		return sum / quartersPerHour, grade, DemandLimited
	}
	return sum / quartersPerHour, grade, SupplyLimited
}

// rest is what the quarter-hours hold in power and without hours; NaN where a
// quarter-hour holds neither.
func (s Series) rest(from, to int) (sum KilowattHours) {
	for i := from; i < to; i++ {
		if p := s.columns.Power[i]; p == p {
			sum += p.Over(s.Step)
			continue
		}
		sum += s.columns.Unshaped[i]
	}
	return sum
}

// weighted is the mean of temperatures, weighted with the power beside them; NaN
// where there is none.
func weighted(temperatures []energy.Celsius, power []Kilowatts) energy.Celsius {
	var sum, weight float64
	for i, t := range temperatures {
		if p := power[i]; t == t && p > 0 {
			sum += float64(t) * float64(p)
			weight += float64(p)
		}
	}
	return energy.Celsius(sum / weight) // 0/0 is NaN
}
