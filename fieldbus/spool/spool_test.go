package spool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
)

func readings(site string, from, to int64) []energy.PointReading {
	var rs []energy.PointReading
	for n := from; n < to; n++ {
		rs = append(rs, energy.PointReading{Point: energy.PointID(fmt.Sprintf("%s/p%d", site, n%7)), Reading: energy.Reading{
			At: noon.Add(time.Duration(n) * time.Millisecond), Value: energy.Decimal(n, -2), Quality: energy.Measured}})
	}
	return rs
}

func mustCollect(t *testing.T, s *Spool, rs []energy.PointReading) {
	t.Helper()
	if err := s.Collect(t.Context(), rs); err != nil {
		t.Fatal(err)
	}
}

func mustDrain(t *testing.T, s *Spool, to Deliverer) {
	t.Helper()
	if err := s.Drain(t.Context(), to); err != nil {
		t.Fatal(err)
	}
}

func TestTheAccountsAreTheSameAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *Spool {
		s, err := Open(dir, Options{Source: "edge"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	epoch := s.Epoch()
	mustCollect(t, s, append(readings("north", 0, 50), readings("south", 0, 20)...))
	mustDrain(t, s, newCentre())
	mustCollect(t, s, readings("north", 50, 60))
	if err := s.Drain(t.Context(), deliverFunc(func(context.Context, energy.Batch) (energy.Delivery, error) {
		return energy.Delivery{}, errAway
	})); !errors.Is(err, errAway) {
		t.Fatalf("drained to a centre that is away: %v", err)
	}
	mustCollect(t, s, readings("north", 60, 65))
	if err := s.Collect(t.Context(), []energy.PointReading{{Point: "no point"}}); err == nil {
		t.Error("an ill-formed point was collected")
	}
	before := s.Stats()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	after := s.Stats()
	if before.Collected != 86 || before.Delivered != 70 || before.Queued != 15 || before.Refused != 1 ||
		after.Collected != 86 || after.Delivered != 70 || after.Queued != 15 || after.Refused != 1 || s.Epoch() != epoch {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	if !after.OldestQueued.Equal(before.OldestQueued) || before.OldestQueued.IsZero() {
		t.Errorf("the oldest queued is of %s, then of %s", before.OldestQueued, after.OldestQueued)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Collect(t.Context(), readings("north", 0, 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed spool collected: %v", err)
	}
}

func TestASecondOpenerIsToldWhoHasTheSpool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(dir, Options{Source: "edge"})
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if _, err := Open(dir, Options{Source: "other"}); !errors.As(err, &held) || held.PID != os.Getpid() {
		t.Errorf("a second opener got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, Options{Source: "edge"})
	if err != nil {
		t.Fatalf("after it was closed: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// slowDisk takes a millisecond to sync, as a real one does, and counts.
type slowDisk struct {
	*memory
	mu    sync.Mutex
	syncs int
}

type slowFile struct {
	file
	on *slowDisk
}

func (d *slowDisk) Create(name string) (file, error) {
	f, err := d.memory.Create(name)
	return slowFile{f, d}, err
}

func (f slowFile) Sync() error {
	f.on.mu.Lock()
	f.on.syncs++
	f.on.mu.Unlock()
	time.Sleep(time.Millisecond)
	return f.file.Sync()
}

func TestCallersThatComeTogetherShareAnFsync(t *testing.T) {
	t.Parallel()
	d := &slowDisk{memory: newMemory(1)}
	s := mustOpen(t, d, Options{})
	var callers sync.WaitGroup
	for c := range int64(50) {
		callers.Go(func() {
			for n := range int64(20) {
				if err := s.Collect(t.Context(), readings("north", c*1000+n, c*1000+n+1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	callers.Wait()
	if st := s.Stats(); st.Collected != 1000 || d.syncs > 200 {
		t.Errorf("%d readings took %d syncs", st.Collected, d.syncs)
	}
}

func TestACallerMayLeaveAndItsReadingsStay(t *testing.T) {
	t.Parallel()
	d := &slowDisk{memory: newMemory(1)}
	s := mustOpen(t, d, Options{Gather: time.Hour})
	s.committing <- struct{}{} // a commit is under way
	first := make(chan error, 1)
	go func() { first <- s.Collect(context.Background(), readings("north", 0, 1)) }()
	for started := false; !started; {
		s.mu.Lock()
		started = s.gathering.callers == 1
		s.mu.Unlock()
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	second := make(chan error, 1)
	go func() { second <- s.collect(ctx, readings("north", 1, 2)) }()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	<-s.committing
	if err := <-first; err != nil {
		t.Errorf("the caller that stayed got %v", err)
	}
	c := newCentre()
	mustDrain(t, s, c)
	if st := s.Stats(); c.readings() != 2 || st.Collected != 2 {
		t.Errorf("%d readings came, %d were collected", c.readings(), st.Collected)
	}
}

func TestUnderANewNameWhatIsNotDeliveredBeginsANewEpoch(t *testing.T) {
	t.Parallel()
	d := newMemory(1)
	c := newCentre()
	s := mustOpen(t, d, Options{Source: "old"})
	mustCollect(t, s, readings("north", 0, 10))
	mustDrain(t, s, c)
	mustCollect(t, s, readings("north", 10, 20))
	s = mustOpen(t, d.killed(), Options{Source: "new"})
	mustDrain(t, s, c)
	last := c.order[len(c.order)-1]
	if c.readings() != 20 || last.Source != "new" || last.Sequence != 1 || last.Epoch == s.Epoch() {
		t.Errorf("%d readings came, the last in batch %d of %s", c.readings(), last.Sequence, last.Source)
	}
}

func TestAFlippedByteCostsAtMostItsRecordAndInventsNothing(t *testing.T) {
	t.Parallel()
	before := newMemory(1)
	s := mustOpen(t, before, Options{fileBytes: 3000, BatchReadings: 40})
	early := newCentre()
	for n := int64(0); n < 1200; n += 10 {
		mustCollect(t, s, readings([]string{"north", "south"}[n/10%2], n, n+10))
		switch n {
		case 300, 600:
			mustDrain(t, s, early)
		case 900:
			for _, of := range s.allSites() {
				if err := s.cut(of, true); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	collected := make(map[energy.PointReading]bool)
	for n := int64(0); n < 1200; n += 10 {
		for _, r := range readings([]string{"north", "south"}[n/10%2], n, n+10) {
			collected[r] = true
		}
	}
	names, _ := before.Names()
	source := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		d := before.killed()
		f := d.files[names[source.IntN(len(names))]]
		at, bit := source.IntN(len(f.data)), byte(1)<<source.IntN(8)
		f.data[at] ^= bit
		c := early.backup()
		s := mustOpen(t, d, Options{fileBytes: 3000, BatchReadings: 40})
		mustDrain(t, s, c)
		for r, n := range c.facts {
			if !collected[r] || n != 1 {
				t.Fatalf("%v is at the centre %d times, collected: %v", r, n, collected[r])
			}
		}
		// A batch or a record of names with the file behind it are the most.
		if missing := 1200 - len(c.facts); missing > 400 {
			t.Fatalf("one bit cost %d readings", missing)
		}
		if st := s.Stats(); st.Collected != st.Delivered+st.Queued+st.Refused+st.Lost || st.Queued != 0 {
			t.Fatalf("accounts: %+v", st)
		}
	}
}

func TestForeignFilesAreSetAside(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	for _, d := range []string{dir, other} {
		s, err := Open(d, Options{Source: "edge"})
		if err != nil {
			t.Fatal(err)
		}
		mustCollect(t, s, readings("north", 0, 10))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	foreign, err := os.ReadFile(filepath.Join(other, journalKind.name(1)))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{journalKind.name(7): foreign,
		batchesKind.name(9): []byte(strings.Repeat("not ours at all ", 20)), "notes.txt": []byte("left alone")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir, Options{Source: "edge"})
	if err != nil {
		t.Fatal(err)
	}
	c := newCentre()
	mustDrain(t, s, c)
	if st := s.Stats(); c.readings() != 10 || st.SetAside != 2 {
		t.Errorf("%d readings came, %d files were set aside", c.readings(), st.SetAside)
	}
	for _, name := range []string{journalKind.name(7) + ".bad", batchesKind.name(9) + ".bad", "notes.txt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
