// Package closing turns new facts into days and balances. It is the only
// orchestration between what is known and what is shown: it keeps a cursor for
// each site, re-opens the days that facts beyond the cursor touch, derives what
// these can have changed anew from all visible readings (an hour of a day where
// no more is in question, else whole days), and writes days, balances and cursor
// in one transaction. Closing twice changes nothing; closing in any order of
// arrival gives the same days.
package closing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Method is the version of the derivation; it is stored with every day.
const Method = series.Method

// Of periods longer than longPeriod only pointsAtOnce points are held in
// memory together.
const (
	pointsAtOnce = 4
	longPeriod   = 7 * 24 * time.Hour
)

// Closer closes the sites of a store.
type Closer struct {
	ledger  *ledger.Ledger
	log     *slog.Logger
	shelves shelves
}

// New is a closer over l.
func New(l *ledger.Ledger, log *slog.Logger) *Closer { return &Closer{ledger: l, log: log} }

// Closed says what one round did.
type Closed struct {
	Upto int64 // every fact up to this number is in the days
	Days int   // days derived
	Busy bool  // another closer holds the site: nothing was done
}

// All closes every site once. A site that another closer holds is waited for,
// since that one may have begun before the facts that are to be closed; one
// that cannot be closed does not hold up the others; the errors are joined.
func (c *Closer) All(ctx context.Context) error {
	sites, err := c.ledger.Store().Sites(ctx)
	if err != nil {
		return fmt.Errorf("list sites to close: %w", err)
	}
	var errs []error
	for _, site := range sites {
		if err := c.insist(ctx, site); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", site, err))
		}
	}
	return errors.Join(errs...)
}

// busyPause is the pause before a site is tried again that another closer holds.
const busyPause = 50 * time.Millisecond

// insist closes a site, however often another closer holds it.
func (c *Closer) insist(ctx context.Context, site energy.SiteID) error {
	for {
		closed, err := c.Site(ctx, site)
		if err != nil || !closed.Busy {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(busyPause):
		}
	}
}

// Site brings the days and balances of site up to its newest fact.
func (c *Closer) Site(ctx context.Context, site energy.SiteID) (Closed, error) {
	var closed Closed
	var done *round
	s := c.ledger.Store()
	busy, err := s.Closing(ctx, site, store.JobClosing, func(ctx context.Context, tx *store.Closing) error {
		closed.Upto = tx.Upto
		r, err := c.ledger.Registry(ctx)
		if err != nil {
			return err
		}
		round := &round{closer: c, registry: r, site: site, tx: tx}
		if err := round.begin(ctx); err != nil {
			return err
		}
		if tx.Cursor() >= tx.Upto && !round.moved && !round.otherBooks {
			return store.ErrNothing
		}
		if err := round.run(ctx); err != nil {
			return err
		}
		closed.Days, done = round.days, round
		if err := tx.SetVersion(ctx, version); err != nil {
			return err
		}
		return tx.Advance(ctx, tx.Upto)
	})
	closed.Busy = busy
	if err != nil && !errors.Is(err, store.ErrNothing) {
		return closed, err
	}
	if err == nil && done != nil {
		c.shelves.put(site, closed.Upto, done.held, done.margin)
	}
	if closed.Days > 0 {
		c.log.Debug("site closed", "site", site, "fact", closed.Upto, "days", closed.Days)
	}
	return closed, nil
}

// round is one closing of one site.
type round struct {
	closer   *Closer
	registry *registry.Registry
	site     energy.SiteID
	calendar energy.Calendar
	tx       *store.Closing
	moved    bool // the stored days are those of another zone
	changed  bool // the registry, or the zone, changed: everything is derived anew
	// otherMethod and otherBooks: what is stored was written by another version
	// of the method, or (then too) of the books.
	otherMethod, otherBooks bool

	places map[energy.PointID]place // see place
	days   int                      // derived so far
	held   map[dayKey]series.Day    // some days as they are stored at this moment
	margin time.Duration            // see shelf
	dirty  map[energy.Date]bool     // days whose balance is to be written
	shaped []shaping                // counters that wait for the power beside them

	asking      map[energy.PointID][]energy.PointID // points that ask for substitute values, and what they draw on
	substituted []substituting                      // those that were touched
}

// begin finds the site's calendar, and whether its days are cut by another.
func (r *round) begin(ctx context.Context) (err error) {
	if r.calendar, err = r.closer.ledger.Calendar(r.registry, r.site); err != nil {
		return fmt.Errorf("find the calendar: %w", err)
	}
	date, from, some, err := r.tx.LatestDay(ctx, r.site)
	if err != nil {
		return err
	}
	r.moved = some && !r.calendar.Day(date).From.Equal(from)
	return r.compareVersion(ctx)
}

