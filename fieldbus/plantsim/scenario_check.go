package plantsim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gopcua/opcua/ua"
	"github.com/simonvetter/modbus"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// checker looks for what is wrong with the meaning of a scenario.
type checker struct {
	plant  *Plant
	doc    *strictyaml.Document
	faults energy.Faults
}

func (c *checker) fault(problem, remedy string, path ...any) {
	c.faults = append(c.faults, c.doc.Fault(problem, remedy, path...))
}

// parameters are the fields of an event that belong to some deeds only.
func parameters() []string {
	return []string{"delay", "share", "times", "code", "status", "quantities", "modulus", "serial", "start", "bytes_per_second"}
}

// event checks one event by itself and finds its target.
func (c *checker) event(i int, e *Event) {
	if !c.doc.Decoded(i, "do") {
		return
	}
	r, known := e.Do.rule()
	if !known {
		var names []string
		for _, d := range Deeds() {
			names = append(names, string(d))
		}
		c.fault(fmt.Sprintf("%q is nothing that can be done", e.Do), strictyaml.Suggest(string(e.Do), names), i, "do")
		return
	}
	c.numbers(i, e)
	for _, name := range r.needs {
		if !c.doc.Present(i, name) {
			c.fault(fmt.Sprintf("%s without %q", e.Do, name), "write it: "+explain(name), i)
		}
	}
	for _, name := range parameters() {
		if c.doc.Present(i, name) && !slices.Contains(r.needs, name) && !slices.Contains(r.takes, name) {
			c.fault(fmt.Sprintf("%q says nothing about %s", name, e.Do), "remove it", i, strictyaml.Key(name))
		}
	}
	if e.Do == Zero && c.doc.Present(i, "for") {
		c.fault("a zero glitch is one sample", "remove \"for\"", i, strictyaml.Key("for"))
	}
	if c.target(i, e, r) {
		c.quantities(i, e)
	}
}

// explain says what a parameter is.
func explain(name string) string {
	switch name {
	case "for":
		return "how long it lasts, such as 5s"
	case "delay":
		return "how late the answer is, such as 2s"
	case "code":
		return "the code of the exception, 1 to 127"
	case "status":
		return "the name of a bad status, such as BadSensorFailure"
	case "modulus":
		return "at how many units of its register a counter turns over"
	case "serial":
		return "the number of the meter that comes"
	}
	return "how many bytes pass in a second"
}

// numbers checks the ranges of what is given.
func (c *checker) numbers(i int, e *Event) {
	for _, n := range []struct {
		name   string
		wrong  bool
		remedy string
	}{
		{"at", e.At < 0, "an instant of the play is expected: 0s or later"},
		{"for", e.For <= 0, "a duration above zero is expected; without one it lasts to the end"},
		{"delay", e.Delay <= 0, "a duration above zero is expected"},
		{"share", e.Share <= 0 || e.Share > 1, "a number above 0 and at most 1 is expected"},
		{"times", e.Times <= 0, "a number above zero is expected; without one there is no limit"},
		{"code", e.Code == 0 || e.Code > 0x7F, "a code from 1 to 127 is expected"},
		{"modulus", e.Modulus <= 0, "a number above zero is expected"},
		{"start", e.Start.Float64() < 0 || e.Start.Float64() > 1e12, "0 to 1e12 kWh or m³ are expected"},
		{"bytes_per_second", e.BytesPerSecond <= 0, "a number above zero is expected"},
	} {
		if c.doc.Decoded(i, n.name) && n.wrong {
			c.fault(n.name+" is out of range", n.remedy, i, n.name)
		}
	}
	if _, known := badStatus(e.Status); c.doc.Decoded(i, "status") && !known {
		c.fault(fmt.Sprintf("%q is no bad status of OPC UA", e.Status), "a name such as BadSensorFailure is expected (OPC 10000-6, A.2)", i, "status")
	}
}

// target finds whom an event befalls and checks that it can.
func (c *checker) target(i int, e *Event, r rule) (found bool) {
	onMeter, onConnection := c.doc.Present(i, "meter"), c.doc.Present(i, "connection")
	switch {
	case onMeter == onConnection:
		c.fault("an event befalls either a meter or a connection", "write one of \"meter\" and \"connection\"", i)
		return false
	case onMeter && !r.meter:
		c.fault(fmt.Sprintf("%s befalls a connection", e.Do), "write \"connection\" in place of \"meter\"", i, strictyaml.Key("meter"))
		return false
	case onConnection && !r.connection:
		c.fault(fmt.Sprintf("%s befalls a meter", e.Do), "write \"meter\" in place of \"connection\"", i, strictyaml.Key("connection"))
		return false
	}
	var names []string
	for _, site := range c.plant.sites {
		for _, m := range site.meters {
			if onMeter && m.ID == e.Meter {
				e.meter, e.Connection, e.wire, found = m, m.connection, m.protocol, true
			}
			if onMeter {
				names = append(names, string(m.ID))
			}
		}
		for _, line := range site.Spec.Connections {
			if onConnection && line.ID == e.Connection {
				e.wire, found = line.Protocol, true
			}
			if onConnection {
				names = append(names, line.ID)
			}
		}
	}
	kind := "connection"
	if onMeter {
		kind = "meter"
	}
	switch {
	case !found:
		c.fault(fmt.Sprintf("the plant has no such %s", kind), strictyaml.Suggest(string(e.Meter)+e.Connection, names), i, kind)
	case !e.Do.of(e.wire, onMeter):
		c.fault(fmt.Sprintf("%s is not for a %s that speaks %s", e.Do, kind, e.wire), "choose another deed, or another "+kind, i, "do")
		return false
	}
	return found
}

