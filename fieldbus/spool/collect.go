package spool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// group is what one commit writes: the records of the callers that came while
// the commit before was under way.
type group struct {
	buffer  []byte // records of names and readings, as they are written
	records []groupRecord
	callers int
	count   int64 // readings
	done    chan struct{}
	err     error // valid when done is closed
}

// groupRecord is a record of readings in a group's buffer.
type groupRecord struct {
	site      *site
	at        int   // in the buffer
	length    int   // bytes
	count     int   // readings
	collected int64 // Unix µs
}

// newGroup begins a group in a buffer that may be used again.
func newGroup(buffer []byte) *group { return &group{buffer: buffer, done: make(chan struct{})} }

// Collect makes readings durable; instants and lengths are kept to the
// microsecond. When ctx ends first it returns without knowing: the readings may
// be collected all the same. It errs with [ErrFull] at the bound or on a full
// disk. All readings of a call are taken or none.
func (s *Spool) Collect(ctx context.Context, readings []energy.PointReading) error {
	if len(readings) == 0 {
		return nil
	}
	err := ctx.Err()
	if err == nil {
		err = s.collect(ctx, readings)
	}
	if err != nil {
		return fmt.Errorf("collect %d readings, the first of %s: %w", len(readings), readings[0].Point, err)
	}
	return nil
}

// collect joins the group that is gathering and waits until it is on disk. The
// first of a group commits it.
func (s *Spool) collect(ctx context.Context, readings []energy.PointReading) error {
	now := s.options.Now().UnixMicro()
	s.mu.Lock()
	g := s.gathering
	err := ErrClosed
	if !s.closed {
		err = s.encode(g, readings, now)
	}
	if err != nil {
		s.state.refused += uint64(len(readings))
		s.mu.Unlock()
		return err
	}
	g.callers++
	first := g.callers == 1
	s.mu.Unlock()
	if first {
		s.commit(ctx, g) // others wait for it too: it is not left when ctx ends
		return g.err
	}
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// encode appends readings to the group, a record for each run of one site.
func (s *Spool) encode(g *group, readings []energy.PointReading, now int64) error {
	points := s.points[:0]
	for i := range readings {
		n, known := s.dictionary.points[readings[i].Point]
		if !known {
			// A new name is written once; should this group not reach the disk,
			// the names are all written again before the next.
			var err error
			if n, err = s.dictionary.add(readings[i].Point); err != nil {
				return err
			}
			at := len(g.buffer)
			g.buffer = appendName(beginRecord(g.buffer, kindNames), n, readings[i].Point)
			endRecord(g.buffer, at, s.seed)
		}
		points = append(points, n)
	}
	s.points = points
	limit := min(maxRecordRows, s.options.BatchReadings)
	for len(readings) > 0 {
		n := 1
		for n < min(len(readings), limit) && points[n].site == points[0].site {
			n++
		}
		s.encodeRecord(g, readings[:n], points[:n], now)
		readings, points = readings[n:], points[n:]
	}
	return nil
}

// encodeRecord appends one record; the readings are of one site.
func (s *Spool) encodeRecord(g *group, readings []energy.PointReading, points []numbered, now int64) {
	of, at := points[0].site, len(g.buffer)
	b := binary.AppendUvarint(beginRecord(g.buffer, kindReadings), of.number)
	b, block := rows.AppendBlock(b, now, len(readings))
	for i := range readings {
		b = block.Append(b, points[i].number, &readings[i].Reading)
	}
	endRecord(b, at, s.seed)
	g.buffer = b
	g.records = append(g.records, groupRecord{site: of, at: at, length: len(b) - at, count: len(readings), collected: now})
	g.count += int64(len(readings))
}

// commit writes a group; its first caller does it for all.
func (s *Spool) commit(ctx context.Context, g *group) {
	s.committing <- struct{}{}
	s.gather(ctx)
	s.mu.Lock()
	s.gathering = newGroup(s.spare)
	s.spare = nil
	s.company = g.callers
	s.mu.Unlock()

	base, err := s.write(g)

	s.mu.Lock()
	var crowded []*site
	if err != nil {
		s.state.refused += uint64(g.count)
	} else {
		crowded = s.admit(g, base)
	}
	if cap(g.buffer) <= 1<<20 {
		s.spare = g.buffer[:0]
	}
	s.mu.Unlock()
	<-s.committing // the next group may go before this one's callers wake up
	g.err = err
	close(g.done)
	for _, of := range crowded {
		if err := s.cut(of, false); err != nil {
			s.options.Log.Warn("readings stay uncut", "site", of.id, "err", err)
		}
	}
}

// gather waits for company when the commit before had some: an fsync costs as
// much for one caller as for a hundred. The caller holds the committing token.
func (s *Spool) gather(ctx context.Context) {
	if s.company > 1 {
		wait := min(s.options.Gather, time.Duration(s.company)*time.Millisecond) - time.Since(s.committed)
		if wait > 0 {
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-ctx.Done():
				t.Stop()
			}
		}
	}
	s.committed = time.Now()
}

// write puts a group on disk, making room at the bound; the caller holds the
// committing token.
func (s *Spool) write(g *group) (base int64, err error) {
	for {
		if err = s.room(int64(len(g.buffer))); err == nil {
			if base, err = s.writeOnce(g); err == nil || !isFull(err) {
				return base, err
			}
			err = errors.Join(ErrFull, err)
		}
		if !s.releaseSoon() {
			return 0, err
		}
	}
}

// writeOnce begins a new journal file when it is time and writes the group.
func (s *Spool) writeOnce(g *group) (int64, error) {
	var names []byte
	if s.journal.unnamed || s.journal.active == nil || s.journal.active.size >= s.journal.capacity {
		s.mu.Lock()
		names = s.dictionary.appendAll(nil, s.seed)
		s.mu.Unlock()
	}
	begun, err := s.journal.ready(names)
	if err != nil {
		return 0, err
	}
	if begun != nil {
		s.mu.Lock()
		s.files = append(s.files, begun)
		s.mu.Unlock()
	}
	return s.journal.write(names, g.buffer)
}

// crowd is how many full batches may wait in no batch before they are cut
// whatever the state of delivery: what waits uncut takes memory.
const crowd = 4

// admit takes a group that is on disk into the accounts and gives the sites
// that are crowded.
func (s *Spool) admit(g *group, base int64) (crowded []*site) {
	s.counts.collected += g.count
	full := int64(s.options.BatchReadings)
	for _, r := range g.records {
		of := r.site
		before := of.readings
		of.readings += int64(r.count)
		of.pieces = append(of.pieces, piece{in: s.journal.active, offset: base + int64(r.at),
			length: int32(r.length), count: int32(r.count), collected: r.collected})
		s.journal.active.uncut++
		if len(of.pieces) == 1 || before/full < of.readings/full {
			of.nudge()
		}
		if len(of.pieces) == 1 {
			select {
			case s.newcomers <- struct{}{}:
			default:
			}
		}
		if before/(crowd*full) < of.readings/(crowd*full) {
			crowded = append(crowded, of)
		}
	}
	return crowded
}
