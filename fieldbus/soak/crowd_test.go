package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
)

// TestACrowdLosesNothingToAFullSpoolThatIsOpenedAgain has many callers hand over
// more than the spool may hold while its centre is in every mood; new points come
// all the time, also while it is full.
func TestACrowdLosesNothingToAFullSpoolThatIsOpenedAgain(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	s := &soaking{t: t, seed: seed, chronicle: newChronicle()}
	s.account = newAccount(s.chronicle)
	st := s.store(seed)
	st.pace = 300 * time.Millisecond
	if err := st.open(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), max(*soakFlag/12, time.Second))
	defer cancel()
	var all sync.WaitGroup
	for caller := range 10 {
		random := rand.New(rand.NewPCG(seed, uint64(caller)+10))
		all.Go(func() { s.call(ctx, caller, random) })
	}
	if err := st.live(ctx); err != nil {
		t.Error(err)
	}
	all.Wait()
	stats, err := st.settle(context.Background())
	if err != nil {
		t.Errorf("the last delivery: %v", err)
	}
	s.settleAccounts(stats, st)
	if t.Failed() {
		t.Log(s.chronicle.last("spool", remembered))
	}
	t.Logf("%d readings kept, %d refused; opened again %d times", len(s.account.kept), s.account.refused, st.reopened)
}

// call hands over sixteen readings at a time until ctx ends, of a point more every
// hundred times.
func (s *soaking) call(ctx context.Context, caller int, random *rand.Rand) {
	at := time.Now().UTC().Truncate(time.Microsecond)
	point := energy.PointID("")
	for n := int64(0); ctx.Err() == nil; n++ {
		if n%100 == 0 {
			point = energy.PointID(fmt.Sprintf("s%d/p%d", caller, n/100))
			s.account.mu.Lock()
			s.account.points[point] = &pointAccount{line: "crowd", meter: "crowd"}
			s.account.mu.Unlock()
		}
		readings := make([]energy.PointReading, 16)
		for i := range readings {
			at = at.Add(time.Microsecond)
			readings[i] = energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(random.Int64N(1<<60), 0), Quality: energy.Measured}}
		}
		_ = s.account.hand(context.Background(), readings) // which remembers what was said
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(random.IntN(10)) * time.Millisecond):
		}
	}
}
