package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// What SQL clients see is what the program computes from.
func TestViewsShowTheDaysAsPlainRows(t *testing.T) {
	t.Parallel()
	s, address := known(t)
	const load energy.PointID = "hafen/load"
	appended(t, s, func(ctx context.Context, f *store.Fact) error {
		return f.Declare(ctx, []store.Point{
			{ID: grid, Quantity: energy.ActiveEnergyImport, Series: energy.Counter}, {ID: load, Quantity: energy.ActivePower, Series: energy.Instant}})
	})
	days := []series.Day{
		dayOf(t, "Europe/Berlin", "2023-03-26", false), dayOf(t, "Europe/Berlin", "2023-10-29", false), dayOf(t, "Europe/Berlin", "2024-01-01", true),
	}
	for i := range days {
		d := &days[i]
		d.Total, d.Weighted, d.CoveredS = 0, 0, 0
		for j, v := range d.Values {
			d.Values[j] = v / 1e6
			if d.Quality[j] == energy.Missing {
				d.Values[j] = 0
			}
			d.Total += d.Values[j]
			d.Weighted += int64(d.Values[j]) * int64(d.Covered[j])
			d.CoveredS += int(d.Covered[j])
		}
	}
	run(t, s, func(ctx context.Context, c *store.Closing) error {
		return c.PutDays(ctx, map[energy.PointID][]series.Day{grid: days, load: days}, 1)
	})
	var quarters, totals []string
	for _, d := range days {
		for i, v := range d.Values {
			value := "null"
			if d.Quality[i] != energy.Missing {
				value = fmt.Sprintf("%g", float64(v)/1e6)
			}
			from := d.Period.From.Add(time.Duration(i) * energy.QuarterHour)
			quarters = append(quarters, fmt.Sprintf("%s %s %s %s %d", d.Date, from.Format(time.RFC3339), value, d.Quality[i], d.Covered[i]))
		}
		totals = append(totals, fmt.Sprintf("%s %g %d", d.Date, float64(d.Total)/1e6, d.CoveredS))
	}
	const columns = `select day::text || ' ' || to_char(from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' ' || coalesce(value::text, 'null') || ' ' || quality || ' ' || covered_s`
	for name, c := range map[string]struct {
		sql  string
		want []string
	}{
		"quarter-hours":                {columns + ` from quarter_hour where point = 'hafen/grid' order by day, from_at`, quarters},
		"a range of quarter-hours":     {columns + ` from quarter_hours('hafen', 'hafen/load', '2023-03-25T23:00Z', '2023-03-26T00:00Z')`, quarters[:4]},
		"an hour of an amount":         {`select value::text from hour where point = 'hafen/grid' and day = '2024-01-01' order by from_at limit 1`, []string{"-154"}},
		"an hour of a level":           {`select value::text from hour where point = 'hafen/load' and day = '2024-01-01' order by from_at limit 1`, []string{"-38.5"}},
		"hours of long and short days": {`select count(*)::text from hour where point = 'hafen/grid' and day < '2024-01-01' group by day order by day`, []string{"23", "25"}},
		"days of an amount":            {`select day::text || ' ' || value || ' ' || covered_s from day_value where point = 'hafen/grid' order by day`, totals},
		"a day of a level":             {`select value::text from day_value where point = 'hafen/load' and day = '2024-01-01'`, []string{"7.5"}},
		"months": {`select month::text || ' ' || first_day || ' ' || expected_s from month where point = 'hafen/grid' order by month`,
			[]string{"2023-03-01 2023-03-26 82800", "2023-10-01 2023-10-29 90000", "2024-01-01 2024-01-01 86400"}},
	} {
		if got := texts(t, address, c.sql); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q\nwant %q", name, got, c.want)
		}
	}
}

func TestEveryViewGivesTheRightsOfWhoeverAsks(t *testing.T) {
	t.Parallel()
	_, address := known(t)
	if open := texts(t, address, `select relname::text from pg_class where relkind = 'v' and relnamespace = current_schema()::regnamespace
		and not 'security_invoker=true' = any(coalesce(reloptions, '{}'))`); len(open) != 0 {
		t.Errorf("views %q give rights of their owner", open)
	}
	if views := texts(t, address, `select relname::text from pg_class where relkind = 'v' and relnamespace = current_schema()::regnamespace order by 1`); len(views) < 4 {
		t.Errorf("views are %q, want four or more", views)
	}
}

func texts(t testing.TB, address, sql string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // only read
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}
