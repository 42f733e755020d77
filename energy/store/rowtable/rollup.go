package rowtable

import (
	"context"
	"fmt"
	"time"
)

// Year reads the rows of a channel in [from, to), in order, and gives how many
// they are and the sum of their values.
func (t *Table) Year(ctx context.Context, channel int32, from, to time.Time) (count int, sum float64, err error) {
	rows, err := t.conn.Query(ctx, `
		select ts, value, quality from row_per_reading where channel_id = $1 and ts >= $2 and ts < $3 order by ts`, channel, from, to)
	if err != nil {
		return 0, 0, fmt.Errorf("read the rows of channel %d: %w", channel, err)
	}
	defer rows.Close()
	var r Row
	for rows.Next() {
		if err := rows.Scan(&r.At, &r.Value, &r.Quality); err != nil {
			return 0, 0, fmt.Errorf("read a row of channel %d: %w", channel, err)
		}
		count, sum = count+1, sum+r.Value
	}
	return count, sum, rows.Err()
}

// Matrix adds up the rows of a channel that counts by local day and hour, and
// gives how many cells there are.
func (t *Table) Matrix(ctx context.Context, channel int32, from, to time.Time, zone string) (cells int, err error) {
	rows, err := t.conn.Query(ctx, `
		select date_trunc('hour', ts at time zone $4) as hour, sum(delta)
		from (
			select ts - interval '15 minutes' as ts, value - lag(value) over (order by ts) as delta
			from row_per_reading where channel_id = $1 and ts >= $2 and ts <= $3
		) r
		where delta is not null group by hour order by hour`, channel, from, to, zone)
	if err != nil {
		return 0, fmt.Errorf("add up the hours of channel %d: %w", channel, err)
	}
	defer rows.Close()
	var hour time.Time
	var sum float64
	for rows.Next() {
		if err := rows.Scan(&hour, &sum); err != nil {
			return 0, fmt.Errorf("read an hour of channel %d: %w", channel, err)
		}
		cells++
	}
	return cells, rows.Err()
}

// Settle lets the server know what the table holds, and its pages be read
// without a look at who may see them.
func (t *Table) Settle(ctx context.Context) error {
	if _, err := t.conn.Exec(ctx, "vacuum analyze row_per_reading"); err != nil {
		return fmt.Errorf("analyse the table of rows: %w", err)
	}
	return nil
}

// Grain is what rows are rolled up to first.
type Grain string

// The two that peers have: the quarter-hours of the trade, and the hours of
// most programs.
const (
	QuarterHours Grain = "15 minutes"
	Hours        Grain = "1 hour"
)

// RollUp writes all rows of a year as rows of a grain, and these as rows of
// local days, in plain SQL: the differences of the channels that count, which
// are those below counters, and the means of the others. It begins with empty
// tables, gives how many days it wrote, and knows neither resets nor gaps.
func (t *Table) RollUp(ctx context.Context, counters int32, grain Grain, zone string) (days int64, err error) {
	for _, sql := range []string{
		`create table if not exists row_grain (channel_id int, ts timestamptz, amount float8, mean float8, n int, primary key (channel_id, ts))`,
		`create table if not exists row_day (channel_id int, day date, amount float8, mean float8, lo float8, hi float8, n int, primary key (channel_id, day))`,
		`truncate row_grain, row_day`,
	} {
		if _, err := t.conn.Exec(ctx, sql); err != nil {
			return 0, fmt.Errorf("make the tables of a roll-up: %w", err)
		}
	}
	_, err = t.conn.Exec(ctx, `
		insert into row_grain (channel_id, ts, amount, n)
		select channel_id, date_bin($2::text::interval, ts - interval '1 microsecond', timestamptz '2000-01-01 00:00+00') as bin, sum(delta), count(*)
		from (
			select channel_id, ts, value - lag(value) over (partition by channel_id order by ts) as delta
			from row_per_reading where channel_id < $1
		) r
		where delta is not null group by channel_id, bin`, counters, string(grain))
	if err != nil {
		return 0, fmt.Errorf("roll the counters up: %w", err)
	}
	_, err = t.conn.Exec(ctx, `
		insert into row_grain (channel_id, ts, mean, n)
		select channel_id, date_bin($2::text::interval, ts, timestamptz '2000-01-01 00:00+00') as bin, avg(value), count(*)
		from row_per_reading where channel_id >= $1 group by channel_id, bin`, counters, string(grain))
	if err != nil {
		return 0, fmt.Errorf("roll the levels up: %w", err)
	}
	tag, err := t.conn.Exec(ctx, `
		insert into row_day (channel_id, day, amount, mean, lo, hi, n)
		select channel_id, (ts at time zone $1)::date as day, sum(amount), avg(mean), min(coalesce(amount, mean)), max(coalesce(amount, mean)), sum(n)
		from row_grain group by channel_id, day`, zone)
	if err != nil {
		return 0, fmt.Errorf("roll the days up: %w", err)
	}
	return tag.RowsAffected(), nil
}

// MakeDays fills a table with a day of 96 quarter-hours for each of channels 0
// to n-1, for [Table.UpdateDays].
func (t *Table) MakeDays(ctx context.Context, n int) error {
	for _, sql := range []string{
		`create table row_quarters (channel_id int primary key, v int8[] not null, q bytea not null, total int8 not null,
			covered_s int not null, lo int8 not null, hi int8 not null) with (fillfactor = 50)`,
		fmt.Sprintf(`insert into row_quarters (channel_id, v, q, total, covered_s, lo, hi)
			select c, array(select 1000000000 + 1000 * c + i from generate_series(1, 96) i), decode(repeat('11', 96), 'hex'), 96000000000, 86400, 1000000000, 1000000000
			from generate_series(0, %d) c`, n-1),
		`vacuum analyze row_quarters`,
	} {
		if _, err := t.conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make %d days to update: %w", n, err)
		}
	}
	return nil
}

// UpdateDays is the bare update that an hour costs: in one statement, the four
// quarter-hours that begin with first (from 1) of channels 0 to len(amounts)-1,
// and the sums of their days.
func (t *Table) UpdateDays(ctx context.Context, first int, amounts []int64) error {
	tag, err := t.conn.Exec(ctx, `
		update row_quarters d set v[$1:$1 + 3] = array[n.amount, n.amount, n.amount, n.amount], total = d.total + 4 * n.amount,
			covered_s = d.covered_s + 3600, lo = least(d.lo, n.amount), hi = greatest(d.hi, n.amount)
		from unnest($2::int8[]) with ordinality n (amount, no) where d.channel_id = n.no - 1`, first, amounts)
	if err == nil && tag.RowsAffected() != int64(len(amounts)) {
		err = fmt.Errorf("%d are there", tag.RowsAffected())
	}
	if err != nil {
		return fmt.Errorf("update %d days: %w", len(amounts), err)
	}
	return nil
}
