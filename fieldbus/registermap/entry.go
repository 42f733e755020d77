package registermap

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"heatledger/energy"
)

// entry is a register as files write it; models and configurations share it.
type entry struct {
	Quantity energy.Quantity `yaml:"quantity"`
	Table    Table           `yaml:"table,required"`
	Address  uint16          `yaml:"address,required"` // on the wire, from 0
	Type     Type            `yaml:"type,required"`
	Order    Order           `yaml:"order"`         // ABCD
	Scale    *energy.Value   `yaml:"scale"`         // 1
	Offset   energy.Value    `yaml:"offset"`        // 0, added after scaling
	Unit     energy.Unit     `yaml:"unit"`          // or unit_register
	UnitFrom *unitEntry      `yaml:"unit_register"` // where the meter names the unit by a code
	Absent   []pattern       `yaml:"absent"`        // what the register holds when it has no value
	Modulus  energy.Value    `yaml:"modulus"`       // where the counter starts anew
}

// unitEntry is a unit register as files write it.
type unitEntry struct {
	Address uint16               `yaml:"address,required"`
	Type    Type                 `yaml:"type,required"`
	Order   Order                `yaml:"order"`
	Codes   map[code]energy.Unit `yaml:"codes"`
}

// register is the register that e describes. Findings of [Register] and
// [registers] tell whether it makes sense; here only what is not representable
// is found.
func (e entry) register() (Register, []finding) {
	r := Register{
		Quantity: e.Quantity, Table: e.Table, Address: e.Address, Type: e.Type, Order: orABCD(e.Order),
		Scale: energy.Decimal(1, 0), Offset: e.Offset, Unit: e.Unit, Modulus: e.Modulus,
	}
	if e.Scale != nil {
		r.Scale = shortest(*e.Scale)
	}
	if e.Type == Bool && e.Unit == "" && e.UnitFrom == nil {
		r.Unit = energy.One
	}
	if u := e.UnitFrom; u != nil {
		r.UnitFrom = &UnitRegister{Address: u.Address, Type: u.Type, Order: orABCD(u.Order), Codes: map[uint64]energy.Unit{}}
		for c, unit := range u.Codes {
			r.UnitFrom.Codes[c.number()] = unit
		}
	}
	var found []finding
	for i, p := range e.Absent {
		if p == "" {
			continue // it is no register content, which is noted
		}
		bits, ok := p.bits(r)
		if !ok {
			found = append(found, finding{[]any{"absent", i}, fmt.Sprintf("%s does not fit %s", p, e.Type),
				"the register's content as the manual prints it is expected, such as 0x8000 or -32768"})
			continue
		}
		r.Absent = append(r.Absent, bits)
	}
	return r, found
}

// orABCD is the order, or the protocol's own where the file names none.
func orABCD(o Order) Order {
	if o == "" {
		return ABCD
	}
	return o
}

// pattern is a register's content as manuals print it: the bits (0x8000), or
// the number they stand for (-32768, 9999).
type pattern string

// UnmarshalText takes a whole number, decimal or 0x….
func (p *pattern) UnmarshalText(text []byte) error {
	digits, isHex := strings.CutPrefix(string(text), "0x")
	var err error
	if isHex {
		_, err = strconv.ParseUint(digits, 16, 64)
	} else {
		_, err = energy.ParseValue(string(text))
	}
	if err != nil {
		return fmt.Errorf("%q is no register content: 0x… or a number is expected", text)
	}
	*p = pattern(text)
	return nil
}

// bits is the pattern as r would hold it; ok is false when it does not fit.
func (p pattern) bits(r Register) (uint64, bool) {
	if digits, isHex := strings.CutPrefix(string(p), "0x"); isHex {
		n, err := strconv.ParseUint(digits, 16, 64)
		return n, err == nil && bits.Len64(n) <= bits.Len64(r.Type.mask())
	}
	v, err := energy.ParseValue(string(p))
	if err != nil || !v.Finite() {
		return 0, false
	}
	n := exact(v)
	if r.Type != Float32 && r.Type != Float64 && !n.IsInt() {
		return 0, false
	}
	return r.bits(n)
}

// code is a key of unit_register.codes: a whole number, decimal or 0x….
type code string

// UnmarshalText takes the number.
func (c *code) UnmarshalText(text []byte) error {
	if _, err := strconv.ParseUint(string(text), 0, 64); err != nil {
		return fmt.Errorf("%q is no code: a whole number is expected", text)
	}
	*c = code(text)
	return nil
}

// number is the code as the register holds it.
func (c code) number() uint64 {
	n, _ := strconv.ParseUint(string(c), 0, 64) // checked when it was read
	return n
}
