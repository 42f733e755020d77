package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Touch says that facts say something about a point within a period: from the
// first reading to the end of the last, or the interval a correction replaces.
type Touch struct {
	Point  energy.PointID
	Period energy.Period
}

// Touched is what the facts after after and up to upto touch, by point and
// time; periods of a point that overlap or adjoin are one. Of a fact that is
// sealed the gaps between its readings may count as touched too.
func (r Reader) Touched(ctx context.Context, site energy.SiteID, after, upto int64) (touched []Touch, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		touched, err = q.touched(ctx, no, after, upto)
		return err
	})
	return touched, wrap(err, "find what facts %d to %d of site %q touch", after+1, upto, site)
}

func (q session) touched(ctx context.Context, site int32, after, upto int64) ([]Touch, error) {
	// What sealing wrote bears numbers that closing has seen already, so of the
	// chunks only those that imports wrote since are read.
	rows, err := q.Query(ctx, `
		select 'c' as kind, point_no, first_seq as seq, from_at, to_at, body from chunk
		where site_id = @site and last_seq > @after and first_seq <= @upto
		union all
		select 's', 0, seq, from_at, to_at, body from segment where site_id = @site and seq > @after and seq <= @upto
		union all
		select 'k', point_no, seq, from_at, to_at, body from correction where site_id = @site and seq > @after and seq <= @upto`,
		pgx.NamedArgs{"site": site, "after": after, "upto": upto})
	if err != nil {
		return nil, err
	}
	// A segment is read to its table of blocks only: the readings stay packed.
	periods := map[int32][]energy.Period{}
	var c piece
	_, err = pgx.ForEachRow(rows, []any{&c.Kind, &c.Point, &c.Seq, &c.From, &c.To, &c.Body}, func() error {
		found, err := c.touches(after, upto)
		for point, ps := range found {
			periods[point] = append(periods[point], ps...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	names, err := q.names(ctx, site)
	if err != nil {
		return nil, err
	}
	var touched []Touch
	for point, ps := range periods {
		for _, p := range join(ps) {
			touched = append(touched, Touch{names[point], p})
		}
	}
	slices.SortFunc(touched, func(a, b Touch) int {
		return cmp.Or(cmp.Compare(a.Point, b.Point), a.Period.From.Compare(b.Period.From))
	})
	return touched, nil
}

// touches are the periods, by point, of those facts in the piece that lie in
// (after, upto].
func (c *piece) touches(after, upto int64) (map[int32][]energy.Period, error) {
	found := map[int32][]energy.Period{}
	switch c.Kind {
	case pieceCorrection:
		found[c.Point] = []energy.Period{{From: c.From, To: c.To}}
	case pieceSegment:
		blocks, err := decodeBody(c.Body)
		if err != nil {
			return nil, fmt.Errorf("read segment of fact %d: %w", c.Seq, err)
		}
		for _, b := range blocks {
			found[b.point] = append(found[b.point], b.period)
		}
	case pieceChunk:
		runs, err := series.DecodeRuns(c.Body)
		if err != nil {
			return nil, fmt.Errorf("read chunk of point number %d from %s: %w", c.Point, c.From, err)
		}
		for _, run := range runs {
			if run.Seq > after && run.Seq <= upto && len(run.Readings) > 0 {
				found[c.Point] = append(found[c.Point], extentOf(run.Readings))
			}
		}
	}
	return found, nil
}

// join makes one period of those that overlap or adjoin.
func join(periods []energy.Period) []energy.Period {
	slices.SortFunc(periods, func(a, b energy.Period) int { return a.From.Compare(b.From) })
	joined := periods[:0]
	for _, p := range periods {
		if n := len(joined); n > 0 && !p.From.After(joined[n-1].To) {
			joined[n-1] = union(joined[n-1], p)
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

// names are looked up after the rows they are for: a point is never forgotten,
// so each number found has one.

// names are the ids of all points of a site by number.
func (q session) names(ctx context.Context, site int32) (map[int32]energy.PointID, error) {
	names := map[int32]energy.PointID{}
	rows, err := q.Query(ctx, "select point_no, id from point where site_id = @site", pgx.NamedArgs{"site": site})
	if err != nil {
		return nil, fmt.Errorf("list points: %w", err)
	}
	var no int32
	var id energy.PointID
	_, err = pgx.ForEachRow(rows, []any{&no, &id}, func() error {
		names[no] = id
		return nil
	})
	return names, wrap(err, "list points")
}
