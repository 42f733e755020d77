package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Extent is the period from the first reading of a point to the end of its
// last, hidden ones included; ok is false if it has none.
func (r Reader) Extent(ctx context.Context, site energy.SiteID, point energy.PointID) (p energy.Period, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		numbers, err := q.points(ctx, no, []energy.PointID{point})
		if err != nil || len(numbers) == 0 {
			return err
		}
		p, err = q.extent(ctx, no, numbers[point].Point)
		return err
	})
	return p, p.From.Before(p.To), wrap(err, "find the first and the last reading of point %s", point)
}

func (q session) extent(ctx context.Context, site, point int32) (p energy.Period, err error) {
	args := pgx.NamedArgs{"site": site, "point": point}
	// Chunks say exactly where their readings begin and end.
	var from, to *time.Time
	err = q.QueryRow(ctx, "select min(first_at), max(to_at) from chunk where site_id = @site and point_no = @point", args).Scan(&from, &to)
	if err != nil {
		return p, err
	}
	if from != nil && to != nil {
		p = energy.Period{From: *from, To: *to}
	}
	rows, err := q.Query(ctx, "select body from correction where site_id = @site and point_no = @point and octet_length(body) > 0", args)
	if err != nil {
		return p, err
	}
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		rs, err := series.DecodeReadings(body)
		p = union(p, extentOf(rs))
		return err
	})
	if err != nil {
		return p, err
	}
	// A segment bounds all its points together; what it says of this one
	// stands in its body, fetched only where it can matter.
	p, err = q.widen(ctx, p, args, "from_at", func(s piece, p energy.Period) bool { return s.From.Before(p.From) })
	if err != nil {
		return p, err
	}
	return q.widen(ctx, p, args, "to_at desc", func(s piece, p energy.Period) bool { return s.To.After(p.To) })
}

// widen extends p by the segments of a point, taken in the given order until
// they cannot extend it any more.
func (q session) widen(ctx context.Context, p energy.Period, args pgx.NamedArgs, order string,
	extends func(s piece, p energy.Period) bool) (energy.Period, error) {
	// Usually the first row decides; a few more are needed only where a
	// segment bounds points of very different reach.
	const few = 20
	for offset := 0; ; offset += few {
		args["few"], args["offset"] = few, offset
		segments, err := list(ctx, q, pgx.RowToStructByPos[piece], `
			select 's' as kind, 0 as point_no, seq, recorded_at, source_id, rank, from_at, to_at, '' as reason, body from segment
			where site_id = @site and points @> array[@point::int]
			and meter_no = any(array(select unnest(meters) from point where site_id = @site and point_no = @point))
			order by `+order+`, seq, part limit @few offset @offset`, args)
		if err != nil {
			return p, err
		}
		for _, s := range segments {
			if p.From.Before(p.To) && !extends(s, p) {
				return p, nil
			}
			blocks, err := decodeBody(s.Body)
			if err != nil {
				return p, err
			}
			for _, b := range blocks {
				if b.point == args["point"] {
					p = union(p, b.period)
				}
			}
		}
		if len(segments) < few {
			return p, nil
		}
	}
}
