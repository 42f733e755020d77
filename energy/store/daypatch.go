package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// DayPatch is a day that is stored, as it is now.
type DayPatch struct {
	Point energy.PointID
	Day   series.Day
	// First and Last bound the quarter-hours whose value may be another one than
	// is stored, from First to before Last.
	First, Last int
}

// PatchDays writes what has changed of days, as [Closing.PutDays] would, for less:
// of the values only those that may have changed are sent. all is false when
// some of the days are not stored by that method and in that length, or their
// readings have expired: those stay as they are.
func (c *Closing) PatchDays(ctx context.Context, patches []DayPatch, method int16) (all bool, err error) {
	ids := make([]energy.PointID, len(patches))
	for i, p := range patches {
		ids[i] = p.Point
	}
	numbers, err := c.q.knownPoints(ctx, c.siteNo, ids)
	if err != nil {
		return false, fmt.Errorf("patch days: %w", err)
	}
	for part := patches; len(part) > 0; {
		n := min(len(part), daysPerStatement)
		written, err := c.patchDays(ctx, part[:n], numbers, method)
		if err != nil {
			return false, err
		}
		if written < n {
			return false, nil
		}
		part = part[n:]
	}
	return true, nil
}

// patchDays writes one statement's patches, and counts them.
func (c *Closing) patchDays(ctx context.Context, patches []DayPatch, numbers map[energy.PointID]numbered, method int16) (int, error) {
	var rows dayRows
	var quarters, first, last []int32
	for _, p := range patches {
		d := p.Day
		if p.First < 0 || p.First >= p.Last || p.Last > len(d.Values) || len(d.Quality) != len(d.Values) || len(d.Covered) != len(d.Values) {
			return 0, fmt.Errorf("patch day %s of point %s: quarter-hours %d to %d of %d values, %d qualities, %d coverages",
				d.Date, p.Point, p.First, p.Last, len(d.Values), len(d.Quality), len(d.Covered))
		}
		quarters, first, last = append(quarters, int32(len(d.Values))), append(first, int32(p.First+1)), append(last, int32(p.Last))
		d.Values = d.Values[p.First:p.Last]
		rows.add(numbers[p.Point].Point, d)
	}
	tag, err := c.q.Exec(ctx, `
		update day d set seq = @seq, v[n.first_q:n.last_q] = (@values::int8[])[n.first:n.last], q = n.q, total = n.total,
			weighted = n.weighted, covered_s = n.covered_s, substitute = n.substitute, lo = n.lo, hi = n.hi
		from unnest(@points::int[], @days::date[], @from::timestamptz[], @quarters::int[], @first_q::int[], @last_q::int[],
			@first::int[], @last::int[], @quality::bytea[], @total::int8[], @weighted::int8[], @covered::int[], @substitute::int8[], @lo::int8[], @hi::int8[])
			as n (point_no, day, from_at, quarters, first_q, last_q, first, last, q, total, weighted, covered_s, substitute, lo, hi)
		where d.site_id = @site and d.point_no = n.point_no and d.day = n.day
		and d.method = @method and d.from_at = n.from_at and cardinality(d.v) = n.quarters
		and not `+expiredWithin("d"),
		pgx.NamedArgs{"site": c.siteNo, "seq": c.Upto, "method": method, "points": rows.points, "days": rows.days,
			"from": rows.from, "quarters": quarters, "first_q": first, "last_q": last, "first": rows.first, "last": rows.last, "values": rows.values,
			"quality": rows.quality, "total": rows.total, "weighted": rows.weighted, "covered": rows.covered, "substitute": rows.substitute,
			"lo": rows.low, "hi": rows.high})
	return int(tag.RowsAffected()), wrap(err, "patch %d days", len(patches))
}
