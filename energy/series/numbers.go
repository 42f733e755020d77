package series

import (
	"math"
	"slices"

	"heatledger/energy"
)

// The forms in which values are kept. Their numbers are stored.
const (
	allDecimal = 0
	allBinary  = 1
	mixedForms = 2 // a column says which is which (0 decimal, 1 binary)

	decimalPlain  = 0 // mantissas as they are
	decimalScaled = 1 // mantissas brought to the least exponent
	decimalPrint  = 2 // float32 bits; the decimals are their prints with the given exponents

	binary64 = 0 // float64 bits, ordered
	binary32 = 1 // float32 bits, ordered, times a power of ten
)

// appendValues appends values whose count the reader knows, decimals and
// binary floats in columns of their own:
//
//	byte 0 all decimal, 1 all binary, 2 mixed: then a column of 0 and 1
//	decimals: column of exponents, byte form, column of mantissas or float bits
//	binaries: byte form, for float32 varint n (times 10^n), column of ordered bits
func appendValues(dst []byte, vs []energy.Value) []byte {
	var decimals, binaries []energy.Value
	forms := make([]int64, len(vs))
	for i, v := range vs {
		if v.IsDecimal() {
			decimals = append(decimals, v)
		} else {
			binaries = append(binaries, v)
			forms[i] = 1
		}
	}
	switch {
	case len(binaries) == 0:
		dst = append(dst, allDecimal)
	case len(decimals) == 0:
		dst = append(dst, allBinary)
	default:
		dst = appendColumn(append(dst, mixedForms), forms)
	}
	if len(decimals) > 0 {
		dst = appendDecimals(dst, decimals)
	}
	if len(binaries) > 0 {
		dst = appendBinaries(dst, binaries)
	}
	return dst
}

// values reads n values; nil when the block is corrupt.
func (c *cursor) values(n int) []energy.Value {
	form := c.byte()
	switch {
	case c.err != nil || n == 0:
		return nil
	case form == allDecimal:
		return c.decimals(n)
	case form == allBinary:
		return c.binaries(n)
	case form != mixedForms:
		c.spoil()
		return nil
	}
	forms := c.column(n)
	count := 0
	for _, f := range forms {
		if f != 0 && f != 1 {
			c.spoil()
		}
		count += int(f & 1)
	}
	decimals, binaries := c.decimals(n-count), c.binaries(count)
	if c.err != nil {
		return nil
	}
	vs := make([]energy.Value, n)
	for i, f := range forms {
		if f == 0 {
			vs[i], decimals = decimals[0], decimals[1:]
		} else {
			vs[i], binaries = binaries[0], binaries[1:]
		}
	}
	return vs
}

func appendDecimals(dst []byte, vs []energy.Value) []byte {
	mantissas, exps := make([]int64, len(vs)), make([]int64, len(vs))
	for i, v := range vs {
		m, e := v.Mantissa()
		mantissas[i], exps[i] = m, int64(e)
	}
	dst = appendColumn(dst, exps)
	form, column := byte(decimalPlain), mantissas
	if _, straight := line(exps); !straight || exps[0] != exps[len(exps)-1] {
		_, least := forecast(mantissas)
		if scaled, ok := scaleDown(mantissas, exps); ok {
			if _, cost := forecast(scaled); cost < least {
				form, column, least = decimalScaled, scaled, cost
			}
		}
		if prints, ok := unprint(mantissas, exps); ok {
			if _, cost := forecast(prints); cost < least {
				form, column = decimalPrint, prints
			}
		}
	}
	return appendColumn(append(dst, form), column)
}

func (c *cursor) decimals(n int) []energy.Value {
	if n == 0 {
		return nil
	}
	exps, form := c.column(n), c.byte()
	column := c.column(n)
	if c.err != nil {
		return nil
	}
	least, most := slices.Min(exps), slices.Max(exps)
	if least < math.MinInt8 || most > math.MaxInt8 || form > decimalPrint ||
		form == decimalScaled && most-least > 18 {
		c.spoil()
		return nil
	}
	vs := make([]energy.Value, n)
	for i, m := range column {
		switch form {
		case decimalScaled:
			m /= tens(exps[i] - least)
		case decimalPrint:
			m = printed(m, exps[i])
		}
		vs[i] = energy.Decimal(m, int8(exps[i]))
	}
	return vs
}

// scaleDown brings mantissas to the least exponent; ok is false when one does
// not fit.
func scaleDown(mantissas, exps []int64) (scaled []int64, ok bool) {
	least := slices.Min(exps)
	if slices.Max(exps)-least > 18 {
		return nil, false
	}
	scaled = make([]int64, len(mantissas))
	for i, m := range mantissas {
		factor := tens(exps[i] - least)
		scaled[i] = m * factor
		if m > math.MaxInt64/factor || m < -math.MaxInt64/factor {
			return nil, false
		}
	}
	return scaled, true
}

// unprint finds the float32 that each decimal is the print of: files carry
// float32 registers as "541.45374", with more digits than the float holds.
func unprint(mantissas, exps []int64) (prints []int64, ok bool) {
	prints = make([]int64, len(mantissas))
	for i, m := range mantissas {
		f := energy.Decimal(m, int8(exps[i])).Float64()
		prints[i] = int64(order32(int32(math.Float32bits(float32(f)))))
		if printed(prints[i], exps[i]) != m {
			return nil, false
		}
	}
	return prints, true
}

// printed is the mantissa of the float32 with the given ordered bits, rounded
// to 10^exp. It uses one correctly rounded operation, so that every machine
// gives the same.
func printed(ordered, exp int64) int64 {
	f := float64(math.Float32frombits(uint32(order32(int32(ordered)))))
	switch {
	case exp > 0 && exp <= 18:
		f /= float64(tens(exp))
	case exp <= 0 && exp >= -18:
		f *= float64(tens(-exp))
	default:
		return 0
	}
	if f = math.RoundToEven(f); math.Abs(f) < 1<<62 {
		return int64(f)
	}
	return 0
}

func appendBinaries(dst []byte, vs []energy.Value) []byte {
	column := make([]int64, len(vs))
	for _, n := range []int{0, -3, 3, -6, 6, -1, -2, -4, 1, 2} {
		if narrow(vs, n, column) {
			return appendColumn(appendVarint(append(dst, binary32), int64(n)), column)
		}
	}
	for i, v := range vs {
		column[i] = order64(int64(math.Float64bits(v.Float64())))
	}
	return appendColumn(append(dst, binary64), column)
}

func (c *cursor) binaries(count int) []energy.Value {
	if count == 0 {
		return nil
	}
	form, n := c.byte(), int64(0)
	if form == binary32 {
		n = c.varint()
	}
	column := c.column(count)
	if c.err != nil || form > binary32 || n < -18 || n > 18 {
		c.spoil()
		return nil
	}
	vs := make([]energy.Value, count)
	for i, x := range column {
		if form == binary64 {
			vs[i] = energy.Float(math.Float64frombits(uint64(order64(x))))
			continue
		}
		vs[i] = energy.Float(widened(uint32(order32(int32(x))), int(n)))
	}
	return vs
}

// narrow writes to column the float32 whose widened product with 10^n each
// value is; ok is false when one is not of that form, bit by bit.
func narrow(vs []energy.Value, n int, column []int64) (ok bool) {
	for i, v := range vs {
		f := v.Float64()
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
		column[i] = int64(order32(int32(b)))
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

// tens is 10^n for n from 0 to 18.
func tens(n int64) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