// quantities checks which values of a meter an event concerns, and fills in
// all that can where none is named.
func (c *checker) quantities(i int, e *Event) {
	fits := func(field) bool { return true }
	switch e.Do {
	case NaN:
		fits = func(f field) bool { return f.kind.float() }
	case Sentinel:
		fits = func(f field) bool { return !f.kind.float() }
	case Zero:
		fits = func(f field) bool { return f.shows.cumulative() }
	case BadValue:
	default:
		if !c.doc.Present(i, "quantities") {
			return
		}
	}
	if e.meter == nil {
		c.fault("a connection has no quantities", "write \"meter\" in place of \"connection\"", i, strictyaml.Key("connection"))
		return
	}
	var able []energy.Quantity
	var names []string
	for _, f := range e.meter.fields {
		if f.quantity != "" && fits(f) {
			able, names = append(able, f.quantity), append(names, string(f.quantity))
		}
	}
	switch {
	case len(able) == 0:
		c.fault(fmt.Sprintf("meter %s has no value that can be %s", e.Meter, e.Do), "choose another meter", i, "do")
	case !c.doc.Present(i, "quantities"):
		e.Quantities = able
	}
	for n, q := range e.Quantities {
		if !slices.Contains(able, q) {
			c.fault(fmt.Sprintf("meter %s has no %q that can be %s", e.Meter, q, e.Do), strictyaml.Suggest(string(q), names), i, "quantities", n)
		}
	}
	c.exception(i, e)
}

// exception checks one that is of single registers: the meter gives it, so it
// is given always, and the protocol's library must know its code.
func (c *checker) exception(i int, e *Event) {
	if e.meter == nil || e.wire != ModbusTCP || e.Do != Busy && e.Do != "exception" {
		return
	}
	for _, name := range []string{"share", "times"} {
		if c.doc.Present(i, name) {
			c.fault(fmt.Sprintf("single quantities are refused always, without %q", name), "remove it, or \"quantities\"", i, strictyaml.Key(name))
		}
	}
	if _, known := exceptionOf(e.Code); e.Do != Busy && !known && c.doc.Decoded(i, "code") {
		c.fault(fmt.Sprintf("exception %d is not given for single quantities", e.Code), "1 to 6, 8, 10 or 11 is expected", i, "code")
	}
}

// overlaps checks that a meter has one fault at a time, and a line one.
func (c *checker) overlaps(sc Scenario) {
	for i, e := range sc {
		for _, before := range sc[:i] {
			together := e.At < before.end() && before.At < e.end()
			switch {
			case !together:
			case e.meter != nil && e.Meter == before.Meter && e.ofTheMeter() && before.ofTheMeter():
				c.fault(fmt.Sprintf("meter %s has the fault of line %d at that time", e.Meter, before.line), "let one end before the other begins", i, "at")
			case e.Connection != "" && e.Connection == before.Connection && e.ofTheLine() && before.ofTheLine():
				c.fault(fmt.Sprintf("connection %s has the fault of line %d at that time", e.Connection, before.line), "let one end before the other begins", i, "at")
			}
		}
	}
}

// badStatus is the status of a name such as BadSensorFailure.
func badStatus(name string) (ua.StatusCode, bool) {
	for code, known := range ua.StatusCodes {
		if code>>30 >= 2 && strings.EqualFold(strings.TrimPrefix(known.Name, "Status"), name) {
			return code, true
		}
	}
	return 0, false
}

// exceptionOf is what makes the protocol's library answer a code.
func exceptionOf(code uint8) (err error, known bool) {
	switch code {
	case 1:
		return modbus.ErrIllegalFunction, true
	case 2:
		return modbus.ErrIllegalDataAddress, true
	case 3:
		return modbus.ErrIllegalDataValue, true
	case 4:
		return modbus.ErrServerDeviceFailure, true
	case 5:
		return modbus.ErrAcknowledge, true
	case 6:
		return modbus.ErrServerDeviceBusy, true
	case 8:
		return modbus.ErrMemoryParityError, true
	case 10:
		return modbus.ErrGWPathUnavailable, true
	case 11:
		return modbus.ErrGWTargetFailedToRespond, true
	}
	return nil, false
}
