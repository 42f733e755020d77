package intake_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// BenchmarkDeliver takes batches of 20,000 readings as a spool cuts them: in
// the order in which meters answered, few readings of many points or many of
// few. The processor time is that of this process, without the server's.
func BenchmarkDeliver(b *testing.B) {
	for _, points := range []int{40, 1600} {
		b.Run(fmt.Sprintf("points=%d", points), func(b *testing.B) {
			s := storetest.Open(b, storetest.URL(b), store.Options{})
			in := intake.New(ledger.New(s, "Europe/Berlin"), intake.Options{})
			batch := energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Backlog}
			rnd := rand.New(rand.NewPCG(1, 2))
			at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			for n := range 20_000 {
				value := energy.Float(float64(float32(100 + rnd.Float64())))
				if n%4 == 0 {
					value = energy.Decimal(int64(1e6+n/points), -1)
				}
				batch.Readings = append(batch.Readings, energy.PointReading{Point: energy.PointID(fmt.Sprintf("hafen/p%04d", n%points)),
					Reading: energy.Reading{At: at.Add(time.Duration(n/points) * time.Second), Value: value, Quality: energy.Measured}})
			}
			span := time.Duration(20_000/points) * time.Second
			b.ReportAllocs()
			used := processorTime(b)
			for b.Loop() {
				batch.Sequence++
				for i := range batch.Readings {
					batch.Readings[i].At = batch.Readings[i].At.Add(span)
				}
				if _, err := in.Deliver(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			readings := float64(b.N * len(batch.Readings))
			b.ReportMetric(readings/b.Elapsed().Seconds()/1e6, "Mreadings/s")
			b.ReportMetric(float64(processorTime(b)-used)/readings, "cpu-ns/reading")
		})
	}
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
