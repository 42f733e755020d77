package registermap

import (
	"math"
	"math/big"

	"heatledger/energy"
)

// times is v × scale: exact for decimals while the product has 18 digits, and
// one division or product of floats for binary values. A power of ten only moves
// the exponent, which is why scales are kept without trailing zeros.
func times(v, scale energy.Value) energy.Value {
	m, e := scale.Mantissa()
	if scale.IsDecimal() && m == 1 {
		return v.Shift(int(e))
	}
	if !v.IsDecimal() || !scale.IsDecimal() {
		return energy.Float(v.Float64() * scale.Float64())
	}
	n, f := v.Mantissa()
	product, ok := multiply(n, m)
	exp := int(e) + int(f)
	if !ok || exp < math.MinInt8 || exp > math.MaxInt8 {
		return energy.Float(v.Float64() * scale.Float64())
	}
	return energy.Decimal(product, int8(exp))
}

// plus is v + offset: exact for decimals while the sum has 18 digits.
func plus(v, offset energy.Value) energy.Value {
	if m, _ := offset.Mantissa(); offset.IsDecimal() && m == 0 {
		return v
	}
	if !v.IsDecimal() || !offset.IsDecimal() {
		return energy.Float(v.Float64() + offset.Float64())
	}
	a, e := v.Mantissa()
	b, f := offset.Mantissa()
	exp := min(e, f)
	a, okA := raise(a, int(e)-int(exp))
	b, okB := raise(b, int(f)-int(exp))
	sum := a + b
	if !okA || !okB || (sum > a) != (b > 0) { // b is not zero
		return energy.Float(v.Float64() + offset.Float64())
	}
	return energy.Decimal(sum, exp)
}

// raise is m × 10^n; ok is false when it does not fit.
func raise(m int64, n int) (int64, bool) {
	ok := true
	for ; n > 0 && ok && m != 0; n-- {
		m, ok = multiply(m, 10)
	}
	return m, ok
}

// multiply is a × b; ok is false when it does not fit. The two products with
// -1 are apart because the least integer has no counterpart above zero.
func multiply(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	p := a * b
	return p, p/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64)
}

// shortest strips trailing zeros, so that a scale of 0.10 adds no digit that
// the meter does not have.
func shortest(v energy.Value) energy.Value {
	m, e := v.Mantissa()
	if !v.IsDecimal() || m == 0 {
		return v
	}
	for m%10 == 0 && e < math.MaxInt8 {
		m, e = m/10, e+1
	}
	return energy.Decimal(m, e)
}

// exact is v as a fraction. v is finite.
func exact(v energy.Value) *big.Rat {
	if !v.IsDecimal() {
		return new(big.Rat).SetFloat64(v.Float64())
	}
	m, e := v.Mantissa()
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(int64(e), -int64(e))), nil)
	if e < 0 {
		return new(big.Rat).SetFrac(big.NewInt(m), power)
	}
	return new(big.Rat).SetInt(power.Mul(power, big.NewInt(m)))
}
