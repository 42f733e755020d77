package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
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
	byPoint := group(readings)
	ids := slices.Sorted(maps.Keys(byPoint))
	numbers, err := f.numbers(ctx, ids)
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
	for _, id := range ids {
		n := numbers[id]
		for part := range slices.Chunk(byPoint[id], blockReadings) {
			meters[n.Meter] = append(meters[n.Meter], newBlock(n.Point, part))
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

// group sorts readings by point and instant.
func group(readings []energy.PointReading) map[energy.PointID][]energy.Reading {
	byPoint := map[energy.PointID][]energy.Reading{}
	for _, r := range readings {
		byPoint[r.Point] = append(byPoint[r.Point], r.Reading)
	}
	for _, rs := range byPoint {
		sortReadings(rs)
	}
	return byPoint
}

// sortReadings puts readings in the order of their instants. Those of the same
// instant, which one fact should not have, get an order too, for the same
// question must have the same answer wherever they lie.
func sortReadings(rs []energy.Reading) {
	if !slices.IsSortedFunc(rs, compareReadings) {
		slices.SortFunc(rs, compareReadings)
	}
}

func compareReadings(a, b energy.Reading) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	form := func(v energy.Value) (binary int, exp int8, bits int64) {
		if !v.IsDecimal() {
			return 1, 0, int64(math.Float64bits(v.Float64()))
		}
		bits, exp = v.Mantissa()
		return 0, exp, bits
	}
	aBinary, aExp, aBits := form(a.Value)
	bBinary, bExp, bBits := form(b.Value)
	return cmp.Or(cmp.Compare(a.Length, b.Length), cmp.Compare(a.Quality, b.Quality),
		cmp.Compare(aBinary, bBinary), cmp.Compare(aExp, bExp), cmp.Compare(aBits, bBits))
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
	bodies   [][]byte
	size     int
}

func (r *segmentRows) add(meter int32, part int16, blocks []block) {
	var period energy.Period
	var points []int32
	for _, b := range blocks {
		period = union(period, b.period)
		points = append(points, b.point)
	}
	slices.Sort(points)
	body := encodeBody(blocks)
	r.meters, r.parts = append(r.meters, meter), append(r.parts, part)
	r.from, r.to = append(r.from, period.From), append(r.to, period.To)
	r.points = append(r.points, arrayText(slices.Compact(points)))
	r.bodies = append(r.bodies, body)
	r.size += len(body)
}

// arrayText writes an int[] as SQL text: an array of arrays of different
// lengths has no other form as a parameter.
func arrayText(ns []int32) string {
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = strconv.Itoa(int(n))
	}
	return "{" + strings.Join(words, ",") + "}"
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
	// The chain covers the packed form: it is what the database holds, byte for byte.
	for _, body := range rows.bodies {
		f.says("segment", []byte(source), strconv.AppendInt(nil, int64(rank), 10), body)
	}
	return nil
}
