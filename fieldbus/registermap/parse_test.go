package registermap_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus/registermap"
)

const goodModel = `id: example/meter
manufacturer: Example
name: Meter
source: manual 1
note: a note
limits: {max_registers: 40, max_gap: 3}
refresh: 4s
registers:
  - {quantity: heat_energy, table: input, address: 0x0A, type: uint32, order: CDAB, scale: 0.10, unit: MWh, absent: [0xFFFFFFFF, -1], modulus: 100000, confirmed: true}
  - quantity: flow_temperature
    table: holding
    address: 5
    type: int16
    offset: -40
    absent: [-32768]
    unit_register: {address: 4, type: uint16, codes: {0: °C}}
    source: page 7
`

func TestAModelIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	src := strings.Replace(goodModel, "[0xFFFFFFFF, -1]", "[0xFFFFFFFF]", 1)
	m, faults := registermap.Parse("meter.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if m.ID != "example/meter" || m.Limits != (registermap.Limits{MaxRegisters: 40, MaxGap: 3, GapStated: true}) || m.Refresh != 4*time.Second || m.Confirmed() {
		t.Errorf("model %+v", m)
	}
	heat, ok := m.Register(energy.HeatEnergy)
	if !ok || heat.Address != 10 || heat.Order != registermap.CDAB || heat.Scale != energy.Decimal(1, -1) ||
		heat.Modulus != energy.Decimal(100000, 0) || len(heat.Absent) != 1 || heat.Absent[0] != 0xFFFFFFFF {
		t.Errorf("heat %+v", heat)
	}
	flow, ok := m.Register(energy.FlowTemperature)
	if !ok || flow.Order != registermap.ABCD || flow.Scale != energy.Decimal(1, 0) || flow.Absent[0] != 0x8000 ||
		flow.UnitFrom.Codes[0] != "°C" || flow.Source != "page 7" {
		t.Errorf("flow %+v, unit from %+v", flow, flow.UnitFrom)
	}
}

func TestEveryFaultOfAModelIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	entry := func(fields string) string {
		return "id: a/b\nmanufacturer: A\nname: B\nsource: C\nregisters:\n  - {" + fields + "}\n"
	}
	for name, test := range map[string]struct {
		src  string
		want []string // line:column and a part of the message
	}{
		"an empty file": {"", []string{
			`1:1 missing field "id"`, `1:1 missing field "manufacturer"`, `1:1 missing field "name"`, `1:1 missing field "source"`, `1:1 missing field "registers"`}},
		"an unknown field": {entry("quantity: heat_energy, table: input, adress: 1, type: int16, unit: kWh"), []string{
			`6:5 missing field "address"`, `6:43 unknown field "adress": did you mean "address"?`}},
		"an unknown quantity": {entry("quantity: heat_enrgy, table: input, address: 1, type: int16, unit: kWh"), []string{
			`6:16 quantity "heat_enrgy" is not known: did you mean "heat_energy"?`}},
		"a unit of another kind": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kW"), []string{
			`6:74 heat_energy is not measured in kW`}},
		"a unit nobody knows": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: Gcal"), []string{
			`6:74 unit "Gcal" is not known`}},
		"no unit": {entry("quantity: heat_energy, table: input, address: 1, type: int16"), []string{
			`6:5 the unit is missing`}},
		"two units": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kWh, unit_register: {address: 9, type: uint16}"), []string{
			`6:94 unit and unit_register both name the unit`}},
		"scale zero": {entry("quantity: heat_energy, table: input, address: 1, type: int16, scale: 0.0, unit: kWh"), []string{
			`6:75 scale 0 makes every value zero`}},
		"a value behind the last address": {entry("quantity: heat_energy, table: input, address: 65535, type: int32, unit: kWh"), []string{
			`6:52 int32 at 65535 ends behind the last address 65535: at most 65534 is expected`}},
		"a register beyond the table": {entry("quantity: heat_energy, table: input, address: 65536, type: int16, unit: kWh"), []string{
			`6:52 address is "65536": a whole number from 0 to 65535 is expected`}},
		"a bool in a register": {entry("quantity: heat_energy, table: input, address: 1, type: bool, unit: kWh"), []string{
			`6:61 table input holds registers, no bool`}},
		"a number in a coil": {entry("quantity: heat_energy, table: coil, address: 1, type: int16, unit: kWh"), []string{
			`6:60 table coil holds single bits, no int16`}},
		"an unknown order": {entry("quantity: heat_energy, table: input, address: 1, type: int32, order: ACBD, unit: kWh"), []string{
			`6:75 order: "ACBD" is no order`}},
		"a pattern that does not fit": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kWh, absent: [0x8000, 0x12345, 40000, 1.5]"), []string{
			`6:96 0x12345 does not fit int16`, `6:105 40000 does not fit int16`, `6:112 1.5 does not fit int16`}},
		"a pattern that is none": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kWh, absent: [none]"), []string{
			`6:88 entry 1 of absent: "none" is no register content`}},
		"no quantity": {entry("table: input, address: 1, type: int16, unit: kWh"), []string{`6:5 the quantity is missing`}},
		"limits beyond the protocol": {"limits: {max_registers: 126, max_gap: -1}\nrefresh: -1s\n" + entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kWh"), []string{
			`1:25 max_registers is 126`, `1:39 max_gap is -1`, `2:10 refresh is -1s`}},
		"a unit code of floats": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit_register: {address: 65535, type: float32, codes: {x: kWh, 2: kW}}"), []string{
			`6:93 float32 at 65535 ends behind`, `6:106 float32 holds no unit code`, `6:123 "x" is no code`, `6:134 heat_energy is not measured in kW`}},
		"registers that overlap": {entry("quantity: heat_energy, table: input, address: 1, type: int64, unit: kWh") +
			"  - {quantity: heat_power, table: input, address: 4, type: int16, unit: kW}\n" +
			"  - {quantity: flow_temperature, table: input, address: 2, type: int16, unit: °C}\n" +
			"  - {quantity: heat_energy, table: holding, address: 2, type: int16, unit: kWh}\n", []string{
			`7:51 input 4 to 4 overlaps 1 to 4 of entry 1`, `8:57 input 2 to 2 overlaps 1 to 4 of entry 1`, `9:16 heat_energy is in entry 1 already`}},
		"a negative modulus": {entry("quantity: heat_energy, table: input, address: 1, type: int16, unit: kWh, modulus: -1"), []string{
			`6:88 modulus -1 is none`}},
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

func checkFaults(t *testing.T, file string, faults energy.Faults, want []string) {
	t.Helper()
	if len(faults) != len(want) {
		t.Fatalf("%d faults, want %d:\n%v", len(faults), len(want), faults)
	}
	for i, f := range faults {
		if got := fmt.Sprintf("%d:%d %s: %s", f.Line, f.Column, f.Problem, f.Remedy); !strings.HasPrefix(got, want[i]) || f.File != file || f.Remedy == "" {
			t.Errorf("fault %d is %q in %q, want %q", i+1, got, f.File, want[i])
		}
	}
}

func TestTheExampleOfTheDocumentationIsAModel(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("registermap.go")
	if err != nil {
		t.Fatal(err)
	}
	var example strings.Builder
	for line := range strings.Lines(string(source)) {
		if text, ok := strings.CutPrefix(line, "//\t"); ok {
			example.WriteString(text)
		}
	}
	m, faults := registermap.Parse("registermap.go", []byte(example.String()))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(m.Registers) != 2 || m.Registers[1].Refresh != 10*time.Minute || m.Registers[0].Refresh != time.Minute || len(m.Identity) != 1 {
		t.Errorf("the example is %+v", m)
	}
}

func TestAModelIsLoadedFromAFile(t *testing.T) {
	t.Parallel()
	if m, faults := registermap.Load("schneider/iem3000.yaml"); len(faults) > 0 || m.ID != "schneider/iem3000" {
		t.Errorf("loaded %+v, %v", m, faults)
	}
	if _, faults := registermap.Load("schneider/none.yaml"); len(faults) != 1 || faults[0].File != "schneider/none.yaml" {
		t.Errorf("a missing file gives %v", faults)
	}
}

