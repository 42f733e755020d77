package spool

import (
	"context"
	"sync"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
)

// spent is the processor time of this process so far.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkLoad is what a large collector asks: 2,000 meters, each polled once
// a second at an instant of its own. It takes as many seconds as there are
// rounds; what counts is the processor time a reading takes beyond that of the
// clocks alone.
func BenchmarkLoad(b *testing.B) {
	b.Run("clocks", func(b *testing.B) { load(b, nil, nil) })
	b.Run("collected", func(b *testing.B) { load(b, loaded(b), nil) })
	b.Run("delivered", func(b *testing.B) {
		load(b, loaded(b), deliverFunc(func(_ context.Context, batch energy.Batch) (energy.Delivery, error) {
			return energy.Delivery{Upto: batch.Sequence}, nil
		}))
	})
}

func loaded(b *testing.B) *Spool {
	b.Helper()
	s, err := Open(b.TempDir(), Options{Source: "edge"})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func load(b *testing.B, s *Spool, to Deliverer) {
	const meters = 2000
	polls := make([][]energy.PointReading, meters)
	for m := range polls {
		polls[m] = poll([]string{"north", "south", "east", "west"}[m%4], m, noon, 0)
	}
	ctx, stop := context.WithCancel(context.Background())
	var background, callers sync.WaitGroup
	if to != nil {
		background.Go(func() {
			if err := s.Deliver(ctx, to); err != nil {
				b.Error(err)
			}
		})
	}
	if s != nil { // names are written once
		for _, readings := range polls {
			callers.Go(func() {
				if err := s.Collect(ctx, readings); err != nil {
					b.Error(err)
				}
			})
		}
		callers.Wait()
	}
	b.ResetTimer()
	begin, before := time.Now(), spent(b)
	for m, readings := range polls {
		callers.Go(func() {
			for n := range b.N {
				due := begin.Add(time.Duration(n)*time.Second + time.Duration(m)*time.Second/meters)
				time.Sleep(time.Until(due))
				for i := range readings {
					readings[i].At = due
					readings[i].Value = energy.Decimal(int64(1_000_000+n*i), -1)
				}
				if s == nil {
					continue
				}
				if err := s.Collect(ctx, readings); err != nil {
					b.Error(err)
				}
			}
		})
	}
	callers.Wait()
	b.StopTimer()
	used := spent(b) - before
	b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*meters*40), "cpu-ns/reading")
	stop()
	background.Wait()
	if s != nil {
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
