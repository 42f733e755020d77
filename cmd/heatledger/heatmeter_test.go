package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/store/storetest"
)

const heatRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Copenhagen}
operators: [{id: op, name: Operator}]
sites:
  - id: house
    name: House
    operator: op
    meters:
      - id: house-heat
        points:
          - {id: house/heat, quantity: heat_energy, role: heat_delivered}
          - {id: house/volume, quantity: volume, role: heat_delivered}
          - {id: house/flow, quantity: volume_temperature_flow, role: heat_delivered}
          - {id: house/return, quantity: volume_temperature_return, role: heat_delivered}
`

// heatPoints are the points of the columns of the heat meter's file.
var heatPoints = [...]energy.PointID{"house/heat", "house/volume", "house/flow", "house/return"}

// packed are the rows of a gzipped CSV file of testdata, without its header.
func packed(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatalf("open measured data: %v", err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("unpack %s: %v", name, err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return rows[1:]
}

// heatMeter is what the heat meter of the file said: the texts of its four
// counters at full hours.
type heatMeter struct {
	at     []string
	values map[energy.PointID][]string
}

func readHeatMeter(t *testing.T) heatMeter {
	t.Helper()
	m := heatMeter{values: map[energy.PointID][]string{}}
	for _, row := range packed(t, "danish_smart_heat_meter_2018_2019.csv.gz") {
		m.at = append(m.at, row[0])
		for i, point := range heatPoints {
			m.values[point] = append(m.values[point], row[i+1])
		}
	}
	return m
}

// csv is the file somebody hands in: the rows of point i stand together.
func (m heatMeter) csv() string {
	var b strings.Builder
	b.WriteString("point,at,value\n")
	for _, point := range heatPoints {
		for i, at := range m.at {
			fmt.Fprintf(&b, "%s,%s,%s\n", point, at, m.values[point][i])
		}
	}
	return b.String()
}

// line is the line of the file on which the i-th value of the n-th point stands.
func (m heatMeter) line(n, i int) int { return 2 + n*len(m.at) + i }

// stand is the counter of a point at t, to a millionth of its unit.
func (m heatMeter) stand(t *testing.T, point energy.PointID, at time.Time) *big.Rat {
	t.Helper()
	first, err := time.Parse(time.RFC3339, m.at[0])
	if err != nil {
		t.Fatalf("read the first instant: %v", err)
	}
	i := int(at.Sub(first) / time.Hour)
	if text := at.UTC().Format(time.RFC3339); m.at[i] != text {
		t.Fatalf("row %d is of %s, want %s: the file has a hole", i, m.at[i], text)
	}
	return millionths(t, m.values[point][i])
}

// millionths is a number rounded to six places, reckoned without our own arithmetic.
func millionths(t *testing.T, text string) *big.Rat {
	t.Helper()
	exact, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	rounded, _ := new(big.Rat).SetString(exact.FloatString(6))
	return rounded
}

// compare says that every interval of an answer is the difference of the
// counter at its borders, and that they follow each other from first to last.
func (m heatMeter) compare(t *testing.T, point energy.PointID, answer []item, count int) {
	t.Helper()
	if len(answer) != count {
		t.Fatalf("%s: %d intervals, want %d", point, len(answer), count)
	}
	sum := new(big.Rat)
	for i, v := range answer {
		if i > 0 && !v.From.Equal(answer[i-1].To) {
			t.Errorf("%s: an interval begins at %s, the one before ends at %s", point, v.From, answer[i-1].To)
		}
		if v.Value == nil || v.Quality != "measured" || v.EnergyCoverage != 1 || v.IntervalCoverage != 1 {
			t.Errorf("%s from %s: %+v, want a value that is measured and covered", point, v.From, v)
			continue
		}
		got := millionths(t, v.Value.String())
		want := new(big.Rat).Sub(m.stand(t, point, v.To), m.stand(t, point, v.From))
		if got.Cmp(want) != 0 {
			t.Errorf("%s from %s to %s: %s, the counter rose by %s", point, v.From, v.To, v.Value, want.FloatString(6))
		}
		sum.Add(sum, got)
	}
	rise := new(big.Rat).Sub(m.stand(t, point, answer[count-1].To), m.stand(t, point, answer[0].From))
	if sum.Cmp(rise) != 0 {
		t.Errorf("%s: %d intervals add up to %s, the counter rose by %s", point, count, sum.FloatString(6), rise.FloatString(6))
	}
}

// TestTwoYearsOfARealHeatMeterAddUpToTheLastDigit imports what a meter really
// said, twice, wrongly and as a correction, and asks for days, months, years.
func TestTwoYearsOfARealHeatMeterAddUpToTheLastDigit(t *testing.T) {
	t.Parallel()
	meter, dir, url := readHeatMeter(t), t.TempDir(), storetest.URL(t)
	config := write(t, dir, "config.yaml", "registry: [registry.yaml]\ndata_dir: ./var\n")
	command(t, url, "apply", "-f", write(t, dir, "registry.yaml", heatRegistry)).want(t, exitFine)
	file := write(t, dir, "meter.csv", meter.csv())
	rows := len(meter.at) * len(heatPoints)

	first := command(t, url, "--config", config, "import", file).want(t, exitFine)
	if want := fmt.Sprintf("%s: %d accepted, 0 known already, 0 without a value, 0 withdrawn, 0 rejected", file, rows); !strings.HasPrefix(first.stdout, want) {
		t.Errorf("import says %q, want %q", first.stdout, want)
	}
	c := serve(t, url, config, "", "--no-collect")
	for _, point := range heatPoints {
		meter.compare(t, point, c.values(point, "2018-01-03", "2020-01-01", "1d", "&limit=100"), 728)
		meter.compare(t, point, c.values(point, "2018-02-01", "2020-01-01", "1mo", "&limit=7"), 23)
		meter.compare(t, point, c.values(point, "2019-01-01", "2020-01-01", "1mo", ""), 12)
		meter.compare(t, point, c.values(point, "2019-03-30", "2019-04-02", "1h", ""), 71)
	}
	_, header := c.ask(valuesPath("house/heat", "2019-01-01", "2019-01-02", "1d", ""))
	fact := header.Get("Heatledger-Fact")

	again := command(t, url, "--config", config, "import", file).want(t, exitFine)
	if want := fmt.Sprintf("%s: 0 accepted, %d known already", file, rows); !strings.HasPrefix(again.stdout, want) {
		t.Errorf("the second import says %q, want %q", again.stdout, want)
	}

	exported, _ := c.ask(valuesPath("house/flow", "2018-01-01", "2020-01-02", "raw", "&format=csv"))
	back := beginReading(t, url, bytes.NewReader(exported), "--config", config, "import", "-").wait().want(t, exitFine)
	if want := fmt.Sprintf("-: 0 accepted, %d known already", len(meter.at)); !strings.HasPrefix(back.stdout, want) {
		t.Errorf("the import of what the API exported says %q, want %q", back.stdout, want)
	}

	changed := 365 * 24 // 2019-01-03T00:00:00+01:00, the border of two days
	before, old := time.Now(), meter.values["house/heat"][changed]
	meter.values["house/heat"][changed] = meter.values["house/heat"][changed+1]
	if meter.values["house/heat"][changed] == old {
		t.Fatalf("both hours show %s: that is no change", old)
	}
	wrong := write(t, dir, "changed.csv", meter.csv())
	refused := command(t, url, "--config", config, "import", wrong).want(t, exitFinish)
	if place := fmt.Sprintf("%s:%d: value: house/heat has the value %s", wrong, meter.line(0, changed), old); !strings.Contains(refused.stderr, place) {
		t.Errorf("import of a changed value says %q, want %q", refused.stderr, place)
	}
	if !strings.Contains(refused.stdout, ": 0 accepted, ") || !strings.Contains(refused.stdout, " 1 rejected") {
		t.Errorf("import of a changed value says %q, want nothing taken and one row rejected", refused.stdout)
	}
	if _, header := c.ask(valuesPath("house/heat", "2019-01-01", "2019-01-02", "1d", "")); header.Get("Heatledger-Fact") != fact {
		t.Errorf("after a duplicate and a rejected import the site is at fact %s, it was at %s", header.Get("Heatledger-Fact"), fact)
	}

	corrected := command(t, url, "--config", config, "import", "--correction", "the reading was of the next hour", wrong).want(t, exitFine)
	if want := fmt.Sprintf("%s: 1 accepted, %d known already, 0 without a value, 0 withdrawn, 0 rejected", wrong, rows-1); !strings.HasPrefix(corrected.stdout, want) {
		t.Errorf("the correction says %q, want %q", corrected.stdout, want)
	}
	meter.compare(t, "house/heat", c.values("house/heat", "2018-01-03", "2020-01-01", "1d", ""), 728)
	meter.values["house/heat"][changed] = old
	meter.compare(t, "house/heat", c.values("house/heat", "2019-01-02", "2019-01-04", "1d", "&as_known_at="+before.UTC().Format(time.RFC3339Nano)), 2)
}
