package energy_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
)

func TestNumbersAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]energy.Value{
		"0":                    energy.Decimal(0, 0),
		"0.10":                 energy.Decimal(10, -2),
		"41250000.0":           energy.Decimal(412500000, -1),
		"-3":                   energy.Decimal(-3, 0),
		"+3":                   energy.Decimal(3, 0),
		"-0.5":                 energy.Decimal(-5, -1),
		".5":                   energy.Decimal(5, -1),
		"007":                  energy.Decimal(7, 0),
		"1.5e3":                energy.Decimal(15, 2),
		"1.5E-3":               energy.Decimal(15, -4),
		"999999999999999999":   energy.Decimal(999999999999999999, 0),
		"-0.00000000000000001": energy.Decimal(-1, -17),
		"9999999999999999999":  energy.Float(1e19),
		"5347.614457831330001": energy.Float(5347.61445783133),
		"1e200":                energy.Float(1e200),
		"0e200":                energy.Float(0),
	} {
		if got, err := energy.ParseValue(text); err != nil || got != want {
			t.Errorf("%q is read as %#v (%v), want %#v", text, got, err, want)
		}
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " 1", "1 ", "-", "+", ".", "5.", "--5", "+-5", "1-5", "1.-5", "1.2.3", "1,5", "1.000,5", "1'000", "1_000", "1_0e1_0",
		"NaN", "nan", "Inf", "-inf", "infinity", "0x10", "0b1", "e5", "1e", "1e5e3", "1e+", "1e1.5", "1e400", "-1e400", "٣", "½", "12kWh",
	} {
		if got, err := energy.ParseValue(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		} else if !strings.Contains(err.Error(), "\""+text+"\"") {
			t.Errorf("%q: the error does not name it: %v", text, err)
		}
	}
}

func TestNumbersAreWrittenWithAllTheirDigits(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]energy.Value{
		"0":                       {},
		"0.00":                    energy.Decimal(0, -2),
		"0.10":                    energy.Decimal(10, -2),
		"-0.05":                   energy.Decimal(-5, -2),
		"-5.00":                   energy.Decimal(-500, -2),
		"1200":                    energy.Decimal(12, 2),
		"120000000000000000":      energy.Decimal(12, 16),
		"12e17":                   energy.Decimal(12, 17),
		"-9223372036854775808":    energy.Decimal(math.MinInt64, 0),
		"-922337203685477580.8":   energy.Decimal(math.MinInt64, -1),
		"9223372036854775807":     energy.Decimal(math.MaxInt64, 0),
		"5e19":                    energy.Decimal(5, 19),
		"-9223372036854775808e19": energy.Decimal(math.MinInt64, 19),
		"7e-128":                  energy.Decimal(7, -128),
		"0.1":                     energy.Float(0.1),
		"1e+21":                   energy.Float(1e21),
		"NaN":                     energy.Float(math.NaN()),
		"-Inf":                    energy.Float(math.Inf(-1)),
	} {
		if got := v.String(); got != want {
			t.Errorf("%#v is written %q, want %q", v, got, want)
		}
	}
}

// anyValue draws decimals and floats; finite unless asked otherwise.
func anyValue() *rapid.Generator[energy.Value] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Decimal(rapid.Int64().Draw(t, "mantissa"), rapid.Int8().Draw(t, "exp"))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Decimal(rapid.Int64Range(-9999, 9999).Draw(t, "mantissa"), rapid.Int8Range(-6, 6).Draw(t, "exp"))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value { return energy.Float(rapid.Float64().Draw(t, "float")) }),
		rapid.SampledFrom([]energy.Value{
			energy.Decimal(math.MinInt64, 0), energy.Decimal(math.MinInt64, -6), energy.Decimal(math.MaxInt64, -19),
			energy.Decimal(5, -7), energy.Decimal(-5, -7), energy.Decimal(1<<53+1, 0), energy.Decimal(1<<53+1, -20),
		}),
	)
}

