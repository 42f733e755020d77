// Package intake is the one door for readings and for changes of the registry:
// it checks them, recognises what it has already, makes them facts, and gives
// receipts. It never changes a fact: a correction is a further one.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

// Ranks of sources: at the same instant the higher one wins (DATA.md 5).
const (
	RankCollector  int16 = 10 // read from the meter by a program of ours
	RankSubmission int16 = 5  // handed in
)

// Intake takes readings into a store. It is safe for concurrent use.
type Intake struct {
	ledger *ledger.Ledger
	store  *store.Store
	log    *slog.Logger
	now    func() time.Time
	// Taken is called after readings of a site became facts; nil is fine.
	taken func(energy.SiteID)
}

// Options are the optional parts of an Intake; the zero value works.
type Options struct {
	Log   *slog.Logger
	Now   func() time.Time    // the clock by which a reading is in the future
	Taken func(energy.SiteID) // told when a site has new facts
}

// New is an intake into the ledger's store.
func New(l *ledger.Ledger, o Options) *Intake {
	in := &Intake{ledger: l, store: l.Store(), log: o.Log, now: o.Now, taken: o.Taken}
	if in.log == nil {
		in.log = slog.New(slog.DiscardHandler)
	}
	if in.now == nil {
		in.now = time.Now
	}
	if in.taken == nil {
		in.taken = func(energy.SiteID) {}
	}
	return in
}

// Deliver makes a collector's batch a fact of its site, once: a batch that is
// known already is answered as a duplicate, one that comes after a hole with
// *energy.BehindError, one whose key is known with other content with
// energy.ErrConflict. Readings of points that the registry does not know yet
// are kept; nothing a collector read is refused.
func (in *Intake) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	if b.Sequence == 0 || !energy.IsID(string(b.Site)) {
		return energy.Delivery{}, fmt.Errorf("take batch %d of site %q: a sequence from 1 and a site are needed", b.Sequence, b.Site)
	}
	ctx = store.AsOwner(ctx)
	prefix := string(b.Site) + "/"
	for i := range b.Readings {
		name, ok := strings.CutPrefix(string(b.Readings[i].Point), prefix)
		if !ok || !energy.IsID(name) {
			return energy.Delivery{}, fmt.Errorf("take batch %d of site %s: point %q is not of this site", b.Sequence, b.Site, b.Readings[i].Point)
		}
	}
	delivery, err := in.deliver(ctx, b)
	if errors.Is(err, store.ErrNoSite) { // the first sign of a site the registry does not know yet
		if err = in.store.EnsureSite(ctx, b.Site); err == nil {
			delivery, err = in.deliver(ctx, b)
		}
	}
	if err != nil {
		return energy.Delivery{}, fmt.Errorf("take batch %d of site %s: %w", b.Sequence, b.Site, err)
	}
	if !delivery.Duplicate {
		in.taken(b.Site)
	}
	return delivery, nil
}

func (in *Intake) deliver(ctx context.Context, b energy.Batch) (delivery energy.Delivery, err error) {
	digest := b.Digest()
	head, err := in.store.Append(ctx, b.Site, func(ctx context.Context, f *store.Fact) error {
		position, err := f.Position(ctx, b.Source, b.Epoch, b.Lane)
		if err != nil {
			return err
		}
		delivery = energy.Delivery{Upto: position.Upto}
		if b.Sequence <= position.Upto {
			if known, ok := position.Digest(b.Sequence); ok && known != digest {
				return energy.ErrConflict
			}
			delivery.Duplicate = true
			return store.ErrNothing
		}
		if b.Sequence != position.Upto+1 {
			return &energy.BehindError{Upto: position.Upto}
		}
		plausible, others := in.sorted(b.Readings)
		if err := f.Segments(ctx, b.Source, RankCollector, plausible); err != nil {
			return err
		}
		if err := keepImplausible(ctx, f, b.Source, others); err != nil {
			return err
		}
		delivery.Upto = b.Sequence
		return f.Advance(ctx, b.Source, b.Epoch, b.Lane, b.Sequence, digest)
	})
	if errors.Is(err, store.ErrNothing) { // a duplicate
		return delivery, nil
	}
	delivery.Fact = head.Seq
	return delivery, err
}

// aheadMost is how far ahead of ours a collector's clock may be before what it
// says of the time is not believed.
const aheadMost = 24 * time.Hour

// sorted parts readings from those whose instant cannot be true.
func (in *Intake) sorted(readings []energy.PointReading) (plausible, others []energy.PointReading) {
	latest := in.now().Add(aheadMost)
	believable := func(r *energy.PointReading) bool {
		return !r.At.Before(earliest) && !r.At.After(latest) && (r.Length == 0 || !r.End().After(latest))
	}
	for i := range readings {
		switch r := &readings[i]; {
		case believable(r) && others == nil:
		case believable(r):
			plausible = append(plausible, *r)
		default:
			if others == nil {
				plausible = slices.Clone(readings[:i])
			}
			others = append(others, *r)
		}
	}
	if others == nil {
		return readings, nil
	}
	return plausible, others
}

// keepImplausible keeps readings whose instant cannot be true out of every
// series, where one of them would open decades of days; nothing is lost.
func keepImplausible(ctx context.Context, f *store.Fact, source string, readings []energy.PointReading) error {
	if len(readings) == 0 {
		return nil
	}
	type kept struct {
		Point   energy.PointID `json:"point"`
		At      time.Time      `json:"at"`
		Value   energy.Value   `json:"value"`
		Quality energy.Quality `json:"quality"`
	}
	list := make([]kept, len(readings))
	for i, r := range readings {
		list[i] = kept{r.Point, r.At, r.Value, r.Quality}
	}
	body, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("keep readings with an implausible instant: %w", err)
	}
	return f.Entry(ctx, store.KindImplausible, source, time.Time{}, source, body)
}
