package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// RecordedAt is when a fact of a site became known; ok is false where there is
// none of that number.
func (r Reader) RecordedAt(ctx context.Context, site energy.SiteID, fact int64) (at time.Time, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		err = q.QueryRow(ctx, "select recorded_at from fact where site_id = @site and seq = @fact", pgx.NamedArgs{"site": no, "fact": fact}).Scan(&at)
		if !errors.Is(err, pgx.ErrNoRows) {
			ok = err == nil
			return err
		}
		var first int64
		var firstAt time.Time
		var body []byte
		err = q.QueryRow(ctx, "select first_seq, first_at, body from fact_block where site_id = @site and first_seq <= @fact and last_seq >= @fact",
			pgx.NamedArgs{"site": no, "fact": fact}).Scan(&first, &firstAt, &body)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		moments, err := decodeMoments(firstAt, body)
		if i := fact - first; err == nil && i < int64(len(moments)) {
			at, ok = moments[i], true
		}
		return err
	})
	return at.UTC(), ok, wrap(err, "find when fact %d of site %q became known", fact, site)
}
