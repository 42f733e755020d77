package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Runs are what the facts up to upto say about points in a period: for each
// point a run a fact and source (or several, one after the other in time), and
// a run a correction, by Seq, with the readings whose instant lies in the period or whose interval overlaps it.
// Corrections whose replaced interval overlaps the period are included even if
// nothing of their readings is; of other runs only those with a reading. A
// point without any, or unknown, is not in the map. It makes no difference
// whether readings are still in segments or sealed in chunks.
func (r Reader) Runs(ctx context.Context, site energy.SiteID, points []energy.PointID, p energy.Period, upto int64) (runs map[energy.PointID][]series.Run, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		runs, err = q.runs(ctx, no, points, p, upto)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %d points of site %q in %s: %w", len(points), site, p, err)
	}
	return runs, nil
}

// Runs are what all facts so far, this one included, say about points of its
// site in a period; see [Reader.Runs].
func (f *Fact) Runs(ctx context.Context, points []energy.PointID, p energy.Period) (map[energy.PointID][]series.Run, error) {
	runs, err := f.q.runs(ctx, f.siteNo, points, p, f.Seq)
	if err != nil {
		return nil, fmt.Errorf("read %d points of site %q in %s: %w", len(points), f.site, p, err)
	}
	return runs, nil
}

// piece is a row that holds readings: a chunk, a segment or a correction. Not
// every column means something for each of them.
type piece struct {
	Kind       string
	Point      int32
	Seq        int64
	RecordedAt time.Time
	Source     int32
	Rank       int16
	From, To   time.Time
	Reason     string
	Body       []byte
}

const (
	pieceChunk      = "c"
	pieceSegment    = "s"
	pieceCorrection = "k"
)

// manyPoints is from how many points on the segments of their meters are fetched
// without a look at which points each holds: that would take longer.
const manyPoints = 16

// One statement, so that it sees one state: sealing moves readings from
// segments to chunks in between.
const selectPieces = `
	select 'c' as kind, c.point_no, c.first_seq as seq, 'epoch'::timestamptz as recorded_at, 0 as source_id, 0::int2 as rank,
		c.from_at, c.to_at, '' as reason, c.body, abs(c.part) as part
	from chunk c
	where c.site_id = @site and c.point_no = any(@points) and c.from_at < @to and c.to_at > @from
	and c.from_at > @from::timestamptz - (
		select make_interval(secs => max(p.reach_s)) from point p where p.site_id = @site and p.point_no = any(@points))
	and c.first_seq <= @upto
	union all
	select 's', 0, s.seq, s.recorded_at, s.source_id, s.rank, s.from_at, s.to_at, '', s.body, s.part
	from segment s
	where s.site_id = @site and s.seq <= @upto and s.from_at < @to and s.to_at > @from
	and s.meter_no = any(array(select unnest(p.meters) from point p where p.site_id = @site and p.point_no = any(@points)))
	and (@many or s.points && @points::int[])
	union all
	select 'k', k.point_no, k.seq, k.recorded_at, k.source_id, k.rank, k.from_at, k.to_at, k.reason, k.body, k.part
	from correction k
	where k.site_id = @site and k.point_no = any(@points) and k.from_at < @to and k.to_at > @from and k.seq <= @upto
	order by kind, seq, from_at, part`

func (q session) runs(ctx context.Context, site int32, points []energy.PointID, p energy.Period, upto int64) (map[energy.PointID][]series.Run, error) {
	// A point's number never changes, so it may be looked up beforehand.
	_, plain := q.database.(*pgx.Conn) // not within a fact
	numbers, err := q.numbered(ctx, site, points, plain)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	ids, nos := make(map[int32]energy.PointID, len(numbers)), make([]int32, 0, len(numbers))
	for id, n := range numbers {
		ids[n.Point] = id
		nos = append(nos, n.Point)
	}
	slices.Sort(nos)
	many := len(nos) > manyPoints
	rows, err := q.Query(ctx, selectPieces, pgx.NamedArgs{"site": site, "points": nos, "many": many, "from": p.From, "to": p.To, "upto": upto})
	if err != nil {
		return nil, err
	}
	runs := make([][]series.Run, len(nos)) // of the points in nos
	var c piece
	var part int32
	_, err = pgx.ForEachRow(rows, []any{&c.Kind, &c.Point, &c.Seq, &c.RecordedAt, &c.Source, &c.Rank, &c.From, &c.To, &c.Reason, &c.Body, &part},
		func() error {
			return c.each(nos, func(point int32, run series.Run) {
				run.Readings = within(run.Readings, p)
				if run.Seq <= upto && (len(run.Readings) > 0 || run.Corrects()) {
					i, _ := slices.BinarySearch(nos, point)
					runs[i] = append(runs[i], run)
				}
			})
		})
	if err != nil {
		return nil, err
	}
	found := make(map[energy.PointID][]series.Run, len(nos))
	for i, list := range runs {
		if len(list) > 0 {
			found[ids[nos[i]]] = orderRuns(list)
		}
	}
	return found, nil
}

