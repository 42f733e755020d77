package registermap_test

import (
	"math/rand/v2"
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// A decoder gives what its register gives, to the last digit and in the same form,
// whatever the unit, the type and the words.
func TestADecoderGivesWhatItsRegisterGives(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	values := 0
	for _, unit := range []energy.Unit{"mWh", "Wh", "kWh", "MWh", "J", "MJ", "GJ", "W", "kW", "MW", "l", "m3", "m3/h", "l/h", "Cel", "°C", "K", "Hz", "1", "%", "", "furlong"} {
		for _, of := range []registermap.Type{registermap.Uint16, registermap.Int32, registermap.Int64, registermap.Uint64, registermap.Float32, registermap.Float64} {
			for _, scale := range []energy.Value{energy.Decimal(1, 0), energy.Decimal(1, -2), energy.Decimal(25, 1), energy.Float(0.3)} {
				r := registermap.Register{Table: registermap.Holding, Type: of, Order: registermap.ABCD, Scale: scale, Unit: unit, Absent: []uint64{0}}
				if random.IntN(2) == 0 {
					r.Offset = energy.Decimal(random.Int64N(100), -1)
				}
				decoder := r.Decoder()
				for range 50 {
					words := make([]uint16, r.Words())
					for i := range words {
						words[i] = uint16(random.Uint32()) >> random.IntN(17)
					}
					want, wrong := r.Decode(words)
					got, err := decoder.Decode(words)
					if (err == nil) != (wrong == nil) || err != nil && err.Error() != wrong.Error() {
						t.Fatalf("%s in %q, %x: %v, want %v", of, unit, words, err, wrong)
					}
					if err == nil {
						values++
						if got != want {
							t.Fatalf("%s in %q, %x: %s, want %s", of, unit, words, got, want)
						}
					}
				}
			}
		}
	}
	if values < 5000 {
		t.Errorf("%d values were compared", values)
	}
}
