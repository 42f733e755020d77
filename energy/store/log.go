package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// kindTurn is what waits to be gathered into a record of kind sealing.
const kindTurn = "turn"

// lockLog is the first key of the advisory lock of the one writer of the log;
// the second is the schema.
const lockLog = 0x484c4f47

// ErrLogKey says that the log is signed by another key: its file was not
// brought along when the database was moved.
var ErrLogKey = errors.New("log is signed by another key")

// LogWriter says how the log is written.
type LogWriter struct {
	Key *proof.Key
	// Next, if any, is the key to which the log is handed over: Key and Next sign
	// the state with a record that says so, and Next alone signs what comes later.
	Next *proof.Key
	// Latest is the latest checkpoint that was signed, as it is kept outside
	// of the database: it tells a database that was restored from a backup.
	// Zero: none was.
	Latest proof.Checkpoint
	// Every is how often the chain and the sealing of a site are recorded at
	// most; 0: whenever there is something new.
	Every time.Duration
	// Most is how many waiting records one call takes; 0: 1000.
	Most int
}

// Logged is what a call of [Store.Log] did.
type Logged struct {
	Busy       bool             // another process writes the log: nothing was done
	Records    int              // added
	Checkpoint proof.Checkpoint // the latest; its Size is 0 while there is none
	Restored   int64            // the size of the checkpoint that the database has lost; 0: none
	More       bool             // more is waiting: call again
}

// Log brings the public ledger up to what is known: it adds records, signs the
// new state and keeps all of it in one transaction. It errs with [ErrChanged]
// when the log is not the one that was signed last, with [ErrLogKey] when
// another key did.
func (s *Store) Log(ctx context.Context, w LogWriter) (done Logged, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		job := logging{LogWriter: w, q: q, now: s.now().UTC().Truncate(time.Millisecond), done: &done}
		var held bool
		err := q.QueryRow(ctx, "select pg_try_advisory_xact_lock(@class, hashtext(current_schema()))", pgx.NamedArgs{"class": lockLog}).Scan(&held)
		if done.Busy = !held; err != nil || done.Busy {
			return err
		}
		for _, step := range []func(context.Context) error{job.open, job.restored, job.queued, job.sealings, job.chains, job.write} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Logged{}, fmt.Errorf("write the log: %w", err)
	}
	return done, nil
}

// leaf is a record on its way into the log.
type leaf struct {
	kind proof.Kind
	site *int32
	seq  *int64
	item *string
	body string
	salt []byte
}

// logging is one call of Log.
type logging struct {
	LogWriter
	q      session
	now    time.Time
	size   int64
	hashes *logHashes
	leaves []leaf
	taken  []int64 // rows of the queue
	sealed []int32 // sites with a new record of kind sealing
	done   *Logged
}

// open checks that the log is as it was signed last.
func (j *logging) open(ctx context.Context) error {
	if err := j.q.QueryRow(ctx, "select coalesce(max(n) + 1, 0) from log_leaf").Scan(&j.size); err != nil {
		return fmt.Errorf("read the size of the log: %w", err)
	}
	j.hashes = j.q.hashes(ctx, j.size)
	last, ok, err := j.q.checkpoint(ctx, 0, j.Key.Trusted)
	if err != nil {
		return err
	}
	if last.Next != "" && last.Next != j.Key.Public {
		return fmt.Errorf("it was handed over at %d records: restart what writes it: %w", last.Size, ErrLogKey)
	}
	if !ok && j.size == 0 {
		return nil
	}
	j.done.Checkpoint = last
	if last.Size != j.size {
		return fmt.Errorf("it has %d records, %d were signed: %w", j.size, last.Size, ErrChanged)
	}
	root, err := tlog.TreeHash(j.size, j.hashes)
	if err != nil {
		return err
	}
	if root != last.Root {
		return fmt.Errorf("its %d records do not lead to the root that was signed: %w", j.size, ErrChanged)
	}
	return nil
}

// restored says so in the log when the database is behind what was signed.
func (j *logging) restored(ctx context.Context) error {
	lost := j.Latest
	if lost.Size == 0 {
		return nil
	}
	if lost.Size <= j.size {
		root, err := tlog.TreeHash(lost.Size, j.hashes)
		if err != nil || root == lost.Root {
			return err
		}
	}
	record := proof.Record{Kind: proof.KindRestored}.With("checkpoint", fmt.Sprint(lost.Size)).With("root", lost.Root.String()).
		With("at", proof.Instant(lost.At)).With("after", fmt.Sprint(j.size)).Text()
	var admitted bool // the process ended before it could keep the checkpoint that says so
	err := j.q.QueryRow(ctx, `
		select exists (select from log_leaf where kind = 'restored' and seq = @size and body like '%' || @root::text || '%')`,
		pgx.NamedArgs{"size": lost.Size, "root": lost.Root.String()}).Scan(&admitted)
	switch {
	case err != nil:
		return fmt.Errorf("look for the restore: %w", err)
	case admitted:
		return nil
	case lost.Size <= j.size:
		return fmt.Errorf("its first %d records do not lead to the root that was signed: %w", lost.Size, ErrChanged)
	}
	j.leaves = append(j.leaves, leaf{kind: proof.KindRestored, seq: &lost.Size, body: record})
	j.done.Restored = lost.Size
	return nil
}

