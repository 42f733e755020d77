package registermap_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

func one() energy.Value { return energy.Decimal(1, 0) }

func TestARegisterIsDecodedToTheLastDigit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		register registermap.Register
		words    []uint16
		want     string // canonical unit
		decimal  bool
	}{
		"4125 with scale 0.01 MWh is 41.25 MWh": {
			registermap.Register{Type: registermap.Uint32, Order: registermap.ABCD, Scale: energy.Decimal(1, -2), Unit: "MWh"},
			[]uint16{0, 4125}, "41250", true},
		"a negative int16 keeps its sign": {
			registermap.Register{Type: registermap.Int16, Order: registermap.ABCD, Scale: energy.Decimal(1, -2), Unit: "°C"},
			[]uint16{0xFFFF}, "-0.01", true},
		"low word first": {
			registermap.Register{Type: registermap.Int32, Order: registermap.CDAB, Scale: energy.Decimal(1, -1), Unit: "kWh"},
			[]uint16{0x0001, 0x0002}, "13107.3", true},
		"bytes swapped within registers": {
			registermap.Register{Type: registermap.Uint32, Order: registermap.BADC, Scale: one(), Unit: "Wh"},
			[]uint16{0x0100, 0x0200}, "65.538", true},
		"little endian throughout, eight bytes": {
			registermap.Register{Type: registermap.Int64, Order: registermap.DCBA, Scale: one(), Unit: "Wh"},
			[]uint16{0x0100, 0, 0, 0}, "0.001", true},
		"a signed six-byte counter": {
			registermap.Register{Type: registermap.Int48, Order: registermap.ABCD, Scale: one(), Unit: "Wh"},
			[]uint16{0xFFFF, 0xFFFF, 0xFFFF}, "-0.001", true},
		"an unsigned six-byte counter": {
			registermap.Register{Type: registermap.Uint48, Order: registermap.ABCD, Scale: one(), Unit: "Wh"},
			[]uint16{0xFFFF, 0xFFFF, 0xFFFF}, "281474976710.655", true},
		"a scale that is no power of ten stays exact": {
			registermap.Register{Type: registermap.Uint16, Order: registermap.ABCD, Scale: energy.Decimal(25, -2), Unit: "kWh"},
			[]uint16{3}, "0.75", true},
		"an offset is added after scaling": {
			registermap.Register{Type: registermap.Uint16, Order: registermap.ABCD, Scale: energy.Decimal(1, -1), Offset: energy.Decimal(-50, 0), Unit: "°C"},
			[]uint16{715}, "21.5", true},
		"binary-coded decimals": {
			registermap.Register{Type: registermap.BCD32, Order: registermap.ABCD, Scale: one(), Unit: "kWh"},
			[]uint16{0x1234, 0x5678}, "12345678", true},
		"a float32 is exactly the float": {
			registermap.Register{Type: registermap.Float32, Order: registermap.ABCD, Scale: one(), Unit: "kWh"},
			[]uint16{0x3DCC, 0xCCCD}, "0.10000000149011612", false},
		"a float64, low word first": {
			registermap.Register{Type: registermap.Float64, Order: registermap.CDAB, Scale: one(), Unit: "kW"},
			[]uint16{0, 0, 0, 0x4028}, "12", false},
		"GJ become kWh": {
			registermap.Register{Type: registermap.Uint16, Order: registermap.ABCD, Scale: one(), Unit: "GJ"},
			[]uint16{36}, "10000", false},
		"fuel is kept in litres": {
			registermap.Register{Quantity: energy.FuelVolume, Type: registermap.Uint16, Order: registermap.ABCD, Scale: one(), Unit: "m³"},
			[]uint16{2}, "2000", true},
		"water is kept in cubic metres": {
			registermap.Register{Quantity: energy.WaterVolume, Type: registermap.Uint16, Order: registermap.ABCD, Scale: one(), Unit: "l"},
			[]uint16{2500}, "2.5", true},
		"a counter of a Carlo Gavazzi EM340, 0.1 kWh in two registers, low word first": {
			registermap.Register{Quantity: energy.ActiveEnergyImport, Table: registermap.Input, Type: registermap.Int32, Order: registermap.CDAB, Scale: energy.Decimal(1, -1), Unit: "kWh"},
			[]uint16{0xE54E, 0x1893}, "41234567.8", true},
		"the low word first of six bytes": {
			registermap.Register{Type: registermap.Uint48, Order: registermap.CDAB, Scale: one(), Unit: "Wh"},
			[]uint16{0x0003, 0x0002, 0x0001}, "4295098.371", true},
		"twelve binary-coded digits": {
			registermap.Register{Type: registermap.BCD48, Order: registermap.ABCD, Scale: energy.Decimal(1, -3), Unit: "kWh"},
			[]uint16{0x0012, 0x3456, 0x7890}, "1234567.890", true},
		"sixteen binary-coded digits, low word first": {
			registermap.Register{Type: registermap.BCD64, Order: registermap.CDAB, Scale: one(), Unit: "Wh"},
			[]uint16{0x3456, 0x9012, 0x5678, 0x1234}, "1234567890123.456", true},
		"a bit": {
			registermap.Register{Table: registermap.Coil, Type: registermap.Bool, Order: registermap.ABCD, Scale: one(), Unit: "1"},
			[]uint16{1}, "1", true},
		"a counter beyond what decimals hold becomes binary": {
			registermap.Register{Type: registermap.Uint64, Order: registermap.ABCD, Scale: one(), Unit: "kWh"},
			[]uint16{0x8000, 0, 0, 0}, "9223372036854775808", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := test.register.Decode(test.words)
			if err != nil {
				t.Fatal(err)
			}
			want, err := energy.ParseValue(test.want)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got, want) || got.IsDecimal() != test.decimal {
				t.Errorf("decoded %s (decimal: %v), want %s", got, got.IsDecimal(), test.want)
			}
		})
	}
}

