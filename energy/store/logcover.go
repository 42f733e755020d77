package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// CheckpointOver is the text of the first checkpoint that covers a fact of a
// site: what was known up to it cannot be changed any more without the log
// telling. It is the same whenever it is asked for. ok is false while the fact
// waits to be logged, and where no log is kept. The signature is not checked.
func (r Reader) CheckpointOver(ctx context.Context, site energy.SiteID, fact int64) (note string, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, `
			select note from checkpoint
			where size > (select min(n) from log_leaf where site_id = @site and kind in ('start', 'fact', 'chain') and seq >= @fact)
			order by size limit 1`, pgx.NamedArgs{"site": no, "fact": fact}).Scan(&note)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return note, err == nil, wrap(err, "look for the checkpoint over fact %d of site %q", fact, site)
}

// Published tells where the log says that something with this SHA-256, in
// hexadecimal, was issued or published: the number of the record, the item and
// the first checkpoint over it, whose signature is not checked. ok is false where
// it does not say so (yet).
func (r Reader) Published(ctx context.Context, digest string) (p Published, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		return q.QueryRow(ctx, `
			select l.n, coalesce(l.item, ''), l.body, c.note from log_leaf l
			cross join lateral (select note from checkpoint where size > l.n order by size limit 1) c
			where l.kind in ('assessment', 'publication') and l.body like '%' || chr(10) || 'digest ' || @digest || chr(10) || '%'
			order by l.n limit 1`, pgx.NamedArgs{"digest": digest}).Scan(&p.Record, &p.Item, &p.Body, &p.Checkpoint)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Published{}, false, nil
	}
	return p, err == nil, wrap(err, "look for what was published as %s", digest)
}

// Published is a record of the log that something was published.
type Published struct {
	Record     int64 // from 0
	Item       string
	Body       string
	Checkpoint string
}

// Handovers are the checkpoints with which the log was handed over to another
// key, for [proof.Trust].
func (r Reader) Handovers(ctx context.Context) (notes []string, err error) {
	err = r.with(ctx, func(q session) error {
		notes, err = handovers(ctx, q)
		return err
	})
	return notes, wrap(err, "read how the log was handed over")
}

func handovers(ctx context.Context, q session) ([]string, error) {
	return list(ctx, q, pgx.RowTo[string], `
		select c.note from log_leaf l
		cross join lateral (select note from checkpoint where size > l.n order by size limit 1) c
		where l.kind = 'key' order by l.n`, pgx.NamedArgs{})
}
