package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/registermap"
)

func TestAMeterIsProbedWithItsRawWords(t *testing.T) {
	t.Parallel()
	line := counterpart.Python(t, "modbus_server.py", pymodbusUnits)
	dir := t.TempDir()
	write(t, dir, "registry.yaml", strangersRegistry)
	config := write(t, dir, "config.yaml", fmt.Sprintf(strangersConfig, line.Address, "127.0.0.1:1", "sha256:"+strings.Repeat("0", 64)))

	page := command(t, "", "--config", config, "meters", "probe", "hall-main").want(t, exitFine)
	for _, want := range []string{
		"hall-main: unit 1 at tcp://" + line.Address + ", its own map\n",
		"hall/power    holding 19026  float32  451C 4800            2.5005 kW\n",
		"hall/counter  holding 19040  int64    0000 7048 860D DF79  123456789012.345 kWh\n",
		"hall/export   holding 19044  int32    EE90 FFFE            -7000.0 kW\n",
		"hall/nothing  holding 19060  float32  7FC0 0000            absent: the meter has no value\n",
		" requests in ",
	} {
		if !strings.Contains(page.stdout, want) {
			t.Errorf("the probe says\n%s\nwant %q", page.stdout, want)
		}
	}
	if page.stderr != "" {
		t.Errorf("the probe says %q on standard error, want nothing: nobody else reads", page.stderr)
	}

	var cold struct {
		Unit      int
		Registers []struct {
			Point, Unit, Problem string
			Words                []string
			Value                *json.Number
			At                   time.Time
			Absent               bool
		}
	}
	if err := json.Unmarshal([]byte(command(t, "", "--config", config, "--output", "json", "meters", "probe", "hall-heat").want(t, exitFine).stdout), &cold); err != nil {
		t.Fatal(err)
	}
	if r := cold.Registers[1]; cold.Unit != 7 || r.Point != "hall/cold" || !slices.Equal(r.Words, []string{"FB2E"}) || r.Value == nil || r.Value.String() != "-12.34" || r.Unit != "°C" || r.At.IsZero() {
		t.Errorf("JSON says %+v of the cold", r)
	}
	if r := cold.Registers[2]; r.Value != nil || !r.Absent || r.Problem == "" {
		t.Errorf("JSON says %+v of the absent, want no number", r)
	}
	rows := strings.Split(command(t, "", "--config", config, "--output", "csv", "meters", "probe", "hall-heat").want(t, exitFine).stdout, "\n")
	if rows[0] != "point,name,table,address,type,words,value,unit,at,problem" || !strings.HasPrefix(rows[1], "hall/heat,,input,100,uint32,0000 101D,41250,kWh,20") {
		t.Errorf("CSV says %q", rows)
	}
}

func TestAMeterIsProbedWithoutAConfiguration(t *testing.T) {
	t.Parallel()
	line := counterpart.Python(t, "modbus_server.py", `{"3": {"holding": [{"address": 3059, "type": "float32", "value": 12.5}, {"address": 3203, "type": "int64", "value": 41250000}]}}`)
	url := "tcp://" + line.Address
	page := command(t, "", "meters", "probe", "--url", url, "--timeout", "20s", "--unit", "3", "--model", "schneider/iem3000").want(t, exitFine).stdout
	for _, want := range []string{
		"active_power          holding 3059  float32  4148 0000            12.5 kW\n", "active_energy_import  holding 3203  int64    0000 0000 0275 6CD0  41250.000 kWh\n",
		"active_energy_export  holding 3207  int64    -                    exception 2 (illegal data address)\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the probe says\n%s\nwant %q", page, want)
		}
	}
	dir := t.TempDir()
	file := write(t, dir, "own.yaml", "id: town/own\nmanufacturer: m\nname: n\nsource: s\nregisters:\n  - {quantity: active_power, table: holding, address: 3059, type: float32, unit: kW}\n")
	if page := command(t, "", "meters", "probe", "--url", url, "--timeout", "20s", "--unit", "3", "--model", file).want(t, exitFine).stdout; !strings.Contains(page, "12.5 kW") || !strings.Contains(page, "1 request in ") {
		t.Errorf("by a file of a model the probe says\n%s", page)
	}
	// pymodbus does not answer for a unit it does not have.
	silent := command(t, "", "meters", "probe", "--url", url, "--unit", "4", "--timeout", "100ms", "--model", "schneider/iem3000").want(t, exitWrong)
	if !strings.Contains(silent.stderr, "unit 4 at "+url+" gives no answer") || !strings.Contains(silent.stdout, "no answer in time") {
		t.Errorf("of a silent unit the probe says\n%s%s", silent.stdout, silent.stderr)
	}
}

