package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// Backfilled says what became of the readings of a backfill.
type Backfilled struct {
	Accepted  int
	Duplicate int // known already with the same value
	Kept      int // known already with another value, which stays
}

func (b *Backfilled) add(o Backfilled) {
	b.Accepted += o.Accepted
	b.Duplicate += o.Duplicate
	b.Kept += o.Kept
}

// backfillPart is the number of readings from which a part of a backfill ends
// with its UTC month; otherwise it ends with its year. Either is a border of
// chunks, so that no chunk is written in two parts.
const backfillPart = 40_000

// Backfill makes long series of one site facts, as a program of ours has them:
// points of the registry, ascending instants, the canonical unit. It writes
// packed chunks, a fact for each point and year (month, where readings are
// dense), so that memory does not grow with the series and what is written
// stays when it ends early. What is known already is left as it is: it may be
// repeated. The days of the site are closed when all is in.
func (in *Intake) Backfill(ctx context.Context, source string, site energy.SiteID,
	points iter.Seq2[energy.PointID, iter.Seq[energy.Reading]]) (done Backfilled, err error) {
	r, err := in.ledger.Registry(ctx)
	if err != nil {
		return done, err
	}
	if err := in.ensureSites(ctx, []energy.SiteID{site}); err != nil {
		return done, err
	}
	defer func() {
		if done.Accepted > 0 {
			in.taken(site)
		}
	}()
	for id, readings := range points {
		_, _, point, ok := r.Point(id)
		if !ok || id.Site() != site {
			return done, fmt.Errorf("bring in the past of %s: the registry knows no such point of site %s", id, site)
		}
		part := &backfill{intake: in, source: source, point: point}
		if err := part.take(ctx, readings); err != nil {
			return done, fmt.Errorf("bring in the past of %s: %w", id, err)
		}
		done.add(part.done)
	}
	return done, nil
}

// backfill is one point on its way in.
type backfill struct {
	intake   *Intake
	source   string
	point    registry.Point
	readings []energy.PointReading
	done     Backfilled
}

func (b *backfill) take(ctx context.Context, readings iter.Seq[energy.Reading]) error {
	limit := b.intake.now().Add(clockTolerance)
	for r := range readings {
		if n := len(b.readings) - 1; n >= 0 {
			last := b.readings[n].At
			if !r.At.After(last) {
				return fmt.Errorf("the reading of %s comes after that of %s", r.At.Format(time.RFC3339Nano), last.Format(time.RFC3339Nano))
			}
			if r.At.Year() != last.Year() || n >= backfillPart && r.At.Month() != last.Month() {
				if err := b.flush(ctx); err != nil {
					return err
				}
			}
		}
		switch _, err := b.point.Quantity.Fixed(r.Value); {
		case err != nil:
			return fmt.Errorf("the value at %s: %w", r.At.Format(time.RFC3339Nano), err)
		case r.At.After(limit):
			return fmt.Errorf("%s has not come yet", r.At.Format(time.RFC3339Nano))
		case r.Length != 0:
			return fmt.Errorf("the reading of %s is one of an interval: only counters and levels are brought in so", r.At.Format(time.RFC3339Nano))
		}
		b.readings = append(b.readings, energy.PointReading{Point: b.point.ID, Reading: r})
	}
	return b.flush(ctx)
}

// flush makes what has been gathered a fact.
func (b *backfill) flush(ctx context.Context) error {
	if len(b.readings) == 0 {
		return nil
	}
	whole := energy.Period{From: b.readings[0].At, To: b.readings[len(b.readings)-1].At.Add(time.Microsecond)}
	var done Backfilled
	_, err := b.intake.store.Append(ctx, b.point.ID.Site(), func(ctx context.Context, f *store.Fact) error {
		runs, err := f.Runs(ctx, []energy.PointID{b.point.ID}, whole)
		if err != nil {
			return fmt.Errorf("read what is known in %s: %w", whole, err)
		}
		var fresh []energy.PointReading
		fresh, done = unknown(b.readings, series.Visible(runs[b.point.ID], f.Seq))
		switch {
		case len(fresh) == 0:
			return store.ErrNothing
		case len(fresh) < importChunk:
			return f.Segments(ctx, b.source, RankSubmission, fresh)
		}
		return f.Chunks(ctx, b.source, RankSubmission, fresh)
	})
	if err != nil && !errors.Is(err, store.ErrNothing) {
		return err
	}
	b.done.add(done)
	b.readings = b.readings[:0]
	return nil
}

// unknown are the readings at instants of which nothing is known. Both lists
// ascend; readings is used as it is where it can be.
func unknown(readings []energy.PointReading, known []energy.Reading) (fresh []energy.PointReading, done Backfilled) {
	if len(known) == 0 {
		return readings, Backfilled{Accepted: len(readings)}
	}
	for _, r := range readings {
		for len(known) > 0 && known[0].At.Before(r.At) {
			known = known[1:]
		}
		switch {
		case len(known) == 0 || !known[0].At.Equal(r.At):
			fresh = append(fresh, r)
			done.Accepted++
		case known[0].Same(r.Reading):
			done.Duplicate++
		default:
			done.Kept++
		}
	}
	return fresh, done
}
