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
	var said [][]byte
	for i, p := range points {
		ids[i], meters[i] = p.ID, string(p.Meter)
		quantities[i], units[i], digits[i] = string(p.Quantity), string(p.Quantity.Unit()), int16(p.Quantity.Digits())
		kinds[i] = string(p.Series)
		said = append(said, []byte(p.ID), []byte(p.Meter), []byte(p.Quantity), []byte(p.Series))
	}
	f.says("points", said...)
	if err := f.number(ctx, ids); err != nil {
		return err
	}
	clear(f.filings) // their meters are those before
	f.declares = true
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
