package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// Fact is a fact being appended. Its Reader sees all facts before it and what
// it has itself written so far. It is used by one goroutine, within the
// function given to [Store.Append].
type Fact struct {
	Reader
	Seq        int64     // its number
	RecordedAt time.Time // when it becomes known, whole milliseconds

	before  Head // the latest fact before
	store   *Store
	q       session
	site    energy.SiteID
	siteNo  int32
	salt    proof.Salt       // of the digests in lines that are of no row with a nonce of its own
	lines   []byte           // what it says, for the public ledger (proof.Parts)
	own     bool             // it gets a record of its own there
	parts   map[int32]int16  // next part of a segment, by meter
	corrs   map[int32]int16  // next part of a correction, by point
	entries int16            // next part of an entry
	learnt  map[string]int32 // sources looked up or made by this fact

	filings  map[energy.PointID]filing // of points looked up or made by this fact
	declares bool                      // meters of points may have changed with it
}

// Append adds one fact to a site: it locks the site's head, hands write the
// next number and an instant after all before, and commits what write wrote.
// When write errs nothing was written and the number is not used; its error is
// returned. For [ErrNothing] the Head returned is the latest fact before.
//
// The lock is held while write runs: it should not wait for anything else.
func (s *Store) Append(ctx context.Context, site energy.SiteID, write func(ctx context.Context, f *Fact) error) (Head, error) {
	var head Head
	var f *Fact
	err := s.pool.transaction(ctx, func(q session) error {
		var chain []byte
		var err error
		if f, chain, err = s.next(ctx, q, site); err != nil {
			return err
		}
		head = f.before
		if err := write(ctx, f); err != nil {
			return err
		}
		if err := f.finish(ctx, chain); err != nil {
			return fmt.Errorf("number fact %d of site %q: %w", f.Seq, site, err)
		}
		head = Head{f.Seq, f.RecordedAt}
		return nil
	}, func(c *conn) { f.settle(c) })
	if errors.Is(err, ErrNothing) {
		return head, ErrNothing
	}
	if err != nil {
		return Head{}, fmt.Errorf("append a fact to site %q: %w", site, err)
	}
	wrote(ctx)
	return head, nil
}

// next locks the head of a site and begins its next fact. chain is the head's
// chain of hashes.
func (s *Store) next(ctx context.Context, q session, site energy.SiteID) (f *Fact, chain []byte, err error) {
	no, err := q.site(ctx, site)
	if err != nil {
		return nil, nil, err
	}
	var head Head
	err = q.QueryRow(ctx, "select seq, recorded_at, chain from site_head where site_id = @site for update",
		pgx.NamedArgs{"site": no}).Scan(&head.Seq, &head.RecordedAt, &chain)
	if err != nil {
		return nil, nil, fmt.Errorf("lock the head of site %q: %w", site, err)
	}
	return &Fact{Reader: q.reader(), Seq: head.Seq + 1, RecordedAt: s.after(head.RecordedAt), before: head, store: s, q: q, site: site, siteNo: no,
		salt: proof.NewSalt(), parts: map[int32]int16{}, corrs: map[int32]int16{}, learnt: map[string]int32{}}, chain, nil
}

// after is the instant of record for a fact that follows one of instant last:
// the millisecond after now, so that whoever asked what is known now does not
// get it, and in any case later than last.
func (s *Store) after(last time.Time) time.Time {
	at := s.now().UTC().Truncate(time.Millisecond).Add(time.Millisecond)
	if !at.After(last) {
		at = last.Add(time.Millisecond)
	}
	return at
}

// finish moves the site's head to this fact.
func (f *Fact) finish(ctx context.Context, chain []byte) error {
	link := proof.Link(chain, f.Seq, f.RecordedAt, f.lines)
	record := ""
	if f.own {
		record = proof.FactRecord(f.site, f.Seq, f.RecordedAt, link, f.lines)
	}
	_, err := f.q.Exec(ctx, `
		with moved as (update site_head set seq = @seq, recorded_at = @at, chain = @chain where site_id = @site),
		queued as (insert into log_queue (kind, site_id, seq, body, salt) select 'fact', @site::int, @seq::int8, @record::text, @salt::bytea where @record::text <> '')
		insert into fact (site_id, recorded_at, seq, chain, salt, lines) values (@site, @at, @seq, @chain, @salt, @lines)`,
		pgx.NamedArgs{"site": f.siteNo, "seq": f.Seq, "at": f.RecordedAt, "chain": link[:], "salt": f.salt[:], "lines": string(f.lines), "record": record})
	return err
}

// says adds to what the site's chain of hashes covers: a word for what it is,
// and its parts.
func (f *Fact) says(what string, parts ...[]byte) {
	f.line(what, proof.Of(f.salt, what, parts...))
}

// line adds a line to what the fact says: what it names, and the digest of it.
func (f *Fact) line(what string, digest proof.Digest) {
	f.lines = append(f.lines, what...)
	f.lines = append(f.lines, ' ')
	f.lines = append(f.lines, digest.String()...)
	f.lines = append(f.lines, '\n')
}

// Submission says that the fact is something handed in of which digest is the
// SHA-256, so that whoever handed it in can prove it later. It gets a record of
// its own in the public ledger, as entries, corrections and imports do.
func (f *Fact) Submission(digest []byte) {
	f.own = true
	f.says(proof.LineSubmission, digest)
}

// source is the number of a source, which is made if it is new.
func (f *Fact) source(ctx context.Context, name string) (int32, error) {
	if no, ok := f.q.conn.sources[name]; ok {
		return no, nil
	}
	if no, ok := f.learnt[name]; ok {
		return no, nil
	}
	var no int32
	err := f.q.QueryRow(ctx, "select source_id from source where name = @name", pgx.NamedArgs{"name": name}).Scan(&no)
	if err == nil {
		f.learnt[name] = no
		return no, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("look up source %s: %w", name, err)
	}
	err = f.q.QueryRow(ctx, `insert into source (name) values (@name)
		on conflict (name) do update set name = excluded.name returning source_id`, pgx.NamedArgs{"name": name}).Scan(&no)
	if err != nil {
		return 0, fmt.Errorf("make source %s: %w", name, err)
	}
	f.learnt[name] = no
	return no, nil
}
