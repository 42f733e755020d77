package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// DayVersion tells days of a site as they are from what they were: with the same
// version, none of them was added, changed or removed.
type DayVersion struct {
	Fact int64 // the newest by which one of them changed; 0 of none
	Days int64 // how many there are, of all points
}

// DayVersions are those of the days of points from from up to, but not including, to,
// by site. A site without any is not in the map.
func (r Reader) DayVersions(ctx context.Context, points []energy.PointID, from, to energy.Date) (versions map[energy.SiteID]DayVersion, err error) {
	versions = map[energy.SiteID]DayVersion{}
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select s.id, max(d.seq), count(*)
			from point p join site s on s.site_id = p.site_id
			join day d on d.site_id = p.site_id and d.point_no = p.point_no and d.day >= @from and d.day < @to
			where p.id = any(@points) group by s.id`,
			pgx.NamedArgs{"points": points, "from": from.UTC(), "to": to.UTC()})
		if err != nil {
			return err
		}
		var id energy.SiteID
		var v DayVersion
		_, err = pgx.ForEachRow(rows, []any{&id, &v.Fact, &v.Days}, func() error {
			versions[id] = v
			return nil
		})
		return err
	})
	return versions, wrap(err, "tell days %s to %s of %d points from what they were", from, to, len(points))
}
