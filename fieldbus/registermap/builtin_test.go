package registermap_test

import (
	"errors"
	"os"
	"testing"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus/registermap"
)

// frames is the file of test frames beside a model.
type frames struct {
	Synthetic bool    `yaml:"synthetic,required"`
	Frames    []frame `yaml:"frames,required"`
}

// frame is one answer of a meter and what it means, or that it means nothing.
type frame struct {
	Register   string        `yaml:"quantity,required"` // as configurations name it
	Unit       energy.Unit   `yaml:"unit"`
	Companions [][]uint16    `yaml:"companions"`
	Words      []uint16      `yaml:"words,required"`
	Value      *energy.Value `yaml:"value"`
	Absent     bool          `yaml:"absent"`
}

func TestBuiltinModelsDecodeTheirFrames(t *testing.T) {
	t.Parallel()
	if ids := registermap.Builtins(); len(ids) < 3 {
		t.Fatalf("built-in models: %v", ids)
	}
	for _, id := range registermap.Builtins() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			m, ok := registermap.Builtin(id)
			if !ok || m.ID != id {
				t.Fatalf("builtin %s is %+v, %v", id, m, ok)
			}
			tested := map[string]bool{}
			for i, f := range readFrames(t, id+".frames.yaml") {
				r, ok := m.Named(f.Register)
				if !ok {
					t.Errorf("frame %d: no register for %s", i+1, f.Register)
				}
				if f.Unit != "" {
					r = r.In(f.Unit)
				}
				tested[f.Register] = tested[f.Register] || f.Value != nil
				checkFrame(t, i+1, r, f)
			}
			for _, name := range m.Names() {
				if !tested[name] {
					t.Errorf("no frame with a value for %s", name)
				}
			}
		})
	}
}

func checkFrame(t *testing.T, n int, r registermap.Register, f frame) {
	t.Helper()
	r, err := r.Resolve(f.Companions)
	var value energy.Value
	if err == nil {
		value, err = r.Decode(f.Words)
	}
	if f.Absent {
		if !errors.Is(err, registermap.ErrAbsent) {
			t.Errorf("frame %d: %s is %s, %v: absent is wanted", n, f.Register, value, err)
		}
		return
	}
	if err != nil || f.Value == nil || !same(value, *f.Value) {
		t.Fatalf("frame %d: %s is %s, %v: %v is wanted", n, f.Register, value, err, f.Value)
	}
	if words, err := r.Encode(value); err != nil || !equalWords(words, f.Words) {
		t.Errorf("frame %d: %s of %s is encoded as %#04x, %v", n, f.Register, value, words, err)
	}
}

func readFrames(t *testing.T, file string) []frame {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var f frames
	if _, faults := strictyaml.Decode(file, src, &f); len(faults) > 0 {
		t.Fatal(faults)
	}
	return f.Frames
}

func TestABuiltinModelSaysWhetherItIsConfirmed(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{"janitza/umg96rm": true, "schneider/iem3000": true, "sontex/supercal531": false} {
		m, ok := registermap.Builtin(id)
		if !ok || m.Confirmed() != want || m.Source == "" {
			t.Errorf("%s: found %v, confirmed %v, source %q", id, ok, m.Confirmed(), m.Source)
		}
	}
	if m, ok := registermap.Builtin("janitza/umg97"); ok {
		t.Errorf("an unknown id gives %+v", m)
	}
}

func TestTheMapsPutTheWireAddressesOfTheManuals(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		id       string
		quantity energy.Quantity
		address  uint16
		kind     registermap.Type
	}{
		{"janitza/umg96rm", energy.ActivePower, 19026, registermap.Float32},
		{"janitza/umg96rm", energy.ActiveEnergyImport, 19068, registermap.Float32},
		{"schneider/iem3000", energy.ActivePower, 3059, registermap.Float32},      // 3060 counted from 1
		{"schneider/iem3000", energy.ActiveEnergyImport, 3203, registermap.Int64}, // 3204 counted from 1
		{"sontex/supercal531", energy.HeatEnergy, 102, registermap.Float32},
	} {
		m, _ := registermap.Builtin(want.id)
		r, ok := m.Register(want.quantity)
		if !ok || r.Address != want.address || r.Type != want.kind || r.Table != registermap.Holding {
			t.Errorf("%s %s is %+v", want.id, want.quantity, r)
		}
	}
}

// same tells whether got is the number that want writes down: to the last digit
// if it is a decimal, to the last bit if it is a float.
func same(got, want energy.Value) bool {
	if got.IsDecimal() {
		return got.Equal(want)
	}
	return got.Float64() == want.Float64()
}

func equalWords(a, b []uint16) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
