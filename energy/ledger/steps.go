package ledger

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// values puts days and spans into the steps of an answer.
func values(q energy.Quantity, step Step, steps []energy.Period, days []series.Day, spans []series.Span) []Value {
	list := make([]Value, len(steps))
	if step == Day || step == Month {
		first := 0
		for i, p := range steps {
			for first < len(days) && !days[first].Period.To.After(p.From) {
				first++
			}
			last := first
			for last < len(days) && days[last].Period.From.Before(p.To) {
				last++
			}
			list[i] = value(q, series.Over(p, days[first:last], spans))
		}
		return list
	}
	length := energy.QuarterHour
	if step == Hour {
		length = time.Hour
	}
	for i, p := range steps {
		list[i].Period = p // of which nothing is known, unless a day says something
	}
	for total := range series.Steps(days, spans, length) {
		offset := total.Period.From.Sub(steps[0].From)
		if i := int(offset / length); offset >= 0 && offset%length == 0 && i < len(list) {
			list[i] = value(q, total)
		}
	}
	return list
}

// value is a total as an answer gives it.
func value(q energy.Quantity, t series.Total) Value {
	v := Value{Period: t.Period, Quality: t.Quality}
	if t.PeriodS > 0 {
		v.EnergyCoverage = float64(t.EnergyS) / float64(t.PeriodS)
		v.IntervalCoverage = float64(t.IntervalS) / float64(t.PeriodS)
	}
	if t.Quality == energy.Missing {
		return v
	}
	a, ok := amount(q, t)
	v.Value, v.OK = q.Value(a), ok
	return v
}

// amount is what a total of a quantity amounts to: its sum, or its mean.
func amount(q energy.Quantity, t series.Total) (energy.Amount, bool) {
	if q.Cumulative() {
		return t.Amount, true
	}
	return t.Mean()
}
