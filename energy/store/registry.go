package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Withdrawn is the body of the version by which an entry ceases to hold.
var Withdrawn = json.RawMessage("null")

// CountEntries is the number of versions of entries of all sites. It only
// rises: as long as it is the same, nothing was added, whoever asks. On behalf of
// somebody it is counted once, and again after something was added.
func (r Reader) CountEntries(ctx context.Context) (n int64, err error) {
	return askerOf(ctx).counted(func() (int64, error) { return r.countEntries(ctx) })
}

func (r Reader) countEntries(ctx context.Context) (n int64, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select count(*) from entry").Scan(&n)
	})
	return n, wrap(err, "count entries")
}

// KindImplausible is the kind of entries that keep readings whose instant
// cannot be true: a clock that was never set. They are facts, and in no series.
const KindImplausible = "implausible_readings"

// EntriesBetween is the number of versions of entries of these kinds that the
// facts of the site after after, up to upto, brought.
func (r Reader) EntriesBetween(ctx context.Context, site energy.SiteID, after, upto int64, kinds []string) (n int64, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, "select count(*) from entry where site_id = @site and seq > @after and seq <= @upto and kind = any(@kinds)",
			pgx.NamedArgs{"site": no, "after": after, "upto": upto, "kinds": kinds}).Scan(&n)
	})
	return n, wrap(err, "count entries of site %q", site)
}