func TestAProbeThatCannotBeSaysWhy(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "tcp://" + listener.Addr().String()
	listener.Close()
	config := write(t, t.TempDir(), "config.yaml", "connections:\n  - id: line\n    modbus: {url: '"+url+"'}\n    meters: [{id: hall, model: schneider/iem3000, points: {active_power: hall/p}}]\n")
	for _, row := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"nobody listens", []string{"--config", config, "meters", "probe", "hall"}, exitWrong, "connection refused: nobody listens there, or it takes one client at a time and a collector has it"},
		{"another meter", []string{"--config", config, "meters", "probe", "hal"}, exitUsage, `meter "hal": the configuration has hall`},
		{"no meter", []string{"meters", "probe"}, exitUsage, "which meter?"},
		{"a meter and an address", []string{"meters", "probe", "hall", "--url", url}, exitUsage, "which meter?"},
		{"no model", []string{"meters", "probe", "--url", url}, exitUsage, "--url without --model"},
		{"a model that is none", []string{"meters", "probe", "--url", url, "--model", "schneider/iem300"}, exitUsage, `did you mean "schneider/iem3000"?`},
		{"an address that is none", []string{"meters", "probe", "--url", "tpc://h:1", "--model", "schneider/iem3000"}, exitUsage, "is no address of a Modbus line"},
		{"certificates without a configuration", []string{"meters", "probe", "--url", "tcp+tls://h:1", "--model", "schneider/iem3000"}, exitUsage, "is described by the configuration"},
		{"a block without address", []string{"meters", "probe", "--url", url, "--model", "hms/mbus-gateway"}, exitUsage, "--address is expected"},
		{"units that are none", []string{"meters", "scan", "--url", url, "--units", "9-1"}, exitUsage, `--units "9-1"`},
		{"units beyond the bus", []string{"meters", "scan", "--url", url, "--units", "1-256"}, exitUsage, `--units "1-256"`},
		{"a scan where nobody listens", []string{"meters", "scan", "--url", url, "--units", "1"}, exitWrong, "connection refused: nobody listens there"},
		{"a connection that is none", []string{"--config", config, "meters", "scan", "lin"}, exitUsage, `connection "lin": the configuration has line`},
		{"a server that is a line", []string{"--config", config, "meters", "browse", "line"}, exitUsage, `connection "line" is no OPC UA server: heatledger meters scan line`},
		{"a server that is none", []string{"meters", "trust", "--url", "http://h:1"}, exitUsage, "opc.tcp://HOST:PORT is expected"},
	} {
		if got := command(t, "", row.args...).want(t, row.code); !strings.Contains(got.stderr, row.says) || strings.Contains(got.stderr, "panic") {
			t.Errorf("%s: it says %q, want %q", row.name, got.stderr, row.says)
		}
	}
}

// TestAProbeBesideACollectorWarns holds the spool by a collector that has nobody
// to push to.
func TestAProbeBesideACollectorWarns(t *testing.T) {
	t.Parallel()
	line := counterpart.Python(t, "modbus_server.py", `{"1": {"holding": [{"address": 3059, "type": "float32", "value": 12.5}]}}`)
	dir := t.TempDir()
	config := write(t, dir, "config.yaml", `
data_dir: ./var
connections:
  - id: line
    modbus: {url: 'tcp://`+line.Address+`', timeout: 20s}
    meters: [{id: hall, model: schneider/iem3000, points: {active_power: hall/p}}]
push: {url: 'http://127.0.0.1:1', token_file: push.token}
`)
	begin(t, "", "--config", config, "collect")
	lock := filepath.Join(dir, "var", "spool", "lock")
	eventually(t, "the collector has its spool", func() bool {
		pid, err := os.ReadFile(lock)
		return err == nil && len(pid) > 0
	})
	got := command(t, "", "--config", config, "meters", "probe", "hall").want(t, exitFine)
	if want := fmt.Sprintf("process %d collects from these meters (spool %s)", os.Getpid(), filepath.Dir(lock)); !strings.Contains(got.stderr, want) || !strings.Contains(got.stdout, "12.5 kW") {
		t.Errorf("the probe says %q and %q, want the value and %q", got.stdout, got.stderr, want)
	}
}