// rational is the value exactly.
func rational(v energy.Value) *big.Rat {
	if !v.IsDecimal() {
		return new(big.Rat).SetFloat64(v.Float64())
	}
	m, exp := v.Mantissa()
	r := new(big.Rat).SetInt64(m)
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(max(int64(exp), -int64(exp))), nil))
	if exp < 0 {
		return r.Quo(r, power)
	}
	return r.Mul(r, power)
}

func TestWhatIsWrittenReadsBackAsTheSameNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue().Draw(t, "value")
		back, err := energy.ParseValue(v.String())
		if err != nil {
			t.Fatal(err)
		}
		m, _ := v.Mantissa()
		if v.IsDecimal() && (m > 1e18-1 || m < -(1e18-1)) {
			if back.Float64() != v.Float64() { // nineteen digits become binary
				t.Fatalf("%v came back as %v", v, back)
			}
			return
		}
		if back.Float64() != v.Float64() || v.IsDecimal() && !back.Equal(v) {
			t.Fatalf("%v came back as %v", v, back)
		}
	})
}

func TestTheNearestFloatIsTheNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue().Draw(t, "value")
		if want, _ := rational(v).Float64(); v.Float64() != want {
			t.Fatalf("%v is near %v, not %v", v, want, v.Float64())
		}
	})
}

func TestEqualMeansTheSameNumber(t *testing.T) {
	t.Parallel()
	near := rapid.Custom(func(t *rapid.T) [2]energy.Value {
		v := anyValue().Draw(t, "value")
		w := anyValue().Draw(t, "other")
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			w = energy.Float(v.Float64())
		case 1:
			if m, exp := v.Mantissa(); v.IsDecimal() && m < 1e17 && m > -1e17 && exp > -128 {
				w = energy.Decimal(10*m, exp-1)
			}
		case 2:
			w = v
		}
		return [2]energy.Value{v, w}
	})
	rapid.Check(t, func(t *rapid.T) {
		pair := near.Draw(t, "values")
		v, w := pair[0], pair[1]
		want := rational(v).Cmp(rational(w)) == 0
		if v.Equal(w) != want || w.Equal(v) != want {
			t.Fatalf("%v equals %v: %v, %v, want %v", v, w, v.Equal(w), w.Equal(v), want)
		}
	})
	nan := energy.Float(math.NaN())
	if !nan.Equal(nan) || nan.Equal(energy.Decimal(0, 0)) || energy.Decimal(0, 0).Equal(nan) {
		t.Error("NaN equals itself alone")
	}
	if energy.Decimal(1, -1).Equal(energy.Float(0.1)) || !energy.Decimal(5, -1).Equal(energy.Float(0.5)) {
		t.Error("a decimal equals a binary value only if both are exactly that number")
	}
}

func TestFixedRoundsHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value  energy.Value
		digits int
		want   int64
	}{
		{energy.Decimal(12345, -4), 3, 1235}, {energy.Decimal(-12345, -4), 3, -1235}, {energy.Decimal(12344, -4), 3, 1234},
		{energy.Decimal(5, -7), 6, 1}, {energy.Decimal(-5, -7), 6, -1}, {energy.Decimal(4, -7), 6, 0}, {energy.Decimal(5, -1), 0, 1},
		{energy.Decimal(412500000, -1), 6, 41_250_000_000_000}, {energy.Decimal(3, 2), 3, 300_000}, {energy.Decimal(0, 127), 6, 0},
		{energy.Decimal(math.MinInt64, -6), 6, math.MinInt64}, {energy.Decimal(math.MaxInt64, -6), 6, math.MaxInt64},
		{energy.Decimal(math.MinInt64, -7), 6, -922337203685477581}, {energy.Decimal(math.MinInt64, -25), 6, -1},
		{energy.Decimal(math.MaxInt64, -26), 6, 0}, {energy.Decimal(7, -128), 6, 0},
		{energy.Float(0.0000015), 6, 2}, {energy.Float(-2.5), 0, -3}, {energy.Float(5347.61445783133), 6, 5_347_614_458}, {energy.Float(-9.2e12), 6, -9_200_000_000_000_000_000},
	} {
		if got, err := test.value.Fixed(test.digits); err != nil || got != test.want {
			t.Errorf("%v with %d digits is %d (%v), want %d", test.value, test.digits, got, err, test.want)
		}
	}
	for _, v := range []energy.Value{
		energy.Decimal(math.MaxInt64, -5), energy.Decimal(math.MinInt64, -5), energy.Decimal(1, 13), energy.Decimal(1, 127),
		energy.Float(9.3e12), energy.Float(-9.3e12), energy.Float(1e300), energy.Float(math.Inf(1)), energy.Float(math.NaN()),
	} {
		if got, err := v.Fixed(6); !errors.Is(err, energy.ErrRange) {
			t.Errorf("%v with 6 digits is %d (%v)", v, got, err)
		}
	}
}

