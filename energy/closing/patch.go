package closing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Readings of a quarter-hour or an hour change a few quarter-hours of a day. The
// others are as they are stored: what a change of readings reaches has bounds
// (series.Rules.Reach), and nothing beyond it is derived. So a round reads the
// readings around what was touched instead of those of the day, and writes what
// differs. Whatever is not provably the same is derived by whole days: after a
// change of the registry, the zone or the method, for longer periods, for points
// that ask for substitute values or whose shape is another series', and where the
// rest of a day is in doubt (series.Track.Patch).

// patchable is the longest touched period that is patched, and mostPatched the
// longest that it may reach: for more, whole days are no more work.
const (
	patchable   = 6 * time.Hour
	mostPatched = 36 * time.Hour
)

// usualMargin is how far before a touched period its readings are looked for by
// who does not know better from the round before.
const usualMargin = 6 * time.Hour

// patch writes what changed of the days of a group of points and gives those
// whose days are to be derived as a whole.
func (r *round) patch(ctx context.Context, g group, wanted ledger.Wanted) (left ledger.Wanted, err error) {
	if r.changed || g.period.Length() > patchable {
		return wanted, nil
	}
	left = ledger.Wanted{}
	near := ledger.Wanted{}
	for id, rules := range wanted {
		if _, asks := r.asking[id]; asks {
			left[id] = rules
		} else {
			near[id] = rules
		}
	}
	if len(near) == 0 {
		return left, nil
	}
	windows, parts, err := r.reached(ctx, near, g.period)
	if err != nil {
		return nil, err
	}
	if err := r.hold(ctx, parts); err != nil {
		return nil, err
	}
	p := patching{days: map[dayKey]series.Day{}, put: replacement{days: map[energy.PointID][]series.Day{}}}
	for id, rules := range near {
		part, ok := parts[id]
		if !ok || !r.patchPoint(&p, id, series.NewTrack(windows[id], rules), part) {
			left[id] = rules
		}
	}
	return left, r.writePatches(ctx, p)
}

// part are the whole quarter-hours that a change can reach, and the frames of the
// days that they are of.
type part struct {
	energy.Period
	frames []series.Day
}

// partOf is p with its days.
func (r *round) partOf(p energy.Period) *part {
	whole := &part{Period: p}
	for _, date := range r.calendar.Days(p) {
		whole.frames = append(whole.frames, series.Frame(date, r.calendar.Day(date)))
	}
	return whole
}

// reached are the readings of points around a touched period, and what the change
// can reach; points that it takes too far have none.
func (r *round) reached(ctx context.Context, points ledger.Wanted, touched energy.Period) (map[energy.PointID][]energy.Reading, map[energy.PointID]*part, error) {
	windows, err := r.closer.ledger.WindowsWithin(ctx, r.site, points, touched, cmp.Or(r.margin, usualMargin), r.tx.Upto)
	if err != nil {
		return nil, nil, err
	}
	var margins []time.Duration
	parts, wide, short := make(map[energy.PointID]*part, len(points)), touched, ledger.Wanted{}
	alike := map[energy.Period]*part{} // meters are read together
	for id, rules := range points {
		reach := rules.Reach(windows[id], touched).QuarterHours()
		if reach.Length() > mostPatched {
			continue
		}
		if alike[reach] == nil {
			alike[reach] = r.partOf(reach)
		}
		parts[id] = alike[reach]
		since, enough := rules.Since(windows[id], reach.From)
		if enough {
			margins = append(margins, touched.From.Sub(since))
		}
		if !allAround(rules, windows[id], touched, reach, enough) {
			short[id], wide = rules, union(wide, reach)
		}
	}
	r.margin = mostNeed(margins)
	if len(short) == 0 {
		return windows, parts, nil
	}
	further, err := r.closer.ledger.Windows(ctx, r.site, short, wide, r.tx.Upto)
	if err != nil {
		return nil, nil, err
	}
	for id := range short {
		windows[id] = further[id]
	}
	return windows, parts, nil
}

// allAround tells whether the readings around a touched period are enough around
// what it reaches too: they are where there are no more on that side.
func allAround(rules series.Rules, readings []energy.Reading, touched, reach energy.Period, before bool) bool {
	moreBefore, moreAfter := rules.Enough(readings, touched)
	if !before && moreBefore {
		return false
	}
	_, after := rules.Enough(readings, reach)
	return after || !moreAfter
}

// mostNeed is the margin before a touched period within which nine points in ten
// have all readings that they need, and a quarter-hour more, for they do not reach
// equally far each time; 0 where none has enough.
func mostNeed(margins []time.Duration) time.Duration {
	if len(margins) == 0 {
		return 0
	}
	slices.Sort(margins)
	return margins[(len(margins)-1)*9/10] + energy.QuarterHour
}

// patching is what is to be written of patched days.
type patching struct {
	days   map[dayKey]series.Day // all that were patched, changed or not
	stored []store.DayPatch      // those that are stored and changed
	put    replacement           // those that are not stored, and all spans
}

// patchPoint adds what changed of a point in part. It is false, and adds nothing,
// where whole days are to be derived.
func (r *round) patchPoint(p *patching, id energy.PointID, track *series.Track, part *part) bool {
	place, _ := r.place(id)
	_, step, shaped := ledger.ShaperOf(place.meter, place.point)
	spans, days := track.Spans(), make([]series.Day, 0, len(part.frames))
	for _, frame := range part.frames {
		before, stored := r.held[dayKey{id, frame.Date}]
		if !stored {
			before = frame
		}
		after, ok := track.Patch(before, part.Period)
		if !ok || missing(after) {
			return false
		}
		// What has the shape of another series is not what the readings say.
		if shaped && (stored && !before.PlainBeyond(part.Period) || after.Coarse(spans, step)) {
			return false
		}
		days = append(days, after)
	}
	spans = slices.DeleteFunc(spans, func(s series.Span) bool { return !s.Period.Overlaps(part.Period) })
	p.put.spans = append(p.put.spans, store.PointSpans{Point: id, Period: part.Period, Spans: spans})
	for _, after := range days {
		before, stored := r.held[dayKey{id, after.Date}]
		p.days[dayKey{id, after.Date}] = after
		if !stored {
			p.put.days[id] = append(p.put.days[id], after)
		} else if first, last, changed := before.Changed(after); changed {
			p.stored = append(p.stored, store.DayPatch{Point: id, Day: after, First: first, Last: last})
		}
	}
	return true
}

// writePatches writes patched days, and holds those that are stored now as they
// are here for certain.
func (r *round) writePatches(ctx context.Context, p patching) error {
	if len(p.put.spans) == 0 {
		return nil
	}
	all, err := r.tx.PatchDays(ctx, p.stored, Method)
	if err != nil {
		return err
	}
	if !all { // what is stored is something else, or stays as it is
		for _, patch := range p.stored {
			p.put.days[patch.Point] = append(p.put.days[patch.Point], patch.Day)
		}
	}
	for key, day := range p.days {
		r.dirty[key.date] = true
		r.days++
		if _, stored := r.held[key]; stored {
			r.held[key] = day
		}
	}
	for id, days := range p.put.days {
		r.release(id, days)
	}
	return r.write(ctx, p.put)
}