func (r *round) run(ctx context.Context) error {
	r.dirty, r.asking = map[energy.Date]bool{}, ledger.Substituting(r.registry, r.site)
	touched, err := r.touched(ctx)
	if err != nil {
		return err
	}
	if !r.changed {
		r.held, r.margin = r.closer.shelves.take(r.site, r.tx.Cursor())
	}
	if err := r.forgetBeyond(ctx, touched); err != nil {
		return err
	}
	for _, group := range groups(touched) {
		if err := r.derive(ctx, group); err != nil {
			return err
		}
	}
	if err := r.substitute(ctx); err != nil {
		return err
	}
	if err := r.shape(ctx); err != nil {
		return err
	}
	if err := r.forgetCalculated(ctx, touched); err != nil {
		return err
	}
	if err := r.calculate(ctx); err != nil {
		return err
	}
	if err := r.rebook(ctx); err != nil {
		return err
	}
	return r.balance(ctx)
}

// reopening are the kinds of registry entries that change days or balances; a
// new commitment changes neither.
func reopening() []string {
	return []string{string(registry.KindSite), string(registry.KindMeter), string(registry.KindHeatPump), string(registry.KindFact), string(registry.KindEvent)}
}

// touched is what the facts since the cursor touch. A change of the registry or
// of the zone touches everything of the site.
func (r *round) touched(ctx context.Context) ([]store.Touch, error) {
	s := r.closer.ledger.Store()
	changed, err := s.EntriesBetween(ctx, r.site, r.tx.Cursor(), r.tx.Upto, reopening())
	if err != nil {
		return nil, fmt.Errorf("find changes of the registry: %w", err)
	}
	if r.changed = changed > 0 || r.moved || r.otherMethod; !r.changed {
		touched, err := s.Touched(ctx, r.site, r.tx.Cursor(), r.tx.Upto)
		return r.withCompared(r.withShaped(touched)), err
	}
	points, err := s.Points(ctx, r.site)
	if err != nil {
		return nil, err
	}
	var touched []store.Touch
	for _, point := range points {
		extent, ok, err := s.Extent(ctx, r.site, point.ID)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		// A day of the old zone at either end may be none of the new, and which zone
		// held there the days in between do not tell.
		extent.From, extent.To = extent.From.AddDate(0, 0, -1), extent.To.AddDate(0, 0, 1)
		touched = append(touched, store.Touch{Point: point.ID, Period: extent})
	}
	return touched, nil
}

// group is a few points that are derived together, over the same period.
type group struct {
	points []energy.PointID
	period energy.Period
	has    map[energy.PointID]bool // what is in points: a site has thousands
}

// groups puts points with nearly the same touched period together, a few at a
// time: a late reading of last year must not open the year between.
func groups(touched []store.Touch) []group {
	ordered := slices.Clone(touched)
	slices.SortStableFunc(ordered, func(a, b store.Touch) int { return a.Period.From.Compare(b.Period.From) })
	var all []group
	for _, t := range ordered {
		if n := len(all) - 1; n >= 0 && all[n].takes(t) {
			if !all[n].has[t.Point] {
				all[n].points, all[n].has[t.Point] = append(all[n].points, t.Point), true
			}
			all[n].period = union(all[n].period, t.Period)
			continue
		}
		all = append(all, group{points: []energy.PointID{t.Point}, period: t.Period, has: map[energy.PointID]bool{t.Point: true}})
	}
	return all
}

// takes tells whether t may be derived with g.
func (g group) takes(t store.Touch) bool {
	wide := union(g.period, t.Period).Length()
	if wide > longPeriod && len(g.points) >= pointsAtOnce {
		return false
	}
	return wide <= t.Period.Length()+24*time.Hour && wide <= g.period.Length()+24*time.Hour
}

func union(a, b energy.Period) energy.Period {
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
}

// place is where the registry has a point.
type place struct {
	site  *registry.Site
	meter *registry.Meter
	point *registry.Point
}

// place finds a point of the site. The registry looks through all points for one;
// a round asks for every point, several times.
func (r *round) place(id energy.PointID) (place, bool) {
	if r.places == nil {
		r.places = map[energy.PointID]place{}
		site, _ := r.registry.Site(r.site)
		for m := range site.Meters {
			for p := range site.Meters[m].Points {
				r.places[site.Meters[m].Points[p].ID] = place{&site, &site.Meters[m], &site.Meters[m].Points[p]}
			}
		}
	}
	p, ok := r.places[id]
	return p, ok
}

