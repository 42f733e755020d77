package closing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// withCompared adds the points whose substitute values draw on a touched one.
func (r *round) withCompared(touched []store.Touch) []store.Touch {
	all := touched
	for id, with := range r.asking {
		for _, t := range touched {
			if slices.Contains(with, t.Point) {
				all = append(all, store.Touch{Point: id, Period: t.Period})
			}
		}
	}
	return all
}

// substituting is a point that asks for substitute values, and the whole local
// days that were touched.
type substituting struct {
	point  energy.PointID
	orders []ledger.Order
	period energy.Period
}

// substitutes tells whether a point asks for substitute values: its days are
// derived when what they draw on is there.
func (r *round) substitutes(id energy.PointID, whole energy.Period) bool {
	if _, asks := r.asking[id]; !asks {
		return false
	}
	r.substituted = append(r.substituted, substituting{id, ledger.Orders(r.registry, r.calendar, id), whole})
	return true
}

// substitute writes the points that ask for substitute values: the days that
// were touched, and those whose substitutes may draw on them.
func (r *round) substitute(ctx context.Context) error {
	for _, s := range r.substituted {
		dates, err := r.drawing(ctx, s)
		if err != nil {
			return err
		}
		for len(dates) > 0 {
			n := min(len(dates), daysAtOnce)
			known, _, err := r.closer.ledger.SubstitutedAt(ctx, r.registry, r.calendar, s.point, dates[:n], r.tx.Upto)
			if err != nil {
				return err
			}
			p := energy.Period{From: known.Days[0].Period.From, To: known.Days[len(known.Days)-1].Period.To}
			var put replacement
			if err := r.replace(ctx, &put, s.point, p, known); err != nil {
				return err
			}
			if err := r.write(ctx, put); err != nil {
				return err
			}
			dates = dates[n:]
		}
	}
	return nil
}

// drawing are the dates that were touched and, in one stretch with them, those of
// the gap that reaches into them, and of later gaps whose substitutes may draw on
// them.
func (r *round) drawing(ctx context.Context, s substituting) ([]energy.Date, error) {
	dates := r.calendar.Days(s.period)
	first, last := dates[0], dates[len(dates)-1]
	before, after := ledger.Margins(s.orders)
	from, to := first.AddDays(-after), last.AddDays(before)
	all, err := r.tx.Days(ctx, []energy.PointID{s.point}, from, to.AddDays(1))
	if err != nil {
		return nil, err
	}
	stored := map[energy.Date]series.Day{}
	for _, day := range all[s.point] {
		stored[day.Date] = day
	}
	reach := energy.Period{From: r.calendar.Day(first).From, To: r.calendar.Day(to).To}
	if len(all[s.point]) > 0 {
		from = all[s.point][0].Date // before it is no gap, but nothing
	}
	for date := first.AddDays(-1); !date.Before(from); date = date.AddDays(-1) {
		day, some := stored[date]
		if some && !day.Gap(len(day.Values)-1) {
			break
		}
		first = date
		if some && !day.Gap(0) {
			break
		}
	}
	for i, day := range all[s.point] {
		between := i > 0 && all[s.point][i-1].Date.AddDays(1) != day.Date // between two days nothing is known
		if last.Before(day.Date) && (day.Gaps() || between) {
			last = day.Date
		}
	}
	for _, o := range s.orders {
		if o.Period.Overlaps(reach) || r.changed && !o.Period.To.IsZero() {
			ordered := r.calendar.Days(o.Period)
			if ordered[0].Before(first) {
				first = ordered[0]
			}
			if end := ordered[len(ordered)-1]; last.Before(end) {
				last = end
			}
		}
	}
	return r.calendar.Days(energy.Period{From: r.calendar.Day(first).From, To: r.calendar.Day(last).To}), nil
}

// forgetBeyond removes the days that a point has beyond its readings, after a
// change of the registry: substitute values that a person ordered no more.
func (r *round) forgetBeyond(ctx context.Context, touched []store.Touch) error {
	if !r.changed {
		return nil
	}
	for _, t := range touched {
		whole := r.wholeDays(t.Period)
		ends := [][2]energy.Date{
			{energy.Date{Year: 1, Month: time.January, Day: 1}, r.calendar.Date(whole.From)},
			{r.calendar.Date(whole.To), energy.Date{Year: 9999, Month: time.January, Day: 1}},
		}
		for _, end := range ends {
			days, err := r.tx.Days(ctx, []energy.PointID{t.Point}, end[0], end[1])
			if err != nil {
				return fmt.Errorf("find days of %s beyond its readings: %w", t.Point, err)
			}
			var dates []energy.Date
			for _, day := range days[t.Point] {
				dates = append(dates, day.Date)
				r.dirty[day.Date] = true
			}
			if len(dates) == 0 {
				continue
			}
			if err := r.tx.DeleteDays(ctx, t.Point, dates); err != nil {
				return err
			}
		}
	}
	return nil
}
