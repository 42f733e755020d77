package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// BenchmarkAudit verifies a year of quarter-hours of 100 points.
func BenchmarkAudit(b *testing.B) {
	w := newWitnessed(b)
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for p := range 100 {
		rs := make([]energy.Reading, 35_040)
		for i := range rs {
			rs[i] = energy.Reading{At: from.Add(time.Duration(i) * energy.QuarterHour), Quality: energy.Measured, Value: energy.Decimal(int64(i*(p+37)+i%5), -1)}
		}
		appended(b, w.Store, func(ctx context.Context, f *store.Fact) error {
			return f.Chunks(ctx, "file", 5, of(energy.PointID(fmt.Sprintf("hafen/p%d", p)), rs...))
		})
	}
	latest := w.logged(proof.Checkpoint{})
	b.ReportAllocs()
	for b.Loop() {
		if a, findings := w.audited(latest); len(findings) > 0 || a.Readings != 100*35_040 {
			b.Fatal(a, findings)
		}
	}
	b.ReportMetric(100*35_040*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mreadings/s")
}

// BenchmarkLog writes a record into a log of ten thousand, and signs.
func BenchmarkLog(b *testing.B) {
	w := newWitnessed(b)
	announce := func() {
		if err := w.Announce(b.Context(), proof.KindPublication, hafen, "report", proof.Digest{1}); err != nil {
			b.Fatal(err)
		}
	}
	for range 10_000 {
		announce()
	}
	latest := w.logged(proof.Checkpoint{})
	for b.Loop() {
		announce()
		latest = w.logged(latest)
	}
}

// BenchmarkProof proves a fact in a log of ten thousand records.
func BenchmarkProof(b *testing.B) {
	w := newWitnessed(b)
	head := appended(b, w.Store, func(ctx context.Context, f *store.Fact) error {
		f.Submission([]byte("digest"))
		return nil
	})
	for range 10_000 {
		if err := w.Announce(b.Context(), proof.KindPublication, hafen, "report", proof.Digest{1}); err != nil {
			b.Fatal(err)
		}
	}
	w.logged(proof.Checkpoint{})
	for b.Loop() {
		in, err := w.Inclusion(b.Context(), hafen, head.Seq, 0, w.key.Public)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := in.Check(w.key.Public, []byte("digest")); err != nil {
			b.Fatal(err)
		}
	}
}
