package registermap_test

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// This is a second decoder, written from the definitions alone and without any
// of the program's arithmetic: bytes are put in order by spelling the order out,
// numbers are fractions. What the program decodes is held against it.

// bytesInOrder are the bytes of a number, the highest first: the orders in full
// say which byte comes first on the wire.
func bytesInOrder(words []uint16, o registermap.Order) []byte {
	wire := make([]byte, 0, 2*len(words))
	for _, w := range words {
		wire = append(wire, byte(w>>8), byte(w))
	}
	spelling := map[registermap.Order]map[int]string{
		registermap.ABCD: {2: "AB", 4: "ABCD", 6: "ABCDEF", 8: "ABCDEFGH"},
		registermap.CDAB: {2: "AB", 4: "CDAB", 6: "EFCDAB", 8: "GHEFCDAB"},
		registermap.BADC: {2: "BA", 4: "BADC", 6: "BADCFE", 8: "BADCFEHG"},
		registermap.DCBA: {2: "BA", 4: "DCBA", 6: "FEDCBA", 8: "HGFEDCBA"},
	}[o][len(wire)]
	ranked := make([]byte, len(wire))
	for i, letter := range spelling {
		ranked[letter-'A'] = wire[i]
	}
	return ranked
}

// slowNumber is the number in words before scale and unit. Where ok is false
// there is none.
func slowNumber(r registermap.Register, words []uint16) (n *big.Rat, ok bool) {
	size := map[registermap.Type]int{
		registermap.Bool: 1, registermap.Uint16: 1, registermap.Int16: 1, registermap.BCD16: 1,
		registermap.Uint32: 2, registermap.Int32: 2, registermap.Float32: 2, registermap.BCD32: 2,
		registermap.Uint48: 3, registermap.Int48: 3, registermap.BCD48: 3,
		registermap.Uint64: 4, registermap.Int64: 4, registermap.Float64: 4, registermap.BCD64: 4,
	}[r.Type]
	if len(words) != size {
		return nil, false
	}
	raw := bytesInOrder(words, r.Order)
	p := new(big.Int).SetBytes(raw)
	if slices.ContainsFunc(r.Absent, func(a uint64) bool { return p.Cmp(new(big.Int).SetUint64(a)) == 0 }) {
		return nil, false
	}
	kind := string(r.Type)
	switch {
	case r.Type == registermap.Bool:
		return new(big.Rat).SetInt64(int64(p.Bit(int(r.Bit)))), true
	case strings.HasPrefix(kind, "float"):
		return slowFloat(p, len(raw))
	case strings.HasPrefix(kind, "bcd"):
		digits := p.Text(16)
		n, ok = new(big.Rat).SetString(digits)
		return n, ok && strings.Trim(digits, "0123456789") == ""
	case strings.HasPrefix(kind, "int") && raw[0] >= 0x80:
		p.Sub(p, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
	}
	return new(big.Rat).SetInt(p), true
}

// slowFloat takes an IEEE 754 number apart: sign, exponent, fraction.
func slowFloat(p *big.Int, size int) (*big.Rat, bool) {
	exponentBits := map[int]uint{4: 8, 8: 11}[size]
	fractionBits := uint(8*size) - 1 - exponentBits
	fraction := new(big.Int).And(p, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), fractionBits), big.NewInt(1)))
	exponent := int(new(big.Int).Rsh(p, fractionBits).Uint64() & (1<<exponentBits - 1))
	if exponent == 1<<exponentBits-1 {
		return nil, false // NaN and infinities
	}
	if exponent > 0 {
		fraction.SetBit(fraction, int(fractionBits), 1)
	} else {
		exponent = 1
	}
	power := exponent - (1<<(exponentBits-1) - 1) - int(fractionBits)
	n := new(big.Rat).SetInt(fraction)
	two := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(max(power, -power))))
	if power < 0 {
		two.Inv(two)
	}
	n.Mul(n, two)
	if p.Bit(8*size-1) == 1 {
		n.Neg(n)
	}
	return n, true
}

// tenTo is 10^n.
func tenTo(n int) *big.Rat {
	p := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
	if n < 0 {
		p.Inv(p)
	}
	return p
}

// rat is a decimal or binary value as a fraction.
func rat(v energy.Value) *big.Rat {
	if !v.IsDecimal() {
		return new(big.Rat).SetFloat64(v.Float64())
	}
	m, e := v.Mantissa()
	return new(big.Rat).Mul(new(big.Rat).SetInt64(m), tenTo(int(e)))
}

