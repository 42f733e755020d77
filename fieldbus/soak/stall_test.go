package soak

import (
	"context"
	"sync"
	"time"
)

// stalls notes when this process stood still itself: on a machine with too much
// to do an answer may wait in its buffer beyond any timeout.
type stalls struct {
	mu   sync.Mutex
	seen time.Time // up to here all is known
	gaps []gap
}

type gap struct{ from, to time.Time }

// How often stalls looks at the clock, and what it takes for a gap.
const (
	stallTick  = 10 * time.Millisecond
	stallLeast = 60 * time.Millisecond
)

// watch runs until ctx ends.
func (s *stalls) watch(ctx context.Context) {
	tick := time.NewTicker(stallTick)
	defer tick.Stop()
	for {
		now := time.Now().Round(0) // the wall's clock: the stamps are of it
		s.mu.Lock()
		if !s.seen.IsZero() && now.Sub(s.seen) >= stallLeast {
			s.gaps = append(s.gaps, gap{s.seen, now})
		}
		s.seen = now
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// within is how long the process stood still from one instant to another. It
// waits until that is known, at most a moment. A nil stalls knows of none.
func (s *stalls) within(from, to time.Time) (d time.Duration) {
	if s == nil {
		return 0
	}
	for range 100 {
		s.mu.Lock()
		known := s.seen.After(to)
		s.mu.Unlock()
		if known {
			break
		}
		time.Sleep(stallTick)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.gaps {
		d += max(0, earlier(g.to, to).Sub(later(g.from, from)))
	}
	return d
}

// worst is the longest time that the process stood still.
func (s *stalls) worst() (d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.gaps {
		d = max(d, g.to.Sub(g.from))
	}
	return d
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
