package main

import (
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/fieldbus/opcua"
)

// slowModel renews its registers every minute, its temperature every ten.
const slowModel = `id: town/slow
manufacturer: Town works
name: Slow meter
source: its manual
refresh: 60s
limits: {max_registers: 20, max_gap: 4}
registers:
  - {quantity: heat_energy, table: input, address: 10, type: uint32, unit: kWh, modulus: 4294967296, confirmed: true}
  - {quantity: heat_power, table: input, address: 14, type: float32, unit: kW, confirmed: true}
  - {quantity: flow_temperature, table: input, address: 18, type: int16, scale: 0.1, unit: °C, refresh: 10m, confirmed: true}
`

// readConfig is a configuration whose model files lie beside it.
func readConfig(t *testing.T, text string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "slow.yaml", slowModel)
	cfg, faults := config.Load(write(t, dir, "config.yaml", text))
	if len(faults) > 0 {
		t.Fatalf("read the configuration: %v", faults)
	}
	return cfg
}

func slowMeter(fields string) string {
	return "connections:\n  - id: line\n    modbus: {url: 'tcp://127.0.0.1:1'}\n    meters:\n      - {id: heat, model: ./slow.yaml, " + fields + "}\n"
}

func TestAMeterTakesItsModelFromAFile(t *testing.T) {
	t.Parallel()
	cfg := readConfig(t, slowMeter("points: {heat_energy: hall/heat, flow_temperature: hall/flow}"))
	meter, faults := modbusMeter(cfg, 0, 0)
	if len(faults) > 0 || len(meter.Registers) != 2 || meter.Registers[0].Address != 10 {
		t.Fatalf("meter is %+v, faults %v", meter, faults)
	}
	if meter.Every != time.Minute || meter.Registers[0].Every != 0 || meter.Registers[1].Every != 10*time.Minute {
		t.Errorf("it is read every %s, its registers every %s and %s: want the refresh of the model, and of the register that is slower",
			meter.Every, meter.Registers[0].Every, meter.Registers[1].Every)
	}
	if l := meter.Limits; l.MaxRegisters != 20 || l.MaxGap != 4 || !l.GapStated {
		t.Errorf("limits are %+v, want those of the model", l)
	}
}

func TestAConfigurationMayStateOtherLimits(t *testing.T) {
	t.Parallel()
	cfg := readConfig(t, slowMeter("max_registers: 8, max_gap: 0, every: 2m, points: {heat_energy: hall/heat}"))
	meter, faults := modbusMeter(cfg, 0, 0)
	if l := meter.Limits; len(faults) > 0 || l.MaxRegisters != 8 || l.MaxGap != 0 || !l.GapStated || meter.Every != 2*time.Minute {
		t.Errorf("limits are %+v, read every %s, faults %v", l, meter.Every, faults)
	}
}

func TestAMeterIsNotReadMoreOftenThanItsModelRenews(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, fields, want string }{
		{"the meter", "every: 10s, points: {heat_energy: hall/heat}", `:5:47: every is 10s, and town/slow renews its registers every 1m: 1m or more is expected`},
		{"one register", "points: {flow_temperature: {point: hall/flow, every: 1m}}", `:5:93: every is 1m, and town/slow renews its registers every 10m: 10m or more is expected`},
	} {
		cfg := readConfig(t, slowMeter(tt.fields))
		if _, faults := modbusMeter(cfg, 0, 0); len(faults) != 1 || !strings.HasSuffix(faults.Error(), tt.want) {
			t.Errorf("%s: %v, want one fault %s", tt.name, faults, tt.want)
		}
	}
}

func TestFaultsOfAModelFileAreNamedOnceInTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	model := write(t, dir, "broken.yaml", strings.Replace(slowModel, "uint32", "uint23", 1))
	file := write(t, dir, "config.yaml", `connections:
  - id: line
    modbus: {url: 'tcp://127.0.0.1:1'}
    meters:
      - {id: a, model: ./broken.yaml, points: {heat_energy: hall/a}}
      - {id: b, unit: 2, model: ./broken.yaml, points: {heat_energy: hall/b}}
      - {id: c, unit: 3, model: ./none.yaml, points: {heat_energy: hall/c}}
`)
	got := command(t, "", "config", "check", file).want(t, exitUsage)
	lines := strings.Split(strings.TrimSpace(got.stderr), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "heatledger: "+model+`:8:62: type: "uint23" is no type`) || !strings.HasPrefix(lines[1], file+":7:33: the model file is not readable (open ") {
		t.Errorf("config check says\n%s\nwant one fault of broken.yaml and one of none.yaml", got.stderr)
	}
}

