package validation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// TestNodesAreWhatAnAuditorExpects: which points are held against which.
func TestNodesAreWhatAnAuditorExpects(t *testing.T) {
	t.Parallel()
	period := june2025()
	const noGeneration = "role: onsite_renewable"
	for _, test := range []struct {
		sentence string
		registry []string
		want     []string
	}{
		{"own generation joins the feed; the bill checks the feed", nil,
			[]string{"node : grid - export + pv = canteen + cooling + it", "check hafen/grid: grid = invoice"}},
		{"without generation and export the feed stands alone", []string{noGeneration, "role: onsite_renewable, use: info", "role: grid_export", "role: grid_export, use: info"},
			[]string{"node hafen/grid: grid = canteen + cooling + it", "check hafen/grid: grid = invoice"}},
		{"PDU outputs on the same feed are in the UPS output already", []string{"      - id: canteen\n", "      - id: pdu\n        points: [{id: hafen/pdu, quantity: active_energy_import, role: it_load, category: 2, parent: hafen/grid}]\n      - id: canteen\n"},
			[]string{"node : grid - export + pv = canteen + cooling + it", "check hafen/grid: grid = invoice"}},
		{"PDU outputs below the UPS are a node of their own", []string{"      - id: canteen\n", "      - id: pdu\n        points: [{id: hafen/pdu, quantity: active_energy_import, role: it_load, category: 2, parent: hafen/it}]\n      - id: canteen\n"},
			[]string{"node : grid - export + pv = canteen + cooling + it", "node hafen/it: it = pdu", "check hafen/grid: grid = invoice"}},
		{"a second meter on a cable checks the first and adds nothing", []string{"      - id: canteen\n", "      - id: second\n        points: [{id: hafen/second, quantity: active_energy_import, role: cooling, use: check, parent: hafen/cooling}]\n      - id: canteen\n"},
			[]string{"node : grid - export + pv = canteen + cooling + it", "check hafen/grid: grid = invoice", "check hafen/cooling: cooling = second"}},
		{"a point that counts from the middle of the month leaves its node open", []string{"role: cooling, parent: hafen/grid", "role: cooling, parent: hafen/grid, from: 2025-06-15"},
			[]string{"node : grid - export + pv = canteen + it (open)", "check hafen/grid: grid = invoice"}},
		{"one that counts from a later month is not there yet", []string{"role: cooling, parent: hafen/grid", "role: cooling, parent: hafen/grid, from: 2025-07-01"},
			[]string{"node : grid - export + pv = canteen + it", "check hafen/grid: grid = invoice"}},
	} {
		rs := grow(usual(), period.From, period.To, time.Hour)
		rs["hafen/invoice"] = invoices(rs["hafen/grid"], period)
		rs["hafen/pdu"], rs["hafen/second"] = rs["hafen/it"], rs["hafen/cooling"]
		p := newPlant(t, strings.NewReplacer(test.registry...).Replace(plantYAML), rs)
		var got []string
		for _, b := range validation.Balances(p.question(t, period, period.To)) {
			line := fmt.Sprintf("%s %s: %s = %s", b.Kind, b.Parent, members(b.Above), members(b.Below))
			if !b.OK {
				line += " (open)"
			}
			got = append(got, line)
			if b.Entered()-b.Measured() != b.Residual() {
				t.Errorf("%s: the residual of %s is not the difference", test.sentence, line)
			}
		}
		slices.Sort(got)
		if slices.Sort(test.want); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.sentence, got, test.want)
		}
	}
}

// members writes a side of a balance as a sum, feeds first.
func members(list []validation.Member) string {
	var b strings.Builder
	for i, m := range list {
		switch {
		case m.Factor < 0:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		}
		b.WriteString(m.Point.Name())
	}
	return b.String()
}

// TestHeatOfAHeatPumpOutside: what it adds from its own electricity is no heat
// out of nothing, and where that is not metered nothing is said.
func TestHeatOfAHeatPumpOutside(t *testing.T) {
	t.Parallel()
	period := june2025()
	rs := grow(usual(), period.From, period.To.Add(24*time.Hour), time.Hour)
	rs["hafen/invoice"] = invoices(rs["hafen/grid"], period)
	rs["hafen/pump"] = slices.Clone(rs["hafen/it"])
	for point, factor := range map[energy.PointID]float64{"hafen/heat": 22, "hafen/volume": 22} {
		times(rs, point, period.From.AddDate(0, -1, 0), factor) // 1.4 times what the centre takes
	}
	const pump = "      - id: pump\n        points: [{id: hafen/pump, quantity: active_energy_import, role: heat_pump_electricity}]\n      - id: bill\n"
	for _, test := range []struct {
		sentence, pumps string
		found           bool
	}{
		{"nobody knows of a heat pump", "", true},
		{"its electricity is metered", "    heat_pumps: [{id: hp, boundary: outside, electricity: hafen/pump, sink: hafen/heat}]\n", false},
		{"its electricity is not metered", "    heat_pumps: [{id: hp, boundary: outside, sink: hafen/heat}]\n", false},
	} {
		p := newPlant(t, strings.Replace(plantYAML, "      - id: bill\n", pump, 1)+test.pumps, rs)
		got := said(p.findings(t, period, period.To.Add(24*time.Hour)))
		if found := slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "heat_above_input hafen ") }); found != test.found {
			t.Errorf("%s: %q", test.sentence, got)
		}
	}
}
