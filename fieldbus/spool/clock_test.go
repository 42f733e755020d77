package spool

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
)

const day = 24 * time.Hour

// calendar is a wall clock that may jump beside a steady one.
type calendar struct {
	passed time.Duration
	ahead  time.Duration // of the wall clock
}

func (c *calendar) options() Options {
	return Options{fileBytes: 1 << 10, Now: func() time.Time { return noon.Add(c.passed + c.ahead) },
		steady: func() time.Duration { return c.passed }}
}

// live lets a number of days pass, on each of which a hundred readings come and
// are delivered; the house is kept each hour.
func (c *calendar) live(t *testing.T, s *Spool, to Deliverer, days int) {
	t.Helper()
	for range days {
		n := int64(c.passed/day) * 100
		mustCollect(t, s, readings("north", n, n+100))
		mustDrain(t, s, to)
		for range 24 {
			c.passed += time.Hour
			if err := s.keepHouse(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// kept is how many of the days lived are still in the spool, whole: as many as a
// centre is given that lost everything.
func kept(t *testing.T, s *Spool) int {
	t.Helper()
	restored := newCentre()
	again := mustOpen(t, s.disk.(*memory).killed(), s.options)
	mustDrain(t, again, restored)
	return restored.readings() / 100
}

func TestDeliveredBatchesAreKeptForTwoWeeksWhateverTheClockDoes(t *testing.T) {
	t.Parallel()
	for sentence, tt := range map[string]struct {
		happens     func(t *testing.T, c *calendar, s *Spool, to Deliverer) *Spool // after ten days
		then        int                                                            // days that pass after that
		least, most int                                                            // days kept then
	}{
		"a clock that is right":                    {nil, 20, 14, 16},
		"a clock that jumps 20 days ahead":         {func(_ *testing.T, c *calendar, s *Spool, _ Deliverer) *Spool { c.ahead += 20 * day; return s }, 3, 13, 13},
		"a jump ahead forgotten after two weeks":   {func(_ *testing.T, c *calendar, s *Spool, _ Deliverer) *Spool { c.ahead += 20 * day; return s }, 20, 14, 16},
		"a jump ahead and a restart on each day":   {restarts(20*day, 5), 3, 18, 18},
		"a jump ahead while the collector was off": {restarts(20*day, 1), 3, 14, 14},
		"a clock that is put back by a year":       {func(_ *testing.T, c *calendar, s *Spool, _ Deliverer) *Spool { c.ahead -= 365 * day; return s }, 20, 14, 18},
		"a clock that starts in 1970 and is right again after an hour": {func(t *testing.T, c *calendar, s *Spool, _ Deliverer) *Spool {
			c.ahead -= 54 * 365 * day
			s = mustOpen(t, s.disk.(*memory).killed(), c.options())
			c.passed += time.Hour
			if err := s.keepHouse(); err != nil {
				t.Fatal(err)
			}
			c.ahead = 0
			return s
		}, 10, 14, 16},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			c := new(calendar)
			s, centre := mustOpen(t, newMemory(1), c.options()), newCentre()
			c.live(t, s, centre, 10)
			if tt.happens != nil {
				s = tt.happens(t, c, s, centre)
			}
			c.live(t, s, centre, tt.then)
			if n := kept(t, s); n < tt.least || n > tt.most {
				t.Errorf("%d days are kept after %s, want %d to %d", n, c.passed, tt.least, tt.most)
			}
			if st := s.Stats(); st.Queued != 0 || st.Collected != st.Delivered || int(st.Collected) != centre.readings() {
				t.Errorf("%d readings came, %+v", centre.readings(), st)
			}
		})
	}
}

// restarts lets the clock jump and the spool be opened anew, on each of some days.
func restarts(jump time.Duration, times int) func(*testing.T, *calendar, *Spool, Deliverer) *Spool {
	return func(t *testing.T, c *calendar, s *Spool, to Deliverer) *Spool {
		t.Helper()
		c.ahead += jump
		for range times {
			s = mustOpen(t, s.disk.(*memory).killed(), c.options())
			c.live(t, s, to, 1)
		}
		return s
	}
}

func TestACentreRestoredFromABackupOfDaysAgoGetsWhatItLacks(t *testing.T) {
	t.Parallel()
	for daysAgo := 1; daysAgo <= 13; daysAgo += 4 {
		c := new(calendar)
		d := newMemory(1)
		s, centre := mustOpen(t, d, c.options()), newCentre()
		c.live(t, s, centre, 30-daysAgo)
		backup := centre.backup()
		c.live(t, s, centre, daysAgo)
		centre.restore(backup)
		if lacking := 3000 - centre.readings(); lacking != daysAgo*100 {
			t.Fatalf("the restored centre lacks %d readings", lacking)
		}
		if daysAgo%2 == 1 { // the collector, too, was started anew
			s = mustOpen(t, d.killed(), c.options())
		}
		c.live(t, s, centre, 1) // the next live batch tells
		if st := s.Stats(); centre.readings() != 3100 || st.Queued != 0 || st.Delivered != 3100 || st.Lost != 0 {
			t.Errorf("restored from %d days ago: %d of 3100 readings are at the centre, %+v", daysAgo, centre.readings(), st)
		}
		for r, n := range centre.facts {
			if n != 1 {
				t.Fatalf("%v is at the centre %d times", r, n)
			}
		}
	}
}

func TestTheBoundGivesUpDeliveredBatchesAndSaysFromWhenOnTheyAreKept(t *testing.T) {
	t.Parallel()
	c := new(calendar)
	o := c.options()
	o.MaxBytes = 10 << 10
	s, centre := mustOpen(t, newMemory(1), o), newCentre()
	c.live(t, s, centre, 2)
	if st := s.Stats(); !st.KeptFrom.IsZero() || st.ReleasedEarly != 0 {
		t.Errorf("nothing was given up yet: %+v", st)
	}
	c.live(t, s, centre, 60)
	st := s.Stats()
	if st.ReleasedEarly == 0 || st.Refused != 0 || !st.KeptFrom.After(o.Now().Add(-30*day)) || !st.KeptFrom.Before(o.Now()) {
		t.Errorf("after two months in a small spool: %+v", st)
	}
	days := int(o.Now().Sub(st.KeptFrom) / day)
	if n := kept(t, s); n < days || n > days+2 {
		t.Errorf("%d days are kept, said to be from %s on, which is %d", n, st.KeptFrom, days)
	}
}

func TestAClockThatJumpsHoldsUpNothing(t *testing.T) {
	t.Parallel()
	for sentence, jump := range map[string]time.Duration{"ahead": 5 * time.Hour, "back": -5 * time.Hour} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, begun := newCentre(), time.Now()
				var offset atomic.Int64 // couriers ask for the time too
				s := mustOpen(t, newMemory(1), Options{Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) },
					steady: func() time.Duration { return time.Since(begun) }})
				ctx, stop := context.WithCancel(t.Context())
				delivered := make(chan error, 1)
				go func() { delivered <- s.Deliver(ctx, c) }()
				for n := range int64(600) {
					if n == 200 {
						offset.Store(int64(jump))
					}
					if n == 400 {
						offset.Store(0)
					}
					mustCollect(t, s, []energy.PointReading{reading("north", n)})
					time.Sleep(time.Second)
					if waiting := n + 1 - int64(c.readings()); waiting > 32 { // two batches
						t.Fatalf("%d readings wait at second %d", waiting, n)
					}
				}
				stop()
				if err := <-delivered; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
