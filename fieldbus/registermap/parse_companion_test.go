package registermap_test

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

const fullModel = `id: example/heat
manufacturer: Example
name: Heat
source: manual 2
limits: {max_gap: 0, align: 10}
refresh: 60s
registers:
  - quantity: heat_energy
    table: holding
    address: 0
    type: int32
    scale: 10
    scale_register: {address: 2, type: int16, order: BA, as: exponent, absent: [0x8000, -1]}
    unit_register: {address: 3, type: string, order: CDAB, words: 4, half: low, codes: {"kWh": kWh, "m3": kWh, "1": MWh}}
    refresh: 4s
  - {quantity: heat_energy, channel: tariff-1, table: holding, address: 14, type: bcd64, unit_register: {address: 18, type: uint16, mask: 0x00FF, codes: {5: Wh, 0x06: J}}}
  - {quantity: heat_power, table: holding, address: 20, type: uint16, unit: configured}
  - {quantity: frequency, table: holding, address: 30, type: bool, bit: 15, unit: Hz}
  - {quantity: frequency, channel: low, table: holding, address: 30, type: bool, bit: 0, unit: Hz}
identity:
  - {what: name, table: input, address: 1, type: string, words: 32, expect: [A*, "B"], source: page 9}
  - {what: number, table: holding, address: 65534, type: bcd32, order: DCBA}
`

func TestAModelSaysWhereItsUnitsAndScalesAre(t *testing.T) {
	t.Parallel()
	m, faults := registermap.Parse("meter.yaml", []byte(fullModel))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if want := (registermap.Limits{GapStated: true, Align: 10}); m.Limits != want || m.Relative || m.SunSpec != nil {
		t.Errorf("limits %+v, relative %v, SunSpec %v", m.Limits, m.Relative, m.SunSpec)
	}
	heat, _ := m.Register(energy.HeatEnergy)
	if s := heat.ScaleFrom; s == nil || s.Address != 2 || s.Type != registermap.Int16 || s.Order != registermap.BADC ||
		s.As != registermap.Exponent || !slices.Equal(s.Absent, []uint64{0x8000, 0xFFFF}) {
		t.Errorf("scale from %+v", s)
	}
	if u := heat.UnitFrom; u == nil || u.Length != 4 || u.Half != registermap.Low || u.Order != registermap.CDAB || len(u.Texts) != 3 || u.Texts["1"] != "MWh" || u.Codes != nil {
		t.Errorf("unit from %+v", u)
	}
	if heat.Refresh != 4*time.Second || heat.UnitAsked() {
		t.Errorf("refresh %s, unit asked %v", heat.Refresh, heat.UnitAsked())
	}
	tariff, ok := m.Named("heat_energy/tariff-1")
	if !ok || tariff.Refresh != time.Minute || tariff.UnitFrom.Mask != 0xFF || tariff.UnitFrom.Codes[6] != "J" {
		t.Errorf("tariff %+v, unit from %+v", tariff, tariff.UnitFrom)
	}
	power, _ := m.Register(energy.HeatPower)
	if power.Unit != "" || power.UnitFrom != nil || !power.UnitAsked() {
		t.Errorf("power %+v", power)
	}
	if want := []string{"heat_energy", "heat_energy/tariff-1", "heat_power", "frequency/low", "frequency"}; !slices.Equal(m.Names(), want) {
		t.Errorf("registers %v, want %v", m.Names(), want)
	}
	if want := []energy.Quantity{energy.HeatEnergy, energy.HeatPower, energy.Frequency}; !slices.Equal(m.Quantities(), want) {
		t.Errorf("quantities %v", m.Quantities())
	}
	if i := m.Identity; len(i) != 2 || i[0].What != "name" || i[0].Words() != 32 || !slices.Equal(i[0].Expect, []string{"A*", "B"}) || i[0].Source != "page 9" || i[1].Words() != 2 || i[1].Order != registermap.DCBA {
		t.Errorf("identity %+v", i)
	}
}

func TestAMaxGapOfZeroIsNotTheSameAsNone(t *testing.T) {
	t.Parallel()
	for limits, stated := range map[string]bool{"limits: {max_gap: 0}\n": true, "limits: {max_registers: 9}\n": false, "limits: {}\n": false, "": false} {
		m, faults := registermap.Parse("m.yaml", []byte(limits+"id: a/b\nmanufacturer: A\nname: B\nsource: C\nregisters: [{quantity: frequency, table: input, address: 1, type: uint16, unit: Hz}]\n"))
		if len(faults) > 0 || m.Limits.GapStated != stated {
			t.Errorf("%q: %+v, %v", limits, m, faults)
		}
	}
}

