package registry

import (
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// Substitute orders substitute values: at a point, wherever a gap lies between
// values; in an event, for the period that a person decided on. Of the methods
// the first that applies within its limit is taken; where none does, the gap
// stays. The total of a gap that the counter knows is kept: only its shape is
// substituted.
type Substitute struct {
	Methods []energy.SubstituteMethod `yaml:"methods,required" json:"methods,omitempty"`
	Reason  energy.SubstituteReason   `yaml:"reason,required" json:"reason,omitzero"`
	// Comparison is the point of the site that comparison_meter draws on: of the
	// same quantity, measured.
	Comparison energy.PointID `yaml:"comparison" json:"comparison,omitzero"`
	// The longest gap of each method: interpolation and held value in minutes
	// (0: 120), the comparisons in days (0: 7), and how many days back a
	// comparison day may lie, and a comparison meter is compared (0: 28). That two
	// hours are interpolated, and longer gaps compared, is said of VDE-AR-N 4400
	// (2019-07), whose text was not at hand: unconfirmed, hence configurable. The
	// other limits are ours.
	InterpolationMinutes int `yaml:"interpolation_minutes" json:"interpolation_minutes,omitzero"`
	HeldMinutes          int `yaml:"held_minutes" json:"held_minutes,omitzero"`
	ComparisonGapDays    int `yaml:"comparison_gap_days" json:"comparison_gap_days,omitzero"`
	ComparisonBackDays   int `yaml:"comparison_back_days" json:"comparison_back_days,omitzero"`
}

// The limits where none is stated, and the most that may be.
const (
	usualMinutes  = 120
	usualGapDays  = 7
	usualBackDays = 28
	mostMinutes   = 24 * 60
	mostGapDays   = 366
	mostBackDays  = 366
)

// Longest is the longest gap that a method fills.
func (s Substitute) Longest(m energy.SubstituteMethod) time.Duration {
	switch m {
	case energy.Interpolation:
		return time.Duration(orUsual(s.InterpolationMinutes, usualMinutes)) * time.Minute
	case energy.HeldValue:
		return time.Duration(orUsual(s.HeldMinutes, usualMinutes)) * time.Minute
	}
	return time.Duration(orUsual(s.ComparisonGapDays, usualGapDays)) * 24 * time.Hour
}

// BackDays is how many days before a gap comparisons may draw on.
func (s Substitute) BackDays() int { return orUsual(s.ComparisonBackDays, usualBackDays) }

func orUsual(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

// IsZero tells whether nothing is ordered.
func (s Substitute) IsZero() bool { return len(s.Methods) == 0 && s.Reason == "" }

// substitute checks an order for the points it concerns.
func (c *checker) substitute(s *Site, order Substitute, points []*Point, at path) {
	for i, m := range order.Methods {
		p := at.to("methods", i)
		if oneOf(c, "method of substitution", m, energy.SubstituteMethods(), p) && slices.Contains(order.Methods[:i], m) {
			c.fault(p, fmt.Sprintf("method %s is given twice", m), "the first that applies is taken: keep one")
		}
	}
	oneOf(c, "reason of substitution", order.Reason, energy.SubstituteReasons(), at.to("reason"))
	c.within(order.InterpolationMinutes, 15, mostMinutes, at.to("interpolation_minutes"))
	c.within(order.HeldMinutes, 15, mostMinutes, at.to("held_minutes"))
	c.within(order.ComparisonGapDays, 1, mostGapDays, at.to("comparison_gap_days"))
	c.within(order.ComparisonBackDays, 7, mostBackDays, at.to("comparison_back_days"))
	compares := slices.Contains(order.Methods, energy.ComparisonMeter)
	if compares && !c.doc.Present(at.to("comparison")...) {
		c.fault(at, "comparison_meter without comparison", "the point that is compared with is expected")
	}
	with, ok := c.reference(s, order.Comparison, at.to("comparison"))
	if !ok {
		return
	}
	if !compares {
		c.fault(at.to("comparison"), "a comparison that no method uses", "add comparison_meter to methods, or remove it")
	}
	for _, p := range points {
		switch {
		case with.ID == p.ID:
			c.fault(at.to("comparison"), fmt.Sprintf("%q is compared with itself", p.ID), "another point is expected")
		case with.Quantity != p.Quantity:
			c.fault(at.to("comparison"), fmt.Sprintf("%q measures %s", with.ID, with.Quantity), fmt.Sprintf("a point of %s is expected", p.Quantity))
		case with.Virtual():
			c.fault(at.to("comparison"), fmt.Sprintf("%q is calculated", with.ID), "a point that is measured is expected")
		}
	}
}

// within checks a whole number, if given.
func (c *checker) within(n, least, most int, at path) {
	if c.given(at) && (n < least || n > most) {
		c.fault(at, fmt.Sprintf("%s is %d", at[len(at)-1], n), fmt.Sprintf("%d to %d is expected", least, most))
	}
}

// substituted checks the points of an event that orders substitute values.
func (c *checker) substituted(s *Site, e *Event, at path) {
	if e.Kind != Substitution {
		if c.given(at.to("substitute")) {
			c.fault(at.to("substitute"), fmt.Sprintf("substitute in an event %s", e.Kind), "only an event substitution orders substitute values: remove it")
		}
		return
	}
	if !c.doc.Present(at.to("substitute")...) {
		c.fault(at, "event substitution without substitute", "methods and a reason are expected, such as substitute: {methods: [comparison_day], reason: defect}")
	}
	if len(e.Points) == 0 && !c.doc.Present(at.to("points")...) {
		c.fault(at, "event substitution without points", "the points whose values are substituted are expected")
	}
	var points []*Point
	for i, id := range e.Points {
		p := c.points[id]
		if p == nil {
			continue
		}
		if points = append(points, p); p.Virtual() {
			c.fault(at.to("points", i), fmt.Sprintf("%q is calculated", id), "substitute the values of the points it is made of")
		}
	}
	if c.given(at.to("substitute")) {
		c.substitute(s, e.Substitute, points, at.to("substitute"))
	}
}
