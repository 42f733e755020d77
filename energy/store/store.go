// Package store keeps facts and what is derived from them in PostgreSQL. It
// holds all the SQL there is; it knows sites, points, readings and days, and
// nothing of what they mean.
//
// Facts are appended under the lock on their site's head row ([Store.Append])
// and never changed. What is derived is written under a cursor
// ([Store.Closing]) and may be computed again at any time. [Reader] answers
// questions and is part of all three: of the [Store] itself, of a [Fact] being
// appended, of a [Closing]. Any of them may be asked from several goroutines
// only in the case of the Store. What is read on behalf of somebody is bounded to
// what he reaches by the context ([OnBehalf]).
//
// The database may be the private one of package localpg or any PostgreSQL
// from version 15 on; a pooler in between must keep sessions.
package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store/migrations"
)

// Store is the database. Its methods may be called from many goroutines.
type Store struct {
	Reader
	pool   *pool // of the owner
	walled *pool // for what is read on behalf of somebody
	now    func() time.Time
	log    *slog.Logger

	tellings tellings
	sealSize int
}

// Options of a Store; the zero value is good.
type Options struct {
	// MaxConns is the greatest number of connections, and once more as many for
	// what is read on behalf of somebody; 0: 8.
	MaxConns int
	// StatementTimeout ends a statement that runs longer; 0: two minutes.
	StatementTimeout time.Duration
	// SealSize is the number of bytes of packed readings that are sealed in one
	// transaction; unpacked they take twenty times as much memory, though only
	// those of one point at a time. 0: 32 MiB.
	SealSize int
	// Now is the clock by which facts are recorded; nil: time.Now.
	Now func() time.Time
	// Log receives what happens beside the answers; nil: nothing is logged.
	Log *slog.Logger
}

// Open connects to the database at url: postgres://… or key=value words, by
// TCP or unix socket; a search_path in it chooses the schema. The schema need
// not be migrated yet.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err)
	}
	most, timeout := cmp.Or(opts.MaxConns, 8), cmp.Or(opts.StatementTimeout, 2*time.Minute)
	s := &Store{now: opts.Now, log: opts.Log, sealSize: cmp.Or(opts.SealSize, 32<<20), pool: newPool(config, most, timeout), walled: newPool(config, most, timeout)}
	s.walled.walled = true
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.Reader = Reader{s.read}
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Now is the present instant by the clock by which facts are recorded.
func (s *Store) Now() time.Time { return s.now() }

// Close ends all connections; those in use when they are given back.
func (s *Store) Close() {
	s.pool.close()
	s.walled.close()
}

// Ping asks the database for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	return s.pool.read(ctx, func(q session) error {
		if _, err := q.Exec(ctx, "select 1"); err != nil {
			return fmt.Errorf("ping the database: %w", err)
		}
		return nil
	})
}

// Migrate brings the schema up to this program and returns what it applied. It
// errs with [*migrations.Error] when the database was used by a newer program,
// or by one whose migrations were others.
func (s *Store) Migrate(ctx context.Context) (applied []migrations.Applied, err error) {
	err = s.pool.session(ctx, func(c *conn) error {
		if applied, err = migrations.Apply(ctx, c.Conn, migrations.Files()); err != nil {
			return err
		}
		return raiseWall(ctx, c.Conn)
	})
	var wall *WallError
	if errors.As(err, &wall) { // whoever answers others asks Walled; the commands do without
		s.log.Warn("nothing can be read on behalf of anybody", "problem", wall.Problem, "remedy", wall.Remedy)
		err = nil
	}
	for _, m := range applied {
		s.log.Info("migration applied", "migration", m.Name)
	}
	return applied, err
}
