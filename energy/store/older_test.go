package store_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// A database from before the log: what is older is counted as not covered, and
// nothing that comes later is.
func TestALogBegunLaterCoversWhatComesThen(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
		if err := f.Entry(ctx, "site", "hafen", time.Time{}, "office", []byte(`{}`)); err != nil {
			return err
		}
		return f.Chunks(ctx, "file", 5, of("hafen/it", at(0, 1)))
	})
	delivered(t, w.Store, grid, at(0, 1), at(1, 2))
	sealed(t, w.Store, noon.Add(time.Hour))
	delivered(t, w.Store, grid, at(2, 3))
	w.change(`update fact set chain = null, salt = null, lines = null`)
	w.change(`update fact_block set chain = null`)
	w.change(`update chunk set leaf = null, nonce = null`)
	w.change(`update entry set nonce = null`)
	w.change(`delete from log_queue`)
	migration, err := os.ReadFile("migrations/0005_log.sql")
	if err != nil {
		t.Fatal(err)
	}
	w.change(string(migration[strings.Index(string(migration), "insert into log_queue"):]))
	delivered(t, w.Store, grid, at(3, 4))
	first := w.logged(proof.Checkpoint{})
	a, findings := w.audited(first)
	if len(findings) > 0 || a.Older < 4 || a.Facts != 4 {
		t.Fatalf("begun after fact 3: %+v, %v", a, findings)
	}
	sealed(t, w.Store, noon.Add(time.Hour)) // into the chunk from before
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, "meter", "main", time.Time{}, "office", []byte(`{}`))
	})
	second := w.logged(first)
	if a, findings = w.audited(first, second); len(findings) > 0 || a.Readings != 4 {
		t.Fatalf("gone on: %+v, %v", a, findings)
	}
	w.change(`update chunk set readings = 9 where part < 0`)
	w.change(`update entry set actor = 'nobody' where seq = 5`)
	if _, findings = w.audited(second); len(findings) != 2 {
		t.Errorf("changed since: %v, want the chunk and the entry", findings)
	}
}
