package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// However the log grows: each fact is proved to be in every checkpoint after
// it, and each checkpoint to begin with every one before.
func TestEveryFactAndCheckpointIsProved(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	// One log for all draws: it grows past rows of 256 hashes.
	var latest proof.Checkpoint
	var checkpoints []proof.Checkpoint
	type fact struct {
		seq    int64
		digest []byte
	}
	var facts []fact
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(rt, "facts") {
			digest := fmt.Appendf(nil, "content %d", len(facts))
			head := appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
				f.Submission(digest)
				return f.Segments(ctx, "office", 5, of(grid, at(len(facts), 1)))
			})
			facts = append(facts, fact{head.Seq, digest})
		}
		if rapid.IntRange(0, 3).Draw(rt, "published") == 0 {
			if err := w.Announce(t.Context(), proof.KindPublication, hafen, "report 2024", proof.Digest{1}); err != nil {
				rt.Fatal(err)
			}
		}
		latest = w.logged(latest)
		checkpoints = append(checkpoints, latest)
		at := rapid.SampledFrom(checkpoints).Draw(rt, "checkpoint")
		f := rapid.SampledFrom(facts).Draw(rt, "fact")
		in, err := w.Inclusion(t.Context(), hafen, f.seq, at.Size, w.key.Public)
		switch {
		case errors.Is(err, store.ErrNotLogged): // it is younger than the checkpoint
			younger, err := w.Inclusion(t.Context(), hafen, f.seq, 0, w.key.Public)
			if err != nil || younger.Index < at.Size {
				rt.Fatalf("fact %d is record %d (%v) and not proved in %d records", f.seq, younger.Index, err, at.Size)
			}
		case err != nil:
			rt.Fatal(err)
		default:
			if got, err := in.Check(w.key.Public, f.digest); err != nil || got.Root != at.Root {
				rt.Fatalf("fact %d in %d records: %v, root %s, want %s", f.seq, at.Size, err, got.Root, at.Root)
			}
		}
		c, err := w.Consistency(t.Context(), at.Size, 0)
		if err != nil || c.Check(at, latest) != nil {
			rt.Fatalf("from %d to %d records: %v, %v", at.Size, latest.Size, err, c.Check(at, latest))
		}
		if at.Size < latest.Size {
			other := at
			other.Root = tlog.RecordHash([]byte("x"))
			if err := c.Check(other, latest); !errors.Is(err, proof.ErrDiverging) {
				rt.Fatalf("an earlier checkpoint with another root: %v, want ErrDiverging", err)
			}
		}
	})
	if latest.Size < 150 { // two stored hashes each
		t.Errorf("the log has %d records only", latest.Size)
	}
	if a, findings := w.audited(checkpoints...); len(findings) > 0 || a.Checkpoints != int64(len(checkpoints)) {
		t.Errorf("audited %+v, %v", a, findings)
	}
}

