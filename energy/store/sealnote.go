package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
)

// What sealing has to do with the public ledger: readings change their form
// there, so it checks what it takes against the digests that were made when it
// came, and notes the digests of what it makes.

// ErrChanged says that a row is not what was written: `heatledger verify` names
// everything that was changed.
var ErrChanged = errors.New("a row of the database was changed by somebody else")

// lateGrace is how long after the end of its window a chunk takes late readings.
const lateGrace = 48 * time.Hour

// segment is a row of readings as they came.
type segment struct {
	Seq        int64
	Meter      int32
	Part       int16
	RecordedAt time.Time
	From, To   time.Time
	Source     int32
	Rank       int16
	Points     []int32
	Body       []byte
}

// namebook holds the names that stand for numbers at one site.
type namebook struct {
	points  map[int32]energy.PointID
	sources map[int32]string
}

// point is the id of a point; "" when there is none of that number.
func (n namebook) point(no int32) energy.PointID { return n.points[no] }

// source is the name of a source; "" when there is none of that number.
func (n namebook) source(no int32) string { return n.sources[no] }

// namebook looks up the names of a site's points and of all sources.
func (q session) namebook(ctx context.Context, site int32) (n namebook, err error) {
	n = namebook{map[int32]energy.PointID{}, map[int32]string{}}
	var no int32
	var id string
	rows, err := q.Query(ctx, "select point_no, id from point where site_id = @site", pgx.NamedArgs{"site": site})
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&no, &id}, func() error { n.points[no] = energy.PointID(id); return nil })
	}
	if err != nil {
		return n, fmt.Errorf("look up names of points: %w", err)
	}
	rows, err = q.Query(ctx, "select source_id, name from source")
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&no, &id}, func() error { n.sources[no] = id; return nil })
	}
	if err != nil {
		return n, fmt.Errorf("look up names of sources: %w", err)
	}
	return n, nil
}

// chunk is a chunk with the names its digest covers.
func (n namebook) chunk(site energy.SiteID, point int32, from time.Time, part int32, cut byte, runs []series.Run) proof.Chunk {
	return proof.Chunk{Site: site, Point: n.point(point), From: from, Part: part, Cut: cut, Runs: runs}
}

// segment is a segment with the names its digest covers.
func (n namebook) segment(site energy.SiteID, s segment) (proof.Segment, error) {
	blocks, err := decodeBody(s.Body)
	if err != nil {
		return proof.Segment{}, err
	}
	said := proof.Segment{Site: site, Fact: s.Seq, Meter: s.Meter, Part: s.Part, RecordedAt: s.RecordedAt,
		Period: energy.Period{From: s.From, To: s.To}, Source: n.source(s.Source), Rank: s.Rank, Listed: s.Points,
		Points: make([]energy.PointID, len(blocks)), Body: s.Body}
	for i, b := range blocks {
		said.Points[i] = n.point(b.point)
	}
	return said, nil
}

// checkSegments errs with [ErrChanged] unless segments are what came.
func (j *sealing) checkSegments(ctx context.Context, segments []segment) error {
	if len(segments) == 0 {
		return nil
	}
	rows, err := j.q.Query(ctx, `
		select seq, salt, lines from fact
		where site_id = @site and seq between @first and @last and lines is not null order by seq`,
		pgx.NamedArgs{"site": j.site, "first": segments[0].Seq, "last": segments[len(segments)-1].Seq})
	if err != nil {
		return fmt.Errorf("read what the facts of segments said: %w", err)
	}
	var seq int64
	var salt []byte
	var lines string
	_, err = pgx.ForEachRow(rows, []any{&seq, &salt, &lines}, func() error {
		for len(segments) > 0 && segments[0].Seq < seq {
			segments = segments[1:] // of a fact older than the log
		}
		parts, err := proof.Parts(lines)
		if err != nil {
			return fmt.Errorf("fact %d: %w", seq, err)
		}
		said := make(map[string]proof.Digest, len(parts))
		for _, p := range parts {
			said[p.What] = p.Digest
		}
		for ; len(segments) > 0 && segments[0].Seq == seq; segments = segments[1:] {
			is, err := j.names.segment(j.id, segments[0])
			if err != nil {
				return fmt.Errorf("segment of fact %d: %w", seq, err)
			}
			if is.Digest(saltOf(salt)) != said[proof.SegmentItem(is.Meter, is.Part)] {
				return fmt.Errorf("segment of fact %d, meter number %d: %w", seq, is.Meter, ErrChanged)
			}
		}
		return nil
	})
	return err
}

