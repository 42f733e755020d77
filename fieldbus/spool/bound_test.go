package spool

import (
	"errors"
	"testing"
	"time"
)

func TestAFullSpoolKeepsTheOldestAndRefusesWhatIsNew(t *testing.T) {
	t.Parallel()
	for name, full := range map[string]struct {
		options Options
		disk    func() *memory
	}{
		"at its bound":   {Options{MaxBytes: 200 << 10, fileBytes: 8 << 10}, func() *memory { return newMemory(1) }},
		"on a full disk": {Options{fileBytes: 8 << 10}, func() *memory { m := newMemory(1); m.capacity = 200 << 10; return m }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := full.disk()
			s := mustOpen(t, d, full.options)
			kept, refused := int64(0), int64(0)
			for n := int64(0); refused < 2000; n += 100 {
				err := s.Collect(t.Context(), readings("north", n, n+100))
				if err != nil && !errors.Is(err, ErrFull) {
					t.Fatal(err)
				}
				if err == nil {
					kept += 100
				} else {
					refused += 100
				}
			}
			if kept < 5000 || d.used() > 210<<10 {
				t.Errorf("%d readings were kept in %d bytes", kept, d.used())
			}
			if st := s.Stats(); !st.Full || st.Collected != kept+refused || st.Refused != refused || st.Queued != kept {
				t.Errorf("kept %d, refused %d, accounts %+v", kept, refused, st)
			}
			c := newCentre()
			s = mustOpen(t, d.killed(), full.options)
			mustDrain(t, s, c)
			for _, r := range readings("north", 0, 5000) {
				if c.count(r) != 1 {
					t.Fatalf("%v is at the centre %d times", r, c.count(r))
				}
			}
			if c.readings() != int(kept) {
				t.Errorf("%d readings came, %d were kept", c.readings(), kept)
			}
			mustCollect(t, s, readings("north", 1e6, 1e6+100)) // there is room again
			if st := s.Stats(); st.Full || full.options.MaxBytes > 0 && st.Bytes > st.MaxBytes {
				t.Errorf("%d bytes of %d are used", st.Bytes, st.MaxBytes)
			}
		})
	}
}

func TestWhatWaitsUncutIsBoundedThoughNobodyDelivers(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, newMemory(1), Options{BatchReadings: 500, fileBytes: 16 << 10})
	for n := int64(0); n < 50_000; n += 100 {
		mustCollect(t, s, readings("north", n, n+100))
		if of := s.dictionary.sites["north"]; of.readings > crowd*500 || len(of.pieces) > crowd*5 {
			t.Fatalf("%d readings in %d pieces wait in memory", of.readings, len(of.pieces))
		}
	}
	if len(s.files) > 3 {
		t.Errorf("%d journal files are kept", len(s.files))
	}
	c := newCentre()
	mustDrain(t, s, c)
	if c.readings() != 50_000 {
		t.Errorf("%d readings came", c.readings())
	}
}

func TestAFileOfBatchesLastsADay(t *testing.T) {
	t.Parallel()
	now := noon
	d := newMemory(1)
	for day := range int64(5) {
		s := mustOpen(t, d.killed(), Options{Now: func() time.Time { return now }})
		d = s.disk.(*memory)
		mustCollect(t, s, readings("north", day, day+1))
		mustDrain(t, s, newCentre())
		now = now.Add(24 * time.Hour)
	}
	names, err := d.Names()
	if err != nil {
		t.Fatal(err)
	}
	if files := numbersOf(names, batchesKind); len(files) != 5 {
		t.Errorf("five days with a restart each have %d files", len(files))
	}
}

func TestDeliveredBatchesAreGivenUpBeforeNewReadingsAreRefused(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, newMemory(1), Options{MaxBytes: 100 << 10, fileBytes: 4 << 10})
	c := newCentre()
	for n := int64(0); n < 100_000; n += 1000 {
		mustCollect(t, s, readings("north", n, n+1000))
		mustDrain(t, s, c)
	}
	if st := s.Stats(); c.readings() != 100_000 || st.ReleasedEarly == 0 || st.Bytes > 100<<10 {
		t.Errorf("%d readings came, %+v", c.readings(), st)
	}
}

func TestDeliveredBatchesAreDeletedAfterKeepAndNotBefore(t *testing.T) {
	t.Parallel()
	now := noon
	d := newMemory(1)
	s := mustOpen(t, d, Options{fileBytes: 1 << 10, Now: func() time.Time { return now }})
	c := newCentre()
	for day := range int64(20) {
		mustCollect(t, s, readings("north", day*100, day*100+100))
		if day != 3 {
			mustDrain(t, s, c)
		}
		now = now.Add(24 * time.Hour)
	}
	s = mustOpen(t, d.killed(), Options{fileBytes: 1 << 10, Now: func() time.Time { return now }})
	mustDrain(t, s, c)
	s.mu.Lock()
	first := s.state.segments[0].start[0]
	s.mu.Unlock()
	if first < 4 || first > 7 {
		t.Errorf("after 20 days the first batch kept is %d", first+1)
	}
	c.restore(newCentre())
	mustCollect(t, s, readings("north", 5000, 5001))
	mustDrain(t, s, c)
	if n := c.readings(); n < 1300 || n > 1601 {
		t.Errorf("a centre restored from nothing got %d readings of the 14 days", n)
	}
}
