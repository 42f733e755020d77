package source

import (
	"slices"
	"sort"

	"heatledger/heatmap"
)

// Reference says what a curve's reference power is.
type Reference string

// Capacity: the thermal power that the operator declares. Peak: the greatest hour
// that was measured, where none is declared, as in kpi's full_load_hours; the
// greatest known hour where none was measured.
const (
	Capacity Reference = "capacity"
	Peak     Reference = "peak"
)

// Curve is a sorted duration curve: the known hours by their power, the greatest
// first. It is not stretched to a year: hours that are not known are not in it.
type Curve struct {
	Hours       []heatmap.Kilowatts // descending
	Of          int                 // hours of the period
	Energy      heatmap.KilowattHours
	Reference   heatmap.Kilowatts
	ReferenceIs Reference
	// FullLoad is Energy / Reference in hours of the period; 0 without a reference
	// above zero.
	FullLoad float64
}

// DurationCurve is that of a series. Capacity is what the operator declares; 0 is
// nothing.
func DurationCurve(s heatmap.Series, capacity heatmap.Kilowatts) Curve {
	hourly := s.Hourly()
	c := Curve{Hours: knownOf(hourly), Of: hourly.Len(), Reference: capacity, ReferenceIs: Capacity}
	slices.Sort(c.Hours)
	slices.Reverse(c.Hours)
	for _, p := range c.Hours {
		c.Energy += heatmap.KilowattHours(p)
	}
	if capacity <= 0 {
		c.Reference, c.ReferenceIs = peak(hourly), Peak
	}
	if c.Reference > 0 {
		c.FullLoad = float64(c.Energy) / float64(c.Reference)
	}
	return c
}

// peak is the greatest measured hour, or the greatest known one.
func peak(hours heatmap.Series) heatmap.Kilowatts {
	var measured heatmap.Kilowatts
	found := false
	for i, p := range hours.Columns().Power {
		if hours.Grade(i) == heatmap.Measured {
			measured, found = max(measured, p), true
		}
	}
	if found {
		return measured
	}
	return greatest(hours)
}

// Reached is the power that so many hours reach; ok is false for none, and for more
// than are known.
func (c Curve) Reached(hours int) (p heatmap.Kilowatts, ok bool) {
	if hours < 1 || hours > len(c.Hours) {
		return 0, false
	}
	return c.Hours[hours-1], true
}

// Above is how many of the known hours reach the power.
func (c Curve) Above(p heatmap.Kilowatts) int {
	return sort.Search(len(c.Hours), func(i int) bool { return c.Hours[i] < p })
}
