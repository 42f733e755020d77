// Package kpi computes the standard figures of a site from its days. It knows
// which points a figure adds up and which standard defines it; it judges
// nothing and reads nothing itself: its caller hands it days, spans and sums.
//
// Sums come first, the division last and once (EN 50600-4-2: the figures of
// shorter periods are never averaged). Numerator and denominator are paired:
// where one of them lacks energy, the other is left out too, and the coverage
// says so.
package kpi

import (
	"math"
	"math/bits"

	"heatledger/energy"
)

// Unity is the factor of a term that is added as it is.
const Unity = 1000

// Scale is a × num / den for den > 0, in 128-bit arithmetic, rounded half away
// from zero.
func Scale(a energy.Amount, num, den int64) energy.Amount {
	if num == den {
		return a
	}
	negative := (a < 0) != (num < 0)
	hi, lo := bits.Mul64(abs(int64(a)), abs(num))
	quotient := uint64(math.MaxInt64) // beyond int64, which no meter reaches
	if hi < uint64(den) {
		var rest uint64
		if quotient, rest = bits.Div64(hi, lo, uint64(den)); rest >= uint64(den)-rest {
			quotient++
		}
		quotient = min(quotient, math.MaxInt64)
	}
	if negative {
		return -energy.Amount(quotient)
	}
	return energy.Amount(quotient)
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
