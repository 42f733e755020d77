package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/counterpart"
)

// pymodbusUnits is what the server written with pymodbus holds: a clock, which
// says of every reading when the server answered, and registers that stand.
const pymodbusUnits = `{
	"1": {"holding": [{"address": 100, "type": "uint64", "clock": 7},
	                  {"address": 19026, "type": "float32", "value": 2500.5},
	                  {"address": 19040, "type": "int64", "value": 123456789012345},
	                  {"address": 19044, "type": "int32", "order": "CDAB", "value": -70000},
	                  {"address": 19046, "type": "float64", "order": "DCBA", "value": 0.1},
	                  {"address": 19060, "type": "float32", "value": "nan"}]},
	"7": {"input": [{"address": 100, "type": "uint32", "value": 4125},
	                {"address": 104, "type": "int16", "value": -1234},
	                {"address": 105, "type": "int16", "value": -32768}]}}`

// strangersConfig reads both servers; %s are the address of the Modbus server,
// that of the OPC UA server and its fingerprint.
const strangersConfig = `
data_dir: ./var
registry: [registry.yaml]
spool: {batch: 200ms}
connections:
  - id: line
    modbus: {url: 'tcp://%s'}
    meters:
      - id: hall-main
        unit: 1
        every: 100ms
        registers:
          - {point: hall/clock, table: holding, address: 100, type: uint64, scale: 0.001, unit: Wh}
          - {point: hall/power, table: holding, address: 19026, type: float32, unit: W}
          - {point: hall/counter, table: holding, address: 19040, type: int64, unit: Wh}
          - {point: hall/export, table: holding, address: 19044, type: int32, order: CDAB, scale: 0.1, unit: kW}
          - {point: hall/double, table: holding, address: 19046, type: float64, order: DCBA, unit: kW}
          - {point: hall/nothing, table: holding, address: 19060, type: float32, unit: kW}
      - id: hall-heat
        unit: 7
        every: 100ms
        registers:
          - {point: hall/heat, table: input, address: 100, type: uint32, scale: 0.01, unit: MWh}
          - {point: hall/cold, table: input, address: 104, type: int16, scale: 0.01, unit: "°C"}
          - {point: hall/absent, table: input, address: 105, type: int16, scale: 0.01, unit: "°C", absent: [0x8000]}
  - id: bms
    opcua:
      endpoint: opc.tcp://%s
      security: Basic256Sha256/SignAndEncrypt
      user: heatledger
      password_file: secrets/bms.password
      server_certificate: %s
    meters:
      - id: hall-ups
        sampling: 50ms
        nodes:
          - {point: hall/ups, node: "nsu=http://example.org/dc;s=UPS1.Energy", unit: Wh}
          - {point: hall/ups-power, node: "nsu=http://example.org/dc;s=UPS1.Power", unit: kW}
          - {point: hall/exact, node: "nsu=http://example.org/dc;s=Int64", unit: Wh}
          - {point: hall/absurd, node: "nsu=http://example.org/dc;s=UInt64", unit: GWh}
          - {point: hall/real, node: "nsu=http://example.org/dc;s=Double", unit: kW}
          - {point: hall/bad, node: "nsu=http://example.org/dc;s=Bad", unit: kW}
`

const strangersRegistry = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hall
    name: Hall
    operator: op
    meters:
      - id: hall-main
        points:
          - {id: hall/clock, quantity: active_energy_import, role: grid_import}
          - {id: hall/power, quantity: active_power, role: grid_import}
          - {id: hall/counter, quantity: active_energy_import, use: info}
          - {id: hall/export, quantity: active_power, use: info}
          - {id: hall/double, quantity: active_power, use: info}
          - {id: hall/nothing, quantity: active_power, use: info}
      - id: hall-heat
        points:
          - {id: hall/heat, quantity: heat_energy, role: heat_delivered}
          - {id: hall/cold, quantity: flow_temperature, role: heat_delivered}
          - {id: hall/absent, quantity: return_temperature, role: heat_delivered}
      - id: hall-ups
        points:
          - {id: hall/ups, quantity: active_energy_import, role: it_load, category: 1}
          - {id: hall/ups-power, quantity: active_power, role: it_load, category: 1}
          - {id: hall/exact, quantity: active_energy_import, use: info}
          - {id: hall/absurd, quantity: active_energy_import, use: info}
          - {id: hall/real, quantity: active_power, use: info}
          - {id: hall/bad, quantity: active_power, use: info}
