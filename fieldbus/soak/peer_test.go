package soak

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/faultproxy"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/opcua"
	"heatledger/fieldbus/registermap"
)

// peer is a server written by others and the lines it is read over. What is done
// to the server concerns all of them.
type peer struct {
	name   string
	server *counterpart.Process
	lines  []*line
}

// line is a driver and what stands between it and the server.
type line struct {
	name       string
	driver     fieldbus.Driver
	wire       wire
	kinds      []faultproxy.Kind // that the wire can do, and the driver can tell
	share      float64           // of the answers that are spoiled in one way, at most
	long       time.Duration     // the latest that a late answer may come
	meters     map[string]expectation
	unnumbered bool // its frames bear no number
}

// wire spoils what passes: faultproxy's proxies and our serial cable.
type wire interface {
	Set(spoils ...faultproxy.Spoil) error
	Stats() faultproxy.Stats
}

// expectation is how a meter is when nothing is spoiled.
type expectation struct {
	state fieldbus.State
	out   energy.PointID // the point that the unit refuses
}

const (
	timeout = 400 * time.Millisecond
	every   = 100 * time.Millisecond
	units   = 6 // behind each Modbus line
	// slack is what a busy machine may add to the age of a reading.
	slack = 750 * time.Millisecond
)

// soaking is what the parts of a run share.
type soaking struct {
	t         *testing.T
	seed      uint64
	chronicle *chronicle
	account   *account
	keys      modbus.TLS
}

// peers starts every server and makes the drivers.
func (s *soaking) peers() []*peer {
	python := func(number int, flags ...string) *counterpart.Process {
		return counterpart.Python(s.t, "modbus_server.py", append(flags, "--stamped", stamped(number))...)
	}
	tcp, rtu := faultproxy.ModbusTCP, faultproxy.ModbusRTU
	return []*peer{
		s.tcp(1, "pymodbus-tcp", "tcp", tcp, true, python(1)),
		s.udp(2, "pymodbus-udp", "udp", tcp, python(2, "--transport", "udp")),
		s.tcp(3, "pymodbus-rtu-tcp", "rtuovertcp", rtu, true, python(3, "--framer", "rtu")),
		s.udp(4, "pymodbus-rtu-udp", "rtuoverudp", rtu, python(4, "--framer", "rtu", "--transport", "udp")),
		s.serial(5, "pymodbus-serial"),
		s.tcp(6, "libmodbus", "tcp", tcp, true, counterpart.C(s.t, "libmodbus_server.c", "libmodbus", "--stamped", stamped(6))),
		s.tcp(7, "modbus-serial", "tcp", tcp, true, counterpart.Node(s.t, "modbus_serial_server.js", "--stamped", stamped(7))),
		s.tcp(8, "jsmodbus", "tcp", tcp, false, counterpart.Node(s.t, "jsmodbus_server.js", "--stamped", stamped(8))),
		s.tls(10, "pymodbus-tls"),
		s.opcua(9, counterpart.Node(s.t, "stamped_opcua_server.js", "--stamped", stamped(9))),
	}
}

// stamped tells a server its number and how many units it has.
func stamped(number int) string { return fmt.Sprintf("%d:%d", number, units) }

func (s *soaking) options(name string, p faultproxy.Protocol) faultproxy.Options {
	return faultproxy.Options{Protocol: p, Seed: s.seed, Note: func(e faultproxy.Event) {
		s.chronicle.note(name, "%s, unit %d", e.Do, e.Unit)
	}}
}

// tls is a Modbus server whose bytes the proxy does not understand.
func (s *soaking) tls(number int, name string) *peer {
	keys, ours, theirs := counterpart.Keys(s.t)
	s.keys = modbus.TLS{Certificate: ours, Roots: theirs}
	return s.tcp(number, name, "tcp+tls", faultproxy.Bytes, true,
		counterpart.Python(s.t, "modbus_server.py", "--tls", keys, "--stamped", stamped(number)))
}

// tcp is a Modbus server behind a proxy. Refuses says that it refuses holes.
func (s *soaking) tcp(number int, name, scheme string, p faultproxy.Protocol, refuses bool, server *counterpart.Process) *peer {
	proxy, err := faultproxy.Open(server.Address, s.options(name, p))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = proxy.Close() }) // what it holds goes with the process
	l := &line{name: name, wire: proxy, kinds: tellable(p, "tcp"), share: 0.25, long: longest, unnumbered: p == faultproxy.ModbusRTU}
	s.modbus(l, number, scheme+"://"+proxy.Address(), refuses)
	return &peer{name, server, []*line{l}}
}

// udp is a Modbus server behind a proxy of datagrams.
func (s *soaking) udp(number int, name, scheme string, p faultproxy.Protocol, server *counterpart.Process) *peer {
	proxy, err := faultproxy.OpenDatagrams(server.Address, s.options(name, p))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = proxy.Close() }) // what it holds goes with the process
	l := &line{name: name, wire: proxy, kinds: tellable(p, "udp"), share: 0.25, long: longest}
	s.modbus(l, number, scheme+"://"+proxy.Address(), true)
	return &peer{name, server, []*line{l}}
}

// serial is a Modbus server at the far end of a serial cable.
func (s *soaking) serial(number int, name string) *peer {
	c := newCable(s.seed, func(k faultproxy.Kind) { s.chronicle.note(name, "%s", k) })
	near, far := counterpart.Cable(s.t, c.pass)
	server := counterpart.Python(s.t, "modbus_server.py", "--device", far, "--stamped", stamped(number))
	// A line has no end to be closed: what comes later than this is beyond what
	// the driver promises to tell from the next answer.
	l := &line{name: name, wire: c, kinds: c.kinds(), share: 0.25, long: timeout + timeout/4}
	s.modbus(l, number, "rtu://"+near, true)
	return &peer{name, server, []*line{l}}
}

