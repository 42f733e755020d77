package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy/proof"
)

// frontier is the right edge of a growing Merkle tree: the roots of its
// complete subtrees, largest first.
type frontier []subtree

type subtree struct {
	level int
	hash  tlog.Hash
}

// add takes the hash of a further record. It gives the hashes of the subtrees
// that are complete with it, in the order in which the tree is stored.
func (f *frontier) add(hash tlog.Hash) []tlog.Hash {
	made := []tlog.Hash{hash}
	edge, level := *f, 0
	for n := len(edge); n > 0 && edge[n-1].level == level; n = len(edge) {
		hash = tlog.NodeHash(edge[n-1].hash, hash)
		made, edge, level = append(made, hash), edge[:n-1], level+1
	}
	*f = append(edge, subtree{level, hash})
	return made
}

// root is the root of the tree so far.
func (f frontier) root() (root tlog.Hash) {
	for i, s := range slices.Backward(f) {
		if i == len(f)-1 {
			root = s.hash
			continue
		}
		root = tlog.NodeHash(s.hash, root)
	}
	return root
}

// treeAudit walks along the log. It builds the tree twice, from what the
// records say and from the hashes that are stored: whichever leads to what was
// signed tells which of the two was changed.
type treeAudit struct {
	*audit
	said, kept frontier
	size       int64
	place      int64 // of the next stored hash
	block      []byte
	blockNo    int64

	doubts  []proof.Finding // records that differ from their stored hash, since the last checkpoint
	wrong   []proof.Finding // stored hashes that differ, since the last checkpoint
	lost    bool            // the tree does not lead to the last checkpoint
	roots   map[int64]tlog.Hash
	wanted  map[int64]bool
	restore []restored
	stretch []instants // of the records since the last checkpoint
}

// instants are neighbouring records with one instant: those of one checkpoint.
type instants struct {
	at  time.Time
	end int64 // the size of the log after them
}

// restored is what a record of kind restored says: checkpoints larger than
// after, up to checkpoint, were lost.
type restored struct{ after, checkpoint int64 }

type logRow struct {
	N    int64
	At   time.Time
	Kind string
	Site *int32
	ID   *string
	Seq  *int64
	Item *string
	Hash []byte
	Body *string
	Next bool // a later record of kind sealing replaces it
}

type checkpointRow struct {
	Size int64
	At   time.Time
	Note string
}

func (a *audit) tree(ctx context.Context) error {
	t := &treeAudit{audit: a, blockNo: -1, roots: map[int64]tlog.Hash{}, wanted: map[int64]bool{}}
	for _, c := range a.Against {
		t.wanted[c.Size] = true
	}
	var checkpoints []checkpointRow
	var after int64
	more := func() (err error) {
		checkpoints, err = list(ctx, a.q, pgx.RowToStructByPos[checkpointRow],
			"select size, at, note from checkpoint where size > @after order by size limit 1000", pgx.NamedArgs{"after": after})
		return wrap(err, "read checkpoints")
	}
	if err := more(); err != nil {
		return err
	}
	for {
		rows, err := list(ctx, a.q, pgx.RowToStructByPos[logRow], `
			select l.n, l.at, l.kind, l.site_id, s.id, l.seq, l.item, l.hash, l.body,
				l.body is null and l.kind = 'sealing' and exists (select from log_leaf o where o.site_id = l.site_id and o.kind = 'sealing' and o.n > l.n)
			from log_leaf l left join site s on s.site_id = l.site_id where l.n >= @next order by l.n limit 500`, pgx.NamedArgs{"next": t.size})
		if err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		for i := range rows {
			if err := t.record(ctx, &rows[i]); err != nil {
				return err
			}
			for len(checkpoints) > 0 && checkpoints[0].Size <= t.size {
				t.checkpoint(checkpoints[0])
				after = checkpoints[0].Size
				if checkpoints = checkpoints[1:]; len(checkpoints) == 0 {
					if err := more(); err != nil {
						return err
					}
				}
			}
		}
		a.step(int64(len(rows)))
		if len(rows) < 500 {
			break
		}
	}
	for ; len(checkpoints) > 0; checkpoints = checkpoints[1:] {
		a.report(proof.Finding{Verdict: proof.Missing, Table: "log_leaf", What: "end of the log", Size: checkpoints[0].Size})
	}
	return t.finish()
}

