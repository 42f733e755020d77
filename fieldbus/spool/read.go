package spool

import (
	"errors"
	"fmt"
	"io"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// openSegment opens a file of the batch log for reading.
func (s *Spool) openSegment(number uint64) (file, int64, error) {
	f, size, err := s.disk.Open(batchesKind.name(number))
	if err != nil {
		return nil, 0, fmt.Errorf("read batches: %w", err)
	}
	s.mu.Lock()
	for _, seg := range s.state.segments {
		if seg.number == number {
			size = min(size, seg.size) // what is being appended is not ours yet
		}
	}
	s.mu.Unlock()
	return f, size, nil
}

// locate finds the batch of a lane with that ordinal, or the next one that is
// on disk; ok is false when there is none. Damaged records are stepped over.
func (s *Spool) locate(k laneKey, ordinal uint64, hint located) (at located, ok bool, err error) {
	s.mu.Lock()
	i, known := s.state.index[k]
	segments := s.state.segments // deleting one makes a new slice
	var from int
	if known {
		if l := s.state.lanes[i]; l.newest.ordinal == ordinal {
			at, ok = l.newest, true
		}
		for from = 0; from < len(segments)-1 && ordinalOf(segments[from].end, i) < ordinal; from++ {
		}
	}
	s.mu.Unlock()
	if ok || !known {
		return at, ok, nil
	}
	// Going on behind the last batch delivered, a lane passes over the records of
	// the others: with a few hundred sites that is cheaper than an index.
	for _, seg := range segments[from:] {
		start := int64(fileHead)
		if hint.number == seg.number && hint.laneKey == k && hint.ordinal < ordinal {
			start = hint.to
		}
		at, ok, err = s.scan(seg.number, start, func(e batchEntry) bool { return e.laneKey == k && e.ordinal >= ordinal })
		if ok || err != nil {
			return at, ok, err
		}
	}
	return at, false, nil
}

// scan finds the first batch in a file, from an offset on, that is wanted.
func (s *Spool) scan(number uint64, from int64, wanted func(batchEntry) bool) (at located, ok bool, err error) {
	f, size, err := s.openSegment(number)
	if err != nil {
		return at, false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	records := scanner{file: f, seed: s.seed, offset: from, size: size}
	for {
		r, err := records.next()
		if errors.Is(err, io.EOF) {
			return at, false, nil
		}
		if err != nil {
			return at, false, fmt.Errorf("read %s: %w", batchesKind.name(number), err)
		}
		if r.kind != kindBatch {
			continue
		}
		if e, _, ok := parseBatch(r.payload); ok && wanted(e) {
			return located{batchEntry: e, number: number, from: r.from, to: r.to}, true, nil
		}
	}
}

// workspace is the memory that a batch under way takes.
type workspace struct {
	record, body []byte                // as on disk, and unpacked
	readings     []energy.PointReading // lent to the Deliverer
}

// read rebuilds the readings of a batch; errDamaged when they are not what was cut.
func (s *Spool) read(at located, w *workspace) ([]energy.PointReading, error) {
	f, _, err := s.openSegment(at.number)
	if err != nil {
		return nil, err
	}
	if n := int(at.to - at.from); cap(w.record) < n {
		w.record = make([]byte, n)
	} else {
		w.record = w.record[:n]
	}
	_, err = f.ReadAt(w.record, at.from)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read batch %d of %s: %w", at.ordinal, at.site, err)
	}
	kind, payload, _, ok := parseRecord(w.record, s.seed)
	entry, packed, parsed := parseBatch(payload)
	if !ok || kind != kindBatch || !parsed || entry != at.batchEntry {
		return nil, fmt.Errorf("batch %d of %s: %w", at.ordinal, at.site, errDamaged)
	}
	w.body, err = s.reader.DecodeAll(packed, w.body[:0])
	if err == nil {
		w.readings, err = rows.Decode(w.readings[:0], w.body, at.site, int(at.count))
	}
	if err == nil && uint64(len(w.readings)) != at.count {
		err = fmt.Errorf("%d readings where %d were cut", len(w.readings), at.count)
	}
	if err != nil {
		return nil, fmt.Errorf("batch %d of %s: %w: %w", at.ordinal, at.site, errDamaged, err)
	}
	return w.readings, nil
}
