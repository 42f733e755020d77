package spool

import (
	"encoding/binary"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"
)

// group is what one commit writes: what the callers brought that came while the
// commit before was under way, as one record for each site.
type group struct {
	names   []byte // records of names that are new
	parts   []*part
	callers int
	count   int64 // readings
	done    chan struct{}
	err     error // valid when done is closed
}

// newGroup is a group without readings.
func newGroup() *group { return &group{done: make(chan struct{})} }

// Done is closed when the group is on disk, or will not be.
func (g *group) Done() <-chan struct{} { return g.done }

// Err is why a group whose Done is closed is not on disk.
func (g *group) Err() error { return g.err }

// part is the readings of one site in a group, in the order in which they came;
// it becomes a record.
type part struct {
	site      *site
	block     rows.Block
	rows      []byte
	count     int
	collected int64 // when the first of them came, Unix µs
	at        int   // of the record in what the commit writes
	length    int   // of the record, bytes
}

// sparePart bounds the memory that parts keep for the next group, in bytes.
const sparePart = 64 << 10

// encode adds readings to the group; the caller holds the mutex. Nothing is
// added when it errs, but for names: a name is written once, and should this
// group not reach the disk, all names are written again before the next.
func (s *Spool) encode(g *group, readings []energy.PointReading, now int64) error {
	points := s.points[:0]
	var before numbered
	for i := range readings {
		n, known := s.dictionary.follow(before, readings[i].Point)
		if !known {
			var err error
			if n, err = s.dictionary.add(readings[i].Point); err != nil {
				return err
			}
			at := len(g.names)
			g.names = appendName(beginRecord(g.names, kindNames), n, readings[i].Point)
			endRecord(g.names, at, s.seed)
		}
		points = append(points, n)
		before = n
	}
	s.points = points
	limit := min(maxRecordRows, s.options.BatchReadings)
	for i := range readings {
		p := points[i].site.open
		if p == nil || p.count >= limit {
			p = s.openPart(g, points[i].site, now)
		}
		p.rows = p.block.Append(p.rows, points[i].number, &readings[i].Reading)
		p.count++
	}
	g.count += int64(len(readings))
	return nil
}

// openPart begins the next part of a site.
func (s *Spool) openPart(g *group, of *site, now int64) *part {
	p := new(part)
	if last := len(s.spare) - 1; last >= 0 {
		p, s.spare = s.spare[last], s.spare[:last]
	}
	*p = part{site: of, block: rows.NewBlock(now), rows: p.rows[:0], collected: now}
	g.parts = append(g.parts, p)
	of.open = p
	return p
}

// close ends the parts: what comes now is for the next group. The caller holds
// the mutex.
func (g *group) close() {
	for _, p := range g.parts {
		if p.site.open == p {
			p.site.open = nil
		}
	}
}

// append appends the group as it is written to the journal file of that number,
// and notes where its parts stand. Its caller holds the committing token.
func (g *group) append(dst []byte, number uint64, seed uint32) []byte {
	dst = append(dst, g.names...)
	for _, p := range g.parts {
		p.at = len(dst)
		if p.site.writtenTo != number {
			p.site.writtenTo, p.site.written = number, 0
		}
		dst = binary.AppendUvarint(beginRecord(dst, kindReadings), p.site.number)
		dst = binary.AppendUvarint(dst, p.site.written)
		p.site.written += uint64(p.count)
		dst = append(rows.AppendHead(dst, p.collected, p.count), p.rows...)
		endRecord(dst, p.at, seed)
		p.length = len(dst) - p.at
	}
	return dst
}

// unwritten takes back what append counted: the group did not reach the disk.
func (g *group) unwritten() {
	for _, p := range g.parts {
		p.site.written -= uint64(p.count)
	}
}

// recycle keeps the memory of a group's parts for the next; the caller holds the
// mutex.
func (s *Spool) recycle(g *group) {
	for _, p := range g.parts {
		if cap(p.rows) <= sparePart {
			p.site = nil
			s.spare = append(s.spare, p)
		}
	}
	g.parts = nil
}