func TestTheLogHasOneWriterAndSaysNothingTwice(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	w.furnish()
	done, err := w.Log(t.Context(), store.LogWriter{Key: w.key})
	if err != nil || done.Records != 0 || done.Checkpoint.Size == 0 {
		t.Errorf("logged again with nothing new: %+v, %v", done, err)
	}
	conn, err := pgx.Connect(t.Context(), w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // done
	if _, err := conn.Exec(t.Context(), "select pg_advisory_lock($1, hashtext(current_schema()))", 0x484c4f47); err != nil {
		t.Fatal(err)
	}
	if done, err = w.Log(t.Context(), store.LogWriter{Key: w.key}); err != nil || !done.Busy {
		t.Errorf("while another writes: %+v, %v, want busy", done, err)
	}
}

// A chunk that grows is changed with everything that vouches for it in the
// database, before more is added to it: the log remembers what it was.
func TestTamperingIsNotWashedOutBySealing(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	_, latest := w.furnish()
	conn, err := pgx.Connect(t.Context(), w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // done
	var body, nonce []byte
	var from time.Time
	if err := conn.QueryRow(t.Context(), "select body, nonce, from_at from chunk where last_seq = 4").Scan(&body, &nonce, &from); err != nil {
		t.Fatal(err)
	}
	runs, err := series.DecodeRuns(body)
	if err != nil {
		t.Fatal(err)
	}
	runs[0].Readings[0].Value = energy.Decimal(99, 0)
	forged := series.EncodeRuns(nil, runs)
	if _, err := conn.Exec(t.Context(), "update chunk set body = $1 where last_seq = 4", forged); err != nil {
		t.Fatal(err)
	}
	later := noon.AddDate(2, 0, 0)
	delivered(t, w.Store, grid, energy.Reading{At: later.Add(3 * time.Hour), Value: energy.Decimal(1, 0), Quality: energy.Measured})
	upto := closed(t, w.Store)
	if _, err := w.Seal(t.Context(), hafen, upto, later.Add(24*time.Hour)); !errors.Is(err, store.ErrChanged) {
		t.Fatalf("seal into a chunk that was changed: %v, want ErrChanged", err)
	}
	leaf := proof.Chunk{Site: hafen, Point: grid, From: from, Part: -1, Cut: 'y', Runs: runs}
	for _, cut := range []byte("dmy") { // the forger knows the program, and tries
		leaf.Cut = cut
		d := leaf.Digest(proof.Salt(nonce), func(int32) string { return "collector" })
		if _, err := conn.Exec(t.Context(), "update chunk set leaf = $1 where last_seq = 4 and cut = $2::text::\"char\"", d[:], string(cut)); err != nil {
			t.Fatal(err)
		}
	}
	sealed(t, w.Store, later.Add(24*time.Hour))
	for _, when := range []string{"before it is logged", "when it is logged"} {
		_, findings := w.audited(latest)
		if len(findings) != 1 || !strings.HasPrefix(named(findings[0]), "tampered chunk chunk hafen/grid 2027-") {
			t.Errorf("%s: %v, want the chunk", when, findings)
		}
		latest = w.logged(latest)
	}
}

func TestAChangedSegmentIsNotSealed(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	w.furnish()
	w.change("update segment set rank = 1 where seq = 7")
	upto := closed(t, w.Store)
	if _, err := w.Seal(t.Context(), hafen, upto, noon.AddDate(3, 0, 0)); !errors.Is(err, store.ErrChanged) {
		t.Errorf("seal a segment that was changed: %v, want ErrChanged", err)
	}
}

// A database that was restored from a backup goes on and says so; one that is
// restored in secret, without the latest checkpoint, is found out by whoever
// kept a checkpoint.
func TestARestoreIsAdmitted(t *testing.T) {
	t.Parallel()
	for _, secret := range []bool{false, true} {
		w := newWitnessed(t)
		delivered(t, w.Store, grid, at(0, 1))
		first := w.logged(proof.Checkpoint{})
		tables := []string{"site_head", "fact", "segment", "point", "log_leaf", "log_hash", "checkpoint"}
		for _, table := range tables {
			w.change(fmt.Sprintf("create table backup_%[1]s as select * from %[1]s; select 1", table))
		}
		for range 3 {
			delivered(t, w.Store, grid, at(1, 2))
			appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
				return f.Entry(ctx, "event", "reset", noon, "office", []byte(`{}`))
			})
		}
		lost := w.logged(first)
		w.change("delete from entry")
		for _, table := range tables {
			w.change(fmt.Sprintf("delete from %[1]s; insert into %[1]s select * from backup_%[1]s", table))
		}
		delivered(t, w.Store, grid, at(2, 3))
		known := lost
		if secret {
			known = first
		}
		done, err := w.Log(t.Context(), store.LogWriter{Key: w.key, Latest: known})
		if err != nil {
			t.Fatal(err)
		}
		again := w.logged(known) // it ended before it could keep the checkpoint
		if again.Size != done.Checkpoint.Size {
			t.Errorf("the restore is told twice: %d records, then %d", done.Checkpoint.Size, again.Size)
		}
		for range 6 { // beyond the size that was lost
			appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
				return f.Entry(ctx, "event", "other", noon, "office", []byte(`{}`))
			})
		}
		latest := w.logged(again)
		if latest.Size <= lost.Size {
			t.Fatalf("%d records, want more than %d", latest.Size, lost.Size)
		}
		_, findings := w.audited(first, lost, latest)
		switch {
		case secret && (len(findings) != 1 || findings[0].Verdict != proof.Tampered || findings[0].Size != lost.Size):
			t.Errorf("a secret restore: %v, want checkpoint %d not to be led to", findings, lost.Size)
		case !secret && (done.Restored != lost.Size || done.Checkpoint.Restored != lost.Size):
			t.Errorf("the restore is signed as %d and %d, want %d", done.Restored, done.Checkpoint.Restored, lost.Size)
		case !secret && (len(findings) != 1 || findings[0].Verdict != proof.Restored || findings[0].Size != lost.Size):
			t.Errorf("an admitted restore: %v, want checkpoint %d restored", findings, lost.Size)
		}
	}
}

