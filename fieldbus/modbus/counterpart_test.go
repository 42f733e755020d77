package modbus

import (
	"context"
	"fmt"
	"slices"
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
	if kept, ok := sink.(*memorySink); ok {
		running.Go(func() { kept.watch(ctx) })
	}
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

// peer is a server written by others, and what it holds: the words of
// [peerWords], in their own way each.
type peer struct {
	name   string
	tls    TLS
	start  func(t *testing.T) (url string, server *counterpart.Process)
	bits   bool // it serves coils and discrete inputs
	units  bool // units that are not there do not answer
	refuse bool // holes are refused with exception 2
}

// peerWords are the registers by unit and table. What they stand for is in
// [peerValues]; the words are those of IEEE 754 and two's complement.
var peerWords = []string{
	"1:holding:926=451C,4800",           // float32 2500.5
	"1:holding:928=7FC0,0000",           // float32 NaN
	"1:holding:930=0000,BFA0",           // float32 -1.25, CDAB
	"1:holding:940=0000,7048,860D,DF79", // int64 123456789012345
	"1:holding:944=EE90,FFFE",           // int32 -70000, CDAB
	"1:holding:946=9A99,9999,9999,B93F", // float64 0.1, DCBA
	"1:input:0=F334",                    // int16 -3276
	"3:input:100=0000,101D",             // uint32 4125
	"4:holding:10=0064,0065,0066", "4:holding:14=0068,0069",
}

var peerBits = []string{"1:coil:7=1,0", "1:discrete:9=1"}

// pymodbusWords are the same for pymodbus, which encodes the values itself.
const pymodbusWords = `{
	"1": {"holding": [
		{"address": 926, "type": "float32", "value": 2500.5},
		{"address": 928, "type": "float32", "value": "nan"},
		{"address": 930, "type": "float32", "order": "CDAB", "value": -1.25},
		{"address": 940, "type": "int64", "value": 123456789012345},
		{"address": 944, "type": "int32", "order": "CDAB", "value": -70000},
		{"address": 946, "type": "float64", "order": "DCBA", "value": 0.1}],
	      "input": [{"address": 0, "type": "int16", "value": -3276}],
	      "coil": [{"address": 7, "words": [1, 0]}], "discrete": [{"address": 9, "words": [1]}]},
	"3": {"input": [{"address": 100, "type": "uint32", "value": 4125}]},
	"4": {"holding": [{"address": 10, "words": [100, 101, 102]}, {"address": 14, "words": [104, 105]}]}}`

// peers are all servers written by others that the driver is read against.
func peers(t *testing.T) []peer {
	t.Helper()
	pymodbus := func(name, scheme string, flags ...string) peer {
		return peer{name: "pymodbus, " + name, bits: true, units: true, refuse: true,
			start: func(t *testing.T) (string, *counterpart.Process) {
				p := counterpart.Python(t, "modbus_server.py", append(flags, pymodbusWords)...)
				return scheme + "://" + p.Address, p
			}}
	}
	withBits := slices.Concat(peerWords, peerBits)
	keys, ours, theirs := counterpart.Keys(t)
	secure := pymodbus("TLS", "tcp+tls", "--tls", keys)
	secure.tls = TLS{ours, theirs}
	return []peer{
		pymodbus("TCP", "tcp"),
		secure,
		pymodbus("UDP", "udp", "--transport", "udp"),
		pymodbus("RTU over TCP", "rtuovertcp", "--framer", "rtu"),
		pymodbus("RTU over UDP", "rtuoverudp", "--transport", "udp", "--framer", "rtu"),
		{name: "pymodbus, serial line", bits: true, units: true, refuse: true, start: func(t *testing.T) (string, *counterpart.Process) {
			near, far := counterpart.Cable(t, nil)
			return "rtu://" + near, counterpart.Python(t, "modbus_server.py", "--device", far, pymodbusWords)
		}},
		{name: "libmodbus", bits: true, units: true, refuse: true, start: func(t *testing.T) (string, *counterpart.Process) {
			p := counterpart.C(t, "libmodbus_server.c", "libmodbus", withBits...)
			return "tcp://" + p.Address, p
		}},
		{name: "modbus-serial", bits: true, units: true, refuse: true, start: func(t *testing.T) (string, *counterpart.Process) {
			p := counterpart.Node(t, "modbus_serial_server.js", withBits...)
			return "tcp://" + p.Address, p
		}},
		{name: "jsmodbus", start: func(t *testing.T) (string, *counterpart.Process) {
			p := counterpart.Node(t, "jsmodbus_server.js", peerWords...)
			return "tcp://" + p.Address, p
		}},
	}
}

// peerValues are what the words stand for, by point.
func peerValues(bits bool) map[energy.PointID]energy.Value {
	values := map[energy.PointID]energy.Value{
		"s/power": energy.Float(2.5005), "s/swapped": energy.Float(-1.25), "s/counter": energy.Decimal(123456789012345, -3),
		"s/negative": energy.Decimal(-70000, 0), "s/double": energy.Float(0.1), "s/cold": energy.Decimal(-3276, 0),
		"s/heat": energy.Decimal(41250, 0),
		"s/r10":  energy.Decimal(100, 0), "s/r11": energy.Decimal(101, 0), "s/r12": energy.Decimal(102, 0),
		"s/r14": energy.Decimal(104, 0), "s/r15": energy.Decimal(105, 0),
	}
	if bits {
		values["s/on"], values["s/off"], values["s/door"] = energy.Decimal(1, 0), energy.Decimal(0, 0), energy.Decimal(1, 0)
	}
	return values
}

// peerMeters read all of it, and where the server allows also a register that it
// refuses and a unit that is not there.
func peerMeters(p peer) []Meter {
	const every = 100 * time.Millisecond
	scaled := typed("s/heat", registermap.Input, 100, registermap.Uint32, registermap.ABCD, "MWh")
	scaled.Scale = energy.Decimal(1, -2)
	first := Meter{ID: "m1", Unit: 1, Every: every, Registers: []registermap.PointRegister{
		typed("s/power", registermap.Holding, 926, registermap.Float32, registermap.ABCD, "W"),
		typed("s/none", registermap.Holding, 928, registermap.Float32, registermap.ABCD, "W"),
		typed("s/swapped", registermap.Holding, 930, registermap.Float32, registermap.CDAB, "kW"),
		typed("s/counter", registermap.Holding, 940, registermap.Int64, registermap.ABCD, "Wh"),
		typed("s/negative", registermap.Holding, 944, registermap.Int32, registermap.CDAB, "kWh"),
		typed("s/double", registermap.Holding, 946, registermap.Float64, registermap.DCBA, "kWh"),
		typed("s/cold", registermap.Input, 0, registermap.Int16, registermap.ABCD, "°C"),
	}}
	if p.bits {
		first.Registers = append(first.Registers,
			typed("s/on", registermap.Coil, 7, registermap.Bool, registermap.ABCD, "1"),
			typed("s/off", registermap.Coil, 8, registermap.Bool, registermap.ABCD, "1"),
			typed("s/door", registermap.Discrete, 9, registermap.Bool, registermap.ABCD, "1"))
	}
	meters := []Meter{first,
		{ID: "m3", Unit: 3, Every: every, Registers: []registermap.PointRegister{scaled}},
		{ID: "m4", Unit: 4, Every: every, Registers: registers("s", 10, 11, 12, 14, 15)},
	}
	if p.refuse {
		meters[2].Registers = registers("s", 10, 11, 12, 13, 14, 15)
	}
	if p.units {
		meters = append(meters, Meter{ID: "gone", Unit: 5, Every: every, Registers: registers("s5", 10)})
	}
	return meters
}

func TestServersWrittenByOthersAreReadRightAlsoAfterTheirRestart(t *testing.T) {
	t.Parallel()
	for _, p := range peers(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			url, server := p.start(t)
			sink := &memorySink{}
			d := run(t, Config{ID: "line", URL: url, Timeout: 400 * time.Millisecond, TLS: p.tls,
				Serial: Serial{Speed: 115200, Parity: "even"}, Meters: peerMeters(p)}, sink)
			values := peerValues(p.bits)
			more := func(what string) {
				t.Helper()
				before := map[energy.PointID]int{}
				for point := range values {
					before[point] = len(sink.of(point))
				}
				eventually(t, what, func() bool {
					for point := range values {
						if len(sink.of(point)) < before[point]+3 {
							return false
						}
					}
					return true
				})
			}
			more("three readings of each point")
			wrong := ""
			t.Cleanup(func() {
				if wrong != "" {
					t.Error("health was wrong: ", wrong)
				}
			})
			eventually(t, "right health", func() bool { wrong = peerHealth(t, p, d); return wrong == "" })
			if err := server.Restart(); err != nil {
				t.Fatal(err)
			}
			more("three readings of each point after the restart")
			for point, want := range values {
				for _, r := range sink.of(point) {
					if !r.Value.Equal(want) {
						t.Errorf("%s is %s, want %s", point, r.Value, want)
					}
				}
			}
			for _, point := range []energy.PointID{"s/none", "s/r13", "s5/r10"} {
				if n := len(sink.of(point)); n != 0 {
					t.Errorf("%s, which is not there, gave %d readings", point, n)
				}
			}
		})
	}
}

