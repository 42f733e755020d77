package closing

import (
	"context"
	"slices"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// shaping is a counter whose shape is to come from the power beside it.
type shaping struct {
	counter, power energy.PointID
	step           energy.Amount
	period         energy.Period // whole local days
}

// withShaped adds the counters that touched power series give their shape.
func (r *round) withShaped(touched []store.Touch) []store.Touch {
	for _, t := range slices.Clone(touched) {
		p, known := r.place(t.Point)
		if !known {
			continue
		}
		if counter, ok := ledger.ShapedBy(p.meter, t.Point); ok {
			touched = append(touched, store.Touch{Point: counter, Period: t.Period})
		}
	}
	return touched
}

// waits tells whether a counter asks for the shape of the power beside it, whose
// days may not be derived yet. Its own are derived again then.
func (r *round) waits(id energy.PointID, known series.Known, whole energy.Period) bool {
	p, _ := r.place(id)
	power, step, ok := ledger.ShaperOf(p.meter, p.point)
	if !ok || !slices.ContainsFunc(known.Days, func(d series.Day) bool { return d.Coarse(known.Spans, step) }) {
		return false
	}
	r.shaped = append(r.shaped, shaping{counter: id, power: power, step: step, period: whole})
	return true
}

// shape writes the counters that wait for power, which has its days by now.
func (r *round) shape(ctx context.Context) error {
	for _, s := range r.shaped {
		dates := r.calendar.Days(s.period)
		counter, err := r.closer.ledger.MeasuredAt(ctx, r.registry, r.calendar, s.counter, dates, r.tx.Upto)
		for err == nil {
			wide := ledger.Widened(r.calendar, dates, counter.Spans)
			if len(wide) == len(dates) {
				break
			}
			dates = wide
			counter, err = r.closer.ledger.MeasuredAt(ctx, r.registry, r.calendar, s.counter, dates, r.tx.Upto)
		}
		if err != nil {
			return err
		}
		power, err := r.tx.Days(ctx, []energy.PointID{s.power}, dates[0], dates[len(dates)-1].AddDays(1))
		if err != nil {
			return err
		}
		var put replacement
		if err := r.replace(ctx, &put, s.counter, r.period(dates), series.Shape(counter, series.Known{Days: power[s.power]}, s.step)); err != nil {
			return err
		}
		if err := r.write(ctx, put); err != nil {
			return err
		}
	}
	return nil
}