func TestAValueTheMeterDoesNotHaveIsAbsentAndNeverZero(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind   registermap.Type
		absent []uint64
		words  []uint16
	}{
		"NaN":                            {registermap.Float32, nil, []uint16{0x7FC0, 0}},
		"a signalling NaN":               {registermap.Float32, nil, []uint16{0x7F80, 1}},
		"infinity":                       {registermap.Float32, nil, []uint16{0xFF80, 0}},
		"a NaN of eight bytes":           {registermap.Float64, nil, []uint16{0x7FF8, 0, 0, 0}},
		"the least int16 where declared": {registermap.Int16, []uint64{0x8000}, []uint16{0x8000}},
		"all ones where declared":        {registermap.Uint32, []uint64{0, 0xFFFFFFFF}, []uint16{0xFFFF, 0xFFFF}},
		"zero where declared":            {registermap.Uint32, []uint64{0, 0xFFFFFFFF}, []uint16{0, 0}},
		"a float pattern where declared": {registermap.Float32, []uint64{0x4F800000}, []uint16{0x4F80, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registermap.Register{Type: test.kind, Order: registermap.ABCD, Scale: one(), Unit: "kWh", Absent: test.absent}
			if value, err := r.Decode(test.words); !errors.Is(err, registermap.ErrAbsent) {
				t.Errorf("decoded %s, %v", value, err)
			}
			r.Absent = nil
			if _, err := r.Decode(test.words); len(test.absent) > 0 && err != nil {
				t.Errorf("a pattern that nobody declared absent: %v", err)
			}
		})
	}
}

