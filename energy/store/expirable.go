package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Expiring is what [Store.Expire] would delete of a point, and what of the same
// time it would leave because it is not packed into complete chunks yet.
type Expiring struct {
	Point    energy.PointID `json:"point"`
	Chunks   int64          `json:"chunks"`
	Readings int64          `json:"readings"`
	Bytes    int64          `json:"bytes"`
	From     time.Time      `json:"from"`
	To       time.Time      `json:"to"`
	// Staying are readings in chunks that begin before the instant and stay:
	// they end after it or still grow.
	Staying int64 `json:"staying"`
	// Gone are chunks whose content was deleted before.
	Gone int64 `json:"gone"`
}

// Expirable says what [Store.Expire] would delete, by point; points without
// anything before the instant are not listed.
func (r Reader) Expirable(ctx context.Context, site energy.SiteID, points []energy.PointID, before time.Time) (all []Expiring, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		all, err = list(ctx, q, pgx.RowToStructByPos[Expiring], `
			with c as (
				select p.id, c.readings, length(c.body) as bytes, c.first_at, c.to_at, c.nonce is null and length(c.body) = 0 as gone,
					c.to_at <= @before and c.closed and c.nonce is not null as goes
				from chunk c join point p on p.site_id = c.site_id and p.point_no = c.point_no
				where c.site_id = @site and p.id = any(@points) and c.first_at < @before
			)
			select id, count(*) filter (where goes), coalesce(sum(readings) filter (where goes), 0), coalesce(sum(bytes) filter (where goes), 0),
				min(first_at), coalesce(max(to_at) filter (where goes), min(first_at)),
				coalesce(sum(readings) filter (where not goes and not gone), 0), count(*) filter (where gone)
			from c group by id order by id`, pgx.NamedArgs{"site": no, "points": points, "before": before})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for expired readings of site %q: %w", site, err)
	}
	return all, nil
}

// expiredWithin is an SQL condition: whether readings of a point have expired
// ([Store.Expire]) between from_at and to_at of a row with the site @site. What
// was derived of them is all there is, and is neither derived anew nor removed.
// Whether any have at the site is asked first, once a statement.
func expiredWithin(row string) string {
	return strings.ReplaceAll(`(
			(select exists (select from log_leaf where site_id = @site and kind = 'expired')
				or exists (select from log_queue where site_id = @site and kind = 'expired'))
			and exists (
			select from chunk x where x.site_id = @site and x.point_no = r.point_no
			and x.from_at < r.to_at and x.from_at > r.from_at - interval '400 days' and x.first_at < r.to_at and x.to_at > r.from_at
			and x.nonce is null and x.leaf is not null and length(x.body) = 0))`, "r.", row+".")
}