// record takes the next record.
func (t *treeAudit) record(ctx context.Context, r *logRow) error {
	for ; t.size < r.N; t.size++ { // rows that were deleted
		n := t.size
		t.report(proof.Finding{Verdict: proof.Missing, Table: "log_leaf", Record: &n})
		hash, err := t.stored(ctx)
		if err != nil {
			return err
		}
		t.said.add(hash)
		if err := t.complete(ctx, t.kept.add(hash)[1:]); err != nil {
			return err
		}
	}
	n := r.N
	var hash tlog.Hash
	copy(hash[:], r.Hash)
	switch {
	case r.Body != nil:
		is := tlog.RecordHash([]byte(*r.Body))
		if is != hash {
			t.doubts = append(t.doubts, proof.Finding{Verdict: proof.Tampered, Table: "log_leaf", Column: "hash", Record: &n})
		}
		hash = is
		if column := r.misfit(); column != "" {
			t.report(proof.Finding{Verdict: proof.Tampered, Table: "log_leaf", Column: column, Record: &n})
		}
		t.remember(*r.Body)
	case !r.Next:
		t.report(proof.Finding{Verdict: proof.Missing, Table: "log_leaf", Column: "body", Record: &n})
	}
	kept, err := t.stored(ctx)
	if err != nil {
		return err
	}
	if kept != hash {
		t.doubts = append(t.doubts, proof.Finding{Verdict: proof.Tampered, Table: "log_leaf", Column: "body", Record: &n})
		t.wrong = append(t.wrong, proof.Finding{Verdict: proof.Tampered, Table: "log_hash", Column: "hashes", Record: &n, What: fmt.Sprintf("block %d", t.blockNo)})
	}
	t.said.add(hash)
	if err := t.complete(ctx, t.kept.add(kept)[1:]); err != nil {
		return err
	}
	t.size++
	if last := len(t.stretch) - 1; last < 0 || !t.stretch[last].at.Equal(r.At) {
		t.stretch = append(t.stretch, instants{at: r.At})
	}
	t.stretch[len(t.stretch)-1].end = t.size
	if t.wanted[t.size] {
		t.roots[t.size] = t.said.root()
	}
	return nil
}

// misfit is a column that says something else than the record; "" if none does.
func (r *logRow) misfit() string {
	record, err := proof.ParseRecord(*r.Body)
	if err != nil || string(record.Kind) != r.Kind {
		return "kind"
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	if record.Value("site") != text(r.ID) {
		return "site_id"
	}
	if record.Value("item") != text(r.Item) {
		return "item"
	}
	var seq int64
	for _, name := range []string{"fact", "upto", "checkpoint"} {
		if n, err := record.Number(name); err == nil {
			seq = n
			break
		}
	}
	if r.Seq == nil && seq != 0 || r.Seq != nil && *r.Seq != seq {
		return "seq"
	}
	return ""
}

// remember notes what a record says of restores.
func (t *treeAudit) remember(body string) {
	record, err := proof.ParseRecord(body)
	if err != nil || record.Kind != proof.KindRestored {
		return
	}
	after, err := record.Number("after")
	size, err2 := record.Number("checkpoint")
	if errors.Join(err, err2) == nil {
		t.restore = append(t.restore, restored{after, size})
	}
}

// stored is the next stored hash; a missing one is zero.
func (t *treeAudit) stored(ctx context.Context) (hash tlog.Hash, err error) {
	if block := t.place / hashesPerBlock; block != t.blockNo {
		t.blockNo, t.block = block, nil
		err := t.q.QueryRow(ctx, "select hashes from log_hash where block = @block", pgx.NamedArgs{"block": block}).Scan(&t.block)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return hash, fmt.Errorf("read stored hashes: %w", err)
		}
	}
	if at := t.place % hashesPerBlock * tlog.HashSize; at+tlog.HashSize <= int64(len(t.block)) {
		copy(hash[:], t.block[at:])
	}
	t.place++
	return hash, nil
}

