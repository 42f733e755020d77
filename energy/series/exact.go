package series

import (
	"math/bits"
)

// share is a × part / whole in 128-bit arithmetic for 0 ≤ part ≤ whole, rounded
// to the nearest, halves up: that rounding does not change when a counter is
// shifted, so the border of a difference is the difference of the borders.
func share(a, part, whole int64) int64 {
	negative := a < 0
	if negative {
		a = -a
	}
	hi, lo := bits.Mul64(uint64(a), uint64(part))
	q, r := bits.Div64(hi, lo, uint64(whole))
	if rest := uint64(whole) - r; r > rest || r == rest && !negative {
		q++
	}
	if negative {
		return -int64(q)
	}
	return int64(q)
}

// scaled is a × r, rounded; ok is false when that exceeds what a counter may
// give, or r is no positive ratio.
func scaled(a int64, r Ratio) (v int64, ok bool) {
	if r.one() {
		return a, true
	}
	if r.Num < 0 || r.Den <= 0 {
		return 0, false
	}
	negative := a < 0
	if negative {
		a = -a
	}
	hi, lo := bits.Mul64(uint64(a), uint64(r.Num))
	if hi >= uint64(r.Den) {
		return 0, false
	}
	q, rest := bits.Div64(hi, lo, uint64(r.Den))
	if rest >= uint64(r.Den)-rest {
		q++
	}
	if q > mostCounter {
		return 0, false
	}
	if negative {
		return -int64(q), true
	}
	return int64(q), true
}

// integral is a sum of products in 128 bits, two's complement.
type integral struct{ hi, lo uint64 }

// add adds a × d for d ≥ 0.
func (s *integral) add(a, d int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(d))
	if a < 0 {
		hi -= uint64(d)
	}
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi, _ = bits.Add64(s.hi, hi, carry)
}

// addSigned adds a × d for any d but the least integer.
func (s *integral) addSigned(a, d int64) {
	if d < 0 {
		a, d = -a, -d
	}
	s.add(a, d)
}

// over is the sum divided by d > 0, rounded half away from zero. The quotient
// must fit, as a mean of int64 does.
func (s integral) over(d int64) int64 {
	hi, lo, negative := s.magnitude()
	q, r := bits.Div64(hi, lo, uint64(d))
	if r >= uint64(d)-r {
		q++
	}
	if negative {
		return -int64(q)
	}
	return int64(q)
}

// fits tells whether the sum divided by d > 0 is what a counter may give.
func (s integral) fits(d int64) bool {
	hi, lo, _ := s.magnitude()
	if hi >= uint64(d) {
		return false
	}
	q, _ := bits.Div64(hi, lo, uint64(d))
	return q < mostCounter
}

// magnitude is the sum without its sign.
func (s integral) magnitude() (hi, lo uint64, negative bool) {
	if s.hi>>63 == 0 {
		return s.hi, s.lo, false
	}
	lo, borrow := bits.Sub64(0, s.lo, 0)
	hi, _ = bits.Sub64(0, s.hi, borrow)
	return hi, lo, true
}