// A log whose writer is killed with its server, again and again, loses nothing
// that was signed and forks nowhere.
func TestKillingTheServerBreaksNoLog(t *testing.T) {
	t.Parallel()
	cluster := storetest.NewCluster(t)
	w := &witnessed{t: t, address: cluster.URL(), Store: storetest.Open(t, cluster.URL(), store.Options{})}
	if err := w.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.key, err = proof.EnsureKey(filepath.Join(t.TempDir(), "key"), "log.example"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var rounds atomic.Int64
	var kept []proof.Checkpoint // of the writer alone, until it has ended
	ended := make(chan error, 2)
	go func() {
		for n := 0; ctx.Err() == nil; n++ {
			_, err := w.Append(ctx, hafen, func(ctx context.Context, f *store.Fact) error {
				if n%3 == 0 {
					f.Submission([]byte{byte(n)})
				}
				return f.Segments(ctx, "edge", 10, of(grid, at(n, int64(n))))
			})
			if err != nil && ctx.Err() == nil && !store.IsTransient(err) {
				ended <- err
				return
			}
			if n%10 == 9 {
				_, err := w.Closing(ctx, hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error { return c.Advance(ctx, c.Upto) })
				if err == nil {
					_, err = w.Seal(ctx, hafen, 1<<62, noon.Add(time.Duration(n/2)*time.Minute))
				}
				if err != nil && ctx.Err() == nil && !store.IsTransient(err) {
					ended <- err
					return
				}
			}
		}
		ended <- nil
	}()
	go func() {
		var latest proof.Checkpoint
		for ctx.Err() == nil {
			done, err := w.Log(ctx, store.LogWriter{Key: w.key, Latest: latest, Most: 5})
			switch {
			case err == nil && done.Restored > 0:
				ended <- fmt.Errorf("a restore from %d is told", done.Restored)
				return
			case err == nil:
				if latest = done.Checkpoint; done.Records > 0 {
					kept = append(kept, latest)
					rounds.Add(1)
				}
			case ctx.Err() == nil && !store.IsTransient(err):
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	for range 4 {
		for target := rounds.Load() + 15; rounds.Load() < target; time.Sleep(time.Millisecond) {
			if len(ended) > 0 {
				t.Fatal(<-ended)
			}
		}
		cluster.Kill9()
		cluster.Start()
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	latest := w.logged(kept[len(kept)-1])
	a, findings := w.audited(append(kept, latest)...)
	for _, f := range findings {
		t.Error(named(f))
	}
	if a.Waiting != 0 || a.Records < 60 || a.Checkpoints < 60 || a.Chunks == 0 {
		t.Errorf("audited %+v", a)
	}
}
