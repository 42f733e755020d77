package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// The tables that have a partition per year.
const (
	tableChunk = "chunk"
	tableDay   = "day"
)

// ensureYears makes the partitions of table for the years in which instants
// lie, on a connection of its own: they are there at once for everybody, and
// stay if the caller's transaction is rolled back. Attaching a partition waits
// for no reader and no writer, and they do not wait for it.
func (s *Store) ensureYears(ctx context.Context, q session, table string, instants []time.Time) error {
	var names []string
	years := map[string]int{}
	for _, t := range instants {
		name := fmt.Sprintf("%s_%04d", table, t.UTC().Year())
		if _, seen := years[name]; !seen {
			years[name] = t.UTC().Year()
			names = append(names, name)
		}
	}
	missing, err := list(ctx, q, pgx.RowTo[string],
		"select name from unnest(@names::text[]) name where to_regclass(name) is null order by name", pgx.NamedArgs{"names": names})
	if err != nil {
		return fmt.Errorf("look up partitions of %s: %w", table, err)
	}
	if len(missing) == 0 {
		return nil
	}
	c, err := s.pool.connect(ctx) // beyond the pool: whoever waits here holds one of its connections
	if err != nil {
		return err
	}
	defer closeSoon(c)
	for _, name := range missing {
		if err := attachYear(ctx, c, table, name, years[name]); err != nil {
			return fmt.Errorf("make partition %s: %w", name, err)
		}
		s.log.Info("partition made", "table", table, "partition", name)
	}
	slices.Sort(missing)
	for _, name := range missing {
		// A transaction that has used the table before keeps its old idea of
		// the partitions until it locks something new.
		if _, err := q.Exec(ctx, "select from "+name+" limit 0"); err != nil {
			return fmt.Errorf("see partition %s: %w", name, err)
		}
	}
	return nil
}

func attachYear(ctx context.Context, c *conn, table, name string, year int) error {
	return pgx.BeginFunc(ctx, c.Conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtext(current_schema() || '.' || $1))", name); err != nil {
			return err
		}
		var made bool
		if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", name).Scan(&made); err != nil || made {
			return err
		}
		// Names and years are ours; statements that define take no parameters.
		_, err := tx.Exec(ctx, fmt.Sprintf(`
			create table %[1]s (like %[2]s including defaults including constraints including storage);
			alter table %[2]s attach partition %[1]s for values from ('%04[3]d-01-01') to ('%04[4]d-01-01')`,
			name, table, year, year+1), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err
		}
		if table == tableDay { // rewritten all day long, in place
			_, err = tx.Exec(ctx, "alter table "+name+" set (fillfactor = 50)")
		}
		return err
	})
}
