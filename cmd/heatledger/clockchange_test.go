package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"heatledger/energy/store/storetest"
)

// sql asks a question of the database by PostgreSQL's own client and gives the
// rows, columns separated by |.
func sql(t *testing.T, address, question string) []string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("read the address of the database: %v", err)
	}
	query := u.Query()
	schema := query.Get("search_path") // no parameter of libpq's addresses
	query.Del("search_path")
	u.RawQuery = query.Encode()
	psql := exec.CommandContext(t.Context(), "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", question, u.String())
	psql.Env = append(os.Environ(), "PGOPTIONS=-c search_path="+schema+" -c timezone=UTC", "PGCONNECT_TIMEOUT=10")
	out, err := psql.CombinedOutput()
	if err != nil {
		t.Fatalf("psql (comes with PostgreSQL): %v\n%s", err, out)
	}
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestDaysOfTheClockChangeHave92And100QuarterHours reads a counter every 15
// minutes over both nights
// and one between them, and looks at the days in the database, as an SQL
// client does, and in every form of the API.
func TestDaysOfTheClockChangeHave92And100QuarterHours(t *testing.T) {
	t.Parallel()
	registry := strings.Replace(powerRegistry, "hall/it-power, quantity: active_power", "hall/it, quantity: active_energy_import", 1)
	nights := []struct {
		day, next    string
		from         time.Time
		quarterHours int
		hours        int
	}{
		{"2025-03-30", "2025-03-31", time.Date(2025, 3, 29, 23, 0, 0, 0, time.UTC), 92, 23},
		{"2025-06-15", "2025-06-16", time.Date(2025, 6, 14, 22, 0, 0, 0, time.UTC), 96, 24},
		{"2025-10-26", "2025-10-27", time.Date(2025, 10, 25, 22, 0, 0, 0, time.UTC), 100, 25},
	}
	// amount is what the counter rises by in the i-th quarter-hour: each another.
	amount := func(i int) float64 { return float64(1000+i*i%97) / 8 }
	var file strings.Builder
	file.WriteString("point,at,value\n")
	for n, night := range nights {
		counter := float64(1_000_000 * (n + 1))
		for i := range night.quarterHours + 1 {
			fmt.Fprintf(&file, "hall/it,%s,%.3f\n", night.from.Add(time.Duration(i)*15*time.Minute).Format(time.RFC3339), counter)
			counter += amount(i)
		}
	}
	dir, address := t.TempDir(), storetest.URL(t)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	command(t, address, "apply", "-f", write(t, dir, "registry.yaml", registry)).want(t, exitFine)
	command(t, address, "--config", config, "import", write(t, dir, "nights.csv", file.String())).want(t, exitFine)
	c := serve(t, address, config, "", "--no-collect")

	for _, night := range nights {
		t.Run(night.day, func(t *testing.T) {
			json15 := c.values("hall/it", night.day, night.next, "15m", "")
			csv15 := c.table(valuesPath("hall/it", night.day, night.next, "15m", "&format=csv"))[1:]
			var columns struct {
				T0   time.Time
				Step string
				V    []json.Number
				Q    []string
			}
			body, _ := c.ask(valuesPath("hall/it", night.day, night.next, "15m", "&format=columns"))
			if err := json.Unmarshal(body, &columns); err != nil {
				t.Fatalf("read columns: %v", err)
			}
			view := sql(t, address, "select from_at at time zone 'UTC', value, quality from quarter_hour where point = 'hall/it' and day = '"+night.day+"' order by from_at")
			function := sql(t, address, fmt.Sprintf("select from_at at time zone 'UTC', value, quality from quarter_hours('hall', 'hall/it', '%s', '%s')",
				json15[0].From.Format(time.RFC3339), json15[len(json15)-1].To.Format(time.RFC3339)))
			for form, n := range map[string]int{"JSON": len(json15), "CSV": len(csv15), "columns": len(columns.V), "qualities of columns": len(columns.Q),
				"the view quarter_hour": len(view), "the function quarter_hours": len(function)} {
				if n != night.quarterHours {
					t.Fatalf("%d quarter-hours in %s, want %d", n, form, night.quarterHours)
				}
			}
			if !columns.T0.Equal(night.from) || columns.Step != "15m" {
				t.Errorf("columns begin at %s with step %s, want %s, 15m", columns.T0, columns.Step, night.from)
			}
			for i, q := range json15 {
				at, value := night.from.Add(time.Duration(i)*15*time.Minute), fmt.Sprint(amount(i))
				if !q.From.Equal(at) || q.Value == nil || q.Value.String() != value || q.Quality != "measured" {
					t.Errorf("quarter-hour %d is %+v, want %s measured from %s", i, q, value, at)
				}
				if csv15[i][1] != at.Format(time.RFC3339) || csv15[i][3] != value {
					t.Errorf("row %d of CSV is %q, want %s from %s", i, csv15[i], value, at)
				}
				if columns.V[i].String() != value || columns.Q[i] != "measured" {
					t.Errorf("column %d is %s %s, want %s measured", i, columns.V[i], columns.Q[i], value)
				}
				if row := at.Format("2006-01-02 15:04:05") + "|" + value + "|measured"; view[i] != row || function[i] != row {
					t.Errorf("row %d is %s in the view, %s by the function, want %s", i, view[i], function[i], row)
				}
			}
			lengths := sql(t, address, "select cardinality(v) from day where day = '"+night.day+"'")
			if len(lengths) != 1 || lengths[0] != fmt.Sprint(night.quarterHours) {
				t.Errorf("the row of the day holds %v quarter-hours, want %d", lengths, night.quarterHours)
			}
			if hours := c.values("hall/it", night.day, night.next, "1h", ""); len(hours) != night.hours {
				t.Errorf("%d hours, want %d", len(hours), night.hours)
			}
			sum := 0.0 // eighths add up exactly
			for i := range night.quarterHours {
				sum += amount(i)
			}
			day := c.values("hall/it", night.day, night.next, "1d", "")
			if len(day) != 1 || day[0].number(t).Float64() != sum || day[0].IntervalCoverage != 1 || day[0].To.Sub(day[0].From) != time.Duration(night.hours)*time.Hour {
				t.Errorf("the day is %+v, want %v over %d hours", day, sum, night.hours)
			}
		})
	}
}
