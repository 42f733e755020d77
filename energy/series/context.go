package series

import (
	"slices"
	"time"

	"heatledger/energy"
)

// Context is how many readings that the rules use, before and after a day, are
// enough to derive it: with more the Day is the same, and so are the spans that
// overlap it.
const Context = 8

// Enough tells, for either side of p, whether readings, ascending, hold Context
// usable ones there. At the ends of the series there are fewer; that is for the
// caller to know.
func (r Rules) Enough(readings []energy.Reading, p energy.Period) (before, after bool) {
	_, countBefore := r.before(readings, p.From)
	_, countAfter := r.after(readings, p.To)
	return countBefore == Context, countAfter == Context
}

// Since is the instant of the Context-th usable reading before t: with the readings
// from there on, what follows t is what all of them say. ok is false where there
// are fewer.
func (r Rules) Since(readings []energy.Reading, t time.Time) (at time.Time, ok bool) {
	position, count := r.before(readings, t)
	if count < Context {
		return time.Time{}, false
	}
	return readings[position].At, true
}

// Reach is the period whose figures a change of the readings in p can change:
// from the Context-th usable reading before p to the end of the Context-th
// after it, as far as readings, ascending, go, and beyond the ends of the
// series to what exchanges state.
func (r Rules) Reach(readings []energy.Reading, p energy.Period) energy.Period {
	from, before := r.before(readings, p.From)
	to, after := r.after(readings, p.To)
	reach := p
	for _, reading := range readings[from:to] {
		if reading.At.Before(reach.From) {
			reach.From = reading.At
		}
		if end := reading.End(); end.After(reach.To) {
			reach.To = end
		}
	}
	for _, e := range r.Exchanges {
		if before < Context && e.At.Before(reach.From) {
			reach.From = e.At
		}
		if after < Context && e.At.After(reach.To) {
			reach.To = e.At
		}
	}
	return reach
}

// before is the position of the Context-th usable reading before t, and how
// many there are up to Context.
func (r Rules) before(readings []energy.Reading, t time.Time) (position, count int) {
	position, _ = slices.BinarySearchFunc(readings, t, byInstant)
	digits := r.Quantity.Digits()
	for position > 0 && count < Context {
		position--
		if _, _, ok := r.amount(&readings[position], digits); ok {
			count++
		}
	}
	return position, count
}

// after is the position behind the Context-th usable reading at or after t, and
// how many there are up to Context.
func (r Rules) after(readings []energy.Reading, t time.Time) (position, count int) {
	position, _ = slices.BinarySearchFunc(readings, t, byInstant)
	digits := r.Quantity.Digits()
	for position < len(readings) && count < Context {
		if _, _, ok := r.amount(&readings[position], digits); ok {
			count++
		}
		position++
	}
	return position, count
}

func byInstant(r energy.Reading, t time.Time) int { return r.At.Compare(t) }
