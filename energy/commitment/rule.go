package commitment

import (
	"maps"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// defaultCoverage is the least share of a period whose energy must be known
// where a rule says nothing: what a tenth of a year may hide does not usually
// turn an annual figure around, and a meter may stand still for a month.
const defaultCoverage = 0.9

// ruleOf is a commitment's own rule. A threshold of a ramp holds from the
// beginning of its year on.
func ruleOf(c registry.Commitment) Rule {
	rule := Rule{
		ID: c.ID, Citation: c.Source, Metric: c.Metric, Per: c.Per, FirstWindow: StartsOnOrAfter,
		EnforcedBy: c.EnforcedBy, Status: InForce, From: c.From, To: c.To, Terms: c.Terms,
	}
	if rule.Per == "" {
		rule.Per = registry.CalendarYear
	}
	if c.Metric == greenAnnual {
		rule.Settles = supplierLabel()
	}
	rule.Comparator, _, _ = c.Rule(c.From.Year)
	if len(c.Thresholds) == 0 {
		_, value, _ := c.Rule(0)
		rule.Thresholds = []Threshold{{Value: value, From: c.From}}
	}
	for _, year := range slices.Sorted(maps.Keys(c.Thresholds)) {
		first := energy.Date{Year: year, Month: time.January, Day: 1}
		if c.Per == registry.ContractYear { // the contract year that begins in the year
			first = energy.Date{Year: year, Month: c.From.Month, Day: c.From.Day}
		}
		rule.Thresholds = append(rule.Thresholds, Threshold{Value: c.Thresholds[year], From: later(first, c.From)})
	}
	return rule
}

// supplierLabel is the day on which a supplier's label of the year before is
// due and its cancellations are in (EnWG § 42 Abs. 1).
func supplierLabel() energy.MonthDay { return energy.MonthDay{Month: time.July, Day: 1} }

// settles is the day from which a period's verdict is final.
func (r Rule) settles(s Span) energy.Date { return r.Settles.OnOrAfter(s.To) }

// minimum is the least coverage.
func (r Rule) minimum() float64 {
	if r.MinimumCoverage.Sign() > 0 {
		return r.MinimumCoverage.Float64()
	}
	return defaultCoverage
}

// threshold is the one that binds a period; with ok false the first that will,
// and the day on which it falls due. A rule without any for the site has none.
func (r Rule) threshold(s Span, start energy.Date) (t Threshold, due energy.Date, ok bool) {
	found := false
	for _, candidate := range r.Thresholds {
		if !candidate.Started.Contains(start) {
			continue
		}
		day := later(candidate.From, r.From)
		if r.DueMonthsAfterStart > 0 && start != (energy.Date{}) {
			day = later(day, addMonths(start, r.DueMonthsAfterStart))
		}
		switch binds := r.bindsFrom(day, s); {
		case binds:
			t, due, ok = candidate, day, true
		case !found && !ok:
			t, due = candidate, day
		}
		found = true
	}
	return t, due, ok
}

// bindsFrom tells whether something due on a day binds the period.
func (r Rule) bindsFrom(due energy.Date, s Span) bool {
	if r.FirstWindow == EndsOnOrAfter || r.ProRata {
		return due.Before(s.To) // the last day is the one before To
	}
	return !s.From.Before(due)
}

// keeps tells whether a value is on the good side of a limit, and how far.
func (r Rule) keeps(value, threshold float64) (bool, float64) {
	if r.Comparator == registry.AtMost {
		return value <= threshold, threshold - value
	}
	return value >= threshold, value - threshold
}
