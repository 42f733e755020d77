package plantsim

import (
	"math"

	"heatledger/energy"
)

// kind is how a value is written into registers, most significant word first.
type kind uint8

const (
	float32Words kind = iota
	float64Words
	int16Words
	uint32Words
	int64Words
)

// words is the number of 16-bit registers.
func (k kind) words() uint16 { return [...]uint16{2, 4, 1, 2, 4}[k] }

// String is the kind's name in a register map.
func (k kind) String() string {
	return [...]string{"float32", "float64", "int16", "uint32", "int64"}[k]
}

// float tells floating kinds from integers.
func (k kind) float() bool { return k == float32Words || k == float64Words }

// base is the size of the field's unit in the base units of levels (W, m³/h)
// and, in thousandths, of amounts (Wh, l).
func (f field) base() float64 {
	switch f.unit {
	case "kW", "kWh", "m³":
		return 1000
	case "l/h":
		return 0.001
	}
	return 1
}

// shown is a number as the field gives it, in the field's unit: what a reader
// that makes no mistake has in hand.
func (f field) shown(m *meter, s State) energy.Value {
	if f.shows.cumulative() {
		return f.counted(f.amount(m, s))
	}
	return f.levelled(f.level(m, s))
}

// counted brings an amount (mWh, ml) to the field's form; a count is given
// when it is full.
func (f field) counted(amount int64) energy.Value {
	count := 1000 * f.base() * math.Pow10(int(f.scale))
	if f.kind.float() {
		return f.float(float64(amount) / count)
	}
	n := amount / round(count)
	if f.kind == uint32Words {
		n = int64(uint32(n)) // the register turns over
	}
	return energy.Decimal(n, f.scale)
}

// levelled brings a level to the field's form, rounded to the next count.
func (f field) levelled(level float64) energy.Value {
	count := f.base() * math.Pow10(int(f.scale))
	if f.kind.float() {
		return f.float(level / count)
	}
	return energy.Decimal(round(level/count), f.scale)
}

// float is x as the field's float holds it.
func (f field) float(x float64) energy.Value {
	if f.kind == float32Words {
		x = float64(float32(x))
	}
	return energy.Float(x)
}

// encode writes a shown value into registers.
func (f field) encode(v energy.Value) []uint16 {
	var bits uint64
	switch n, _ := v.Mantissa(); f.kind {
	case float32Words:
		bits = uint64(math.Float32bits(float32(v.Float64())))
	case float64Words:
		bits = math.Float64bits(v.Float64())
	default:
		bits = uint64(n)
	}
	words := make([]uint16, f.kind.words())
	for i := range words {
		words[len(words)-1-i] = uint16(bits >> (16 * i))
	}
	return words
}

// absent is what a meter sends for a value it does not have: NaN, the smallest
// signed and the largest unsigned integer.
func (f field) absent() energy.Value {
	switch f.kind {
	case int16Words:
		return energy.Decimal(math.MinInt16, f.scale)
	case uint32Words:
		return energy.Decimal(math.MaxUint32, f.scale)
	case int64Words:
		return energy.Decimal(math.MinInt64, f.scale)
	}
	return energy.Float(math.NaN())
}

// step is the size of the smallest change the field can show at value v, in its unit.
func (f field) step(v energy.Value) energy.Value {
	switch f.kind {
	case float32Words:
		x := float32(v.Float64())
		return energy.Float(float64(math.Nextafter32(x, math.MaxFloat32)) - float64(x))
	case float64Words:
		x := v.Float64()
		return energy.Float(math.Nextafter(x, math.MaxFloat64) - x)
	}
	return energy.Decimal(1, f.scale)
}