// toCanonical is how many canonical units one of each unit is.
func toCanonical(u energy.Unit) *big.Rat {
	return map[energy.Unit]*big.Rat{
		"kWh": tenTo(0), "Wh": tenTo(-3), "MWh": tenTo(3), "GWh": tenTo(6), "GJ": big.NewRat(10000, 36), "MJ": big.NewRat(10, 36),
		"W": tenTo(-3), "kW": tenTo(0), "°C": tenTo(0), "m³": tenTo(0), "l": tenTo(-3), "l/s": big.NewRat(36, 10), "Hz": tenTo(0),
	}[u]
}

// checkAgainstReference decodes words both ways.
func checkAgainstReference(t interface{ Errorf(string, ...any) }, r registermap.Register, words []uint16) {
	got, err := r.Decode(words)
	number, ok := slowNumber(r, words)
	if !ok {
		if err == nil {
			t.Errorf("%+v: %#04x is no number, and yet %s", r, words, got)
		}
		return
	}
	product := new(big.Rat).Mul(number, rat(r.Scale))
	want := new(big.Rat).Add(product, rat(r.Offset))
	want.Mul(want, toCanonical(r.Unit))
	size := new(big.Rat).Add(product.Abs(product), new(big.Rat).Abs(rat(r.Offset)))
	size.Mul(size, toCanonical(r.Unit))
	if err != nil {
		if size.Cmp(tenTo(290)) < 0 || errors.Is(err, registermap.ErrAbsent) {
			t.Errorf("%+v: %#04x is %s: %v", r, words, want.FloatString(9), err)
		}
		return
	}
	if !got.Finite() {
		t.Errorf("%+v: %#04x is %s", r, words, got)
		return
	}
	off := new(big.Rat).Sub(rat(got), want)
	allowed := new(big.Rat)
	if !got.IsDecimal() { // every step may round once
		allowed.Mul(size, big.NewRat(8, 1<<52))
		allowed.Add(allowed, tenTo(-300))
	}
	if off.Abs(off).Cmp(allowed) > 0 {
		t.Errorf("%+v: %#04x is %s, should be %s", r, words, got, want.FloatString(30))
	}
}

func TestTheReferenceDecoderItselfKnowsWhatNumbersAre(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind  registermap.Type
		order registermap.Order
		words []uint16
		want  string
	}{
		"1.5 as float32":            {registermap.Float32, registermap.ABCD, []uint16{0x3FC0, 0}, "3/2"},
		"the least float32":         {registermap.Float32, registermap.ABCD, []uint16{0, 1}, "1/" + new(big.Int).Lsh(big.NewInt(1), 149).String()},
		"-2 as float64, words back": {registermap.Float64, registermap.CDAB, []uint16{0, 0, 0, 0xC000}, "-2"},
		"-1 in six bytes":           {registermap.Int48, registermap.DCBA, []uint16{0xFFFF, 0xFFFF, 0xFFFF}, "-1"},
		"258 with swapped bytes":    {registermap.Uint16, registermap.BADC, []uint16{0x0201}, "258"},
		"twelve digits":             {registermap.BCD48, registermap.ABCD, []uint16{0x1234, 0x5678, 0x9012}, "123456789012"},
	} {
		n, ok := slowNumber(registermap.Register{Type: test.kind, Order: test.order}, test.words)
		want, _ := new(big.Rat).SetString(test.want)
		if !ok || n.Cmp(want) != 0 {
			t.Errorf("%s: %v, %v", name, n, ok)
		}
	}
}

