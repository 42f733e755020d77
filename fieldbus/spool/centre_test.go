package spool

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"sync"

	"heatledger/energy"
)

// centre keeps a mark and digests for each lane, as the real one does, and
// counts how often it was given each reading.
type centre struct {
	mu    sync.Mutex
	lanes map[centreKey][][sha256.Size]byte
	facts map[energy.PointReading]int
	order []energy.Batch // without readings
	// answer, when set, may replace the centre's doing: stored tells whether
	// the batch is a fact already.
	answer func(b energy.Batch, stored bool) (refuse, lose error)
}

type centreKey struct {
	site   energy.SiteID
	source string
	epoch  energy.Epoch
	lane   energy.Lane
}

var errAway = errors.New("centre is away")

func newCentre() *centre {
	return &centre{lanes: make(map[centreKey][][sha256.Size]byte), facts: make(map[energy.PointReading]int)}
}

func (c *centre) Deliver(_ context.Context, b energy.Batch) (energy.Delivery, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := centreKey{b.Site, b.Source, b.Epoch, b.Lane}
	digests := c.lanes[key]
	upto := uint64(len(digests))
	var lose error
	if c.answer != nil {
		var refuse error
		if refuse, lose = c.answer(b, b.Sequence <= upto); refuse != nil {
			return energy.Delivery{}, refuse
		}
	}
	switch {
	case b.Sequence > upto+1:
		return energy.Delivery{}, &energy.BehindError{Upto: upto}
	case b.Sequence <= upto:
		if digests[b.Sequence-1] != b.Digest() {
			return energy.Delivery{}, energy.ErrConflict
		}
		return energy.Delivery{Upto: upto, Duplicate: true}, lose
	}
	c.lanes[key] = append(digests[:upto:upto], b.Digest())
	for _, r := range b.Readings {
		c.facts[r]++
	}
	b.Readings = nil
	c.order = append(c.order, b)
	return energy.Delivery{Upto: upto + 1, Fact: int64(len(c.order))}, lose
}

// backup is a copy of the centre as it is now.
func (c *centre) backup() *centre {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &centre{lanes: maps.Clone(c.lanes), facts: maps.Clone(c.facts)}
}

// restore brings the centre back to a backup.
func (c *centre) restore(from *centre) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lanes, c.facts = maps.Clone(from.lanes), maps.Clone(from.facts)
}

func (c *centre) count(r energy.PointReading) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.facts[r]
}

func (c *centre) readings() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, times := range c.facts {
		n += times
	}
	return n
}
