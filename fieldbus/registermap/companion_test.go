package registermap_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// engelmann is the heat counter of a SensoStar: an integer, a factor and a unit
// in four characters.
func engelmann() registermap.Register {
	return registermap.Register{
		Quantity: energy.HeatEnergy, Table: registermap.Holding, Address: 0, Type: registermap.Int32, Order: registermap.ABCD, Scale: one(),
		ScaleFrom: &registermap.ScaleRegister{Address: 2, Type: registermap.Uint16, Order: registermap.ABCD, As: registermap.Factor},
		UnitFrom: &registermap.UnitRegister{Address: 3, Type: registermap.String, Order: registermap.ABCD, Length: 2,
			Texts: map[string]energy.Unit{"Wh": "Wh", "kWh": "kWh", "MWh": "MWh", "GJ": "GJ"}},
	}
}

// sunSpecPower is the power of a SunSpec meter with its scale factor.
func sunSpecPower() registermap.Register {
	return registermap.Register{
		Quantity: energy.ActivePower, Table: registermap.Holding, Address: 18, Type: registermap.Int16, Order: registermap.ABCD,
		Scale: one(), Unit: "W", Absent: []uint64{0x8000},
		ScaleFrom: &registermap.ScaleRegister{Address: 22, Type: registermap.Int16, Order: registermap.ABCD, As: registermap.Exponent, Absent: []uint64{0x8000}},
	}
}

func TestAMeterTellsUnitAndScaleOfItsValueItself(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		register   registermap.Register
		companions [][]uint16
		words      []uint16
		want       string // canonical unit, exactly
	}{
		"43 × 100 Wh are 4.3 kWh":                {engelmann(), [][]uint16{{0x5768, 0x2020}, {100}}, []uint16{0, 43}, "4.300"},
		"the same meter set to MWh":              {engelmann(), [][]uint16{{0x4D57, 0x6800}, {1}}, []uint16{0, 43}, "43000"},
		"kWh filled with NUL":                    {engelmann(), [][]uint16{{0x6B57, 0x6800}, {10}}, []uint16{0x0012, 0xD687}, "12345670"},
		"a scale factor of -1":                   {sunSpecPower(), [][]uint16{{0xFFFF}}, []uint16{2305}, "0.2305"},
		"a scale factor of 2 and power fed back": {sunSpecPower(), [][]uint16{{2}}, []uint16{0xFFFB}, "-0.500"},
		"the largest scale factor":               {sunSpecPower(), [][]uint16{{10}}, []uint16{1}, "10000000"},
		"the least scale factor":                 {sunSpecPower(), [][]uint16{{0xFFF6}}, []uint16{1}, "0.0000000000001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resolved, err := test.register.Resolve(test.companions)
			if err != nil {
				t.Fatal(err)
			}
			got, err := resolved.Decode(test.words)
			if err != nil {
				t.Fatal(err)
			}
			want, err := energy.ParseValue(test.want)
			if err != nil {
				t.Fatal(err)
			}
			if !got.IsDecimal() || !got.Equal(want) {
				t.Errorf("%s, want %s exactly", got, test.want)
			}
			if len(resolved.Companions()) != 0 {
				t.Errorf("a resolved register still needs %v", resolved.Companions())
			}
			if again, err := resolved.Encode(got); err != nil || !slices.Equal(again, test.words) {
				t.Errorf("%s is encoded as %#04x, %v", got, again, err)
			}
		})
	}
}

