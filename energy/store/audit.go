package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// Audited is how much an audit has looked at.
type Audited struct {
	Records     int64 `json:"records"` // of the log
	Checkpoints int64 `json:"checkpoints"`
	Sites       int64 `json:"sites"`
	Facts       int64 `json:"facts"` // whose chain or record was checked
	Entries     int64 `json:"entries"`
	Corrections int64 `json:"corrections"`
	Segments    int64 `json:"segments"`
	Chunks      int64 `json:"chunks"`
	Readings    int64 `json:"readings"` // in chunks
	Waiting     int64 `json:"waiting"`  // records that are not logged yet
	Older       int64 `json:"older"`    // rows older than the log, which it does not cover
	Grave       int64 `json:"grave"`    // findings that mean failure

	Latest proof.Checkpoint `json:"-"`
}

// AuditOptions say what is audited.
type AuditOptions struct {
	Sites []energy.SiteID // whose content is looked at; none: all
	// PublicKey is the log's.
	PublicKey string
	// Against are checkpoints from elsewhere (a receipt, a report, the file
	// beside the key) that the log must lead to.
	Against []proof.Checkpoint
	// Progress is told how many of how many steps are done; nil is fine.
	Progress func(done, all int64)
}

// Audit compares everything that is stored with the log, and the log with
// every checkpoint, as of one moment. found is told what is not proven. Memory
// does not grow with the readings; nothing is written. It does not look at what
// is derived from facts (see energy/closing, Check), nor at bookkeeping that no
// answer rests on: positions of collectors, cursors, tokens, and how points are
// filed and shown in SQL (the columns of point but its id).
func (s *Store) Audit(ctx context.Context, o AuditOptions, found func(proof.Finding)) (Audited, error) {
	a := &audit{AuditOptions: o, found: found}
	if a.Progress == nil {
		a.Progress = func(int64, int64) {}
	}
	err := s.pool.session(ctx, func(c *conn) error {
		tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
		a.q = session{tx, c}
		_, err = tx.Exec(ctx, `select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`)
		if err != nil {
			return err
		}
		return a.run(ctx)
	})
	return a.audited, wrap(err, "verify the log")
}

// audit is one call of Audit.
type audit struct {
	AuditOptions
	q         session
	found     func(proof.Finding)
	audited   Audited
	done, all int64
}

// report tells a finding.
func (a *audit) report(f proof.Finding) {
	if f.Verdict.Grave() {
		a.audited.Grave++
	}
	a.found(f)
}

// step says that n steps are done.
func (a *audit) step(n int64) {
	a.done += n
	a.Progress(a.done, max(a.all, a.done))
}

func (a *audit) run(ctx context.Context) error {
	sites, err := a.sites(ctx)
	if err != nil {
		return err
	}
	err = a.q.QueryRow(ctx, `
		select (select count(*) from log_leaf) + (select coalesce(sum(greatest(reltuples, 0)), 0)::int8 from pg_class
			where oid in (select relid from pg_partition_tree('chunk') where isleaf)),
			(select count(*) from log_queue)`).Scan(&a.all, &a.audited.Waiting)
	if err != nil {
		return fmt.Errorf("count what there is: %w", err)
	}
	handovers, err := handovers(ctx, a.q)
	if err != nil {
		return fmt.Errorf("the keys: %w", err)
	}
	if a.PublicKey, err = proof.Trust(a.PublicKey, handovers); err != nil {
		return fmt.Errorf("the keys: %w", err)
	}
	if err := a.tree(ctx); err != nil {
		return fmt.Errorf("the tree: %w", err)
	}
	for _, site := range sites {
		one := &siteAudit{audit: a, no: site.No, id: site.ID}
		if err := one.run(ctx); err != nil {
			return fmt.Errorf("site %q: %w", site.ID, err)
		}
		a.audited.Sites++
	}
	return nil
}

type numberedSite struct {
	No int32
	ID energy.SiteID
}

func (a *audit) sites(ctx context.Context) ([]numberedSite, error) {
	sites, err := list(ctx, a.q, pgx.RowToStructByPos[numberedSite], `
		select site_id, id from site where cardinality(@ids::text[]) = 0 or id = any(@ids::text[]) order by id`,
		pgx.NamedArgs{"ids": append([]energy.SiteID{}, a.Sites...)})
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	for _, id := range a.Sites {
		if _, err := a.q.site(ctx, id); err != nil {
			return nil, err
		}
	}
	return sites, nil
}

// siteAudit is the part of an audit that concerns one site.
type siteAudit struct {
	*audit
	no    int32
	id    energy.SiteID
	names namebook

	start      int64 // the log does not cover facts up to this one
	startChain []byte
	state      *proof.Sealing          // with the turns that wait
	complete   map[string]proof.Digest // chunks and blocks whose record waits
	expired    map[string]bool         // items whose deletion waits to be logged
	last       chainWalk               // the last fact
}

func (a *siteAudit) run(ctx context.Context) (err error) {
	if a.names, err = a.q.namebook(ctx, a.no); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{a.sealing, a.facts, a.head, a.looseSegments, a.records, a.unrecorded, a.chunks, a.lostChunks} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// report tells a finding of this site.
func (a *siteAudit) report(f proof.Finding) {
	f.Site = a.id
	a.audit.report(f)
}

// sealing reads from where on the log covers the site and how far it is sealed.
func (a *siteAudit) sealing(ctx context.Context) error {
	var start *int64
	var startBody, body *string
	err := a.q.QueryRow(ctx, `
		select s.seq, s.body, (select body from log_leaf where site_id = @site and kind = 'sealing' order by n desc limit 1)
		from (values (1)) as one left join lateral (
			select seq, body from (
				select seq, body from log_leaf where site_id = @site and kind = 'start'
				union all select seq, body from log_queue where site_id = @site and kind = 'start') b order by seq limit 1
		) s on true`, pgx.NamedArgs{"site": a.no}).Scan(&start, &startBody, &body)
	if err != nil {
		return fmt.Errorf("read where the log begins: %w", err)
	}
	if start != nil {
		a.start = *start
		if record, err := proof.ParseRecord(*startBody); err == nil {
			var chain proof.Digest
			if chain.UnmarshalText([]byte(record.Value("chain"))) == nil {
				a.startChain = chain[:]
			}
		}
	}
	a.state = proof.NewSealing(a.id)
	if body != nil {
		if state, err := proof.ParseSealing(*body); err == nil { // the tree tells what is wrong with it
			a.state = state
		}
	}
	turns, _, err := a.q.turns(ctx, a.no, 1<<30)
	if err != nil {
		return err
	}
	a.complete = map[string]proof.Digest{}
	for _, turn := range turns {
		for _, c := range a.state.Apply(turn) {
			a.complete[c.Item] = c.After
		}
	}
	for item := range a.state.Contradicted {
		a.report(a.item(proof.Finding{Verdict: proof.Tampered, What: item}))
	}
	items, err := list(ctx, a.q, pgx.RowTo[string], "select item from log_queue where site_id = @site and kind = 'expired'", pgx.NamedArgs{"site": a.no})
	a.expired = map[string]bool{}
	for _, item := range items {
		a.expired[item] = true
	}
	return wrap(err, "read what expired")
}

// item places a finding at the chunk or block that its What names.
func (a *siteAudit) item(f proof.Finding) proof.Finding {
	point, from, _, err := proof.ParseChunkItem(f.What)
	if err != nil {
		f.Table = "fact_block"
		return f
	}
	f.Table, f.Point, f.From = "chunk", point, &from
	return f
}
