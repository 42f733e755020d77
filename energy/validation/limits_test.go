package validation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// TestTheRegistryStatesOtherLimits spoils the plant as lifeCases do. Each limit is
// tried at the value that still finds it and at the one that no longer does.
func TestTheRegistryStatesOtherLimits(t *testing.T) {
	t.Parallel()
	const site, flow, heat = "connected_load_kw: 400", "quantity: flow_temperature, role: heat_delivered}", "quantity: heat_energy, role: heat_delivered}"
	at := func(point, limits string) []string {
		return []string{point, strings.TrimSuffix(point, "}") + ", limits: {" + limits + "}}"}
	}
	of := func(limits string, more ...string) []string {
		return append([]string{site, site + "\n    limits: {" + limits + "}"}, more...)
	}
	gap := func(rs readings) { without(rs, "hafen/flow", june(10, 8, 1), june(10, 11, 14)) }
	holes := func(rs readings) { without(rs, "hafen/flow", june(10, 0, 1), june(13, 0, 0)) }
	stands := func(point energy.PointID) func(readings) {
		return func(rs readings) {
			i, j := between(rs[point], june(7, 6, 0), june(8, 12, 15))
			for k := i; k < j; k++ {
				rs[point][k].Value = rs[point][i].Value
			}
		}
	}
	nothing := func(readings) {}
	unmetered := []string{"role: cooling, parent: hafen/grid", "role: cooling"}
	for _, tt := range []struct {
		rule         string
		code         validation.Code
		spoil        func(readings)
		found, quiet []string // what is replaced in the registry
	}{
		{"gap of a point", validation.GapUnknown, gap, at(flow, "gap: 3 h"), at(flow, "gap: 4 h")},
		{"gap of the site", validation.GapUnknown, gap, of("gap: 180 min"), of("gap: 4 h")},
		{"a point beats its site", validation.GapUnknown, gap, append(of("gap: 4 h"), at(flow, "gap: 1 h")...), append(of("gap: 1 h"), at(flow, "gap: 4 h")...)},
		{"coverage", validation.CoverageLow, holes, at(flow, "coverage: 91 %"), at(flow, "coverage: 0.89")},
		{"flat line of a power", validation.LevelFrozen, stands("hafen/power"), of("flat_line: 30 h"), of("flat_line: 31 h")},
		{"flat line of a temperature", validation.LevelFrozen, stands("hafen/flow"), at(flow, "flat_line: 1.2 d"), of("flat_line: 1 h", at(flow, "flat_line: 31 h")...)},
		{"spike", validation.AboveConnection, nothing, of("spike: 50 %"), of("spike: 90 %")},
		{"node balance of the supply", validation.Remainder, nothing, append(of("node_balance: 10 %"), unmetered...), append(of("node_balance: 40 %"), unmetered...)},
		{"check meter", validation.CheckApart, func(rs readings) { times(rs, "hafen/invoice", june(1, 0, 0).AddDate(0, -2, 0), 1.04) },
			at("series: interval, use: check}", "node_balance: 3.5 %"), at("series: interval, use: check}", "node_balance: 4.5 %")},
		{"heat against flow", validation.HeatOffFlow, func(rs readings) { times(rs, "hafen/heat", june(1, 0, 0).AddDate(0, -2, 0), 1.08) }, at(heat, "heat_against_flow: 7 %"), at(heat, "heat_against_flow: 9 %")},
		{"IT above the total", validation.ITAbove, func(rs readings) { more(rs, "hafen/it", june(10, 20, 0), june(10, 23, 0), 30) }, of("it_above_total: 6 %"), of("it_above_total: 60 %")},
		{"heat above the input", validation.HeatAbove, func(rs readings) { times(rs, "hafen/heat", june(1, 0, 0).AddDate(0, -2, 0), 18) }, of("heat_above_input: 1 %"), of("heat_above_input: 100 %")},
	} {
		if !slices.Contains(codesWith(t, tt.found, tt.spoil), tt.code) {
			t.Errorf("%s: with %q nothing is found", tt.rule, tt.found)
		}
		if slices.Contains(codesWith(t, tt.quiet, tt.spoil), tt.code) {
			t.Errorf("%s: with %q it is still found", tt.rule, tt.quiet)
		}
	}
}

// codesWith are the codes found in June in a plant of another registry.
func codesWith(t *testing.T, registry []string, spoil func(readings)) (codes []validation.Code) {
	t.Helper()
	period := june2025()
	rs := grow(usual(), period.From.AddDate(0, -1, 0), period.To.Add(48*time.Hour), energy.QuarterHour)
	rs["hafen/invoice"] = invoices(rs["hafen/grid"], period)
	spoil(rs)
	yaml := plantYAML
	for i := 0; i < len(registry); i += 2 {
		if !strings.Contains(yaml, registry[i]) {
			t.Fatalf("the registry has no %q", registry[i])
		}
		yaml = strings.Replace(yaml, registry[i], registry[i+1], 1)
	}
	for _, f := range newPlant(t, yaml, rs).findings(t, period, period.To.Add(48*time.Hour)) {
		codes = append(codes, f.Code)
	}
	return codes
}

func TestARemainderBeyondTheLimitIsToBeLookedAt(t *testing.T) {
	t.Parallel()
	for _, d := range validation.Definitions() {
		if d.Rule == validation.NodeBalance && d.Severity == validation.Info {
			t.Errorf("%s is only for information, though it says that a node is beyond its limit", d.Code)
		}
	}
}
