package registermap_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

var errIllegalAddress = errors.New("illegal data address")

// device is the holding registers of a device that refuses all others.
type device map[int]uint16

// put writes words from an address on.
func (d device) put(address int, words ...uint16) device {
	for i, w := range words {
		d[address+i] = w
	}
	return d
}

func (d device) read(address uint16, count int) ([]uint16, error) {
	words := make([]uint16, count)
	for i := range words {
		w, ok := d[int(address)+i]
		if !ok {
			return nil, errIllegalAddress
		}
		words[i] = w
	}
	return words, nil
}

// block writes a block of a SunSpec model, filled with zeros, and returns where
// the next one begins.
func (d device) block(at int, id uint16, length int) int {
	d.put(at, append([]uint16{id, uint16(length)}, make([]uint16, length)...)...)
	return at + 2 + length
}

// sunSpec is a device with the marker and a chain of blocks at an address.
func sunSpec(at int, ids ...uint16) (d device, bases []uint16) {
	d = device{}.put(at, 0x5375, 0x6E53)
	at += 2
	for _, id := range ids {
		bases = append(bases, uint16(at))
		at = d.block(at, id, map[uint16]int{1: 66, 103: 50, 203: 105, 213: 124}[id])
	}
	d.put(at, 0xFFFF, 0)
	return d, bases
}

func TestASunSpecBlockIsFoundWhereverItsMarkerMayStand(t *testing.T) {
	t.Parallel()
	for _, at := range []int{40000, 50000, 0, 40001, 50001, 1, 39999, 49999} {
		d, bases := sunSpec(at, 1, 103, 203)
		if base, err := registermap.FindSunSpec(d.read, []uint16{201, 202, 203, 204}); err != nil || base != bases[2] {
			t.Errorf("marker at %d: base %d, %v, want %d", at, base, err, bases[2])
		}
		if base, err := registermap.FindSunSpec(d.read, []uint16{103}); err != nil || base != bases[1] {
			t.Errorf("marker at %d: base %d of the inverter, %v, want %d", at, base, err, bases[1])
		}
	}
}

func TestWhatIsNoSunSpecDeviceIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	without, _ := sunSpec(40000, 1, 103)
	for name, test := range map[string]struct {
		device device
		reason string
	}{
		"a device that refuses all":           {device{}, "illegal data address"},
		"a device without a marker":           {device{}.put(40000, make([]uint16, 200)...), "no chain of SunSpec blocks has it"},
		"a chain without the model":           {without, "chain of SunSpec blocks [1 103] ends at 40122"},
		"a chain that breaks off":             {device{}.put(40000, 0x5375, 0x6E53, 1, 66), "illegal data address"},
		"a block longer than the table":       {device{}.put(40000, 0x5375, 0x6E53, 203, 65535), "beyond the last address"},
		"a chain of empty blocks":             {device{}.put(40000, append([]uint16{0x5375, 0x6E53}, make([]uint16, 1000)...)...), "longer than 256"},
		"the model with an empty block":       {device{}.put(40000, 0x5375, 0x6E53, 203, 0, 0xFFFF, 0), "ends at 40004"},
		"a marker in the wrong order":         {device{}.put(40000, 0x6E53, 0x5375, 203, 105), "no chain of SunSpec blocks has it"},
		"a marker with its last byte missing": {device{}.put(40000, 0x5375, 0x6E00, 203, 105), "no chain of SunSpec blocks has it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if base, err := registermap.FindSunSpec(test.device.read, []uint16{203}); err == nil || !strings.Contains(err.Error(), test.reason) {
				t.Errorf("found at %d, %v", base, err)
			}
		})
	}
	if _, err := registermap.FindSunSpec(device{}.read, []uint16{203}); !errors.Is(err, errIllegalAddress) {
		t.Errorf("what the device said is lost: %v", err)
	}
	short := func(uint16, int) ([]uint16, error) { return []uint16{0x5375}, nil }
	if base, err := registermap.FindSunSpec(short, []uint16{203}); err == nil {
		t.Errorf("found at %d in answers that are too short", base)
	}
}

