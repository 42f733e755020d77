package config_test

import (
	"fmt"
	"strings"
	"testing"

	"heatledger/config"
)

// TestEveryMistakeIsNamedWithItsPlace edits the example of the package, one
// mistake a row; old stands in the file once. place is the text that begins
// where the fault must stand in the edited file.
func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, new, place, problem string }{
		{"a misspelt field", `timezone:`, `timezoen:`, `timezoen`, `unknown field "timezoen": did you mean "timezone"?`},
		{"a database of another kind", `  url: ""                        # postgres`, `  url: mysql://u:s3cret@db/x # p`, `mysql`, `no address of a PostgreSQL`},
		{"a database without words", `  url: ""                        # postgres`, `  url: db # p`, `db`, `no address of a PostgreSQL`},
		{"no data directory", `data_dir: ./var  `, `data_dir: ""  `, `""`, `data_dir is empty`},
		{"an address without port", `listen: 127.0.0.1:8080`, `listen: 127.0.0.1`, `127.0.0.1`, `listen is "127.0.0.1": HOST:PORT`},
		{"a port that does not exist", `listen: 127.0.0.1:8080`, `listen: 127.0.0.1:80800`, `127.0.0.1`, `listen is "127.0.0.1:80800"`},
		{"a public address without scheme", `public_url: http://127.0.0.1:8080`, `public_url: heat.example.city`, `heat.`, `no address of a web server`},
		{"a second factor asked of programs", `second_factor: [admin]`, `second_factor: [collector]`, `collector`, `"collector" is no role that people have: one of admin, office`},
		{"a second factor asked of nobody known", `second_factor: [admin]`, `second_factor: [admin, boss]`, `boss`, `"boss" is no role that people have`},
		{"a zone that does not exist", `Europe/Berlin`, `Europe/Offenbach`, `Europe/Off`, `no time zone`},
		{"a collector with blanks", `name: edge-1`, `name: edge 1`, `edge 1`, `"edge 1" is no name of a collector`},
		{"a connection twice", `id: kaiserlei-bms`, `id: kaiserlei-serial`, "kaiserlei-serial\n    opcua", `connection "kaiserlei-serial" is given twice: it stands on line`},
		{"a meter twice", `id: kaiserlei-ups`, `id: kaiserlei-heat`, "kaiserlei-heat\n        sampling", `meter "kaiserlei-heat" is given twice`},
		{"a meter in capitals", `id: kaiserlei-ups`, `id: UPS`, `UPS`, `"UPS" is no id`},
		{"a point read twice", `points: {active_energy_import: kaiserlei/solar-energy}`, `points: {active_energy_import: kaiserlei/grid-energy}`, `kaiserlei/grid-energy}`, `point "kaiserlei/grid-energy" is read twice: line`},
		{"a point without site", `kaiserlei/solar-energy`, `solar-energy`, `solar-energy`, `no point: SITE/NAME`},
		{"a scheme", `tcp://127.0.0.1:1502`, `tpc://127.0.0.1:1502`, `tpc`, `unknown scheme "tpc": did you mean "tcp"?`},
		{"no scheme", `tcp://127.0.0.1:1502`, `127.0.0.1:1502`, `127`, `url has no scheme`},
		{"no port", `tcp://127.0.0.1:1502`, `tcp://127.0.0.1`, `tcp`, `tcp://HOST:PORT is expected`},
		{"no device", `rtu:///dev/ttyUSB0`, `rtu://`, `rtu:`, `rtu without device`},
		{"a timeout of nothing", `timeout: 1s `, `timeout: 0s `, `0s`, `timeout is 0s: 10ms to 1m is expected`},
		{"a timeout without unit", `timeout: 1s `, `timeout: 1 `, `1 `, `timeout is "1": a duration such as 1s`},
		{"a negative pause", `pause: 0ms`, `pause: -1ms`, `-1ms`, `pause is -1ms: 0s to 10s is expected`},
		{"too many registers", `max_registers: 125`, `max_registers: 126`, `126`, `max_registers is 126: 1 to 125`},
		{"nine data bits", `data_bits: 8`, `data_bits: 9`, `9`, `data_bits is 9: 7 to 8`},
		{"a parity", `parity: even`, `parity: evne`, `evne`, `unknown parity "evne": did you mean "even"?`},
		{"a parity of a network", `pause: 0ms `, `parity: none `, `parity: none`, `parity of a tcp connection`},
		{"tls without authority", "      ca: secrets/gateway-ca.pem\n", "", `url: tcp+tls`, `tcp+tls without ca`},
		{"no socket at all", `simultaneous: 1 `, `simultaneous: 0 `, `0 `, `simultaneous is 0: 1 to 64`},
		{"sockets without end", `simultaneous: 1 `, `simultaneous: 65 `, `65 `, `simultaneous is 65: 1 to 64`},
		{"two sockets of a serial line", `speed: 19200`, `simultaneous: 2`, `simultaneous: 2`, `simultaneous of a rtu connection: it means nothing there`},
		{"a meter that bears too much", `max_registers: 32 `, `max_registers: 126 `, `126 `, `max_registers is 126: 1 to 125`},
		{"a gap wider than a request", `max_gap: 2 `, `max_gap: 125 `, `125 `, `max_gap is 125: 0 to 124`},
		{"a gap below zero", `max_gap: 2 `, `max_gap: -1 `, `-1 `, `max_gap is -1: 0 to 124`},
		{"a unit beyond the bus", `unit: 7`, `unit: 256`, `256`, `unit is 256: 0 to 255`},
		{"a period of nothing", `every: 60s`, `every: 1ms`, `1ms`, `every is 1ms: 100ms to 24h is expected`},
		{"neither model nor registers", "        model: schneider/iem3000 # or a file of your own: ./models/own.yaml\n", "", `id: kaiserlei-cooling`, `a meter without registers`},
		{"a model without points", "        points: {active_energy_import: kaiserlei/cooling-energy}\n", "", `id: kaiserlei-cooling`, `a model without points`},
		{"registers beside a model", "        every: 60s\n", "        model: a/b\n", `registers:`, `registers beside a model`},
		{"points beside registers", "        every: 60s\n", "        points: {volume: a/b}\n", `points: {volume`, `points beside registers`},
		{"nodes of Modbus", "        every: 60s\n", "        nodes: []\n", `nodes: []`, `nodes of a Modbus meter`},
		{"a unit of OPC UA", `sampling: 1s `, `unit: 1 `, `unit: 1`, `unit of an OPC UA meter`},
		{"an OPC UA meter without nodes", "        nodes:\n          - {point: kaiserlei/it-energy, node: \"nsu=http://example.org/dc;s=UPS1.Energy\", unit: kWh, deadband: \"0.5\", queue: 20}\n", "", `id: kaiserlei-ups`, `a meter without nodes`},
		{"an endpoint of the web", `opc.tcp://127.0.0.1:4840`, `http://127.0.0.1:4840`, `http:`, `opc.tcp://HOST:PORT is expected`},
		{"a policy that is broken", `Basic256Sha256/SignAndEncrypt `, `Basic128Rsa15/Sign `, `Basic128`, `"Basic128Rsa15/Sign" is no security`},
		{"a policy without mode", `Basic256Sha256/SignAndEncrypt `, `Basic256Sha256 `, `Basic256`, `"Basic256Sha256" is no security`},
		{"a user without password", "      password_file: secrets/bms.password\n", "", `heatledger `, `a user without password_file`},
		{"a password without user", "      user: heatledger           # none: anonymous\n", "", `secrets/bms.password`, `a password_file without user`},
		{"a model of OPC UA without root", "        root: \"nsu=http://example.org/dc;s=Chiller\"\n", "", `id: kaiserlei-chiller`, `a model without root: the node below which`},
		{"a model of OPC UA without points", "        points: {active_power: kaiserlei/cooling-power}\n", "", `id: kaiserlei-chiller`, `a model without points`},
		{"nodes beside a model of OPC UA", "        root: \"nsu=http://example.org/dc;s=Chiller\"\n        points: {active_power: kaiserlei/cooling-power}\n", "        nodes: []\n", `model: opc/34100`, `model beside nodes: either`},
		{"a root of Modbus", "        every: 60s\n", "        root: i=85\n", `root: i=85`, `root of a Modbus meter`},
		{"a gap of OPC UA", `sampling: 1s `, `max_gap: 1 `, `max_gap: 1`, `max_gap of an OPC UA meter`},
		{"no folder of trust", `trust: secrets/trusted `, `trust: "" `, `""`, `trust is empty: a folder`},
		{"a history that is neither on nor off", `history: true `, `history: maybe `, `maybe`, `history is "maybe": `},
		{"a user's certificate without its key", "      user_key: secrets/user.key\n", "", `secrets/user.pem`, `a user's certificate without user_key`},
		{"a user's key without certificate", "      user_certificate: secrets/user.pem        # a user known by a certificate\n", "", `secrets/user.key`, `a user_key without user_certificate`},
		{"a user by name and by certificate", "      user_certificate: secrets/user.pem        # a user known by a certificate\n", "      user: x\n      password_file: y\n      user_certificate: secrets/user.pem\n", `secrets/user.pem`, `a user by name and by certificate: one of them`},
		{"a key without certificate", "      certificate: secrets/client.pem           # none: the program makes its own\n", "", `secrets/client.key`, `a key without certificate`},
		{"a fingerprint that is none", `sha256:0f1e2d3c`, `sha1:0f1e2d3c`, `sha1`, `no fingerprint`},
		{"keeping too short", `keep_days: 14`, `keep_days: 13`, `13`, `keep_days is 13: 14 days or more`},
		{"an API nobody may ask", `requests_per_second: 100`, `requests_per_second: 0`, `0 `, `requests_per_second is 0: 1 to 1000000`},
		{"more at once than anybody asks", `requests_at_once: 1000`, `requests_at_once: 1000001`, `1000001`, `requests_at_once is 1000001`},
		{"a spool too small", `max_bytes: 8589934592`, `max_bytes: 8589`, `8589 `, `max_bytes is 8589`},
		{"a batch without end", `batch: 5s`, `batch: 5h`, `5h`, `batch is 5h: `},
		{"pushing in the clear", `  url: ""                        # https`, `  url: http://heat.example.city # h`, `http`, `push.url is not encrypted`},
		{"pushing nowhere", `  url: ""                        # https`, `  url: heat.example.city # h`, `heat.`, `push.url is no address`},
		{"a day that never comes", `"0 6 2 * *"`, `"0 0 31 2 *"`, `"0 0 31 2 *"`, `"0 0 31 2 *" never happens`},
		{"six fields", `"0 6 2 * *"`, `"0 0 6 2 * *"`, `"0 0`, `no cron expression: five fields`},
		{"a zone in a schedule", `"0 6 2 * *"`, `"TZ=0 6 2 * *"`, `"TZ`, `no cron expression`},
		{"a minute that does not exist", `"0 6 2 * *"`, `"60 6 2 * *"`, `"60`, `no cron expression (end of range (60) above maximum (59)`},
	}
	original := string(config.Example())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(original, tt.old); n != 1 {
				t.Fatalf("%q stands in the file %d times", tt.old, n)
			}
			src := strings.Replace(original, tt.old, tt.new, 1)
			_, faults := config.Parse("c.yaml", []byte(src))
			if len(faults) != 1 {
				t.Fatalf("%d faults:\n%v", len(faults), faults)
			}
			f := faults[0]
			if !strings.Contains(f.Error(), tt.problem) || !strings.HasPrefix(from(src, f.Line, f.Column), tt.place) || f.File != "c.yaml" || f.Remedy == "" {
				t.Errorf("got %v\nwant %q at %q", f, tt.problem, tt.place)
			}
			if strings.Contains(f.Error(), "s3cret") {
				t.Errorf("%v shows a password", f)
			}
		})
	}
}

