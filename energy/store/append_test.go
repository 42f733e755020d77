package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/store"
)

func TestFactsAreNumberedWithoutGapsByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	const writers, each = 6, 15
	heads := make(chan store.Head, writers*each)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				head, err := s.Append(t.Context(), hafen, func(ctx context.Context, f *store.Fact) error {
					if i%5 == 4 {
						return errors.New("changed my mind")
					}
					return f.Segments(ctx, "collector", 10, of("hafen/grid", at(w, int64(i))))
				})
				if err == nil {
					heads <- head
				}
			}
		})
	}
	wg.Wait()
	close(heads)
	var all []store.Head
	for h := range heads {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b store.Head) int { return int(a.Seq - b.Seq) })
	if len(all) != writers*each*4/5 {
		t.Fatalf("%d facts, want %d", len(all), writers*each*4/5)
	}
	for i, h := range all {
		if h.Seq != int64(i+1) {
			t.Fatalf("fact %d bears the number %d", i+1, h.Seq)
		}
		if i > 0 && !h.RecordedAt.After(all[i-1].RecordedAt) {
			t.Errorf("fact %d is recorded at %s, not after %s", h.Seq, h.RecordedAt, all[i-1].RecordedAt)
		}
		if !h.RecordedAt.Equal(h.RecordedAt.Truncate(time.Millisecond)) {
			t.Errorf("fact %d is recorded at %s, no whole millisecond", h.Seq, h.RecordedAt)
		}
	}
}

func TestAppendWithNothingToSayUsesNoNumber(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	before := delivered(t, s, "hafen/grid", at(0, 1))
	head, err := s.Append(t.Context(), hafen, func(ctx context.Context, f *store.Fact) error {
		if err := f.Segments(ctx, "collector", 10, of("hafen/other", at(0, 1))); err != nil {
			return err
		}
		return store.ErrNothing
	})
	if !errors.Is(err, store.ErrNothing) || head != before {
		t.Errorf("got %v, %v, want the head %v and ErrNothing", head, err, before)
	}
	if points, err := s.Points(t.Context(), hafen); err != nil || len(points) != 1 {
		t.Errorf("points %v (%v), want hafen/grid alone", points, err)
	}
	if head := delivered(t, s, "hafen/grid", at(1, 2)); head.Seq != before.Seq+1 {
		t.Errorf("the next fact is %d, want %d", head.Seq, before.Seq+1)
	}
}

func TestRecordedAtRisesThoughTheClockStandsOrGoesBack(t *testing.T) {
	t.Parallel()
	clock := []time.Duration{0, 0, -time.Hour, time.Second, time.Second}
	s := newStore(t, store.Options{Now: func() time.Time {
		now := noon.Add(clock[0])
		clock = clock[1:]
		return now
	}})
	var last time.Time
	for range len(clock) {
		head := delivered(t, s, "hafen/grid", at(0, 1))
		if !head.RecordedAt.After(last) {
			t.Errorf("fact %d is recorded at %s, not after %s", head.Seq, head.RecordedAt, last)
		}
		last = head.RecordedAt
	}
}

func TestFactsOfAnUnknownSiteAreRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	_, err := s.Append(t.Context(), "nowhere", func(context.Context, *store.Fact) error { return nil })
	if !errors.Is(err, store.ErrNoSite) {
		t.Errorf("append to an unknown site: %v, want ErrNoSite", err)
	}
	_, err = s.Append(t.Context(), hafen, func(ctx context.Context, f *store.Fact) error {
		return f.Segments(ctx, "collector", 10, of("nord/grid", at(0, 1)))
	})
	if err == nil {
		t.Error("a reading of nord became a fact of hafen")
	}
}

func TestTheMunicipalityHasFactsOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	if err := s.EnsureSite(t.Context(), store.Municipality); err != nil {
		t.Fatal(err)
	}
	head, err := s.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, "guarantee", "go-1", noon, "office", []byte(`{"mwh":1}`))
	})
	if err != nil || head.Seq != 1 {
		t.Errorf("fact %d (%v), want 1", head.Seq, err)
	}
	if sites, err := s.Sites(t.Context()); err != nil || !slices.Equal(sites, []energy.SiteID{hafen}) {
		t.Errorf("sites %v (%v), want hafen", sites, err)
	}
}

func TestAsKnownAtNeverChangesItsAnswer(t *testing.T) {
	t.Parallel()
	now := noon
	s := newStore(t, store.Options{Now: func() time.Time { return now }})
	var heads []store.Head
	for i := range 20 {
		now = now.Add(time.Duration(i%3) * 700 * time.Microsecond)
		heads = append(heads, delivered(t, s, "hafen/grid", at(i, 1)))
	}
	check := func(when string) {
		t.Helper()
		for i, h := range heads {
			for _, c := range []struct {
				at   time.Time
				want int64
			}{
				{h.RecordedAt, h.Seq},
				{h.RecordedAt.Add(-time.Microsecond), h.Seq - 1},
			} {
				if got, err := s.Upto(t.Context(), hafen, c.at); err != nil || got != c.want {
					t.Errorf("%s, as known at %s (fact %d): %d (%v), want %d", when, c.at.Format(time.StampMicro), i+1, got, err, c.want)
				}
			}
		}
		if got, err := s.Upto(t.Context(), hafen, noon.Add(-time.Hour)); err != nil || got != 0 {
			t.Errorf("%s, before all facts: %d (%v), want 0", when, got, err)
		}
	}
	check("loose")
	sealed(t, s, noon)
	check("packed")
	heads = append(heads, delivered(t, s, "hafen/grid", at(30, 1)))
	check("one loose, others packed")
	sealed(t, s, noon)
	check("packed again")
}

func TestAFactCannotSlipUnderAnAnswerGiven(t *testing.T) {
	t.Parallel()
	now := noon
	s := newStore(t, store.Options{Now: func() time.Time { return now }})
	delivered(t, s, "hafen/grid", at(0, 1))
	now = noon.Add(time.Minute)
	asked := now
	if got, err := s.Upto(t.Context(), hafen, asked); err != nil || got != 1 {
		t.Fatalf("as known now: %d (%v), want 1", got, err)
	}
	now = noon.Add(30 * time.Second) // another host, whose clock is behind
	if head := delivered(t, s, "hafen/grid", at(1, 2)); !head.RecordedAt.After(asked) {
		t.Errorf("fact %d is recorded at %s, under the answer given for %s", head.Seq, head.RecordedAt, asked)
	}
	if got, err := s.Upto(t.Context(), hafen, asked); err != nil || got != 1 {
		t.Errorf("asked again: %d (%v), want 1", got, err)
	}
	if got, err := s.Upto(t.Context(), hafen, noon.Add(1000*time.Hour)); err != nil || got != 2 {
		t.Errorf("as known in the future: %d (%v), want 2", got, err)
	}
	if head := delivered(t, s, "hafen/grid", at(2, 3)); head.RecordedAt.After(noon.Add(time.Hour)) {
		t.Errorf("fact %d is recorded at %s: the question moved it into the future", head.Seq, head.RecordedAt)
	}
}
