package store_test

import (
	"context"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const hafen energy.SiteID = "hafen"

// noon is a day in winter, in the middle of it.
var noon = time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC)

// newStore is a store with the site hafen.
func newStore(t testing.TB, opts store.Options) *store.Store {
	t.Helper()
	s := storetest.Open(t, storetest.URL(t), opts)
	if err := s.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	return s
}

// appended appends a fact to hafen and fails the test if that goes wrong.
func appended(t testing.TB, s *store.Store, write func(ctx context.Context, f *store.Fact) error) store.Head {
	t.Helper()
	head, err := s.Append(t.Context(), hafen, write)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// delivered appends readings of one point as a collector would.
func delivered(t testing.TB, s *store.Store, point energy.PointID, rs ...energy.Reading) store.Head {
	t.Helper()
	return appended(t, s, func(ctx context.Context, f *store.Fact) error {
		return f.Segments(ctx, "collector", 10, of(point, rs...))
	})
}

func of(point energy.PointID, rs ...energy.Reading) []energy.PointReading {
	list := make([]energy.PointReading, len(rs))
	for i, r := range rs {
		list[i] = energy.PointReading{Point: point, Reading: r}
	}
	return list
}

// at is a measured counter reading some minutes after noon.
func at(minutes int, value int64) energy.Reading {
	return energy.Reading{At: noon.Add(time.Duration(minutes) * time.Minute), Value: energy.Decimal(value, -1), Quality: energy.Measured}
}

// around is the period of some hours before and after noon.
func around(hours int) energy.Period {
	d := time.Duration(hours) * time.Hour
	return energy.Period{From: noon.Add(-d), To: noon.Add(d)}
}

// closed moves the cursor of closing to the latest fact, so that all may be sealed.
func closed(t testing.TB, s *store.Store) int64 {
	t.Helper()
	var upto int64
	busy, err := s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		upto = c.Upto
		return c.Advance(ctx, c.Upto)
	})
	if err != nil || busy {
		t.Fatalf("close: busy %v, %v", busy, err)
	}
	return upto
}

// sealed closes the site and seals all readings before an instant.
func sealed(t testing.TB, s *store.Store, before time.Time) (all store.Sealed) {
	t.Helper()
	upto := closed(t, s)
	for more := true; more; {
		done, err := s.Seal(t.Context(), hafen, upto, before)
		if err != nil {
			t.Fatal(err)
		}
		all.Segments, all.Chunks, all.Readings = all.Segments+done.Segments, all.Chunks+done.Chunks, all.Readings+done.Readings
		more = done.More
	}
	return all
}
