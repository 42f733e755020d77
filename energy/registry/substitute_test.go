package registry_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

const substituteYAML = `
municipality: {ags: "06413000", name: Offenbach am Main}
sites:
  - id: north
    name: North
    meters:
      - id: main
        points:
          - {id: north/grid, quantity: active_energy_import, role: grid_import, substitute: {methods: [interpolation, comparison_meter], comparison: north/check, reason: defect, interpolation_minutes: 60}}
          - {id: north/check, quantity: active_energy_import, use: check, role: grid_import}
          - {id: north/heat, quantity: heat_energy, role: heat_delivered}
          - {id: north/sum, quantity: active_energy_import, use: info, formula: 2 * north/grid}
    events:
      - {kind: substitution, points: [north/check], from: 2025-06-01T00:00:00Z, to: 2025-06-03T00:00:00Z, substitute: {methods: [comparison_day], reason: no_access}}
`

func TestAnOrderForSubstitutesIsReadAndComesBack(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("r.yaml", []byte(substituteYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	_, _, grid, _ := r.Point("north/grid")
	want := registry.Substitute{Methods: []energy.SubstituteMethod{energy.Interpolation, energy.ComparisonMeter}, Comparison: "north/check", Reason: energy.DeviceDefect, InterpolationMinutes: 60}
	if !reflect.DeepEqual(grid.Substitute, want) {
		t.Errorf("%+v, want %+v", grid.Substitute, want)
	}
	for method, longest := range map[energy.SubstituteMethod]time.Duration{
		energy.Interpolation: time.Hour, energy.HeldValue: 2 * time.Hour, energy.ComparisonDay: 7 * 24 * time.Hour,
	} {
		if got := grid.Substitute.Longest(method); got != longest {
			t.Errorf("%s fills gaps of up to %s, want %s", method, got, longest)
		}
	}
	again, err := registry.FromEntries(r.Entries())
	if err != nil || !reflect.DeepEqual(again, r) {
		t.Errorf("as entries it comes back as %+v, %v", again, err)
	}
}

func TestAMistakenOrderForSubstitutesIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, old, new, place, problem string }{
		{"a method", "[interpolation, c", "[interpolat, c", "interpolat,", `unknown method of substitution "interpolat": did you mean "interpolation"?`},
		{"a method twice", "[comparison_day]", "[comparison_day, comparison_day]", "comparison_day], reason", "given twice"},
		{"a reason", "reason: defect", "reason: broken", "broken", `unknown reason of substitution "broken"`},
		{"no reason", ", reason: no_access", "", "{methods: [comparison_day]}", `missing field "reason"`},
		{"a limit beyond a day", "interpolation_minutes: 60", "interpolation_minutes: 6000", "6000", "interpolation_minutes is 6000"},
		{"a comparison meter that is not named", "comparison: north/check, ", "", "{methods: [interp", "comparison_meter without comparison"},
		{"a comparison nobody knows", "comparison: north/check", "comparison: north/chekc", "north/chekc", "no point"},
		{"a comparison with itself", "comparison: north/check", "comparison: north/grid", "north/grid, reason", "compared with itself"},
		{"a comparison with another quantity", "comparison: north/check", "comparison: north/heat", "north/heat, reason", "measures heat_energy"},
		{"a comparison with what is calculated", "comparison: north/check", "comparison: north/sum", "north/sum, reason", "is calculated"},
		{"a comparison that is not used", "comparison_meter]", "held_value]", "north/check, reason", "no method uses"},
		{"a calculated point", "use: info,", "use: info, substitute: {methods: [held_value], reason: defect},", "{methods: [held", `"north/sum" is calculated`},
		{"an event for no point", "points: [north/check], ", "", "{kind: substitution", "without points"},
		{"an event without an order", ", substitute: {methods: [comparison_day], reason: no_access}", "", "{kind: substitution", "without substitute"},
		{"an event that ends before it begins", "to: 2025-06-03", "to: 2025-05-03", "2025-05-03", "to is not after from"},
		{"an order in another event", "kind: substitution", "kind: outage", "{methods: [comparison_day]", "substitute in an event outage"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(substituteYAML, tt.old); n != 1 {
				t.Fatalf("%q stands in the file %d times", tt.old, n)
			}
			src := strings.Replace(substituteYAML, tt.old, tt.new, 1)
			_, faults := registry.Load("r.yaml", []byte(src))
			if len(faults) != 1 {
				t.Fatalf("%d faults:\n%v", len(faults), faults)
			}
			if f := faults[0]; !strings.Contains(f.Error(), tt.problem) || !strings.HasPrefix(from(src, f.Line, f.Column), tt.place) || f.Remedy == "" {
				t.Errorf("got %v\nwant %q at %q", f, tt.problem, tt.place)
			}
		})
	}
}
