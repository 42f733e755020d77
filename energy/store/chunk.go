package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
)

// cut says how the chunks of a point are cut: by days, months or years of UTC.
type cut byte

const (
	daily   cut = 'd'
	monthly cut = 'm'
	yearly  cut = 'y'
)

// cutFor is the shortest cut that gives a chunk a thousand readings: from
// there on the heads of row and block hardly matter, and a question about a day
// unpacks no more than it must.
func cutFor(cadence time.Duration) cut {
	const enough = 1000
	switch {
	case cadence <= 24*time.Hour/enough:
		return daily
	case cadence <= 30*24*time.Hour/enough:
		return monthly
	}
	return yearly
}

// window is the beginning of the day, month or year of UTC in which t lies.
func (c cut) window(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	switch c {
	case yearly:
		m, d = time.January, 1
	case monthly:
		d = 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// end of the window that begins at from.
func (c cut) end(from time.Time) time.Time {
	switch c {
	case yearly:
		return from.AddDate(1, 0, 0)
	case monthly:
		return from.AddDate(0, 1, 0)
	}
	return from.AddDate(0, 0, 1)
}

// cadenceOf is the median distance between different neighbouring instants; ok
// is false for readings too few to tell.
func cadenceOf(instants []time.Time) (d time.Duration, ok bool) {
	const few = 10
	// The median: a gap of a week says nothing about the distance of readings.
	var steps []time.Duration
	for i := 1; i < len(instants); i++ {
		if step := instants[i].Sub(instants[i-1]); step > 0 {
			steps = append(steps, step)
		}
	}
	if len(steps) < few {
		return 0, false
	}
	slices.Sort(steps)
	return steps[len(steps)/2], true
}

// chunkKey tells the chunks of a point apart.
type chunkKey struct {
	from time.Time
	cut  cut
}

// cutRuns deals readings to the chunks of their windows.
func cutRuns(runs []series.Run, c cut) map[chunkKey][]series.Run {
	chunks := map[chunkKey][]series.Run{}
	for _, run := range runs {
		for rest := run.Readings; len(rest) > 0; {
			from := c.window(rest[0].At)
			end := c.end(from)
			n := 1
			for n < len(rest) && rest[n].At.Before(end) {
				n++
			}
			part := run
			part.Readings, rest = rest[:n:n], rest[n:]
			key := chunkKey{from, c}
			chunks[key] = append(chunks[key], part)
		}
	}
	return chunks
}

// chunkRows are chunks to be written, column by column.
type chunkRows struct {
	points            []int32
	from, first, to   []time.Time
	parts, readings   []int32
	cuts              []string
	firstSeq, lastSeq []int64
	bodies            [][]byte
	leaves, nonces    [][]byte
	closed            bool // all of them: nothing is added to them any more
	size              int
}

// add packs runs, which are merged and hold readings, into a row. leaf is the
// digest of what they say, salted with salt.
func (r *chunkRows) add(point int32, key chunkKey, part int32, runs []series.Run, salt proof.Salt, leaf proof.Digest) {
	var period energy.Period
	count := 0
	for _, run := range runs {
		period = union(period, extentOf(run.Readings))
		count += len(run.Readings)
	}
	body := series.EncodeRuns(nil, runs)
	r.points, r.from, r.parts = append(r.points, point), append(r.from, key.from), append(r.parts, part)
	r.cuts = append(r.cuts, string(rune(key.cut)))
	r.first, r.to = append(r.first, period.From), append(r.to, period.To)
	r.firstSeq, r.lastSeq = append(r.firstSeq, runs[0].Seq), append(r.lastSeq, runs[len(runs)-1].Seq)
	r.readings, r.bodies = append(r.readings, int32(count)), append(r.bodies, body)
	r.leaves, r.nonces = append(r.leaves, leaf[:]), append(r.nonces, salt[:])
	r.size += len(body)
}

// write puts the rows into the database, in place of those with the same key,
// and forgets them.
func (r *chunkRows) write(ctx context.Context, s *Store, q session, site int32) error {
	if len(r.points) == 0 {
		return nil
	}
	if err := s.ensureYears(ctx, q, tableChunk, r.from); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `
		insert into chunk (site_id, point_no, from_at, part, cut, first_at, to_at, first_seq, last_seq, readings, leaf, nonce, closed, body)
		select @site, point_no, from_at, part, cut::"char", first_at, to_at, first_seq, last_seq, readings, leaf, nonce, @closed, body
		from unnest(@points::int[], @from::timestamptz[], @parts::int[], @cuts::text[], @first::timestamptz[], @to::timestamptz[],
			@first_seq::int8[], @last_seq::int8[], @readings::int[], @leaves::bytea[], @nonces::bytea[], @bodies::bytea[])
			as c (point_no, from_at, part, cut, first_at, to_at, first_seq, last_seq, readings, leaf, nonce, body)
		on conflict (site_id, point_no, from_at, part) do update
		set first_at = excluded.first_at, to_at = excluded.to_at, first_seq = excluded.first_seq, last_seq = excluded.last_seq,
			readings = excluded.readings, leaf = excluded.leaf, nonce = excluded.nonce, body = excluded.body`,
		pgx.NamedArgs{"site": site, "points": r.points, "from": r.from, "parts": r.parts, "cuts": r.cuts, "first": r.first, "to": r.to,
			"first_seq": r.firstSeq, "last_seq": r.lastSeq, "readings": r.readings, "leaves": r.leaves, "nonces": r.nonces,
			"closed": r.closed, "bodies": r.bodies})
	if err != nil {
		return fmt.Errorf("write chunks: %w", err)
	}
	// A question about a period has to find the chunks that began before it
	// and reach into it; without a bound on their length the search would go
	// back to the first chunk of the point.
	_, err = q.Exec(ctx, `
		update point p set reach_s = c.reach from (
			select point_no, max(ceil(extract(epoch from to_at - from_at)))::int8 + 1 as reach
			from unnest(@points::int[], @from::timestamptz[], @to::timestamptz[]) c (point_no, from_at, to_at) group by point_no
		) c where p.site_id = @site and p.point_no = c.point_no and p.reach_s < c.reach`,
		pgx.NamedArgs{"site": site, "points": r.points, "from": r.from, "to": r.to})
	if err != nil {
		return fmt.Errorf("note how far chunks reach: %w", err)
	}
	*r = chunkRows{closed: r.closed}
	return nil
}

// Chunks writes readings of the fact's site like [Fact.Segments], but packed
// for good at once: for imports of months and years.
func (f *Fact) Chunks(ctx context.Context, source string, rank int16, readings []energy.PointReading) error {
	points := byPoint(readings)
	where, err := f.filed(ctx, idsOf(points))
	if err != nil {
		return err
	}
	sourceNo, err := f.source(ctx, source)
	if err != nil {
		return err
	}
	// A part of its own, even where the window has a chunk already: sealing
	// may be at work on that one, and holds another lock.
	rows := chunkRows{closed: true}
	f.own = true
	for i, p := range points {
		rs, point := p.readings, where[i].point
		instants := make([]time.Time, len(rs))
		for i, r := range rs {
			instants[i] = r.At
		}
		c := yearly
		if cadence, ok := cadenceOf(instants); ok {
			c = cutFor(cadence)
		}
		next, err := f.q.directParts(ctx, f.siteNo, point)
		if err != nil {
			return err
		}
		run := series.Run{Seq: f.Seq, RecordedAt: f.RecordedAt, Source: sourceNo, Rank: rank, Readings: rs}
		chunks := cutRuns([]series.Run{run}, c)
		for _, key := range slices.SortedFunc(maps.Keys(chunks), func(a, b chunkKey) int { return a.from.Compare(b.from) }) {
			said := proof.Chunk{Site: f.site, Point: p.id, From: key.from, Part: next[key.from.Unix()], Cut: byte(key.cut), Runs: chunks[key]}
			salt := proof.NewSalt()
			leaf := said.Digest(salt, func(int32) string { return source })
			rows.add(point, key, said.Part, said.Runs, salt, leaf)
			f.line(said.Item(), leaf)
			if rows.size > statementSize {
				if err := rows.write(ctx, f.store, f.q, f.siteNo); err != nil {
					return err
				}
			}
		}
	}
	return rows.write(ctx, f.store, f.q, f.siteNo)
}

// directParts are the next free numbers of directly written parts of a point's
// chunks, by the second their window begins. Those that are not there begin at 0.
func (q session) directParts(ctx context.Context, site, point int32) (map[int64]int32, error) {
	next := map[int64]int32{}
	rows, err := q.Query(ctx, `
		select from_at, max(part) + 1 from chunk where site_id = @site and point_no = @point and part >= 0 group by from_at`,
		pgx.NamedArgs{"site": site, "point": point})
	if err != nil {
		return nil, fmt.Errorf("look up chunks of point number %d: %w", point, err)
	}
	var from time.Time
	var part int32
	_, err = pgx.ForEachRow(rows, []any{&from, &part}, func() error {
		next[from.Unix()] = part
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up chunks of point number %d: %w", point, err)
	}
	return next, nil
}
