package heatmap

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/series"
)

// column is the sum of some points in each step.
type column struct {
	power    []Kilowatts
	grade    []Grade
	unshaped []KilowattHours // nil: none
	negative int
}

// unitsPerKilowattHour are the fixed units of an energy.
const unitsPerKilowattHour = 1e6

// kilowattHours is a sum of amounts × factors.
func kilowattHours(sum int64) KilowattHours {
	return KilowattHours(float64(sum) / (kpi.Unity * unitsPerKilowattHour))
}

// lacking is an absent power.
func lacking() Kilowatts { return Kilowatts(math.NaN()) }

// column adds up the terms; ok is false where there are none on any day.
func (s Stored) column(of terms) (c column, ok bool) {
	n := s.steps()
	c = column{power: make([]Kilowatts, n), grade: make([]Grade, n)}
	for i := range c.power {
		c.power[i] = lacking()
	}
	sums, counted := make([]int64, n), make([]uint8, n) // of a stretch: sums, and the terms that are known
	gaps := make([]bool, n)                             // steps of which a term has energy without an hour
	for _, days := range s.stretches() {
		list := of(s.Site, days)
		for _, t := range list {
			ok = true
			for _, day := range s.of(t.Point, days) {
				if first, in := s.place(day); in {
					addDay(day, t.Factor, sums[first:], counted[first:], gaps[first:], c.grade[first:])
				}
			}
		}
		if len(list) > 0 {
			first := int(s.Calendar.Day(days.From).From.Sub(s.period().From) / energy.QuarterHour)
			last := int(s.Calendar.Day(days.To).From.Sub(s.period().From) / energy.QuarterHour)
			for i := first; i < last; i++ {
				c.take(i, sums[i], int(counted[i]) == len(list), gaps[i])
			}
		}
	}
	return c, ok
}

// addDay adds a day of a term to the steps from its first on.
func addDay(day series.Day, factor int64, sums []int64, counted []uint8, gaps []bool, grades []Grade) {
	for q, v := range day.Values {
		grade := gradeOf(day, q)
		switch {
		case grade != NoGrade:
			grades[q] = max(grades[q], grade)
		case day.Quality[q] == energy.Distributed:
			gaps[q] = true
		default:
			continue
		}
		sums[q] += int64(v) * factor
		counted[q]++
	}
}

// gradeOf is what quarter-hour q of a day rests on; NoGrade where it was not
// measured in all of it at its own time and has no substitute.
func gradeOf(day series.Day, q int) Grade {
	switch day.Quality[q] {
	case energy.Measured, energy.Calculated:
		if day.Covered[q] == quarterSeconds {
			return Measured
		}
	case energy.Substitute, energy.Suspect:
		return Estimated
	case energy.Declared:
		return Declared
	}
	return NoGrade
}

// take settles a step.
func (c *column) take(i int, sum int64, all, gap bool) {
	switch {
	case !all:
		c.grade[i] = NoGrade
	case gap:
		c.grade[i] = NoGrade
		c.apart(i, kilowattHours(sum))
	case sum < 0:
		c.negative++
		c.grade[i] = NoGrade
	default:
		c.power[i], _ = kilowattHours(sum).Mean(energy.QuarterHour)
	}
}

// apart keeps energy that is known in sum only.
func (c *column) apart(i int, e KilowattHours) {
	if !(e >= 0) {
		return
	}
	if c.unshaped == nil {
		c.unshaped = make([]KilowattHours, len(c.power))
		for i := range c.unshaped {
			c.unshaped[i] = KilowattHours(math.NaN())
		}
	}
	c.unshaped[i] = e
}

// plus is the sum of two columns, known where both are.
func (c column) plus(o column) column {
	sum := column{power: make([]Kilowatts, len(c.power)), grade: make([]Grade, len(c.power)),
		negative: c.negative + o.negative}
	rest := func(c column, i int) KilowattHours {
		switch {
		case c.grade[i] != NoGrade:
			return c.power[i].Over(energy.QuarterHour)
		case c.unshaped != nil:
			return c.unshaped[i]
		}
		return KilowattHours(math.NaN())
	}
	for i := range c.power {
		sum.power[i] = c.power[i] + o.power[i]
		if a, b := c.grade[i], o.grade[i]; a != NoGrade && b != NoGrade {
			sum.grade[i] = max(a, b)
			continue
		}
		sum.apart(i, rest(c, i)+rest(o, i))
	}
	return sum
}

// temperature is the temperature of the delivered heat by the figure's name; nil
// where the site measures none.
func (s Stored) temperature(figure string) []energy.Celsius {
	var fromRegisters, fromSensors []energy.Celsius
	for _, d := range kpi.Definitions() {
		if d.Name != figure {
			continue
		}
		if d.Instead {
			fromSensors = s.quotient(d)
		} else {
			fromRegisters = s.quotient(d)
		}
	}
	if fromSensors == nil {
		return fromRegisters
	}
	for i, t := range fromSensors {
		if t != t && fromRegisters != nil {
			fromSensors[i] = fromRegisters[i]
		}
	}
	return fromSensors
}

// quotient is Σ heat × temperature / Σ heat, or Σ volume × temperature / Σ volume,
// of each step with a flow; nil where there are no terms on any day.
func (s Stored) quotient(d kpi.Definition) []energy.Celsius {
	var column []energy.Celsius
	top, below := make([]float64, s.steps()), make([]float64, s.steps())
	for _, days := range s.stretches() {
		pair, ok := d.Of(s.Site, 0, days)
		if !ok {
			continue
		}
		if column == nil {
			column = make([]energy.Celsius, len(top))
		}
		for k, t := range pair.Numerator { // the meters stand in the same order on both sides
			if t.Level != "" {
				s.both(t.Point, t.Level, days, func(i int, heat, level float64) {
					if heat > 0 {
						top[i], below[i] = top[i]+heat*level/unitsPerDegree, below[i]+heat
					}
				})
				continue
			}
			s.both(t.Point, pair.Denominator[k].Point, days, func(i int, product, volume float64) {
				if volume > 0 {
					top[i], below[i] = top[i]+product, below[i]+volume
				}
			})
		}
	}
	for i := range column {
		column[i] = energy.Celsius(math.NaN())
		if below[i] > 0 {
			column[i] = energy.Celsius(top[i] / below[i])
		}
	}
	return column
}

// unitsPerDegree are the fixed units of a temperature.
const unitsPerDegree = 1000

// both gives the values of two points in the steps in which both were measured.
func (s Stored) both(a, b energy.PointID, days kpi.Days, give func(i int, a, b float64)) {
	others := s.of(b, days)
	for _, day := range s.of(a, days) {
		for len(others) > 0 && others[0].Date.Before(day.Date) {
			others = others[1:]
		}
		first, ok := s.place(day)
		if !ok || len(others) == 0 || others[0].Date != day.Date || len(others[0].Values) != len(day.Values) {
			continue
		}
		for q := range day.Values {
			if gradeOf(day, q) == Measured && gradeOf(others[0], q) == Measured {
				give(first+q, float64(day.Values[q]), float64(others[0].Values[q]))
			}
		}
	}
}
