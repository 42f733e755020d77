package heatmap

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
)

// Header is what holds for all steps of a series.
type Header struct {
	Source SourceID
	Kind   Kind
	Method Method
	From   time.Time     // the beginning of the first step: UTC, a whole number of steps
	Step   time.Duration // a quarter-hour or an hour
	Fact   int64         // the series rests on the facts of its site up to this one; 0: on none
	// Negative counts the steps whose sum of meters came out below zero. They are
	// absent: no source gives that.
	Negative int
}

// Columns are the steps of a series, one entry each. NaN is what is not known.
// Flow and Return may be nil: then none is.
type Columns struct {
	Power        []Kilowatts // mean of the step, never below zero
	Flow, Return []energy.Celsius
	Grade        []Grade // NoGrade where, and only where, Power is NaN
	Limit        []Limit // NoLimit likewise
	// Unshaped is energy whose sum is known and whose hours are not, in steps without a
	// power: of a gap that a counter bridged, the share by time. It counts in sums and
	// in no statistics of hours. NaN where there is none; nil: there is none at all.
	Unshaped []KilowattHours
}

// Series is the power of a source in equal steps without holes; a step may be
// absent. It never changes once made, and may be read by many at once. The zero
// Series has no steps.
type Series struct {
	Header
	columns Columns
}

// New makes a series, which takes the columns over: they must not be changed any
// more. It errs where columns differ in length, where a step is not a quarter-hour
// or an hour or begins beside it, and where a number is none that a source can
// have.
func New(h Header, c Columns) (Series, error) {
	if h.Step != energy.QuarterHour && h.Step != time.Hour {
		return Series{}, fmt.Errorf("make a series of %s: a step of %s: 15m or 1h is expected", h.Source, h.Step)
	}
	h.From = h.From.UTC()
	if !h.From.Equal(h.From.Truncate(h.Step)) {
		return Series{}, fmt.Errorf("make a series of %s: it begins at %s, within a step of %s", h.Source, h.From.Format(time.RFC3339), h.Step)
	}
	n := len(c.Power)
	for name, length := range map[string]int{"flow temperatures": len(c.Flow), "return temperatures": len(c.Return), "energies without hours": len(c.Unshaped)} {
		if length != 0 && length != n {
			return Series{}, fmt.Errorf("make a series of %s: %d %s for %d powers", h.Source, length, name, n)
		}
	}
	if len(c.Grade) != n || len(c.Limit) != n {
		return Series{}, fmt.Errorf("make a series of %s: %d grades and %d limits for %d powers", h.Source, len(c.Grade), len(c.Limit), n)
	}
	s := Series{h, c}
	for i := range c.Power {
		if problem := s.fault(i); problem != "" {
			return Series{}, fmt.Errorf("make a series of %s: step %s: %s", h.Source, s.At(i).Format(time.RFC3339), problem)
		}
	}
	return s, nil
}

// fault is what is wrong with a step; "" where nothing is.
func (s Series) fault(i int) string {
	c, p := s.columns, float64(s.columns.Power[i])
	absent := math.IsNaN(p)
	switch {
	case p < 0 || math.IsInf(p, 0):
		return fmt.Sprintf("a power of %v kW", p)
	case absent != (c.Grade[i] == NoGrade) || c.Grade[i] > Declared:
		return fmt.Sprintf("grade %s of a power of %v kW", c.Grade[i], p)
	case absent != (c.Limit[i] == NoLimit) || c.Limit[i] > LimitDerived:
		return fmt.Sprintf("limit %s of a power of %v kW", c.Limit[i], p)
	case c.Flow != nil && math.IsInf(float64(c.Flow[i]), 0) || c.Return != nil && math.IsInf(float64(c.Return[i]), 0):
		return "an endless temperature"
	case c.Unshaped != nil && c.Unshaped[i] == c.Unshaped[i] && !(absent && c.Unshaped[i] >= 0 && !math.IsInf(float64(c.Unshaped[i]), 0)):
		return fmt.Sprintf("%v kWh without hours beside a power of %v kW", c.Unshaped[i], p)
	}
	return ""
}

// Len is the number of steps.
func (s Series) Len() int { return len(s.columns.Power) }

// Period is from the first step to the end of the last.
func (s Series) Period() energy.Period {
	return energy.Period{From: s.From, To: s.From.Add(time.Duration(s.Len()) * s.Step)}
}

// At is the beginning of step i.
func (s Series) At(i int) time.Time { return s.From.Add(time.Duration(i) * s.Step) }

// Index is the step that holds t; ok is false outside of the period.
func (s Series) Index(t time.Time) (i int, ok bool) {
	if !s.Period().Contains(t) {
		return 0, false
	}
	return int(t.Sub(s.From) / s.Step), true
}

// Power is the mean power of step i; ok is false where it is not known.
func (s Series) Power(i int) (p Kilowatts, ok bool) {
	p = s.columns.Power[i]
	return p, p == p
}

// Flow is the flow temperature of step i, of the heat that flowed in it; ok is
// false where none flowed or it is not known.
func (s Series) Flow(i int) (t energy.Celsius, ok bool) { return known(s.columns.Flow, i) }

// Return is the return temperature of step i, as [Series.Flow].
func (s Series) Return(i int) (t energy.Celsius, ok bool) { return known(s.columns.Return, i) }

// known is entry i of a column that may be nil.
func known(column []energy.Celsius, i int) (t energy.Celsius, ok bool) {
	if column == nil {
		return 0, false
	}
	return column[i], column[i] == column[i]
}

// Grade is what the power of step i rests on.
func (s Series) Grade(i int) Grade { return s.columns.Grade[i] }

// Limit is what limited the power of step i.
func (s Series) Limit(i int) Limit { return s.columns.Limit[i] }

// Columns are all steps, for loops over many; they must not be changed.
func (s Series) Columns() Columns { return s.columns }

// HasTemperatures tells whether a flow temperature is known of any step.
func (s Series) HasTemperatures() bool {
	for _, t := range s.columns.Flow {
		if t == t {
			return true
		}
	}
	return false
}

// Within is the part of s in p: the steps that lie in p throughout.
func (s Series) Within(p energy.Period) Series {
	if s.Len() == 0 {
		return s
	}
	first := max(0, int((p.From.Sub(s.From)+s.Step-1)/s.Step))
	last := min(s.Len(), int(max(0, p.To.Sub(s.From))/s.Step))
	if first > last {
		first, last = 0, 0
	}
	part := Series{s.Header, Columns{Power: s.columns.Power[first:last:last], Grade: s.columns.Grade[first:last:last], Limit: s.columns.Limit[first:last:last]}}
	if s.columns.Flow != nil {
		part.columns.Flow = s.columns.Flow[first:last:last]
	}
	if s.columns.Return != nil {
		part.columns.Return = s.columns.Return[first:last:last]
	}
	if s.columns.Unshaped != nil {
		part.columns.Unshaped = s.columns.Unshaped[first:last:last]
	}
	part.From = s.At(first)
	return part
}

// Same tells whether two series have the same steps, so that step i of one is
// step i of the other.
func (s Series) Same(o Series) bool {
	return s.Step == o.Step && s.From.Equal(o.From) && s.Len() == o.Len()
}
