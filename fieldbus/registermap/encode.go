package registermap

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"heatledger/energy"
)

// Encode is the inverse of [Register.Decode]: the words that stand for value,
// which is in the canonical unit. Integers are rounded half away from zero. It
// errs with [energy.ErrRange] when the register does not hold the number, and
// when the number would be taken for absent. Meters do not need it, those who
// play one do.
func (r Register) Encode(value energy.Value) ([]uint16, error) {
	if r.ScaleFrom != nil {
		return nil, fmt.Errorf("encode %s %d: its scale in %d is still to be read", r.Table, r.Address, r.ScaleFrom.Address)
	}
	inUnit, err := energy.Convert(value, r.canonical(r.Unit), r.Unit)
	if err != nil {
		return nil, fmt.Errorf("encode %s %d: %w", r.Table, r.Address, err)
	}
	if !inUnit.Finite() {
		return nil, fmt.Errorf("encode %s %d: %s: %w", r.Table, r.Address, value, energy.ErrRange)
	}
	n := exact(inUnit)
	n.Sub(n, exact(r.Offset)).Quo(n, exact(r.Scale))
	p, ok := r.bits(n)
	if !ok || slices.Contains(r.Absent, p) {
		return nil, fmt.Errorf("encode %s %d: %s in a %s: %w", r.Table, r.Address, value, r.Type, energy.ErrRange)
	}
	return r.words(p), nil
}

// words spreads a pattern over the wire.
func (r *Register) words(p uint64) []uint16 {
	if r.Type == Bool {
		p <<= r.Bit // the other bits belong to others
	}
	ranked := make([]uint16, r.Words())
	for i := range ranked {
		ranked[i] = uint16(p >> (16 * (len(ranked) - 1 - i)))
	}
	wire := make([]uint16, len(ranked))
	for i := range wire {
		wire[i] = r.Order.word(ranked, i)
	}
	return wire
}

// bits is the pattern nearest to n; ok is false when the type has none. Numbers
// are fractions here, so that nothing is lost on the way to the last rounding.
func (r *Register) bits(n *big.Rat) (p uint64, ok bool) {
	switch r.Type {
	case Float32:
		f, _ := n.Float32()
		return uint64(math.Float32bits(f)), !math.IsInf(float64(f), 0)
	case Float64:
		f, _ := n.Float64()
		return math.Float64bits(f), !math.IsInf(f, 0)
	}
	i := rounded(n)
	if r.Type.signed() {
		half := new(big.Int).Lsh(big.NewInt(1), uint(16*r.Words()-1))
		fits := i.Cmp(half) < 0 && i.Cmp(half.Neg(half)) >= 0
		return uint64(i.Int64()) & r.Type.mask(), fits
	}
	if i.Sign() < 0 || !i.IsUint64() {
		return 0, false
	}
	u := i.Uint64()
	if r.Type.bcd() {
		for shift := range 4 * r.Words() {
			p |= u % 10 << (4 * shift)
			u /= 10
		}
		return p, u == 0
	}
	return u, u <= r.Type.mask()
}

// rounded is the integer nearest to n, half away from zero.
func rounded(n *big.Rat) *big.Int {
	num := new(big.Int).Lsh(new(big.Int).Abs(n.Num()), 1)
	num.Add(num, n.Denom())
	num.Quo(num, new(big.Int).Lsh(n.Denom(), 1))
	if n.Sign() < 0 {
		num.Neg(num)
	}
	return num
}
