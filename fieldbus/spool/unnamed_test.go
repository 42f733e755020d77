package spool

import (
	"errors"
	"testing"

	"heatledger/energy"
)

// TestAPointFirstSeenWhileTheSpoolWasFullIsKnownAfterAStart holds that the name of
// a point is on disk before its readings are, also when the group that brought the
// name was refused.
func TestAPointFirstSeenWhileTheSpoolWasFullIsKnownAfterAStart(t *testing.T) {
	t.Parallel()
	disk, c := newMemory(1), newCentre()
	open := func() *Spool {
		t.Helper()
		s, err := openOn(disk, Options{Source: "edge"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	reading := func(point energy.PointID, n int64) []energy.PointReading {
		return []energy.PointReading{{Point: point, Reading: energy.Reading{At: noon, Value: energy.Decimal(n, 0), Quality: energy.Measured}}}
	}
	s := open()
	if err := s.Collect(t.Context(), reading("old/p", 1)); err != nil {
		t.Fatal(err)
	}
	room := s.options.MaxBytes
	s.options.MaxBytes = 1
	if err := s.Collect(t.Context(), reading("new/p", 2)); !errors.Is(err, ErrFull) {
		t.Fatalf("the spool is full and says %v", err)
	}
	s.options.MaxBytes = room
	kept := reading("new/p", 3)
	if err := s.Collect(t.Context(), kept); err != nil {
		t.Fatalf("there is room again: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	disk = disk.killed()
	s = open()
	mustDrain(t, s, c)
	if st := s.Stats(); c.count(kept[0]) != 1 || st.SetAside != 0 || st.Lost != 0 {
		t.Errorf("the reading is at the centre %d times, %d stretches are set aside, %d readings lost", c.count(kept[0]), st.SetAside, st.Lost)
	}
}
