package plantsim

import (
	"slices"

	"heatledger/fieldbus/faultproxy"
)

// Deed is what an event of a scenario does. Those of the line and of its answers
// bear the names of [faultproxy.Kind] and do what that says; for a meter they
// concern its answers only.
type Deed string

// The deeds that concern a meter: what it shows, and whether it answers.
const (
	Busy     Deed = "busy"     // exception 6 in place of answers
	BadValue Deed = "bad"      // a bad status in place of values (OPC UA)
	NaN      Deed = "nan"      // floating quantities are NaN
	Sentinel Deed = "sentinel" // whole ones are what stands for "no value" (Modbus)
	Wrap     Deed = "wrap"     // counters turn over at a modulus
	Reset    Deed = "reset"    // counters begin at zero
	Swap     Deed = "exchange" // another meter in its place
	Frozen   Deed = "frozen"   // every value stands still, with its time
	Zero     Deed = "zero"     // one sample is 0, then all is true again
	Reboot   Deed = "reboot"   // no answer (a connection: refuses) for a while, counters keep
	Silent   Deed = "silent"   // no answer; the gateway says so
)

// rule says what a deed can befall and which fields it has besides at, for,
// do and its target.
type rule struct {
	meter, connection bool
	only              Protocol // "": any
	needs, takes      []string
}

// rule of a deed; ok is false for one that is not known.
func (d Deed) rule() (r rule, ok bool) {
	chance := []string{"share", "times"}
	switch d {
	case Deed(faultproxy.Late), Deed(faultproxy.Stray):
		r = rule{meter: true, connection: true, needs: []string{"delay"}, takes: chance}
	case Deed(faultproxy.Split):
		r = rule{meter: true, connection: true, takes: append(chance, "delay")}
	case Deed(faultproxy.Exception):
		r = rule{meter: true, connection: true, needs: []string{"code"}, takes: append(chance, "quantities")}
	case Busy:
		r = rule{meter: true, connection: true, only: ModbusTCP, takes: append(chance, "quantities")}
	case Deed(faultproxy.Swallow), Deed(faultproxy.Refuse):
		r = rule{connection: true}
	case Deed(faultproxy.Slow):
		r = rule{connection: true, needs: []string{"bytes_per_second"}}
	case BadValue:
		r = rule{meter: true, only: OPCUA, needs: []string{"status"}, takes: []string{"quantities"}}
	case NaN, Zero:
		r = rule{meter: true, takes: []string{"quantities"}}
	case Sentinel:
		r = rule{meter: true, only: ModbusTCP, takes: []string{"quantities"}}
	case Wrap:
		r = rule{meter: true, needs: []string{"modulus"}}
	case Swap:
		r = rule{meter: true, needs: []string{"serial"}, takes: []string{"start"}}
	case Reset, Frozen, Silent:
		r = rule{meter: true}
	case Reboot:
		r = rule{meter: true, connection: true, needs: []string{"for"}}
	default:
		if !d.spoils() {
			return rule{}, false
		}
		r = rule{meter: true, connection: true, takes: chance}
	}
	return r, true
}

// spoils tells whether the deed is one of the fault proxy, as far as the plant's
// protocols have it.
func (d Deed) spoils() bool {
	k := faultproxy.Kind(d)
	return slices.Contains(faultproxy.Kinds(), k) && (k.Of(faultproxy.ModbusTCP, "tcp") || k.Of(faultproxy.OPCUA, "tcp"))
}

// of tells whether the deed can befall something that speaks a protocol. The
// answers of single meters are told apart in Modbus only.
func (d Deed) of(p Protocol, meter bool) bool {
	r, ok := d.rule()
	switch {
	case !ok || r.only != "" && r.only != p:
		return false
	case !d.spoils():
		return true
	case p == OPCUA:
		return !meter && faultproxy.Kind(d).Of(faultproxy.OPCUA, "tcp")
	}
	return faultproxy.Kind(d).Of(faultproxy.ModbusTCP, "tcp")
}

// Deeds are all there are.
func Deeds() []Deed {
	deeds := []Deed{Busy, BadValue, NaN, Sentinel, Wrap, Reset, Swap, Frozen, Zero, Reboot, Silent}
	for _, k := range faultproxy.Kinds() {
		if d := Deed(k); d.spoils() {
			deeds = append(deeds, d)
		}
	}
	return deeds
}

// ofTheLine tells whether a deed leaves no room for another of its sort on the
// same connection.
func (e Event) ofTheLine() bool {
	switch e.Do {
	case Deed(faultproxy.Swallow), Deed(faultproxy.Refuse), Deed(faultproxy.Slow):
		return true
	}
	return e.Do == Reboot && e.Connection != ""
}

// ofTheMeter tells whether a deed is a [Fault] of a meter, of which it can have
// one at a time.
func (e Event) ofTheMeter() bool {
	return e.Meter != "" && !(e.Do.spoils() || e.Do == Busy) || len(e.Quantities) > 0
}
