package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// PointSpans are spans of a point, for a period.
type PointSpans struct {
	Point  energy.PointID
	Period energy.Period
	Spans  []series.Span
}

// PutSpans replaces, for each of several points, all its spans that overlap a
// period by those given, as derived from the facts up to Upto. A point is there
// once.
func (c *Closing) PutSpans(ctx context.Context, list ...PointSpans) error {
	ids := make([]energy.PointID, len(list))
	for i, p := range list {
		ids[i] = p.Point
	}
	numbers, err := c.q.knownPoints(ctx, c.siteNo, ids)
	if err != nil {
		return fmt.Errorf("write spans: %w", err)
	}
	var of, points []int32 // of the periods, and of the spans
	var first, last, from, to []time.Time
	var amounts []int64
	var causes []string
	var qualities []int16
	for _, p := range list {
		of, first, last = append(of, numbers[p.Point].Point), append(first, p.Period.From), append(last, p.Period.To)
		for _, s := range p.Spans {
			points, from, to = append(points, numbers[p.Point].Point), append(from, s.Period.From), append(to, s.Period.To)
			amounts, causes, qualities = append(amounts, int64(s.Amount)), append(causes, string(s.Cause)), append(qualities, int16(s.Quality))
		}
	}
	args := pgx.NamedArgs{"site": c.siteNo, "of": of, "first": first, "last": last, "seq": c.Upto, "points": points,
		"from": from, "to": to, "amounts": amounts, "causes": causes, "qualities": qualities}
	// A span that comes again is not deleted: if it is unchanged its row stays.
	_, err = c.q.Exec(ctx, `
		delete from span s using unnest(@of::int[], @first::timestamptz[], @last::timestamptz[]) p (point_no, first, last)
		where s.site_id = @site and s.point_no = p.point_no and s.from_at < p.last and s.to_at > p.first
		and (s.point_no, s.from_at, s.to_at) not in (
			select p, f, t from unnest(@points::int[], @from::timestamptz[], @to::timestamptz[]) n (p, f, t))
		and not `+expiredWithin("s"), args)
	if err != nil {
		return fmt.Errorf("replace spans of %d points: %w", len(list), err)
	}
	if len(points) == 0 {
		return nil
	}
	_, err = c.q.Exec(ctx, `
		insert into span as s (site_id, point_no, from_at, to_at, amount, cause, quality, seq)
		select @site, point_no, from_at, to_at, amount, cause, quality, @seq
		from unnest(@points::int[], @from::timestamptz[], @to::timestamptz[], @amounts::int8[], @causes::text[], @qualities::int2[])
			as n (point_no, from_at, to_at, amount, cause, quality)
		where not `+expiredWithin("n")+`
		on conflict (site_id, point_no, from_at, to_at) do update
		set amount = excluded.amount, cause = excluded.cause, quality = excluded.quality, seq = excluded.seq
		where (s.amount, s.cause, s.quality) is distinct from (excluded.amount, excluded.cause, excluded.quality)`, args)
	return wrap(err, "write %d spans of %d points", len(points), len(list))
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
