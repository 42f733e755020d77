package source

import (
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Contract is heat that was promised, by months of the year.
type Contract struct {
	ID        string
	From, To  energy.Date                         // local days [From, To) for which it holds
	Months    [monthsOfYear]heatmap.KilowattHours // January first; of a whole month
	TakeOrPay bool                                // heat that was ready and not asked for is paid nevertheless
	// LeastCoverage is the share of a month that must be known; 0 is 0.9, as of
	// commitments.
	LeastCoverage float64
}

// usualCoverage is that of commitments (registry.Terms).
const usualCoverage = 0.9

// Flows are what was delivered, held ready and asked for, in the same steps; what is
// not known is an empty series. Their energies are kpi's heat_delivered,
// heat_available and heat_requested.
type Flows struct{ Delivered, Available, Requested heatmap.Series }

// Kept says how a month went, in the order in which a judgement looks at it (package
// commitment, take-or-pay).
type Kept string

// InFull: delivered as promised. NotAsked: less, and no more was asked for.
// HeldReady: less, what was asked for is not known, and as much was ready. FellShort:
// less. KeptUnknown: too little is known.
const (
	InFull      Kept = "in_full"
	NotAsked    Kept = "not_asked_for"
	HeldReady   Kept = "held_ready"
	FellShort   Kept = "fell_short"
	KeptUnknown Kept = "unknown"
)

// Sum is an energy and the share of the time whose energy is known, be it in sum only.
type Sum struct {
	Energy   heatmap.KilowattHours
	Coverage float64
}

// Fulfilment is a month, or the part of it for which the contract holds.
type Fulfilment struct {
	Year   int
	Month  time.Month
	Period energy.Period
	// Promised is the month's, by days where the contract holds in a part of it only.
	Promised                        heatmap.KilowattHours
	Delivered, Available, Requested Sum
	Short                           heatmap.KilowattHours // promised and not delivered
	// NotTaken is what was ready beyond what was asked for (or, that not being known,
	// delivered), step by step; NotGiven what was asked for and not delivered.
	NotTaken, NotGiven heatmap.KilowattHours
	// Payable is the part of Short that the taker pays all the same: no more than was
	// not taken. Only of take-or-pay.
	Payable heatmap.KilowattHours
	Kept    Kept
}

// Fulfil lays what came beside what was promised, month by month, over the part of
// the contract that the delivered series has. It errs where the series have
// different steps.
func Fulfil(c Contract, f Flows, calendar energy.Calendar) ([]Fulfilment, error) {
	for _, beside := range []heatmap.Series{f.Available, f.Requested} {
		if beside.Len() > 0 && !f.Delivered.Same(beside) {
			return nil, fmt.Errorf("contract %s: %w", c.ID, differ("compare promised and delivered", f.Delivered, beside))
		}
	}
	if c.LeastCoverage == 0 {
		c.LeastCoverage = usualCoverage
	}
	holds := f.Delivered.Period().Common(energy.Period{From: calendar.Day(c.From).From, To: calendar.Day(c.To).From})
	var list []Fulfilment
	for from := holds.From; from.Before(holds.To); {
		date := calendar.Date(from)
		month := calendar.Month(date.Year, date.Month)
		part := month.Common(holds)
		m := Fulfilment{Year: date.Year, Month: date.Month, Period: part}
		m.Promised = c.Months[date.Month-1] * heatmap.KilowattHours(part.Length().Hours()/month.Length().Hours())
		m.fill(c, f)
		list = append(list, m)
		from = month.To
	}
	return list, nil
}

// fill looks at the steps of the month.
func (m *Fulfilment) fill(c Contract, f Flows) {
	delivered, available, requested := f.Delivered.Within(m.Period), f.Available.Within(m.Period), f.Requested.Within(m.Period)
	sum := func(s heatmap.Series) Sum {
		a := s.Account()
		return Sum{a.Energy + a.Unshaped, a.EnergyCoverage()}
	}
	m.Delivered, m.Available, m.Requested = sum(delivered), sum(available), sum(requested)
	for i := range delivered.Len() {
		d, ok := delivered.Power(i)
		if !ok {
			continue
		}
		taken := d
		if r, ok := powerAt(requested, i); ok {
			m.NotGiven += max(0, r-d).Over(delivered.Step)
			taken = max(d, r)
		}
		if a, ok := powerAt(available, i); ok {
			m.NotTaken += max(0, a-taken).Over(delivered.Step)
		}
	}
	if !reaches(m.Delivered.Energy, m.Promised) {
		m.Short = m.Promised - m.Delivered.Energy
	}
	if c.TakeOrPay {
		m.Payable = min(m.Short, m.NotTaken)
	}
	m.Kept = m.keeps(c)
}

// finest is half of the watt-hour in which meters and judgements count: what differs by
// less differs by the rounding of sums.
const finest heatmap.KilowattHours = 0.0005

// reaches tells whether an energy is no less than another.
func reaches(energy, other heatmap.KilowattHours) bool { return energy >= other-finest }

// powerAt is that of a step of a series that may be empty.
func powerAt(s heatmap.Series, i int) (heatmap.Kilowatts, bool) {
	if i >= s.Len() {
		return 0, false
	}
	return s.Power(i)
}

// keeps says how the month went. Heat that is known to have come counts however thin
// the data; that little is known excuses nobody and accuses nobody.
func (m *Fulfilment) keeps(c Contract) Kept {
	enough := func(s Sum) bool { return s.Coverage >= c.LeastCoverage }
	switch {
	case m.Short == 0:
		return InFull
	case !enough(m.Delivered):
		return KeptUnknown
	case !c.TakeOrPay:
		return FellShort
	case enough(m.Requested) && reaches(m.Delivered.Energy, m.Requested.Energy):
		return NotAsked
	case enough(m.Requested):
		return FellShort
	case enough(m.Available) && reaches(m.Available.Energy, m.Promised):
		return HeldReady
	case enough(m.Available):
		return FellShort
	}
	return KeptUnknown
}
