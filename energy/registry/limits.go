package registry

import (
	"fmt"
	"time"

	"heatledger/energy"
)

// Limits are limits of the rules of validation that a site, or one of its points,
// has instead of the usual ones. They are named as the rules are; a limit that is
// not given is the usual one. Durations are in min, h or d; shares in %, or
// without a unit.
type Limits struct {
	// Gap is the shortest gap between readings that is mentioned, Silence the
	// shortest up to now.
	Gap     Measure `yaml:"gap" json:"gap,omitzero"`
	Silence Measure `yaml:"silence" json:"silence,omitzero"`
	// FlatLine is how long a counter or a level may stand still; at a site it is
	// that of counters and powers, not of temperatures.
	FlatLine Measure `yaml:"flat_line" json:"flat_line,omitzero"`
	// Spike is the share of the connected load beyond which a quarter-hour is one.
	Spike Measure `yaml:"spike" json:"spike,omitzero"`
	// HeatAgainstFlow is the deviation of a heat meter from its own volume and
	// temperatures, NodeBalance that of a point from those below it or from its
	// check meter, each in a month.
	HeatAgainstFlow Measure `yaml:"heat_against_flow" json:"heat_against_flow,omitzero"`
	NodeBalance     Measure `yaml:"node_balance" json:"node_balance,omitzero"`
	// Coverage is the least share of a month to be known.
	Coverage Measure `yaml:"coverage" json:"coverage,omitzero"`
	// Of a site only: by how much IT may exceed the total in an hour, and heat
	// the input of a day; how long before its end a verification is pointed to.
	ITAboveTotal        Measure `yaml:"it_above_total" json:"it_above_total,omitzero"`
	HeatAboveInput      Measure `yaml:"heat_above_input" json:"heat_above_input,omitzero"`
	VerificationExpired Measure `yaml:"verification_expired" json:"verification_expired,omitzero"`
}

// Given tells whether a measure was written.
func (m Measure) Given() bool { return m != (Measure{}) }

// Duration is a measure in min, h or d; ok is false for one in anything else.
func (m Measure) Duration() (d time.Duration, ok bool) {
	unit := time.Minute
	switch m.Unit {
	case "min":
	case "h":
		unit = time.Hour
	case "d":
		unit = 24 * time.Hour
	default:
		return 0, false
	}
	return time.Duration(m.Number.Float64() * float64(unit)).Round(time.Second), true
}

// Share is a measure in %, or without a unit, as a ratio: 0.03 for 3 %. ok is
// false for one in anything else.
func (m Measure) Share() (ratio float64, ok bool) {
	v, err := m.In(energy.One)
	return v.Float64(), err == nil
}

// limit is a limit with what it may be: a duration, or a share.
type limit struct {
	name        string
	measure     Measure
	long        bool    // a duration, in hours; else a share, in %
	least, most float64 // that mean anything
	site        bool    // of a site only
}

func (l Limits) list() []limit {
	const year = 366 * 24
	return []limit{
		{"gap", l.Gap, true, 0.25, year, false}, {"silence", l.Silence, true, 1, year, false}, {"flat_line", l.FlatLine, true, 0.5, year, false},
		{"spike", l.Spike, false, 10, 1000, false}, {"heat_against_flow", l.HeatAgainstFlow, false, 0.1, 100, false},
		{"node_balance", l.NodeBalance, false, 0.1, 100, false}, {"coverage", l.Coverage, false, 1, 100, false},
		{"it_above_total", l.ITAboveTotal, false, 0.1, 100, true}, {"heat_above_input", l.HeatAboveInput, false, 0.1, 100, true},
		{"verification_expired", l.VerificationExpired, true, 24, 5 * year, true},
	}
}

// limits checks limits of a site, or of a point.
func (c *checker) limits(l Limits, point bool, at path) {
	for _, one := range l.list() {
		here := at.to(one.name)
		if !c.given(here) {
			continue
		}
		if point && one.site {
			c.fault(here, fmt.Sprintf("%s is no limit of a point", one.name), "move it to the limits of the site")
			continue
		}
		value, ok := one.measure.in(one.long)
		switch {
		case !ok && one.long:
			c.fault(here, fmt.Sprintf("%s is %q", one.name, one.measure), "a duration such as 2 h, 90 min or 3 d is expected")
		case !ok:
			c.fault(here, fmt.Sprintf("%s is %q", one.name, one.measure), "a share such as 5 % is expected")
		case value < one.least || value > one.most:
			unit := "%"
			if one.long {
				unit = "h"
			}
			c.fault(here, fmt.Sprintf("%s is %s", one.name, one.measure), fmt.Sprintf("%g to %g %s is expected", one.least, one.most, unit))
		}
	}
}

// in is a duration in hours or a share in %.
func (m Measure) in(long bool) (value float64, ok bool) {
	if long {
		d, ok := m.Duration()
		return d.Hours(), ok
	}
	ratio, ok := m.Share()
	return ratio * 100, ok
}
