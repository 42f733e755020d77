package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/store"
	"heatledger/fieldbus/plantsim"
)

// past brings the plant's past in through the intake, from the beginning of
// last year on or from where it ended.
type past struct {
	process *process
	plant   *plantsim.Plant
	seed    uint64
}

const (
	pastSource  = "plant-history"
	sitesAtOnce = 2 // as many as hold their days in memory together
)

// errand is a site with what is to be brought in.
type errand struct {
	site   energy.SiteID
	points []energy.PointID
	period energy.Period
	step   time.Duration
}

// readings of the errand, but for outages.
func (e errand) readings() int64 {
	return int64(len(e.points)) * int64(e.period.Length()/e.step)
}

// bring brings in what is not known yet. When ctx ends it ends without a
// complaint: what was written stays, the rest comes with the next start.
func (d *past) bring(ctx context.Context, in *intake.Intake, s *store.Store) error {
	begun := time.Now()
	errands, err := d.errands(ctx, s, begun.UTC())
	if err != nil {
		return unlessEnded(ctx, err)
	}
	progress := newProgress(d.process.stderr, "bringing in the past of the city")
	for _, e := range errands {
		progress.expect(e.readings())
	}
	var accepted, kept atomic.Int64
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(sitesAtOnce)
	for _, e := range errands {
		group.Go(func() error {
			done, err := d.run(inner, in, e, progress)
			accepted.Add(int64(done.Accepted))
			kept.Add(int64(done.Kept))
			return err
		})
	}
	err = group.Wait()
	progress.end()
	if err != nil {
		return unlessEnded(ctx, err)
	}
	if kept.Load() > 0 {
		d.process.log.Warn("the past is known otherwise and stays as it is: was it brought in with another seed?", "readings", kept.Load(), "seed", d.seed)
	}
	if accepted.Load() > 0 {
		d.process.log.Info("the plant's past is in", "readings", accepted.Load(), "took", time.Since(begun).Round(10*time.Millisecond))
	}
	return nil
}

func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// errands are what is to be brought in at now, the longest first, so that all
// hands have work until the end.
func (d *past) errands(ctx context.Context, s *store.Store, now time.Time) ([]errand, error) {
	var errands []errand
	for _, site := range d.plant.Sites() {
		e := errand{site: site.Spec.ID, step: cmp.Or(site.Spec.Past, energy.QuarterHour)}
		for _, point := range d.plant.Points() {
			if point.ID.Site() == e.site {
				e.points = append(e.points, point.ID)
			}
		}
		// a day of context for the local year
		e.period.From = time.Date(now.Year()-1, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
		if since := site.Spec.Since.UTC(); since.After(e.period.From) {
			e.period.From = since
		}
		e.period.To = now.Truncate(e.step)
		if err := e.resume(ctx, s); err != nil {
			return nil, err
		}
		if e.period.From.Before(e.period.To) {
			errands = append(errands, e)
		}
	}
	slices.SortStableFunc(errands, func(a, b errand) int { return cmp.Compare(b.readings(), a.readings()) })
	return errands, nil
}

// resume moves the beginning to the newest month before which all is known.
// Points come in one after the other, each from its beginning: so it is the
// last one that tells.
func (e *errand) resume(ctx context.Context, s *store.Store) error {
	last := e.points[len(e.points)-1]
	month := time.Date(e.period.To.Year(), e.period.To.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; month.After(e.period.From); month = month.AddDate(0, -1, 0) {
		at := month.Add(-e.step)
		runs, err := s.Runs(ctx, e.site, []energy.PointID{last}, energy.Period{From: at, To: at.Add(time.Microsecond)}, 1<<62)
		if err != nil {
			return fmt.Errorf("find out how far the past of %s is known: %w", last, err)
		}
		if len(runs[last]) > 0 {
			e.period.From = month
			return nil
		}
	}
	return nil
}

// run hands in the errand.
func (d *past) run(ctx context.Context, in *intake.Intake, e errand, p *progress) (intake.Backfilled, error) {
	points, err := d.plant.Past(e.site, e.period, e.step)
	if err != nil {
		return intake.Backfilled{}, err
	}
	each := e.readings() / int64(len(e.points))
	return in.Backfill(ctx, pastSource, e.site, func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		for point, readings := range points {
			if !yield(point, readings) {
				return
			}
			p.advance(each)
		}
	})
}
