package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Snapshot lets several questions rest on the same state of the database, so
// that a cursor and the days it stands for belong together.
func (s *Store) Snapshot(ctx context.Context, ask func(ctx context.Context, r Reader) error) error {
	return s.lend(ctx, func(c *conn) error {
		options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, c.Conn, options, func(tx pgx.Tx) error {
			return ask(ctx, session{tx, c}.reader())
		})
	})
}

// Totals are the sums of the days' totals of points from from up to, but not
// including, to. A point without days is not in the map.
func (r Reader) Totals(ctx context.Context, site energy.SiteID, points []energy.PointID, from, to energy.Date) (totals map[energy.PointID]energy.Amount, err error) {
	totals = map[energy.PointID]energy.Amount{}
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		rows, err := q.Query(ctx, `
			select p.id, sum(d.total)::int8
			from point p join day d on d.site_id = @site and d.point_no = p.point_no and d.day >= @from and d.day < @to
			where p.site_id = @site and p.id = any(@points)
			group by p.id`,
			pgx.NamedArgs{"site": no, "points": points, "from": from.UTC(), "to": to.UTC()})
		if err != nil {
			return err
		}
		var id energy.PointID
		var total int64
		_, err = pgx.ForEachRow(rows, []any{&id, &total}, func() error {
			totals[id] = energy.Amount(total)
			return nil
		})
		return err
	})
	return totals, wrap(err, "add up %d points of site %q from %s to %s", len(points), site, from, to)
}