func TestDecodingAgreesWithTheReferenceDecoder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegister().Draw(t, "register")
		if r.Type == registermap.Bool {
			r.Table, r.Bit = registermap.Holding, rapid.Uint8Range(0, 15).Draw(t, "bit")
		}
		word := rapid.OneOf(rapid.Uint16(), rapid.SampledFrom([]uint16{0, 0x8000, 0x7FFF, 0xFFFF, 0x7F80, 0x7FC0, 0x9999}))
		words := rapid.SliceOfN(word, r.Words(), r.Words()).Draw(t, "words")
		checkAgainstReference(t, r, words)
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(uint8(1), uint8(0), uint8(2), int64(1), int8(-2), int64(0), int8(0), uint64(0xFFFF), []byte{0, 1})
	f.Add(uint8(9), uint8(3), uint8(4), int64(25), int8(120), int64(-5), int8(-1), uint64(0), []byte{0xFF, 0xFF, 0xFF, 0xFF})
	f.Add(uint8(8), uint8(1), uint8(0), int64(math.MinInt64), int8(-128), int64(1), int8(127), uint64(1), []byte{0x80, 0, 0, 0, 0, 0, 0, 0})
	f.Add(uint8(7), uint8(1), uint8(5), int64(-1), int8(0), int64(math.MinInt64), int8(0), uint64(1), []byte{0x80, 0, 0, 0, 0, 0, 0, 0})
	f.Add(uint8(8), uint8(0), uint8(5), int64(1), int8(0), int64(math.MinInt64), int8(0), uint64(1), []byte{0x80, 0, 0, 0, 0, 0, 0, 0})
	f.Add(uint8(14), uint8(0), uint8(1), int64(1), int8(-3), int64(0), int8(0), uint64(0), []byte{0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99})
	f.Add(uint8(0), uint8(2), uint8(9), int64(1), int8(0), int64(0), int8(0), uint64(7), []byte{0x00, 0x80})
	orders := []registermap.Order{registermap.ABCD, registermap.CDAB, registermap.BADC, registermap.DCBA}
	units := []energy.Unit{"kWh", "Wh", "MWh", "GWh", "GJ", "MJ", "W", "°C", "l", "l/s", "Hz"}
	f.Fuzz(func(t *testing.T, kind, order, unit uint8, scale int64, exponent int8, offset int64, offsetExponent int8, absent uint64, content []byte) {
		types := registermap.Types()
		r := registermap.Register{
			Table: registermap.Input, Type: types[int(kind)%len(types)], Bit: unit % 16, Order: orders[int(order)%len(orders)],
			Scale: energy.Decimal(scale, exponent), Offset: energy.Decimal(offset, offsetExponent), Unit: units[int(unit)%len(units)],
		}
		if r.Type != registermap.Bool {
			r.Absent = []uint64{absent}
		}
		checkAgainstReference(t, r, content16(content))
	})
}

func FuzzResolve(f *testing.F) {
	f.Add(uint8(0), []byte{0x6B, 0x57, 0x68, 0x20}, []byte{0, 100}, []byte{0, 0, 0, 43})
	f.Add(uint8(1), []byte{0, 1}, []byte{0xFF, 0xFE}, []byte{0x7F, 0xFF, 0xFF, 0xFF})
	f.Add(uint8(3), []byte{0, 2}, []byte{0x3F, 0x80, 0, 0}, []byte{0x80, 0, 0, 0})
	f.Fuzz(func(t *testing.T, form uint8, unit, scale, content []byte) {
		r, unit := engelmann(), unit[:len(unit)&^1]
		r.Absent = []uint64{0x7FFFFFFF}
		if form&1 != 0 {
			r.UnitFrom = &registermap.UnitRegister{Type: registermap.Uint16, Order: registermap.BADC, Codes: map[uint64]energy.Unit{0x0100: "Wh", 0x0200: "MJ"}}
			r.ScaleFrom = &registermap.ScaleRegister{Type: registermap.Int16, Order: registermap.ABCD, As: registermap.Exponent, Absent: []uint64{0x8000}}
		}
		if form&2 != 0 {
			r.ScaleFrom = &registermap.ScaleRegister{Type: registermap.Float32, Order: registermap.ABCD, As: registermap.Factor}
		}
		resolved, err := r.Resolve([][]uint16{content16(unit), content16(scale)})
		if err != nil {
			return
		}
		factor, ok := slowNumber(registermap.Register{Type: r.ScaleFrom.Type, Order: r.ScaleFrom.Order, Absent: r.ScaleFrom.Absent}, content16(scale))
		if !ok {
			t.Fatalf("scale %#v is no number, and yet %s", scale, resolved.Scale)
		}
		if r.ScaleFrom.As == registermap.Exponent {
			n, err := strconv.Atoi(factor.RatString())
			if err != nil || n < -10 || n > 10 {
				t.Fatalf("10^%s is taken for a scale", factor.RatString())
			}
			factor = tenTo(n)
		}
		if factor.Sign() <= 0 || rat(resolved.Scale).Cmp(factor) != 0 {
			t.Fatalf("scale %s, should be %s", resolved.Scale, factor.RatString())
		}
		written := bytes.TrimFunc(unit, func(c rune) bool { return c == 0 || c == ' ' || c == utf8.RuneError })
		want := map[string]energy.Unit{"Wh": "Wh", "kWh": "kWh", "MWh": "MWh", "GJ": "GJ"}[string(written)]
		if form&1 != 0 {
			want = map[string]energy.Unit{"\x00\x01": "Wh", "\x00\x02": "MJ"}[string(unit)]
		}
		if resolved.Unit != want && !strings.Contains(string(unit), "\x00") {
			t.Fatalf("%q is taken for %s, should be %q", unit, resolved.Unit, want)
		}
		checkAgainstReference(t, resolved, content16(content))
	})
}