// longest is how late an answer may come over a network.
const longest = 3 * time.Second

// tellable are the ways to spoil whose result a driver can tell from the truth.
// An RTU frame bears no number: an answer that comes to a new client, or again a
// moment later in a datagram, is that of the next question (package modbus says
// so). Over a stream the copy comes with the answer.
func tellable(p faultproxy.Protocol, network string) []faultproxy.Kind {
	var kinds []faultproxy.Kind
	for _, k := range faultproxy.Kinds() {
		if p == faultproxy.ModbusRTU && (k == faultproxy.Stray || k == faultproxy.Twice && network == "udp") {
			continue
		}
		if k.Of(p, network) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

var formNames = [...]string{"whole", "inverse", "double", "half"}

// modbus makes the driver of a line: stamped units, of which the second has a
// hole if the server refuses holes; of one line another unit is not there.
func (s *soaking) modbus(l *line, number int, url string, refuses bool) {
	l.meters = map[string]expectation{}
	config := modbus.Config{ID: l.name, URL: url, Timeout: timeout, TLS: s.keys,
		Serial: modbus.Serial{Speed: 115200, Parity: "none"}, Log: slog.New(s.chronicle.handler(l.name))}
	for unit := 1; unit <= units; unit++ {
		m := modbus.Meter{ID: fmt.Sprintf("%s-%d", l.name, unit), Unit: uint8(unit), Every: every}
		for block, start := range []uint16{100, 1000} {
			for place, r := range []registermap.Register{
				{Type: registermap.Uint64, Address: start},
				{Type: registermap.Int64, Address: start + 4, Order: registermap.CDAB},
				{Type: registermap.Float64, Address: start + 8, Order: registermap.BADC},
				{Type: registermap.Uint32, Address: start + 12},
			} {
				point := energy.PointID(fmt.Sprintf("%s/u%d-%d-%s", l.name, unit, block, formNames[place]))
				m.Registers = append(m.Registers, registermap.PointRegister{Point: point, Register: kilowattHours(r)})
				s.account.points[point] = &pointAccount{source: sourceOf(number, unit, block, place),
					line: l.name, meter: m.ID, block: block, patience: timeout + slack}
			}
		}
		e := expectation{state: fieldbus.Healthy}
		if unit == 2 && refuses {
			e = expectation{fieldbus.Degraded, energy.PointID(l.name + "/hole")}
			m.Registers = append(m.Registers, registermap.PointRegister{
				Point: e.out, Register: kilowattHours(registermap.Register{Type: registermap.Uint16, Address: 114})})
		}
		l.meters[m.ID] = e
		config.Meters = append(config.Meters, m)
	}
	if l.name == "libmodbus" {
		gone := modbus.Meter{ID: "gone", Unit: units + 1, Every: every, Registers: []registermap.PointRegister{
			{Point: "gone/energy", Register: kilowattHours(registermap.Register{Type: registermap.Uint16, Address: 100})}}}
		l.meters[gone.ID] = expectation{state: fieldbus.Silent}
		config.Meters = append(config.Meters, gone)
	}
	d, err := modbus.New(config)
	if err != nil {
		s.t.Fatal(err)
	}
	l.driver = d
}

func kilowattHours(r registermap.Register) registermap.Register {
	if r.Order == "" {
		r.Order = registermap.ABCD
	}
	r.Table, r.Scale, r.Unit = registermap.Holding, energy.Decimal(1, 0), energy.KilowattHour
	return r
}

// opcua is an OPC UA server that is read over two lines, one of them secure.
func (s *soaking) opcua(number int, server *counterpart.Process) *peer {
	pin, err := os.ReadFile(server.File("fingerprint"))
	if err != nil {
		s.t.Fatal(err)
	}
	p := &peer{name: "node-opcua", server: server}
	for unit, security := range []string{"None", "Basic256Sha256/SignAndEncrypt"} {
		unit++
		l := &line{name: fmt.Sprintf("node-opcua-%d", unit), kinds: tellable(faultproxy.OPCUA, "tcp"), share: 0.8, long: longest}
		proxy, err := faultproxy.Open(server.Address, s.options(l.name, faultproxy.OPCUA))
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { _ = proxy.Close() }) // what it holds goes with the process
		l.wire = proxy
		m := opcua.Meter{ID: energy.MeterID(l.name), Sampling: 100 * time.Millisecond}
		for place, name := range []string{"Whole", "Inverse", "Double", "Half"} {
			point := energy.PointID(l.name + "/" + formNames[place])
			m.Nodes = append(m.Nodes, opcua.Node{Point: point, Unit: energy.KilowattHour,
				Node: fmt.Sprintf("nsu=http://example.org/dc;s=%d.%s", unit, name)})
			s.account.points[point] = &pointAccount{source: sourceOf(number, unit, 0, place),
				line: l.name, meter: l.name, exact: true, patience: slack}
		}
		l.meters = map[string]expectation{l.name: {state: fieldbus.Healthy}}
		l.driver, err = opcua.New(opcua.Config{
			ID: l.name, Endpoint: "opc.tcp://" + proxy.Address(), Security: security, ServerCertificate: string(pin),
			CertificateFolder: s.t.TempDir(), Meters: []opcua.Meter{m},
		}, opcua.Options{
			Log: slog.New(s.chronicle.handler(l.name)), Timeout: 2 * time.Second, Publishing: 100 * time.Millisecond, Heartbeat: 500 * time.Millisecond,
			Silence: 3 * time.Second, Refresh: time.Hour, RetryMin: 200 * time.Millisecond, RetryMax: 3 * time.Second,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		p.lines = append(p.lines, l)
	}
	return p
}