// queued takes the records that wait.
func (j *logging) queued(ctx context.Context) error {
	most := cmp.Or(j.Most, 1000)
	rows, err := j.q.Query(ctx, `
		select queued, kind, site_id, seq, item, body, salt from log_queue
		where kind <> 'turn' order by queued limit @most`, pgx.NamedArgs{"most": most})
	if err != nil {
		return fmt.Errorf("read what waits to be logged: %w", err)
	}
	var queued int64
	var l leaf
	_, err = pgx.ForEachRow(rows, []any{&queued, &l.kind, &l.site, &l.seq, &l.item, &l.body, &l.salt}, func() error {
		j.leaves, j.taken = append(j.leaves, l), append(j.taken, queued)
		l = leaf{}
		return nil
	})
	j.done.More = len(j.taken) == most
	return wrap(err, "read what waits to be logged")
}

// sealings gathers what sealing did at the sites whose turn it is.
func (j *logging) sealings(ctx context.Context) error {
	type waiting struct {
		Site int32
		ID   energy.SiteID
		Body *string
	}
	sites, err := list(ctx, j.q, pgx.RowToStructByPos[waiting], `
		select s.site_id, s.id, l.body from site s
		left join lateral (
			select at, body from log_leaf where site_id = s.site_id and kind = 'sealing' order by n desc limit 1
		) l on true
		where s.site_id in (select site_id from log_queue where kind = 'turn') and (l.at is null or l.at <= @before) order by s.site_id`,
		pgx.NamedArgs{"before": j.now.Add(-j.Every)})
	if err != nil {
		return fmt.Errorf("list sites with sealings to be logged: %w", err)
	}
	for _, site := range sites {
		state := proof.NewSealing(site.ID)
		if site.Body != nil {
			if state, err = proof.ParseSealing(*site.Body); err != nil {
				return fmt.Errorf("read how far site %q is sealed: %w", site.ID, err)
			}
		}
		if err := j.sealing(ctx, site.Site, state); err != nil {
			return fmt.Errorf("log the sealing of site %q: %w", site.ID, err)
		}
	}
	return nil
}

// sealing brings the record of one site up to the turns that wait.
func (j *logging) sealing(ctx context.Context, site int32, state *proof.Sealing) error {
	const most = 64 // the others come with the next call
	turns, taken, err := j.q.turns(ctx, site, most)
	if err != nil {
		return err
	}
	for _, turn := range turns {
		for _, c := range state.Apply(turn) {
			record := proof.Record{Kind: proof.KindSealed}.With("site", string(state.Site)).With("item", c.Item).With("digest", c.After.String())
			j.leaves = append(j.leaves, leaf{kind: proof.KindSealed, site: &site, item: &c.Item, body: record.Text()})
		}
	}
	j.done.More = j.done.More || len(turns) == most
	j.leaves = append(j.leaves, leaf{kind: proof.KindSealing, site: &site, seq: &state.Upto, body: state.Record().Text()})
	j.taken, j.sealed = append(j.taken, taken...), append(j.sealed, site)
	return nil
}

// turns are the turns of sealing at a site that are not logged yet, at most most.
func (q session) turns(ctx context.Context, site int32, most int) (turns []proof.Turn, queued []int64, err error) {
	rows, err := q.Query(ctx, "select queued, body from log_queue where kind = 'turn' and site_id = @site order by queued limit @most",
		pgx.NamedArgs{"site": site, "most": most})
	if err != nil {
		return nil, nil, fmt.Errorf("read what sealing did: %w", err)
	}
	var no int64
	var body string
	_, err = pgx.ForEachRow(rows, []any{&no, &body}, func() error {
		var turn proof.Turn
		if err := json.Unmarshal([]byte(body), &turn); err != nil {
			return fmt.Errorf("row %d of the queue: %w", no, err)
		}
		turns, queued = append(turns, turn), append(queued, no)
		return nil
	})
	return turns, queued, wrap(err, "read what sealing did")
}

