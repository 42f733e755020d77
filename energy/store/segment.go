package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// A minute of a meter is a few kilobytes. The limits are for what comes late
// and in bulk: so that a question about a day does not fetch a year.
const (
	bodySize      = 1 << 20  // a body is closed when it has grown beyond this
	blockReadings = 100_000  // most readings in one block
	statementSize = 16 << 20 // bodies sent in one statement; each is in memory four times on its way
)

// Segments writes readings of the fact's site, in any order. A point that is
// mentioned for the first time is given a number: no reading is lost because
// the registry does not know its point yet.
func (f *Fact) Segments(ctx context.Context, source string, rank int16, readings []energy.PointReading) error {
	points := byPoint(readings)
	where, err := f.filed(ctx, idsOf(points))
	if err != nil {
		return err
	}
	sourceNo, err := f.source(ctx, source)
	if err != nil {
		return err
	}
	// All points of a meter share a row: a row each would double the size of
	// what a minute of slow points takes.
	meters := map[int32][]block{}
	for i, p := range points {
		n := where[i]
		for part := range slices.Chunk(p.readings, blockReadings) {
			meters[n.meter] = append(meters[n.meter], newBlock(n.point, p.id, part))
		}
	}
	var rows segmentRows
	for _, meter := range slices.Sorted(maps.Keys(meters)) {
		for _, blocks := range bodies(meters[meter]) {
			rows.add(meter, f.parts[meter], blocks)
			f.parts[meter]++
			if rows.size > statementSize {
				if err := f.insertSegments(ctx, sourceNo, source, rank, &rows); err != nil {
					return err
				}
				rows = segmentRows{}
			}
		}
	}
	return f.insertSegments(ctx, sourceNo, source, rank, &rows)
}

// bodies cuts the blocks of a meter into bodies of about bodySize.
func bodies(blocks []block) (parts [][]block) {
	size, first := 0, 0
	for i, b := range blocks {
		if size += len(b.readings); size > bodySize {
			parts = append(parts, blocks[first:i+1])
			size, first = 0, i+1
		}
	}
	if first < len(blocks) {
		parts = append(parts, blocks[first:])
	}
	return parts
}

// segmentRows are rows to be inserted, column by column.
type segmentRows struct {
	meters   []int32
	parts    []int16
	from, to []time.Time
	points   []string
	listed   [][]int32          // points as numbers
	blocks   [][]energy.PointID // the points of the blocks, in their order
	bodies   [][]byte
	size     int
}

func (r *segmentRows) add(meter int32, part int16, blocks []block) {
	var period energy.Period
	points, ids := make([]int32, len(blocks)), make([]energy.PointID, len(blocks))
	for i, b := range blocks {
		period = union(period, b.period)
		points[i], ids[i] = b.point, b.id
	}
	slices.Sort(points)
	points = slices.Compact(points)
	body := encodeBody(blocks)
	r.meters, r.parts = append(r.meters, meter), append(r.parts, part)
	r.from, r.to = append(r.from, period.From), append(r.to, period.To)
	r.points, r.listed, r.blocks = append(r.points, arrayText(points)), append(r.listed, points), append(r.blocks, ids)
	r.bodies = append(r.bodies, body)
	r.size += len(body)
}

// arrayText writes an int[] as SQL text: an array of arrays of different
// lengths has no other form as a parameter.
func arrayText(ns []int32) string {
	text := append(make([]byte, 0, 2+6*len(ns)), '{')
	for i, n := range ns {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(n), 10)
	}
	return string(append(text, '}'))
}

func (f *Fact) insertSegments(ctx context.Context, sourceNo int32, source string, rank int16, rows *segmentRows) error {
	if len(rows.meters) == 0 {
		return nil
	}
	_, err := f.q.Exec(ctx, `
		insert into segment (site_id, seq, meter_no, part, from_at, to_at, recorded_at, source_id, rank, points, body)
		select @site, @seq, meter_no, part, from_at, to_at, @recorded, @source, @rank, points::int[], body
		from unnest(@meters::int[], @parts::int2[], @from::timestamptz[], @to::timestamptz[], @points::text[], @bodies::bytea[])
			as s (meter_no, part, from_at, to_at, points, body)`,
		pgx.NamedArgs{"site": f.siteNo, "seq": f.Seq, "recorded": f.RecordedAt, "source": sourceNo, "rank": rank,
			"meters": rows.meters, "parts": rows.parts, "from": rows.from, "to": rows.to,
			"points": rows.points, "bodies": rows.bodies})
	if err != nil {
		return fmt.Errorf("write readings of source %s: %w", source, err)
	}
	// The digest covers the packed form: it is what the database holds, byte for byte.
	for i, body := range rows.bodies {
		said := proof.Segment{Site: f.site, Fact: f.Seq, Meter: rows.meters[i], Part: rows.parts[i], RecordedAt: f.RecordedAt,
			Period: energy.Period{From: micro(rows.from[i]), To: micro(rows.to[i])}, Source: source, Rank: rank, Listed: rows.listed[i], Points: rows.blocks[i], Body: body}
		f.line(proof.SegmentItem(said.Meter, said.Part), said.Digest(f.salt))
	}
	return nil
}