// meterFile is the part of a configuration that is handed to this package.
type meterFile struct {
	Points    strictyaml.Node `yaml:"points"`
	Registers strictyaml.Node `yaml:"registers"`
}

func readMeter(t *testing.T, src string) meterFile {
	t.Helper()
	var f meterFile
	if _, faults := strictyaml.Decode("config.yaml", []byte(src), &f); len(faults) > 0 {
		t.Fatal(faults)
	}
	return f
}

func TestAnOwnMapIsReadFromAConfiguration(t *testing.T) {
	t.Parallel()
	f := readMeter(t, `registers:
  - {point: kaiserlei/heat-energy, table: input, address: 100, type: uint32, order: ABCD, scale: 0.1, unit: MWh}
  - {point: kaiserlei/heat-flow-temperature, table: input, address: 104, type: int16, scale: 0.01, unit: "°C", absent: [0x8000], every: 15m}
  - {point: kaiserlei/valve, table: discrete, address: 3, type: bool}
`)
	points, faults := registermap.Custom(f.Registers)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(points) != 3 || points[0].Point != "kaiserlei/heat-energy" || points[0].Address != 100 || points[1].Every != 15*time.Minute {
		t.Fatalf("points %+v", points)
	}
	if value, err := points[0].Decode([]uint16{0, 4125}); err != nil || !value.Equal(energy.Decimal(412500, 0)) {
		t.Errorf("412.5 MWh are %s kWh, %v", value, err)
	}
	if value, err := points[2].Decode([]uint16{1}); err != nil || !value.Equal(one()) {
		t.Errorf("a bit is %s, %v", value, err)
	}
}

func TestEveryFaultOfAnOwnMapIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		src  string
		want []string
	}{
		"nothing":        {"registers: []", []string{`1:12 the register map is empty`}},
		"not there":      {"points: {a: b}", []string{`1:1 the register map is empty`}},
		"no list at all": {"registers: {a: b}", []string{`1:12 the file is a mapping: a list is expected`}},
		"no point and a wrong one, doubled": {`registers:
  - {table: input, address: 1, type: int16, unit: kWh}
  - {point: Kaiserlei, table: input, address: 2, type: int16, unit: kWh}
  - {point: kaiserlei/a, table: input, address: 3, type: int16, unit: kWh, every: 0s}
  - {point: kaiserlei/a, table: input, address: 4, type: int16, unit: kWh}`, []string{
			`2:5 missing field "point"`, `3:13 "Kaiserlei" is no point: SITE/NAME`, `4:83 every is 0s`, `5:13 kaiserlei/a is read from two registers`}},
		"a volume that may be fuel": {`registers:
  - {point: kaiserlei/oil, table: input, address: 1, type: int16, unit: m³}`, []string{
			`2:73 m³ does not say what is measured: quantity: volume`}},
		"unit codes missing": {`registers:
  - {point: kaiserlei/a, table: input, address: 1, type: int16, unit_register: {address: 2, type: uint16}}`, []string{
			`2:80 the codes of the unit register are missing`}},
		"a wrong type": {`registers:
  - {point: kaiserlei/a, table: input, address: 1, type: int17, unit: kWh}`, []string{
			`2:58 type: "int17" is no type`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			points, faults := registermap.Custom(readMeter(t, test.src).Registers)
			if points != nil {
				t.Errorf("points with faults are given out: %+v", points)
			}
			checkFaults(t, "config.yaml", faults, test.want)
		})
	}
}