func TestAnOPCUAMeterFollowsTheModelOfItsServer(t *testing.T) {
	t.Parallel()
	const text = "connections:\n  - id: bms\n    opcua: {endpoint: 'opc.tcp://127.0.0.1:1', history: false}\n    meters:\n      - {id: m, model: %s, root: i=85, points: {%s: hall/p}}\n"
	cfg := readConfig(t, strings.NewReplacer("%s,", "opc/34100,", "%s:", "active_power:").Replace(text))
	meter, faults := opcuaMeter(cfg, 0, 0)
	if len(faults) > 0 || meter.Model != opcua.ECM || meter.Root != "i=85" || meter.Points[energy.ActivePower] != "hall/p" {
		t.Errorf("meter is %+v, faults %v", meter, faults)
	}
	if reads := readsOf(cfg, 0, 0); len(reads) != 1 || reads[0].point != "hall/p" {
		t.Errorf("what is read: %+v", reads)
	}
	cfg = readConfig(t, strings.NewReplacer("%s,", "opc/34101,", "%s:", "active_powr:").Replace(text))
	_, faults = opcuaMeter(cfg, 0, 0)
	want := []string{`:5:24: there is no model "opc/34101" of OPC UA: opc/34100 is expected, or nodes`, `:5:56: opc/34100 gives no "active_powr": did you mean "active_power"?`}
	if len(faults) != 2 || !strings.HasSuffix(faults[0].Error(), want[0]) || !strings.HasSuffix(faults[1].Error(), want[1]) {
		t.Errorf("faults are %v, want %s", faults, want)
	}
}

func TestTheExampleOfTheProgramIsFreeOfFaults(t *testing.T) {
	t.Parallel()
	example := command(t, "", "config", "example").want(t, exitFine).stdout
	dir := t.TempDir()
	write(t, dir, "registry.yaml", "municipality: {ags: \"06413000\", name: Offenbach am Main}\n")
	file := write(t, dir, "config.yaml", example)
	got := command(t, "", "config", "check", file).want(t, exitUsage)
	for _, line := range strings.Split(strings.TrimSpace(got.stderr), "\n") {
		if !strings.Contains(line, "is in no registry file of this configuration") {
			t.Errorf("the example has a fault beside its points, which this registry does not know: %s", line)
		}
	}
}

func TestConnectionsToOneAddressShareADriver(t *testing.T) {
	t.Parallel()
	cfg := readConfig(t, `connections:
  - {id: a, modbus: {url: 'tcp://127.0.0.1:1', timeout: 2s}, meters: [{id: m, model: ./slow.yaml, points: {heat_energy: hall/a}}]}
  - {id: b, modbus: {url: 'tcp://127.0.0.1:1', simultaneous: 4}, meters: [{id: n, unit: 2, model: ./slow.yaml, points: {heat_energy: hall/b}}]}
  - {id: c, modbus: {url: 'tcp://127.0.0.1:2'}, meters: [{id: o, model: ./slow.yaml, points: {heat_energy: hall/c}}]}
  - {id: d, opcua: {endpoint: 'opc.tcp://127.0.0.1:1'}, meters: [{id: q, nodes: [{point: hall/d, node: i=1, unit: kWh}]}]}
`)
	p := &process{ctx: t.Context(), log: slog.New(slog.DiscardHandler)}
	drivers, err := p.drivers(cfg, quantitiesOf(nil), true)
	if err != nil || len(drivers) != 3 {
		t.Fatalf("%d drivers, %v, want one for each of two lines and a server", len(drivers), err)
	}
	meters := map[string]string{}
	for _, d := range drivers {
		for _, h := range d.Health() {
			meters[h.Meter] = h.Connection
		}
	}
	if want := map[string]string{"m": "a", "n": "b", "o": "c", "q": "d"}; !maps.Equal(meters, want) {
		t.Errorf("meters stand behind %v, want %v", meters, want)
	}
	line, _ := p.modbusLine(cfg, 0, true)
	other, _ := p.modbusLine(cfg, 1, true)
	if line.Simultaneous != 0 || other.Simultaneous != 4 {
		t.Errorf("sockets are %d and %d: what only one connection states must hold", line.Simultaneous, other.Simultaneous)
	}
}