func TestAValueWithoutUnitOrScaleIsNoValue(t *testing.T) {
	t.Parallel()
	factor := func(kind registermap.Type, order registermap.Order) registermap.Register {
		r := engelmann()
		r.ScaleFrom = &registermap.ScaleRegister{Address: 2, Type: kind, Order: order, As: registermap.Factor}
		return r.In("kWh")
	}
	for name, test := range map[string]struct {
		register   registermap.Register
		companions [][]uint16
		absent     bool
	}{
		"a blank unit":                        {engelmann(), [][]uint16{{0x2020, 0x2020}, {1}}, true},
		"a unit of NULs":                      {engelmann(), [][]uint16{{0, 0}, {1}}, true},
		"a unit of ones":                      {engelmann(), [][]uint16{{0xFFFF, 0xFFFF}, {1}}, true},
		"a scale factor that is not there":    {sunSpecPower(), [][]uint16{{0x8000}}, true},
		"a unit in another spelling":          {engelmann(), [][]uint16{{0x6D57, 0x6820}, {1}}, false}, // mWh is not MWh
		"a unit that is no text":              {engelmann(), [][]uint16{{0x0157, 0x6820}, {1}}, false},
		"half a unit":                         {engelmann(), [][]uint16{{0x5768}, {1}}, false},
		"a factor of zero":                    {engelmann(), [][]uint16{{0x5768, 0x2020}, {0}}, false},
		"a negative factor":                   {factor(registermap.Int16, registermap.ABCD), [][]uint16{{0xFFFF}}, false},
		"a factor that is NaN":                {factor(registermap.Float32, registermap.ABCD), [][]uint16{{0x7FC0, 0}}, true},
		"an exponent of 11":                   {sunSpecPower(), [][]uint16{{11}}, false},
		"an exponent of 300":                  {sunSpecPower(), [][]uint16{{300}}, false},
		"an exponent of -11":                  {sunSpecPower(), [][]uint16{{0xFFF5}}, false},
		"no words for the scale":              {engelmann(), [][]uint16{{0x5768, 0x2020}}, false},
		"no words at all":                     {engelmann(), nil, false},
		"the words in the wrong order":        {engelmann(), [][]uint16{{100}, {0x5768, 0x2020}}, false},
		"too many words for the scale factor": {sunSpecPower(), [][]uint16{{0, 2}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resolved, err := test.register.Resolve(test.companions)
			if err == nil || errors.Is(err, registermap.ErrAbsent) != test.absent {
				t.Errorf("resolved to %+v, %v; absent: %v", resolved, err, test.absent)
			}
		})
	}
	for _, r := range []registermap.Register{engelmann(), sunSpecPower(), engelmann().In("kWh")} {
		words := make([]uint16, r.Words())
		if value, err := r.Decode(words); err == nil {
			t.Errorf("%s is read as %s although unit or scale are still unread", r.Quantity, value)
		}
		if words, err := r.Encode(one()); err == nil {
			t.Errorf("%s is encoded as %#04x although unit or scale are still unread", r.Quantity, words)
		}
	}
}

