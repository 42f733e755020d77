package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// A server that is killed while facts are appended loses none that was
// acknowledged and doubles none that was sent again.
func TestKillingTheServerLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	cluster := storetest.NewCluster(t)
	s := storetest.Open(t, cluster.URL(), store.Options{})
	if err := s.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var acknowledged atomic.Int64
	finished := make(chan error, 1)
	go func() { finished <- deliverForEver(ctx, s, &acknowledged) }()
	for round := range 4 {
		for target := acknowledged.Load() + 20; acknowledged.Load() < target; time.Sleep(time.Millisecond) {
			if len(finished) > 0 {
				t.Fatal(<-finished)
			}
		}
		if round == 2 {
			cluster.Stop()
		} else {
			cluster.Kill9()
		}
		cluster.Start()
	}
	stop()
	if err := <-finished; err != nil {
		t.Fatal(err)
	}
	runs, err := s.Runs(t.Context(), hafen, []energy.PointID{grid}, energy.Period{From: noon, To: noon.AddDate(1, 0, 0)}, 1<<60)
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.Head(t.Context(), hafen)
	if err != nil {
		t.Fatal(err)
	}
	// The last one may be a fact whose acknowledgement was lost with the test's end.
	if n := int64(len(runs[grid])); n < acknowledged.Load() || n > acknowledged.Load()+1 || head.Seq != n {
		t.Errorf("%d runs up to fact %d, %d were acknowledged", n, head.Seq, acknowledged.Load())
	}
	for i, run := range runs[grid] {
		if got, _ := run.Readings[0].Value.Mantissa(); run.Seq != int64(i+1) || got != run.Seq || len(run.Readings) != 1 {
			t.Fatalf("run %d is fact %d with reading %d", i, run.Seq, got)
		}
	}
	if visible := series.Visible(runs[grid], head.Seq); int64(len(visible)) != head.Seq {
		t.Errorf("%d visible readings, want %d", len(visible), head.Seq)
	}
}

// deliverForEver delivers batches one after another as a collector does: until
// a batch is acknowledged it is sent again.
func deliverForEver(ctx context.Context, s *store.Store, acknowledged *atomic.Int64) error {
	epoch := energy.NewEpoch()
	for sequence := uint64(1); ctx.Err() == nil; {
		digest := sha256.Sum256(binary.BigEndian.AppendUint64(nil, sequence))
		_, err := s.Append(ctx, hafen, func(ctx context.Context, f *store.Fact) error {
			p, err := f.Position(ctx, "edge", epoch, energy.Live)
			if err != nil {
				return err
			}
			if known, ok := p.Digest(sequence); ok && known == digest {
				return store.ErrNothing
			}
			if err := f.Segments(ctx, "edge", 10, of(grid, at(int(sequence), int64(sequence)))); err != nil {
				return err
			}
			return f.Advance(ctx, "edge", epoch, energy.Live, sequence, digest)
		})
		switch {
		case err == nil || err == store.ErrNothing:
			acknowledged.Add(1)
			sequence++
		case ctx.Err() != nil:
			return nil
		case store.IsTransient(err):
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
		default:
			return err
		}
	}
	return nil
}
