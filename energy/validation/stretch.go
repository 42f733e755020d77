package validation

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// stretch is a time in which something held of every quarter-hour.
type stretch struct {
	period energy.Period
	count  int           // of quarter-hours, hours or days that held
	sum    energy.Amount // of their values
	peak   energy.Amount // the greatest of their values
}

// joiner puts what holds together into stretches; what lies nearer than near is
// one.
type joiner struct {
	near time.Duration
	all  []stretch
}

func (j *joiner) add(p energy.Period, v energy.Amount) {
	if n := len(j.all) - 1; n >= 0 && p.From.Sub(j.all[n].period.To) <= j.near {
		s := &j.all[n]
		s.period.To = latest(s.period.To, p.To)
		s.count++
		s.sum += v
		s.peak = max(s.peak, v)
		return
	}
	j.all = append(j.all, stretch{period: p, count: 1, sum: v, peak: v})
}

// quarters hands each quarter-hour of the days to yield.
func quarters(days []series.Day, yield func(p energy.Period, d *series.Day, q int)) {
	for i := range days {
		d := &days[i]
		from := d.Period.From
		for q := range d.Values {
			to := from.Add(energy.QuarterHour)
			yield(energy.Period{From: from, To: to}, d, q)
			from = to
		}
	}
}