func TestPointsAreAssignedToTheRegistersOfAModel(t *testing.T) {
	t.Parallel()
	janitza, _ := registermap.Builtin("janitza/umg96rm")
	points, faults := janitza.Assign(readMeter(t, `points:
  active_energy_import: kaiserlei/grid-energy
  active_power: {point: kaiserlei/grid-power, every: 1s}
`).Points)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(points) != 2 || points[0].Point != "kaiserlei/grid-power" || points[0].Every != time.Second ||
		points[1].Point != "kaiserlei/grid-energy" || points[1].Address != 19068 {
		t.Errorf("points %+v", points)
	}
	sontex, _ := registermap.Builtin("sontex/supercal531")
	points, faults = sontex.Assign(readMeter(t, "points: {heat_energy: {point: kaiserlei/heat, unit: GJ}}").Points)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if points[0].UnitFrom != nil || points[0].Unit != "GJ" {
		t.Errorf("the stated unit is not taken: %+v", points[0])
	}
}

func TestEveryFaultOfAnAssignmentIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		model, src string
		want       []string
	}{
		"an unknown quantity": {"janitza/umg96rm", "points:\n  active_powr: kaiserlei/a\n  heat_energy: kaiserlei/b", []string{
			`2:3 janitza/umg96rm gives no "active_powr": did you mean "active_power"?`,
			`3:3 janitza/umg96rm gives no "heat_energy"`}},
		"no points":     {"janitza/umg96rm", "points: {}", []string{`1:9 no point is assigned`}},
		"points absent": {"janitza/umg96rm", "registers: []", []string{`1:1 no point is assigned`}},
		"a point twice, and none": {"janitza/umg96rm", "points:\n  active_power: kaiserlei/a\n  frequency: kaiserlei/a\n  active_energy_import: 7", []string{
			`3:14 kaiserlei/a is read from two registers`, `4:25 "7" is no point`}},
		"a list": {"janitza/umg96rm", "points:\n  active_power: [kaiserlei/a]", []string{`2:17 the file is a list: a mapping is expected`}},
		"a unit that is not known": {"sontex/supercal531", "points:\n  heat_energy: kaiserlei/a", []string{
			`2:16 the unit of heat_energy is a code in register 100 that is not publicly known: write {point: kaiserlei/a, unit: kWh}`}},
		"a unit of another kind": {"sontex/supercal531", "points:\n  heat_energy: {point: kaiserlei/a, unit: kW}", []string{
			`2:43 heat_energy is not measured in kW`}},
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

func FuzzParse(f *testing.F) {
	f.Add([]byte(goodModel))
	f.Add([]byte(fullModel))
	for _, id := range registermap.Builtins() {
		src, err := os.ReadFile(id + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte("id: a/b\nregisters:\n- {quantity: heat_energy, table: coil, address: 65535, type: bcd32, absent: [0x, 1e99]}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, faults := registermap.Parse("fuzz.yaml", src)
		if (m == nil) != (len(faults) > 0) {
			t.Fatalf("model %v with faults %v", m, faults)
		}
		for _, fault := range faults {
			if fault.Problem == "" || fault.Remedy == "" { // a file that is no YAML has no place
				t.Errorf("fault without problem or remedy: %+v", fault)
			}
		}
		if m == nil {
			return
		}
		for _, r := range m.Registers {
			checkReadable(t, r)
		}
		if c := m.Capability(); c.Registers != len(c.Values) || c.Confirmed > c.Registers || len(c.Quantities) == 0 {
			t.Errorf("capability %+v", c)
		}
	})
}

// checkReadable holds a register that was let pass against what the driver
// relies on: it lies within the table, its companions too, and zeros in it are a
// finite number, absent or an error.
func checkReadable(t *testing.T, r registermap.Register) {
	t.Helper()
	if r.Words() < 1 || r.End() > 65536 {
		t.Errorf("%+v does not lie within the table", r)
	}
	var beside [][]uint16
	for _, c := range r.Companions() {
		if c.Words < 1 || int(c.Address)+c.Words > 65536 {
			t.Errorf("companion %+v of %+v does not lie within the table", c, r)
		}
		beside = append(beside, make([]uint16, c.Words))
	}
	resolved, err := r.Resolve(beside)
	if err != nil {
		return
	}
	if resolved.Unit == "" {
		resolved = resolved.In(r.Quantity.Unit())
	}
	if value, err := resolved.Decode(make([]uint16, r.Words())); err == nil && !value.Finite() {
		t.Errorf("%+v: zeros are %s", r, value)
	}
}
