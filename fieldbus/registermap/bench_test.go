package registermap_test

import (
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

func BenchmarkDecode(b *testing.B) {
	janitza, _ := registermap.Builtin("janitza/umg96rm")
	gavazzi, _ := registermap.Builtin("carlogavazzi/em340")
	float, _ := janitza.Register("active_power")
	integer, _ := gavazzi.Register("active_energy_import")
	for name, test := range map[string]struct {
		register registermap.Register
		words    []uint16
	}{
		"float32 in W":              {float, []uint16{0x4996, 0xB438}},
		"int32 of 0.1 kWh":          {integer, []uint16{0xE54E, 0x1893}},
		"int32 with unit and scale": {engelmann(), []uint16{0, 43}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			beside := [][]uint16{{0x6B57, 0x6820}, {100}}
			for b.Loop() {
				r, err := test.register.Resolve(beside)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.Decode(test.words); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecoder is a register that is read again and again.
func BenchmarkDecoder(b *testing.B) {
	janitza, _ := registermap.Builtin("janitza/umg96rm")
	float, _ := janitza.Register("active_power")
	for name, decode := range map[string]func([]uint16) (energy.Value, error){"register": float.Decode, "decoder": float.Decoder().Decode} {
		b.Run(name, func(b *testing.B) {
			words := []uint16{0x4996, 0xB438}
			for b.Loop() {
				if _, err := decode(words); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
