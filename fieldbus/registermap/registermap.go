// Package registermap knows where a meter keeps its numbers: which register
// holds which quantity, in which type, order and unit. A meter model is one
// YAML file that names the manual beside each address. The package turns
// registers into values and back; it knows no bus and no schedule.
//
// Addresses are those on the wire, from 0: what many manuals print as 40001 or
// as register 1 is address 0 here.
//
// Integers become decimals, so that a counter of 4125 with scale 0.01 is 41.25
// to the last digit; floats stay binary. A value the meter declares absent
// (NaN, a sentinel) is [ErrAbsent], never zero.
package registermap

import (
	"time"

	"heatledger/energy"
)

// Model is the register map of one kind of meter.
type Model struct {
	ID           string // MANUFACTURER/MODEL, as configurations name it
	Manufacturer string
	Name         string
	Source       string // the manual or the programs the map was read from
	Note         string // what whoever installs the meter must know
	Limits       Limits
	Refresh      time.Duration // how often the meter renews its registers; 0: not stated
	Registers    []Register    // by table and address
}

// Limits are what the meter bears in one request. Zero means that nothing is
// stated: then the protocol's own limit holds, and holes are not read.
type Limits struct {
	MaxRegisters int // registers in one request, at most 125
	MaxGap       int // registers nobody asked for that may be read along in one hole
}

// Confirmed tells whether every register was checked against the maker's own
// document or a meter.
func (m *Model) Confirmed() bool {
	for _, r := range m.Registers {
		if !r.Confirmed {
			return false
		}
	}
	return true
}

// Register finds the register of a quantity.
func (m *Model) Register(q energy.Quantity) (Register, bool) {
	for _, r := range m.Registers {
		if r.Quantity == q {
			return r, true
		}
	}
	return Register{}, false
}

// Quantities lists what the model measures, in the order of its registers.
func (m *Model) Quantities() []energy.Quantity {
	all := make([]energy.Quantity, len(m.Registers))
	for i, r := range m.Registers {
		all[i] = r.Quantity
	}
	return all
}

// Register is one value of a meter: where it stands and what it means. The
// value is number × Scale + Offset, in Unit.
type Register struct {
	Quantity energy.Quantity // empty in an own map whose unit says enough
	Table    Table
	Address  uint16
	Type     Type
	Order    Order
	Scale    energy.Value // never zero
	Offset   energy.Value
	Unit     energy.Unit   // empty where UnitRegister tells
	UnitFrom *UnitRegister // nil where Unit tells
	// Absent lists the bit patterns by which the meter says "no value", in
	// the order ABCD, as wide as Type.
	Absent    []uint64
	Modulus   energy.Value // where a counter starts anew, in Unit; zero: not stated
	Confirmed bool         // checked against the maker's document or a meter
	Source    string       // where this address was read, if not where the model was
}

// UnitRegister is a register that names the unit of other registers by a code.
// It stands in the same table as they do.
type UnitRegister struct {
	Address uint16
	Type    Type // an unsigned type
	Order   Order
	Codes   map[uint64]energy.Unit // empty: the codes are not publicly known
}

// PointRegister is a register that a configuration assigned to a point.
type PointRegister struct {
	Point energy.PointID
	Every time.Duration // how often it is read; 0: as often as its meter
	Register
}

// Words is the number of registers the value takes, or 1 bit.
func (r Register) Words() int { return r.Type.Words() }

// End is the address after the last one.
func (r Register) End() int { return int(r.Address) + r.Words() }

// canonical is the unit in which [Register.Decode] gives the value: that of the
// quantity, or else the one in which the program keeps what from measures.
func (r Register) canonical(from energy.Unit) (energy.Unit, bool) {
	if r.Quantity != "" {
		return r.Quantity.Unit(), from.Convertible(r.Quantity.Unit())
	}
	for _, to := range []energy.Unit{
		energy.KilowattHour, energy.Kilowatt, energy.DegreeCelsius, energy.CubicMetre,
		energy.CubicMetrePerHour, energy.CubicMetreDegree, energy.Hertz, energy.One,
	} {
		if from.Convertible(to) {
			return to, true
		}
	}
	return "", false
}