func TestASecondChainIsFollowedWhereTheFirstHasNotTheModel(t *testing.T) {
	t.Parallel()
	d, _ := sunSpec(40000, 1, 103)
	other, bases := sunSpec(50000, 1, 213)
	for address, word := range other {
		d[address] = word
	}
	if base, err := registermap.FindSunSpec(d.read, []uint16{213}); err != nil || base != bases[1] {
		t.Errorf("base %d, %v, want %d", base, err, bases[1])
	}
}

func TestASunSpecMeterIsReadFromItsBlock(t *testing.T) {
	t.Parallel()
	d, bases := sunSpec(40000, 1, 203)
	block := int(bases[1])
	d.put(block+18, 0xFB2E).put(block+22, 1)                                  // -1234 × 10 W
	d.put(block+16, 0x8000).put(block+17, 0xFFFE)                             // no frequency
	d.put(block+46, 0x0001, 0xE240).put(block+38, 0, 0).put(block+54, 0xFFFF) // 123456 × 0.1 Wh; export not accumulated
	m, _ := registermap.Builtin("sunspec/meter")
	base, err := registermap.FindSunSpec(d.read, m.SunSpec)
	if err != nil {
		t.Fatal(err)
	}
	for quantity, want := range map[energy.Quantity]string{
		energy.ActivePower: "-12.34", energy.ActiveEnergyImport: "12.3456", energy.Frequency: "", energy.ActiveEnergyExport: "",
	} {
		relative, _ := m.Register(quantity)
		r, ok := relative.At(base)
		if !ok {
			t.Fatalf("%s does not fit at %d", quantity, base)
		}
		value, err := d.value(r)
		if want == "" {
			if !errors.Is(err, registermap.ErrAbsent) {
				t.Errorf("%s is %s, %v: absent is wanted", quantity, value, err)
			}
			continue
		}
		if number, _ := energy.ParseValue(want); err != nil || !value.Equal(number) {
			t.Errorf("%s is %s, %v, want %s", quantity, value, err, want)
		}
	}
}

// value reads a register with its companions.
func (d device) value(r registermap.Register) (energy.Value, error) {
	var beside [][]uint16
	for _, c := range r.Companions() {
		words, err := d.read(c.Address, c.Words)
		if err != nil {
			return energy.Value{}, err
		}
		beside = append(beside, words)
	}
	r, err := r.Resolve(beside)
	if err != nil {
		return energy.Value{}, err
	}
	words, err := d.read(r.Address, r.Words())
	if err != nil {
		return energy.Value{}, err
	}
	return r.Decode(words)
}

func FuzzFindSunSpec(f *testing.F) {
	f.Add(uint16(40000), []byte{0x53, 0x75, 0x6E, 0x53, 0, 1, 0, 2, 0, 0, 0, 0, 0, 203, 0, 105})
	f.Add(uint16(0), []byte{0x53, 0x75, 0x6E, 0x53, 0, 203, 0xFF, 0xFF})
	f.Add(uint16(49999), []byte{0x53, 0x75, 0x6E, 0x53, 0, 0, 0, 0, 0, 0})
	f.Add(uint16(65532), []byte{0x53, 0x75, 0x6E, 0x53, 0, 203, 0, 1})
	f.Fuzz(func(t *testing.T, at uint16, content []byte) {
		d := device{}
		for i := 0; i+1 < len(content); i += 2 {
			d[int(at)+i/2] = uint16(content[i])<<8 | uint16(content[i+1])
		}
		reads, ids := 0, []uint16{201, 203}
		base, err := registermap.FindSunSpec(func(address uint16, count int) ([]uint16, error) {
			if reads++; int(address)+count > 65536 || count != 2 {
				t.Fatalf("reads %d from %d", count, address)
			}
			if len(content) > 0 && content[0] == 0xEE {
				return content16(content), nil // whatever length it has
			}
			return d.read(address, count)
		}, ids)
		if reads > 8*257 {
			t.Errorf("%d reads", reads)
		}
		if err == nil && content[0] != 0xEE && !slices.Contains(ids, d[int(base)]) {
			t.Errorf("block %d of model %d is found", base, d[int(base)])
		}
	})
}

func content16(content []byte) []uint16 {
	words := make([]uint16, len(content)/2)
	for i := range words {
		words[i] = uint16(content[2*i])<<8 | uint16(content[2*i+1])
	}
	return words
}
