package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/store/storetest"
)

const profiled = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - {id: hafen, name: Hafen, meters: [{id: main, points: [{id: hafen/bill, quantity: active_energy_import, role: grid_import, series: interval}]}]}
`

// TestANetworkOperatorsProfileIsImportedAsItsClockShowsIt imports the night in
// which the clock is set back, in quarter-hours labelled at their end in local
// time, once as the operator wrote it and once with one pass of the hour left out.
func TestANetworkOperatorsProfileIsImportedAsItsClockShowsIt(t *testing.T) {
	t.Parallel()
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := berlin.Day(energy.Date{Year: 2025, Month: 10, Day: 26})
	lines := []string{"point,at,value"}
	for at := day.From.Add(energy.QuarterHour); !at.After(day.To); at = at.Add(energy.QuarterHour) {
		lines = append(lines, "hafen/bill,"+at.In(berlin.Location).Format("02.01.2006 15:04")+",2.5")
	}
	dir, database := t.TempDir(), storetest.URL(t)
	command(t, database, "apply", "-f", write(t, dir, "registry.yaml", profiled)).want(t, exitFine)

	once := slices.Concat(lines[:8], lines[12:]) // 02:00 to 02:45 once only
	refused := command(t, database, "import", "--label", "end", "--zone", "Europe/Berlin", write(t, dir, "once.csv", strings.Join(once, "\n")+"\n")).want(t, exitFinish)
	for line := 9; line <= 12; line++ {
		if want := fmt.Sprintf("once.csv:%d: at: ", line); !strings.Contains(refused.stderr, want) {
			t.Errorf("%q is not in\n%s", want, refused.stderr)
		}
	}
	whole := write(t, dir, "profile.csv", strings.Join(lines, "\n")+"\n")
	command(t, database, "import", whole).want(t, exitFinish) // without zone and label it means nothing
	command(t, database, "import", "--label", "end", "--zone", "Europe/Berlin", whole).want(t, exitFine)
	rows := sql(t, database, "select count(*), sum(value), min(from_at), max(from_at) from quarter_hour where point = 'hafen/bill'")
	from, last := day.From.Format("2006-01-02 15:04:05"), day.To.Add(-energy.QuarterHour).Format("2006-01-02 15:04:05")
	if want := fmt.Sprintf("100|250.0|%s+00|%s+00", from, last); len(rows) != 1 || rows[0] != want {
		t.Errorf("quarter-hours are %v, want %s", rows, want)
	}
	if bad := command(t, database, "import", "--step", "15m", whole); bad.code == exitFine || !strings.Contains(bad.stderr, "label") {
		t.Errorf("a step without a label: exit %d, %s", bad.code, bad.stderr)
	}
}
