package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heatledger/energy/store/storetest"
)

const countedRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - {id: hafen-main, points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]}
      - {id: hafen-ups, points: [{id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}]}
`

// TestAForgedDayIsFound changes what is derived, which no log holds: days,
// balances and spans have to be what the facts make of them.
func TestAForgedDayIsFound(t *testing.T) {
	t.Parallel()
	url, dir := storetest.URL(t), t.TempDir()
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	write(t, dir, "registry.yaml", countedRegistry)
	var csv strings.Builder
	csv.WriteString("point,at,value\n")
	from := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range 4 * 96 {
		if i > 100 && i < 130 { // a gap, across which the energy is a span
			continue
		}
		for n, point := range []string{"grid", "it"} {
			fmt.Fprintf(&csv, "hafen/%s,%s,%d.%d\n", point, from.Add(time.Duration(i)*15*time.Minute).Format(time.RFC3339), (2-n)*i*10, i%10)
		}
	}
	c := serve(t, url, config, "", "--no-collect")
	eventually(t, "the key of the log is there", func() bool { return command(t, url, "--config", config, "verify", "--facts-only").code == exitFine })
	c.stop().want(t, exitFine)
	command(t, url, "--config", config, "import", write(t, dir, "readings.csv", csv.String())).want(t, exitFine)
	verify := func(more ...string) outcome {
		return command(t, url, append([]string{"--config", config, "verify", "--lang", "en"}, more...)...)
	}
	verify().want(t, exitFine)
	for _, table := range []string{"day", "balance", "span"} {
		forge(t, url, fmt.Sprintf("create table kept_%[1]s as select * from %[1]s", table))
	}
	for _, tt := range []struct{ sentence, table, change, want string }{
		{"a quarter-hour", "day", "update day set v[5] = v[5] + 1 where day = '2025-03-02' and point_no = 1", "Not what the facts make of it: day, site hafen, point hafen/grid, 2025-03-02, table day"},
		{"a total", "day", "update day set total = total - 1 where day = '2025-03-02' and point_no = 2", "Not what the facts make of it: day, site hafen, point hafen/it, 2025-03-02, table day"},
		{"a quality", "day", `update day set q = '\x11' where day = '2025-03-02' and point_no = 1`, "Not what the facts make of it: day, site hafen, point hafen/grid, 2025-03-02"},
		{"seconds measured", "day", "update day set covered_s = covered_s + 900 where day = '2025-03-02' and point_no = 1", "Not what the facts make of it: day, site hafen, point hafen/grid, 2025-03-02"},
		{"a deleted day", "day", "delete from day where day = '2025-03-03' and point_no = 1", "Made by the facts, but not there: day, site hafen, point hafen/grid, 2025-03-03"},
		{"a balance", "balance", "update balance set amount = amount * 9 / 10 where grain = 'd' and period = '2025-03-02' and role = (select min(role) from balance)", "Not what the facts make of it: balance of roles, site hafen, d 2025-03-02 "},
		{"a month", "balance", "update balance set amount = amount - 1 where grain = 'm' and role = (select min(role) from balance)", "Not what the facts make of it: balance of roles, site hafen, m 2025-03-01 "},
		{"a deleted balance", "balance", "delete from balance where grain = 'd' and period = '2025-03-02' and role = (select min(role) from balance)", "Made by the facts, but not there: balance of roles, site hafen, d 2025-03-02 "},
		{"an invented balance", "balance", "insert into balance select site_id, grain, period, 999, category, amount, substitute, covered_s, energy_s, expected_s, seq from balance where grain = 'd' and period = '2025-03-02' limit 1", "There, but made by no fact: balance of roles, site hafen, d 2025-03-02 999"},
		{"a span", "span", "update span set amount = amount + 1 where point_no = 1", "Not what the facts make of it: amount without a profile, site hafen, point hafen/grid"},
		{"a deleted span", "span", "delete from span where point_no = 2", "Made by the facts, but not there: amount without a profile, site hafen, point hafen/it"},
	} {
		forge(t, url, tt.change)
		if said := verify().want(t, exitFinish).stdout; !strings.Contains(said, tt.want) {
			t.Errorf("%s: it says\n%s\nwant %q", tt.sentence, said, tt.want)
		}
		verify("--facts-only").want(t, exitFine)
		forge(t, url, fmt.Sprintf("delete from %s", tt.table))
		forge(t, url, fmt.Sprintf("insert into %[1]s select * from kept_%[1]s", tt.table))
	}
	verify().want(t, exitFine)
}
