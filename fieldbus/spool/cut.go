package spool

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// openBatches is how many live batches may be under way before fresh readings
// gather instead of being cut.
const openBatches = 2

// plan says how many of the site's oldest pieces make the next batch and in
// which lane; with 0 pieces due says when that may change. With all, nothing
// waits for company.
func (s *Spool) plan(of *site, now time.Time, all bool) (l energy.Lane, pieces int, due time.Duration) {
	if len(of.pieces) == 0 {
		return 0, 0, math.MaxInt64
	}
	o := s.options
	age := now.Sub(time.UnixMicro(of.pieces[0].collected))
	if age < 0 {
		age = o.BatchEvery // the clock was set back: do not wait until it is there again
	}
	// A live batch is cut when few are under way: while the centre is away
	// readings gather, to become fewer and larger batches of the backlog.
	free := all
	if i, known := s.state.index[laneKey{of.id, energy.Live}]; !known || s.state.lanes[i].waiting() < openBatches {
		free = true
	}
	stale, staleReadings := 0, 0
	for _, p := range of.pieces {
		if now.Sub(time.UnixMicro(p.collected)) < o.BacklogAfter || staleReadings >= o.BatchReadings {
			break
		}
		stale++
		staleReadings += int(p.count)
	}
	switch {
	case stale > 0 && (free || staleReadings >= o.BatchReadings || age >= 2*o.BacklogAfter):
		return energy.Backlog, s.fill(of.pieces[:stale]), 0
	case stale == 0 && free && (all || of.readings >= int64(o.BatchReadings) || age >= o.BatchEvery):
		return energy.Live, s.fill(of.pieces), 0
	case of.readings >= int64(crowd*o.BatchReadings): // they may be fresh: memory is short
		return energy.Backlog, s.fill(of.pieces), 0
	case free:
		return 0, 0, o.BatchEvery - age
	}
	return 0, 0, 2*o.BacklogAfter - age
}

// fill is how many pieces fit into a batch; one always does. All of them use the
// same numbers for points.
func (s *Spool) fill(pieces []piece) int {
	readings := 0
	for i, p := range pieces {
		if readings += int(p.count); i > 0 && (readings > s.options.BatchReadings || p.names != pieces[0].names) {
			return i
		}
	}
	return len(pieces)
}

// cut makes batches of the site's readings as far as they are due. They are
// durable once the log is synced, which delivery sees to.
func (s *Spool) cut(of *site, all bool) error {
	of.cutting.Lock()
	defer of.cutting.Unlock()
	for {
		s.mu.Lock()
		l, n, _ := s.plan(of, s.options.Now(), all)
		pieces := of.pieces[:n:n]
		names := of.names[:len(of.names):len(of.names)]
		if n > 0 && pieces[0].names != nil {
			names = pieces[0].names.names
		}
		s.mu.Unlock()
		if n == 0 {
			return s.sweep()
		}
		if err := s.cutBatch(of, l, pieces, names); err != nil {
			return fmt.Errorf("cut a batch of site %s: %w", of.id, err)
		}
	}
}