// note packs the facts whose segments are all sealed, closes the chunks that
// are complete, and leaves word for the log.
func (j *sealing) note(ctx context.Context, segments []segment, upto int64, before time.Time) error {
	var oldest *int64
	err := j.q.QueryRow(ctx, "select min(seq) from segment where site_id = @site and seq <= @upto",
		pgx.NamedArgs{"site": j.site, "upto": upto}).Scan(&oldest)
	if err != nil {
		return fmt.Errorf("find the oldest segment left: %w", err)
	}
	// What a fact said is needed as long as one of its segments is there.
	if j.turn.Upto = upto; oldest != nil {
		j.turn.Upto = *oldest - 1
	}
	for _, s := range segments {
		if s.Seq > j.turn.Upto {
			j.turn.Gone = append(j.turn.Gone, proof.Gone{Fact: s.Seq, Meter: s.Meter, Part: s.Part})
		}
	}
	packed, err := j.q.packFacts(ctx, j.id, j.site, j.turn.Upto)
	if err != nil {
		return err
	}
	j.turn.Changes = append(j.turn.Changes, packed...)
	if err := j.closeChunks(ctx, before); err != nil {
		return err
	}
	if len(j.turn.Changes)+len(segments) == 0 {
		return nil
	}
	body, err := json.Marshal(j.turn)
	if err != nil {
		return fmt.Errorf("note what was sealed: %w", err)
	}
	_, err = j.q.Exec(ctx, "insert into log_queue (kind, site_id, seq, body) values (@kind, @site, @upto, @body)",
		pgx.NamedArgs{"kind": kindTurn, "site": j.site, "upto": j.turn.Upto, "body": string(body)})
	if err != nil {
		return fmt.Errorf("note what was sealed: %w", err)
	}
	return nil
}

// closeChunks closes the chunks whose window is over for a while and that this
// turn has added nothing to.
func (j *sealing) closeChunks(ctx context.Context, before time.Time) error {
	rows, err := j.q.Query(ctx, `
		update chunk set closed = true
		where site_id = @site and part < 0 and not closed and leaf is not null
		and from_at + case cut when 'd' then interval '1 day' when 'm' then interval '1 month' else interval '1 year' end <= @before
		and (point_no, from_at, part) not in (select * from unnest(@points::int[], @from::timestamptz[], @parts::int[]))
		returning point_no, from_at, part, leaf`,
		pgx.NamedArgs{"site": j.site, "before": before.Add(-lateGrace), "points": j.written.points, "from": j.written.from, "parts": j.written.parts})
	if err != nil {
		return fmt.Errorf("close chunks: %w", err)
	}
	var point, part int32
	var from time.Time
	var leaf []byte
	_, err = pgx.ForEachRow(rows, []any{&point, &from, &part, &leaf}, func() error {
		is := digestOf(leaf)
		j.turn.Changes = append(j.turn.Changes, proof.Change{Item: proof.ChunkItem(j.names.point(point), from, part), Before: is, After: is, Closed: true})
		return nil
	})
	return wrap(err, "close chunks")
}

// digestOf is a digest as the database keeps it; any other length is none.
func digestOf(b []byte) (d proof.Digest) {
	if len(b) == len(d) {
		copy(d[:], b)
	}
	return d
}

// saltOf is a salt as the database keeps it.
func saltOf(b []byte) (s proof.Salt) {
	if len(b) == len(s) {
		copy(s[:], b)
	}
	return s
}
