package spool

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
)

// plant collects a reading of each of its sites every second until ctx ends.
func plant(ctx context.Context, t *testing.T, s *Spool, sites ...string) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for n := int64(0); ; n++ {
		for _, site := range sites {
			if err := s.Collect(context.WithoutCancel(ctx), []energy.PointReading{reading(site, n)}); err != nil {
				t.Error(err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func reading(site string, n int64) energy.PointReading {
	return energy.PointReading{Point: energy.PointID(site + "/power"), Reading: energy.Reading{
		At: time.Now().UTC().Truncate(time.Microsecond), Value: energy.Decimal(n, 0), Quality: energy.Measured}}
}

func mustOpen(t *testing.T, d disk, o Options) *Spool {
	t.Helper()
	if o.Source == "" {
		o.Source = "edge"
	}
	if o.Now != nil && o.steady == nil { // time passes as the clock says
		begun := o.Now()
		o.steady = func() time.Duration { return o.Now().Sub(begun) }
	}
	s, err := openOn(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// arrival is a batch as it came to the centre.
type arrival struct {
	energy.Batch
	after  time.Duration // since the scene began
	oldest time.Duration // likewise, its first reading
	count  int
}

// scene runs a plant, a spool and a centre in a bubble for a while and then
// drains the spool.
func scene(t *testing.T, length time.Duration, sites []string, c *centre, during func(s *Spool)) []arrival {
	t.Helper()
	return sceneWith(t, Options{}, length, sites, c, during)
}

func sceneWith(t *testing.T, o Options, length time.Duration, sites []string, c *centre, during func(s *Spool)) []arrival {
	t.Helper()
	start := time.Now()
	var arrivals []arrival
	to := deliverFunc(func(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
		n, oldest := len(b.Readings), b.Readings[0].At.Sub(start)
		d, err := c.Deliver(ctx, b)
		if err == nil && !d.Duplicate {
			c.mu.Lock()
			arrivals = append(arrivals, arrival{b, time.Since(start), oldest, n})
			c.mu.Unlock()
		}
		return d, err
	})
	o.fileBytes = 64 << 10 // a sync in memory copies the file
	s := mustOpen(t, newMemory(1), o)
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	go plant(ctx, t, s, sites...)
	delivered := make(chan error, 1)
	go func() { delivered <- s.Deliver(ctx, to) }()
	if during != nil {
		during(s)
	}
	<-ctx.Done()
	if err := <-delivered; err != nil {
		t.Errorf("deliver: %v", err)
	}
	synctest.Wait()
	c.answer = nil
	if err := s.Drain(t.Context(), to); err != nil {
		t.Errorf("drain: %v", err)
	}
	if st := s.Stats(); st.Queued != 0 || st.Delivered != st.Collected || int(st.Collected) != c.readings() {
		t.Errorf("collected %d, delivered %d, queued %d, at the centre %d", st.Collected, st.Delivered, st.Queued, c.readings())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return arrivals
}

type deliverFunc func(context.Context, energy.Batch) (energy.Delivery, error)

func (f deliverFunc) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	return f(ctx, b)
}

func TestALiveBatchIsCutEveryQuarterMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		arrivals := scene(t, time.Minute, []string{"north", "south"}, newCentre(), nil)
		sequence := make(map[energy.SiteID]uint64)
		for _, a := range arrivals {
			if sequence[a.Site]++; a.Sequence != sequence[a.Site] || a.Lane != energy.Live {
				t.Errorf("batch %d of lane %d of %s came as number %d", a.Sequence, a.Lane, a.Site, sequence[a.Site])
			}
			if a.Sequence == 2 && (a.after < 30*time.Second || a.after > 32*time.Second || a.count < 15 || a.count > 16) {
				t.Errorf("the second batch of %s came after %s with %d readings", a.Site, a.after, a.count)
			}
		}
		if len(arrivals) < 8 || len(arrivals) > 10 {
			t.Errorf("%d batches in a minute of two sites", len(arrivals))
		}
	})
}

func TestAfterAnOutageFreshReadingsDoNotWaitForTheBacklog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const outage, back = 2 * time.Hour, 2*time.Hour + time.Minute
		c := newCentre()
		tries := 0
		start := time.Now()
		c.answer = func(b energy.Batch, _ bool) (refuse, lose error) {
			switch after := time.Since(start); {
			case after < outage:
				tries++
				return errAway, nil
			case b.Lane == energy.Backlog:
				time.Sleep(5 * time.Second) // a slow line
			}
			return nil, nil
		}
		arrivals := scene(t, outage+10*time.Minute, []string{"north"}, c, nil)
		if tries > 2*(int(outage/(longestPause/2))+20) {
			t.Errorf("%d tries in an outage of %s", tries, outage)
		}
		backlog, fresh := 0, time.Duration(0)
		for _, a := range arrivals {
			if a.Lane == energy.Backlog {
				backlog += a.count
			} else if fresh == 0 && a.Sequence > openBatches {
				fresh = a.after
			}
		}
		if backlog < 6000 || backlog > 7200 {
			t.Errorf("%d readings came in the backlog lane, of 7200 of the outage", backlog)
		}
		if fresh > back+30*time.Second {
			t.Errorf("fresh readings came %s after the outage", fresh-outage)
		}
	})
}

func TestABadSiteDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCentre()
		c.answer = func(b energy.Batch, _ bool) (refuse, lose error) {
			if b.Site == "bad" {
				return errors.New("no such site"), nil
			}
			return nil, nil
		}
		arrivals := scene(t, 10*time.Minute, []string{"bad", "good"}, c, func(s *Spool) {
			time.Sleep(10*time.Minute - time.Second)
			st := s.Stats()
			for _, l := range st.Lanes {
				if failing := l.Site == "bad" && l.Lane == energy.Live; failing != (l.Problem == "no such site") {
					t.Errorf("lane %d of %s: %q", l.Lane, l.Site, l.Problem)
				}
			}
			if age := time.Since(st.OldestQueued); age < 9*time.Minute {
				t.Errorf("the oldest queued reading is said to be %s old", age)
			}
		})
		last := uint64(0)
		for _, a := range arrivals {
			if a.Site == "good" && a.after <= 10*time.Minute {
				last = a.Sequence
			}
		}
		if last < 36 {
			t.Errorf("the good site came to batch %d in ten minutes", last)
		}
	})
}

func TestABatchThatTheCentreNeverTakesHoldsUpItsLaneAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCentre()
		c.answer = func(b energy.Batch, _ bool) (refuse, lose error) {
			if b.Lane == energy.Live && b.Sequence == 2 {
				return errors.New("unprocessable"), nil
			}
			return nil, nil
		}
		arrivals := scene(t, time.Hour, []string{"north"}, c, nil)
		came := 0
		for _, a := range arrivals {
			if a.after <= time.Hour {
				came += a.count
			}
		}
		if came < 3600-15*60 {
			t.Errorf("%d of 3600 readings came beside the batch that is stuck", came)
		}
	})
}

func TestReadingsAreCutAlthoughTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCentre()
		offset := time.Duration(0)
		s := mustOpen(t, newMemory(1), Options{Now: func() time.Time { return time.Now().Add(offset) }})
		if err := s.Collect(t.Context(), []energy.PointReading{reading("north", 1)}); err != nil {
			t.Fatal(err)
		}
		offset = -24 * time.Hour
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if err := s.Deliver(ctx, c); err != nil {
			t.Fatal(err)
		}
		if n := c.readings(); n != 1 {
			t.Errorf("%d readings came", n)
		}
	})
}

func TestDeliverEndsAtOnceWhenToldAndLeavesTheBatchUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, newMemory(1), Options{})
		if err := s.Collect(t.Context(), []energy.PointReading{reading("north", 1)}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		start := time.Now()
		err := s.Deliver(ctx, deliverFunc(func(ctx context.Context, _ energy.Batch) (energy.Delivery, error) {
			<-ctx.Done()
			return energy.Delivery{}, fmt.Errorf("post: %w", ctx.Err())
		}))
		if st := s.Stats(); err != nil || time.Since(start) != 20*time.Second || st.Queued != 1 || st.Lanes[0].Failures != 0 {
			t.Errorf("ended after %s with %v, %+v", time.Since(start), err, st)
		}
	})
}

func TestTwoCopiesOfASpoolLoseNothing(t *testing.T) {
	t.Parallel()
	one := newMemory(1)
	s := mustOpen(t, one, Options{})
	c := newCentre()
	var all []energy.PointReading
	collect := func(s *Spool, n int64) {
		t.Helper()
		r := reading("north", n)
		all = append(all, r)
		if err := s.Collect(t.Context(), []energy.PointReading{r}); err != nil {
			t.Fatal(err)
		}
	}
	collect(s, 1)
	if err := s.Drain(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	copied := mustOpen(t, one.killed(), Options{})
	for n := int64(2); n < 6; n++ {
		collect(s, n)
		if err := s.Drain(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for n := int64(6); n < 9; n++ {
		collect(copied, n)
		if err := copied.Drain(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range all {
		if n := c.count(r); n != 1 {
			t.Errorf("reading %s is at the centre %d times", r.Value, n)
		}
	}
}
