package closing

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// calculate writes the days and spans of the calculated points on the days that
// were derived. They come from the stored days of their inputs, so that they are
// the same however the readings came.
func (r *round) calculate(ctx context.Context) error {
	site, _ := r.registry.Site(r.site)
	var points []registry.Point
	for _, meter := range site.Meters {
		for _, p := range meter.Points {
			if p.Virtual() {
				points = append(points, p)
			}
		}
	}
	if len(points) == 0 {
		return nil
	}
	for _, dates := range stretches(slices.SortedFunc(maps.Keys(r.dirty), energy.Date.Compare)) {
		if err := r.calculateDays(ctx, points, dates); err != nil {
			return err
		}
	}
	return nil
}

// stretches cuts ascending dates where one is missing, and after daysAtOnce.
func stretches(dates []energy.Date) [][]energy.Date {
	var all [][]energy.Date
	for _, date := range dates {
		if n := len(all) - 1; n >= 0 && len(all[n]) < daysAtOnce && all[n][len(all[n])-1].AddDays(1) == date {
			all[n] = append(all[n], date)
			continue
		}
		all = append(all, []energy.Date{date})
	}
	return all
}

// calculateDays writes points on dates, and on the days that spans of their
// inputs reach into.
func (r *round) calculateDays(ctx context.Context, points []registry.Point, dates []energy.Date) error {
	measured := r.measured(points)
	spans, err := r.tx.Spans(ctx, measured, r.period(dates))
	for err == nil {
		wide := ledger.Widened(r.calendar, dates, slices.Concat(slices.Collect(maps.Values(spans))...))
		if len(wide) == len(dates) {
			break
		}
		dates = wide
		spans, err = r.tx.Spans(ctx, measured, r.period(dates))
	}
	if err != nil {
		return err
	}
	days, err := r.tx.Days(ctx, measured, dates[0], dates[len(dates)-1].AddDays(1))
	if err != nil {
		return err
	}
	known := map[energy.PointID]series.Known{}
	for _, id := range measured {
		known[id] = series.Known{Days: days[id], Spans: spans[id]}
	}
	var put replacement
	for _, p := range points {
		if err := r.replace(ctx, &put, p.ID, r.period(dates), r.known(p, dates, known)); err != nil {
			return err
		}
	}
	return r.write(ctx, put)
}

// period is that of ascending dates without a gap.
func (r *round) period(dates []energy.Date) energy.Period {
	return energy.Period{From: r.calendar.Day(dates[0]).From, To: r.calendar.Day(dates[len(dates)-1]).To}
}

// known calculates p, and before it the calculated points that it is made of,
// each once. The registry has no circles.
func (r *round) known(p registry.Point, dates []energy.Date, all map[energy.PointID]series.Known) series.Known {
	if k, done := all[p.ID]; done {
		return k
	}
	for _, id := range ledger.Inputs(r.registry, p) {
		if _, _, input, ok := r.registry.Point(id); ok && input.Virtual() {
			r.known(input, dates, all)
		}
	}
	all[p.ID] = ledger.Calculated(r.registry, r.calendar, p, dates, all)
	return all[p.ID]
}

// measured are the measured points that calculated ones are made of in the end.
func (r *round) measured(points []registry.Point) []energy.PointID {
	found := map[energy.PointID]bool{}
	var take func(p registry.Point)
	take = func(p registry.Point) {
		for _, id := range ledger.Inputs(r.registry, p) {
			_, _, input, ok := r.registry.Point(id)
			if ok && input.Virtual() {
				take(input)
			} else {
				found[id] = true
			}
		}
	}
	for _, p := range points {
		take(p)
	}
	return slices.Sorted(maps.Keys(found))
}

// forgetCalculated removes what is left of calculated points that are none any
// more and have no readings of their own, on the days that were touched.
func (r *round) forgetCalculated(ctx context.Context, touched []store.Touch) error {
	if !r.changed || len(touched) == 0 {
		return nil
	}
	all := touched[0].Period
	read := map[energy.PointID]bool{}
	for _, t := range touched {
		all, read[t.Point] = union(all, t.Period), true
	}
	points, err := r.closer.ledger.Store().Points(ctx, r.site)
	if err != nil {
		return fmt.Errorf("find points that are no longer calculated: %w", err)
	}
	for _, stored := range points {
		_, _, p, known := r.registry.Point(stored.ID)
		if read[stored.ID] || known && p.Virtual() {
			continue
		}
		if err := r.forget(ctx, stored.ID, r.wholeDays(all)); err != nil {
			return err
		}
	}
	return nil
}
