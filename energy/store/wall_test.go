package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// TestEveryTableHasItsWall holds all tables there are against those that may be
// read on behalf of somebody: a new one needs row security, and a policy if it is
// to be read.
func TestEveryTableHasItsWall(t *testing.T) {
	t.Parallel()
	without := map[string]string{"schema_migration": "it says which migrations there were, and is open to nobody"}
	address := storetest.URL(t)
	storetest.Open(t, address, store.Options{})
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // only read
	rows, err := conn.Query(t.Context(), `
		select c.relname, c.relispartition, c.relrowsecurity, (select count(*) from pg_policy p where p.polrelid = c.oid) as policies,
			has_any_column_privilege((current_user || '_web')::name, c.oid, 'select') as readable,
			has_table_privilege((current_user || '_web')::name, c.oid, 'insert, update, delete, truncate, references, trigger')
				or has_any_column_privilege((current_user || '_web')::name, c.oid, 'insert, update, references') as changeable
		from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	type table struct {
		Name                 string
		Part, Secured        bool
		Policies             int
		Readable, Changeable bool
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c table, err error) {
		return c, row.Scan(&c.Name, &c.Part, &c.Secured, &c.Policies, &c.Readable, &c.Changeable)
	})
	if err != nil {
		t.Fatal(err)
	}
	views := []string{"quarter_hour", "hour", "day_value", "month"} // they give the rights of whoever asks
	seen := map[string]bool{}
	for _, c := range tables {
		seen[c.Name] = true
		readable := slices.Contains(store.Readable(), c.Name)
		switch {
		case c.Changeable:
			t.Errorf("%s: whoever asks over the web could change it", c.Name)
		case readable != c.Readable:
			t.Errorf("%s: it can be read on behalf of somebody: %v, want %v", c.Name, c.Readable, readable)
		case c.Part, slices.Contains(views, c.Name): // a part is reached through its whole alone
		case without[c.Name] != "":
		case !c.Secured:
			t.Errorf("%s: row security is off: its migration must say alter table %[1]s enable row level security", c.Name)
		case readable != (c.Policies > 0):
			t.Errorf("%s: %d policies, and it may be read: %v", c.Name, c.Policies, readable)
		}
	}
	for _, name := range store.Readable() {
		if !seen[name] {
			t.Errorf("%s may be read on behalf of somebody, and is not there", name)
		}
	}
	if len(tables) < 40 {
		t.Errorf("%d tables were looked at: %s", len(tables), fmt.Sprint(tables))
	}
}
