package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
)

// partSize: a part of a chunk that is larger takes no late readings.
const partSize = 1 << 20

// Sealed is what a call of [Store.Seal] did.
type Sealed struct {
	Busy     bool  // another process seals the site: nothing was done
	Upto     int64 // segments of facts up to this one were looked at
	Segments int   // rows that are gone
	Chunks   int   // rows written in their place
	Readings int64
	More     bool // there is more to do: call again
}

// Seal moves readings from segments to chunks: those of facts up to upto,
// though never beyond what closing has seen, that end at or before before.
// Nothing is lost and nothing else changes: [Reader.Runs] answers as it did.
// One call is one transaction of bounded size; repeat it while Sealed.More.
func (s *Store) Seal(ctx context.Context, site energy.SiteID, upto int64, before time.Time) (done Sealed, err error) {
	busy, err := s.withCursor(ctx, site, JobSealing, func(q session, no int32, cursor int64) error {
		job := sealing{store: s, q: q, id: site, site: no, done: &done}
		return job.run(ctx, upto, before, cursor)
	})
	if err != nil {
		return Sealed{}, fmt.Errorf("seal readings of site %q up to fact %d: %w", site, upto, err)
	}
	done.Busy = busy
	return done, nil
}

// sealing is one call of Seal.
type sealing struct {
	store *Store
	q     session
	id    energy.SiteID
	site  int32
	names namebook
	rows  chunkRows
	turn  proof.Turn // for the public ledger
	// written are the keys of the chunks of this turn.
	written struct {
		points []int32
		from   []time.Time
		parts  []int32
	}
	done *Sealed
}

func (j *sealing) run(ctx context.Context, upto int64, before time.Time, cursor int64) error {
	var closed int64
	err := j.q.QueryRow(ctx, `select coalesce((select seq from site_cursor where site_id = @site and job = @job), 0)`,
		pgx.NamedArgs{"site": j.site, "job": JobClosing}).Scan(&closed)
	if err != nil {
		return fmt.Errorf("read how far the site is closed: %w", err)
	}
	if j.names, err = j.q.namebook(ctx, j.site); err != nil {
		return err
	}
	// Beyond that, Touched would no longer see which readings are new.
	upto = min(upto, closed)
	segments, err := j.takeSegments(ctx, upto, before)
	if err != nil {
		return err
	}
	if err := j.checkSegments(ctx, segments); err != nil {
		return err
	}
	byPoint, err := runsByPoint(segments)
	if err != nil {
		return err
	}
	// In the order of their numbers, so that rows of a point lie together.
	for _, point := range slices.Sorted(maps.Keys(byPoint)) {
		if err := j.point(ctx, point, byPoint[point]); err != nil {
			return fmt.Errorf("point number %d: %w", point, err)
		}
	}
	if err := j.flush(ctx); err != nil {
		return err
	}
	// The last fact taken may have rows that were left for the next turn.
	if j.done.More {
		upto = max(cursor, segments[len(segments)-1].Seq-1)
	}
	j.done.Upto, j.done.Segments = upto, len(segments)
	if err := j.note(ctx, segments, upto, before); err != nil {
		return err
	}
	return j.q.setCursor(ctx, j.site, JobSealing, max(cursor, upto))
}

// takeSegments removes the oldest segments there are to seal and returns them.
func (j *sealing) takeSegments(ctx context.Context, upto int64, before time.Time) ([]segment, error) {
	// The length of a body is known without fetching it (storage external).
	segments, err := list(ctx, j.q, pgx.RowToStructByPos[segment], `
		with ripe as (
			select seq, meter_no, part, sum(octet_length(body)) over (order by seq, meter_no, part) - octet_length(body) as ahead
			from segment where site_id = @site and seq <= @upto and to_at <= @before
		), gone as (
			delete from segment s using ripe r
			where s.site_id = @site and s.seq = r.seq and s.meter_no = r.meter_no and s.part = r.part and r.ahead < @size
			returning s.*
		)
		select seq, meter_no, part, recorded_at, from_at, to_at, source_id, rank, points, body
		from gone order by seq, meter_no, part`,
		pgx.NamedArgs{"site": j.site, "upto": upto, "before": before, "size": j.store.sealSize})
	if err != nil {
		return nil, fmt.Errorf("take segments: %w", err)
	}
	size := 0
	for _, s := range segments {
		size += len(s.Body)
	}
	j.done.More = size >= j.store.sealSize
	return segments, nil
}

// encodedRun is a run whose readings are still packed.
type encodedRun struct {
	series.Run
	readings []byte
}

// runsByPoint sorts the blocks of segments by point, without unpacking them:
// readings take twenty times as much memory, so only those of one point are
// unpacked at a time.
func runsByPoint(segments []segment) (map[int32][]encodedRun, error) {
	byPoint := map[int32][]encodedRun{}
	for _, s := range segments {
		blocks, err := decodeBody(s.Body)
		if err != nil {
			return nil, fmt.Errorf("read segment of fact %d: %w", s.Seq, err)
		}
		for _, b := range blocks {
			run := series.Run{Seq: s.Seq, RecordedAt: s.RecordedAt, Source: s.Source, Rank: s.Rank}
			byPoint[b.point] = append(byPoint[b.point], encodedRun{run, b.readings})
		}
	}
	return byPoint, nil
}

