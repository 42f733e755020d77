package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/energy/store/storetest"
)

const powerRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hall
    name: Hall
    operator: op
    meters:
      - id: hall-it
        points: [{id: hall/it-power, quantity: active_power, role: it_load, category: 3}]
`

// leastNodes is the least number of answering nodes of 1,724 whose sum says
// anything: during the shutdown two answer.
const leastNodes = 10

// minute is a reading of the outage day.
type minute struct {
	at time.Time
	w  float64
}

// outageDay are the minutes of the day of the shutdown in which nodes answered.
func outageDay(t *testing.T) (minutes []minute) {
	t.Helper()
	for _, row := range packed(t, "mghpcc_it_power_2025-06-03_minute.csv.gz") {
		at, err := time.Parse(time.RFC3339, row[0])
		nodes, errNodes := strconv.Atoi(row[2])
		w, errPower := strconv.ParseFloat(row[3], 64)
		if err != nil || errNodes != nil || errPower != nil {
			t.Fatalf("read the outage day: %v, %v, %v", err, errNodes, errPower)
		}
		if nodes >= leastNodes {
			minutes = append(minutes, minute{at, w})
		}
	}
	return minutes
}

// TestTheOutageDayIsMissingNotZero imports the minutes of a day on which a
// data centre was shut down for nineteen hours.
func TestTheOutageDayIsMissingNotZero(t *testing.T) {
	t.Parallel()
	minutes := outageDay(t)
	lastBefore, firstAfter := time.Date(2025, 6, 3, 2, 37, 0, 0, time.UTC), time.Date(2025, 6, 3, 21, 54, 0, 0, time.UTC)
	var file strings.Builder
	file.WriteString("point,at,value,unit\n")
	for _, m := range minutes {
		if m.at.After(lastBefore) && m.at.Before(firstAfter) {
			t.Fatalf("the data has a reading at %s, in the outage", m.at)
		}
		fmt.Fprintf(&file, "hall/it-power,%s,%g,W\n", m.at.Format(time.RFC3339), m.w)
	}
	dir, url := t.TempDir(), storetest.URL(t)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", powerRegistry)).want(t, exitFine)
	command(t, url, "--config", config, "import", write(t, dir, "day.csv", file.String())).want(t, exitFine)
	c := serve(t, url, config, "", "--no-collect")

	const from, to = "2025-06-03T00:00:00Z", "2025-06-04T00:00:00Z"
	quarters := c.values("hall/it-power", from, to, "15m", "")
	table := c.table(valuesPath("hall/it-power", from, to, "15m", "&format=csv"))
	if len(quarters) != 96 || len(table) != 97 {
		t.Fatalf("%d quarter-hours in JSON, %d rows of CSV, want 96 and a header more", len(quarters), len(table))
	}
	missing := 0
	for i, q := range quarters {
		dark := !q.From.Before(lastBefore) && !q.To.After(firstAfter)
		row := table[i+1]
		switch {
		case row[1] != q.From.Format(time.RFC3339) || row[5] != q.Quality:
			t.Errorf("CSV says %q where JSON says %s of %s", row, q.Quality, q.From)
		case dark && (q.Value != nil || q.Quality != "missing" || row[3] != "" || q.EnergyCoverage != 0 || q.IntervalCoverage != 0):
			t.Errorf("in the outage, at %s: %+v in JSON, %q in CSV, want missing, null and covered by nothing", q.From, q, row)
		case !dark && (q.Value == nil || row[3] != q.Value.String() || q.number(t).Float64() < 3):
			t.Errorf("outside the outage, at %s: %+v in JSON, %q in CSV, want the same power of some kW", q.From, q, row)
		}
		if dark {
			missing++
		}
	}
	if missing != 76 {
		t.Errorf("%d quarter-hours lie in the outage, want those from 02:45 to 21:45", missing)
	}
	if q := quarters[10]; q.IntervalCoverage >= 0.5 || q.IntervalCoverage < 7.0/15 {
		t.Errorf("of the quarter-hour in which the power went %v are covered, want the seven minutes up to 02:37", q.IntervalCoverage)
	}

	day := c.values("hall/it-power", "2025-06-03", "2025-06-04", "1d", "")
	if len(day) != 1 {
		t.Fatalf("%d days, want one", len(day))
	}
	// The local day ends at 22:00Z, of which the reading at 21:59 and the one at 22:00 say everything.
	covered := lastBefore.Sub(minutes[0].at) + time.Date(2025, 6, 3, 22, 0, 0, 0, time.UTC).Sub(firstAfter)
	if got, want := day[0].IntervalCoverage, covered.Hours()/24; got < want-1e-5 || got > want+1e-5 {
		t.Errorf("%v of the day are covered, want %v (%s)", got, want, covered)
	}
	if mean := day[0].number(t).Float64(); mean < 20 || mean > 24 {
		t.Errorf("the mean of what was measured is %v kW, want that of the night, 23 kW, and no zeros in it", mean)
	}
	if hours := c.values("hall/it-power", "2025-06-03T12:00:00Z", "2025-06-03T13:00:00Z", "1h", ""); len(hours) != 1 || hours[0].Value != nil || hours[0].Quality != "missing" {
		t.Errorf("noon of the outage is %+v, want missing", hours)
	}
}
