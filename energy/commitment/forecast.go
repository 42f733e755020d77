package commitment

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// The least that must be known for a forecast.
const (
	// leastElapsed is the part of a running period that must have passed before
	// it says anything about the whole: a month of a year.
	leastElapsed = 1.0 / 12
	// leastEven is the part that must have passed before an amount is expected
	// to go on evenly: the first half of a year has its winter or its summer.
	leastEven = 0.5
	// leastDegrees is the part of a period's usual degree-days that must have
	// come before they say what a degree-day brings.
	leastDegrees = 0.1
)

// leastTested is the number of past years on which all methods at hand must
// have been tried before the one with the least error is taken.
const leastTested = 2

// course is what a metric came to in one period: in its part up to the day of
// the judgement, or the same day of that year, and, unless it is running, in
// all of it.
type course struct {
	from, until, to energy.Date // the part is [from, until), the whole [from, to)
	part, whole     kpi.Figure
	// degrees are the degree-days of the part and of the whole.
	degrees struct {
		part, whole float64
		ok          bool
	}
}

// elapsed is the share of the period that the part is.
func (c course) elapsed() float64 { return days(c.from, c.until) / days(c.from, c.to) }

// method says what the first of some courses will come to as a whole, from its
// part and from the courses of the years before, latest first. ok is false
// where it lacks something.
type method struct {
	code Code
	of   func(m metric, c []course) (x float64, ok bool)
}

// methods are those there are, in the order in which they are preferred where
// no errors speak for one of them.
func methods() []method {
	return []method{
		{ForecastByDegreeDays, byDegreeDays},
		{ForecastByLastYear, byLastYear},
		{ForecastLinear, evenly},
	}
}

// byLastYear expects the rest to relate to the elapsed part as it did a year
// before (heat is delivered in winter). Parts of a ratio are forecast each for
// itself.
func byLastYear(m metric, c []course) (float64, bool) {
	if len(c) < 2 {
		return 0, false
	}
	return scale(m, c[0].part, c[1].part, c[1].whole)
}

// evenly expects what remains to be like what was. An amount is expected to grow
// by the day; a ratio stays.
func evenly(m metric, c []course) (float64, bool) {
	switch share := c[0].elapsed(); {
	case !m.additive:
		return c[0].part.Value, true
	case share < leastEven:
		return 0, false
	default:
		return c[0].part.Value / share, true
	}
}

// byDegreeDays expects each degree-day that is still to come to bring as much
// heat as each one so far did, and as many of them as came on the remaining
// days of the years before, on average.
func byDegreeDays(m metric, c []course) (float64, bool) {
	if !m.heat || !c[0].degrees.ok {
		return 0, false
	}
	rest, years := 0.0, 0
	for _, before := range c[1:] {
		if before.degrees.ok {
			rest += before.degrees.whole - before.degrees.part
			years++
		}
	}
	so := c[0].degrees.part
	if years == 0 {
		return 0, false
	}
	usual := so + rest/float64(years)
	if so <= 0 || so < leastDegrees*usual {
		return 0, false
	}
	return c[0].part.Value * (usual / so), true
}

// forecast is what a running period is expected to come to.
type forecast struct {
	value  float64
	method Code
	// err is the mean of |forecast − what came| ÷ |what came| over years past
	// periods, each forecast by the same method from what was known on the same
	// day of its year; years 0: there was none to try it on.
	err   float64
	years int
	// first and last are the days [first, last) of these periods.
	first, last energy.Date
}

// foresee forecasts the first of some courses, those of the years before after
// it, latest first. Of the methods that have what they need it takes the one
// with the least error, if all of them could be tried on two years or more, and
// else the first in their order. ok is false where none has what it needs.
func foresee(m metric, c []course) (best forecast, ok bool) {
	var found []forecast
	var errs [][]float64
	tested := len(c)
	for _, method := range methods() {
		x, able := method.of(m, c)
		if !able || math.IsInf(x, 0) || math.IsNaN(x) {
			continue
		}
		tries := try(m, method, c)
		f := forecast{value: x, method: method.code, err: mean(tries), years: len(tries)}
		if f.years > 0 {
			f.first, f.last = c[f.years].from, c[1].to
		}
		found, errs, tested = append(found, f), append(errs, tries), min(tested, len(tries))
	}
	if len(found) == 0 {
		return forecast{}, false
	}
	least := 0
	if tested >= leastTested {
		for i := range found {
			if mean(errs[i][:tested]) < mean(errs[least][:tested]) {
				least = i
			}
		}
	}
	return found[least], true
}

// try gives the relative errors of a method on past courses, the latest first,
// up to the first one that it cannot be tried on.
func try(m metric, by method, c []course) (errs []float64) {
	for k := 1; k < len(c); k++ {
		came := c[k].whole.Value
		x, ok := by.of(m, c[k:])
		if !ok || came == 0 {
			return errs
		}
		errs = append(errs, math.Abs(x-came)/math.Abs(came))
	}
	return errs
}

// mean is the mean of the numbers; 0 of none.
func mean(list []float64) (sum float64) {
	if len(list) == 0 {
		return 0
	}
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
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
