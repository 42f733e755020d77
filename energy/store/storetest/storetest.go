// Package storetest gives each test a database of its own, real and empty. It
// is for tests only.
//
// All test processes of an account on a machine share one private PostgreSQL,
// in a schema of their own for each test: the first process that needs it
// starts it, and it stops when the last one is gone, however that ends (see
// package localpg). HEATLEDGER_TEST_DATABASE_URL names another server to use
// instead. Where neither can be had the test fails; it is never skipped.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store"
	"heatledger/energy/store/localpg"
)

// server is the address of the server that this process uses, started once.
// Nobody stops it: the hold ends with the process.
var server = sync.OnceValues(func() (string, error) {
	if address := os.Getenv("HEATLEDGER_TEST_DATABASE_URL"); address != "" {
		return address, nil
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("heatledger-test-%d", os.Geteuid()))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	s, err := localpg.Start(context.Background(), localpg.Options{DataDir: dir})
	if err != nil {
		return "", err
	}
	return s.URL(), errors.Join(forgetful(s.URL()), dropLeftovers(s.URL()))
})

// New is a migrated store in a schema of the test's own.
func New(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, URL(t), store.Options{})
}

// Shared is a migrated store that outlives the tests, for what takes long to make and
// is only read. Whoever asks for it calls drop when the last test is over (in
// TestMain); the schema of a process that was killed first is dropped by the next one.
func Shared(ctx context.Context) (s *store.Store, drop func() error, err error) {
	address, err := server()
	if err != nil {
		return nil, nil, fmt.Errorf("no PostgreSQL to test with: %w", err)
	}
	schema := newName()
	if err := execute(address, "create schema "+schema); err != nil {
		return nil, nil, err
	}
	if s, err = store.Open(ctx, withSchema(address, schema), store.Options{}); err == nil {
		_, err = s.Migrate(ctx)
	}
	drop = func() error {
		if s != nil {
			s.Close()
		}
		return execute(address, "drop schema "+schema+" cascade")
	}
	if err != nil {
		return nil, nil, errors.Join(err, drop())
	}
	return s, drop, nil
}

// Open opens the database at address, migrates it, and closes it with the test.
func Open(t testing.TB, address string, opts store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// URL is the address of an empty schema of the test's own, not migrated; it
// serves as DATABASE_URL of any program run as the test's account. The schema
// is dropped with the test.
func URL(t testing.TB) string {
	t.Helper()
	address, err := server()
	if err != nil {
		t.Fatalf("no PostgreSQL to test with: %v", err)
	}
	schema := newName()
	if err := execute(address, "create schema "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(address, "drop schema "+schema+" cascade"); err != nil {
			t.Error(err)
		}
	})
	return withSchema(address, schema)
}

// newName is a name for a schema, by which dropLeftovers knows whose it is.
func newName() string {
	var random [6]byte
	_, _ = rand.Read(random[:]) // never errs (crypto/rand, Go 1.24)
	return fmt.Sprintf("test_%d_%s", os.Getpid(), hex.EncodeToString(random[:]))
}

// withSchema adds a search_path to an address in either form.
func withSchema(address, schema string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return address + " search_path=" + schema
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func execute(address string, statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("no PostgreSQL to test with: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// forgetful lets our own server not wait for the disk: what the tests write may be
// lost with the machine. Benchmarks wait as users do, and tests of what a crash
// leaves have a [Cluster] of their own.
func forgetful(address string) error {
	superuser := strings.Replace(address, "user=heatledger", "user=postgres", 1)
	if bench := flag.Lookup("test.bench"); bench != nil && bench.Value.String() != "" {
		return execute(superuser, "alter system reset all", "select pg_reload_conf()")
	}
	return execute(superuser, "alter system set fsync = off", "alter system set synchronous_commit = off", "alter system set full_page_writes = off", "select pg_reload_conf()")
}

// dropLeftovers drops the schemas of test processes that were killed.
func dropLeftovers(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	rows, err := conn.Query(ctx, `select nspname from pg_namespace where nspname like 'test\_%'`)
	if err != nil {
		return err
	}
	schemas, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, schema := range schemas {
		pid, err := strconv.Atoi(strings.Split(schema, "_")[1])
		if err != nil || syscall.Kill(pid, 0) != syscall.ESRCH {
			continue
		}
		if _, err := conn.Exec(ctx, "drop schema if exists "+schema+" cascade"); err != nil {
			return err
		}
	}
	return nil
}
