package store_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// Sealed readings take few bytes on disk, index and row heads included. The
// set is a quarter counters in steps of 0.1 kWh and three quarters noisy
// powers, at one second, delivered by the minute. It is small: with more hours
// a chunk the share of heads and of the index shrinks further.
// HEATLEDGER_TEST_FULL_SET=1 takes 100 points for a day.
func TestSealedReadingsTakeFewBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scaled bool
		most   float64 // bytes a reading
	}{
		"powers as float32":       {false, 3.0},
		"powers in steps of 0.1W": {true, 1.5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			points, span := 20, 6*time.Hour
			if os.Getenv("HEATLEDGER_TEST_FULL_SET") != "" {
				points, span = 100, 24*time.Hour
			}
			address := storetest.URL(t)
			s := storetest.Open(t, address, store.Options{})
			if err := s.EnsureSite(t.Context(), "mixed"); err != nil {
				t.Fatal(err)
			}
			begun, readings := time.Now(), 0
			for batch := range mixed(points, span, c.scaled) {
				readings += len(batch)
				_, err := s.Append(t.Context(), "mixed", func(ctx context.Context, f *store.Fact) error {
					return f.Segments(ctx, "collector", 10, batch)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			appended := time.Since(begun)
			_, err := s.Closing(t.Context(), "mixed", store.JobClosing, func(ctx context.Context, c *store.Closing) error { return c.Advance(ctx, c.Upto) })
			if err != nil {
				t.Fatal(err)
			}
			begun = time.Now()
			for more := true; more; {
				done, err := s.Seal(t.Context(), "mixed", math.MaxInt64, time.Now())
				if err != nil {
					t.Fatal(err)
				}
				more = done.More
			}
			sealed := time.Since(begun)
			conn, err := pgx.Connect(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background()) //nolint:errcheck // only read
			var kept, size int64
			err = conn.QueryRow(t.Context(), `
				select (select sum(readings) from chunk), (select sum(pg_total_relation_size(relid)) from pg_partition_tree('chunk') where isleaf)`).
				Scan(&kept, &size)
			if err != nil {
				t.Fatal(err)
			}
			each := float64(size) / float64(readings)
			t.Logf("%d readings: %.2f bytes each, appended at %.2f million a second, sealed at %.2f",
				readings, each, float64(readings)/1e6/appended.Seconds(), float64(readings)/1e6/sealed.Seconds())
			if kept != int64(readings) || each > c.most {
				t.Errorf("%d of %d readings kept in %.2f bytes each, want all in at most %.1f", kept, readings, each, c.most)
			}
		})
	}
}

// mixed yields readings of many points, minute by minute.
func mixed(points int, span time.Duration, scaled bool) func(yield func([]energy.PointReading) bool) {
	return func(yield func([]energy.PointReading) bool) {
		rnd := rand.New(rand.NewPCG(1, 2))
		counters, level, ids := make([]float64, points), make([]float64, points), make([]energy.PointID, points)
		for p := range points {
			level[p], counters[p] = 50+950*rnd.Float64(), 1e6*rnd.Float64()
			ids[p] = energy.PointID(fmt.Sprintf("mixed/p%03d", p))
		}
		start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		var batch []energy.PointReading
		for d := time.Duration(0); d < span; d += time.Second {
			day := 1 + 0.06*math.Sin(2*math.Pi*d.Hours()/24)
			for p := range points {
				kw := level[p] * day * (1 + 0.01*rnd.NormFloat64())
				r := energy.Reading{At: start.Add(d), Quality: energy.Measured}
				switch {
				case p%4 == 0:
					counters[p] += kw / 3600
					r.Value = energy.Decimal(int64(counters[p]*10), -1)
				case scaled:
					r.Value = energy.Decimal(int64(math.Round(kw*10)), -1)
				default:
					r.Value = energy.Float(float64(float32(kw)))
				}
				batch = append(batch, energy.PointReading{Point: ids[p], Reading: r})
			}
			if (d+time.Second)%time.Minute == 0 {
				if !yield(batch) {
					return
				}
				batch = batch[:0]
			}
		}
	}
}
