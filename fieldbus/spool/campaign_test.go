package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"heatledger/energy"
)

var noon = time.Date(2024, 6, 3, 12, 0, 0, 0, time.UTC)

// world is a spool, its disk, its centre and what it promised.
type world struct {
	t      *testing.T
	rand   *rand.Rand
	disk   *memory
	spool  *Spool
	centre *centre
	backup *centre
	// restores: the centre is restored and says so falsely; else the disk is
	// full at times and old batches are deleted.
	restores bool
	now      time.Time
	passed   time.Duration // by a clock that does not jump
	number   int64
	refused  int64                 // readings of Collects that erred
	synced   int64                 // of them, when the spool was closed last
	kept     []energy.PointReading // Collect said they are durable
	open     []energy.PointReading // Collect erred: at most once
}

func (w *world) options() Options {
	return Options{Source: "edge", BatchReadings: 50, fileBytes: 4096, Gather: 1, Now: func() time.Time { return w.now },
		steady: func() time.Duration { return w.passed }}
}

// reopen opens the spool; a disk that dies under it is switched on again. With
// exact, all that was refused is still counted; else as much as was synced.
func (w *world) reopen(exact bool) {
	w.t.Helper()
	for range 100 {
		var err error
		if w.spool, err = openOn(w.disk, w.options()); err == nil {
			if n := w.spool.Stats().Refused; !exact {
				if n > w.refused || n < w.synced {
					w.t.Fatalf("%d readings are counted as refused of %d, of which %d were synced", n, w.refused, w.synced)
				}
				w.refused = n
			}
			w.balance()
			return
		}
		if !errors.Is(err, errDead) {
			w.t.Fatalf("open: %v", err)
		}
		w.disk = w.disk.powerCut()
		exact = false
	}
	w.t.Fatal("the spool did not open")
}

func (w *world) reading() energy.PointReading {
	w.number++
	site := []string{"north", "south", "west"}[w.rand.IntN(3)]
	return energy.PointReading{
		Point: energy.PointID(fmt.Sprintf("%s/p%d", site, w.rand.IntN(12))),
		Reading: energy.Reading{At: w.now.Add(time.Duration(w.number) * time.Microsecond), Quality: energy.Measured,
			Value: energy.Decimal(w.number, -1)},
	}
}

func (w *world) collect() {
	readings := make([]energy.PointReading, 1+w.rand.IntN(30))
	for i := range readings {
		readings[i] = w.reading()
	}
	if err := w.spool.Collect(w.t.Context(), readings); err != nil {
		w.open = append(w.open, readings...)
		w.refused += int64(len(readings))
		return
	}
	w.kept = append(w.kept, readings...)
}

// deliver takes what is cut to the centre, stopping where it says no.
func (w *world) deliver(all bool) error {
	c := w.spool.newCourier(w.centre)
	var problems []error
	for _, of := range w.spool.allSites() {
		problems = append(problems, w.spool.cut(of, all))
		for _, l := range []energy.Lane{energy.Live, energy.Backlog} {
			problems = append(problems, c.drainLane(w.t.Context(), laneKey{of.id, l}))
		}
	}
	return errors.Join(problems...)
}

// balance checks the accounts.
func (w *world) balance() {
	w.t.Helper()
	st := w.spool.Stats()
	if st.Collected != st.Delivered+st.Queued+st.Refused+st.Lost || st.Lost != 0 || st.Refused != w.refused {
		w.t.Fatalf("collected %d, delivered %d, queued %d, refused %d (of %d), lost %d",
			st.Collected, st.Delivered, st.Queued, st.Refused, w.refused, st.Lost)
	}
}

// kill ends the process without a word and starts it again: what it counted it
// counts again, unless the machine was off.
func (w *world) kill() {
	w.t.Helper()
	// A disk that had no room for the account when it was to be made counts nothing.
	before, alive := w.spool.Stats(), w.disk.lives != 0 && w.spool.account.file != nil
	w.disk = w.disk.killed()
	w.reopen(alive)
	if after := w.spool.Stats(); alive && (after.Collected != before.Collected || after.Delivered+after.Queued != before.Delivered+before.Queued) {
		w.t.Fatalf("killed with the accounts %+v, started again with %+v", before, after)
	}
}

