package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// connection checks one connection and the meters behind it.
func (c *checker) connection(k *Connection, at path) {
	c.once("connection", k.ID, at.to("id"))
	modbus, opcua := c.config.present(at.to("modbus")...), c.config.present(at.to("opcua")...)
	switch {
	case modbus && opcua:
		c.fault(at.to(strictyaml.Key("opcua")), "modbus and opcua in one connection", "one of them is expected: make it two connections")
	case !modbus && !opcua && c.given(at):
		c.fault(at, "a connection to nothing", "modbus or opcua is expected")
	}
	if k.Modbus != nil && c.given(at.to("modbus")) {
		c.modbus(k.Modbus, at.to("modbus"))
	}
	if k.OPCUA != nil && c.given(at.to("opcua")) {
		c.opcua(k.OPCUA, at.to("opcua"))
	}
	if c.given(at.to("meters")) && len(k.Meters) == 0 {
		c.fault(at.to("meters"), "a connection without meters", "at least one meter is expected")
	}
	for i := range k.Meters {
		c.meter(&k.Meters[i], modbus, opcua, at.to("meters", i))
	}
}

// modbus checks an address and what goes with its scheme: a field that means
// nothing there is a misunderstanding that the person would never notice.
func (c *checker) modbus(m *Modbus, at path) {
	scheme := ""
	if c.given(at.to("url")) {
		scheme = c.modbusURL(m, at.to("url"))
	}
	c.duration(m.Timeout, 10*time.Millisecond, time.Minute, at.to("timeout"))
	c.duration(m.Pause, 0, 10*time.Second, at.to("pause"))
	c.number(m.Speed, 300, 4_000_000, at.to("speed"))
	c.number(m.DataBits, 7, 8, at.to("data_bits"))
	c.number(m.StopBits, 1, 2, at.to("stop_bits"))
	c.oneOf("parity", m.Parity, []string{"none", "even", "odd"}, at.to("parity"))
	c.number(m.MaxRegisters, 1, 125, at.to("max_registers"))
	c.number(m.Simultaneous, 1, 64, at.to("simultaneous"))
	if scheme == "" {
		return
	}
	allowed := map[string]bool{
		"speed":     scheme == schemeRTU || scheme == schemeOver || scheme == schemeOUDP,
		"data_bits": scheme == schemeRTU, "parity": scheme == schemeRTU, "stop_bits": scheme == schemeRTU,
		"certificate": scheme == schemeTLS, "key": scheme == schemeTLS, "ca": scheme == schemeTLS,
		"simultaneous": scheme != schemeRTU,
	}
	for _, field := range slices.Sorted(maps.Keys(allowed)) {
		present := c.config.present(at.to(field)...)
		if present && !allowed[field] {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of a %s connection", field, scheme), "it means nothing there: remove it")
		}
		if !present && scheme == schemeTLS && slices.Contains([]string{"certificate", "key", "ca"}, field) {
			c.fault(at, "tcp+tls without "+field, "the files certificate, key and ca are expected: both sides identify themselves")
		}
	}
}

// modbusURL checks the address and gives its scheme; "" if it has a fault.
func (c *checker) modbusURL(m *Modbus, at path) string {
	scheme := m.Scheme()
	rest, ok := strings.CutPrefix(m.URL, scheme+"://")
	switch {
	case !ok:
		c.fault(at, "url has no scheme", "tcp://HOST:PORT or another of "+strings.Join(schemes(), ", ")+" is expected")
		return ""
	case !slices.Contains(schemes(), scheme):
		c.fault(at, fmt.Sprintf("unknown scheme %q", scheme), strictyaml.Suggest(scheme, schemes()))
		return ""
	case scheme == schemeRTU:
		if !strings.HasPrefix(rest, "/") {
			c.fault(at, "rtu without device", "rtu:// and the whole path of a serial device such as rtu:///dev/ttyUSB0 is expected")
			return ""
		}
		return scheme
	}
	u, err := url.Parse("tcp://" + rest)
	if err != nil || u.Hostname() == "" || !isPort(u.Port(), 1) || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		c.fault(at, "url is no address of a Modbus connection", scheme+"://HOST:PORT is expected")
		return ""
	}
	return scheme
}

// opcua checks an endpoint. That the pinned certificate is the server's is seen
// when connecting.
func (c *checker) opcua(o *OPCUA, at path) {
	if c.given(at.to("endpoint")) {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Scheme != "opc.tcp" || u.Hostname() == "" || !isPort(u.Port(), 1) || u.User != nil {
			c.fault(at.to("endpoint"), "endpoint is no address of an OPC UA server", "opc.tcp://HOST:PORT is expected")
		}
	}
	c.duration(o.Timeout, 100*time.Millisecond, time.Minute, at.to("timeout"))
	c.pair(o.Certificate, o.Key, at)
	if o.UserCertificate != "" && o.UserKey == "" {
		c.fault(at.to("user_certificate"), "a user's certificate without user_key", "the file of its private key is expected")
	}
	if o.UserKey != "" && o.UserCertificate == "" {
		c.fault(at.to("user_key"), "a user_key without user_certificate", "the file of the user's certificate is expected")
	}
	if o.User != "" && o.UserCertificate != "" {
		c.fault(at.to("user_certificate"), "a user by name and by certificate", "one of them is expected")
	}
	if o.User != "" && o.PasswordFile == "" {
		c.fault(at.to("user"), "a user without password_file", "the file that holds the password is expected")
	}
	if o.PasswordFile != "" && o.User == "" {
		c.fault(at.to("password_file"), "a password_file without user", "the name of the user is expected")
	}
	c.text(o.Trust, at.to("trust"), "a folder")
	if p := at.to("server_certificate"); c.given(p) && !isFingerprint(o.ServerCertificate) {
		c.fault(p, "server_certificate is no fingerprint", "sha256: and 64 hexadecimal digits are expected")
	}
}

