package series

import (
	"math"
	"slices"

	"heatledger/energy"
)

func appendDecimals(dst []byte, rs []energy.Reading) []byte {
	var room [2][few]int64
	mantissas, exps := roomFor(room[0][:], len(rs)), roomFor(room[1][:], len(rs))
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

// powersOfTen are 10^0 to 10^18.
func powersOfTen() (tens [19]int64) {
	tens[0] = 1
	for n := 1; n < len(tens); n++ {
		tens[n] = 10 * tens[n-1]
	}
	return tens
}
