package main

import (
	"time"
)

// window is the time of which readings are counted, in slots of the schedule.
type window struct {
	from, to time.Time
	every    time.Duration
}

// slots is how many polls of a unit fall into the window.
func (w window) slots() int { return int(w.to.Sub(w.from) / w.every) }

// stored is what a collector has kept of a window, found by reading its files.
type stored struct {
	readings int // all of them
	kept     int // of which each is alone in the slot of its point

	window window
	slots  map[string][]uint64 // by point, a bit for each slot
}

func newStored(w window) *stored {
	return &stored{window: w, slots: make(map[string][]uint64)}
}

// add counts a reading.
func (s *stored) add(point string, at time.Time) {
	if at.Before(s.window.from) || !at.Before(s.window.to) {
		return
	}
	s.readings++
	bits := s.slots[point]
	if bits == nil {
		bits = make([]uint64, s.window.slots()/64+1)
		s.slots[point] = bits
	}
	slot := int(at.Sub(s.window.from) / s.window.every)
	if bits[slot/64]&(1<<(slot%64)) == 0 {
		bits[slot/64] |= 1 << (slot % 64)
		s.kept++
	}
}

// expected is how many readings the layout has in the window.
func (w window) expected(l layout) int { return l.readings() * w.slots() }