func TestWhatIsNoNumberIsAnError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		register registermap.Register
		words    []uint16
	}{
		"too few words":          {registermap.Register{Type: registermap.Uint32, Scale: one(), Unit: "kWh"}, []uint16{1}},
		"too many words":         {registermap.Register{Type: registermap.Uint16, Scale: one(), Unit: "kWh"}, []uint16{1, 2}},
		"no type":                {registermap.Register{Scale: one(), Unit: "kWh"}, nil},
		"a hexadecimal digit":    {registermap.Register{Type: registermap.BCD16, Scale: one(), Unit: "kWh"}, []uint16{0x00A1}},
		"a bit of two":           {registermap.Register{Type: registermap.Bool, Scale: one(), Unit: "1"}, []uint16{2}},
		"a unit nobody knows":    {registermap.Register{Type: registermap.Uint16, Scale: one(), Unit: "hp"}, []uint16{2}},
		"a unit still unread":    {registermap.Register{Type: registermap.Uint16, Scale: one(), UnitFrom: &registermap.UnitRegister{}}, []uint16{2}},
		"energy in °C":           {registermap.Register{Quantity: energy.HeatEnergy, Type: registermap.Uint16, Scale: one(), Unit: "°C"}, []uint16{2}},
		"beyond a float's range": {registermap.Register{Type: registermap.Float64, Scale: energy.Decimal(1, 9), Unit: "kWh"}, []uint16{0x7FEF, 0xFFFF, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if value, err := test.register.Decode(test.words); err == nil || errors.Is(err, registermap.ErrAbsent) {
				t.Errorf("decoded %s, %v", value, err)
			}
		})
	}
}

func TestAUnitRegisterNamesTheUnit(t *testing.T) {
	t.Parallel()
	from := registermap.UnitRegister{Address: 100, Type: registermap.Uint16, Order: registermap.ABCD, Codes: map[uint64]energy.Unit{3: "MWh"}}
	r := registermap.Register{Quantity: energy.HeatEnergy, Type: registermap.Uint16, Scale: one(), UnitFrom: &from}
	unit, err := from.Decode([]uint16{3})
	if err != nil {
		t.Fatal(err)
	}
	if value, err := r.In(unit).Decode([]uint16{7}); err != nil || !value.Equal(energy.Decimal(7000, 0)) {
		t.Errorf("7 MWh are %s kWh, %v", value, err)
	}
	if unit, err := from.Decode([]uint16{4}); err == nil {
		t.Errorf("code 4 is taken for %s", unit)
	}
}

func TestEncodeRefusesWhatTheRegisterDoesNotHold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		register registermap.Register
		value    energy.Value
	}{
		"too much for uint16":   {registermap.Register{Type: registermap.Uint16, Scale: one(), Unit: "kWh"}, energy.Decimal(65536, 0)},
		"below zero":            {registermap.Register{Type: registermap.Uint32, Scale: one(), Unit: "kWh"}, energy.Decimal(-1, 0)},
		"too little for int16":  {registermap.Register{Type: registermap.Int16, Scale: one(), Unit: "kWh"}, energy.Decimal(-32769, 0)},
		"five digits":           {registermap.Register{Type: registermap.BCD16, Scale: one(), Unit: "kWh"}, energy.Decimal(10000, 0)},
		"too much for float32":  {registermap.Register{Type: registermap.Float32, Scale: one(), Unit: "kWh"}, energy.Float(1e39)},
		"NaN":                   {registermap.Register{Type: registermap.Float32, Scale: one(), Unit: "kWh"}, energy.Float(math.NaN())},
		"what means no value":   {registermap.Register{Type: registermap.Uint16, Scale: one(), Unit: "kWh", Absent: []uint64{0xFFFF}}, energy.Decimal(65535, 0)},
		"a unit nobody knows":   {registermap.Register{Type: registermap.Uint16, Scale: one(), Unit: "hp"}, one()},
		"a bit of two":          {registermap.Register{Type: registermap.Bool, Scale: one(), Unit: "1"}, energy.Decimal(2, 0)},
		"too much for uint64":   {registermap.Register{Type: registermap.Uint64, Scale: one(), Unit: "kWh"}, energy.Float(1e20)},
		"too much for int48":    {registermap.Register{Type: registermap.Int48, Scale: one(), Unit: "kWh"}, energy.Decimal(1<<47, 0)},
		"temperature in energy": {registermap.Register{Quantity: energy.Temperature, Type: registermap.Uint16, Scale: one(), Unit: "kWh"}, one()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if words, err := test.register.Encode(test.value); err == nil {
				t.Errorf("%s is encoded as %#04x", test.value, words)
			}
		})
	}
}

