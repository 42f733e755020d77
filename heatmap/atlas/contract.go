package atlas

import (
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// contracts lays what was delivered beside what was promised, for the months of which
// the view shows the delivered heat; to the public, never.
func (d *drawing) contracts(s *Sheet) error {
	delivered := d.seen(heatmap.Delivered, publication.Month)
	if !d.view.fine() || delivered.Len() == 0 {
		return nil
	}
	flows := source.Flows{Delivered: delivered, Available: d.beside(heatmap.Available, delivered), Requested: d.beside(heatmap.Requested, delivered)}
	visible := d.view.Days(heatmap.Delivered, publication.Month, d.q.From, d.q.To)
	for _, promise := range d.known.Promises {
		if promise.Metric != "heat_delivered" || promise.Rulebook != "" {
			continue
		}
		c := Contract{ID: promise.ID, Title: promise.Title, From: promise.From, To: promise.To, Spread: promise.Per != registry.EachMonth, TakeOrPay: promise.TakeOrPay}
		for year := d.q.From.Year; year <= d.q.To.AddDays(-1).Year; year++ {
			of, ok, err := contractOf(promise, year)
			if err != nil {
				return fmt.Errorf("read promise %s of %s: %w", promise.ID, s.Site, err)
			}
			if !ok {
				continue
			}
			months, err := source.Fulfil(of, flows, d.known.Calendar)
			if err != nil {
				return err
			}
			seen := months[:0]
			for _, m := range months {
				days := Stretch{d.known.Calendar.Date(m.Period.From), d.known.Calendar.Date(m.Period.To)}
				if holds(visible, days) {
					seen = append(seen, m)
				}
			}
			if c.Spread && len(seen) > 0 {
				c.Years = append(c.Years, yearOf(of, seen, year, d.known.Calendar))
			}
			c.Months = append(c.Months, seen...)
		}
		if len(c.Months) > 0 {
			s.Contracts = append(s.Contracts, c)
		}
	}
	return nil
}

// yearOf is what became of a year's promise over the months that are seen, each of which
// loses what it would be said to owe.
func yearOf(c source.Contract, months []source.Fulfilment, year int, calendar energy.Calendar) ContractYear {
	y := ContractYear{Year: year, Stretch: Stretch{calendar.Date(months[0].Period.From), calendar.Date(months[len(months)-1].Period.To)}, Kept: source.KeptUnknown}
	var owed, requested heatmap.KilowattHours
	var known, asked, seen float64
	for i := range months {
		m := &months[i]
		hours := m.Period.Length().Hours()
		y.Promised, y.Delivered, requested = y.Promised+m.Promised, y.Delivered+m.Delivered.Energy, requested+m.Requested.Energy
		known, asked, seen = known+m.Delivered.Coverage*hours, asked+m.Requested.Coverage*hours, seen+hours
		m.Short, m.Payable, m.Kept = 0, 0, source.KeptUnknown
	}
	for day := c.From; day.Before(c.To); day = nextMonth(day) {
		month := calendar.Month(day.Year, day.Month).Length().Hours()
		part := calendar.Day(earliest(nextMonth(day), c.To)).From.Sub(calendar.Day(day).From).Hours()
		owed += c.Months[day.Month-1] * heatmap.KilowattHours(part/month)
	}
	least := c.LeastCoverage
	if least == 0 {
		least = usualCoverage
	}
	y.Coverage = known / seen
	y.Whole = seen == calendar.Day(c.To).From.Sub(calendar.Day(c.From).From).Hours()
	switch {
	case y.Delivered >= owed*(1-1e-9):
		y.Kept = source.InFull
	case !y.Whole || y.Coverage < least:
	case asked/seen >= least && requested <= y.Delivered:
		y.Kept = source.NotAsked
	default:
		y.Kept = source.FellShort
	}
	return y
}

// usualCoverage is the least that has to be known, as of commitments (registry.Terms).
const usualCoverage = 0.9

// beside is what the view shows of a kind by the month, in the steps of another series;
// without any, and where the steps are others, none.
func (d *drawing) beside(kind heatmap.Kind, other heatmap.Series) heatmap.Series {
	if s := d.seen(kind, publication.Month).Within(other.Period()); s.Same(other) {
		return s
	}
	return heatmap.Series{}
}

// contractOf is what a promise of delivered heat owes in a calendar year: by months, or
// that of a year spread evenly over its days. ok is false where it owes no least amount
// in that year.
func contractOf(promise registry.Commitment, year int) (c source.Contract, ok bool, err error) {
	comparator, threshold, ok := promise.Rule(year)
	if !ok || comparator != registry.AtLeast {
		return c, false, nil
	}
	owed, err := threshold.In(energy.KilowattHour)
	if err != nil {
		return c, false, err
	}
	first, next := energy.Date{Year: year, Month: time.January, Day: 1}, energy.Date{Year: year + 1, Month: time.January, Day: 1}
	c = source.Contract{ID: promise.ID, From: latest(first, promise.From), To: next, TakeOrPay: promise.TakeOrPay, LeastCoverage: promise.MinimumCoverage.Float64()}
	if promise.To != (energy.Date{}) {
		c.To = earliest(next, promise.To)
	}
	if !c.From.Before(c.To) {
		return c, false, nil
	}
	days := next.UTC().Sub(first.UTC()).Hours()
	for m := range c.Months {
		month := energy.Date{Year: year, Month: time.January + time.Month(m), Day: 1}
		c.Months[m] = heatmap.KilowattHours(owed.Float64())
		if promise.Per != registry.EachMonth {
			c.Months[m] *= heatmap.KilowattHours(nextMonth(month).UTC().Sub(month.UTC()).Hours() / days)
		}
	}
	return c, true, nil
}
