package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// daysPerStatement keeps the arrays of one statement at about a megabyte.
const daysPerStatement = 1000

// Days are addressed by their date in the site's zone; the database knows no
// zone. Their quarter-hours are aligned to UTC and begin at from_at.

// PutDays writes days of points, in place of what there was, as derived by a
// method from the facts up to Upto. A day whose readings have expired stays as
// it is. A day that is unchanged is not rewritten and keeps the fact number it
// had. Each day has as many Values as Quality and Covered. It errs with [ErrNoPoint] for a point that was never mentioned.
func (c *Closing) PutDays(ctx context.Context, days map[energy.PointID][]series.Day, method int16) error {
	numbers, err := c.q.knownPoints(ctx, c.siteNo, sortedKeys(days))
	if err != nil {
		return fmt.Errorf("write days: %w", err)
	}
	var rows dayRows
	for _, point := range sortedKeys(days) {
		for _, d := range days[point] {
			if len(d.Quality) != len(d.Values) || len(d.Covered) != len(d.Values) {
				return fmt.Errorf("write day %s of point %s: %d values, %d qualities, %d coverages",
					d.Date, point, len(d.Values), len(d.Quality), len(d.Covered))
			}
			rows.add(numbers[point].Point, d)
			if len(rows.points) == daysPerStatement {
				if err := c.writeDays(ctx, &rows, method); err != nil {
					return err
				}
			}
		}
	}
	return c.writeDays(ctx, &rows, method)
}

// dayRows are days to be written, column by column. The quarter-hours of all
// stand one after another in values, for an array of arrays of different
// lengths is no parameter.
type dayRows struct {
	points                                 []int32
	days, from, to                         []time.Time
	first, last                            []int32 // in values, from 1
	values                                 amounts
	quality                                [][]byte
	total, weighted, substitute, low, high []int64
	covered                                []int32
}

func (r *dayRows) add(point int32, d series.Day) {
	r.points, r.days = append(r.points, point), append(r.days, d.Date.UTC())
	r.from, r.to = append(r.from, d.Period.From), append(r.to, d.Period.To)
	r.first = append(r.first, int32(len(r.values)+1))
	if r.values == nil {
		r.values = make(amounts, 0, daysPerStatement*len(d.Values))
	}
	r.values = append(r.values, d.Values...)
	r.last = append(r.last, int32(len(r.values)))
	r.quality = append(r.quality, encodeQuality(d.Quality, d.Covered))
	r.total, r.weighted = append(r.total, int64(d.Total)), append(r.weighted, d.Weighted)
	r.covered, r.substitute = append(r.covered, int32(d.CoveredS)), append(r.substitute, int64(d.Substitute))
	r.low, r.high = append(r.low, int64(d.Lo)), append(r.high, int64(d.Hi))
}

func (c *Closing) writeDays(ctx context.Context, r *dayRows, method int16) error {
	if len(r.points) == 0 {
		return nil
	}
	if err := c.store.ensureYears(ctx, c.q, tableDay, r.days); err != nil {
		return err
	}
	// The fact number and nothing else may differ: then the row stays, for a
	// day is derived many times and changes rarely once it is over.
	_, err := c.q.Exec(ctx, `
		insert into day as d (site_id, point_no, day, from_at, to_at, seq, method, v, q, total, weighted, covered_s, substitute, lo, hi)
		select @site, point_no, day, from_at, to_at, @seq, @method, (@values::int8[])[first:last], q,
			total, weighted, covered_s, substitute, lo, hi
		from unnest(@points::int[], @days::date[], @from::timestamptz[], @to::timestamptz[], @first::int[], @last::int[], @quality::bytea[],
			@total::int8[], @weighted::int8[], @covered::int[], @substitute::int8[], @lo::int8[], @hi::int8[])
			as n (point_no, day, from_at, to_at, first, last, q, total, weighted, covered_s, substitute, lo, hi)
		on conflict (site_id, point_no, day) do update
		set from_at = excluded.from_at, to_at = excluded.to_at, seq = excluded.seq, method = excluded.method, v = excluded.v, q = excluded.q,
			total = excluded.total, weighted = excluded.weighted, covered_s = excluded.covered_s, substitute = excluded.substitute,
			lo = excluded.lo, hi = excluded.hi
		where (d.from_at, d.to_at, d.method, d.v, d.q, d.total, d.weighted, d.covered_s, d.substitute, d.lo, d.hi)
			is distinct from (excluded.from_at, excluded.to_at, excluded.method, excluded.v, excluded.q,
				excluded.total, excluded.weighted, excluded.covered_s, excluded.substitute, excluded.lo, excluded.hi)
			and not `+expiredWithin("d"),
		pgx.NamedArgs{"site": c.siteNo, "seq": c.Upto, "method": method, "points": r.points, "days": r.days, "from": r.from, "to": r.to,
			"first": r.first, "last": r.last, "values": r.values, "quality": r.quality, "total": r.total, "weighted": r.weighted,
			"covered": r.covered, "substitute": r.substitute, "lo": r.low, "hi": r.high})
	if err != nil {
		return fmt.Errorf("write %d days: %w", len(r.points), err)
	}
	*r = dayRows{}
	return nil
}