// from is the text from a place on; columns count characters.
func from(src string, line, column int) string {
	lines := strings.SplitAfter(src, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	characters := []rune(lines[line-1])
	if column < 1 || column > len(characters) {
		return ""
	}
	return string(characters[column-1:]) + strings.Join(lines[line:], "")
}

func TestMistakesOfAWholeConnectionAreAllNamed(t *testing.T) {
	t.Parallel()
	src := `
connections:
  - id: a
    modbus: {url: 'udp://h:1', certificate: c, key: k, speed: 9600, timeout: 2h}
    opcua: {endpoint: x}
    meters: []
  - id: a
    meters:
      - {id: m, unit: -1, every: x}
      - unit: 3
push: {url: 'https://h', certificate: c}
listen: here
`
	_, faults := config.Parse("f", []byte(src))
	want := []string{
		"f:4:32: certificate of a udp connection", "f:4:48: key of a udp connection", "f:4:56: speed of a udp", "f:4:78: timeout is 2h",
		"f:5:5: modbus and opcua", "f:5:23: endpoint", "f:6:13: a connection without meters", `f:7:5: a connection to nothing`,
		`f:7:9: connection "a" is given twice`, "f:9:23: unit is -1", `f:9:34: every is "x"`, `f:10:9: missing field "id"`,
		"f:11:39: a certificate without key", `f:12:9: listen is "here"`,
	}
	for i, f := range faults {
		if i >= len(want) || !strings.HasPrefix(f.Error(), want[i]) {
			t.Errorf("fault %d is %v", i+1, f)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d", len(faults), len(want))
	}
}

func TestConnectionsToOneAddressMustNotContradictEachOther(t *testing.T) {
	t.Parallel()
	const one = "connections:\n  - {id: a, modbus: {url: '%s'%s}, meters: [{id: m, model: x/y, points: {frequency: s/a}}]}\n"
	const other = "  - {id: b, modbus: {url: '%s'%s}, meters: [{id: n, model: x/y, points: {frequency: s/b}}]}\n"
	for _, tt := range []struct{ name, url, more, otherURL, otherMore, want string }{
		{"the same address is shared", "tcp://gw:502", "", "tcp://gw:502", "", ""},
		{"two ports are two addresses", "tcp://gw:502", ", timeout: 2s", "tcp://gw:503", "", ""},
		{"UDP and TCP have ports of their own", "tcp://gw:502", "", "udp://gw:502", "", ""},
		{"of two timeouts the longer holds", "tcp://gw:502", ", timeout: 1s", "tcp://gw:502", ", timeout: 2s", ""},
		{"a default stated is the default", "rtu:///dev/ttyS0", ", speed: 19200", "rtu:///dev/ttyS0", "", ""},
		{"two speeds", "rtu:///dev/ttyS0", ", speed: 9600", "rtu:///dev/ttyS0", ", speed: 38400",
			`f:3:54: speed is 38400 here and 9600 for connection "a" with the same address: state the same in both, or put these meters below that connection (line 2)`},
		{"a speed that only one states", "rtuovertcp://gw:502", ", speed: 9600", "rtuovertcp://gw:502", "",
			`f:3:27: speed is 115200 here and 9600 for connection "a"`},
		{"two protocols on one port", "tcp://gw:502", "", "rtuovertcp://gw:502", "",
			`f:3:27: rtuovertcp to an address that connection "a" speaks tcp to: one scheme is expected: line 2 has the other`},
		{"two parities on one line", "rtu:///dev/ttyS0", ", parity: none, stop_bits: 1", "rtu:///dev/ttyS0", ", parity: odd",
			`f:3:55: parity is odd here and none for connection "a"`},
		{"two lines have their own", "rtu:///dev/ttyS0", ", parity: none", "rtu:///dev/ttyS1", ", parity: odd", ""},
		{"encrypted and in the clear", "tcp+tls://gw:802", ", certificate: c, key: k, ca: r", "tcp://gw:802", "",
			`f:3:27: tcp to an address that connection "a" speaks tcp+tls to`},
		{"another authority", "tcp+tls://gw:802", ", certificate: c, key: k, ca: r", "tcp+tls://gw:802", ", certificate: c, key: k, ca: q",
			`f:3:75: ca is q here and r for connection "a"`},
	} {
		_, faults := config.Parse("f", []byte(fmt.Sprintf(one+other, tt.url, tt.more, tt.otherURL, tt.otherMore)))
		if tt.want == "" && len(faults) > 0 {
			t.Errorf("%s: %v, want no fault", tt.name, faults)
		}
		if tt.want != "" && (len(faults) != 1 || !strings.HasPrefix(faults.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %s", tt.name, faults, tt.want)
		}
	}
}
