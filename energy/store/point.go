package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Point is what the database has to know of a point to file its readings and
// to show its days: the registry knows the rest.
type Point struct {
	ID       energy.PointID
	Meter    energy.MeterID // empty: none known
	Quantity energy.Quantity
	Series   energy.SeriesKind
}

// Declare says what points are. A point keeps its number when it moves to
// another meter; readings that came before it was declared stay its own.
func (f *Fact) Declare(ctx context.Context, points []Point) error {
	ids := make([]energy.PointID, len(points))
	meters, quantities, units := make([]string, len(points)), make([]string, len(points)), make([]string, len(points))
	kinds, digits := make([]string, len(points)), make([]int16, len(points))
	for i, p := range points {
		ids[i], meters[i] = p.ID, string(p.Meter)
		quantities[i], units[i], digits[i] = string(p.Quantity), string(p.Quantity.Unit()), int16(p.Quantity.Digits())
		kinds[i] = string(p.Series)
		f.says("point", []byte(p.ID), []byte(p.Meter), []byte(p.Quantity), []byte(p.Series))
	}
	if _, err := f.numbers(ctx, ids); err != nil {
		return err
	}
	// The lock on the site's head makes max + 1 safe, here and in numbers.
	_, err := f.q.Exec(ctx, `
		insert into meter (site_id, meter_no, id)
		select @site, (select coalesce(max(meter_no), 0) from meter where site_id = @site) + row_number() over (order by id), id
		from (select distinct unnest(@meters::text[]) as id) m
		where id <> '' and not exists (select from meter k where k.site_id = @site and k.id = m.id)`,
		pgx.NamedArgs{"site": f.siteNo, "meters": meters})
	if err != nil {
		return fmt.Errorf("number meters of site %q: %w", f.site, err)
	}
	// A reader looks under all meters a point ever had (meters): segments are
	// not moved when a point is, and another process may still write under the
	// former meter.
	_, err = f.q.Exec(ctx, `
		update point p set quantity = w.quantity, unit = w.unit, digits = w.digits, series = w.series,
			meters = case when p.meters[cardinality(p.meters)] = w.meter_no then p.meters
				else array_remove(p.meters, w.meter_no) || w.meter_no end
		from (
			select d.id, d.quantity, d.unit, d.digits, d.series, coalesce(m.meter_no, 0) as meter_no
			from unnest(@ids::text[], @meters::text[], @quantities::text[], @units::text[], @digits::int2[], @series::text[])
				as d (id, meter, quantity, unit, digits, series)
			left join meter m on m.site_id = @site and m.id = d.meter
		) w
		where p.site_id = @site and p.id = w.id`,
		pgx.NamedArgs{"site": f.siteNo, "ids": ids, "meters": meters, "quantities": quantities,
			"units": units, "digits": digits, "series": kinds})
	if err != nil {
		return fmt.Errorf("declare points of site %q: %w", f.site, err)
	}
	return nil
}

// Points are all points of the site that were ever mentioned, by id.
func (r Reader) Points(ctx context.Context, site energy.SiteID) (points []Point, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		points, err = list(ctx, q, pgx.RowToStructByPos[Point], `
			select p.id, coalesce(m.id, ''), p.quantity, p.series
			from point p left join meter m on m.site_id = p.site_id and m.meter_no = p.meters[cardinality(p.meters)]
			where p.site_id = @site order by p.id`, pgx.NamedArgs{"site": no})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list points of site %q: %w", site, err)
	}
	return points, nil
}

// numbered is a point's number, that of its present meter (0: none known), and
// how many seconds before an instant a chunk that holds it may begin.
type numbered struct {
	ID     energy.PointID
	Point  int32
	Meter  int32
	ReachS int64
}

// points looks up the numbers of points; unknown ones are left out.
func (q session) points(ctx context.Context, site int32, ids []energy.PointID) (map[energy.PointID]numbered, error) {
	rows, err := list(ctx, q, pgx.RowToStructByPos[numbered], `
		select id, point_no, meters[cardinality(meters)], reach_s from point where site_id = @site and id = any(@ids)`,
		pgx.NamedArgs{"site": site, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("look up numbers of points: %w", err)
	}
	found := make(map[energy.PointID]numbered, len(rows))
	for _, n := range rows {
		found[n.ID] = n
	}
	return found, nil
}

// knownPoints is points, but errs with [ErrNoPoint] when one is unknown.
func (q session) knownPoints(ctx context.Context, site int32, ids []energy.PointID) (map[energy.PointID]numbered, error) {
	found, err := q.points(ctx, site, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			return nil, fmt.Errorf("%s: %w", id, ErrNoPoint)
		}
	}
	return found, nil
}

// numbers gives points their numbers; new ones are made.
func (f *Fact) numbers(ctx context.Context, ids []energy.PointID) (map[energy.PointID]numbered, error) {
	// A reading filed under another site would be closed and published there.
	for _, id := range ids {
		if id.Site() != f.site {
			return nil, fmt.Errorf("write readings of point %s: it is no point of site %q", id, f.site)
		}
	}
	found, err := f.q.points(ctx, f.siteNo, ids)
	if err != nil || len(found) == len(ids) {
		return found, err
	}
	rows, err := list(ctx, f.q, pgx.RowToStructByPos[numbered], `
		insert into point (site_id, point_no, id)
		select @site, (select coalesce(max(point_no), 0) from point where site_id = @site) + row_number() over (order by id), id
		from (select distinct unnest(@ids::text[]) as id) w
		where not exists (select from point k where k.site_id = @site and k.id = w.id)
		returning id, point_no, 0, reach_s`, pgx.NamedArgs{"site": f.siteNo, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("number points of site %q: %w", f.site, err)
	}
	for _, n := range rows {
		found[n.ID] = n
	}
	return found, nil
}
