package series

import (
	"math"

	"heatledger/energy"
)

func appendBinaries(dst []byte, rs []energy.Reading) []byte {
	var room [few]int64
	numbers := roomFor(room[:], len(rs))
	for _, n := range []int{0, -3, 3, -6, 6, -1, -2, -4, 1, 2} {
		if narrow(rs, n, numbers) {
			return appendColumn(appendVarint(append(dst, binary32), int64(n)), numbers)
		}
	}
	for i := range rs {
		numbers[i] = order64(int64(math.Float64bits(rs[i].Value.Float64())))
	}
	return appendColumn(append(dst, binary64), numbers)
}

func (c *cursor) binaries(rs []energy.Reading) {
	form, n := c.byte(), int64(0)
	if form == binary32 {
		n = c.varint()
	}
	numbers := c.column(len(rs))
	if c.err != nil || form > binary32 || n < -18 || n > 18 {
		c.spoil()
		return
	}
	for i := range rs {
		x := numbers.at(i)
		if form == binary64 {
			rs[i].Value = energy.Float(math.Float64frombits(uint64(order64(x))))
		} else {
			rs[i].Value = energy.Float(widened(uint32(order32(int32(x))), int(n)))
		}
	}
}

// narrow writes to numbers the float32 whose widened product with 10^n each
// value is; ok is false when one is not of that form, bit by bit.
func narrow(rs []energy.Reading, n int, numbers []int64) (ok bool) {
	for i := range rs {
		f := rs[i].Value.Float64()
		g := float32(f)
		switch {
		case f != f: // keeps the payload; the hardware may not
			g = math.Float32frombits(uint32(math.Float64bits(f)>>32)&(1<<31) | 0xff<<23 | uint32(math.Float64bits(f)>>29)&(1<<23-1))
		case n > 0:
			g = float32(f / math.Pow10(n))
		case n < 0:
			g = float32(f * math.Pow10(-n))
		}
		b := math.Float32bits(g)
		if math.Float64bits(widened(b, n)) != math.Float64bits(f) {
			return false
		}
		numbers[i] = int64(order32(int32(b)))
	}
	return true
}

// widened is the float32 with bits b times 10^n, computed as [energy.Value.Shift]
// does: a register in W that is kept in kW was a float32 once.
func widened(b uint32, n int) float64 {
	if b>>23&0xff == 0xff { // infinity or NaN: bit by bit
		return math.Float64frombits(uint64(b>>31)<<63 | 0x7ff<<52 | uint64(b&(1<<23-1))<<29)
	}
	f := float64(math.Float32frombits(b))
	if n < 0 {
		return f / math.Pow10(-n)
	}
	return f * math.Pow10(n)
}

// order64 maps the bits of floats to integers in the order of the floats, so
// that neighbouring levels are neighbouring integers. It is its own inverse.
func order64(b int64) int64 {
	if b < 0 {
		return b ^ math.MaxInt64
	}
	return b
}

// order32 is order64 for float32.
func order32(b int32) int32 {
	if b < 0 {
		return b ^ math.MaxInt32
	}
	return b
}