// peerHealth is what health gets wrong about NaN, the hole and the unit that is
// not there; empty: nothing.
func peerHealth(t *testing.T, p peer, d *Driver) string {
	t.Helper()
	out := func(h fieldbus.MeterHealth, point energy.PointID, reason string) bool {
		return h.State == fieldbus.Degraded && len(h.Points) == 1 && h.Points[0].Point == point && strings.Contains(h.Points[0].Reason, reason)
	}
	if h := healthOf(t, d, "m1"); !out(h, "s/none", "") {
		return fmt.Sprintf("%+v", h)
	}
	if h := healthOf(t, d, "m3"); h.State != fieldbus.Healthy {
		return fmt.Sprintf("%+v", h)
	}
	if h := healthOf(t, d, "m4"); p.refuse && !out(h, "s/r13", "exception 2 (illegal data address) at holding 13") {
		return fmt.Sprintf("%+v", h)
	}
	if !p.units {
		return ""
	}
	if h := healthOf(t, d, "gone"); h.State != fieldbus.Silent || h.Readings != 0 || !h.LastAnswer.IsZero() {
		return fmt.Sprintf("%+v", h)
	}
	return ""
}

func TestAServerThatAnswersShortCostsTheRegistersBeyondItsEndOnly(t *testing.T) {
	t.Parallel()
	server := counterpart.Node(t, "jsmodbus_server.js", "1:holding:1000=0064,0065", "1:holding:1012=0066,0067")
	across := typed("s/across", registermap.Holding, 1012, registermap.Uint64, registermap.ABCD, "kWh")
	sink := &memorySink{}
	d := run(t, Config{ID: "line", URL: "tcp://" + server.Address, Timeout: 400 * time.Millisecond, Meters: []Meter{
		{ID: "m", Unit: 1, Every: 50 * time.Millisecond, Registers: append(registers("s", 1000, 1001, 1012, 1013, 1020), across)},
	}}, sink)
	eventually(t, "twenty readings of what is there", func() bool { return len(sink.of("s/r1000")) >= 20 && len(sink.of("s/r1001")) >= 20 })
	for point, want := range map[energy.PointID]int64{"s/r1000": 100, "s/r1001": 101, "s/r1012": 102, "s/r1013": 103} {
		for _, r := range sink.of(point) {
			if !r.Value.Equal(energy.Decimal(want, 0)) {
				t.Errorf("%s is %s", point, r.Value)
			}
		}
	}
	if n, m := len(sink.of("s/across")), len(sink.of("s/r1020")); n+m != 0 {
		t.Errorf("%d and %d readings of what is not there", n, m)
	}
	eventually(t, "registers set aside", func() bool {
		h := healthOf(t, d, "m")
		return h.State == fieldbus.Degraded && len(h.Points) > 0
	})
	for _, point := range healthOf(t, d, "m").Points {
		if point.Point == "s/r1000" || point.Point == "s/r1001" {
			t.Errorf("%s is set aside: %s", point.Point, point.Reason)
		}
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

// slack is what a machine adds to the age of a reading, beside what it was seen
// to stand still.
const slack = 250 * time.Millisecond

// checkClocks checks of every reading that it came from its own register, and
// that it was not older than a timeout when it was read: it is not the answer
// to an earlier question.
func checkClocks(t *testing.T, sink *memorySink, timeout time.Duration) {
	t.Helper()
	most := timeout + slack + sink.standstill()
	for k := range int64(4) {
		point := energy.PointID(fmt.Sprint("s/clock", k))
		for _, r := range sink.of(point) {
			mantissa, exponent := r.Value.Mantissa()
			if !r.Value.IsDecimal() || exponent != 0 || mantissa%100 != k {
				t.Errorf("%s holds %s", point, r.Value)
				continue
			}
			if age := r.At.Sub(time.UnixMilli(mantissa / 100)); age < 0 || age > most {
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
			if err := server.Restart(); err != nil {
				t.Fatal(err)
			}
			eventually(t, "health after the restart", state(fieldbus.Healthy))
			more()
			checkClocks(t, sink, timeout)
		})
	}
}
