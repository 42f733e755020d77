package energy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Value is a number as the meter gave it: a decimal m × 10^exp where the
// register is an integer with a scale, a binary float where it is a float.
// The two forms are kept apart so that nothing is lost and equal means equal.
// The zero Value is the decimal 0.
type Value struct {
	bits   int64 // mantissa, or the bits of a float64
	exp    int8  // power of ten of a decimal
	binary bool
}

// ErrRange says that a number does not fit the fixed unit it is wanted in.
var ErrRange = errors.New("number out of range")

// Decimal is the value mantissa × 10^exp.
func Decimal(mantissa int64, exp int8) Value { return Value{bits: mantissa, exp: exp} }

// Float is a binary value. NaN and infinities are values too; see [Value.Finite].
func Float(f float64) Value { return Value{bits: int64(math.Float64bits(f)), binary: true} }

// IsDecimal tells a decimal from a binary value.
func (v Value) IsDecimal() bool { return !v.binary }

// Mantissa and exponent of a decimal; meaningless for a binary value.
func (v Value) Mantissa() (mantissa int64, exp int8) { return v.bits, v.exp }

// Finite is false for NaN and infinities, which no energy meter means.
func (v Value) Finite() bool {
	return !v.binary || v.bits&(0x7ff<<52) != 0x7ff<<52
}

// Float64 is the nearest float64.
func (v Value) Float64() float64 {
	const exact = 1 << 53 // integers up to here, and 10^22, are floats: one operation rounds once
	switch {
	case v.binary:
		return math.Float64frombits(uint64(v.bits))
	case v.exp == 0:
		return float64(v.bits)
	case magnitude(v.bits) <= exact && v.exp < 0 && v.exp >= -22:
		return float64(v.bits) / math.Pow10(-int(v.exp))
	case magnitude(v.bits) <= exact && v.exp > 0 && v.exp <= 22:
		return float64(v.bits) * math.Pow10(int(v.exp))
	}
	return nearest(v.bits, int(v.exp))
}

// nearest is the float64 nearest to m × 10^exp, an infinity beyond all.
func nearest(m int64, exp int) float64 {
	f, _ := strconv.ParseFloat(strconv.FormatInt(m, 10)+"e"+strconv.Itoa(exp), 64) // errs with the infinity
	return f
}

// Shift multiplies by 10^n, exactly for decimals within the range of the exponent.
func (v Value) Shift(n int) Value {
	if v.binary {
		f := v.Float64()
		if n < 0 {
			return Float(f / math.Pow10(-n))
		}
		return Float(f * math.Pow10(n))
	}
	if e := int(v.exp) + n; e >= math.MinInt8 && e <= math.MaxInt8 {
		return Decimal(v.bits, int8(e))
	}
	return Float(nearest(v.bits, int(v.exp)+n))
}

// Equal tells whether two values are the same number: 1.50 equals 1.5, and a
// decimal equals a binary value only if both are exactly that number.
func (v Value) Equal(w Value) bool {
	if v.binary && w.binary {
		return v.bits == w.bits || v.Float64() == w.Float64()
	}
	if v.binary {
		v, w = w, v
	}
	if w.binary {
		return v.isExactly(w.Float64())
	}
	a, b := v.normal(), w.normal()
	return a.bits == b.bits && a.exp == b.exp
}

// isExactly tells whether the decimal v is the number f, not only next to it.
func (v Value) isExactly(f float64) bool {
	if v.Float64() != f {
		return false
	}
	number := new(big.Int).SetInt64(v.bits)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(int64(v.exp), -int64(v.exp))), nil)
	exact := new(big.Rat)
	if v.exp < 0 {
		exact.SetFrac(number, power)
	} else {
		exact.SetInt(number.Mul(number, power))
	}
	return exact.Cmp(new(big.Rat).SetFloat64(f)) == 0
}

// normal strips trailing zeros of a decimal's mantissa.
func (v Value) normal() Value {
	if v.bits == 0 {
		return Value{}
	}
	for v.bits%10 == 0 && v.exp < math.MaxInt8 {
		v.bits /= 10
		v.exp++
	}
	return v
}