// meter checks a meter of the kind of its connection. What registers and nodes
// say is checked by the packages that know them.
func (c *checker) meter(m *Meter, modbus, opcua bool, at path) {
	c.once("meter", string(m.ID), at.to("id"))
	c.number(m.Unit, 0, 255, at.to("unit"))
	c.duration(m.Every, 100*time.Millisecond, 24*time.Hour, at.to("every"))
	c.duration(m.Sampling, 10*time.Millisecond, time.Hour, at.to("sampling"))
	c.number(m.MaxRegisters, 1, 125, at.to("max_registers"))
	if m.MaxGap != nil {
		c.number(*m.MaxGap, 0, 124, at.to("max_gap"))
	}
	c.assigned(m.Points, at.to("points"))
	if modbus == opcua {
		return
	}
	foreign, kind := []string{"unit", "registers", "every", "max_registers", "max_gap"}, "an OPC UA"
	if modbus {
		foreign, kind = []string{"nodes", "root", "sampling"}, "a Modbus"
	}
	for _, field := range foreign {
		if c.config.present(at.to(field)...) {
			c.fault(at.to(strictyaml.Key(field)), fmt.Sprintf("%s of %s meter", field, kind), "it means nothing there: remove it")
		}
	}
	if !c.given(at) {
		return
	}
	if opcua {
		c.mapped(m, at)
		return
	}
	model, points, registers := c.config.present(at.to("model")...), c.config.present(at.to("points")...), m.Registers.Present()
	switch {
	case model && registers:
		c.fault(at.to(strictyaml.Key("registers")), "registers beside a model", "either a model with points, or registers is expected")
	case !model && !registers:
		c.fault(at, "a meter without registers", "a model with points, or registers is expected")
	case model && !points:
		c.fault(at, "a model without points", "points: {QUANTITY: SITE/NAME} is expected")
	case registers && points:
		c.fault(at.to(strictyaml.Key("points")), "points beside registers", "each of the registers names its point: remove them")
	}
}

// mapped checks how an OPC UA meter says which nodes it has: by a list, or by the
// model that its server follows.
func (c *checker) mapped(m *Meter, at path) {
	model, points, nodes := c.config.present(at.to("model")...), c.config.present(at.to("points")...), m.Nodes.Present()
	switch {
	case nodes:
		for _, field := range []string{"model", "root", "points"} {
			if c.config.present(at.to(field)...) {
				c.fault(at.to(strictyaml.Key(field)), field+" beside nodes", "either nodes, or a model with root and points is expected")
			}
		}
	case model && !points:
		c.fault(at, "a model without points", "points: {QUANTITY: SITE/NAME} is expected")
	case model && !c.config.present(at.to("root")...):
		c.fault(at, "a model without root", "the node below which the meter lies is expected")
	case !model:
		c.fault(at, "a meter without nodes", "the list of its nodes is expected, or a model with root and points")
	}
}

// assigned checks that the points given to a model's quantities are read once.
// The rest is the business of who knows the model: what is no point id here may
// be {point, unit, every}, or is a fault there.
func (c *checker) assigned(node strictyaml.Node, at path) {
	var points map[string]strictyaml.Node
	node.Decode(&points)
	for _, quantity := range slices.Sorted(maps.Keys(points)) {
		var id energy.PointID
		if _, faults := points[quantity].Decode(&id); len(faults) == 0 {
			c.pointOnce(id, at.to(quantity))
		}
	}
}

// pointOnce checks a point and that no other register fills it.
func (c *checker) pointOnce(id energy.PointID, at path) {
	if !c.given(at) {
		return
	}
	if err := id.Check(); err != nil {
		c.wrong(at, err)
		return
	}
	if first, ok := c.points[id]; ok {
		c.fault(at, fmt.Sprintf("point %q is read twice", id), fmt.Sprintf("line %d reads it already", first))
		return
	}
	c.points[id] = c.config.Fault("", "", at...).Line
}

// number checks the bounds of a number, if it is given.
func (c *checker) number(n, least, most int, at path) {
	if c.given(at) && (n < least || n > most) {
		c.fault(at, fmt.Sprintf("%v is %d", at[len(at)-1], n), fmt.Sprintf("%d to %d is expected", least, most))
	}
}

// isFingerprint tells whether s is a SHA-256 in the form sha256:HEX.
func isFingerprint(s string) bool {
	hex, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == ""
}