// pass lets time pass.
func (w *world) pass(length time.Duration) {
	w.now = w.now.Add(length)
	w.passed += length
}

// moody makes the centre refuse, lose its answer or lie at random.
func (w *world) moody() {
	w.centre.answer = func(_ energy.Batch, stored bool) (refuse, lose error) {
		switch n := w.rand.IntN(12); {
		case n == 0:
			return errAway, nil
		case n == 1:
			return nil, errAway
		case n == 2 && !stored:
			return energy.ErrConflict, nil
		case n == 3 && w.restores:
			return &energy.BehindError{Upto: uint64(w.rand.IntN(3))}, nil
		}
		return nil, nil
	}
}

func (w *world) act() {
	switch n := w.rand.IntN(100); {
	case n < 50:
		w.collect()
	case n < 60:
		w.pass(time.Duration(w.rand.IntN(20)) * time.Second)
	case n < 62:
		w.pass(time.Duration(w.rand.IntN(20)) * time.Minute)
	case n < 63:
		w.now = w.now.Add([]time.Duration{-time.Hour, time.Hour}[w.rand.IntN(2)])
	case n < 80:
		w.moody()
		_ = w.deliver(w.rand.IntN(4) == 0) // a moody centre: what is left is looked at in the end
		w.centre.answer = nil
	case n < 86:
		w.fail()
	case n < 88:
		if w.disk.lives != 0 { // what is dead stays dead
			w.disk.lives = w.rand.IntN(30)
		}
	case n < 89:
		w.disk.badSync = true
	case n < 92:
		if err := w.spool.Close(); err == nil { // else the disk is dead: the same as a kill
			w.synced = w.refused
		}
		w.kill()
	case n < 95:
		w.kill()
	default:
		w.disk = w.disk.powerCut()
		w.reopen(false)
	}
}

// fail restores the centre from its backup, or fills the disk and lets kept
// batches grow old: not both, for then the backup is older than what is kept.
func (w *world) fail() {
	n := w.rand.IntN(3)
	switch {
	case w.restores && n == 0:
		w.backup = w.centre.backup()
	case w.restores:
		w.centre.restore(w.backup)
	case n == 0:
		w.disk.capacity = w.disk.used() + int64(w.rand.IntN(3000))
	case n == 1:
		w.disk.capacity = 0
	default:
		w.pass(15 * 24 * time.Hour)
		_ = w.spool.keepHouse() // the disk may be dead or full
	}
}

// settle lets everything work again and delivers the rest.
func (w *world) settle() {
	w.t.Helper()
	w.kill()
	if err := w.spool.Drain(w.t.Context(), w.centre); err != nil {
		w.t.Fatalf("the last delivery: %v", err)
	}
	if st := w.spool.Stats(); st.Queued != 0 {
		w.t.Fatalf("not everything was delivered: %+v", st)
	}
}

func TestEveryCollectedReadingIsDeliveredOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			campaign(t, seed)
		})
	}
}

func campaign(t *testing.T, seed uint64) {
	w := &world{t: t, rand: rand.New(rand.NewPCG(seed, 4)), disk: newMemory(seed), centre: newCentre(), now: noon, restores: seed%2 == 0}
	w.backup = w.centre.backup()
	w.reopen(true)
	for range 150 {
		w.act()
		w.balance()
	}
	w.settle()
	for _, r := range w.kept {
		if n := w.centre.count(r); n != 1 {
			t.Fatalf("%v, which was collected, is at the centre %d times", r, n)
		}
	}
	for _, r := range w.open {
		if n := w.centre.count(r); n > 1 {
			t.Fatalf("%v, which was not collected for sure, is at the centre %d times", r, n)
		}
	}
	if n := w.centre.readings(); n < len(w.kept) || n > len(w.kept)+len(w.open) {
		t.Fatalf("%d readings at the centre, %d to %d were collected", n, len(w.kept), len(w.kept)+len(w.open))
	}
}