// DeleteDays removes days of a point. Days that are not there do not matter.
func (c *Closing) DeleteDays(ctx context.Context, point energy.PointID, days []energy.Date) error {
	numbers, err := c.q.points(ctx, c.siteNo, []energy.PointID{point})
	if err != nil || len(numbers) == 0 {
		return err
	}
	dates := make([]time.Time, len(days))
	for i, d := range days {
		dates[i] = d.UTC()
	}
	_, err = c.q.Exec(ctx, "delete from day d where site_id = @site and point_no = @point and day = any(@days::date[]) and not "+expiredWithin("d"),
		pgx.NamedArgs{"site": c.siteNo, "point": numbers[point].Point, "days": dates})
	return wrap(err, "delete %d days of point %s", len(days), point)
}

// Days are the days of points from from up to, but not including, to, in order,
// and the fact up to which they are closed. A point without any, or unknown, is
// not in the map.
func (r Reader) Days(ctx context.Context, site energy.SiteID, points []energy.PointID, from, to energy.Date) (days map[energy.PointID][]series.Day, upto int64, err error) {
	// The cursor is read first: days that are newer than it says do no harm.
	if upto, err = r.Cursor(ctx, site, JobClosing); err != nil {
		return nil, 0, err
	}
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		days, err = q.days(ctx, no, points, from, to)
		return err
	})
	return days, upto, wrap(err, "read days %s to %s of %d points of site %q", from, to, len(points), site)
}

func (q session) days(ctx context.Context, site int32, points []energy.PointID, from, to energy.Date) (map[energy.PointID][]series.Day, error) {
	rows, err := q.Query(ctx, `
		select p.id, d.day, d.from_at, d.to_at, d.v, d.q, d.total, d.weighted, d.covered_s, d.substitute, d.lo, d.hi
		from point p join day d on d.site_id = @site and d.point_no = p.point_no and d.day >= @from and d.day < @to
		where p.site_id = @site and p.id = any(@points)
		order by p.point_no, d.day`,
		pgx.NamedArgs{"site": site, "points": points, "from": from.UTC(), "to": to.UTC()})
	if err != nil {
		return nil, err
	}
	days := map[energy.PointID][]series.Day{}
	var id energy.PointID
	var d series.Day
	var date time.Time
	var values amounts
	var quality []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &date, &d.Period.From, &d.Period.To, &values, &quality,
		&d.Total, &d.Weighted, &d.CoveredS, &d.Substitute, &d.Lo, &d.Hi}, func() (err error) {
		d.Date = energy.Date{Year: date.Year(), Month: date.Month(), Day: date.Day()}
		d.Values = values
		if d.Quality, d.Covered, err = decodeQuality(quality, len(values)); err != nil {
			return fmt.Errorf("day %s of point %s: %w", d.Date, id, err)
		}
		days[id] = append(days[id], d)
		return nil
	})
	return days, err
}

func sortedKeys[V any](m map[energy.PointID]V) []energy.PointID {
	keys := make([]energy.PointID, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// LatestDay is the newest day of the first point of the site that has days, and
// when it begins; ok is false if none has any.
func (r Reader) LatestDay(ctx context.Context, site energy.SiteID) (date energy.Date, from time.Time, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		var day time.Time
		err = q.QueryRow(ctx, `
			select d.day, d.from_at
			from point p, lateral (
				select day, from_at from day where site_id = @site and point_no = p.point_no order by day desc limit 1) d
			where p.site_id = @site order by p.point_no limit 1`,
			pgx.NamedArgs{"site": no}).Scan(&day, &from)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		date, ok = energy.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}, err == nil
		return err
	})
	return date, from, ok, wrap(err, "find the newest day of site %q", site)
}
