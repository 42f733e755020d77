package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
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

// night is a local day with a counter that is read every 15 minutes.
type night struct {
	day, next    string
	from         time.Time
	quarterHours int
	hours        int
}

// amount is what the counter rises by in the i-th quarter-hour of a night: each
// another, in eighths, which add up exactly.
func amount(i int) float64 { return float64(1000+i*i%97) / 8 }

// at is the beginning of the i-th quarter-hour.
func (n night) at(i int) time.Time { return n.from.Add(time.Duration(i) * energy.QuarterHour) }

// TestDaysOfTheClockChangeHave92And100QuarterHours reads a counter over both
// nights and one between them, and looks at the days in the database, as an SQL
// client does, and in every form of the API.
func TestDaysOfTheClockChangeHave92And100QuarterHours(t *testing.T) {
	t.Parallel()
	nights := []night{
		{"2025-03-30", "2025-03-31", time.Date(2025, 3, 29, 23, 0, 0, 0, time.UTC), 92, 23},
		{"2025-06-15", "2025-06-16", time.Date(2025, 6, 14, 22, 0, 0, 0, time.UTC), 96, 24},
		{"2025-10-26", "2025-10-27", time.Date(2025, 10, 25, 22, 0, 0, 0, time.UTC), 100, 25},
	}
	var file strings.Builder
	file.WriteString("point,at,value\n")
	for n, night := range nights {
		counter := float64(1_000_000 * (n + 1))
		for i := range night.quarterHours + 1 {
			fmt.Fprintf(&file, "hall/it,%s,%.3f\n", night.at(i).Format(time.RFC3339), counter)
			counter += amount(i)
		}
	}
	dir, address := t.TempDir(), storetest.URL(t)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	registry := strings.Replace(powerRegistry, "hall/it-power, quantity: active_power", "hall/it, quantity: active_energy_import", 1)
	command(t, address, "apply", "-f", write(t, dir, "registry.yaml", registry)).want(t, exitFine)
	command(t, address, "--config", config, "import", write(t, dir, "nights.csv", file.String())).want(t, exitFine)
	c := serve(t, address, config, "", "--no-collect")
	for _, night := range nights {
		t.Run(night.day, func(t *testing.T) {
			night.checkAPI(t, c)
			night.checkDatabase(t, address)
		})
	}
}

// checkAPI looks at the day in JSON, CSV and columns, and at its hours and sum.
func (n night) checkAPI(t *testing.T, c *centre) {
	t.Helper()
	quarters := c.values("hall/it", n.day, n.next, "15m", "")
	table := c.table(valuesPath("hall/it", n.day, n.next, "15m", "&format=csv"))[1:]
	var columns struct {
		T0   time.Time
		Step string
		V    []json.Number
		Q    []string
	}
	body, _ := c.ask(valuesPath("hall/it", n.day, n.next, "15m", "&format=columns"))
	if err := json.Unmarshal(body, &columns); err != nil {
		t.Fatalf("read columns: %v", err)
	}
	if got := [...]int{len(quarters), len(table), len(columns.V), len(columns.Q)}; got != [...]int{n.quarterHours, n.quarterHours, n.quarterHours, n.quarterHours} {
		t.Fatalf("%v quarter-hours in JSON, CSV, columns and their qualities, want %d", got, n.quarterHours)
	}
	if !columns.T0.Equal(n.from) || columns.Step != "15m" {
		t.Errorf("columns begin at %s with step %s, want %s, 15m", columns.T0, columns.Step, n.from)
	}
	sum := 0.0
	for i, q := range quarters {
		sum += amount(i)
		at, value := n.at(i), fmt.Sprint(amount(i))
		if !q.From.Equal(at) || q.Value == nil || q.Value.String() != value || q.Quality != "measured" {
			t.Errorf("quarter-hour %d is %+v, want %s measured from %s", i, q, value, at)
		}
		if table[i][1] != at.Format(time.RFC3339) || table[i][3] != value {
			t.Errorf("row %d of CSV is %q, want %s from %s", i, table[i], value, at)
		}
		if columns.V[i].String() != value || columns.Q[i] != "measured" {
			t.Errorf("column %d is %s %s, want %s measured", i, columns.V[i], columns.Q[i], value)
		}
	}
	if hours := c.values("hall/it", n.day, n.next, "1h", ""); len(hours) != n.hours {
		t.Errorf("%d hours, want %d", len(hours), n.hours)
	}
	day := c.values("hall/it", n.day, n.next, "1d", "")
	if len(day) != 1 || day[0].number(t).Float64() != sum || day[0].IntervalCoverage != 1 || day[0].To.Sub(day[0].From) != time.Duration(n.hours)*time.Hour {
		t.Errorf("the day is %+v, want %v over %d hours", day, sum, n.hours)
	}
}

// checkDatabase looks at the day's row, by the view and by the function.
func (n night) checkDatabase(t *testing.T, address string) {
	t.Helper()
	var want []string
	for i := range n.quarterHours {
		want = append(want, n.at(i).Format("2006-01-02 15:04:05")+"|"+fmt.Sprint(amount(i))+"|measured")
	}
	const columns = "select from_at at time zone 'UTC', value, quality from "
	for form, question := range map[string]string{
		"the view":     columns + "quarter_hour where point = 'hall/it' and day = '" + n.day + "' order by from_at",
		"the function": columns + fmt.Sprintf("quarter_hours('hall', 'hall/it', '%s', '%s')", n.from.Format(time.RFC3339), n.at(n.quarterHours).Format(time.RFC3339)),
	} {
		if got := sql(t, address, question); !slices.Equal(got, want) {
			t.Errorf("%s gives %d quarter-hours\n%s\nwant %d\n%s", form, len(got), got, len(want), want)
		}
	}
	if lengths := sql(t, address, "select cardinality(v) from day where day = '"+n.day+"'"); !slices.Equal(lengths, []string{fmt.Sprint(n.quarterHours)}) {
		t.Errorf("the row of the day holds %v quarter-hours, want %d", lengths, n.quarterHours)
	}
}
