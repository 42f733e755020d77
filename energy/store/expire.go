package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// Expire deletes the readings of points that ended at or before an instant and
// lie in chunks that are complete, under a retention policy that it names. The
// digests stay, and the log says what was deleted: an audit tells what expired
// from what was taken away. It gives the number of chunks.
func (s *Store) Expire(ctx context.Context, site energy.SiteID, points []energy.PointID, before time.Time, policy string) (n int64, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		known, err := q.knownPoints(ctx, no, points)
		if err != nil {
			return err
		}
		ids := make(map[int32]energy.PointID, len(known))
		numbers := make([]int32, 0, len(known))
		for id, p := range known {
			ids[p.Point] = id
			numbers = append(numbers, p.Point)
		}
		rows, err := q.Query(ctx, `
			update chunk set body = '', nonce = null
			where site_id = @site and point_no = any(@points) and to_at <= @before and closed and nonce is not null
			returning point_no, from_at, part`, pgx.NamedArgs{"site": no, "points": numbers, "before": before})
		if err != nil {
			return err
		}
		var items, records []string
		var point, part int32
		var from time.Time
		_, err = pgx.ForEachRow(rows, []any{&point, &from, &part}, func() error {
			item := proof.ChunkItem(ids[point], from, part)
			items = append(items, item)
			records = append(records, proof.Record{Kind: proof.KindExpired}.With("site", string(site)).With("item", item).With("policy", policy).Text())
			return nil
		})
		if err != nil {
			return err
		}
		n = int64(len(items))
		_, err = q.Exec(ctx, `
			insert into log_queue (kind, site_id, item, body)
			select 'expired', @site, item, body from unnest(@items::text[], @records::text[]) as r (item, body)`,
			pgx.NamedArgs{"site": no, "items": items, "records": records})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete expired readings of site %q: %w", site, err)
	}
	return n, nil
}
