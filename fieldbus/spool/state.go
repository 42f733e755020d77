package spool

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"heatledger/energy"
)

// lane is what is known of one lane of a site. What stands before the blank
// line is written to disk.
type lane struct {
	laneKey
	last         uint64 // ordinal of the newest batch
	total        uint64 // readings of all its batches
	acknowledged uint64 // ordinal up to which the centre has them
	delivered    uint64 // readings of the batches up to there
	epochs       []epochStart

	ask     uint64  // deliver this batch again to hear whether the centre still has it; 0: none
	at      located // the batch under way, or the last that was
	newest  located // the batch cut last, if it was cut by this process
	oldest  int64   // instant of collection of its oldest queued reading, Unix µs; 0: none
	attempt attempt // how delivery goes
}

// waiting is the number of batches not delivered.
func (l *lane) waiting() uint64 { return l.last - l.acknowledged }

// pending tells whether there is anything to ask or tell the centre.
func (l *lane) pending() bool { return l.waiting() > 0 || l.ask > 0 }

// next is the batch to deliver: the first that is not, or the one to ask with. A
// question that does not get through alternates with delivery.
func (l *lane) next() uint64 {
	if l.ask > 0 && (l.attempt.failures%2 == 0 || l.waiting() == 0) {
		return l.ask
	}
	return l.acknowledged + 1
}

// answered goes on from a question to the next epoch's end: a centre that was
// restored may lack the end of one epoch and have the next.
func (l *lane) answered() { l.ask = l.epochEnd(l.ask) }

// epochEnd is the first ordinal above the given one with which an epoch, or
// what is delivered, ends; 0 if there is none.
func (l *lane) epochEnd(above uint64) uint64 {
	for _, e := range l.epochs[1:] {
		if e.base > above && e.base <= l.acknowledged {
			return e.base
		}
	}
	if l.acknowledged > above {
		return l.acknowledged
	}
	return 0
}

// queued is the number of readings in batches not delivered.
func (l *lane) queued() uint64 { return l.total - l.delivered }

// lost is the number of readings that count as delivered but never were.
func (l *lane) lost() (n uint64) {
	for _, e := range l.epochs {
		if e.base <= l.acknowledged {
			n += e.lost
		}
	}
	return n
}

// epochOf is the epoch in which the batch with that ordinal is delivered.
func (l *lane) epochOf(ordinal uint64) epochStart {
	for _, e := range slices.Backward(l.epochs) {
		if e.base < ordinal {
			return e
		}
	}
	return l.epochs[0]
}

// segment is one file of the batch log.
type segment struct {
	number uint64
	size   int64
	begun  int64    // Unix µs; 0: its checkpoint is damaged
	start  []uint64 // by lane: ordinal of the newest batch before it
	end    []uint64 // by lane: ordinal of the newest batch up to its end; nil for the file in use
	done   int64    // when all its batches were delivered, Unix µs; 0: they are not
}

// state is what the batch log says: the fold of its records over the checkpoint
// its file begins with.
type state struct {
	born     epochStart              // what a lane begins with
	lanes    []*lane                 // in order of appearance, which a file's checkpoint keeps
	index    map[laneKey]int         // into lanes
	used     map[energy.SiteID]place // the journal is cut up to here
	segments []*segment              // ascending; the last is in use
	refused  uint64                  // readings refused, ever
}

// newState is the state of a spool that was just born.
func newState(born epochStart) state {
	return state{born: born, index: make(map[laneKey]int), used: make(map[energy.SiteID]place)}
}

// lane is the lane of that key, new if it is not known.
func (s *state) lane(k laneKey) *lane {
	if i, known := s.index[k]; known {
		return s.lanes[i]
	}
	l := &lane{laneKey: k, epochs: []epochStart{s.born}}
	s.index[k] = len(s.lanes)
	s.lanes = append(s.lanes, l)
	return l
}

// applyBatch takes a batch as cut. A batch missing before it, lost to damage, is
// noticed when its turn to be delivered comes.
func (s *state) applyBatch(e batchEntry) *lane {
	l := s.lane(e.laneKey)
	l.last, l.total = e.ordinal, e.before+e.count
	if s.used[e.site].before(e.upto) {
		s.used[e.site] = e.upto
	}
	return l
}

// applyMark sets how far a lane is delivered, and with it which files are.
func (s *state) applyMark(e markEntry) *lane {
	l := s.lane(e.laneKey)
	l.acknowledged, l.delivered = e.ordinal, e.total
	if l.waiting() == 0 {
		l.oldest = 0
	}
	for _, seg := range s.segments {
		switch done := seg.end != nil && s.covers(seg); {
		case !done:
			seg.done = 0
		case seg.done == 0:
			seg.done = e.at
		}
	}
	return l
}

