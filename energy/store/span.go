package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// PutSpans replaces all spans of the point that overlap the period by those
// given, as derived from the facts up to Upto.
func (c *Closing) PutSpans(ctx context.Context, point energy.PointID, p energy.Period, spans []series.Span) error {
	numbers, err := c.q.knownPoints(ctx, c.siteNo, []energy.PointID{point})
	if err != nil {
		return fmt.Errorf("write spans: %w", err)
	}
	from, to := make([]time.Time, len(spans)), make([]time.Time, len(spans))
	amounts, causes, qualities := make([]int64, len(spans)), make([]string, len(spans)), make([]int16, len(spans))
	for i, s := range spans {
		from[i], to[i] = s.Period.From, s.Period.To
		amounts[i], causes[i], qualities[i] = int64(s.Amount), string(s.Cause), int16(s.Quality)
	}
	args := pgx.NamedArgs{"site": c.siteNo, "point": numbers[point].Point, "p_from": p.From, "p_to": p.To, "seq": c.Upto,
		"from": from, "to": to, "amounts": amounts, "causes": causes, "qualities": qualities}
	// A span that comes again is not deleted: if it is unchanged its row stays.
	_, err = c.q.Exec(ctx, `
		delete from span s where site_id = @site and point_no = @point and from_at < @p_to and to_at > @p_from
		and (from_at, to_at) not in (select f, t from unnest(@from::timestamptz[], @to::timestamptz[]) n (f, t))`, args)
	if err != nil {
		return fmt.Errorf("replace spans of point %s in %s: %w", point, p, err)
	}
	_, err = c.q.Exec(ctx, `
		insert into span as s (site_id, point_no, from_at, to_at, amount, cause, quality, seq)
		select @site, @point, from_at, to_at, amount, cause, quality, @seq
		from unnest(@from::timestamptz[], @to::timestamptz[], @amounts::int8[], @causes::text[], @qualities::int2[])
			as n (from_at, to_at, amount, cause, quality)
		on conflict (site_id, point_no, from_at, to_at) do update
		set amount = excluded.amount, cause = excluded.cause, quality = excluded.quality, seq = excluded.seq
		where (s.amount, s.cause, s.quality) is distinct from (excluded.amount, excluded.cause, excluded.quality)`, args)
	return wrap(err, "write %d spans of point %s in %s", len(spans), point, p)
}

// Spans are looked for among all of a point: it has few, and one may be as long
// as a contract.

// Spans are the spans of points that overlap the period, by their beginning. A
// point without any is not in the map.
func (r Reader) Spans(ctx context.Context, site energy.SiteID, points []energy.PointID, p energy.Period) (spans map[energy.PointID][]series.Span, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		spans, err = q.spans(ctx, no, points, p)
		return err
	})
	return spans, wrap(err, "read spans of %d points of site %q in %s", len(points), site, p)
}

func (q session) spans(ctx context.Context, site int32, points []energy.PointID, p energy.Period) (map[energy.PointID][]series.Span, error) {
	rows, err := q.Query(ctx, `
		select p.id, s.from_at, s.to_at, s.amount, s.cause, s.quality
		from point p join span s on s.site_id = @site and s.point_no = p.point_no and s.from_at < @to and s.to_at > @from
		where p.site_id = @site and p.id = any(@points)
		order by p.point_no, s.from_at, s.to_at`,
		pgx.NamedArgs{"site": site, "points": points, "from": p.From, "to": p.To})
	if err != nil {
		return nil, err
	}
	spans := map[energy.PointID][]series.Span{}
	var id energy.PointID
	var s series.Span
	_, err = pgx.ForEachRow(rows, []any{&id, &s.Period.From, &s.Period.To, &s.Amount, &s.Cause, &s.Quality}, func() error {
		spans[id] = append(spans[id], s)
		return nil
	})
	return spans, err
}
