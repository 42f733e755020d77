package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// witnessed is a site with everything an audit looks at: readings that are
// sealed for good, in a chunk that grows, and not sealed yet; an import, a
// registry change, a correction; logged, in two checkpoints.
type witnessed struct {
	*store.Store
	t       testing.TB
	address string
	key     *proof.Key
}

func newWitnessed(t testing.TB) *witnessed {
	t.Helper()
	w := &witnessed{t: t, address: storetest.URL(t)}
	w.Store = storetest.Open(t, w.address, store.Options{})
	if err := w.EnsureSite(t.Context(), hafen); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.key, err = proof.EnsureKey(filepath.Join(t.TempDir(), "key"), "log.example"); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *witnessed) logged(latest proof.Checkpoint) proof.Checkpoint {
	w.t.Helper()
	for {
		done, err := w.Log(w.t.Context(), store.LogWriter{Key: w.key, Latest: latest})
		if err != nil || done.Busy {
			w.t.Fatalf("log: busy %v, %v", done.Busy, err)
		}
		if latest = done.Checkpoint; !done.More {
			return latest
		}
	}
}

// furnish fills the site and gives both checkpoints.
func (w *witnessed) furnish() (first, second proof.Checkpoint) {
	t := w.t
	t.Helper()
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
		if err := f.Entry(ctx, "site", "hafen", time.Time{}, "office", []byte(`{"name": "Hafen", "b": 1.50, "a": [1e2]}`)); err != nil {
			return err
		}
		return f.Entry(ctx, "meter", "main", noon, "office", []byte(`{"x": null}`))
	})
	delivered(t, w.Store, grid, at(0, 1), at(1, 2), at(2, 4)) // fact 2
	delivered(t, w.Store, grid, at(3, 8))
	sealed(t, w.Store, noon.AddDate(0, 0, 1))   // into a chunk that grows
	sealed(t, w.Store, noon.AddDate(0, 0, 400)) // it is complete
	first = w.logged(proof.Checkpoint{})
	later := noon.AddDate(2, 0, 0)
	reading := func(minutes int, v int64) energy.Reading {
		return energy.Reading{At: later.Add(time.Duration(minutes) * time.Minute), Value: energy.Decimal(v, 0), Quality: energy.Measured}
	}
	delivered(t, w.Store, grid, reading(0, 10), reading(1, 11))           // fact 4
	sealed(t, w.Store, later.Add(time.Hour))                              // a chunk that grows
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error { // fact 5
		f.Submission([]byte("digest"))
		return f.Chunks(ctx, "file", 5, of("hafen/it", reading(0, 5), reading(15, 6)))
	})
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error { // fact 6
		return f.Correction(ctx, "office", 5, grid, energy.Period{From: later, To: later.Add(time.Minute)}, "typing error", []energy.Reading{reading(0, 9)})
	})
	delivered(t, w.Store, grid, reading(100, 20)) // facts 7 and 8 stay in segments
	appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
		return f.Segments(ctx, "collector", 10, append(of(grid, reading(101, 21)), of("hafen/it", reading(101, 3))...))
	})
	return first, w.logged(first)
}

// audited are the findings of an audit.
func (w *witnessed) audited(against ...proof.Checkpoint) (store.Audited, []proof.Finding) {
	w.t.Helper()
	var findings []proof.Finding
	a, err := w.Audit(w.t.Context(), store.AuditOptions{PublicKey: w.key.Public, Against: against}, func(f proof.Finding) { findings = append(findings, f) })
	if err != nil {
		w.t.Fatalf("audit: %v", err)
	}
	return a, findings
}

func (w *witnessed) change(sql string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(w.t.Context())) //nolint:errcheck // done
	tag, err := conn.Exec(w.t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
	if err != nil || tag.RowsAffected() == 0 {
		w.t.Fatalf("%s: %d rows, %v", sql, tag.RowsAffected(), err)
	}
}

func named(f proof.Finding) string {
	text := fmt.Sprintf("%s %s", f.Verdict, f.Table)
	if f.Column != "" {
		text += "." + f.Column
	}
	if f.Fact != 0 {
		text += fmt.Sprintf(" fact %d", f.Fact)
	}
	if f.What != "" {
		text += " " + f.What
	}
	if f.Record != nil {
		text += fmt.Sprintf(" record %d", *f.Record)
	}
	if f.Size != 0 {
		text += fmt.Sprintf(" size %d", f.Size)
	}
	return text
}