`

// strangers starts both servers and writes the configuration that reads them.
func strangers(t *testing.T) (dir, config string) {
	t.Helper()
	dir = t.TempDir()
	line := counterpart.Python(t, "modbus_server.py", pymodbusUnits)
	facts := filepath.Join(dir, "facts")
	bms := counterpart.Node(t, "opcua_server.js", "--facts", facts, "--pki", filepath.Join(dir, "pki"), "--every", "200")
	told, err := os.ReadFile(facts)
	if err != nil {
		t.Fatalf("read what the OPC UA server tells of itself: %v", err)
	}
	var ready struct{ Fingerprint string }
	if err := json.NewDecoder(bytes.NewReader(told)).Decode(&ready); err != nil {
		t.Fatalf("read what the OPC UA server tells of itself: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatalf("make a folder: %v", err)
	}
	write(t, dir, "secrets/bms.password", "heatledger\n")
	write(t, dir, "registry.yaml", strangersRegistry)
	return dir, write(t, dir, "config.yaml", fmt.Sprintf(strangersConfig, line.Address, bms.Address, ready.Fingerprint))
}

// facts are the visible readings of every point of a site, as the store has them.
func facts(t *testing.T, s *store.Store, site energy.SiteID) map[energy.PointID][]energy.Reading {
	t.Helper()
	points, err := s.Points(t.Context(), site)
	if err != nil {
		t.Fatalf("list points: %v", err)
	}
	all := map[energy.PointID][]energy.Reading{}
	for _, p := range points {
		runs, err := s.Runs(t.Context(), site, []energy.PointID{p.ID}, energy.Period{From: time.Unix(0, 0).UTC(), To: time.Now().Add(time.Hour).UTC()}, 1<<62)
		if err != nil {
			t.Fatalf("read facts of %s: %v", p.ID, err)
		}
		if readings := series.Visible(runs[p.ID], 1<<62); len(readings) > 0 {
			all[p.ID] = readings
		}
	}
	return all
}

// TestCollectReadsServersWrittenByOthersToTheLastDigit collects from pymodbus
// and node-opcua into the database, which must then hold what these servers'
// functions say, and asks `serve` for it.
func TestCollectReadsServersWrittenByOthersToTheLastDigit(t *testing.T) {
	t.Parallel()
	dir, config := strangers(t)
	url := storetest.URL(t)
	s := openStore(t, url)
	defer s.Close()
	collecting := begin(t, url, "--config", config, "collect")
	eventually(t, "the collector has seen twenty ticks of node-opcua", func() bool {
		return s.EnsureSite(t.Context(), "hall") == nil && len(facts(t, s, "hall")["hall/ups"]) >= 20
	})
	collecting.stop().want(t, exitFine)
	finish(t, dir, s) // nothing is left in the spool, nothing was lost
	got := facts(t, s, "hall")

	polls := checkClock(t, got["hall/clock"])
	checkTicks(t, got["hall/ups"], got["hall/ups-power"])
	for point, want := range map[energy.PointID]energy.Value{
		"hall/power": energy.Float(2.5005), "hall/counter": energy.Decimal(123456789012345, -3), "hall/export": energy.Decimal(-70000, -1),
		"hall/double": energy.Float(0.1), "hall/heat": energy.Decimal(41250, 0), "hall/cold": energy.Decimal(-1234, -2),
		"hall/exact": energy.Decimal(1<<53+1, -3), "hall/absurd": energy.Decimal(1<<53+3, 6), "hall/real": energy.Float(1234.5678),
	} {
		for _, r := range got[point] {
			if !r.Value.Equal(want) || r.Value.IsDecimal() != want.IsDecimal() || r.Quality != energy.Measured {
				t.Fatalf("%s is %s, %s, at %s, want %s and decimal %v", point, r.Value, r.Quality, r.At, want, want.IsDecimal())
			}
		}
		least := 1 // of a node that stands still
		if point != "hall/exact" && point != "hall/absurd" && point != "hall/real" {
			least = polls / 2 // the other meter of the line may have lost other slots
		}
		if n := len(got[point]); n < least {
			t.Errorf("%s has %d readings, want %d or more", point, n, least)
		}
	}
	for _, point := range []energy.PointID{"hall/nothing", "hall/absent", "hall/bad"} {
		if readings := got[point]; len(readings) > 0 {
			t.Errorf("%s has the reading %+v, want none: the server has no value for it", point, readings[0])
		}
	}

	c := serve(t, url, config, "", "--no-collect")
	for point, readings := range got {
		answer := c.readings(point)
		if len(answer) != len(readings) {
			t.Errorf("%s: the API gives %d readings, the database has %d", point, len(answer), len(readings))
			continue
		}
		for i, r := range readings {
			if a := answer[i]; !a.At.Equal(r.At) || a.Value == nil || a.Value.String() != r.Value.String() || a.Quality != "measured" {
				t.Errorf("%s: the API gives %s at %s, the database has %s at %s", point, a.Value, a.At, r.Value, r.At)
			}
		}
	}
	checkDays(t, c, got)
}

// checkClock says that every reading of the clock is of the instant it says,
// exact to the last digit, and gives how many there are.
func checkClock(t *testing.T, readings []energy.Reading) int {
	t.Helper()
	for i, r := range readings {
		n, err := r.Value.Fixed(6) // 100 × milliseconds + 7, in thousandths of a Wh
		sent := time.UnixMilli(n / 100)
		if late := r.At.Sub(sent); err != nil || !r.Value.IsDecimal() || n%100 != 7 || late < 0 || late > time.Second {
			t.Errorf("reading %d is %s at %s, want the clock of at most a second before", i, r.Value, r.At)
		}
		if i > 0 && !r.At.After(readings[i-1].At) {
			t.Errorf("reading %d is of %s, the one before of %s", i, r.At, readings[i-1].At)
		}
	}
	took := readings[len(readings)-1].At.Sub(readings[0].At)
	if slots := int(took / (100 * time.Millisecond)); len(readings) < slots/2 || len(readings) < 20 || len(readings) > slots+2 {
		t.Errorf("%d readings in %s, want one every 100 ms", len(readings), took)
	}
	return len(readings)
}

// checkTicks says that no tick of the OPC UA server is missing or there twice,
// and that both its variables have the value of the same tick at an instant.
func checkTicks(t *testing.T, counter, power []energy.Reading) {
	t.Helper()
	first, err := counter[0].Value.Fixed(3) // Wh
	if err != nil || first < 41_250_000 {
		t.Fatalf("the counter begins with %s kWh (%v), want 41250 or more", counter[0].Value, err)
	}
	ticks := map[time.Time]int64{}
	for i, r := range counter {
		want := energy.Decimal(first+7*int64(i), -3)
		if !r.Value.Equal(want) || !r.Value.IsDecimal() || r.Quality != energy.Measured {
			t.Fatalf("reading %d of the counter is %s, want %s: a tick is missing or there twice", i, r.Value, want)
		}
		ticks[r.At] = (first - 41_250_000 + 7*int64(i)) / 7
	}
	both := 0
	for _, r := range power {
		tick, ok := ticks[r.At]
		if !ok {
			continue // the first and last of one variable may lack the other
		}
		if both++; r.Value.Float64() != float64(100+tick%10) {
			t.Errorf("the power of tick %d is %s, want %d", tick, r.Value, 100+tick%10)
		}
	}
	if both < len(counter)-2 {
		t.Errorf("of %d ticks %d have a power of the same instant", len(counter), both)
	}
}

// checkDays says that the days of the counters that rose add up to the rise,
// whatever else the site's meters say.
func checkDays(t *testing.T, c *centre, got map[energy.PointID][]energy.Reading) {
	t.Helper()
	for _, point := range []energy.PointID{"hall/clock", "hall/ups"} {
		readings := got[point]
		first, _ := readings[0].Value.Fixed(6)
		last, _ := readings[len(readings)-1].Value.Fixed(6)
		sum := int64(-1)
		from, to := readings[0].At.Add(-24*time.Hour).Format("2006-01-02"), readings[0].At.Add(48*time.Hour).Format("2006-01-02")
		eventually(t, fmt.Sprintf("the days of %s add up to its rise", point), func() bool {
			sum = 0
			for _, day := range c.values(point, from, to, "1d", "") {
				if day.Value == nil {
					continue
				}
				n, err := day.number(t).Fixed(6)
				if err != nil {
					t.Fatalf("%s: %v", point, err)
				}
				sum += n
			}
			return sum == last-first
		})
	}
	today, tomorrow := time.Now().Format("2006-01-02"), time.Now().AddDate(0, 0, 2).Format("2006-01-02")
	for _, q := range c.values("hall/absurd", today, tomorrow, "15m", "") {
		if q.Value != nil && q.number(t).Float64() != 0 {
			t.Errorf("of a counter that stands beyond what can be counted the API says %+v", q)
		}
	}
	if text := c.stderr.String(); strings.Contains(text, "level=ERROR") {
		t.Errorf("serve complains:\n%s", text)
	}
}
