package validation

import (
	"time"

	"heatledger/energy/registry"
)

// Limits are the thresholds of the rules. The registry may state others for a
// site or a point ([Limits.With]). A limit that is crossed is a reason to look,
// not a proof.
type Limits struct {
	// Gap is the shortest stretch without a reading of its own that is a gap;
	// Silence the shortest up to now. Settle is how long a reading may take to
	// become part of the days.
	Gap, Silence, Settle time.Duration
	// Standing is how long a counter, FrozenPower and FrozenTemperature how long
	// a level, may stay the same.
	Standing, FrozenPower, FrozenTemperature time.Duration
	// Connection is the multiple of the connected load from which a quarter-hour
	// is a spike.
	Connection float64
	// UnitFactor is how far a factor may be from 1,000, up or down, and still be
	// one; UnitDays how many days in a row have to show it.
	UnitFactor float64
	UnitDays   int
	// CopyDays is how many days in a row have to repeat; CopyDistinct how many
	// different values a day needs for that to mean anything.
	CopyDays, CopyDistinct int
	// Future is how long before its instant a reading may arrive, ClockAhead
	// from when on this is said of the clock. ClockBehind is the delay of a
	// steady stream from which its clock, or its way, is in doubt.
	Future, ClockAhead, ClockBehind time.Duration
	// ITExcess is by how much, as a share of the total, IT may exceed it in an
	// hour; ITHours how many hours in a row have to show it.
	ITExcess float64
	ITHours  int
	// HeatExcess is by how much, as a share of the input, the heat of a day may
	// exceed it: heat meters of EN 1434-1 class 2 may err by a few per cent, and
	// pipes and tanks hold heat from one day to the next.
	HeatExcess float64
	// Flow is the deviation of a heat meter from its volume times temperature
	// difference over a month; FlowKelvin the least mean difference, and
	// FlowHours the least time with readings of all, for which it is judged.
	// Where the volume is measured, in the flow or in the return, is not known:
	// that alone is 1 to 2 % (water.go).
	Flow       float64
	FlowKelvin float64
	FlowHours  time.Duration
	// Node is the deviation of a node's balance (FIGURES.md: ±3 %); Whole the
	// share of a month that has to be known for it to be judged.
	Node, Whole float64
	// DayKnown is the share of a day that has to be known for it to be judged.
	DayKnown float64
	// Coverage is the least share of a month to be known.
	Coverage float64
	// Expiry is how long before its end a verification is pointed to.
	Expiry time.Duration
	// Together is how near two findings of one kind lie to be one.
	Together time.Duration
}

// Defaults are the limits, all in one place.
func Defaults() Limits {
	const day = 24 * time.Hour
	return Limits{
		Gap: time.Hour, Silence: 26 * time.Hour, Settle: 2 * time.Hour,
		Standing: day, FrozenPower: day, FrozenTemperature: 7 * day,
		Connection: 1.2,
		UnitFactor: 2.5, UnitDays: 2,
		CopyDays: 2, CopyDistinct: 12,
		Future: 5 * time.Minute, ClockAhead: time.Minute, ClockBehind: 10 * time.Minute,
		ITExcess: 0.05, ITHours: 2,
		HeatExcess: 0.05,
		Flow:       0.05, FlowKelvin: 3, FlowHours: 7 * day,
		Node: 0.03, Whole: 0.99,
		DayKnown: 0.9,
		Coverage: 0.95,
		Expiry:   90 * day,
		Together: day,
	}
}

// With are the limits with those that a registry states instead, which was
// checked when it was applied.
func (l Limits) With(stated registry.Limits) Limits {
	long := func(limit *time.Duration, m registry.Measure) {
		if d, ok := m.Duration(); ok && m.Given() {
			*limit = d
		}
	}
	part := func(limit *float64, m registry.Measure) {
		if ratio, ok := m.Share(); ok && m.Given() {
			*limit = ratio
		}
	}
	long(&l.Gap, stated.Gap)
	long(&l.Silence, stated.Silence)
	long(&l.Standing, stated.FlatLine)
	long(&l.FrozenPower, stated.FlatLine)
	part(&l.Connection, stated.Spike)
	part(&l.Flow, stated.HeatAgainstFlow)
	part(&l.Node, stated.NodeBalance)
	part(&l.Coverage, stated.Coverage)
	part(&l.ITExcess, stated.ITAboveTotal)
	part(&l.HeatExcess, stated.HeatAboveInput)
	long(&l.Expiry, stated.VerificationExpired)
	return l
}

// limits are those of a point.
func (l *look) limits(p registry.Point) Limits {
	own := l.Limits.With(p.Limits)
	if d, ok := p.Limits.FlatLine.Duration(); ok && p.Limits.FlatLine.Given() {
		own.FrozenTemperature = d
	}
	return own
}