func TestEveryFaultOfUnitScaleAndIdentityIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	entry := func(fields string) string {
		return "id: a/b\nmanufacturer: A\nname: B\nsource: C\nregisters:\n  - {quantity: heat_energy, table: input, address: 1, " + fields + "}\n"
	}
	for name, test := range map[string]struct {
		src  string
		want []string // line:column and a part of the message
	}{
		"nothing at all": {"~", []string{`1:1 the register map is empty`}},
		"a map without registers": {"id: a/b\nmanufacturer: A\nname: B\nsource: C\nregisters: []", []string{
			`5:12 the register map is empty`}},
		"a scale of no form": {entry("type: int16, unit: kWh, scale_register: {address: 3, type: int16}"), []string{
			`6:95 missing field "as"`}},
		"a scale of an unknown form": {entry("type: int16, unit: kWh, scale_register: {address: 3, type: int16, as: power}"), []string{
			`6:125 as: "power" is no form of a scale: factor, exponent is expected`}},
		"an exponent of floats": {entry("type: int16, unit: kWh, scale_register: {address: 3, type: float32, as: exponent}"), []string{
			`6:114 float32 is no exponent: int16 is expected`}},
		"a text as factor": {entry("type: int16, unit: kWh, scale_register: {address: 3, type: string, as: factor}"), []string{
			`6:114 string is no scale`}},
		"a scale behind the last address": {entry("type: int16, unit: kWh, scale_register: {address: 65535, type: int32, as: factor}"), []string{
			`6:105 int32 at 65535 ends behind the last address 65535: at most 65534 is expected`}},
		"a pattern that does not fit the scale": {entry("type: int64, unit: kWh, scale_register: {address: 9, type: int16, as: exponent, absent: [0x8000, 0x18000]}"), []string{
			`6:152 0x18000 does not fit int16`}},
		"a scale where the value is": {entry("type: int32, unit: kWh, scale_register: {address: 2, type: int16, as: exponent}"), []string{
			`6:105 input 2 to 2 overlaps 1 to 2 of entry 1`}},
		"a text without length": {entry("type: int16, unit_register: {address: 3, type: string, codes: {kWh: kWh}}"), []string{
			`6:83 a string of 0 registers: words: 1 to 32 is expected`}},
		"a text that is too long, or has blanks": {entry(`type: int16, unit_register: {address: 3, type: string, words: 1, half: low, codes: {kWh: kWh, "W ": Wh}}`), []string{
			`6:139 "kWh" is no text of up to 1 characters`, `6:149 "W " is no text of up to 1 characters`}},
		"a number with the length of a text": {entry("type: int16, unit_register: {address: 3, type: uint16, words: 1, codes: {1: kWh}}"), []string{
			`6:117 uint16 has its own length: words: belongs to a string`}},
		"a number in half a register": {entry("type: int16, unit_register: {address: 3, type: uint16, half: high, codes: {1: kWh}}"), []string{
			`6:116 uint16 fills its registers`}},
		"an unknown half": {entry("type: int16, unit_register: {address: 3, type: string, words: 2, half: left, codes: {kWh: kWh}}"), []string{
			`6:126 half: "left" is no half of a register: high, low is expected`}},
		"a mask that does not fit": {entry("type: int16, unit_register: {address: 3, type: uint16, mask: 0x1FF00, codes: {1: kWh}}"), []string{
			`6:116 mask 0x1FF00 does not fit uint16`}},
		"a code outside the mask, one twice, one too large": {entry("type: int16, unit_register: {address: 3, type: uint16, mask: 0x00FF, codes: {1: kWh, 0x1: kWh, 256: MWh, 70000: GJ}}"), []string{
			`6:132 code 1 is given already`, `6:150 code 256 does not fit`, `6:160 code 70000 does not fit`}},
		"a text as reading": {entry("type: string, unit: kWh"), []string{`6:61 a text is no reading`}},
		"a bit that is not there": {entry("type: bool, bit: 16, unit: kWh"), []string{
			`6:72 bit is 16: 0, the lowest, to 15 is expected`}},
		"a bit of a number": {entry("type: int16, bit: 3, unit: kWh"), []string{
			`6:73 there is no bit to choose`}},
		"the same channel twice": {entry("type: int16, unit: kWh, channel: a") + "  - {quantity: heat_energy, channel: a, table: holding, address: 1, type: int16, unit: kWh}\n", []string{
			`7:16 heat_energy/a is in entry 1 already`}},
		"a channel with a slash": {entry("type: int16, unit: kWh, channel: a/b"), []string{`6:88 "a/b" is no channel`}},
		"a refresh below zero":   {entry("type: int16, unit: kWh, refresh: -1s"), []string{`6:88 refresh is -1s`}},
		"limits that are none": {"limits: {max_registers: 0, align: 0}\n" + entry("type: int16, unit: kWh"), []string{
			`1:25 max_registers is 0: 1 to 125 is expected, or nothing`, `1:35 align is 0`}},
		"SunSpec models that are none, and a base": {"sunspec: [203, 0, 65535]\nrelative: true\n" + entry("type: int16, unit: kWh"), []string{
			`1:16 0 is no SunSpec model`, `1:19 65535 is no SunSpec model`, `2:11 a SunSpec block is found by itself`}},
		"an identity that is none": {entry("type: int16, unit: kWh") + "identity:\n  - {what: a, table: coil, address: 1, type: uint16}\n  - {what: b, table: input, address: 1, type: float32}\n  - {what: c, table: input, address: 65535, type: string, words: 2}\n  - {what: d, table: input, address: 1, type: string}\n  - {table: input, address: 1, type: uint16}\n", []string{
			`8:22 table coil holds single bits, no identity`, `9:47 float32 is no identity`, `10:38 string at 65535 ends behind`, `11:5 a string of 0 registers`, `12:5 missing field "what"`}},
		"coils have neither scale nor unit registers": {"id: a/b\nmanufacturer: A\nname: B\nsource: C\nregisters:\n  - {quantity: frequency, table: coil, address: 1, type: bool, scale_register: {address: 3, type: int16, as: factor}, unit_register: {address: 9, type: uint16}}\n", []string{
			`6:90 table coil holds single bits, no scale`, `6:144 table coil holds single bits, no unit code`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, faults := registermap.Parse("meter.yaml", []byte(test.src))
			if m != nil {
				t.Errorf("a model with faults is given out: %+v", m)
			}
			checkFaults(t, "meter.yaml", faults, test.want)
		})
	}
}

