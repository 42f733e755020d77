package modbus

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/registermap"
)

// run lets a driver read over the network until the test ends.
func run(t *testing.T, c Config, sink fieldbus.Sink) *Driver {
	t.Helper()
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	d.wait.first = 200 * time.Millisecond // a test does not wait for minutes
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := d.Run(ctx, sink); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return d
}

// eventually waits for what a network does in its own time.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !happened() {
		if time.Now().After(deadline) {
			t.Fatalf("not seen within 20 s: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func typed(point string, table registermap.Table, address uint16, kind registermap.Type, order registermap.Order, unit energy.Unit) registermap.PointRegister {
	return registermap.PointRegister{Point: energy.PointID(point), Register: registermap.Register{
		Table: table, Address: address, Type: kind, Order: order, Scale: energy.Decimal(1, 0), Unit: unit,
	}}
}

func TestAServerWrittenByOthersIsReadRight(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", `{
		"1": {"holding": [
			{"address": 19026, "type": "float32", "value": 2500.5},
			{"address": 19028, "type": "float32", "value": "nan"},
			{"address": 19030, "type": "float32", "order": "CDAB", "value": -1.25},
			{"address": 19040, "type": "int64", "value": 123456789012345},
			{"address": 19044, "type": "int32", "order": "CDAB", "value": -70000},
			{"address": 19046, "type": "float64", "order": "DCBA", "value": 0.1}],
		      "input": [{"address": 0, "type": "int16", "value": -3276}],
		      "coil": [{"address": 7, "words": [1, 0]}], "discrete": [{"address": 9, "words": [1]}]},
		"7": {"input": [{"address": 100, "type": "uint32", "value": 4125}]}}`)
	scaled := typed("s/heat", registermap.Input, 100, registermap.Uint32, registermap.ABCD, "MWh")
	scaled.Scale = energy.Decimal(1, -2)
	sink := &memorySink{}
	d := run(t, Config{ID: "line", URL: "tcp://" + server.Address, Meters: []Meter{
		{ID: "m1", Unit: 1, Every: 50 * time.Millisecond, Registers: []registermap.PointRegister{
			typed("s/power", registermap.Holding, 19026, registermap.Float32, registermap.ABCD, "W"),
			typed("s/none", registermap.Holding, 19028, registermap.Float32, registermap.ABCD, "W"),
			typed("s/swapped", registermap.Holding, 19030, registermap.Float32, registermap.CDAB, "kW"),
			typed("s/counter", registermap.Holding, 19040, registermap.Int64, registermap.ABCD, "Wh"),
			typed("s/negative", registermap.Holding, 19044, registermap.Int32, registermap.CDAB, "kWh"),
			typed("s/double", registermap.Holding, 19046, registermap.Float64, registermap.DCBA, "kWh"),
			typed("s/cold", registermap.Input, 0, registermap.Int16, registermap.ABCD, "°C"),
			typed("s/on", registermap.Coil, 7, registermap.Bool, registermap.ABCD, "1"),
			typed("s/off", registermap.Coil, 8, registermap.Bool, registermap.ABCD, "1"),
			typed("s/door", registermap.Discrete, 9, registermap.Bool, registermap.ABCD, "1"),
		}},
		{ID: "m7", Unit: 7, Every: 50 * time.Millisecond, Registers: []registermap.PointRegister{scaled}},
	}}, sink)
	eventually(t, "three polls of both meters", func() bool { return len(sink.of("s/door")) >= 3 && len(sink.of("s/heat")) >= 3 })
	for point, want := range map[energy.PointID]energy.Value{
		"s/power": energy.Float(2.5005), "s/swapped": energy.Float(-1.25), "s/counter": energy.Decimal(123456789012345, -3),
		"s/negative": energy.Decimal(-70000, 0), "s/double": energy.Float(0.1), "s/cold": energy.Decimal(-3276, 0),
		"s/on": energy.Decimal(1, 0), "s/off": energy.Decimal(0, 0), "s/door": energy.Decimal(1, 0), "s/heat": energy.Decimal(41250, 0),
	} {
		for _, r := range sink.of(point) {
			if !r.Value.Equal(want) {
				t.Errorf("%s is %s, want %s", point, r.Value, want)
			}
		}
	}
	if n := len(sink.of("s/none")); n != 0 {
		t.Errorf("NaN gave %d readings", n)
	}
	h := healthOf(t, d, "m1")
	if h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Points[0].Point != "s/none" || h.Errors != 0 {
		t.Errorf("health %+v", h)
	}
	if h := healthOf(t, d, "m7"); h.State != fieldbus.Healthy {
		t.Errorf("health %+v", h)
	}
}

func TestAHoleInAServerWrittenByOthersCostsOnePointOnly(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", `{"1": {"holding": [{"address": 10, "words": [100, 101, 102]}, {"address": 14, "words": [104, 105]}]}}`)
	sink := &memorySink{}
	d := run(t, Config{ID: "line", URL: "tcp://" + server.Address, Meters: []Meter{
		{ID: "m", Unit: 1, Every: 50 * time.Millisecond, Registers: registers("s", 10, 11, 12, 13, 14, 15)},
		{ID: "gone", Unit: 9, Every: 50 * time.Millisecond, Registers: registers("s9", 1)},
	}, Timeout: 200 * time.Millisecond}, sink)
	eventually(t, "ten polls", func() bool { return len(sink.of("s/r15")) >= 10 })
	for _, a := range []int{10, 11, 12, 14, 15} {
		for _, r := range sink.of(energy.PointID(fmt.Sprint("s/r", a))) {
			if !r.Value.Equal(energy.Decimal(int64(90+a), 0)) {
				t.Errorf("register %d is %s", a, r.Value)
			}
		}
	}
	h := healthOf(t, d, "m")
	if h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Points[0].Reason != "exception 2 (illegal data address) at holding 13" || len(sink.of("s/r13")) != 0 {
		t.Errorf("health %+v", h)
	}
	if h := healthOf(t, d, "gone"); h.State != fieldbus.Silent || h.Readings != 0 {
		t.Errorf("health of a unit that is not there %+v", h)
	}
}

// clocks is what a server of clocks at the addresses 0, 8, 16 and 24 is asked.
func clocks(every time.Duration) Meter {
	m := Meter{ID: "clocks", Unit: 1, Every: every}
	for k := range uint16(4) {
		m.Registers = append(m.Registers, typed(fmt.Sprint("s/clock", k), registermap.Holding, 8*k, registermap.Uint64, registermap.ABCD, "kWh"))
	}
	return m
}

const clockServer = `{"1": {"holding": [
	{"address": 0, "type": "uint64", "clock": 0}, {"address": 8, "type": "uint64", "clock": 1},
	{"address": 16, "type": "uint64", "clock": 2}, {"address": 24, "type": "uint64", "clock": 3}]}}`

// slack is what a busy machine may add to the age of a reading.
const slack = 250 * time.Millisecond

// checkClocks checks of every reading that it came from its own register, and
// that it was not older than a timeout when it was read: it is not the answer
// to an earlier question.
func checkClocks(t *testing.T, sink *memorySink, timeout time.Duration) {
	t.Helper()
	for k := range int64(4) {
		point := energy.PointID(fmt.Sprint("s/clock", k))
		for _, r := range sink.of(point) {
			mantissa, exponent := r.Value.Mantissa()
			if !r.Value.IsDecimal() || exponent != 0 || mantissa%100 != k {
				t.Errorf("%s holds %s", point, r.Value)
				continue
			}
			if age := r.At.Sub(time.UnixMilli(mantissa / 100)); age < 0 || age > timeout+slack {
				t.Errorf("%s is %s old at %s", point, age, r.At)
			}
		}
	}
}

func TestNoReadingIsStaleThroughKillRestartAndStandstill(t *testing.T) {
	t.Parallel()
	const timeout = 250 * time.Millisecond
	for _, test := range []struct {
		scheme string
		flags  []string
	}{
		{"tcp", nil},
		{"udp", []string{"--transport", "udp"}},
		{"rtuovertcp", []string{"--framer", "rtu"}},
	} {
		t.Run(test.scheme, func(t *testing.T) {
			t.Parallel()
			server := counterpart.Python(t, "modbus_server.py", append(test.flags, clockServer)...)
			_, port, err := net.SplitHostPort(server.Address)
			if err != nil {
				t.Fatal(err)
			}
			sink := &memorySink{}
			d := run(t, Config{ID: "line", URL: test.scheme + "://" + server.Address, Timeout: timeout, Meters: []Meter{clocks(20 * time.Millisecond)}}, sink)
			state := func(want fieldbus.State) func() bool {
				return func() bool { return healthOf(t, d, "clocks").State == want }
			}
			more := func() {
				t.Helper()
				n := len(sink.of("s/clock3"))
				eventually(t, "ten more readings", func() bool { return len(sink.of("s/clock3")) > n+10 })
			}
			more()
			for range 3 {
				if err := server.Signal(syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
				eventually(t, "silence", state(fieldbus.Silent))
				if h := healthOf(t, d, "clocks"); !strings.Contains(h.LastError, "no answer") && !strings.Contains(h.LastError, "open connection") {
					t.Errorf("health while the server stands still %+v", h)
				}
				if err := server.Signal(syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
				eventually(t, "health after standstill", state(fieldbus.Healthy))
				more()
			}
			server.Kill()
			eventually(t, "silence after the kill", state(fieldbus.Silent))
			counterpart.Python(t, "modbus_server.py", append(test.flags, "--port", port, clockServer)...)
			eventually(t, "health after the restart", state(fieldbus.Healthy))
			more()
			checkClocks(t, sink, timeout)
		})
	}
}
