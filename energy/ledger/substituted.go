package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Substitute is a gap of a point that has substitute values: how they were found
// and why, with the codes of the trade, and what they were drawn from.
type Substitute struct {
	series.Substituted
	Point    energy.PointID
	Quantity energy.Quantity // of the point
	// Source is the point whose values they were drawn from: the comparison meter's,
	// or the point itself.
	Source                 energy.PointID
	MethodCode, ReasonCode string
}

// Substitutes are the gaps of a point that overlap p and have substitute values,
// as known at a time (zero = now), and the fact number the answer rests on.
func (l *Ledger) Substitutes(ctx context.Context, id energy.PointID, p energy.Period, at time.Time) ([]Substitute, int64, error) {
	q, err := l.inquire(ctx, id.Site(), at)
	if err != nil {
		return nil, 0, err
	}
	if _, _, _, ok := q.registry.Point(id); !ok {
		return nil, 0, fmt.Errorf("list substitute values of %s: %w", id, ErrNoPoint)
	}
	list, err := q.substitutes(ctx, id, p)
	return list, q.upto, err
}

// SiteSubstitutes are those of all points of a site, by point, then time, in a
// period such as "2024-06" (see [Ledger.Figures]).
func (l *Ledger) SiteSubstitutes(ctx context.Context, site energy.SiteID, period string, at time.Time) ([]Substitute, int64, error) {
	q, err := l.inquire(ctx, site, at)
	if err != nil {
		return nil, 0, err
	}
	if q.period, err = q.calendar.Parse(period); err != nil {
		return nil, 0, err
	}
	var all []Substitute
	for _, point := range pointsOf(q.site) {
		list, err := q.substitutes(ctx, point.ID, q.period)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, list...)
	}
	return all, q.upto, nil
}

// substitutes are those of a point in a period.
func (q *inquiry) substitutes(ctx context.Context, id energy.PointID, p energy.Period) ([]Substitute, error) {
	orders := Orders(q.registry, q.calendar, id)
	if len(orders) == 0 {
		return nil, nil
	}
	stretches, err := q.substituted(ctx, id, p)
	if err != nil {
		return nil, fmt.Errorf("list substitute values of %s: %w", id, err)
	}
	var list []Substitute
	for _, dates := range stretches {
		_, done, err := q.ledger.SubstitutedAt(ctx, q.registry, q.calendar, id, dates, q.upto)
		if err != nil {
			return nil, fmt.Errorf("list substitute values of %s: %w", id, err)
		}
		for _, s := range done {
			if s.Period.Overlaps(p) {
				list = append(list, q.substitute(id, orders, s))
			}
		}
	}
	return list, nil
}

// substitute says of a gap what the trade asks.
func (q *inquiry) substitute(id energy.PointID, orders []Order, s series.Substituted) Substitute {
	_, _, point, _ := q.registry.Point(id) // which has orders, so it exists
	one := Substitute{Substituted: s, Point: id, Quantity: point.Quantity, Source: id, ReasonCode: s.Reason.Code()}
	if s.Method == energy.ComparisonMeter {
		one.Source = orders[s.Order].Comparison
	}
	one.MethodCode = s.Method.Code(verified(q.registry, one.Source, q.calendar.Date(s.Period.From)))
	return one
}

// substituted are the stretches of dates that hold substitute values, or may. As
// known now the closed days tell; what was known earlier is derived anew.
func (q *inquiry) substituted(ctx context.Context, id energy.PointID, p energy.Period) (stretches [][]energy.Date, err error) {
	dates := q.calendar.Days(p)
	if len(dates) == 0 {
		return nil, nil
	}
	if !q.at.IsZero() {
		return [][]energy.Date{dates}, nil
	}
	var days map[energy.PointID][]series.Day
	err = q.ledger.store.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
		days, q.upto, err = s.Days(ctx, id.Site(), []energy.PointID{id}, dates[0], dates[len(dates)-1].AddDays(1))
		return err
	})
	for _, day := range days[id] {
		if !slices.Contains(day.Quality, energy.Substitute) {
			continue
		}
		n := len(stretches) - 1
		if n < 0 || stretches[n][len(stretches[n])-1].AddDays(1) != day.Date {
			stretches, n = append(stretches, nil), n+1
		}
		stretches[n] = append(stretches[n], day.Date)
	}
	return stretches, err
}

// verified tells whether the meter of a point was verified on a day.
func verified(r *registry.Registry, id energy.PointID, date energy.Date) bool {
	_, meter, _, _ := r.Point(id) // which exists: the registry was checked when it was applied
	v := meter.Verification
	return (v.Regime == registry.MID || v.Regime == registry.Calibration) && (v.Until == (energy.Date{}) || !v.Until.Before(date))
}
