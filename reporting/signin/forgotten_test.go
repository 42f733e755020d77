package signin

import (
	"context"
	"testing"
	"time"

	"heatledger/energy/store"
)

// TestForgottenDoesForAKnownNameWhatItDoesForAnUnknownOne holds the writing of the
// letter back: an answer that waited for it would tell that there is somebody to
// write to.
func TestForgottenDoesForAKnownNameWhatItDoesForAnUnknownOne(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	held, written := make(chan struct{}), make(chan Code, 1)
	send := func(ctx context.Context, _ *store.Fact, to store.Account, code Code) error {
		select {
		case <-held:
		case <-ctx.Done():
		}
		if to.ID == c.erika {
			written <- code
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	for i, login := range []string{"nobody", "erika"} {
		if err := c.desk.Forgotten(ctx, login, Origin{Address: "192.0.2.1"}, send); err != nil {
			t.Fatalf("forgotten by %s: %v", login, err)
		}
		if len(written) != 0 {
			t.Errorf("%d: a letter was written before the answer", i)
		}
	}
	cancel() // who asked has gone: the letter goes all the same
	close(held)
	c.desk.errands.Wait()
	select {
	case code := <-written:
		if _, _, ok, err := c.desk.Welcome(t.Context(), code.Text, Origin{Address: "192.0.2.2"}); err != nil || !ok {
			t.Errorf("the code of the letter is good: %v, %v", ok, err)
		}
	default:
		t.Error("no letter was written to erika")
	}
}
