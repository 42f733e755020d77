package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// AppendAll adds a fact to each of several sites in one transaction: all of
// them or none. The heads are locked in the order of the ids, so that two who
// append to the same sites do not wait for each other for ever. A site whose
// fact says nothing gets none, and is not in the result.
func (s *Store) AppendAll(ctx context.Context, sites []energy.SiteID, write func(ctx context.Context, facts map[energy.SiteID]*Fact) error) (map[energy.SiteID]Head, error) {
	ordered := slices.Compact(slices.Sorted(slices.Values(sites)))
	heads := make(map[energy.SiteID]Head, len(ordered))
	err := s.pool.transaction(ctx, func(q session) error {
		facts := make(map[energy.SiteID]*Fact, len(ordered))
		chains := make(map[energy.SiteID][]byte, len(ordered))
		for _, site := range ordered {
			f, chain, err := s.next(ctx, q, site)
			if err != nil {
				return err
			}
			facts[site], chains[site] = f, chain
		}
		// What becomes known together has one instant of record.
		var together time.Time
		for _, f := range facts {
			if f.RecordedAt.After(together) {
				together = f.RecordedAt
			}
		}
		for _, f := range facts {
			f.RecordedAt = together
		}
		if err := write(ctx, facts); err != nil {
			return err
		}
		for _, site := range ordered {
			f := facts[site]
			if f.silent() {
				continue
			}
			if err := f.finish(ctx, chains[site]); err != nil {
				return fmt.Errorf("number fact %d of site %q: %w", f.Seq, site, err)
			}
			heads[site] = Head{f.Seq, f.RecordedAt}
		}
		return nil
	})
	if errors.Is(err, ErrNothing) {
		return nil, ErrNothing
	}
	if err != nil {
		return nil, fmt.Errorf("append facts to %d sites: %w", len(ordered), err)
	}
	wrote(ctx)
	return heads, nil
}

// silent tells whether nothing was written with the fact.
func (f *Fact) silent() bool { return len(f.lines) == 0 }
