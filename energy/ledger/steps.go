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
	totals := series.Steps(days, spans, length)
	next := 0
	for i, p := range steps {
		for next < len(totals) && totals[next].Period.From.Before(p.From) {
			next++
		}
		if next < len(totals) && totals[next].Period.From.Equal(p.From) {
			list[i] = value(q, totals[next])
		} else {
			list[i] = value(q, series.Total{Period: p, PeriodS: int64(p.Length().Seconds())})
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
	amount := t.Amount
	v.OK = true
	if !q.Cumulative() {
		amount, v.OK = t.Mean()
	}
	v.Value = q.Value(amount)
	return v
}
