package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Earlier are those of points that may have readings before an instant. A point
// that is not among them has none; what one that is has says [Reader.Extent].
func (r Reader) Earlier(ctx context.Context, site energy.SiteID, points []energy.PointID, at time.Time) (map[energy.PointID]bool, error) {
	found, err := r.beyond(ctx, site, points, at, `
		select p.point_no from unnest(@points::int[]) p (point_no)
		where exists (select from chunk c where c.site_id = @site and c.point_no = p.point_no and c.from_at < @at and c.first_at < @at)
		union all
		select unnest(s.points) from segment s where s.site_id = @site and s.from_at < @at
		and s.meter_no = any(array(select unnest(p.meters) from point p where p.site_id = @site and p.point_no = any(@points)))`)
	return found, wrap(err, "find which of %d points of site %q have readings before %s", len(points), site, at)
}

// Later are those of points that may have readings that end after an instant,
// like [Reader.Earlier].
func (r Reader) Later(ctx context.Context, site energy.SiteID, points []energy.PointID, at time.Time) (map[energy.PointID]bool, error) {
	found, err := r.beyond(ctx, site, points, at, `
		select c.point_no from chunk c
		where c.site_id = @site and c.point_no = any(@points) and c.to_at > @at
		and c.from_at > @at::timestamptz - (
			select make_interval(secs => max(p.reach_s)) from point p where p.site_id = @site and p.point_no = any(@points))
		union all
		select unnest(s.points) from segment s where s.site_id = @site and s.to_at > @at
		and s.meter_no = any(array(select unnest(p.meters) from point p where p.site_id = @site and p.point_no = any(@points)))`)
	return found, wrap(err, "find which of %d points of site %q have readings after %s", len(points), site, at)
}

// beyond asks a question for numbers of points. A point with corrections is
// always among those found: they are few, and say nothing of their ends.
func (r Reader) beyond(ctx context.Context, site energy.SiteID, points []energy.PointID, at time.Time, question string) (map[energy.PointID]bool, error) {
	found := map[energy.PointID]bool{}
	if len(points) == 0 {
		return found, nil
	}
	return found, r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		_, plain := q.database.(*pgx.Conn) // not within a fact
		known, err := q.numbered(ctx, no, points, plain)
		if err != nil || len(known) == 0 {
			return err
		}
		ids, numbers := make(map[int32]energy.PointID, len(known)), make([]int32, 0, len(known))
		for id, n := range known {
			ids[n.Point], numbers = id, append(numbers, n.Point)
		}
		rows, err := q.Query(ctx, question+`
			union all
			select k.point_no from correction k where k.site_id = @site and k.point_no = any(@points)`,
			pgx.NamedArgs{"site": no, "points": numbers, "at": at})
		if err != nil {
			return err
		}
		var number int32
		_, err = pgx.ForEachRow(rows, []any{&number}, func() error {
			if id, ok := ids[number]; ok {
				found[id] = true
			}
			return nil
		})
		return err
	})
}
