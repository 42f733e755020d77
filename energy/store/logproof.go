package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// ErrNotLogged says that the log does not have what was asked for: not yet, or
// not at that size.
var ErrNotLogged = errors.New("the log does not have it")

// Checkpoint is the signed state of the log at size records, the latest for 0.
func (r Reader) Checkpoint(ctx context.Context, size int64, publicKey string) (c proof.Checkpoint, err error) {
	err = r.with(ctx, func(q session) error {
		var ok bool
		if c, ok, err = q.checkpoint(ctx, size, publicKey); err == nil && !ok {
			err = ErrNotLogged
		}
		return err
	})
	return c, wrap(err, "read the checkpoint at %d records", size)
}

// Inclusion proves that a fact is in the log that a checkpoint of size records
// signs, the latest for 0. It errs with [ErrNotLogged] for a fact that is not,
// or that has no record of its own because it is a mere batch.
func (r Reader) Inclusion(ctx context.Context, site energy.SiteID, fact, size int64, publicKey string) (in proof.Inclusion, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		checkpoint, ok, err := q.checkpoint(ctx, size, publicKey)
		if err != nil {
			return err
		}
		in = proof.Inclusion{Site: site, Fact: fact, Size: checkpoint.Size, Checkpoint: checkpoint.Note, Key: publicKey}
		var salt []byte
		err = q.QueryRow(ctx, "select n, body, salt from log_leaf where site_id = @site and seq = @fact and kind = 'fact' and n < @size",
			pgx.NamedArgs{"site": no, "fact": fact, "size": checkpoint.Size}).Scan(&in.Index, &in.Record, &salt)
		if !ok || errors.Is(err, pgx.ErrNoRows) {
			return ErrNotLogged
		}
		if err != nil {
			return err
		}
		in.Salt = saltOf(salt)
		in.Proof, err = tlog.ProveRecord(in.Size, in.Index, q.hashes(ctx, in.Size))
		return err
	})
	return in, wrap(err, "prove fact %d of site %q", fact, site)
}

// Consistency proves that the log of to records, the latest signed for 0, begins with that of from.
func (r Reader) Consistency(ctx context.Context, from, to int64) (c proof.Consistency, err error) {
	err = r.with(ctx, func(q session) error {
		var size int64
		if err := q.QueryRow(ctx, "select coalesce(max(size), 0) from checkpoint").Scan(&size); err != nil {
			return err
		}
		if to == 0 {
			to = size
		}
		if from < 1 || from > to || to > size {
			return fmt.Errorf("from %d to %d of %d records: %w", from, to, size, ErrNotLogged)
		}
		c = proof.Consistency{From: from, To: to}
		c.Proof, err = tlog.ProveTree(to, from, q.hashes(ctx, to))
		return err
	})
	return c, wrap(err, "prove that the log has only grown")
}

// Announce queues a record of something that was issued or published, of which
// digest is the SHA-256: which one it is, of which site ([Municipality]: of none).
func (s *Store) Announce(ctx context.Context, kind proof.Kind, site energy.SiteID, item string, digest proof.Digest) error {
	if kind != proof.KindAssessment && kind != proof.KindPublication {
		return fmt.Errorf("announce %s: %s is no kind of record that is announced", item, kind)
	}
	record := proof.Record{Kind: kind}.With("site", string(site)).With("item", item).With("digest", digest.String())
	err := s.pool.transaction(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, "insert into log_queue (kind, site_id, item, body) values (@kind, @site, @item, @body)",
			pgx.NamedArgs{"kind": string(kind), "site": no, "item": item, "body": record.Text()})
		return err
	})
	return wrap(err, "announce %s", item)
}