// Fixed is v in units of 10^-digits, rounded half away from zero: 1.2345 with
// 3 digits is 1235. It errs with [ErrRange] when that is no int64.
func (v Value) Fixed(digits int) (int64, error) {
	if v.binary {
		f := math.Round(v.Float64() * math.Pow10(digits))
		if math.IsNaN(f) || f >= math.MaxInt64 || f <= math.MinInt64 {
			return 0, fmt.Errorf("%s with %d digits: %w", v, digits, ErrRange)
		}
		return int64(f), nil
	}
	m := v.bits
	for n := int(v.exp) + digits; n != 0; {
		if n < 0 {
			if n < -19 {
				return 0, nil
			}
			return divideRounded(m, pow10(-n)), nil
		}
		hi, lo := bits.Mul64(magnitude(m), 10)
		if hi != 0 || lo > math.MaxInt64 {
			return 0, fmt.Errorf("%s with %d digits: %w", v, digits, ErrRange)
		}
		if m == 0 {
			return 0, nil
		}
		m *= 10
		n--
	}
	return m, nil
}

// String writes a decimal with all its digits ("0.10" stays "0.10") and a
// binary value in the shortest form that reads back as itself.
func (v Value) String() string {
	if v.binary {
		f := v.Float64()
		if size := math.Abs(f); size >= 1e-6 && size < 1e21 || size == 0 {
			return strconv.FormatFloat(f, 'f', -1, 64) // spreadsheets stumble over exponents
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	digits := strconv.FormatUint(magnitude(v.bits), 10)
	if v.exp < -40 || v.exp > 0 && len(digits)+int(v.exp) > 18 { // written out it would be read as binary
		return fmt.Sprintf("%de%d", v.bits, v.exp)
	}
	if v.exp >= 0 {
		if v.bits != 0 {
			digits += strings.Repeat("0", int(v.exp))
		}
	} else {
		places := -int(v.exp)
		if len(digits) <= places {
			digits = strings.Repeat("0", places-len(digits)+1) + digits
		}
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	if v.bits < 0 {
		return "-" + digits
	}
	return digits
}

// ParseValue reads a number as files write it: "41250000.0", "-3", "1.5e3".
// Up to 18 digits stay decimal, exactly; longer ones become binary. Decimal
// commas, thousands separators, NaN and infinities are refused.
func ParseValue(s string) (Value, error) {
	mantissa, exponent, hasExponent := strings.Cut(strings.ReplaceAll(s, "E", "e"), "e")
	exp := 0
	if hasExponent {
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return Value{}, fmt.Errorf("%q is no number: digits, an optional point and an optional exponent are expected", s)
		}
		exp = n
	}
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole, "+-")
	if len(whole)-len(digits) > 1 || digits+fraction == "" || hasPoint && fraction == "" ||
		strings.Trim(digits+fraction, "0123456789") != "" {
		return Value{}, fmt.Errorf("%q is no number: digits, an optional point and an optional exponent are expected", s)
	}
	exp -= len(fraction)
	if all := strings.TrimLeft(digits+fraction, "0"); len(all) <= 18 && exp >= math.MinInt8 && exp <= math.MaxInt8 {
		m, _ := strconv.ParseInt("0"+all, 10, 64)
		if strings.HasPrefix(whole, "-") {
			m = -m
		}
		return Decimal(m, int8(exp)), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Value{}, fmt.Errorf("%q is out of range", s)
	}
	return Float(f), nil
}

// MarshalJSON writes the number as JSON; NaN and infinities become null.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.Finite() {
		return []byte("null"), nil
	}
	return []byte(v.String()), nil
}

// UnmarshalJSON reads what [Value.MarshalJSON] writes; null becomes NaN.
func (v *Value) UnmarshalJSON(text []byte) (err error) {
	if string(text) == "null" {
		*v = Float(math.NaN())
		return nil
	}
	*v, err = ParseValue(string(text))
	return err
}

func magnitude(m int64) uint64 {
	if m < 0 {
		return uint64(-m)
	}
	return uint64(m)
}

func pow10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

// divideRounded is m / d, half away from zero.
func divideRounded(m int64, d uint64) int64 {
	q, r := magnitude(m)/d, magnitude(m)%d
	if r >= d-r {
		q++
	}
	if m < 0 {
		return -int64(q)
	}
	return int64(q)
}

// AppendForm appends the value to dst in the form that digests cover: 0 or 1
// for a decimal or binary value, the exponent, and eight bytes of mantissa or
// float, big endian.
func (v Value) AppendForm(dst []byte) []byte {
	form := byte(0)
	if v.binary {
		form = 1
	}
	return binary.BigEndian.AppendUint64(append(dst, form, byte(v.exp)), uint64(v.bits))
}
