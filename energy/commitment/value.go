package commitment

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// value is what a metric came to in a range of days, with how it was found; or
// why it was not.
type value struct {
	figure kpi.Figure
	ok     bool
	reason Code // where ok is false
	args   Args

	basis    Basis
	steps    []Step
	evidence []string
	// proven: the value rests on evidence, of which refused pieces did not count.
	proven  bool
	refused int
}

// value finds what a rule's metric came to in [from, to), in the unit the
// metric has here.
func (q Question) value(m metric, t Threshold, from, to energy.Date) (value, error) {
	none := value{reason: NoData, args: Args{"metric": Text(m.name)}}
	if t.Measure == Planned {
		return q.planned(m, from, to), nil
	}
	if !from.Before(to) {
		return none, nil
	}
	if m.name == greenAnnual {
		return q.green(from, to)
	}
	f, ok, err := q.Figures.Metric(m.name, q.period(from, to))
	if err != nil {
		return value{}, fmt.Errorf("read %s: %w", m.name, err)
	}
	if !ok || !f.OK {
		return none, nil
	}
	times, err := factor(f.Unit, m.unit)
	if err != nil {
		return value{reason: UnitDoesNotMatch, args: Args{"unit": Text(string(f.Unit)), "other": Text(string(m.unit))}}, nil
	}
	if times != 1 {
		f.Value *= times
	}
	f.Unit = m.unit
	return value{figure: f, ok: true, basis: basisOf(f), steps: []Step{valueTaken(m, f, from, to)}}, nil
}

func valueTaken(m metric, f kpi.Figure, from, to energy.Date) Step {
	return Step{ValueTaken, Args{"metric": Text(m.name), "value": Amount(f.Value, f.Unit), "from": Day(from), "to": Day(to)}}
}

// The shares of substitute values up to which a figure is called measured, and
// from which on it is called declared: single substitute quarter-hours are in
// every year.
const (
	mostlyMeasured = 0.05
	mostlyDeclared = 0.95
)

func basisOf(f kpi.Figure) Basis {
	switch {
	case f.SubstituteShare <= mostlyMeasured:
		return Measured
	case f.SubstituteShare >= mostlyDeclared:
		return Declared
	}
	return Mixed
}

// planned is the value that the operator planned and declared, as the fact
// planned_METRIC of the site.
func (q Question) planned(m metric, from, to energy.Date) value {
	for _, fact := range q.Site.Facts {
		number, ok := fact.Value.Number()
		if fact.Name != "planned_"+m.name || !ok || !factHolds(fact, from, to) {
			continue
		}
		unit := energy.Unit(fact.Unit)
		if unit == "" {
			unit = energy.One
		}
		converted, err := energy.Convert(number, unit, m.unit)
		if err != nil {
			return value{reason: UnitDoesNotMatch, args: Args{"unit": Text(string(unit)), "other": Text(string(m.unit))}}
		}
		f := kpi.Figure{Name: m.name, Value: converted.Float64(), OK: true, Unit: m.unit, EnergyCoverage: 1, IntervalCoverage: 1, SubstituteShare: 1}
		step := Step{PlannedValue, Args{"value": Amount(f.Value, m.unit)}}
		return value{figure: f, ok: true, basis: Declared, steps: []Step{step}}
	}
	return value{reason: EvidenceMissing, args: Args{}}
}

// factHolds tells whether a fact holds on some day of [from, to).
func factHolds(f registry.Fact, from, to energy.Date) bool {
	none := energy.Date{}
	if f.Year != 0 {
		return f.Year >= from.Year && f.Year <= to.AddDays(-1).Year
	}
	return (f.From == none || f.From.Before(to)) && (f.To == none || from.Before(f.To))
}

// coverage is the share of the period that the value rests on.
func (v value) coverage(m metric) float64 {
	if m.hourly {
		return v.figure.IntervalCoverage
	}
	return v.figure.EnergyCoverage
}