func TestALineIsScannedByItsConnection(t *testing.T) {
	t.Parallel()
	line := counterpart.Python(t, "modbus_server.py", pymodbusUnits)
	config := write(t, t.TempDir(), "config.yaml", "connections:\n  - id: line\n    modbus: {url: 'tcp://"+line.Address+"', timeout: 20s}\n    meters: [{id: hall, model: schneider/iem3000, points: {active_power: hall/p}}]\n")
	got := command(t, "", "--config", config, "meters", "scan", "line", "--units", "1,6-7", "--timeout", "3s").want(t, exitFine)
	for _, want := range []string{"unit 1: exception 2 (illegal data address), after ", "unit 7: exception 2 (illegal data address), after ", "  fits none of the models that ship with the program\n", "2 units answer at tcp://" + line.Address + ": 3 asked."} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the scan says\n%s\nwant %q", got.stdout, want)
		}
	}
	if got.stderr != "" {
		t.Errorf("the scan says %q on standard error, which is no terminal", got.stderr)
	}
	var units []foundUnit
	if err := json.Unmarshal([]byte(command(t, "", "--output", "json", "meters", "scan", "--url", "tcp://"+line.Address, "--units", "1-2", "--timeout", "3s").want(t, exitFine).stdout), &units); err != nil || len(units) != 1 || units[0].Unit != 1 {
		t.Errorf("JSON says %+v, %v, want unit 1", units, err)
	}
}

func TestOneDeviceThatAnswersForEveryUnitIsSuspected(t *testing.T) {
	t.Parallel()
	units := make(map[string]any)
	for unit := range 9 {
		units[fmt.Sprint(unit+1)] = map[string]any{"holding": []map[string]any{{"address": 0, "words": []int{1}}}}
	}
	spec, err := json.Marshal(units)
	if err != nil {
		t.Fatal(err)
	}
	line := counterpart.Python(t, "modbus_server.py", string(spec))
	for asked, suspected := range map[string]bool{"1-9": true, "1-10": false, "1-3": false} {
		got := command(t, "", "meters", "scan", "--url", "tcp://"+line.Address, "--units", asked, "--pause", "0s", "--timeout", "3s").want(t, exitFine)
		if said := strings.Contains(strings.Join(strings.Fields(got.stdout), " "), "probably one device"); said != suspected {
			t.Errorf("of units %s the scan says\n%s\nwant a suspicion: %t", asked, got.stdout, suspected)
		}
	}
}

func TestAMeterOfSunSpecIsProbedWhereItsBlockIs(t *testing.T) {
	t.Parallel()
	model, _ := registermap.Builtin("sunspec/meter-float")
	power, _ := model.Register(energy.ActivePower)
	held, err := power.Encode(energy.Decimal(5, 0))
	if err != nil {
		t.Fatal(err)
	}
	words := make([]uint16, 4+126+2) // marker, the meter's block, the end
	copy(words, []uint16{0x5375, 0x6E53, 213, 124})
	copy(words[2+2+power.Address-2:], held)
	copy(words[2+126:], []uint16{0xFFFF, 0})
	spec, err := json.Marshal(map[string]any{"1": map[string]any{"holding": []map[string]any{{"address": 50000, "words": words}}}})
	if err != nil {
		t.Fatal(err)
	}
	line := counterpart.Python(t, "modbus_server.py", string(spec))
	config := write(t, t.TempDir(), "config.yaml", "connections:\n  - id: line\n    modbus: {url: 'tcp://"+line.Address+"', timeout: 20s}\n    meters: [{id: hall, model: sunspec/meter-float, points: {active_power: hall/p}}]\n")
	got := command(t, "", "--config", config, "meters", "probe", "hall").want(t, exitFine).stdout
	for _, want := range []string{"its registers begin at 50002\n", fmt.Sprintf("holding %d", 50002+power.Address), " 5 kW\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the probe says\n%s\nwant %q", got, want)
		}
	}
}
