package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"heatledger/energy"
)

// Reader answers questions about facts and what is derived from them. Each
// answer rests on one state of the database.
type Reader struct {
	with func(ctx context.Context, do func(q session) error) error
}

// session is a connection, in or out of a transaction.
type session struct {
	database
	conn *conn
}

// database is what a connection and a transaction have in common.
type database interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// reader is a Reader within the session.
func (q session) reader() Reader {
	return Reader{func(_ context.Context, do func(session) error) error { return do(q) }}
}

// site is the number of a site, or ErrNoSite.
func (q session) site(ctx context.Context, id energy.SiteID) (int32, error) {
	if no, ok := q.conn.sites[id]; ok && q.conn.sees(no) {
		return no, nil
	}
	var no int32
	err := q.QueryRow(ctx, "select site_id from site where id = @id", pgx.NamedArgs{"id": id}).Scan(&no)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("%q: %w", id, ErrNoSite)
	}
	if err != nil {
		return 0, fmt.Errorf("look up site %s: %w", id, err)
	}
	q.conn.sites[id] = no // sites are never made within a longer transaction
	return no, nil
}

// list runs a query and turns its rows into values.
func list[T any](ctx context.Context, q session, row pgx.RowToFunc[T], sql string, args pgx.NamedArgs) ([]T, error) {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, row)
}
