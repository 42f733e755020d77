package migrations_test

import (
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store/migrations"
	"heatledger/energy/store/storetest"
)

func connect(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func TestOfManyAtOnceOneMigrates(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	files, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var applied atomic.Int64
	var wg sync.WaitGroup
	for range 5 {
		conn := connect(t, address)
		wg.Go(func() {
			list, err := migrations.Apply(t.Context(), conn, migrations.Files())
			if err != nil {
				t.Error(err)
			}
			applied.Add(int64(len(list)))
		})
	}
	wg.Wait()
	list, err := migrations.List(t.Context(), connect(t, address))
	if err != nil || len(list) != len(files) || applied.Load() != int64(len(files)) {
		t.Errorf("%d applied, %d listed (%v), want each of %d once", applied.Load(), len(list), err, len(files))
	}
}

func TestHistoryIsNotRewritten(t *testing.T) {
	t.Parallel()
	file := func(sql string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(sql)} }
	first := fstest.MapFS{"0001_a.sql": file("create table a (n int)"), "0002_b.sql": file("create table b (n int)")}
	for name, c := range map[string]struct {
		then    fstest.MapFS
		refused bool
		applied int
	}{
		"the same again":         {first, false, 0},
		"one more":               {fstest.MapFS{"0001_a.sql": first["0001_a.sql"], "0002_b.sql": first["0002_b.sql"], "0003_c.sql": file("create table c (n int)")}, false, 1},
		"an edited file":         {fstest.MapFS{"0001_a.sql": file("create table a (n int8)"), "0002_b.sql": first["0002_b.sql"]}, true, 0},
		"an older program":       {fstest.MapFS{"0001_a.sql": first["0001_a.sql"]}, true, 0},
		"a hole in the numbers":  {fstest.MapFS{"0001_a.sql": first["0001_a.sql"], "0003_c.sql": file("select 1")}, true, 0},
		"one that does not work": {fstest.MapFS{"0001_a.sql": first["0001_a.sql"], "0002_b.sql": first["0002_b.sql"], "0003_c.sql": file("create table c (n int); nonsense")}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connect(t, storetest.URL(t))
			if _, err := migrations.Apply(t.Context(), conn, first); err != nil {
				t.Fatal(err)
			}
			applied, err := migrations.Apply(t.Context(), conn, c.then)
			if (err != nil) != c.refused || len(applied) != c.applied {
				t.Errorf("applied %d, %v; want %d, refused %v", len(applied), err, c.applied, c.refused)
			}
			list, err := migrations.List(t.Context(), conn)
			if err != nil || len(list) != 2+c.applied {
				t.Errorf("%d migrations are recorded (%v), want %d", len(list), err, 2+c.applied)
			}
		})
	}
}

func TestADatabaseOfANewerProgramIsNamed(t *testing.T) {
	t.Parallel()
	conn := connect(t, storetest.URL(t))
	if _, err := migrations.Apply(t.Context(), conn, fstest.MapFS{"0001_a.sql": {Data: []byte("select 1")}}); err != nil {
		t.Fatal(err)
	}
	_, err := migrations.Apply(t.Context(), conn, fstest.MapFS{})
	var refused *migrations.Error
	if !errors.As(err, &refused) || refused.Number != 1 {
		t.Errorf("older program: %v, want that migration 1 is unknown", err)
	}
}