func TestWhatNobodyTouchedIsProven(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	first, second := w.furnish()
	a, findings := w.audited(first, second)
	for _, f := range findings {
		t.Errorf("%s", named(f))
	}
	if a.Records != second.Size || a.Checkpoints != 2 || a.Facts != 8 || a.Entries != 2 || a.Corrections != 1 || a.Segments != 2 || a.Chunks != 3 || a.Readings != 8 || a.Waiting != 0 || a.Older != 0 {
		t.Errorf("audited %+v of %d records", a, second.Size)
	}
	// More readings come, are sealed and logged: what was there is still proven.
	delivered(t, w.Store, grid, energy.Reading{At: noon.AddDate(2, 0, 0).Add(2 * time.Hour), Value: energy.Decimal(1, 0), Quality: energy.Measured})
	sealed(t, w.Store, noon.AddDate(2, 1, 0))
	if _, findings = w.audited(first, second); len(findings) > 0 {
		t.Errorf("with turns that wait: %s", named(findings[0]))
	}
	third := w.logged(second)
	if a, findings = w.audited(first, second, third); len(findings) > 0 || a.Segments != 0 || a.Readings != 12 {
		t.Errorf("all sealed: %+v, %v", a, findings)
	}
}

// Whatever row is changed, by whatever column: the audit names it.
func TestTamperingWithAnyRowIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	flip := func(column string) string {
		return fmt.Sprintf("%[1]s = set_byte(%[1]s, length(%[1]s) / 2, get_byte(%[1]s, length(%[1]s) / 2) # 1)", column)
	}
	grown := "chunk hafen/grid 2027-01-01 -1"
	if noon.Year() != 2025 || noon.Month() != time.January {
		t.Fatalf("noon is %s", noon)
	}
	for _, tt := range []struct {
		sentence string
		sql      string
		want     []string // all of these are among the findings
	}{
		{"an entry says something else", `update entry set body = '{"name": "Hafeninsel"}' where part = 0`, []string{"tampered entry fact 1 entry 0"}},
		{"an entry has another actor", `update entry set actor = 'nobody' where part = 1`, []string{"tampered entry fact 1 entry 1"}},
		{"an entry holds from another day on", `update entry set valid_from = valid_from + interval '1 day' where part = 1`, []string{"tampered entry fact 1 entry 1"}},
		{"an entry is of another kind", `update entry set kind = 'site' where part = 1`, []string{"tampered entry fact 1 entry 1"}},
		{"an entry is of another thing", `update entry set id = 'other' where part = 1`, []string{"tampered entry fact 1 entry 1"}},
		{"an entry was recorded earlier", `update entry set recorded_at = recorded_at - interval '1 day' where part = 1`, []string{"tampered entry fact 1 entry 1"}},
		{"an entry belongs to another fact", `update entry set seq = 2 where part = 1`, []string{"missing entry fact 1 entry 1", "added entry fact 2 entry 1"}},
		{"the salt of an entry", "update entry set " + flip("nonce") + " where part = 0", []string{"tampered entry fact 1 entry 0"}},
		{"a deleted entry", `delete from entry where part = 0`, []string{"missing entry fact 1 entry 0"}},
		{"an inserted entry", `insert into entry select site_id, 3, 0, recorded_at, kind, id, valid_from, actor, nonce, body from entry where part = 0`, []string{"added entry fact 3 entry 0"}},
		{"a further entry of a known fact", `insert into entry select site_id, seq, 7, recorded_at, kind, id, valid_from, actor, nonce, body from entry where part = 0`, []string{"added entry fact 1 entry 7"}},
		{"two entries swapped", `update entry e set body = o.body from entry o where o.part = 1 - e.part`, []string{"tampered entry fact 1 entry 0", "tampered entry fact 1 entry 1"}},

		{"the readings of a correction", "update correction set " + flip("body"), []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"the reason of a correction", "update correction set reason = 'as agreed'", []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"the interval of a correction", "update correction set to_at = to_at + interval '1 year'", []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"the source of a correction", "update correction set source_id = source_id - 1", []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"the rank of a correction", "update correction set rank = 9", []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"a correction of an earlier fact", "update correction set seq = 3", []string{"missing correction fact 6 correction hafen/grid 0", "added correction fact 3 correction 0"}},
		{"a correction recorded earlier", "update correction set recorded_at = recorded_at - interval '1 hour'", []string{"tampered correction fact 6 correction hafen/grid 0"}},
		{"a correction of another point", "update correction set point_no = (select point_no from point where id = 'hafen/it')", []string{"missing correction fact 6 correction hafen/grid 0", "added correction fact 6 correction hafen/it 0"}},
		{"a deleted correction", "delete from correction", []string{"missing correction fact 6 correction hafen/grid 0"}},

		{"a byte of a segment", "update segment set " + flip("body") + " where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"the source of a segment", "update segment set source_id = source_id + 1 where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"the rank of a segment", "update segment set rank = 1 where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"the instant of record of a segment", "update segment set recorded_at = recorded_at + interval '1 second' where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"the bounds of a segment", "update segment set to_at = to_at - interval '1 second', from_at = from_at - interval '1 second' where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"the points of a segment", "update segment set points = '{77}' where seq = 8", []string{"tampered segment fact 8 segment 0 0"}},
		{"a segment of another fact", "update segment set seq = 6 where seq = 7", []string{"added segment fact 6 segment 0 0", "missing segment fact 7 segment 0 0"}},
		{"segments swapped", "update segment s set body = o.body, points = o.points from segment o where o.seq = 15 - s.seq", []string{"tampered segment fact 7 segment 0 0", "tampered segment fact 8 segment 0 0"}},
		{"a deleted segment", "delete from segment where seq = 8", []string{"missing segment fact 8 segment 0 0"}},
		{"an inserted segment", "insert into segment select site_id, 2, meter_no, part, from_at, to_at, recorded_at, source_id, rank, points, body from segment where seq = 7", []string{"added segment fact 2 segment 0 0"}},

		{"a byte of a complete chunk", "update chunk set " + flip("body") + " where last_seq = 3", []string{"tampered chunk.body fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"a byte of a chunk that grows", "update chunk set " + flip("body") + " where last_seq = 4", []string{"tampered chunk.body fact 4 " + grown}},
		{"a byte of an imported chunk", "update chunk set " + flip("body") + " where last_seq = 5", []string{"tampered chunk.body fact 5 chunk hafen/it 2027-01-01 0"}},
		{"chunks swapped, with all their columns", `update chunk c set body = o.body, nonce = o.nonce, leaf = o.leaf, first_at = o.first_at, to_at = o.to_at, first_seq = o.first_seq, last_seq = o.last_seq, readings = o.readings
			from chunk o where c.last_seq in (3, 4) and o.last_seq = 7 - c.last_seq`, []string{"tampered chunk fact 4 chunk hafen/grid 2025-01-01 -1", "tampered chunk fact 3 " + grown}},
		{"the digest of a chunk", "update chunk set " + flip("leaf") + " where last_seq = 3", []string{"tampered chunk.leaf fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"no digest of a chunk", "update chunk set leaf = null where last_seq = 4", []string{"tampered chunk.leaf fact 4 " + grown}},
		{"the salt of a chunk", "update chunk set " + flip("nonce") + " where last_seq = 4", []string{"tampered chunk fact 4 " + grown}},
		{"the bounds of a chunk", "update chunk set to_at = to_at + interval '1 day' where last_seq = 3", []string{"tampered chunk.to_at fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"the beginning of a chunk", "update chunk set first_at = first_at + interval '1 second' where last_seq = 3", []string{"tampered chunk.first_at fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"the first fact of a chunk", "update chunk set first_seq = 3 where last_seq = 3", []string{"tampered chunk.first_seq fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"the last fact of a chunk", "update chunk set last_seq = 2 where last_seq = 3", []string{"tampered chunk.last_seq fact 2 chunk hafen/grid 2025-01-01 -1"}},
		{"the last fact of an imported chunk", "update chunk set last_seq = 2 where last_seq = 5", []string{"tampered chunk.last_seq fact 5 chunk hafen/it 2027-01-01 0"}},
		{"the number of readings of a chunk", "update chunk set readings = 0 where last_seq = 3", []string{"tampered chunk.readings fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"the cut of a chunk", "update chunk set cut = 'd' where last_seq = 3", []string{"tampered chunk fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"a complete chunk opened", "update chunk set closed = false where last_seq = 3", []string{"tampered chunk.closed chunk hafen/grid 2025-01-01 -1"}},
		{"a chunk of another window", "update chunk set from_at = from_at + interval '1 month' where last_seq = 4", []string{"added chunk fact 4 chunk hafen/grid 2027-02-01 -1", "missing chunk " + grown}},
		{"a chunk of another point", "update chunk set point_no = (select point_no from point where id = 'hafen/it') where last_seq = 4", []string{"added chunk fact 4 chunk hafen/it 2027-01-01 -1", "missing chunk " + grown}},
		{"content taken away without a word", "update chunk set body = '', nonce = null where last_seq = 3", []string{"missing chunk.body fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"a deleted complete chunk", "delete from chunk where last_seq = 3", []string{"missing chunk chunk hafen/grid 2025-01-01 -1"}},
		{"a deleted chunk that grows", "delete from chunk where last_seq = 4", []string{"missing chunk " + grown}},
		{"a deleted imported chunk", "delete from chunk where last_seq = 5", []string{"missing chunk fact 5 chunk hafen/it 2027-01-01 0"}},
		{"an inserted chunk", `insert into chunk select site_id, point_no, from_at, part - 1, cut, first_at, to_at, first_seq, last_seq, readings, leaf, nonce, body, closed from chunk where last_seq = 3`, []string{"added chunk fact 3 chunk hafen/grid 2025-01-01 -2"}},

		{"the instant of a packed fact", "update fact_block set " + flip("body"), []string{"tampered fact_block fact 1 moments 1"}},
		{"the bounds of packed facts", "update fact_block set first_at = first_at - interval '1 hour'", []string{"tampered fact_block fact 1 moments 1"}},
		{"the numbers of packed facts", "update fact_block set last_seq = last_seq - 1", []string{"tampered fact_block fact 1 moments 1"}},
		{"the chain of packed facts", "update fact_block set " + flip("chain"), []string{"tampered fact_block fact 1 moments 1"}},
		{"deleted packed facts", "delete from fact_block", []string{"missing fact_block moments 1"}},
		{"the instant of a fact", "update fact set recorded_at = recorded_at + interval '1 day' where seq = 7", []string{"tampered fact fact 7"}},
		{"the number of a fact", "update fact set seq = 9 where seq = 8", []string{"missing fact fact 8 facts 8 to 8", "tampered site_head.seq fact 8"}},
		{"the chain of a fact", "update fact set " + flip("chain") + " where seq = 7", []string{"tampered fact fact 7"}},
		{"the salt of a fact", "update fact set " + flip("salt") + " where seq = 7", []string{"tampered segment fact 7 segment 0 0"}},
		{"what a fact says", "update fact set lines = replace(lines, 'segment 0 0', 'segment 0 1') where seq = 7", []string{"tampered fact fact 7"}},
		{"a deleted fact", "delete from fact where seq = 7", []string{"missing fact fact 7 facts 7 to 7", "added segment fact 7 segment 0 0"}},
		{"the last facts deleted with all they said", "with a as (delete from segment where seq > 6), b as (update site_head set seq = 6, chain = (select chain from fact where seq = 6)) delete from fact where seq > 6", []string{"missing fact fact 7 facts 7 to 8"}},

		{"the number of the head", "update site_head set seq = 7 where seq = 8", []string{"tampered site_head.seq fact 7"}},
		{"the chain of the head", "update site_head set " + flip("chain") + " where seq = 8", []string{"tampered site_head.chain fact 8"}},
		{"the instant of the head", "update site_head set recorded_at = recorded_at - interval '1 hour' where seq = 8", []string{"tampered site_head.recorded_at fact 8"}},
		{"a deleted head", "delete from site_head where seq = 8", []string{"missing site_head"}},

		{"another name of a site", "update site set id = 'haven' where id = 'hafen'", []string{"tampered log_leaf.site_id record 0", "tampered entry fact 1 entry 0"}},
		{"another name of a point", "update point set id = 'hafen/net' where id = 'hafen/grid'", []string{"missing chunk " + grown, "added chunk fact 4 chunk hafen/net 2027-01-01 -1", "tampered segment fact 7 segment 0 0"}},
		{"another name of a source", "update source set name = 'someone' where name = 'collector'", []string{"tampered chunk fact 4 " + grown, "tampered segment fact 7 segment 0 0"}},

		{"a record says something else", "update log_leaf set body = replace(body, 'fact 1', 'fact 9') where n = 0", []string{"tampered log_leaf.hash record 0"}},
		{"the hash of a record", "update log_leaf set " + flip("hash") + " where n = 1", []string{"tampered log_leaf.hash record 1"}},
		{"a record and its hash", "update log_leaf set body = body || E'x y\\n', hash = sha256('\\000'::bytea || convert_to(body || E'x y\\n', 'UTF8')) where n = 1", []string{"tampered log_leaf.body record 1"}},
		{"the fact of a record", "update log_leaf set seq = 2 where n = 0", []string{"tampered log_leaf.seq record 0"}},
		{"the kind of a record", "update log_leaf set kind = 'chain' where n = 0", []string{"tampered log_leaf.kind record 0"}},
		{"the site of a record", "update log_leaf set site_id = 0 where n = 0", []string{"tampered log_leaf.site_id record 0"}},
		{"the item of a record", "update log_leaf set item = 'chunk a/b 2024-01-01 -1' where kind = 'sealed'", []string{"tampered log_leaf.item record 1", "added chunk fact 3 chunk hafen/grid 2025-01-01 -1"}},
		{"the instant of records", "update log_leaf set at = at - interval '1 day' where n < 4", []string{"tampered log_leaf.at record 3"}},
		{"a record without a body", "update log_leaf set body = null where n = 0", []string{"missing log_leaf.body record 0"}},
		{"a deleted record", "delete from log_leaf where n = 1", []string{"missing log_leaf record 1"}},
		{"records swapped", "update log_leaf a set body = b.body, hash = b.hash, kind = b.kind, seq = b.seq, item = b.item, site_id = b.site_id from log_leaf b where a.n in (0, 1) and b.n = 1 - a.n", []string{"tampered log_leaf.body record 0", "tampered log_leaf.body record 1"}},
		{"the end of the log cut off", "delete from log_leaf where n >= 5", []string{"missing log_leaf end of the log size 8"}},
		{"the end of the log cut off with its checkpoint", "with a as (delete from checkpoint where size > 4) delete from log_leaf where n >= 4", []string{"missing log_leaf end of the log size 8"}},
		{"a record nobody signed", "insert into log_leaf select 8, at, kind, site_id, seq, item, hash, body, salt from log_leaf where n = 0", []string{"added log_leaf records that no checkpoint signs record 8"}},
		{"a stored hash of the tree", "update log_hash set " + flip("hashes"), []string{"tampered log_hash.hashes block 0"}},
		{"the stored hashes deleted", "delete from log_hash", []string{"tampered log_hash.hashes block 0"}},
		{"a signature", "update checkpoint set note = replace(note, E'\\n4\\n', E'\\n5\\n') where size = 4", []string{"tampered checkpoint.note size 4"}},
		{"the size of a checkpoint", "update checkpoint set size = 3 where size = 4", []string{"tampered checkpoint.size size 3"}},
		{"the instant of a checkpoint", "update checkpoint set at = at - interval '1 hour' where size = 4", []string{"tampered checkpoint.at size 4"}},
		{"a deleted checkpoint", "delete from checkpoint where size = 4", []string{"missing checkpoint size 4"}},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			w := newWitnessed(t)
			_, latest := w.furnish()
			w.change(tt.sql)
			audited, findings := w.audited(latest)
			var texts []string
			for _, f := range findings {
				text := named(f)
				if f.Table == "log_hash" {
					text = strings.TrimSuffix(text, fmt.Sprintf(" record %d", *f.Record))
				}
				texts = append(texts, text)
			}
			for _, want := range tt.want {
				if !slices.Contains(texts, want) {
					t.Errorf("not named: %s; found\n%s", want, strings.Join(texts, "\n"))
				}
			}
			if audited.Grave == 0 {
				t.Error("the audit is passed")
			}
		})
	}
}

func TestWhatExpiredIsNotTakenForTampering(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	_, latest := w.furnish()
	n, err := w.Expire(t.Context(), hafen, []energy.PointID{grid, "hafen/it"}, noon.AddDate(10, 0, 0), "ten years")
	if err != nil || n != 2 {
		t.Fatalf("%d chunks expired (%v), want the complete one and the imported one", n, err)
	}
	for _, when := range []string{"before it is logged", "after"} {
		a, findings := w.audited(latest)
		if a.Grave != 0 || len(findings) != 2 || findings[0].Verdict != proof.Expired || findings[1].Verdict != proof.Expired {
			t.Errorf("%s: %v", when, findings)
		}
		latest = w.logged(latest)
	}
}

func TestACheckpointByAnotherKeyIsNone(t *testing.T) {
	t.Parallel()
	w := newWitnessed(t)
	first, _ := w.furnish()
	other, err := proof.EnsureKey(filepath.Join(t.TempDir(), "key"), "log.example")
	if err != nil {
		t.Fatal(err)
	}
	forged, err := other.Sign(first.Size, first.Root, first.At, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.change(fmt.Sprintf("update checkpoint set note = '%s' where size = %d", forged.Note, first.Size))
	if _, findings := w.audited(); len(findings) != 1 || named(findings[0]) != fmt.Sprintf("tampered checkpoint.note size %d", first.Size) {
		t.Errorf("re-signed by another key: %v", findings)
	}
	if _, err := w.Log(t.Context(), store.LogWriter{Key: other}); !errors.Is(err, store.ErrLogKey) {
		t.Errorf("log with another key: %v, want ErrLogKey", err)
	}
}
