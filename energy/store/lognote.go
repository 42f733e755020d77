package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// LatestNote is the latest signed state of the public log as it was signed; ok is
// false where none was. Whoever prints it need not check it: its readers do.
func (r Reader) LatestNote(ctx context.Context) (note string, ok bool, err error) {
	err = r.with(ctx, func(q session) error {
		return q.QueryRow(ctx, "select note from checkpoint order by size desc limit 1").Scan(&note)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return note, err == nil, wrap(err, "read the latest checkpoint")
}
