package registermap

import (
	"fmt"

	"heatledger/energy"
)

// UnitRegister is a register in which the meter names the unit of other
// registers, by a code or as a text. It stands in the same table as they do.
type UnitRegister struct {
	Address uint16
	Type    Type // an unsigned type, or String
	Order   Order
	Length  int                    // registers of a String
	Half    Half                   // which bytes of a String's registers hold characters
	Mask    uint64                 // the bits that make the code; zero: all of them
	Codes   map[uint64]energy.Unit // what each code stands for
	Texts   map[string]energy.Unit // what each text of a String stands for, as [Half] reads it
}

// Words is the number of registers the code takes.
func (u UnitRegister) Words() int { return width(u.Type, u.Length) }

// Explained tells whether the map knows the codes. Where it does not, whoever
// configures the meter has to state the unit that it shows.
func (u UnitRegister) Explained() bool { return len(u.Codes)+len(u.Texts) > 0 }

// Decode is the unit that the code in words stands for. It errs with
// [ErrAbsent] where a text is empty.
func (u UnitRegister) Decode(words []uint16) (energy.Unit, error) {
	if u.Type == String {
		text, err := u.Half.text(u.Order, words, u.Words())
		if err != nil {
			return "", fmt.Errorf("unit register %d: %w", u.Address, err)
		}
		unit, ok := u.Texts[text]
		if !ok {
			return "", fmt.Errorf("unit register %d holds %q, which the map does not explain", u.Address, text)
		}
		return unit, nil
	}
	holder := Register{Address: u.Address, Type: u.Type, Order: u.Order}
	code, err := holder.pattern(words)
	if err != nil {
		return "", err
	}
	if u.Mask != 0 {
		code &= u.Mask
	}
	unit, ok := u.Codes[code]
	if !ok {
		return "", fmt.Errorf("unit register %d holds code %d, which the map does not explain", u.Address, code)
	}
	return unit, nil
}

// ScaleRegister is a register in which the meter says how much a step of other
// registers is worth. It stands in the same table as they do. What it says
// multiplies the register's own Scale.
type ScaleRegister struct {
	Address uint16
	Type    Type
	Order   Order
	As      ScaleForm
	Absent  []uint64 // contents by which the meter says that the value is not implemented
}

// ScaleForm is how a scale register is to be understood.
type ScaleForm string

// The forms: a factor by which the value is multiplied (Engelmann, Kamstrup), or
// the exponent of a power of ten (SunSpec's scale factors).
const (
	Factor   ScaleForm = "factor"
	Exponent ScaleForm = "exponent"
)

// UnmarshalText reads the name.
func (f *ScaleForm) UnmarshalText(text []byte) error {
	return oneOf(f, string(text), "form of a scale", Factor, Exponent)
}

// MostExponent is the largest power of ten, up or down, that a scale register is
// believed to mean (SunSpec Device Information Model Specification, sunssf).
const MostExponent = 10

// Words is the number of registers the scale takes.
func (s ScaleRegister) Words() int { return s.Type.Words() }

// Decode is the factor that words stand for: exact for integers. It errs with
// [ErrAbsent] where the meter says it has none, and where the number is no scale:
// a factor of zero or below, an exponent beyond [MostExponent].
func (s ScaleRegister) Decode(words []uint16) (energy.Value, error) {
	r := Register{Address: s.Address, Type: s.Type, Order: s.Order, Absent: s.Absent}
	pattern, err := r.pattern(words)
	if err != nil {
		return energy.Value{}, fmt.Errorf("scale register: %w", err)
	}
	number, err := r.number(pattern)
	if err != nil {
		return energy.Value{}, fmt.Errorf("scale register: %w", err)
	}
	if s.As == Exponent {
		e, _ := number.Mantissa()
		if !number.IsDecimal() || e < -MostExponent || e > MostExponent {
			return energy.Value{}, fmt.Errorf("scale register %d holds %s: an exponent from %d to %d is expected", s.Address, number, -MostExponent, MostExponent)
		}
		return energy.Decimal(1, int8(e)), nil
	}
	if number.Float64() <= 0 {
		return energy.Value{}, fmt.Errorf("scale register %d holds %s: a factor above zero is expected", s.Address, number)
	}
	return shortest(number), nil
}

// Companion is a register that must be read in the same poll as a value, because
// the value means nothing without it.
type Companion struct {
	Address uint16 // in the value's table
	Words   int
}

// Companions lists the registers without which r cannot be decoded: its unit
// register and then its scale register, as far as it has them.
func (r Register) Companions() []Companion {
	var all []Companion
	if u := r.UnitFrom; u != nil {
		all = append(all, Companion{u.Address, u.Words()})
	}
	if s := r.ScaleFrom; s != nil {
		all = append(all, Companion{s.Address, s.Words()})
	}
	return all
}

// Resolve is r with the unit and scale that its companions hold; it can be
// decoded then. Words are those of each companion, in the order of
// [Register.Companions]. The error is [ErrAbsent] where a companion says that
// the value is not there.
func (r Register) Resolve(words [][]uint16) (Register, error) {
	next := 0
	take := func() (w []uint16) {
		if next < len(words) {
			w = words[next]
		}
		next++
		return w
	}
	if u := r.UnitFrom; u != nil {
		unit, err := u.Decode(take())
		if err != nil {
			return r, err
		}
		r = r.In(unit)
	}
	if s := r.ScaleFrom; s != nil {
		factor, err := s.Decode(take())
		if err != nil {
			return r, err
		}
		r.Scale, r.ScaleFrom = times(r.Scale, factor), nil
	}
	return r, nil
}

// At is r with base added to its address and to those of its companions; ok is
// false when one of them then lies behind the last address. It is how registers
// of a SunSpec block, or of any other whose place is not fixed, become absolute.
func (r Register) At(base uint16) (moved Register, ok bool) {
	ok = int(base)+r.End()-1 <= lastAddress
	r.Address += base
	if u := r.UnitFrom; u != nil {
		ok = ok && int(base)+int(u.Address)+u.Words()-1 <= lastAddress
		copied := *u
		copied.Address += base
		r.UnitFrom = &copied
	}
	if s := r.ScaleFrom; s != nil {
		ok = ok && int(base)+int(s.Address)+s.Words()-1 <= lastAddress
		copied := *s
		copied.Address += base
		r.ScaleFrom = &copied
	}
	return r, ok
}
