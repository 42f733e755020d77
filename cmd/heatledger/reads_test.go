package main

import (
	"strings"
	"testing"

	"heatledger/energy/registry"
)

// TestAPointInOtherUnitsIsRefusedBeforeAnythingIsRead: facts are for ever, and a
// counter in a point of power is wrong for ever.
func TestAPointInOtherUnitsIsRefusedBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	known, faults := registry.Load("registry.yaml", []byte(`
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hall
    name: Hall
    kind: data_centre
    operator: op
    meters:
      - id: hall-main
        points:
          - {id: hall/energy, quantity: active_energy_import, role: grid_import}
          - {id: hall/power, quantity: active_power, role: grid_import}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, test := range []struct{ sentence, meter, wrong, unknown, doubt string }{
		{sentence: "what fits", meter: "model: janitza/umg96rm, points: {active_energy_import: hall/energy, active_power: hall/power}"},
		{sentence: "a counter read into a power", meter: "model: janitza/umg96rm, points: {active_energy_import: hall/power}",
			wrong: ":5:72: active_energy_import is read into hall/power, which is active_power in the registry: a point that is measured in kWh is expected"},
		{sentence: "a register of an own map", meter: "registers: [{point: hall/energy, table: input, address: 1, type: int16, unit: kW}]",
			wrong: ":5:37: kW is read into hall/energy, which is active_energy_import in the registry: a point that is measured in kW is expected"},
		{sentence: "a point that is misspelt", meter: "model: janitza/umg96rm, points: {active_power: hall/powr}",
			unknown: ":5:64: point hall/powr is in no registry file of this configuration: check the spelling, or add the point to the registry"},
		{sentence: "a meter mounted the other way round", meter: "model: janitza/umg96rm, points: {active_energy_export: hall/energy}",
			doubt: ":5:72: active_energy_export is read into hall/energy, which is active_energy_import in the registry: make sure that this is meant, as for a meter that is mounted the other way round"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			t.Parallel()
			cfg := readConfig(t, "connections:\n  - id: c\n    modbus: {url: 'tcp://127.0.0.1:1'}\n    meters:\n      - {id: m, "+test.meter+"}\n")
			found := compared(cfg, []*registry.Registry{known})
			for _, kind := range []struct{ got, want string }{
				{found.wrong.Error(), test.wrong}, {found.unknown.Error(), test.unknown}, {found.doubts.Error(), test.doubt},
			} {
				if !strings.HasSuffix(kind.got, kind.want) || (kind.got == "") != (kind.want == "") {
					t.Errorf("%q, %q is expected", kind.got, kind.want)
				}
			}
		})
	}
}
