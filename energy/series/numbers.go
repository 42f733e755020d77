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

// appendValues appends the values of readings whose count the reader knows,
// decimals and binary floats in columns of their own:
//
//	byte 0 all decimal, 1 all binary, 2 mixed: then a column of 0 and 1
//	decimals: column of exponents, byte form, column of mantissas or float bits
//	binaries: byte form, for float32 varint n (times 10^n), column of ordered bits
func appendValues(dst []byte, rs []energy.Reading) []byte {
	forms := make([]int64, len(rs))
	count := 0
	for i := range rs {
		if !rs[i].Value.IsDecimal() {
			forms[i] = 1
			count++
		}
	}
	switch count {
	case 0:
		return appendDecimals(append(dst, allDecimal), rs)
	case len(rs):
		return appendBinaries(append(dst, allBinary), rs)
	}
	var decimals, binaries []energy.Reading
	for i, r := range rs {
		if forms[i] == 0 {
			decimals = append(decimals, r)
		} else {
			binaries = append(binaries, r)
		}
	}
	dst = appendColumn(append(dst, mixedForms), forms)
	return appendBinaries(appendDecimals(dst, decimals), binaries)
}

// values reads the value of each of rs.
func (c *cursor) values(rs []energy.Reading) {
	form := c.byte()
	switch {
	case c.err != nil:
		return
	case form == allDecimal:
		c.decimals(rs)
		return
	case form == allBinary:
		c.binaries(rs)
		return
	case form != mixedForms:
		c.spoil()
		return
	}
	forms := c.column(len(rs))
	if least, most := forms.limits(len(rs)); c.err != nil || least < 0 || most > 1 {
		c.spoil()
		return
	}
	count := 0
	for i := range rs {
		count += int(forms.at(i))
	}
	decimals, binaries := make([]energy.Reading, len(rs)-count), make([]energy.Reading, count)
	if len(decimals) == 0 || count == 0 {
		c.spoil()
		return
	}
	c.decimals(decimals)
	c.binaries(binaries)
	for i := range rs {
		if forms.at(i) == 0 {
			rs[i], decimals = decimals[0], decimals[1:]
		} else {
			rs[i], binaries = binaries[0], binaries[1:]
		}
	}
}

func appendDecimals(dst []byte, rs []energy.Reading) []byte {
	mantissas, exps := make([]int64, len(rs)), make([]int64, len(rs))
	for i := range rs {
		m, e := rs[i].Value.Mantissa()
		mantissas[i], exps[i] = m, int64(e)
	}
	dst = appendColumn(dst, exps)
	form, numbers := byte(decimalPlain), mantissas
	if step, straight := line(exps); !straight || step != 0 {
		_, least := forecast(mantissas)
		if scaled, ok := scaleDown(mantissas, exps); ok {
			if _, cost := forecast(scaled); cost < least {
				form, numbers, least = decimalScaled, scaled, cost
			}
		}
		if prints, ok := unprint(mantissas, exps); ok {
			if _, cost := forecast(prints); cost < least {
				form, numbers = decimalPrint, prints
			}
		}
	}
	return appendColumn(append(dst, form), numbers)
}

func (c *cursor) decimals(rs []energy.Reading) {
	exps, form := c.column(len(rs)), c.byte()
	numbers := c.column(len(rs))
	if c.err != nil {
		return
	}
	least, most := exps.limits(len(rs))
	if least < math.MinInt8 || most > math.MaxInt8 || form > decimalPrint ||
		form == decimalScaled && most-least > 18 {
		c.spoil()
		return
	}
	tens := powersOfTen()
	for i := range rs {
		m, exp := numbers.at(i), exps.at(i)
		switch form {
		case decimalScaled:
			m /= tens[exp-least]
		case decimalPrint:
			m = printed(m, exp, &tens)
		}
		rs[i].Value = energy.Decimal(m, int8(exp))
	}
}

// scaleDown brings mantissas to the least exponent; ok is false when one does
// not fit.
func scaleDown(mantissas, exps []int64) (scaled []int64, ok bool) {
	least := slices.Min(exps)
	if slices.Max(exps)-least > 18 {
		return nil, false
	}
	scaled = make([]int64, len(mantissas))
	tens := powersOfTen()
	for i, m := range mantissas {
		factor := tens[exps[i]-least]
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
	tens := powersOfTen()
	for i, m := range mantissas {
		f := energy.Decimal(m, int8(exps[i])).Float64()
		prints[i] = int64(order32(int32(math.Float32bits(float32(f)))))
		if printed(prints[i], exps[i], &tens) != m {
			return nil, false
		}
	}
	return prints, true
}

// printed is the mantissa of the float32 with the given ordered bits, rounded
// to 10^exp. It uses one correctly rounded operation, so that every machine
// gives the same.
func printed(ordered, exp int64, tens *[19]int64) int64 {
	f := float64(math.Float32frombits(uint32(order32(int32(ordered)))))
	switch {
	case exp > 0 && exp <= 18:
		f /= float64(tens[exp])
	case exp <= 0 && exp >= -18:
		f *= float64(tens[-exp])
	default:
		return 0
	}
	if f = math.RoundToEven(f); math.Abs(f) < 1<<62 {
		return int64(f)
	}
	return 0
}

func appendBinaries(dst []byte, rs []energy.Reading) []byte {
	numbers := make([]int64, len(rs))
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

// powersOfTen are 10^0 to 10^18.
func powersOfTen() (tens [19]int64) {
	tens[0] = 1
	for n := 1; n < len(tens); n++ {
		tens[n] = 10 * tens[n-1]
	}
	return tens
}
