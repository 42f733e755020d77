package soak

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"heatledger/energy"
)

// centre takes batches as the real one does, and is in a mood: it refuses, loses
// its acknowledgement, is slow, or is away.
type centre struct {
	mu     sync.Mutex
	random *rand.Rand
	calm   bool // no moods any more
	away   bool

	lanes   map[laneKey][][sha256.Size]byte
	facts   map[fact]int
	refused int // batches
	unheard int // batches taken without an acknowledgement
}

type laneKey struct {
	site   energy.SiteID
	source string
	epoch  energy.Epoch
	lane   energy.Lane
}

// fact is a reading as it is counted: the same to the microsecond.
type fact struct {
	point  energy.PointID
	at     int64 // Unix µs
	length time.Duration
	value  energy.Value
	of     energy.Quality
}

func factOf(r energy.PointReading) fact {
	return fact{r.Point, r.At.UnixMicro(), r.Length, r.Value, r.Quality}
}

var (
	errAway = errors.New("centre is away")
	errLost = errors.New("acknowledgement is lost")
)

func newCentre(seed uint64) *centre {
	return &centre{random: rand.New(rand.NewPCG(seed, 2)), lanes: map[laneKey][][sha256.Size]byte{}, facts: map[fact]int{}}
}

// Deliver implements spool.Deliverer.
func (c *centre) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	slow, err := c.mood()
	if err != nil {
		return energy.Delivery{}, err
	}
	if slow > 0 {
		timer := time.NewTimer(slow)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return energy.Delivery{}, ctx.Err()
		case <-timer.C:
		}
	}
	answer, err := c.take(b)
	if err != nil {
		return answer, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.calm && c.random.IntN(6) == 0 {
		c.unheard++
		return energy.Delivery{}, errLost
	}
	return answer, nil
}

// mood says how the next batch is met.
func (c *centre) mood() (slow time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.calm:
	case c.away || c.random.IntN(6) == 0:
		c.refused++
		return 0, errAway
	case c.random.IntN(8) == 0:
		return time.Duration(c.random.IntN(1500)) * time.Millisecond, nil
	}
	return 0, nil
}

// take makes a batch a fact, once.
func (c *centre) take(b energy.Batch) (energy.Delivery, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := laneKey{b.Site, b.Source, b.Epoch, b.Lane}
	digests := c.lanes[key]
	upto := uint64(len(digests))
	switch {
	case b.Sequence > upto+1:
		return energy.Delivery{}, &energy.BehindError{Upto: upto}
	case b.Sequence <= upto:
		if digests[b.Sequence-1] != b.Digest() {
			return energy.Delivery{}, energy.ErrConflict
		}
		return energy.Delivery{Upto: upto, Duplicate: true}, nil
	}
	c.lanes[key] = append(digests, b.Digest())
	for _, r := range b.Readings {
		c.facts[factOf(r)]++
	}
	return energy.Delivery{Upto: upto + 1, Fact: 1}, nil
}

// leave lets the centre be away, or come back.
func (c *centre) leave(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
}

// settle ends all moods.
func (c *centre) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calm, c.away = true, false
}
