package commitment

import (
	"heatledger/energy"
	"heatledger/energy/kpi"
)

// leastElapsed is the part of a running period that must have passed before it
// says anything about the whole: a month of a year.
const leastElapsed = 1.0 / 12

// forecast is what a running period will come to, from what it came to so far.
// Where the same days of last year, and that whole period, are known, the rest
// is expected to relate to the elapsed part as it did then (heat is delivered
// in winter); otherwise it is expected to go on evenly. Parts of a ratio are
// forecast each for itself.
func (q Question) forecast(m metric, t Threshold, rule Rule, w window, so value) (float64, Step, error) {
	from, to := q.known(w)
	part, okPart, err := q.lastYear(m, t, rule, from, to)
	if err != nil {
		return 0, Step{}, err
	}
	whole, okWhole, err := q.lastYear(m, t, rule, from, w.To)
	if err != nil {
		return 0, Step{}, err
	}
	x := so.figure.Value
	if okPart && okWhole {
		if scaled, ok := scale(m, so.figure, part, whole); ok {
			return scaled, Step{ForecastByLastYear, Args{"forecast": Amount(scaled, m.unit), "from": Day(addMonths(from, -12)), "to": Day(addMonths(w.To, -12))}}, nil
		}
	}
	if m.additive {
		x *= days(from, w.To) / days(from, to)
	}
	return x, Step{ForecastLinear, Args{"forecast": Amount(x, m.unit)}}, nil
}

// lastYear is the figure of the same days a year before, if it is well known.
// What was planned, or proven by papers, has no profile.
func (q Question) lastYear(m metric, t Threshold, rule Rule, from, to energy.Date) (kpi.Figure, bool, error) {
	from, to = addMonths(from, -12), addMonths(to, -12)
	if m.name == greenAnnual || t.Measure == Planned || from.Before(q.Site.InOperationSince) {
		return kpi.Figure{}, false, nil
	}
	v, err := q.value(m, t, from, to)
	return v.figure, v.ok && v.coverage(m) >= rule.minimum(), err
}

// scale relates the value so far to the whole as last year's part did.
func scale(m metric, so, part, whole kpi.Figure) (float64, bool) {
	if m.additive {
		if part.Value <= 0 {
			return 0, false
		}
		return so.Value * (whole.Value / part.Value), true
	}
	side := func(of func(kpi.Figure) energy.Value) (float64, bool) {
		p := of(part).Float64()
		return of(so).Float64() * (of(whole).Float64() / p), p > 0
	}
	n, okN := side(func(f kpi.Figure) energy.Value { return f.Numerator })
	d, okD := side(func(f kpi.Figure) energy.Value { return f.Denominator })
	if !okN || !okD || d <= 0 || so.Denominator.Float64() <= 0 {
		return 0, false
	}
	// The value may be in another unit than numerator over denominator (kg/kWh).
	ratio := so.Numerator.Float64() / so.Denominator.Float64()
	if ratio <= 0 {
		return 0, false
	}
	return so.Value * (n / d / ratio), true
}