// derive writes the days and spans of a group of points. Readings of points that
// the registry does not know, or no longer, are kept as facts and have no days:
// a day needs to know what it measures. Those of a point that is calculated have
// none either.
func (r *round) derive(ctx context.Context, g group) error {
	wanted := ledger.Wanted{}
	for _, id := range g.points {
		if p, ok := r.place(id); ok && !p.point.Virtual() {
			wanted[id] = ledger.RulesOf(p.site, p.meter, p.point)
		} else if err := r.forget(ctx, id, r.wholeDays(g.period)); err != nil {
			return err
		}
	}
	wanted, err := r.patch(ctx, g, wanted)
	if err != nil || len(wanted) == 0 {
		return err
	}
	loaded := r.wholeDays(g.period)
	windows, err := r.closer.ledger.Windows(ctx, r.site, wanted, loaded, r.tx.Upto)
	if err != nil {
		return err
	}
	var put replacement
	for id, rules := range wanted {
		readings := windows[id]
		whole := r.wholeDays(rules.Reach(readings, g.period))
		if !loaded.Covers(whole) {
			more, err := r.closer.ledger.Windows(ctx, r.site, ledger.Wanted{id: rules}, whole, r.tx.Upto)
			if err != nil {
				return err
			}
			readings = more[id]
		}
		if r.substitutes(id, whole) {
			continue
		}
		track := series.NewTrack(readings, rules)
		known := series.Known{Spans: track.Spans()}
		for _, date := range r.calendar.Days(whole) {
			known.Days = append(known.Days, track.Day(date, r.calendar.Day(date)))
		}
		if r.waits(id, known, whole) {
			continue
		}
		if err := r.replace(ctx, &put, id, whole, known); err != nil {
			return err
		}
	}
	return r.write(ctx, put)
}

// replacement is what is to be written in place of what is stored of points.
type replacement struct {
	days  map[energy.PointID][]series.Day
	spans []store.PointSpans
}

// replace puts what is known of a point in p, which is whole days, into a
// replacement of its spans and of its days; those of which nothing is known are
// deleted at once.
func (r *round) replace(ctx context.Context, put *replacement, id energy.PointID, p energy.Period, known series.Known) error {
	var empty []energy.Date
	var days []series.Day
	r.release(id, known.Days)
	for _, day := range known.Days {
		r.dirty[day.Date] = true
		r.days++
		if missing(day) { // a day of which nothing is known is none
			empty = append(empty, day.Date)
			continue
		}
		days = append(days, day)
	}
	if put.days == nil {
		put.days = map[energy.PointID][]series.Day{}
	}
	put.days[id] = days
	spans := slices.DeleteFunc(slices.Clone(known.Spans), func(s series.Span) bool { return !s.Period.Overlaps(p) })
	put.spans = append(put.spans, store.PointSpans{Point: id, Period: p, Spans: spans})
	if len(empty) == 0 {
		return nil
	}
	return r.tx.DeleteDays(ctx, id, empty)
}

// write writes a replacement.
func (r *round) write(ctx context.Context, put replacement) error {
	if len(put.spans) == 0 {
		return nil
	}
	if err := r.tx.PutSpans(ctx, put.spans...); err != nil {
		return err
	}
	return r.tx.PutDays(ctx, put.days, Method)
}

// forget removes the days and spans of a point in p.
func (r *round) forget(ctx context.Context, id energy.PointID, p energy.Period) error {
	dates := r.calendar.Days(p)
	for _, date := range dates {
		r.dirty[date] = true
		delete(r.held, dayKey{id, date})
	}
	if err := r.tx.DeleteDays(ctx, id, dates); err != nil {
		return err
	}
	return r.tx.PutSpans(ctx, store.PointSpans{Point: id, Period: p})
}

// missing tells whether nothing is known of a day.
func missing(day series.Day) bool {
	return !slices.ContainsFunc(day.Quality, func(q energy.Quality) bool { return q != energy.Missing })
}

// wholeDays widens p to the local days it touches.
func (r *round) wholeDays(p energy.Period) energy.Period {
	last := p.To.Add(-time.Microsecond)
	if last.Before(p.From) {
		last = p.From
	}
	return energy.Period{From: r.calendar.Day(r.calendar.Date(p.From)).From, To: r.calendar.Day(r.calendar.Date(last)).To}
}
