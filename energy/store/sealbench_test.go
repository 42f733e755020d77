package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/store"
)

// BenchmarkSealInTurns seals as a centre does: every ten minutes what came in
// them, of 100 points at one minute, into chunks that grow.
func BenchmarkSealInTurns(b *testing.B) {
	s := newStore(b, store.Options{})
	from, minute := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), 0
	for b.Loop() {
		b.StopTimer()
		var head store.Head
		for range 10 {
			var readings []energy.PointReading
			for p := range 100 {
				readings = append(readings, of(energy.PointID(fmt.Sprintf("hafen/p%d", p)), energy.Reading{
					At: from.Add(time.Duration(minute) * time.Minute), Value: energy.Decimal(int64(minute*(p+7)+minute%5), -1), Quality: energy.Measured})...)
			}
			minute++
			head = appended(b, s, func(ctx context.Context, f *store.Fact) error { return f.Segments(ctx, "collector", 10, readings) })
		}
		closed(b, s)
		b.StartTimer()
		done, err := s.Seal(b.Context(), hafen, head.Seq, from.Add(time.Duration(minute)*time.Minute))
		if err != nil || done.Readings != 1000 {
			b.Fatal(done, err)
		}
	}
}