// covers tells whether all batches of a closed segment are delivered.
func (s *state) covers(seg *segment) bool {
	for i, end := range seg.end {
		if end > ordinalOf(seg.start, i) && end > s.lanes[i].acknowledged {
			return false
		}
	}
	return true
}

// ordinalOf is the lane's entry of a segment's start or end: a lane that came
// later has none.
func ordinalOf(ordinals []uint64, lane int) uint64 {
	if lane < len(ordinals) {
		return ordinals[lane]
	}
	return 0
}

// applyEpoch puts an epoch among those of the lane. Later ones stay as they are,
// for what the centre has of them it has, unless they bear another source.
func (s *state) applyEpoch(e epochEntry, at int64) {
	l := s.lane(e.laneKey)
	l.epochs = slices.DeleteFunc(l.epochs, func(old epochStart) bool {
		if old.base == e.base {
			e.lost = max(e.lost, old.lost)
		}
		return old.base == e.base || old.base > e.base && old.source != e.source
	})
	l.epochs = append(l.epochs, e.epochStart)
	slices.SortFunc(l.epochs, func(a, b epochStart) int { return cmp.Compare(a.base, b.base) })
	s.applyMark(markEntry{laneKey: e.laneKey, ordinal: e.base, total: e.total, at: at})
}

// forget drops epochs whose batches were all in files that are deleted.
func (s *state) forget() {
	for i, l := range s.lanes {
		kept := l.epochOf(min(ordinalOf(s.segments[0].start, i), l.acknowledged) + 1)
		first := slices.Index(l.epochs, kept)
		for _, e := range l.epochs[:first] {
			l.epochs[first].lost += e.lost
		}
		l.epochs = slices.Delete(l.epochs, 0, first)
	}
}

// ends are the newest ordinals by lane: what the end of a segment is.
func (s *state) ends() []uint64 {
	ends := make([]uint64, len(s.lanes))
	for i, l := range s.lanes {
		ends[i] = l.last
	}
	return ends
}

// appendCheckpoint writes the state:
//
//	instant, refused
//	number of lanes, each: synced (0), site, lane, last, total, acknowledged,
//	    delivered, number of epochs, each: base, lost, epoch(16), source
//	number of sites, each: site, journal file, journal offset
//	number of segments, each: number, done
func (s *state) appendCheckpoint(dst []byte, at int64) []byte {
	dst = binary.AppendVarint(dst, at)
	dst = binary.AppendUvarint(dst, s.refused)
	dst = binary.AppendUvarint(dst, uint64(len(s.lanes)))
	for _, l := range s.lanes {
		dst = appendKey(dst, 0, l.laneKey)
		for _, v := range []uint64{l.last, l.total, l.acknowledged, l.delivered, uint64(len(l.epochs))} {
			dst = binary.AppendUvarint(dst, v)
		}
		for _, e := range l.epochs {
			dst = e.append(dst)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.used)))
	for _, site := range slices.Sorted(maps.Keys(s.used)) {
		p := s.used[site]
		dst = appendText(dst, string(site))
		dst = binary.AppendUvarint(dst, p.file)
		dst = binary.AppendUvarint(dst, uint64(p.offset))
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.segments)))
	for _, seg := range s.segments {
		dst = binary.AppendUvarint(dst, seg.number)
		dst = binary.AppendVarint(dst, seg.done)
	}
	return dst
}

// parseCheckpoint reads a state; its segments have number and done alone.
func parseCheckpoint(payload []byte, born epochStart) (s state, at int64, ok bool) {
	c := cursor{b: payload}
	s = newState(born)
	at = c.varint()
	s.refused = c.uvarint()
	for range c.count(8) {
		_, key := c.key()
		if _, twice := s.index[key]; twice || c.bad {
			return s, 0, false
		}
		l := s.lane(key)
		l.last, l.total, l.acknowledged, l.delivered = c.uvarint(), c.uvarint(), c.uvarint(), c.uvarint()
		epochs := make([]epochStart, 0, 1)
		for range c.count(19) {
			epochs = append(epochs, c.epochStart())
		}
		if l.epochs = epochs; len(epochs) == 0 {
			return s, 0, false
		}
	}
	for range c.count(3) {
		site := energy.SiteID(c.text())
		s.used[site] = place{file: c.uvarint(), offset: int64(c.uvarint())}
	}
	for range c.count(2) {
		s.segments = append(s.segments, &segment{number: c.uvarint(), done: c.varint()})
	}
	return s, at, !c.bad
}
