package spool

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// recoverBatches folds the batch log. Each file begins with the state at its
// beginning, so only the last is read whole, and one whose successor's
// checkpoint is damaged.
func (s *Spool) recoverBatches(numbers []uint64, born epochStart) error {
	s.state = newState(born)
	for _, n := range numbers {
		records, f, ok, err := s.openLog(batchesKind, n)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		first, err := records.next()
		if err := errors.Join(ignoreEOF(err), f.Close()); err != nil {
			return fmt.Errorf("read %s: %w", batchesKind.name(n), err)
		}
		at, begun, known := state{}, int64(0), false
		if first.kind == kindCheckpoint {
			at, begun, known = parseCheckpoint(first.payload, born)
		}
		if known {
			s.retention.seeFile(begun)
			s.adopt(at)
		} else if len(s.state.segments) > 0 { // its state is where the file before ends
			if err := s.replay(s.state.segments[len(s.state.segments)-1], false); err != nil {
				return err
			}
		}
		if last := len(s.state.segments) - 1; last >= 0 {
			s.state.segments[last].end = s.state.ends()
		}
		s.state.segments = append(s.state.segments, &segment{number: n, size: records.size, begun: begun, start: s.state.ends()})
	}
	last := len(s.state.segments) - 1
	if last < 0 {
		number := uint64(1)
		if len(numbers) > 0 {
			number = numbers[len(numbers)-1] + 1
		}
		return s.beginLog(number)
	}
	if err := s.replay(s.state.segments[last], true); err != nil {
		return err
	}
	return s.resumeLog(s.state.segments[last])
}

// adopt takes a checkpoint's state, with what is known of the files before it.
func (s *Spool) adopt(at state) {
	// Lanes stand in another order only when a checkpoint between was damaged.
	done := make(map[uint64]int64, len(at.segments))
	for _, seg := range at.segments {
		done[seg.number] = seg.done
	}
	reorder := func(ordinals []uint64) []uint64 {
		ordered := make([]uint64, len(at.lanes))
		for i, l := range s.state.lanes {
			if j, known := at.index[l.laneKey]; known {
				ordered[j] = ordinalOf(ordinals, i)
			}
		}
		return ordered
	}
	for _, seg := range s.state.segments {
		seg.done = done[seg.number]
		seg.start = reorder(seg.start)
		if seg.end != nil {
			seg.end = reorder(seg.end)
		}
	}
	at.segments = s.state.segments
	s.state = at
}

// replay applies a file's records to the state. In the last file, what follows
// damage behind the length known to be synced was never acted upon: it is cut
// off, and its readings are still in the journal.
func (s *Spool) replay(seg *segment, last bool) (err error) {
	name := batchesKind.name(seg.number)
	f, size, err := s.disk.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	damage, synced, err := s.survey(f, size)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for _, d := range damage {
		if last && d.from >= synced {
			s.options.Log.Warn("a torn tail is cut off", "file", name, "at", d.from, "bytes", size-d.from)
			if err := f.Truncate(d.from); err != nil {
				return err
			}
			size = d.from
			break
		}
		s.setAside(f, name, d.from, d.to)
	}
	seg.size = size
	records := scanner{file: f, seed: s.seed, offset: int64(fileHead), size: size}
	for {
		r, err := records.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		s.apply(r)
	}
}

// survey finds the damaged stretches of a file of the batch log and the length
// of it that is known to have been synced.
func (s *Spool) survey(f file, size int64) (damage []record, synced int64, err error) {
	records := scanner{file: f, seed: s.seed, offset: int64(fileHead), size: size}
	synced = int64(fileHead)
	for {
		r, err := records.next()
		if errors.Is(err, io.EOF) {
			return damage, synced, nil
		}
		if err != nil {
			return nil, 0, err
		}
		switch r.kind {
		case 0:
			damage = append(damage, r)
		case kindCheckpoint: // a file begins with it or not at all
			synced = max(synced, r.to)
		default:
			c := cursor{b: r.payload}
			synced = max(synced, int64(c.uvarint()))
		}
	}
}

// apply folds one record into the state; checkpoints and damage were seen to.
func (s *Spool) apply(r record) {
	ok := true
	switch r.kind {
	case kindBatch:
		var e batchEntry
		if e, _, ok = parseBatch(r.payload); ok {
			s.retention.seeFile(e.last)
			s.state.applyBatch(e)
		}
	case kindMark:
		var e markEntry
		if e, ok = parseMark(r.payload); ok {
			s.retention.seeFile(e.at)
			s.state.applyMark(e)
		}
	case kindEpoch:
		var e epochEntry
		if e, ok = parseEpoch(r.payload); ok {
			s.state.applyEpoch(e, s.options.Now().UnixMicro())
		}
	case kindRefused:
		var refused uint64
		if _, refused, ok = parseRefused(r.payload); ok {
			s.state.refused = refused
		}
	}
	if !ok {
		s.counts.setAside++
		s.options.Log.Error("a record is not understood and left out", "kind", string(rune(r.kind)), "at", r.from)
	}
}

// beginLog begins the first file of the batch log.
func (s *Spool) beginLog(number uint64) error {
	now := s.options.Now()
	first := s.state.appendCheckpoint(beginRecord(nil, kindCheckpoint), now.UnixMicro())
	endRecord(first, 0, s.seed)
	f, size, err := createLog(s.disk, batchesKind, s.id.epoch, number, first)
	if err != nil {
		return err
	}
	s.state.segments = []*segment{{number: number, size: size, begun: now.UnixMicro()}}
	s.log.file, s.log.number, s.log.size, s.log.day = f, number, size, dayOf(now)
	s.log.synced = logEnd{number, size}
	return nil
}

// resumeLog goes on in the last file of the batch log.
func (s *Spool) resumeLog(seg *segment) error {
	f, _, err := s.disk.Open(batchesKind.name(seg.number))
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil { // what was read is relied upon from here on
		return errors.Join(fmt.Errorf("sync %s: %w", batchesKind.name(seg.number), err), f.Close())
	}
	s.log.file, s.log.number, s.log.size = f, seg.number, seg.size
	s.log.synced = logEnd{seg.number, seg.size}
	s.log.day = dayOf(time.UnixMicro(seg.begun))
	return nil
}
