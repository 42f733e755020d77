package spool

import (
	"errors"
	"fmt"
	"testing"

	"heatledger/energy"
)

// TestStagedReadingsAreDurableWhenTheySaySo: whoever stages may use its slice
// again at once, and is told of nothing before it is on disk.
func TestStagedReadingsAreDurableWhenTheySaySo(t *testing.T) {
	t.Parallel()
	d := &slowDisk{memory: newMemory(1)}
	s := mustOpen(t, d, Options{})
	s.committing <- struct{}{} // a commit is under way
	given := readings("north", 0, 3)
	pending, err := s.Stage(given)
	if err != nil {
		t.Fatal(err)
	}
	clear(given)
	select {
	case <-pending.Done():
		t.Fatal("readings are durable before the commit")
	default:
	}
	if st := s.Stats(); st.Collected != 0 {
		t.Errorf("%d readings are collected before the commit", st.Collected)
	}
	<-s.committing
	<-pending.Done()
	if err := pending.Err(); err != nil {
		t.Fatal(err)
	}
	c := newCentre()
	mustDrain(t, s, c)
	if st := s.Stats(); c.readings() != 3 || st.Collected != 3 {
		t.Errorf("%d readings came, %d were collected", c.readings(), st.Collected)
	}
}

// TestStagedReadingsAreKeptWhenTheSpoolIsClosed: nobody waits for them, but close does.
func TestStagedReadingsAreKeptWhenTheSpoolIsClosed(t *testing.T) {
	t.Parallel()
	disk := newMemory(1)
	s := mustOpen(t, disk, Options{})
	for i := range int64(20) {
		if _, err := s.Stage(readings("north", i, i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stage(readings("north", 20, 21)); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed spool answers %v", err)
	}
	s = mustOpen(t, disk, Options{})
	c := newCentre()
	mustDrain(t, s, c)
	if c.readings() != 20 {
		t.Errorf("%d readings came, 20 were staged", c.readings())
	}
}

// TestThousandsOfPointsKeepTheirNumbers: the dictionary finds each by its whole
// name, also where the names of two sites are alike.
func TestThousandsOfPointsKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	d := newDictionary()
	var points []energy.PointID
	for i := range 3000 {
		for _, site := range []string{"a", "aa", "b"} {
			points = append(points, energy.PointID(fmt.Sprintf("%s/a%d", site, i)))
		}
	}
	given := map[energy.PointID]numbered{}
	for _, p := range points {
		if _, known := d.follow(numbered{}, p); known {
			t.Fatalf("%s is known before it was added", p)
		}
		n, err := d.add(p)
		if err != nil {
			t.Fatal(err)
		}
		given[p] = n
	}
	var before numbered
	for _, p := range points {
		n, known := d.follow(before, p)
		if !known || n != given[p] || n.site.id != p.Site() || n.site.names[n.number] != p.Name() {
			t.Fatalf("%s has number %+v (%t), want %+v", p, n, known, given[p])
		}
		before = n
	}
	if _, known := d.follow(before, "a/a3000"); known {
		t.Error("a point is known that was never added")
	}
}
