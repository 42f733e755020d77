package closing_test

import (
	"context"
	"testing"
	"time"

	"heatledger/energy/store"
)

// TestClosingAllWaitsForWhoHoldsASite lets another closer hold the site while
// all are to be closed: what All leaves behind must be in the days.
func TestClosingAllWaitsForWhoHoldsASite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, registryYAML)
	w.deliver(t, plant(time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)))
	held, let, released := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := w.store.Closing(t.Context(), hafen, store.JobClosing, func(context.Context, *store.Closing) error {
			close(held)
			<-let
			return nil // the other closer has done nothing
		})
		released <- err
	}()
	<-held
	if closed := w.close(t); !closed.Busy {
		t.Errorf("closing a site that is held says %+v, want busy", closed)
	}
	time.AfterFunc(200*time.Millisecond, func() { close(let) })
	if err := w.closer.All(t.Context()); err != nil {
		t.Fatalf("close all: %v", err)
	}
	if err := <-released; err != nil {
		t.Fatalf("hold the site: %v", err)
	}
	head, errHead := w.store.Head(t.Context(), hafen)
	cursor, errCursor := w.store.Cursor(t.Context(), hafen, store.JobClosing)
	if errHead != nil || errCursor != nil || cursor != head.Seq {
		t.Errorf("facts up to %d are closed (%v), want up to %d (%v)", cursor, errCursor, head.Seq, errHead)
	}
}
