package spool

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
)

// poll is what one answer of a meter gives: 40 registers at one instant.
func poll(site string, meter int, at time.Time, n int64) []energy.PointReading {
	rs := make([]energy.PointReading, 40)
	for i := range rs {
		rs[i] = energy.PointReading{Point: energy.PointID(fmt.Sprintf("%s/m%d-r%d", site, meter, i)), Reading: energy.Reading{
			At: at, Value: energy.Decimal(1_000_000+n*int64(i), -1), Quality: energy.Measured}}
	}
	return rs
}

// BenchmarkCollect is polls of many meters at once, each on disk before the next.
func BenchmarkCollect(b *testing.B) {
	for _, meters := range []int{1, 100, 2000} {
		b.Run(fmt.Sprintf("meters=%d", meters), func(b *testing.B) {
			s, err := Open(b.TempDir(), Options{Source: "edge"})
			if err != nil {
				b.Fatal(err)
			}
			var callers sync.WaitGroup
			var left atomic.Int64
			left.Store(int64(b.N))
			for m := range meters {
				readings := poll("north", m, noon, 0)
				callers.Go(func() {
					for left.Add(-1) >= 0 {
						for i := range readings {
							readings[i].At = readings[i].At.Add(time.Second)
						}
						if err := s.Collect(context.Background(), readings); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			callers.Wait()
			b.ReportMetric(float64(b.N)*40/b.Elapsed().Seconds(), "readings/s")
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkBacklog reads a backlog back as batches.
func BenchmarkBacklog(b *testing.B) {
	s, err := Open(b.TempDir(), Options{Source: "edge"})
	if err != nil {
		b.Fatal(err)
	}
	const total = 1_000_000
	for n := int64(0); n < total; n += 4000 {
		var rs []energy.PointReading
		for m := range 100 {
			rs = append(rs, poll("north", m, noon.Add(time.Duration(n)*time.Second), n)...)
		}
		if err := s.Collect(b.Context(), rs); err != nil {
			b.Fatal(err)
		}
	}
	count := 0
	nobody := deliverFunc(func(_ context.Context, batch energy.Batch) (energy.Delivery, error) {
		count += len(batch.Readings)
		return energy.Delivery{Upto: batch.Sequence}, nil
	})
	if err := s.Drain(b.Context(), nobody); err != nil {
		b.Fatal(err)
	}
	bytes := s.Stats().Bytes
	count = 0
	for b.Loop() {
		s.mu.Lock()
		for _, l := range s.state.lanes {
			l.acknowledged, l.delivered = 0, 0
		}
		s.mu.Unlock()
		if err := s.Drain(b.Context(), nobody); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "readings/s")
	b.ReportMetric(float64(bytes)/total, "bytes/reading")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
