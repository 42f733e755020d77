package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// The jobs the store itself knows; callers may have others.
const (
	JobClosing = "closing" // turns facts into days
	JobSealing = "sealing" // turns segments into chunks
)

// errNoCursor says that a job has no cursor at the site yet.
var errNoCursor = errors.New("job has no cursor yet")

// withCursor runs do in a transaction that holds the cursor of a job at a
// site. When another process holds it, do is not run and busy is true.
func (s *Store) withCursor(ctx context.Context, site energy.SiteID, job string,
	do func(q session, no int32, cursor int64) error) (busy bool, err error) {
	hold := func() error {
		return s.pool.transaction(ctx, func(q session) error {
			no, cursor, held, err := q.holdCursor(ctx, site, job)
			if busy = !held; err != nil || busy {
				return err
			}
			return do(q, no, cursor)
		})
	}
	if err = hold(); !errors.Is(err, errNoCursor) {
		return busy, err
	}
	// Made in a transaction of its own: one who comes second is to see that
	// it is held, not to wait for it.
	err = s.pool.transaction(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, "insert into site_cursor (site_id, job, seq) values (@site, @job, 0) on conflict (site_id, job) do nothing",
			pgx.NamedArgs{"site": no, "job": job})
		return err
	})
	if err != nil {
		return false, fmt.Errorf("begin job %s: %w", job, err)
	}
	err = hold()
	return busy, err
}

// holdCursor locks the cursor of a job, unless another has locked it.
func (q session) holdCursor(ctx context.Context, site energy.SiteID, job string) (no int32, cursor int64, held bool, err error) {
	if no, err = q.site(ctx, site); err != nil {
		return 0, 0, false, err
	}
	args := pgx.NamedArgs{"site": no, "job": job}
	// Between two statements of a derivation more time may pass than while a fact is appended.
	err = q.QueryRow(ctx, `
		select seq, set_config('idle_in_transaction_session_timeout', '15min', true) from site_cursor
		where site_id = @site and job = @job for update skip locked`, args).Scan(&cursor, nil)
	if err == nil {
		return no, cursor, true, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, false, fmt.Errorf("hold the cursor of job %s: %w", job, err)
	}
	var exists bool
	err = q.QueryRow(ctx, "select exists (select from site_cursor where site_id = @site and job = @job)", args).Scan(&exists)
	if err == nil && !exists {
		err = errNoCursor
	}
	return no, 0, false, err
}

// setCursor moves the cursor of a job that the session holds.
func (q session) setCursor(ctx context.Context, site int32, job string, seq int64) error {
	_, err := q.Exec(ctx, "update site_cursor set seq = @seq where site_id = @site and job = @job",
		pgx.NamedArgs{"site": site, "job": job, "seq": seq})
	if err != nil {
		return fmt.Errorf("move the cursor of job %s to fact %d: %w", job, seq, err)
	}
	return nil
}

// Cursor is the fact up to which a job is done at the site; 0 before its first time.
func (r Reader) Cursor(ctx context.Context, site energy.SiteID, job string) (seq int64, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, "select coalesce((select seq from site_cursor where site_id = @site and job = @job), 0)",
			pgx.NamedArgs{"site": no, "job": job}).Scan(&seq)
	})
	return seq, wrap(err, "read cursor of job %s at site %q", job, site)
}
