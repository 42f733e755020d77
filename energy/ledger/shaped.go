package ledger

import (
	"context"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Shaper is the power series that gives a counter its shape where its own is too
// coarse or has gaps: of the same meter and role. The step is that of the
// counter's register, 0 where the registry does not state it. ok is false where
// there is none.
func Shaper(r *registry.Registry, id energy.PointID) (power energy.PointID, step energy.Amount, ok bool) {
	_, meter, counter, known := r.Point(id)
	if !known {
		return "", 0, false
	}
	return ShaperOf(&meter, &counter)
}

// ShaperOf is [Shaper] for whoever has looked the point up.
func ShaperOf(meter *registry.Meter, counter *registry.Point) (power energy.PointID, step energy.Amount, ok bool) {
	if counter.Virtual() || counter.Series != energy.Counter {
		return "", 0, false
	}
	for i := range meter.Points { // by index: points are large
		p := &meter.Points[i]
		if p.Role == counter.Role && !p.Virtual() && shapes(p.Quantity, counter.Quantity) {
			step, err := counter.Resolution.Amount(counter.Quantity)
			if err != nil {
				step = 0 // not stated
			}
			return p.ID, step, true
		}
	}
	return "", 0, false
}

// ShapedBy is the counter of a meter that one of its power series gives its shape;
// ok is false where there is none.
func ShapedBy(meter *registry.Meter, power energy.PointID) (counter energy.PointID, ok bool) {
	for i := range meter.Points {
		if by, _, ok := ShaperOf(meter, &meter.Points[i]); ok && by == power {
			return meter.Points[i].ID, true
		}
	}
	return "", false
}

// shapes tells whether a level is the flow of what a counter counts.
func shapes(level, counted energy.Quantity) bool {
	switch counted {
	case energy.ActiveEnergyImport:
		return level == energy.ActivePower
	case energy.HeatEnergy, energy.CoolingEnergy:
		return level == energy.HeatPower
	case energy.Volume, energy.WaterVolume, energy.GasVolume:
		return level == energy.VolumeFlow
	}
	return false
}

// shapedAt is what was known of a measured point on dates at fact number upto.
func (l *Ledger) shapedAt(ctx context.Context, r *registry.Registry, calendar energy.Calendar, id energy.PointID, dates []energy.Date, upto int64) (series.Known, error) {
	for {
		known, err := l.MeasuredAt(ctx, r, calendar, id, dates, upto)
		if err != nil {
			return series.Known{}, err
		}
		power, step, ok := Shaper(r, id)
		if !ok || !slices.ContainsFunc(known.Days, func(d series.Day) bool { return d.Coarse(known.Spans, step) }) {
			return known, nil
		}
		if wide := Widened(calendar, dates, known.Spans); len(wide) > len(dates) {
			dates = wide
			continue
		}
		by, err := l.MeasuredAt(ctx, r, calendar, power, dates, upto)
		if err != nil {
			return series.Known{}, err
		}
		return series.Shape(known, by, step), nil
	}
}

// MeasuredAt derives the days of a point on dates, without a gap between them,
// and its spans from its readings alone, as known at fact number upto.
func (l *Ledger) MeasuredAt(ctx context.Context, r *registry.Registry, calendar energy.Calendar, id energy.PointID, dates []energy.Date, upto int64) (series.Known, error) {
	whole := energy.Period{From: calendar.Day(dates[0]).From, To: calendar.Day(dates[len(dates)-1]).To}
	rules, _ := Rules(r, id)
	windows, err := l.Windows(ctx, id.Site(), Wanted{id: rules}, whole, upto)
	if err != nil {
		return series.Known{}, err
	}
	track := series.NewTrack(windows[id], rules)
	known := series.Known{Spans: track.Spans(), Days: make([]series.Day, len(dates))}
	for i, date := range dates {
		known.Days[i] = track.Day(date, calendar.Day(date))
	}
	return known, nil
}
