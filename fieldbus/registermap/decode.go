package registermap

import (
	"errors"
	"fmt"
	"math"

	"heatledger/energy"
)

// ErrAbsent says that the meter has no value: the register holds NaN, an
// infinity or one of the patterns the map declares absent.
var ErrAbsent = errors.New("meter gives no value")

// Decode is the value in words, as they came over the wire, in the canonical
// unit of the register's quantity. It errs with [ErrAbsent] where the meter has
// none, and where unit or scale are still to be read (see [Register.Resolve]).
// Whoever decodes a register again and again makes a [Decoder] of it.
func (r Register) Decode(words []uint16) (energy.Value, error) {
	number, err := r.scaled(words)
	if err != nil {
		return number, err
	}
	number, err = energy.Convert(number, r.Unit, r.canonical(r.Unit))
	return r.checked(number, err)
}

// Decoder is a register whose unit was looked up once.
type Decoder struct {
	Register
	to    energy.Unit
	byTen bool // the unit differs from to by a power of ten:
	power int
}

// Decoder makes one of r.
func (r Register) Decoder() *Decoder {
	d := &Decoder{Register: r, to: r.canonical(r.Unit)}
	one, err := energy.Convert(energy.Decimal(1, 0), r.Unit, d.to)
	digits, power := one.Mantissa()
	d.byTen, d.power = err == nil && one.IsDecimal() && digits == 1, int(power)
	return d
}

// Decode is what [Register.Decode] is.
func (d *Decoder) Decode(words []uint16) (energy.Value, error) {
	number, err := d.scaled(words)
	if err != nil {
		return number, err
	}
	if d.byTen {
		number = number.Shift(d.power)
	} else {
		number, err = energy.Convert(number, d.Unit, d.to)
	}
	return d.checked(number, err)
}

// scaled is the value in the register's own unit.
func (r *Register) scaled(words []uint16) (energy.Value, error) {
	if r.ScaleFrom != nil {
		return energy.Value{}, fmt.Errorf("decode %s %d: its scale in %d is still to be read", r.Table, r.Address, r.ScaleFrom.Address)
	}
	pattern, err := r.pattern(words)
	if err != nil {
		return energy.Value{}, err
	}
	number, err := r.number(pattern)
	if err != nil {
		return energy.Value{}, err
	}
	return plus(times(number, r.Scale), r.Offset), nil
}

// checked is a value that came out of a conversion, if it is one.
func (r *Register) checked(v energy.Value, err error) (energy.Value, error) {
	if err == nil && !v.Finite() {
		err = energy.ErrRange
	}
	if err != nil {
		return energy.Value{}, fmt.Errorf("decode %s %d: %w", r.Table, r.Address, err)
	}
	return v, nil
}

// In is the register with the unit that its unit register gave.
func (r Register) In(u energy.Unit) Register {
	r.Unit, r.UnitFrom = u, nil
	return r
}

// pattern is the bits of the number, its highest byte first. Words of another
// count are refused: half a counter looks like a smaller one.
func (r *Register) pattern(words []uint16) (uint64, error) {
	if len(words) != r.Words() || len(words) == 0 {
		return 0, fmt.Errorf("decode %s %d: %d words where a %s has %d", r.Table, r.Address, len(words), r.Type, r.Words())
	}
	var p uint64
	for i := range words {
		p = p<<16 | uint64(r.Order.word(words, i))
	}
	if r.Type == Bool && !r.Table.Bits() && r.Table != "" {
		return p >> r.Bit & 1, nil
	}
	if r.Type == Bool && p > 1 {
		return 0, fmt.Errorf("decode %s %d: %d is no bit", r.Table, r.Address, p)
	}
	return p, nil
}

// number is what the pattern says, before scale and unit. Declared patterns come
// first: some of them are finite numbers (SolarEdge's -FLT_MAX, Kamstrup's 2³²),
// and a counter that holds one would jump by its whole range.
func (r *Register) number(p uint64) (energy.Value, error) {
	for _, absent := range r.Absent {
		if p == absent {
			return energy.Value{}, fmt.Errorf("decode %s %d: pattern %#x: %w", r.Table, r.Address, p, ErrAbsent)
		}
	}
	switch {
	case r.Type == Float32:
		return r.float(float64(math.Float32frombits(uint32(p))))
	case r.Type == Float64:
		return r.float(math.Float64frombits(p))
	case r.Type.bcd():
		return r.digits(p)
	case r.Type.signed():
		unused := 64 - 16*r.Words()
		return energy.Decimal(int64(p<<unused)>>unused, 0), nil
	case p > math.MaxInt64: // beyond what a decimal holds; no counter gets there
		return energy.Float(float64(p)), nil
	}
	return energy.Decimal(int64(p), 0), nil
}

// float refuses what no meter means: NaN is how many makers write "no value",
// and an infinity is the result of a division that the meter should not show.
func (r *Register) float(f float64) (energy.Value, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return energy.Value{}, fmt.Errorf("decode %s %d: %v: %w", r.Table, r.Address, f, ErrAbsent)
	}
	return energy.Float(f), nil
}

// digits reads a binary-coded decimal; sixteen of them fit a decimal value. A digit above 9 is neither a number nor
// declared absent: the type in the map is wrong, or the line is.
func (r *Register) digits(p uint64) (energy.Value, error) {
	var n int64
	for shift := 16*r.Words() - 4; shift >= 0; shift -= 4 {
		d := p >> shift & 0xF
		if d > 9 {
			return energy.Value{}, fmt.Errorf("decode %s %d: %#x holds a digit above 9", r.Table, r.Address, p)
		}
		n = n*10 + int64(d)
	}
	return energy.Decimal(n, 0), nil
}
