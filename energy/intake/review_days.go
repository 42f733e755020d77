package intake

import (
	"context"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/validation"
)

// rowsAtOnce is the number of rows from which the months of a point are looked
// at one by one, so that memory does not grow with them.
const rowsAtOnce = 60_000

// derive gives the days of a point in months before and after, and what the
// rules of arrival find in its readings then and now.
func (v *review) derive(ctx context.Context, id energy.PointID, months []energy.Period) (days derived, found, before []validation.Finding, err error) {
	parts := []energy.Period{{From: months[0].From, To: months[len(months)-1].To}}
	if v.rows[id].n > rowsAtOnce {
		parts = months
	}
	_, meter, _, _ := v.registry.Point(id)
	for _, p := range parts {
		runs, err := v.readings(ctx, id, p)
		if err != nil {
			return days, nil, nil, err
		}
		for _, side := range []struct {
			known    *series.Known
			findings *[]validation.Finding
			upto     int64
		}{{&days.before, &before, v.fact.Seq - 1}, {&days.after, &found, v.fact.Seq}} {
			visible := series.Visible(runs, side.upto)
			track := series.NewTrack(visible, v.rules(id))
			for _, date := range v.calendar.Days(p) {
				day := track.Day(date, v.calendar.Day(date))
				if slices.ContainsFunc(day.Quality, func(q energy.Quality) bool { return q != energy.Missing }) {
					side.known.Days = append(side.known.Days, day)
				}
			}
			for _, span := range track.Spans() {
				if n := len(side.known.Spans); span.Period.Overlaps(p) && (n == 0 || side.known.Spans[n-1].Period.From.Before(span.Period.From)) {
					side.known.Spans = append(side.known.Spans, span)
				}
			}
			*side.findings = append(*side.findings, validation.CheckDelivery(validation.Delivery{Site: v.site.ID, Meter: meter.ID, Point: id,
				Rules: v.rules(id), Runs: runs, Visible: visible, Upto: side.upto, Period: p, Limits: validation.Defaults()})...)
		}
	}
	return days, found, before, nil
}

// readings are what is said of a point in p, with as much on either side as the
// rules need where there is any (see [ledger.Ledger.Windows]).
func (v *review) readings(ctx context.Context, id energy.PointID, p energy.Period) ([]series.Run, error) {
	const firstMargin, widening, widest = 36 * time.Hour, 8, 800 * 24 * time.Hour
	var extent energy.Period
	for margin := firstMargin; ; margin *= widening {
		wide := energy.Period{From: p.From.Add(-margin), To: p.To.Add(margin)}
		runs, err := v.fact.Runs(ctx, []energy.PointID{id}, wide)
		if err != nil || margin > widest {
			return runs[id], err
		}
		before, after := v.rules(id).Enough(series.Visible(runs[id], v.fact.Seq), p)
		if before && after {
			return runs[id], nil
		}
		if extent.To.IsZero() {
			if extent, _, err = v.fact.Extent(ctx, v.site.ID, id); err != nil {
				return nil, err
			}
		}
		if (before || extent.To.IsZero() || !extent.From.Before(wide.From)) && (after || !extent.To.After(wide.To)) {
			return runs[id], nil
		}
	}
}

// known are the days and spans of all points of the site before and after: those
// that are stored, and in place of them those that were derived.
func (v *review) known(ctx context.Context, touched energy.Period, changed map[energy.PointID]derived) (was, will map[energy.PointID]series.Known, err error) {
	var ids []energy.PointID
	for _, meter := range v.site.Meters {
		for _, point := range meter.Points {
			ids = append(ids, point.ID)
		}
	}
	from := v.calendar.Date(touched.From).AddDays(-compareBack)
	whole := energy.Period{From: v.calendar.Day(from).From, To: touched.To}
	days, _, err := v.fact.Days(ctx, v.site.ID, ids, from, v.calendar.Date(touched.To))
	if err != nil {
		return nil, nil, err
	}
	spans, err := v.fact.Spans(ctx, v.site.ID, ids, whole)
	if err != nil {
		return nil, nil, err
	}
	was, will = map[energy.PointID]series.Known{}, map[energy.PointID]series.Known{}
	for _, id := range ids {
		stored := series.Known{Days: days[id], Spans: spans[id]}
		was[id], will[id] = stored, stored
		if c, ok := changed[id]; ok {
			was[id] = instead(stored, c.before, touched)
			past := instead(stored, series.Known{Days: v.carried[id], Spans: stored.Spans}, whole)
			if len(v.carried[id]) == 0 {
				past = stored
			}
			will[id] = instead(past, c.after, touched)
		}
	}
	return was, will, nil
}

// instead are stored days and spans with those of a period replaced. Days of
// derived that lie before the period replace their like.
func instead(stored, derived series.Known, p energy.Period) series.Known {
	own := map[energy.Date]bool{}
	for _, d := range derived.Days {
		own[d.Date] = true
	}
	known := series.Known{}
	for _, d := range stored.Days {
		if !own[d.Date] && (!p.Covers(d.Period) || len(derived.Days) == 0) {
			known.Days = append(known.Days, d)
		}
	}
	known.Days = append(known.Days, derived.Days...)
	slices.SortFunc(known.Days, func(a, b series.Day) int { return a.Period.From.Compare(b.Period.From) })
	for _, s := range stored.Spans {
		if !s.Period.Overlaps(p) {
			known.Spans = append(known.Spans, s)
		}
	}
	known.Spans = append(known.Spans, derived.Spans...)
	slices.SortFunc(known.Spans, func(a, b series.Span) int { return a.Period.From.Compare(b.Period.From) })
	return known
}

// compareDays sets the days of a point side by side that are known before or after.
// A span of several days is no day's: only what is known of the day itself counts.
func (v *review) compareDays(id energy.PointID, days derived) {
	_, _, point, _ := v.registry.Point(id)
	at := map[energy.Date]int{}
	side := func(known series.Known, put func(*DayChange, *energy.Value)) {
		for _, day := range known.Days {
			i, seen := at[day.Date]
			if !seen {
				if len(v.days) >= daysMost {
					return
				}
				i = len(v.days)
				at[day.Date] = i
				v.days = append(v.days, DayChange{Point: id, Day: day.Date})
			}
			value, _ := sumOf(point.Quantity, day.Period, series.Known{Days: []series.Day{day}})
			put(&v.days[i], value)
		}
	}
	first := len(v.days)
	side(days.before, func(c *DayChange, value *energy.Value) { c.Before = value })
	side(days.after, func(c *DayChange, value *energy.Value) { c.After = value })
	slices.SortFunc(v.days[first:], func(a, b DayChange) int { return a.Day.Compare(b.Day) })
}