func TestABlockIsWhereTheConfigurationSays(t *testing.T) {
	t.Parallel()
	gateway, _ := registermap.Builtin("hms/mbus-gateway")
	points, faults := gateway.Assign(readMeter(t, `points:
  heat_energy: {point: kaiserlei/heat-energy, address: 20}
  volume: {point: kaiserlei/volume, address: 40, unit: m³, every: 15m}
`).Points)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(points) != 2 || points[0].Address != 20 || points[0].UnitFrom.Address != 27 || points[0].ScaleFrom.Address != 26 ||
		points[1].Address != 40 || points[1].Unit != "m³" || points[1].Every != 15*time.Minute {
		t.Fatalf("points %+v", points)
	}
	// the example that the manual prints: 267 × 10³ Wh
	resolved, err := points[0].Resolve([][]uint16{{0x0005}, {0x0003}})
	if err != nil {
		t.Fatal(err)
	}
	if value, err := resolved.Decode([]uint16{0, 0, 0, 0x010B}); err != nil || !value.Equal(energy.Decimal(267, 0)) {
		t.Errorf("%s kWh, %v", value, err)
	}
	if value, err := points[0].Resolve([][]uint16{{0x0200}, {0x0003}}); err == nil {
		t.Errorf("the block of a meter is taken for that of a value: %+v", value)
	}
	siemens, _ := registermap.Builtin("siemens/pac4200")
	points, faults = siemens.Assign(readMeter(t, "points: {active_energy_import/tariff-2: kaiserlei/night}").Points)
	if len(faults) > 0 || len(points) != 1 || points[0].Address != 805 {
		t.Errorf("points %+v, %v", points, faults)
	}
}

func TestEveryFaultOfABlockIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		model, src string
		want       []string
	}{
		"no address": {"hms/mbus-gateway", "points:\n  heat_energy: kaiserlei/a", []string{
			`2:16 heat_energy stands in a block whose address depends on how the device is set up: write {point: kaiserlei/a, address: 20}`}},
		"an address behind the last": {"hms/mbus-gateway", "points:\n  heat_energy: {point: kaiserlei/a, address: 65530}", []string{
			`2:46 the block at 65530 ends behind the last address 65535`}},
		"an address that the model knows": {"janitza/umg96rm", "points:\n  frequency: {point: kaiserlei/a, address: 7}", []string{
			`2:44 the model knows the address`}},
		"a unit that is set in the meter": {"kamstrup/multical-xx3", "points:\n  volume_flow: kaiserlei/a", []string{
			`2:16 the unit of volume_flow is set in the meter: write {point: kaiserlei/a, unit: m³/h}`}},
		"a channel that is not there": {"siemens/pac4200", "points:\n  active_energy_import/tariff2: kaiserlei/a", []string{
			`2:3 siemens/pac4200 gives no "active_energy_import/tariff2": did you mean "active_energy_import/tariff-2"?`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := registermap.Builtin(test.model)
			points, faults := m.Assign(readMeter(t, test.src).Points)
			if points != nil {
				t.Errorf("points with faults are given out: %+v", points)
			}
			checkFaults(t, "config.yaml", faults, test.want)
		})
	}
}