// anyRegister draws registers as maps have them.
func anyRegister() *rapid.Generator[registermap.Register] {
	return rapid.Custom(func(t *rapid.T) registermap.Register {
		r := registermap.Register{
			Table: registermap.Holding,
			Type:  rapid.SampledFrom(registermap.Types()).Draw(t, "type"),
			Order: rapid.SampledFrom([]registermap.Order{registermap.ABCD, registermap.CDAB, registermap.BADC, registermap.DCBA}).Draw(t, "order"),
			Scale: energy.Decimal(rapid.SampledFrom([]int64{1, 1, 1, 25, 3, -1}).Draw(t, "scale"), int8(rapid.IntRange(-4, 4).Draw(t, "exponent"))),
			Unit:  rapid.SampledFrom([]energy.Unit{"kWh", "Wh", "MWh", "kW", "°C", "m³"}).Draw(t, "unit"),
		}
		if r.Type == registermap.Bool {
			r.Table = registermap.Coil
		}
		isFloat := r.Type == registermap.Float32 || r.Type == registermap.Float64
		if !isFloat && rapid.Bool().Draw(t, "has an offset") {
			r.Offset = energy.Decimal(rapid.Int64Range(-1000, 1000).Draw(t, "offset"), -1)
		}
		return r
	})
}

func TestWhatIsDecodedIsEncodedToTheSameWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegister().Draw(t, "register")
		if r.Type == registermap.Bool || r.Type == registermap.Float32 || r.Type == registermap.Float64 {
			r.Offset, r.Scale = energy.Value{}, one() // a product of floats is not reversible to the last bit
		}
		words := rapid.SliceOfN(rapid.Uint16(), r.Words(), r.Words()).Draw(t, "words")
		if r.Type == registermap.Float64 {
			r.Unit = "kWh" // no room for a division by 1000 and back
		}
		value, err := r.Decode(words)
		isFloat := r.Type == registermap.Float32 || r.Type == registermap.Float64
		if err != nil || !value.IsDecimal() && !isFloat || isFloat && value.Float64() == 0 {
			return // no number, an integer beyond 63 bits, or one of the two zeros of floats
		}
		again, err := r.Encode(value)
		if err != nil || !slices.Equal(words, again) {
			t.Fatalf("%+v: words %#04x are %s, encoded %#04x, %v", r, words, value, again, err)
		}
	})
}

func TestWhatIsEncodedIsDecodedToWithinHalfAStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegister().Draw(t, "register")
		value := energy.Decimal(rapid.Int64Range(-1e12, 1e12).Draw(t, "mantissa"), int8(rapid.IntRange(-9, 0).Draw(t, "exponent")))
		words, err := r.Encode(value)
		if err != nil {
			return // it does not fit
		}
		back, err := r.Decode(words)
		if err != nil {
			t.Fatalf("%+v: %s is encoded as %#04x, which is: %v", r, value, words, err)
		}
		step, err := energy.Convert(r.Scale, r.Unit, canonical(r.Unit))
		if err != nil {
			t.Fatal(err)
		}
		allowed := math.Abs(step.Float64()) / 2
		if r.Type == registermap.Float32 || r.Type == registermap.Float64 {
			allowed = 1e-7 * math.Abs(value.Float64())
		}
		allowed += 1e-12 * math.Abs(value.Float64()) // the comparison itself is in floats
		if off := math.Abs(back.Float64() - value.Float64()); off > allowed {
			t.Fatalf("%+v: %s came back as %s: %g away, %g allowed", r, value, back, off, allowed)
		}
	})
}

func canonical(u energy.Unit) energy.Unit {
	for _, q := range energy.Quantities() {
		if q.Unit() != energy.Litre && u.Convertible(q.Unit()) {
			return q.Unit()
		}
	}
	return u
}
