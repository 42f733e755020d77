package modbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/plantsim"
	"heatledger/fieldbus/registermap"
)

// scaledBy is a register whose unit and scale the meter tells.
func scaledBy(r registermap.PointRegister, unit, scale uint16) registermap.PointRegister {
	r.Unit = ""
	r.UnitFrom = &registermap.UnitRegister{Address: unit, Type: registermap.Uint16, Order: registermap.ABCD, Codes: map[uint64]energy.Unit{3: "MWh"}}
	r.ScaleFrom = &registermap.ScaleRegister{Address: scale, Type: registermap.Int16, Order: registermap.ABCD, As: registermap.Exponent}
	return r
}

func TestAProbeShowsWhatEachRegisterHolds(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", `{"5": {"holding": [
		{"address": 100, "type": "float32", "value": 2500.5}, {"address": 102, "type": "float32", "value": "nan"},
		{"address": 110, "type": "uint32", "value": 4125}, {"address": 112, "words": [3]}, {"address": 113, "type": "int16", "value": -2},
		{"address": 200, "words": [21837, 18208]}]}}`) // "UMG "
	c := Config{ID: "line", URL: "tcp://" + server.Address, Timeout: 20 * time.Second, Meters: []Meter{{ID: "m", Unit: 5, Registers: []registermap.PointRegister{
		typed("s/power", registermap.Holding, 100, registermap.Float32, registermap.ABCD, "W"),
		typed("s/none", registermap.Holding, 102, registermap.Float32, registermap.ABCD, "W"),
		typed("s/hole", registermap.Holding, 104, registermap.Uint16, registermap.ABCD, "W"),
		scaledBy(typed("s/heat", registermap.Holding, 110, registermap.Uint32, registermap.ABCD, ""), 112, 113),
	}}}}
	name := registermap.IdentityRegister{What: "product name", Table: registermap.Holding, Address: 200, Type: registermap.String, Length: 2, Expect: []string{"UMG*"}}
	got, err := Probe(t.Context(), c, "m", name)
	if err != nil || !got.Answered() || len(got.Registers) != 4 || len(got.Identity) != 1 {
		t.Fatalf("probe gives %+v, %v", got, err)
	}
	power, none, hole, heat := got.Registers[0], got.Registers[1], got.Registers[2], got.Registers[3]
	if power.Err != nil || !slices.Equal(power.Words, []uint16{0x451C, 0x4800}) || !power.Value.Equal(energy.Float(2.5005)) || power.Unit != energy.Kilowatt || power.At.IsZero() {
		t.Errorf("power is %+v", power)
	}
	if !errors.Is(none.Err, registermap.ErrAbsent) || len(none.Words) != 2 {
		t.Errorf("a NaN is %+v, want its words and that it is absent", none)
	}
	if hole.Words != nil || hole.Err == nil || hole.Err.Error() != "exception 2 (illegal data address)" {
		t.Errorf("a hole is %+v", hole)
	}
	if heat.Err != nil || !heat.Value.Equal(energy.Decimal(41250, 0)) || heat.Unit != energy.KilowattHour || !slices.EqualFunc(heat.Companions, [][]uint16{{3}, {0xFFFE}}, slices.Equal) {
		t.Errorf("heat is %+v, want 41.25 MWh by its unit and scale registers", heat)
	}
	if i := got.Identity[0]; i.Err != nil || i.Text != "UMG" || !i.Fits {
		t.Errorf("identity is %+v", i)
	}
	// 100 to 104 is refused and asked for one by one, 110 to 113 comes whole.
	if got.Requests != 1+3+1+1 {
		t.Errorf("%d requests, want 6", got.Requests)
	}
}

func TestAProbeLeavesASilentUnitAlone(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", `{"1": {"holding": [{"address": 0, "words": [7]}]}}`)
	c := Config{ID: "line", URL: "tcp://" + server.Address, Timeout: 100 * time.Millisecond, Meters: []Meter{{ID: "m", Unit: 9, Registers: []registermap.PointRegister{
		typed("s/a", registermap.Holding, 0, registermap.Uint16, registermap.ABCD, "W"),
		typed("s/b", registermap.Holding, 500, registermap.Uint16, registermap.ABCD, "W"),
		typed("s/c", registermap.Holding, 900, registermap.Uint16, registermap.ABCD, "W"),
	}}}}
	got, err := Probe(t.Context(), c, "m")
	if err != nil || got.Answered() || got.Requests != patienceOfProbe {
		t.Fatalf("probe gives %+v, %v, want %d requests and no answer", got, err, patienceOfProbe)
	}
	for i, want := range []error{errNoAnswer, errNoAnswer, errNotAsked} {
		if r := got.Registers[i]; !errors.Is(r.Err, want) || r.Words != nil {
			t.Errorf("register %d is %+v, want %v", i, r, want)
		}
	}
}

func TestAProbeNeedsAMeterAndAConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "tcp://" + listener.Addr().String()
	listener.Close()
	meters := []Meter{{ID: "m", Unit: 1, Registers: []registermap.PointRegister{typed("s/a", registermap.Holding, 0, registermap.Uint16, registermap.ABCD, "W")}}}
	if got, err := Probe(t.Context(), Config{ID: "line", URL: refused, Meters: meters}, "m"); !errors.As(err, new(downError)) {
		t.Errorf("a probe where nobody listens gives %+v, %v", got, err)
	}
	if got, err := Probe(t.Context(), Config{ID: "line", URL: refused, Meters: meters}, "n"); err == nil || errors.As(err, new(downError)) {
		t.Errorf("a probe of a meter that is not there gives %+v, %v", got, err)
	}
}

func TestAProbeEndsWhenItIsTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := Config{ID: "line", URL: "tcp://127.0.0.1:1", Meters: []Meter{{ID: "m", Unit: 1, Registers: []registermap.PointRegister{typed("s/a", registermap.Holding, 0, registermap.Uint16, registermap.ABCD, "W")}}}}
	if got, err := Probe(ctx, c, "m"); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled probe gives %+v, %v", got, err)
	}
}

// TestAProbeFindsTheRegistersOfSunSpec has the chain of blocks where few have it.
func TestAProbeFindsTheRegistersOfSunSpec(t *testing.T) {
	t.Parallel()
	server := counterpart.Python(t, "modbus_server.py", fmt.Sprintf(`{"1": {"holding": [
		{"address": 50000, "words": [21365, 28243, 1, 2, 0, 0, 203, 10, %s, 65535, 0]}]}}`, "7, 8, 9, 10, 11, 12, 13, 14, 15, 16"))
	found := func(read func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) {
		return registermap.FindSunSpec(func(a uint16, n int) ([]uint16, error) { return read(registermap.Holding, a, n) }, []uint16{203})
	}
	c := Config{ID: "line", URL: "tcp://" + server.Address, Timeout: 20 * time.Second, Meters: []Meter{{ID: "m", Unit: 1, Locate: found, Registers: []registermap.PointRegister{
		typed("s/a", registermap.Holding, 2, registermap.Uint16, registermap.ABCD, "kW"),
	}}}}
	got, err := Probe(t.Context(), c, "m")
	if err != nil || !got.Located || got.Base != 50006 || got.Registers[0].Address != 50008 || !got.Registers[0].Value.Equal(energy.Decimal(7, 0)) {
		t.Errorf("probe gives %+v, %v, want 7 kW at 50008", got, err)
	}
}

// served is the only connection of a site of the virtual city.
func served(t *testing.T, site energy.SiteID) plantsim.Connection {
	t.Helper()
	sites := slices.DeleteFunc(plantsim.City(), func(s plantsim.SiteSpec) bool { return s.ID != site })
	s, err := plantsim.Start(t.Context(), plantsim.Options{Seed: 4, Sites: sites})
	if err != nil {
		t.Fatalf("start the plant: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if n := len(s.Connections()); n != 1 {
		t.Fatalf("site %s has %d connections", site, n)
	}
	return s.Connections()[0]
}

func TestAProbeReadsAMeterOfThePlantByItsModel(t *testing.T) {
	t.Parallel()
	line := served(t, "rathaus")
	model, _ := registermap.Builtin("schneider/iem3000")
	m := Meter{ID: "m", Unit: 1, Limits: model.Limits}
	for _, r := range model.Registers {
		m.Registers = append(m.Registers, registermap.PointRegister{Register: r})
	}
	got, err := Probe(t.Context(), Config{ID: line.ID, URL: line.URL, Timeout: 20 * time.Second, Meters: []Meter{m}}, "m")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Registers {
		if r.Err != nil || r.Value.Float64() < 0 || r.Quantity == energy.ActivePower && r.Value.Float64() == 0 {
			t.Errorf("%s is %s %s, words %x, %v", r.Name(), r.Value, r.Unit, r.Words, r.Err)
		}
	}
}