func TestFixedOfDecimalsIsExact(t *testing.T) {
	t.Parallel()
	half := big.NewRat(1, 2)
	rapid.Check(t, func(t *rapid.T) {
		v := energy.Decimal(rapid.Int64().Draw(t, "mantissa"), rapid.Int8Range(-30, 10).Draw(t, "exp"))
		digits := rapid.IntRange(0, 6).Draw(t, "digits")
		scaled := new(big.Rat).Mul(rational(v), rational(energy.Decimal(1, int8(digits))))
		away := new(big.Rat).Abs(scaled)
		away.Add(away, half)
		want := new(big.Int).Quo(away.Num(), away.Denom())
		if scaled.Sign() < 0 {
			want.Neg(want)
		}
		got, err := v.Fixed(digits)
		if want.IsInt64() != (err == nil) || err == nil && got != want.Int64() {
			t.Fatalf("%v with %d digits is %d (%v), want %v", v, digits, got, err, want)
		}
	})
}

func TestShiftMultipliesByAPowerOfTen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value energy.Value
		n     int
		want  energy.Value
	}{
		{energy.Decimal(41250, 0), -3, energy.Decimal(41250, -3)}, {energy.Decimal(15, -1), 3, energy.Decimal(15, 2)},
		{energy.Float(230.5), -3, energy.Float(0.2305)}, {energy.Float(0.2305), 3, energy.Float(230.5)},
		{energy.Decimal(1, 120), 10, energy.Float(1e130)}, {energy.Decimal(1, -120), -10, energy.Float(1e-130)},
		{energy.Decimal(math.MinInt64, 0), -6, energy.Decimal(math.MinInt64, -6)},
	} {
		if got := test.value.Shift(test.n); got != test.want {
			t.Errorf("%v shifted by %d is %v, want %v", test.value, test.n, got, test.want)
		}
	}
}

func TestNaNAndInfinitiesAreNullInJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal([]energy.Value{
		energy.Decimal(10, -2), energy.Float(math.NaN()), energy.Float(math.Inf(-1)), energy.Float(1e300), energy.Decimal(5, 19), {},
	})
	if want := `[0.10,null,null,1e+300,5e19,0]`; err != nil || string(got) != want {
		t.Errorf("%s (%v), want %s", got, err, want)
	}
	for v, want := range map[energy.Value]bool{
		energy.Float(math.NaN()): false, energy.Float(math.Inf(1)): false, energy.Float(math.MaxFloat64): true,
		energy.Float(0): true, energy.Decimal(math.MinInt64, 127): true,
	} {
		if v.Finite() != want {
			t.Errorf("%v is finite: %v", v, v.Finite())
		}
	}
}

func FuzzParseValue(f *testing.F) {
	for _, text := range []string{"0.10", "-41250000.0", "1.5e3", "1e-300", "9999999999999999999", "--5", "1e"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := energy.ParseValue(text)
		if err != nil {
			return
		}
		if !v.Finite() {
			t.Fatalf("%q is read as %v", text, v)
		}
		if back, err := energy.ParseValue(v.String()); err != nil || back.Float64() != v.Float64() || v.IsDecimal() && !back.Equal(v) {
			t.Fatalf("%q is read as %v, which is read as %v (%v)", text, v, back, err)
		}
	})
}
