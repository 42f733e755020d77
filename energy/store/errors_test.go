package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

func TestWhatMayPassByItselfIsTransient(t *testing.T) {
	t.Parallel()
	s, address := known(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, refused := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none", store.Options{})
	_, _, unknown := s.Extent(t.Context(), "nowhere", grid)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // done
	_, syntax := conn.Exec(t.Context(), "nonsense")
	_, shutdown := conn.Exec(t.Context(), "select pg_terminate_backend(pg_backend_pid())")
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"no error":                     {nil, false},
		"a refused connection":         {refused, true},
		"a connection that was ended":  {shutdown, true},
		"an unknown site":              {unknown, false},
		"wrong SQL":                    {syntax, false},
		"the caller's own end":         {s.Ping(cancelled), false},
		"a wrapped refused connection": {fmt.Errorf("read: %w", refused), true},
		"any other error":              {errors.New("other"), false},
	} {
		if got := store.IsTransient(c.err); got != c.want {
			t.Errorf("%s (%v): transient %v, want %v", name, c.err, got, c.want)
		}
	}
}

func TestAWaitForTheLockOfASiteEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, _ := known(t)
	_, err := s.Append(t.Context(), hafen, func(ctx context.Context, _ *store.Fact) error {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err := s.Append(short, hafen, func(context.Context, *store.Fact) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second append: %v, want that its time is over", err)
		}
		return store.ErrNothing
	})
	if !errors.Is(err, store.ErrNothing) {
		t.Errorf("first append: %v", err)
	}
}

func TestConnectionsAreLentNotLeaked(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := storetest.Open(t, address, store.Options{MaxConns: 2})
	if err := s.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	for range 20 { // each would keep a connection
		if _, err := s.Append(t.Context(), hafen, func(context.Context, *store.Fact) error { return stop }); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = s.Append(t.Context(), hafen, func(context.Context, *store.Fact) error { panic("in the middle") })
		}()
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	s.Close()
	if err := s.Ping(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("ping after Close: %v, want ErrClosed", err)
	}
}