// each hands the runs of a piece that belong to one of points, which ascend, to
// yield.
func (c *piece) each(points []int32, yield func(point int32, run series.Run)) error {
	run := series.Run{Seq: c.Seq, RecordedAt: c.RecordedAt, Source: c.Source, Rank: c.Rank}
	switch c.Kind {
	case pieceChunk:
		runs, err := series.DecodeRuns(c.Body)
		if err != nil {
			return fmt.Errorf("read chunk of point number %d from %s: %w", c.Point, c.From, err)
		}
		for _, run := range runs {
			yield(c.Point, run)
		}
	case pieceSegment:
		blocks, err := decodeBody(c.Body)
		if err != nil {
			return fmt.Errorf("read segment of fact %d: %w", c.Seq, err)
		}
		for _, b := range blocks {
			if _, wanted := slices.BinarySearch(points, b.point); !wanted {
				continue
			}
			if run.Readings, err = series.DecodeReadings(b.readings); err != nil {
				return fmt.Errorf("read point number %d in segment of fact %d: %w", b.point, c.Seq, err)
			}
			yield(b.point, run)
		}
	case pieceCorrection:
		rs, err := series.DecodeReadings(c.Body)
		if err != nil {
			return fmt.Errorf("read correction of point number %d by fact %d: %w", c.Point, c.Seq, err)
		}
		run.Readings, run.Reason, run.Replaces = rs, c.Reason, energy.Period{From: c.From, To: c.To}
		yield(c.Point, run)
	}
	return nil
}

// within are the readings, which ascend, whose instant lies in p or whose
// interval overlaps it.
func within(rs []energy.Reading, p energy.Period) []energy.Reading {
	from, _ := slices.BinarySearchFunc(rs, p.From, func(r energy.Reading, t time.Time) int { return r.At.Compare(t) })
	to, _ := slices.BinarySearchFunc(rs, p.To, func(r energy.Reading, t time.Time) int { return r.At.Compare(t) })
	if to < from {
		return nil
	}
	// Instants need no look at what lies before; intervals may be of any length.
	var reaching []energy.Reading
	for _, r := range rs[:from] {
		if r.Length > 0 && r.End().After(p.From) {
			reaching = append(reaching, r)
		}
	}
	if len(reaching) == 0 {
		return rs[from:to:to] // an append to it must not overwrite the rest
	}
	return append(reaching, rs[from:to]...)
}

// mergeRuns joins the runs that are one: what one fact says by one source and
// rank, which may lie in several rows, or one correction. Readings ascend.
func mergeRuns(runs []series.Run) []series.Run {
	return mergeRunsUnless(runs, func([]series.Run) bool { return false })
}

// orderRuns is mergeRuns, but leaves apart what lies one after the other in
// time, as chunks do: to copy a year of readings takes longer than to read it.
func orderRuns(runs []series.Run) []series.Run { return mergeRunsUnless(runs, inTurn) }

// inTurn tells whether each run ends before the next begins.
func inTurn(runs []series.Run) bool {
	for i, run := range runs {
		rs := run.Readings
		if len(rs) == 0 {
			return false
		}
		if i > 0 {
			if before := runs[i-1].Readings; !rs[0].At.After(before[len(before)-1].At) {
				return false
			}
		}
	}
	return true
}

func mergeRunsUnless(runs []series.Run, apart func(same []series.Run) bool) []series.Run {
	slices.SortStableFunc(runs, compareRuns)
	merged := runs[:0]
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && compareRuns(runs[0], runs[n]) == 0 {
			n++
		}
		same := runs[:n]
		runs = runs[n:]
		if n > 1 && apart(same) {
			merged = append(merged, same...)
			continue
		}
		run := same[0]
		if n > 1 {
			run.Readings = make([]energy.Reading, 0, count(same))
			for _, part := range same {
				run.Readings = append(run.Readings, part.Readings...)
			}
		}
		sortReadings(run.Readings)
		merged = append(merged, run)
	}
	return merged
}

// count is the number of readings of runs.
func count(runs []series.Run) (n int) {
	for _, run := range runs {
		n += len(run.Readings)
	}
	return n
}

func compareRuns(a, b series.Run) int {
	return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Rank, b.Rank),
		a.Replaces.From.Compare(b.Replaces.From), a.Replaces.To.Compare(b.Replaces.To), cmp.Compare(a.Reason, b.Reason))
}
