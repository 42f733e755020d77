package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Municipality is the site of facts that belong to no site: offers, contracts,
// guarantees of origin. It always exists.
const Municipality energy.SiteID = ""

// Head is the latest fact of a site.
type Head struct {
	Seq        int64     // 0: there is none yet
	RecordedAt time.Time // whole milliseconds; no later fact is recorded at or before it
}

// EnsureSite makes the site if it is not there. Sites are never removed.
func (s *Store) EnsureSite(ctx context.Context, site energy.SiteID) error {
	if site != Municipality && !energy.IsID(string(site)) {
		return fmt.Errorf("make site %q: an id of lower-case letters, digits, hyphens and underscores is expected", site)
	}
	err := s.pool.transaction(ctx, func(q session) error {
		_, err := q.Exec(ctx, `
			with made as (
				insert into site (id) select @id where not exists (select from site where id = @id)
				on conflict (id) do nothing returning site_id
			), known as (
				select site_id from made union all select site_id from site where id = @id
			)
			insert into site_head (site_id, seq, recorded_at, chain)
			select site_id, 0, 'epoch', @chain from known
			on conflict (site_id) do nothing`,
			pgx.NamedArgs{"id": site, "chain": make([]byte, sha256.Size)})
		return err
	})
	if err != nil {
		return fmt.Errorf("make site %s: %w", site, err)
	}
	return nil
}

// Sites are all sites but the municipality, by id.
func (r Reader) Sites(ctx context.Context) (sites []energy.SiteID, err error) {
	err = r.with(ctx, func(q session) error {
		sites, err = list(ctx, q, pgx.RowTo[energy.SiteID], "select id from site where site_id <> 0 order by id", nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	return sites, nil
}

// Head is the latest fact of the site.
func (r Reader) Head(ctx context.Context, site energy.SiteID) (h Head, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, "select seq, recorded_at from site_head where site_id = @site",
			pgx.NamedArgs{"site": no}).Scan(&h.Seq, &h.RecordedAt)
	})
	if err != nil {
		return Head{}, fmt.Errorf("read the latest fact of site %q: %w", site, err)
	}
	return h, nil
}

// Upto is the last fact of the site that was known at an instant: every fact
// up to it was recorded at or before at, every later one after. The answer
// never changes: where at is younger than the latest fact, the site's head is
// moved there, so that no fact can be recorded at or before it any more. An
// instant in the future is taken for now.
func (s *Store) Upto(ctx context.Context, site energy.SiteID, at time.Time) (seq int64, err error) {
	h, err := s.Head(ctx, site)
	if err != nil {
		return 0, err
	}
	if at.Before(h.RecordedAt) {
		return s.uptoPast(ctx, site, at)
	}
	// Facts are recorded at whole milliseconds: one after floor is after at.
	floor := at
	if now := s.now(); floor.After(now) {
		floor = now
	}
	err = s.pool.transaction(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, `
			update site_head set recorded_at = greatest(recorded_at, @floor) where site_id = @site returning seq, recorded_at`,
			pgx.NamedArgs{"site": no, "floor": floor.UTC().Truncate(time.Millisecond)}).Scan(&h.Seq, &h.RecordedAt)
	})
	if err != nil {
		return 0, fmt.Errorf("close the past of site %s at %s: %w", site, at, err)
	}
	if at.Before(h.RecordedAt) { // a fact came in between
		return s.uptoPast(ctx, site, at)
	}
	return h.Seq, nil
}
