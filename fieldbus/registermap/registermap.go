// Package registermap knows where a meter keeps its numbers: which register
// holds which quantity, in which type, order and unit. A meter model is one
// YAML file that names the manual beside each address. The package turns
// registers into values and back; it knows no bus and no schedule.
//
// A model says who made the meter, where its map was read, what it bears in one
// request and how often it renews its registers, as far as the maker states it,
// and then lists its registers. What is not stated stays out:
//
//	id: example/heat
//	manufacturer: Example
//	name: Heat 7 with Modbus module
//	source: manual 4711, page 12
//	limits: {max_registers: 22, max_gap: 0, align: 2}
//	refresh: 60s
//	registers:
//	  - quantity: heat_energy        # of energy.Quantities
//	    table: holding               # or input, coil, discrete
//	    address: 2                   # on the wire, from 0
//	    type: int32                  # bool (with bit: in a register), (u)int16 to 64, float32, float64, bcd16 to bcd64
//	    order: CDAB                  # ABCD where it is left out
//	    scale: 0.1                   # one step is 0.1 units; offset: is added after that
//	    unit: kWh                    # or configured: set in the meter, the configuration states it
//	    absent: [0x7FFFFFFF]         # contents that mean "no value"
//	    modulus: 1000000             # where the counter starts anew, in unit
//	    confirmed: true              # checked against the maker's document or a meter
//	  - quantity: heat_energy
//	    channel: tariff-2            # configurations call it heat_energy/tariff-2
//	    table: holding
//	    address: 6
//	    type: int32
//	    scale_register: {address: 8, type: uint16, as: factor}      # or exponent, of ten
//	    unit_register: {address: 9, type: string, words: 2, codes: {kWh: kWh, MWh: MWh}}
//	    refresh: 10m                 # where it differs from the model's
//	identity:
//	  - {what: product name, table: holding, address: 90, type: string, words: 8, expect: ["Heat 7*"]}
//
// With sunspec: [203] the addresses are relative to the id register of a SunSpec
// block, with relative: true to a block that the configuration states with each
// point. Own maps of a configuration are lists of such registers with their
// points.
//
// Addresses are those on the wire, from 0: what many manuals print as 40001 or
// as register 1 is address 0 here.
//
// Integers become decimals, so that a counter of 4125 with scale 0.01 is 41.25
// to the last digit; floats stay binary. A value the meter declares absent
// (NaN, a sentinel) is [ErrAbsent], never zero.
package registermap

import (
	"slices"
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
	// SunSpec lists the SunSpec models whose block the map describes. The
	// addresses are then relative to the block's id register, which
	// [FindSunSpec] finds; empty: addresses are absolute.
	SunSpec []uint16
	// Relative says that the addresses are relative to a block whose address the
	// configuration states with each point: groups of a power analyser, values
	// behind an M-Bus gateway.
	Relative  bool
	Registers []Register         // by table and address
	Identity  []IdentityRegister // by which a meter tells what it is
}

// Limits are what the meter bears in one request. Zero means that nothing is
// stated: then the protocol's own limit holds, and holes are not read.
type Limits struct {
	MaxRegisters int  // registers in one request, at most 125
	MaxGap       int  // registers nobody asked for that may be read along in one hole
	GapStated    bool // MaxGap was written down, be it 0; otherwise what holes bear may be learned
	Align        int  // requests begin at a multiple of it; 0 or 1: anywhere
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

// Register finds the register of a quantity, that of its main channel.
func (m *Model) Register(q energy.Quantity) (Register, bool) { return m.Named(string(q)) }

// Named finds a register by its [Register.Name].
func (m *Model) Named(name string) (Register, bool) {
	for _, r := range m.Registers {
		if r.Name() == name {
			return r, true
		}
	}
	return Register{}, false
}

// Quantities lists what the model measures, each once, in the order of its
// registers.
func (m *Model) Quantities() []energy.Quantity {
	var all []energy.Quantity
	for _, r := range m.Registers {
		if !slices.Contains(all, r.Quantity) {
			all = append(all, r.Quantity)
		}
	}
	return all
}

// Names lists the registers by the names that configurations give them.
func (m *Model) Names() []string {
	all := make([]string, len(m.Registers))
	for i, r := range m.Registers {
		all[i] = r.Name()
	}
	return all
}

// Register is one value of a meter: where it stands and what it means. The
// value is number × Scale + Offset, in Unit.
type Register struct {
	Quantity energy.Quantity // empty in an own map whose unit says enough
	Channel  string          // tells registers of one quantity apart (tariff-2, t4); empty: the main one
	Table    Table
	Address  uint16
	Bit      uint8 // of a Bool in a register: which bit, 0 being the lowest
	Type     Type
	Order    Order
	Scale    energy.Value // never zero
	Offset   energy.Value
	Unit     energy.Unit   // empty where UnitFrom or the configuration tells
	UnitFrom *UnitRegister // nil where Unit or the configuration tells
	// ScaleFrom is where the meter says by what the value is to be multiplied
	// beside Scale; nil: by nothing.
	ScaleFrom *ScaleRegister
	// Refresh is how often the meter renews this value, the model's own where
	// the register states none; 0: not stated. Reading it oftener tells nothing.
	Refresh time.Duration
	// Absent lists the bit patterns by which the meter says "no value", in
	// the order ABCD, as wide as Type.
	Absent    []uint64
	Modulus   energy.Value // where a counter starts anew, in Unit; zero: not stated
	Confirmed bool         // checked against the maker's document or a meter
	Source    string       // where this address was read, if not where the model was
}

// PointRegister is a register that a configuration assigned to a point.
type PointRegister struct {
	Point energy.PointID
	Every time.Duration // how often it is read; 0: as often as its meter
	Register
}

// Name is how configurations name the register of a model: heat_energy, or
// active_energy_import/tariff-2 where it is not the main one of its quantity.
func (r Register) Name() string {
	if r.Channel == "" {
		return string(r.Quantity)
	}
	return string(r.Quantity) + "/" + r.Channel
}

// UnitAsked tells whether neither the map nor the meter tells the unit, so that
// the configuration has to.
func (r Register) UnitAsked() bool {
	return r.Unit == "" && (r.UnitFrom == nil || !r.UnitFrom.Explained())
}

// Words is the number of registers the value takes, or 1 bit.
func (r Register) Words() int { return r.Type.Words() }

// End is the address after the last one.
func (r Register) End() int { return int(r.Address) + r.Words() }

// canonical is the unit in which [Register.Decode] gives the value: that of the
// quantity, or else the one in which the program keeps what from measures; empty
// where from is not known.
func (r *Register) canonical(from energy.Unit) energy.Unit {
	if r.Quantity != "" {
		return r.Quantity.Unit()
	}
	for _, to := range []energy.Unit{
		energy.KilowattHour, energy.Kilowatt, energy.DegreeCelsius, energy.CubicMetre,
		energy.CubicMetrePerHour, energy.CubicMetreDegree, energy.Hertz, energy.One,
	} {
		if from.Convertible(to) {
			return to
		}
	}
	return ""
}
