package ledger

import (
	"context"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Order is an order for substitute values of a point with the point of the
// comparison meter, "" without one.
type Order struct {
	series.Order
	Comparison energy.PointID
}

// Orders are what the registry says of substitute values of a measured point:
// what persons decided on first, by time; none for a calculated one.
func Orders(r *registry.Registry, calendar energy.Calendar, id energy.PointID) []Order {
	site, meter, point, ok := r.Point(id)
	if !ok || point.Virtual() {
		return nil
	}
	var orders []Order
	for _, event := range site.Events {
		if event.Kind == registry.Substitution && event.Concerns(meter.ID, id) {
			order := orderOf(event.Substitute, calendar)
			order.Period = energy.Period{From: event.From, To: event.To}
			orders = append(orders, order)
		}
	}
	if !point.Substitute.IsZero() {
		orders = append(orders, orderOf(point.Substitute, calendar))
	}
	return orders
}

func orderOf(s registry.Substitute, calendar energy.Calendar) Order {
	order := Order{Comparison: s.Comparison, Order: series.Order{Reason: s.Reason, Back: s.BackDays(), DaysBefore: calendar.DaysBefore}}
	for _, m := range s.Methods {
		order.Methods = append(order.Methods, series.Substitution{Method: m, Longest: s.Longest(m)})
	}
	return order
}

// Substituting are the measured points of a site that ask for substitute values,
// each with the points of its comparison meters; nil where none does.
func Substituting(r *registry.Registry, site energy.SiteID) map[energy.PointID][]energy.PointID {
	var asking map[energy.PointID][]energy.PointID
	take := func(id energy.PointID, s registry.Substitute) {
		if s.IsZero() {
			return
		}
		if asking == nil {
			asking = map[energy.PointID][]energy.PointID{}
		}
		list := asking[id]
		if s.Comparison != "" && !slices.Contains(list, s.Comparison) {
			list = append(list, s.Comparison)
		}
		asking[id] = list
	}
	of, _ := r.Site(site)
	for _, meter := range of.Meters {
		for _, p := range meter.Points {
			take(p.ID, p.Substitute)
		}
	}
	for _, event := range of.Events {
		for _, id := range event.Points {
			take(id, event.Substitute)
		}
	}
	return asking
}

// Margins are how many days before and after a gap what is known there decides
// on its substitute values; and how many days after a day a gap may lie whose
// values draw on it.
func Margins(orders []Order) (before, after int) {
	for _, o := range orders {
		longest := o.Period.Length()
		for _, m := range o.Methods {
			longest = max(longest, m.Longest)
		}
		days := int(longest/(24*time.Hour)) + 2 // begun days, and the neighbours
		before, after = max(before, days+o.Back), max(after, days)
	}
	return before, after
}

// SubstitutedAt is what was known of a measured point at fact number upto, with
// its substitute values, on dates and on the days of the gaps that reach into
// them; and what was substituted there.
func (l *Ledger) SubstitutedAt(ctx context.Context, r *registry.Registry, calendar energy.Calendar, id energy.PointID, dates []energy.Date, upto int64) (series.Known, []series.Substituted, error) {
	own := &measured{ledger: l, registry: r, calendar: calendar, point: id, upto: upto}
	known := own.on(ctx, dates)
	orders := Orders(r, calendar, id)
	if own.err != nil || len(orders) == 0 || !slices.ContainsFunc(known.Days, series.Day.Gaps) {
		return known, nil, own.err
	}
	wide, err := own.bounded(ctx, known, orders)
	if err != nil {
		return known, nil, err
	}
	known = own.on(ctx, wide)
	list, meters := make([]series.Order, len(orders)), map[energy.PointID]*measured{}
	for i, o := range orders {
		list[i] = o.Order
		list[i].Own = own.source(ctx)
		if o.Comparison == "" {
			continue
		}
		if meters[o.Comparison] == nil {
			meters[o.Comparison] = &measured{ledger: l, registry: r, calendar: calendar, point: o.Comparison, upto: upto}
		}
		list[i].Meter = meters[o.Comparison].source(ctx)
	}
	_, _, point, _ := r.Point(id)
	filled, done := series.Fill(known, !point.Quantity.Cumulative(), list)
	for _, m := range meters {
		if own.err == nil {
			own.err = m.err
		}
	}
	filled, done = around(filled, done, energy.Period{From: calendar.Day(dates[0]).From, To: calendar.Day(dates[len(dates)-1]).To})
	return filled, done, own.err
}

// around keeps the days of p, and of what was substituted, or is one span, across
// its borders.
func around(known series.Known, done []series.Substituted, p energy.Period) (series.Known, []series.Substituted) {
	hull := p
	widen := func(o energy.Period) {
		if !o.Overlaps(p) {
			return
		}
		if o.From.Before(hull.From) {
			hull.From = o.From
		}
		if o.To.After(hull.To) {
			hull.To = o.To
		}
	}
	for _, s := range done {
		widen(s.Period)
	}
	for _, s := range known.Spans {
		if s.Cause == series.CauseSubstitute {
			widen(s.Period)
		}
	}
	return series.Known{
		Days:  slices.DeleteFunc(known.Days, func(d series.Day) bool { return !d.Period.Overlaps(hull) }),
		Spans: slices.DeleteFunc(known.Spans, func(s series.Span) bool { return !s.Period.Overlaps(hull) }),
	}, slices.DeleteFunc(done, func(s series.Substituted) bool { return !s.Period.Overlaps(p) })
}

// datesFrom are the dates from the first to the last.
func datesFrom(first, last energy.Date) []energy.Date {
	var dates []energy.Date
	for d := first; !last.Before(d); d = d.AddDays(1) {
		dates = append(dates, d)
	}
	return dates
}
