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

// base is the size of a unit in the base unit of levels and, in thousandths, of
// amounts: 1 kW is 1000 W, 1 m³ is 1000 l.
func (f field) base() float64 {
	size := 1.0
	switch f.unit {
	case "kW", "kWh":
		size = 1000
	case "l/h":
		size = 0.001
	case "m³":
		size = 1000
	}
	return size
}

// shown is a number as the field gives it, in the field's unit: what a reader
// that makes no mistake has in hand.
func (f field) shown(m *meter, s State) energy.Value {
	if f.shows.cumulative() {
		return f.quantise(0, f.amount(m, s), true)
	}
	return f.quantise(f.level(m, s), 0, false)
}

// quantise brings an amount (mWh, ml) or a level to the field's form: counters
// are cut, levels rounded to the next count.
func (f field) quantise(level float64, amount int64, cumulative bool) energy.Value {
	count := f.base() * math.Pow10(int(f.scale))
	switch {
	case f.kind == float32Words && cumulative:
		return energy.Float(float64(float32(float64(amount) / (1000 * count))))
	case f.kind == float32Words:
		return energy.Float(float64(float32(level / count)))
	case f.kind == float64Words && cumulative:
		return energy.Float(float64(amount) / (1000 * count))
	case f.kind == float64Words:
		return energy.Float(level / count)
	case cumulative:
		counted := amount / round(1000*count)
		if f.kind == uint32Words {
			counted = int64(uint32(counted)) // the register turns over
		}
		return energy.Decimal(counted, f.scale)
	}
	return energy.Decimal(round(level/count), f.scale)
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
