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
			for _, m := range months {
				days := Stretch{d.known.Calendar.Date(m.Period.From), d.known.Calendar.Date(m.Period.To)}
				if holds(visible, days) {
					c.Months = append(c.Months, m)
				}
			}
		}
		if len(c.Months) > 0 {
			s.Contracts = append(s.Contracts, c)
		}
	}
	return nil
}

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
