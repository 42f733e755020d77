package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heatledger/energy/store/storetest"
)

var update = flag.Bool("update", false, "write what the command says now into testdata/golden")

// said is everything a command says to a person, with the exit code; paths of
// the test are shortened.
func said(t *testing.T, dir, database string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, environment{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(name string) string {
		if name == "DATABASE_URL" {
			return database
		}
		return ""
	}})
	text := fmt.Sprintf("stdout:\n%s\nstderr:\n%s\nexit %d\n", &stdout, &stderr, code)
	return strings.ReplaceAll(text, dir, "DIR")
}

const goldenRegistry = `municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - id: hafen-main
        points: [{id: hafen/grid, quantity: active_energy_import, role: grid_import}]
`

// ownModel has no fault, and leaves open what its manual would settle.
const ownModel = `id: town/own
manufacturer: Town works
name: Own meter
source: its manual
registers:
  - {quantity: active_energy_import, table: holding, address: 0, type: uint32, scale: 0.01, unit: kWh, confirmed: true}
  - {quantity: active_energy_export, table: holding, address: 2, type: float32, unit: Wh, confirmed: true}
  - {quantity: heat_energy, table: holding, address: 10, type: float64, unit_register: {address: 14, type: uint16}}
  - {quantity: active_power, table: input, address: 0, type: int16, unit: W}
`

// wrongModel has a fault of every kind that a person makes.
const wrongModel = `id: town/wrong
manufactuer: Town works
name: Wrong meter
source: its manual
limits: {max_registers: 126}
refresh: soon
registers:
  - {quantity: heat_enrgy, table: holding, address: 0, type: uint32, unit: kWh}
  - {quantity: heat_power, table: holding, address: 1, type: uint32, unit: kWh, scale: 0}
  - {quantity: heat_power, table: coil, address: 70000, type: float32, unit: kW}
  - {quantity: volume, table: input, address: 0, type: float23, unit: furlong}
`

// lonelyPlan has no fault, and names files and a site that are not there.
const lonelyPlan = `name: lonely
year: 2025
sources:
  - {id: hall, site: hall}
  - {id: works, file: works.csv, grade: declared, document: letter, at: {lon: 8.7, lat: 50.1}}
demand:
  - {file: areas.geojson, source: letter}
streets: {file: streets.geojson}
`

// TestWhatPeopleReadIsWhatWeMean compares what the command says with what was
// read and found good; make golden writes it anew.
func TestWhatPeopleReadIsWhatWeMean(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := storetest.URL(t)
	registry := write(t, dir, "registry.yaml", goldenRegistry)
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"help", []string{"--help"}},
		{"help-import", []string{"import", "--help"}},
		{"unknown-flag", []string{"serve", "--colect"}},
		{"config-faults", []string{"config", "check", write(t, dir, "broken.yaml", "listne: 127.0.0.1:8080\ntimezone: Europe/Belrin\nconnections:\n  - id: gateway\n    modbus: {url: tpc://127.0.0.1:502, timeout: 1}\n    meters:\n      - {id: main, unit: 300, model: janitza/umg96rm, points: {active_powr: hafen/power}}\nschedule: {monthly_report: \"0 0 31 2 *\"}\n")}},
		{"model-faults", []string{"config", "check", write(t, dir, "models.yaml", "connections:\n  - id: gateway\n    modbus: {url: \"tcp://127.0.0.1:502\"}\n    meters:\n      - {id: a, model: janitza/umg96rmm, points: {active_power: hafen/a}}\n      - {id: b, model: janitza/umg96rm, points: {active_powr: hafen/b}}\n      - id: c\n        registers:\n          - {point: hafen/c, table: holdng, address: 70000, type: uint32, unit: kWh}\n")}},
		{"meters-list", []string{"meters", "list", "supercal", "--quantity", "heat_energy"}},
		{"meters-list-csv", []string{"--output", "csv", "meters", "list", "supercal"}},
		{"meters-model", []string{"meters", "list", "schneider/iem3000"}},
		{"meters-model-json", []string{"--output", "json", "meters", "list", "schneider/iem3000"}},
		{"meters-none", []string{"meters", "list", "no-such-maker"}},
		{"meters-quantity", []string{"meters", "list", "--quantity", "heat_enrgy"}},
		{"meters-check", []string{"meters", "check", write(t, dir, "own.yaml", ownModel)}},
		{"meters-check-faults", []string{"meters", "check", write(t, dir, "slow.yaml", slowModel), write(t, dir, "wrong.yaml", wrongModel), filepath.Join(dir, "none.yaml")}},
		{"meters-check-json", []string{"--output", "json", "meters", "check", filepath.Join(dir, "slow.yaml"), filepath.Join(dir, "wrong.yaml")}},
		{"registry-faults", []string{"apply", "-f", write(t, dir, "bad-registry.yaml", strings.NewReplacer("operator: op\n", "operator: opp\n", "grid_import", "grid_imprt", "hafen/grid,", "haven/grid,").Replace(goldenRegistry))}},
		{"apply", []string{"apply", "-f", registry}},
		{"apply-again", []string{"apply", "-f", registry}},
		{"apply-change", []string{"apply", "--dry-run", "-f", write(t, dir, "changed.yaml", strings.Replace(goldenRegistry, "name: Hafen", "name: Hafen 2", 1))}},
		{"import-header", []string{"import", write(t, dir, "header.csv", "point;at;value\n")}},
		{"import-rows", []string{"import", write(t, dir, "rows.csv", "point,at,value\nhafen/gird,2025-06-03T00:00:00Z,1\nhafen/grid,2025-06-03 00:15,2\nhafen/grid,2025-06-03T00:30:00Z,\"1,5\"\n")}},
		{"import", []string{"import", write(t, dir, "good.csv", "point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1\nhafen/grid,2025-06-03T00:15:00Z,2.5\n")}},
		{"import-again", []string{"--output", "json", "import", filepath.Join(dir, "good.csv")}},
		{"import-conflict", []string{"import", write(t, dir, "conflict.csv", "point,at,value\nhafen/grid,2025-06-03T00:15:00Z,3\n")}},
		{"import-missing-file", []string{"import", filepath.Join(dir, "none.csv")}},
		{"help-plan-run", []string{"plan", "run", "--help"}},
		{"plan-faults", []string{"plan", "run", "../../heatmap/plan/testdata/faults/everything.yaml"}},
		{"plan-files", []string{"plan", "run", write(t, dir, "plan.yaml", lonelyPlan)}},
		{"plan-list", []string{"plan", "list"}},
		{"plan-show", []string{"plan", "show", "harbour"}},
		{"plan-assumptions", []string{"plan", "assumptions", "--lang", "en"}},
		{"token-role", []string{"token", "create", "--role", "king"}},
	} {
		got := said(t, dir, database, tt.args...)
		golden := filepath.Join("testdata", "golden", tt.name+".txt")
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatalf("make the folder: %v", err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatalf("write %s: %v", golden, err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatalf("%v (make golden writes it)", err)
		}
		if got != string(want) {
			t.Errorf("%s: the command says\n%s\nwant\n%s", tt.name, got, want)
		}
	}
}
