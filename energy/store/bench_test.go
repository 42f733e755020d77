package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/rowtable"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
)

// BenchmarkAYearOfAPoint reads the 35,040 sealed readings of a point's year
// (goal: 1.5 ms); the peer reads as many rows, which came in the order of time.
func BenchmarkAYearOfAPoint(b *testing.B) {
	const points = 40
	address := storetest.URL(b)
	s := storetest.Open(b, address, store.Options{})
	if err := s.EnsureSite(b.Context(), hafen); err != nil {
		b.Fatal(err)
	}
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	year := energy.Period{From: from, To: from.Add(35_040 * energy.QuarterHour)}
	value := func(point, i int) int64 { return int64(i*37 + i%5*point) }
	for point := range 3 {
		rs := make([]energy.Reading, 35_040)
		for i := range rs {
			rs[i] = energy.Reading{At: from.Add(time.Duration(i) * energy.QuarterHour), Quality: energy.Measured, Value: energy.Decimal(value(point, i), -1)}
		}
		appended(b, s, func(ctx context.Context, f *store.Fact) error {
			return f.Chunks(ctx, "file", 5, of(energy.PointID(fmt.Sprintf("hafen/%d", point)), rs...))
		})
	}
	peer, err := rowtable.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer peer.Close(b.Context()) //nolint:errcheck // done
	rows := make([]rowtable.Row, 0, points*96)
	for i := range 35_040 {
		for point := range points {
			rows = append(rows, rowtable.Row{Channel: int32(point), At: from.Add(time.Duration(i) * energy.QuarterHour), Value: float64(value(point, i)) / 10})
		}
		if len(rows) == cap(rows) {
			if err := peer.Copy(b.Context(), rows); err != nil {
				b.Fatal(err)
			}
			rows = rows[:0]
		}
	}
	if err := peer.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	yardstick.Beside(b, func() {
		runs, err := s.Runs(b.Context(), hafen, []energy.PointID{"hafen/1"}, year, 10)
		n := 0
		for _, run := range runs["hafen/1"] {
			n += len(run.Readings)
		}
		if err != nil || n != 35_040 {
			b.Fatal(n, err)
		}
	}, func() {
		if n, _, err := peer.Year(b.Context(), 1, year.From, year.To); err != nil || n != 35_040 {
			b.Fatal(n, err)
		}
	})
}

// BenchmarkAppend appends a minute of 100 points at one second a fact.
func BenchmarkAppend(b *testing.B) {
	s := newStore(b, store.Options{})
	if err := s.EnsureSite(b.Context(), "mixed"); err != nil {
		b.Fatal(err)
	}
	var minute []energy.PointReading
	for batch := range mixed(100, time.Minute, false) {
		minute = batch
	}
	for b.Loop() {
		_, err := s.Append(b.Context(), "mixed", func(ctx context.Context, f *store.Fact) error {
			return f.Segments(ctx, "collector", 10, minute)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(minute))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mreadings/s")
}

// BenchmarkPutDays writes a day of 1000 points, of which all change.
func BenchmarkPutDays(b *testing.B) {
	s, days := thousandDays(b)
	n := energy.Amount(0)
	for b.Loop() {
		n++
		for _, d := range days {
			d[0].Values[40], d[0].Total = n, n
		}
		run(b, s, func(ctx context.Context, c *store.Closing) error { return c.PutDays(ctx, days, 1) })
	}
}

// BenchmarkPatchDays writes the same, knowing which quarter-hours change.
func BenchmarkPatchDays(b *testing.B) {
	s, days := thousandDays(b)
	run(b, s, func(ctx context.Context, c *store.Closing) error { return c.PutDays(ctx, days, 1) })
	n := energy.Amount(0)
	for b.Loop() {
		n++
		var patches []store.DayPatch
		for id, d := range days {
			d[0].Values[40], d[0].Total = n, n
			patches = append(patches, store.DayPatch{Point: id, Day: d[0], First: 38, Last: 42})
		}
		run(b, s, func(ctx context.Context, c *store.Closing) error {
			all, err := c.PatchDays(ctx, patches, 1)
			if err == nil && !all {
				b.Error("some are not patched")
			}
			return err
		})
	}
}

// thousandDays are a day of each of 1000 points of a site, unwritten.
func thousandDays(b *testing.B) (*store.Store, map[energy.PointID][]series.Day) {
	b.Helper()
	s := newStore(b, store.Options{})
	var readings []energy.PointReading
	days := map[energy.PointID][]series.Day{}
	for i := range 1000 {
		id := energy.PointID("hafen/p" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)))
		readings = append(readings, of(id, at(0, 1))...)
		days[id] = []series.Day{dayOf(b, "Europe/Berlin", "2024-06-01", i%2 == 0)}
	}
	appended(b, s, func(ctx context.Context, f *store.Fact) error { return f.Segments(ctx, "collector", 10, readings) })
	return s, days
}
