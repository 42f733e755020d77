package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"testing"

	"heatledger/energy"
	"heatledger/energy/store"
)

func TestALaneIsDeliveredInOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	epoch := energy.NewEpoch()
	digest := func(n uint64) [sha256.Size]byte { return sha256.Sum256([]byte(strconv.FormatUint(n, 10))) }
	advance := func(epoch energy.Epoch, lane energy.Lane, n uint64) error {
		_, err := s.Append(t.Context(), hafen, func(ctx context.Context, f *store.Fact) error {
			return f.Advance(ctx, "edge", epoch, lane, n, digest(n))
		})
		return err
	}
	for n := uint64(1); n <= 50; n++ {
		if err := advance(epoch, energy.Live, n); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		epoch    energy.Epoch
		lane     energy.Lane
		sequence uint64
		want     error
	}{
		"the last one again is refused":              {epoch, energy.Live, 50, store.ErrSequence},
		"one with a hole before it is refused":       {epoch, energy.Live, 52, store.ErrSequence},
		"the other lane begins at 1":                 {epoch, energy.Backlog, 1, nil},
		"another epoch begins at 1":                  {energy.NewEpoch(), energy.Live, 1, nil},
		"another epoch does not begin in the middle": {energy.NewEpoch(), energy.Live, 2, store.ErrSequence},
	} {
		if err := advance(c.epoch, c.lane, c.sequence); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p, err := s.Position(t.Context(), hafen, "edge", epoch, energy.Live)
	if err != nil || p.Upto != 50 {
		t.Fatalf("position %d (%v), want 50", p.Upto, err)
	}
	for n := uint64(0); n <= 60; n++ {
		got, ok := p.Digest(n)
		if wanted := n > 18 && n <= 50; ok != wanted || ok && got != digest(n) {
			t.Errorf("digest of sequence %d: known %v, want %v, and its own", n, ok, wanted)
		}
	}
	if p, err := s.Position(t.Context(), hafen, "nobody", epoch, energy.Live); err != nil || p.Upto != 0 {
		t.Errorf("position of an unknown source: %d (%v), want 0", p.Upto, err)
	}
}
