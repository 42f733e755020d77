// Package rowtable keeps readings the way most programs do: a row for each, with
// a key of channel and instant. It is the peer that the benchmarks hold the
// store against, on the same server; no product code uses it.
package rowtable

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Row is a reading in its row.
type Row struct {
	Channel int32
	At      time.Time
	Value   float64
	Quality int16
}

// Table is a connection to the table.
type Table struct{ conn *pgx.Conn }

// Open connects to the database at url and makes the table unless it is there.
func Open(ctx context.Context, url string) (*Table, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	_, err = conn.Exec(ctx, `create table if not exists row_per_reading (
		channel_id int, ts timestamptz, value float8 not null, quality int2 not null, primary key (channel_id, ts))`)
	if err != nil {
		_ = conn.Close(ctx)
		return nil, fmt.Errorf("make the table of rows: %w", err)
	}
	return &Table{conn}, nil
}

// Close ends the connection.
func (t *Table) Close(ctx context.Context) error { return t.conn.Close(ctx) }

// Copy adds rows by COPY, the fastest way there is; one that is there already
// spoils the whole of them.
func (t *Table) Copy(ctx context.Context, rows []Row) error {
	i := -1
	_, err := t.conn.CopyFrom(ctx, pgx.Identifier{"row_per_reading"}, []string{"channel_id", "ts", "value", "quality"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if i++; i >= len(rows) {
				return nil, nil
			}
			return []any{rows[i].Channel, rows[i].At, rows[i].Value, rows[i].Quality}, nil
		}))
	if err != nil {
		return fmt.Errorf("copy %d rows: %w", len(rows), err)
	}
	return nil
}

// Insert adds those of the rows that are not there yet.
func (t *Table) Insert(ctx context.Context, rows []Row) error {
	channels, instants := make([]int32, len(rows)), make([]time.Time, len(rows))
	values, qualities := make([]float64, len(rows)), make([]int16, len(rows))
	for i, r := range rows {
		channels[i], instants[i], values[i], qualities[i] = r.Channel, r.At, r.Value, r.Quality
	}
	_, err := t.conn.Exec(ctx, `insert into row_per_reading (channel_id, ts, value, quality)
		select * from unnest($1::int[], $2::timestamptz[], $3::float8[], $4::int2[]) on conflict do nothing`,
		channels, instants, values, qualities)
	if err != nil {
		return fmt.Errorf("insert %d rows: %w", len(rows), err)
	}
	return nil
}

// Empty removes all rows.
func (t *Table) Empty(ctx context.Context) error {
	if _, err := t.conn.Exec(ctx, "truncate row_per_reading"); err != nil {
		return fmt.Errorf("empty the table of rows: %w", err)
	}
	return nil
}

// Count is the number of rows.
func (t *Table) Count(ctx context.Context) (n int64, err error) {
	if err := t.conn.QueryRow(ctx, "select count(*) from row_per_reading").Scan(&n); err != nil {
		return 0, fmt.Errorf("count the rows: %w", err)
	}
	return n, nil
}
