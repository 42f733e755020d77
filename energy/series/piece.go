package series

import (
	"math/bits"
	"time"

	"heatledger/energy"
)

// piece is a stretch of time about which something is known: a counter runs
// from first to last, a level moves from first to last, both evenly.
// Instants are µs since 1970.
type piece struct {
	from, to    int64
	first, last int64
	quality     energy.Quality
	spread      bool // its profile is unknown: a span
}

// at is the number at instant x within the piece, rounded. Amounts are
// differences of such rounded stands, so that they telescope: whatever borders
// cut a piece, its parts add up to the whole, to the last digit.
func (p piece) at(x int64) int64 {
	switch x {
	case p.from:
		return p.first
	case p.to:
		return p.last
	}
	return p.first + share(p.last-p.first, x-p.from, p.to-p.from)
}

// covers tells whether what the piece says was measured at its own time.
func (p piece) covers() bool {
	return !p.spread && (p.quality == energy.Measured || p.quality == energy.Calculated)
}

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

// over is the sum divided by d > 0, rounded half away from zero. The quotient
// must fit, as a mean of int64 does.
func (s integral) over(d int64) int64 {
	negative := s.hi>>63 == 1
	if negative {
		var borrow uint64
		s.lo, borrow = bits.Sub64(0, s.lo, 0)
		s.hi, _ = bits.Sub64(0, s.hi, borrow)
	}
	q, r := bits.Div64(s.hi, s.lo, uint64(d))
	if r >= uint64(d)-r {
		q++
	}
	if negative {
		return -int64(q)
	}
	return int64(q)
}

// Seconds is the length of p in whole seconds between its borders rounded down.
// Coverage is counted so: parts add up to the whole in any split, and a
// quarter-hour has exactly 900.
func Seconds(p energy.Period) int64 { return p.To.Unix() - p.From.Unix() }

// wholeSeconds is Seconds for instants in µs.
func wholeSeconds(from, to int64) int64 { return floorSecond(to) - floorSecond(from) }

func floorSecond(x int64) int64 {
	s := x / 1_000_000
	if x < 0 && s*1_000_000 != x {
		s--
	}
	return s
}

func instant(x int64) time.Time { return time.UnixMicro(x).UTC() }

// severity orders qualities from the best to the worst.
func severity(q energy.Quality) int {
	switch q {
	case energy.Missing:
		return 0
	case energy.Measured:
		return 1
	case energy.Calculated:
		return 2
	case energy.Distributed:
		return 3
	case energy.Substitute:
		return 4
	case energy.Declared:
		return 5
	}
	return 6
}

// Worse is the quality of what was made of parts of qualities a and b:
// measured, calculated, distributed, substitute, declared, suspect, the later
// one. Missing parts do not count: they show in the coverage.
func Worse(a, b energy.Quality) energy.Quality {
	if severity(b) > severity(a) {
		return b
	}
	return a
}

// known tells whether an amount of quality q is known, be it only in sum.
func known(q energy.Quality) bool {
	return q == energy.Measured || q == energy.Calculated || q == energy.Distributed
}