// cutBatch makes one batch of pieces, which are the site's oldest.
func (s *Spool) cutBatch(of *site, l energy.Lane, pieces []piece, names []string) error {
	used := make([]bool, len(names))
	var blocks []byte
	entry := batchEntry{laneKey: laneKey{of.id, l}, upto: pieces[len(pieces)-1].end(), first: math.MaxInt64, last: math.MinInt64}
	var lost int64
	var buffer []byte
	for i := 0; i < len(pieces); {
		n := together(pieces[i:])
		var err error
		if buffer, err = readPieces(buffer, pieces[i:i+n]); err != nil {
			return err
		}
		for _, p := range pieces[i : i+n] {
			block, ok := s.block(buffer[p.offset-pieces[i].offset:], p, used)
			if !ok {
				lost += int64(p.count)
				s.options.Log.Error("readings in the journal were damaged after they were written",
					"file", journalKind.name(p.in.number), "offset", p.offset, "readings", p.count)
				continue
			}
			blocks = append(blocks, block...)
			entry.count += uint64(p.count)
			entry.first, entry.last = min(entry.first, p.collected), max(entry.last, p.collected)
		}
		i += n
	}
	if entry.count == 0 { // an empty batch says nothing
		s.mu.Lock()
		s.consume(of, pieces, lost)
		s.mu.Unlock()
		s.count()
		return nil
	}
	body := append(rows.AppendNames(nil, names, used), blocks...)
	packed := s.packer.EncodeAll(body, buffer[:0])
	err := s.log.append(&s.state, &s.mu, kindBatch,
		func(dst []byte, synced int64) []byte {
			entry.synced = synced
			entry.ordinal, entry.before = 1, 0
			s.mu.Lock()
			if i, known := s.state.index[entry.laneKey]; known {
				entry.ordinal, entry.before = s.state.lanes[i].last+1, s.state.lanes[i].total
			}
			s.mu.Unlock()
			return append(entry.append(dst), packed...)
		},
		func(number uint64, from, to int64) {
			l := s.state.applyBatch(entry)
			l.newest = located{batchEntry: entry, number: number, from: from, to: to}
			if l.waiting() == 1 {
				l.oldest = entry.first
			}
			s.consume(of, pieces, lost)
			of.nudge()
		})
	if err != nil {
		return err
	}
	s.count()
	return nil
}

// consume takes pieces that are in a batch, or lost, from the site; the caller
// holds the mutex.
func (s *Spool) consume(of *site, pieces []piece, lost int64) {
	for _, p := range pieces {
		p.in.uncut--
		of.readings -= int64(p.count)
		s.counts.missing -= int64(p.lost)
		lost += int64(p.lost)
	}
	of.pieces = of.pieces[len(pieces):]
	if len(of.pieces) == 0 {
		of.pieces = nil
	}
	s.counts.lost += lost
}

// together is how many of the pieces are read in one go: those of one file that
// stand near each other. Between them are those of other sites.
func together(pieces []piece) int {
	const gap, most = 8 << 10, 256 << 10 // bytes
	n, end := 1, pieces[0].end().offset
	for n < len(pieces) && pieces[n].in == pieces[0].in && pieces[n].offset <= end+gap &&
		pieces[n].end().offset <= pieces[0].offset+most {
		end = pieces[n].end().offset
		n++
	}
	return n
}

// readPieces reads pieces that stand near each other in one go, into buffer if it is
// large enough. The page cache still has them, as a rule.
func readPieces(buffer []byte, pieces []piece) ([]byte, error) {
	last := pieces[len(pieces)-1]
	length := int(last.offset + int64(last.length) - pieces[0].offset)
	if cap(buffer) < length {
		buffer = make([]byte, length)
	}
	buffer = buffer[:length]
	if _, err := pieces[0].in.file.ReadAt(buffer, pieces[0].offset); err != nil {
		return buffer, fmt.Errorf("read %d bytes at %d of %s: %w", length, pieces[0].offset,
			journalKind.name(pieces[0].in.number), err)
	}
	return buffer, nil
}

// block is the block of rows in a piece's record, of which it notes the points;
// ok is false when the record is not what was written.
func (s *Spool) block(b []byte, p piece, used []bool) (block []byte, ok bool) {
	kind, payload, need, ok := parseRecord(b, s.seed)
	if !ok || kind != kindReadings && kind != kindUncounted || need != int(p.length) {
		return nil, false
	}
	c := cursor{b: payload}
	c.uvarint() // the site's number
	if kind == kindReadings {
		c.uvarint() // the count before
	}
	_, _, err := rows.Check(c.b, func(point uint64) bool {
		if point >= uint64(len(used)) {
			return false
		}
		used[point] = true
		return true
	})
	return c.b, err == nil
}