// point packs the readings of one point into its chunks.
func (j *sealing) point(ctx context.Context, point int32, encoded []encodedRun) error {
	runs := make([]series.Run, len(encoded))
	var instants []time.Time
	for i, e := range encoded {
		rs, err := series.DecodeReadings(e.readings)
		if err != nil {
			return fmt.Errorf("read segment of fact %d: %w", e.Seq, err)
		}
		runs[i] = e.Run
		runs[i].Readings = rs
		for _, r := range rs {
			instants = append(instants, r.At)
		}
	}
	j.done.Readings += int64(len(instants))
	slices.SortFunc(instants, time.Time.Compare)
	c, err := j.cut(ctx, point, instants)
	if err != nil {
		return err
	}
	chunks := cutRuns(mergeRuns(runs), c)
	for _, key := range slices.SortedFunc(maps.Keys(chunks), func(a, b chunkKey) int { return a.from.Compare(b.from) }) {
		if err := j.chunk(ctx, point, key, chunks[key]); err != nil {
			return fmt.Errorf("chunk from %s: %w", key.from.Format(time.DateOnly), err)
		}
	}
	return nil
}

// cut chooses how to cut a point: by the distance of its readings, or where
// they are too few to tell by that of the last time, or by months.
func (j *sealing) cut(ctx context.Context, point int32, instants []time.Time) (cut, error) {
	cadence, ok := cadenceOf(instants)
	var ms *int64
	if ok {
		n := cadence.Milliseconds()
		ms = &n
	}
	err := j.q.QueryRow(ctx, `
		with changed as (
			update point set cadence_ms = @ms where site_id = @site and point_no = @point
			and @ms::int8 is not null and cadence_ms is distinct from @ms
		)
		select coalesce(@ms::int8, cadence_ms) from point where site_id = @site and point_no = @point`,
		pgx.NamedArgs{"site": j.site, "point": point, "ms": ms}).Scan(&ms)
	if err != nil {
		return 0, fmt.Errorf("note the distance of readings: %w", err)
	}
	if ms == nil {
		return monthly, nil
	}
	return cutFor(time.Duration(*ms) * time.Millisecond), nil
}

// chunk adds runs to the chunk of a window: to its open part, or as a new part.
func (j *sealing) chunk(ctx context.Context, point int32, key chunkKey, runs []series.Run) error {
	// Parts are numbered downwards: the least is the one begun last.
	var part int32
	var open bool
	var body, leaf, nonce []byte
	err := j.q.QueryRow(ctx, `
		select part, not closed and cut = @cut::text::"char" and octet_length(body) < @size as open, body, leaf, nonce from chunk
		where site_id = @site and point_no = @point and from_at = @from and part < 0 order by part limit 1`,
		pgx.NamedArgs{"site": j.site, "point": point, "from": key.from, "cut": string(rune(key.cut)), "size": partSize}).
		Scan(&part, &open, &body, &leaf, &nonce)
	change, salt, grown := proof.Change{}, proof.NewSalt(), 0
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		part = -1
	case err != nil:
		return fmt.Errorf("look up its parts: %w", err)
	case open:
		before, err := series.DecodeRuns(body)
		if err != nil {
			return err
		}
		if leaf != nil {
			salt, change.Before = saltOf(nonce), digestOf(leaf)
		}
		if grown = len(before); leaf != nil && (grown == 0 || runs[0].Seq <= before[grown-1].Seq) { // it does not grow at its end
			grown = 0
			if j.names.chunk(j.id, point, key.from, part, byte(key.cut), before).Digest(salt, j.names.source) != change.Before {
				return fmt.Errorf("part %d: %w", part, ErrChanged)
			}
		}
		runs = mergeRuns(append(before, runs...))
	default:
		part--
	}
	said := j.names.chunk(j.id, point, key.from, part, byte(key.cut), runs)
	was, is := said.Digests(salt, j.names.source, grown)
	if leaf != nil && grown > 0 && was != change.Before {
		return fmt.Errorf("part %d: %w", part, ErrChanged)
	}
	change.Item, change.After = said.Item(), is
	j.turn.Changes = append(j.turn.Changes, change)
	j.rows.add(point, key, part, runs, salt, change.After)
	if j.rows.size > statementSize {
		return j.flush(ctx)
	}
	return nil
}

func (j *sealing) flush(ctx context.Context) error {
	w := &j.written
	w.points, w.from, w.parts = append(w.points, j.rows.points...), append(w.from, j.rows.from...), append(w.parts, j.rows.parts...)
	j.done.Chunks += len(j.rows.points)
	return j.rows.write(ctx, j.store, j.q, j.site)
}
