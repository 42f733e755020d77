package ledger

import (
	"context"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// measured reads, and keeps, what was known of a measured point at a fact
// number, without substitute values. err is the first error.
type measured struct {
	ledger   *Ledger
	registry *registry.Registry
	calendar energy.Calendar
	point    energy.PointID
	upto     int64

	dates []energy.Date // without a gap
	known series.Known
	err   error
}

// on is what was known on dates, without a gap between them, at least.
func (m *measured) on(ctx context.Context, dates []energy.Date) series.Known {
	n := len(m.dates)
	if n > 0 && !dates[0].Before(m.dates[0]) && !m.dates[n-1].Before(dates[len(dates)-1]) || m.err != nil {
		return m.known
	}
	m.dates = dates
	m.known, m.err = m.ledger.shapedAt(ctx, m.registry, m.calendar, m.point, dates, m.upto)
	return m.known
}

// source gives what the point's substitutes draw on.
func (m *measured) source(ctx context.Context) series.Source {
	other := *m // what is to be filled is kept apart from what it draws on
	return func(p energy.Period) series.Known {
		known := other.on(ctx, m.calendar.Days(p))
		if m.err == nil {
			m.err = other.err
		}
		return known
	}
}

// bounded widens the days that are known to those that say how far the gaps at
// their borders go. A gap that reaches in brings its other days along, and these
// may have gaps that reach into them.
func (m *measured) bounded(ctx context.Context, known series.Known, orders []Order) ([]energy.Date, error) {
	first, last := known.Days[0], known.Days[len(known.Days)-1]
	from, to := first.Date, last.Date
	_, after := Margins(orders)
	if first.Gap(0) {
		from = from.AddDays(-2 * after)
	}
	if last.Gap(len(last.Values) - 1) {
		extent, some, err := m.ledger.store.Extent(ctx, m.point.Site(), m.point)
		if err != nil {
			return nil, err
		}
		if some && extent.To.After(last.Period.To) || slices.ContainsFunc(orders, func(o Order) bool { return o.Period.To.After(last.Period.To) }) {
			to = to.AddDays(2 * after)
		}
	}
	return datesFrom(from, to), nil
}