func TestCompanionsAreWhatMustBeReadBesideAValue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		register registermap.Register
		want     []registermap.Companion
	}{
		"unit and factor":             {engelmann(), []registermap.Companion{{Address: 3, Words: 2}, {Address: 2, Words: 1}}},
		"a scale factor":              {sunSpecPower(), []registermap.Companion{{Address: 22, Words: 1}}},
		"the unit is stated":          {engelmann().In("MWh"), []registermap.Companion{{Address: 2, Words: 1}}},
		"neither, as most meters are": {registermap.Register{Type: registermap.Int16, Unit: "kWh"}, nil},
	} {
		if got := test.register.Companions(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestABlockMovesAsAWhole(t *testing.T) {
	t.Parallel()
	moved, ok := engelmann().At(40)
	if want := []registermap.Companion{{Address: 43, Words: 2}, {Address: 42, Words: 1}}; !ok || moved.Address != 40 || !slices.Equal(moved.Companions(), want) {
		t.Errorf("moved to %d with %v, %v", moved.Address, moved.Companions(), ok)
	}
	if before := engelmann().Companions(); before[0].Address != 3 {
		t.Errorf("moving changed the model: %v", before)
	}
	for _, base := range []uint16{65532, 65535} { // the unit ends behind the last address
		if moved, ok := engelmann().At(base); ok {
			t.Errorf("moved to %d: %+v", base, moved)
		}
	}
	if _, ok := engelmann().At(65531); !ok {
		t.Error("a block that ends with the last address does not move there")
	}
}

func TestAUnitRegisterHonoursOrderMaskAndHalves(t *testing.T) {
	t.Parallel()
	text := func(order registermap.Order, length int, half registermap.Half) registermap.UnitRegister {
		return registermap.UnitRegister{Type: registermap.String, Order: order, Length: length, Half: half,
			Texts: map[string]energy.Unit{"kWh": "kWh", "m³": "m³"}}
	}
	masked := registermap.UnitRegister{Type: registermap.Uint16, Order: registermap.ABCD, Mask: 0x00FF, Codes: map[uint64]energy.Unit{5: "Wh"}}
	for name, test := range map[string]struct {
		register registermap.UnitRegister
		words    []uint16
		want     energy.Unit
	}{
		"two characters in a register":                       {text(registermap.ABCD, 2, registermap.Both), []uint16{0x6B57, 0x6820}, "kWh"},
		"the bytes of each register swapped":                 {text(registermap.BADC, 2, registermap.Both), []uint16{0x576B, 0x2068}, "kWh"},
		"the last register first":                            {text(registermap.CDAB, 2, registermap.Both), []uint16{0x6820, 0x6B57}, "kWh"},
		"one character in a register":                        {text(registermap.ABCD, 3, registermap.Both), []uint16{0x006B, 0x0057, 0x0068}, "kWh"},
		"one character in the upper byte":                    {text(registermap.ABCD, 3, registermap.Both), []uint16{0x6B00, 0x5700, 0x6800}, "kWh"},
		"one in the lower byte beside something else":        {text(registermap.ABCD, 3, registermap.Low), []uint16{0x116B, 0x2257, 0x3368}, "kWh"},
		"one in the upper byte beside something else":        {text(registermap.ABCD, 3, registermap.High), []uint16{0x6B11, 0x5722, 0x6833}, "kWh"},
		"a rest behind a NUL":                                {text(registermap.ABCD, 4, registermap.Both), []uint16{0x6B57, 0x6800, 0x4142, 0x4344}, "kWh"},
		"blanks on the left":                                 {text(registermap.ABCD, 2, registermap.Both), []uint16{0x206B, 0x5768}, "kWh"},
		"a superscript three of ISO 8859-1":                  {text(registermap.ABCD, 2, registermap.Both), []uint16{0x6DB3, 0x2020}, "m³"},
		"a superscript three of UTF-8":                       {text(registermap.ABCD, 2, registermap.Both), []uint16{0x6DC2, 0xB300}, "m³"},
		"a code in the lower byte, a kind of block above it": {masked, []uint16{0x0205}, "Wh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := test.register.Decode(test.words); err != nil || got != test.want {
				t.Errorf("%q, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestAMeterSaysWhatItIs(t *testing.T) {
	t.Parallel()
	socomec, _ := registermap.Builtin("socomec/countis-e")
	mark, name := socomec.Identity[0], socomec.Identity[1]
	if !mark.Fits([]uint16{0x0053, 0x004F, 0x0043, 0x004F}) || mark.Fits([]uint16{0x0053, 0x004F, 0x0043, 0x0050}) || mark.Fits([]uint16{0x0053}) {
		t.Error("SOCO is not told from SOCP")
	}
	if got, err := name.Decode([]uint16{0x434F, 0x554E, 0x5449, 0x5320, 0x4532, 0x3400, 0, 0}); err != nil || got != "COUNTIS E24" {
		t.Errorf("product name %q, %v", got, err)
	}
	if !name.Fits([]uint16{0x436F, 0x756E, 0x7469, 0x7320, 0x4532, 0x3300, 0, 0}) || name.Fits([]uint16{0x436F, 0x756E, 0x7469, 0x7320, 0x4531, 0x3400, 0, 0}) {
		t.Error("Countis E23 is not told from Countis E14")
	}
	if got, err := name.Decode(make([]uint16, 8)); !errors.Is(err, registermap.ErrAbsent) || !strings.Contains(err.Error(), "product name in holding 50058") {
		t.Errorf("no product name is %q, %v", got, err)
	}
	serial := registermap.IdentityRegister{Type: registermap.BCD32, Order: registermap.CDAB}
	if got, err := serial.Decode([]uint16{0x5678, 0x0034}); err != nil || got != "345678" || !serial.Fits([]uint16{0x5678, 0x0034}) {
		t.Errorf("serial number %q, %v", got, err)
	}
	family := registermap.IdentityRegister{Type: registermap.String, Order: registermap.ABCD, Length: 3, Expect: []string{"EM3*", "ET340"}}
	for words, want := range map[[3]uint16]bool{
		{0x454D, 0x3333, 0x3000}: true, {0x4554, 0x3334, 0x3000}: true, {0x4554, 0x3333, 0x3000}: false, {0x454D, 0x3234, 0}: false,
	} {
		if family.Fits(words[:]) != want {
			t.Errorf("%#04x fits: %v", words, !want)
		}
	}
}

func TestABitOfARegisterIsReadAlone(t *testing.T) {
	t.Parallel()
	r := registermap.Register{Table: registermap.Holding, Type: registermap.Bool, Bit: 3, Order: registermap.ABCD, Scale: one(), Unit: "1"}
	for word, want := range map[uint16]int64{0x0008: 1, 0xFFFF: 1, 0xFFF7: 0, 0: 0} {
		if got, err := r.Decode([]uint16{word}); err != nil || !got.Equal(energy.Decimal(want, 0)) {
			t.Errorf("bit 3 of %#04x is %s, %v", word, got, err)
		}
	}
	r.Order = registermap.BADC
	if got, err := r.Decode([]uint16{0x0800}); err != nil || !got.Equal(one()) {
		t.Errorf("bit 3 of 0x0800 with its bytes swapped is %s, %v", got, err)
	}
	if words, err := r.Encode(one()); err != nil || !slices.Equal(words, []uint16{0x0800}) {
		t.Errorf("encoded as %#04x, %v", words, err)
	}
}
