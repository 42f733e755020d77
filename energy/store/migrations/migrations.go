// Package migrations brings a database to the schema of this program. The
// numbered SQL files beside it are applied once each, in order, forward only. A
// file that has landed is never edited: its digest is recorded and checked.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// lockClass is the first key of the advisory lock; the second is the schema,
// so that schemas side by side do not wait for each other.
const lockClass = 0x48454154

//go:embed *.sql
var files embed.FS

// Files are the migrations of this program.
func Files() fs.FS { return files }

// Applied is a migration that the database has.
type Applied struct {
	Number int       `json:"number"`
	Name   string    `json:"name"`
	Digest string    `json:"digest"` // SHA-256 of the file, in hex
	At     time.Time `json:"at"`
}

// Error says why the database and this program do not belong together.
type Error struct {
	Number  int
	Problem string
	Remedy  string
}

// Error names the migration, what is wrong with it and the remedy.
func (e *Error) Error() string {
	return fmt.Sprintf("migration %04d %s: %s", e.Number, e.Problem, e.Remedy)
}

// Apply brings the connection's schema up to the files of fsys, named
// NNNN_what.sql and numbered from 1, and returns those it applied. Each file
// is one transaction; of many that call Apply at once, one does the work and
// the others wait. It errs with [*Error] when the database has a migration
// that this program does not know, or knows with other content.
func Apply(ctx context.Context, conn *pgx.Conn, fsys fs.FS) (applied []Applied, err error) {
	wanted, err := read(fsys)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1, hashtext(current_schema()))", lockClass); err != nil {
		return nil, fmt.Errorf("wait for the lock of migrations: %w", err)
	}
	defer func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1, hashtext(current_schema()))", lockClass)
		if err == nil && unlockErr != nil {
			err = fmt.Errorf("release the lock of migrations: %w", unlockErr)
		}
	}()
	done, err := List(ctx, conn)
	if err != nil {
		return nil, err
	}
	for i, d := range done {
		if i >= len(wanted) {
			return nil, &Error{d.Number, "is unknown to this program", "the database was used by a newer one: run that"}
		}
		if w := wanted[i]; w.Number != d.Number || w.Digest != d.Digest {
			return nil, &Error{d.Number, "was applied with other content", "a migration that has landed must not be edited: restore the file"}
		}
	}
	for _, w := range wanted[len(done):] {
		if err := w.apply(ctx, conn); err != nil {
			return applied, err
		}
		applied = append(applied, w.Applied)
	}
	return applied, nil
}

// List gives the migrations that the connection's schema has, in order.
func List(ctx context.Context, conn *pgx.Conn) ([]Applied, error) {
	_, err := conn.Exec(ctx, `create table if not exists schema_migration (
		number int primary key, name text not null, digest text not null, at timestamptz not null)`)
	if err != nil {
		return nil, fmt.Errorf("make the table of migrations: %w", err)
	}
	rows, err := conn.Query(ctx, "select number, name, digest, at from schema_migration order by number")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Applied])
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	return list, nil
}

// file is a migration to be applied.
type file struct {
	Applied
	sql string
}

func read(fsys fs.FS) ([]file, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the files of migrations: %w", err)
	}
	list := make([]file, len(names))
	for i, name := range names { // Glob sorts
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		digits, _, _ := strings.Cut(name, "_")
		if number, err := strconv.Atoi(digits); err != nil || number != i+1 {
			return nil, fmt.Errorf("read migration %s: number %d is expected", name, i+1)
		}
		sum := sha256.Sum256(text)
		list[i] = file{sql: string(text), Applied: Applied{
			Number: i + 1, Name: strings.TrimSuffix(path.Base(name), ".sql"), Digest: hex.EncodeToString(sum[:])}}
	}
	return list, nil
}

// apply runs the file and records it, in one transaction.
func (f *file) apply(ctx context.Context, conn *pgx.Conn) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, f.sql, pgx.QueryExecModeSimpleProtocol); err != nil { // many statements at once
			return err
		}
		return tx.QueryRow(ctx, `insert into schema_migration (number, name, digest, at)
			values ($1, $2, $3, clock_timestamp()) returning at`, f.Number, f.Name, f.Digest).Scan(&f.At)
	})
	if err != nil {
		return fmt.Errorf("apply migration %s: %w", f.Name, err)
	}
	return nil
}
