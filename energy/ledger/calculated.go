package ledger

import (
	"context"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Inputs are the points that a calculated point is made of, each once; none for
// one that is measured.
func Inputs(r *registry.Registry, p registry.Point) []energy.PointID {
	var ids []energy.PointID
	take := func(id energy.PointID) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, term := range p.Formula.Terms {
		take(term.Point)
	}
	if p.Share != nil {
		take(p.Share.Of)
		take(p.Share.By)
		take(whole(r, *p.Share))
	}
	return ids
}

// whole is the point that a share's By is a part of; "" without By.
func whole(r *registry.Registry, s registry.Share) energy.PointID {
	_, _, by, _ := r.Point(s.By)
	return by.Parent
}

// Calculated is what is known of a calculated point on dates, of which the
// inputs are given for the same dates.
func Calculated(r *registry.Registry, calendar energy.Calendar, p registry.Point, dates []energy.Date, inputs map[energy.PointID]series.Known) series.Known {
	frames := make([]series.Day, len(dates))
	for i, date := range dates {
		frames[i] = series.Frame(date, calendar.Day(date))
	}
	levels := !p.Quantity.Cumulative()
	if p.Share == nil {
		addends := make([]series.Addend, len(p.Formula.Terms))
		for i, term := range p.Formula.Terms {
			addends[i] = series.Addend{Factor: factor(term.Factor), Known: inputs[term.Point]}
		}
		return series.Add(frames, levels, addends)
	}
	part := series.Part{Of: inputs[p.Share.Of], Fallback: factor(p.Share.Fallback), HasFallback: p.Share.Fallback.Sign() > 0, From: p.Share.From}
	if of := whole(r, *p.Share); of != "" {
		by, all := inputs[p.Share.By], inputs[of]
		part.By, part.Whole = &by, &all
	}
	return series.Share(frames, levels, part)
}

// factor is a number of the registry, which bounds it, as an exact ratio.
func factor(n registry.Number) series.Ratio {
	if n.Sign() >= 0 {
		return ratio(n)
	}
	mantissa, exp := n.Mantissa()
	r := ratio(registry.Number{Value: energy.Decimal(-mantissa, exp)})
	r.Num = -r.Num
	return r
}

// Widened are the days of dates and of every span that overlaps them: what is
// known of a span's total is known of it as a whole.
func Widened(calendar energy.Calendar, dates []energy.Date, spans []series.Span) []energy.Date {
	all := energy.Period{From: calendar.Day(dates[0]).From, To: calendar.Day(dates[len(dates)-1]).To}
	wide := all
	for _, s := range spans {
		if !s.Period.Overlaps(all) {
			continue
		}
		if s.Period.From.Before(wide.From) {
			wide.From = s.Period.From
		}
		if s.Period.To.After(wide.To) {
			wide.To = s.Period.To
		}
	}
	return calendar.Days(wide)
}

// knownAt is what was known of a point on dates at fact number upto, derived
// anew.
func (l *Ledger) knownAt(ctx context.Context, r *registry.Registry, calendar energy.Calendar, p registry.Point, dates []energy.Date, upto int64) (series.Known, error) {
	if !p.Virtual() {
		known, _, err := l.SubstitutedAt(ctx, r, calendar, p.ID, dates, upto)
		return known, err
	}
	for {
		inputs := map[energy.PointID]series.Known{}
		var spans []series.Span
		for _, id := range Inputs(r, p) {
			_, _, input, _ := r.Point(id)
			known, err := l.knownAt(ctx, r, calendar, input, dates, upto)
			if err != nil {
				return series.Known{}, err
			}
			inputs[id], spans = known, append(spans, known.Spans...)
		}
		if wide := Widened(calendar, dates, spans); len(wide) > len(dates) {
			dates = wide
			continue
		}
		return Calculated(r, calendar, p, dates, inputs), nil
	}
}