// chains records the latest link of the chains of the sites whose turn it is.
func (j *logging) chains(ctx context.Context) error {
	type head struct {
		Site  int32
		ID    energy.SiteID
		Seq   int64
		Chain []byte
	}
	heads, err := list(ctx, j.q, pgx.RowToStructByPos[head], `
		select h.site_id, s.id, h.seq, h.chain from site_head h join site s on s.site_id = h.site_id
		left join lateral (
			select at, seq from log_leaf where site_id = h.site_id and kind = 'chain' order by n desc limit 1
		) c on true
		where h.seq > coalesce(c.seq, 0) and (c.at is null or c.at <= @before)
		and h.seq > coalesce((select max(seq) from log_leaf where site_id = h.site_id and kind = 'fact'), 0)
		and h.seq > coalesce((select max(seq) from log_leaf where site_id = h.site_id and kind = 'start'), 0)
		order by h.site_id`, pgx.NamedArgs{"before": j.now.Add(-j.Every)})
	if err != nil {
		return fmt.Errorf("read the chains of the sites: %w", err)
	}
	covered := map[int32]int64{} // by the records of this call
	for _, l := range j.leaves {
		if l.site != nil && l.seq != nil && (l.kind == proof.KindFact || l.kind == proof.KindStart) {
			covered[*l.site] = max(covered[*l.site], *l.seq)
		}
	}
	for _, h := range heads {
		if h.Seq <= covered[h.Site] {
			continue
		}
		record := proof.Record{Kind: proof.KindChain}.With("site", string(h.ID)).With("fact", fmt.Sprint(h.Seq)).With("chain", digestOf(h.Chain).String())
		j.leaves = append(j.leaves, leaf{kind: proof.KindChain, site: &h.Site, seq: &h.Seq, body: record.Text()})
	}
	return nil
}

// write adds the records, and signs.
func (j *logging) write(ctx context.Context) error {
	if j.Next != nil {
		record := proof.Record{Kind: proof.KindKey}.With("from", j.Key.Public).With("to", j.Next.Public)
		j.leaves = append(j.leaves, leaf{kind: proof.KindKey, body: record.Text()})
	}
	if len(j.leaves) == 0 {
		return nil
	}
	first := j.size
	var kinds, bodies []string
	var sites []*int32
	var items []*string
	var hashes, salts [][]byte
	var facts []*int64
	for _, l := range j.leaves {
		hash := tlog.RecordHash([]byte(l.body))
		stored, err := tlog.StoredHashesForRecordHash(j.size, hash, j.hashes)
		if err != nil {
			return fmt.Errorf("hash record %d: %w", j.size, err)
		}
		if err := j.hashes.add(stored); err != nil {
			return err
		}
		j.size++
		kinds, bodies, sites, items = append(kinds, string(l.kind)), append(bodies, l.body), append(sites, l.site), append(items, l.item)
		hashes, salts, facts = append(hashes, hash[:]), append(salts, l.salt), append(facts, l.seq)
	}
	_, err := j.q.Exec(ctx, `
		insert into log_leaf (n, at, kind, site_id, seq, item, hash, body, salt)
		select @first + i - 1, @at, kind, site_id, seq, item, hash, body, salt
		from unnest(@kinds::text[], @sites::int[], @seqs::int8[], @items::text[], @hashes::bytea[], @bodies::text[], @salts::bytea[])
			with ordinality as l (kind, site_id, seq, item, hash, body, salt, i)`,
		pgx.NamedArgs{"first": first, "at": j.now, "kinds": kinds, "sites": sites, "seqs": facts, "items": items, "hashes": hashes,
			"bodies": bodies, "salts": salts})
	if err != nil {
		return fmt.Errorf("write %d records: %w", len(j.leaves), err)
	}
	if err := j.hashes.write(); err != nil {
		return err
	}
	_, err = j.q.Exec(ctx, `
		update log_leaf set body = null where kind = 'sealing' and site_id = any(@sites) and n < @first and body is not null`,
		pgx.NamedArgs{"sites": j.sealed, "first": first})
	if err != nil {
		return fmt.Errorf("give up records that are replaced: %w", err)
	}
	if _, err := j.q.Exec(ctx, "delete from log_queue where queued = any(@taken)", pgx.NamedArgs{"taken": j.taken}); err != nil {
		return fmt.Errorf("take records off the queue: %w", err)
	}
	return j.sign(ctx)
}

func (j *logging) sign(ctx context.Context) error {
	root, err := tlog.TreeHash(j.size, j.hashes)
	if err != nil {
		return err
	}
	c, err := j.Key.Sign(j.size, root, j.now, j.done.Restored)
	if j.Next != nil {
		c, err = j.Key.HandOver(j.Next, j.size, root, j.now, j.done.Restored)
	}
	if err != nil {
		return err
	}
	_, err = j.q.Exec(ctx, "insert into checkpoint (size, at, note) values (@size, @at, @note)",
		pgx.NamedArgs{"size": c.Size, "at": c.At, "note": c.Note})
	if err != nil {
		return fmt.Errorf("keep the checkpoint at %d records: %w", c.Size, err)
	}
	j.done.Records, j.done.Checkpoint = len(j.leaves), c
	return nil
}

// checkpoint is the one of that size, the latest for 0, checked with a public key.
func (q session) checkpoint(ctx context.Context, size int64, publicKey string) (c proof.Checkpoint, ok bool, err error) {
	var note string
	err = q.QueryRow(ctx, "select note from checkpoint where size = @size or @size::int8 = 0 order by size desc limit 1",
		pgx.NamedArgs{"size": size}).Scan(&note)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("read a checkpoint: %w", err)
	}
	if c, err = proof.OpenCheckpoint(note, publicKey); err != nil {
		return c, false, fmt.Errorf("%w: %w", ErrLogKey, err)
	}
	return c, true, nil
}