// complete compares the stored hashes of subtrees.
func (t *treeAudit) complete(ctx context.Context, made []tlog.Hash) error {
	for _, hash := range made {
		kept, err := t.stored(ctx)
		if err != nil {
			return err
		}
		if kept != hash {
			n := t.size
			t.wrong = append(t.wrong, proof.Finding{Verdict: proof.Tampered, Table: "log_hash", Column: "hashes", Record: &n, What: fmt.Sprintf("block %d", t.blockNo)})
		}
	}
	return nil
}

// checkpoint compares the tree with a signed state, which also tells whose the
// fault is where records and stored hashes differ.
func (t *treeAudit) checkpoint(row checkpointRow) {
	t.audited.Checkpoints++
	c, err := proof.OpenCheckpoint(row.Note, t.PublicKey)
	switch {
	case err != nil:
		t.report(proof.Finding{Verdict: proof.Tampered, Table: "checkpoint", Column: "note", Size: row.Size})
		t.stretch = nil
		return
	case c.Size != row.Size:
		t.report(proof.Finding{Verdict: proof.Tampered, Table: "checkpoint", Column: "size", Size: row.Size})
		t.stretch = nil
		return
	case !c.At.Equal(row.At):
		t.report(proof.Finding{Verdict: proof.Tampered, Table: "checkpoint", Column: "at", Size: row.Size})
	}
	t.instants(c)
	t.audited.Latest = c
	if c.Size != t.size { // rows of the log were deleted around it
		t.report(proof.Finding{Verdict: proof.Tampered, Table: "checkpoint", Size: row.Size})
		return
	}
	said, kept := t.said.root() == c.Root, t.kept.root() == c.Root
	switch {
	case said: // what the records say is what was signed
		for _, f := range t.doubts {
			if f.Column == "hash" {
				t.report(f)
			}
		}
		t.settle(t.wrong)
		t.kept, t.lost = slices.Clone(t.said), false
	case kept:
		t.settle(t.doubts)
		t.said, t.lost = slices.Clone(t.kept), false
	case !t.lost:
		t.settle(t.doubts)
		t.report(proof.Finding{Verdict: proof.Tampered, Table: "checkpoint", Size: c.Size})
		t.lost = true
	}
	t.doubts, t.wrong = nil, nil
}

// instants checks that the records since the last checkpoint bear the instant
// of this one. Records before them with another one had a checkpoint of their own.
func (t *treeAudit) instants(c proof.Checkpoint) {
	matched := false
	for i, s := range t.stretch {
		switch last := i == len(t.stretch)-1; {
		case s.at.Equal(c.At):
			matched = true
		case last || matched:
			n := s.end - 1
			t.report(proof.Finding{Verdict: proof.Tampered, Table: "log_leaf", Column: "at", Record: &n})
		default:
			t.report(proof.Finding{Verdict: proof.Missing, Table: "checkpoint", Size: s.end})
		}
	}
	t.stretch = nil
}

// settle reports findings, those of one row once.
func (t *treeAudit) settle(list []proof.Finding) {
	seen := map[string]bool{}
	for _, f := range list {
		key := f.Table + f.What
		if f.Table == "log_leaf" {
			key = fmt.Sprint(key, *f.Record)
		}
		if !seen[key] {
			seen[key] = true
			t.report(f)
		}
	}
}

// finish compares the end of the log with what is known elsewhere.
func (t *treeAudit) finish() error {
	t.audited.Records = t.size
	t.settle(t.doubts)
	if t.size > t.audited.Latest.Size {
		n := t.audited.Latest.Size
		t.report(proof.Finding{Verdict: proof.Added, Table: "log_leaf", Record: &n, What: "records that no checkpoint signs"})
	}
	for _, c := range t.Against {
		root, ok := t.roots[c.Size]
		switch {
		case c.Size == 0 || ok && root == c.Root:
		case slices.ContainsFunc(t.restore, func(r restored) bool { return r.after < c.Size && c.Size <= r.checkpoint }):
			t.report(proof.Finding{Verdict: proof.Restored, Table: "checkpoint", Size: c.Size})
		case !ok:
			t.report(proof.Finding{Verdict: proof.Missing, Table: "log_leaf", What: "end of the log", Size: c.Size})
		default:
			t.report(proof.Finding{Verdict: proof.Tampered, Table: "log_leaf", What: "history", Size: c.Size})
		}
	}
	return nil
}
