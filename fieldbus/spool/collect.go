package spool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

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

// Stage takes readings over like Collect, but leaves its caller to wait until
// they are durable. They may be lost until then.
func (s *Spool) Stage(readings []energy.PointReading) (fieldbus.Pending, error) {
	if len(readings) == 0 {
		g := newGroup()
		close(g.done)
		return g, nil
	}
	g, err := s.join(readings, func(g *group) {
		s.staged.Go(func() { s.commit(context.Background(), g) })
	})
	if err != nil {
		return nil, fmt.Errorf("collect %d readings, the first of %s: %w", len(readings), readings[0].Point, err)
	}
	return g, nil
}

// collect joins the group that is gathering and waits until it is on disk. The
// first of a group commits it.
func (s *Spool) collect(ctx context.Context, readings []energy.PointReading) error {
	first := false
	g, err := s.join(readings, func(*group) { first = true })
	if err != nil {
		return err
	}
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

// join adds readings to the group that is gathering. Begin is called when they
// are its first, with the mutex held: whoever adds them has it committed.
func (s *Spool) join(readings []energy.PointReading, begin func(*group)) (*group, error) {
	now := s.options.Now().UnixMicro()
	s.mu.Lock()
	g := s.gathering
	err := ErrClosed
	if !s.closed {
		err = s.encode(g, readings, now)
	}
	if err != nil {
		s.mu.Unlock()
		if !errors.Is(err, ErrClosed) {
			s.refuse(len(readings))
		}
		return nil, err
	}
	g.callers++
	if g.callers == 1 {
		begin(g)
	}
	s.mu.Unlock()
	return g, nil
}

// commit writes a group; its first caller does it for all.
func (s *Spool) commit(ctx context.Context, g *group) {
	s.committing <- struct{}{}
	s.gather(ctx)
	s.mu.Lock()
	s.gathering = newGroup()
	s.company = g.callers
	g.close()
	s.mu.Unlock()

	s.journal.buffer = g.append(s.journal.buffer[:0], s.journal.upcoming(), s.seed)
	base, err := s.write(s.journal.buffer)
	if err != nil {
		g.unwritten()
		s.journal.unnamed = s.journal.unnamed || len(g.names) > 0 // the next group relies on them
		s.refuse(int(g.count))
	}
	if cap(s.journal.buffer) > 1<<20 {
		s.journal.buffer = nil
	}

	s.mu.Lock()
	s.full = errors.Is(err, ErrFull)
	var crowded []*site
	if err == nil {
		crowded = s.admit(g, base)
	}
	s.recycle(g)
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
func (s *Spool) write(group []byte) (base int64, err error) {
	for {
		if err = s.room(int64(len(group))); err == nil {
			if base, err = s.writeOnce(group); err == nil || !isFull(err) {
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
func (s *Spool) writeOnce(group []byte) (int64, error) {
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
	base, err := s.journal.write(names, group)
	if err == nil {
		s.mu.Lock()
		s.journal.active.size = base + int64(len(group))
		s.mu.Unlock()
	}
	return base, err
}

// crowd is how many full batches may wait in no batch before they are cut
// whatever the state of delivery: what waits uncut takes memory.
const crowd = 4

// admit takes a group that is on disk into the accounts and gives the sites
// that are crowded.
func (s *Spool) admit(g *group, base int64) (crowded []*site) {
	s.counts.kept += g.count
	full := int64(s.options.BatchReadings)
	for _, p := range g.parts {
		of := p.site
		before := of.readings
		of.readings += int64(p.count)
		of.pieces = append(of.pieces, piece{in: s.journal.active, offset: base + int64(p.at),
			length: int32(p.length), count: int32(p.count), collected: p.collected})
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
