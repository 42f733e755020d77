package plantsim

import (
	"encoding/binary"
	"errors"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simonvetter/modbus"

	"heatledger/energy"
)

func client(t *testing.T, s *Server, connection string) *modbus.ModbusClient {
	t.Helper()
	c, err := modbus.NewClient(&modbus.ClientConfiguration{URL: url(t, s, connection), Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the plant may have cut it
	return c
}

// raw reads n registers as bytes.
func raw(t *testing.T, c *modbus.ModbusClient, unit uint8, address, n uint16, table modbus.RegType) ([]byte, error) {
	t.Helper()
	if err := c.SetUnitId(unit); err != nil {
		t.Fatal(err)
	}
	return c.ReadRawBytes(address, 2*n, table)
}

func TestRegistersShowTheModelAtThatInstant(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-07-14T11:22:33.444Z")
	c := client(t, s, "hafen-gateway")
	float32s := func(b []byte) float64 { return float64(math.Float32frombits(binary.BigEndian.Uint32(b))) }
	int64s := func(b []byte) float64 { return float64(int64(binary.BigEndian.Uint64(b))) }
	uint32s := func(b []byte) float64 { return float64(binary.BigEndian.Uint32(b)) }
	int16s := func(b []byte) float64 { return float64(int16(binary.BigEndian.Uint16(b))) }
	for _, row := range []struct {
		sentence string
		unit     uint8
		table    modbus.RegType
		address  uint16
		words    uint16
		decode   func([]byte) float64
		scale    float64 // to the canonical unit
		point    energy.PointID
	}{
		{"Janitza active power, W", 1, modbus.HOLDING_REGISTER, 19026, 2, float32s, 1e-3, "hafen/grid-power"},
		{"Janitza active energy, Wh", 1, modbus.HOLDING_REGISTER, 19068, 2, float32s, 1e-3, "hafen/grid-energy"},
		{"Schneider active power, kW", 2, modbus.HOLDING_REGISTER, 3059, 2, float32s, 1, "hafen/it-power"},
		{"Schneider active energy, Wh", 2, modbus.HOLDING_REGISTER, 3203, 4, int64s, 1e-3, "hafen/it-energy"},
		{"Schneider of the chillers", 3, modbus.HOLDING_REGISTER, 3203, 4, int64s, 1e-3, "hafen/cooling-energy"},
		{"Schneider of the building", 4, modbus.HOLDING_REGISTER, 3203, 4, int64s, 1e-3, "hafen/other-energy"},
		{"Schneider of the roof", 5, modbus.HOLDING_REGISTER, 3059, 2, float32s, 1, "hafen/solar-power"},
		{"heat energy, kWh", 7, modbus.INPUT_REGISTER, 100, 2, uint32s, 1, "hafen/heat-energy"},
		{"volume, 0.01 m³", 7, modbus.INPUT_REGISTER, 102, 2, uint32s, 0.01, "hafen/heat-volume"},
		{"heat power, 0.1 kW", 7, modbus.INPUT_REGISTER, 104, 2, uint32s, 0.1, "hafen/heat-power"},
		{"flow temperature, 0.01 °C", 7, modbus.INPUT_REGISTER, 106, 1, int16s, 0.01, "hafen/heat-flow-temperature"},
		{"return temperature, 0.01 °C", 7, modbus.INPUT_REGISTER, 107, 1, int16s, 0.01, "hafen/heat-return-temperature"},
	} {
		b, err := raw(t, c, row.unit, row.address, row.words, row.table)
		if err != nil {
			t.Errorf("%s: %v", row.sentence, err)
			continue
		}
		got, want := row.decode(b)*row.scale, canonical(t, s, row.point, s.Now())
		if math.Abs(got-want) > 1e-12*math.Abs(want) || want == 0 {
			t.Errorf("%s: register says %v, model %v", row.sentence, got, want)
		}
	}

	state := s.Plant().Sites()[0].At(s.Now())
	for _, row := range []struct {
		sentence    string
		point       energy.PointID
		truth, step float64
	}{
		{"grid energy within a float32 step", "hafen/grid-energy", float64(state.Energy(GridImport))/1e6 + 412_873.5, 0.512},
		{"IT energy within 1 Wh", "hafen/it-energy", float64(state.Energy(IT))/1e6 + 87_120.044, 0.001},
		{"heat energy within 1 kWh", "hafen/heat-energy", float64(state.Energy(HeatDelivered)) / 1e6, 1},
		{"volume within 0.01 m³", "hafen/heat-volume", float64(state.Energy(Water)) / 1e6, 0.01},
		{"heat power within 0.1 kW", "hafen/heat-power", float64(state.Power(HeatDelivered)) / 1e3, 0.1},
		{"flow temperature within 0.01 K", "hafen/heat-flow-temperature", float64(state.Flow()), 0.01},
	} {
		if got := canonical(t, s, row.point, s.Now()); math.Abs(got-row.truth) > row.step {
			t.Errorf("%s: %v shown, %v true", row.sentence, got, row.truth)
		}
	}
}

func TestGatewayAnswersLikeOne(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-07-14T11:22:33Z")
	c := client(t, s, "hafen-gateway")
	for _, row := range []struct {
		sentence string
		unit     uint8
		table    modbus.RegType
		address  uint16
		words    uint16
		want     error
	}{
		{"the Janitza's float block is read whole", 1, modbus.HOLDING_REGISTER, 19000, 78, nil},
		{"one register more is an illegal address", 1, modbus.HOLDING_REGISTER, 19000, 79, modbus.ErrIllegalDataAddress},
		{"one register before it too", 1, modbus.HOLDING_REGISTER, 18999, 2, modbus.ErrIllegalDataAddress},
		{"its input table is empty", 1, modbus.INPUT_REGISTER, 19026, 2, modbus.ErrIllegalDataAddress},
		{"half a value is given", 2, modbus.HOLDING_REGISTER, 3204, 2, nil},
		{"a hole between two Schneider values is an illegal address", 2, modbus.HOLDING_REGISTER, 3059, 6, modbus.ErrIllegalDataAddress},
		{"import and export energy lie side by side", 2, modbus.HOLDING_REGISTER, 3203, 8, nil},
		{"the last register of all is an illegal address", 2, modbus.HOLDING_REGISTER, 65535, 1, modbus.ErrIllegalDataAddress},
		{"the heat meter is read whole", 7, modbus.INPUT_REGISTER, 100, 10, nil},
		{"its holding table is empty", 7, modbus.HOLDING_REGISTER, 100, 2, modbus.ErrIllegalDataAddress},
		{"for a unit that is not there the gateway answers", 6, modbus.HOLDING_REGISTER, 3059, 2, modbus.ErrGWTargetFailedToRespond},
	} {
		if _, err := raw(t, c, row.unit, row.address, row.words, row.table); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.sentence, err, row.want)
		}
	}
	if err := c.WriteRegister(3059, 1); !errors.Is(err, modbus.ErrIllegalFunction) {
		t.Errorf("a meter is not written to: %v", err)
	}
	if _, err := c.ReadCoil(0); !errors.Is(err, modbus.ErrIllegalFunction) {
		t.Errorf("a meter has no coils: %v", err)
	}
}

// TestRequestIsOfOneInstant lets a day pass at each look at the clock: two
// looks within one answer would show.
func TestRequestIsOfOneInstant(t *testing.T) {
	t.Parallel()
	var looks atomic.Int64
	begin := instant(t, "2024-03-01T06:00:00Z")
	s := serve(t, Options{Seed: 1, Now: func() time.Time { return begin.AddDate(0, 0, int(looks.Add(1))) }})
	c := client(t, s, "hafen-gateway")
	for range 50 {
		b, err := raw(t, c, 1, 19000, 78, modbus.HOLDING_REGISTER)
		if err != nil {
			t.Fatal(err)
		}
		at := begin.AddDate(0, 0, int(looks.Load()))
		register := func(address int) float64 {
			return float64(math.Float32frombits(binary.BigEndian.Uint32(b[2*(address-19000):])))
		}
		if got, want := register(19068)/1000, canonical(t, s, "hafen/grid-energy", at); got != want {
			t.Fatalf("energy %v, want %v of %s", got, want, at)
		}
		if got, want := register(19026)/1000, canonical(t, s, "hafen/grid-power", at); got != want {
			t.Fatalf("power %v, want %v of %s", got, want, at)
		}
		if third := register(19062) * 3; math.Abs(third-register(19068)) > 1024 {
			t.Fatalf("three phases of %v Wh do not make %v Wh", register(19062), register(19068))
		}
	}
}

// TestMbpollReadsTheSamePower reads with a program nobody here wrote.
func TestMbpollReadsTheSamePower(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-01-20T17:05:00Z")
	_, port, _ := strings.Cut(strings.TrimPrefix(url(t, s, "hafen-gateway"), "tcp://"), ":")
	out, err := exec.CommandContext(t.Context(), "mbpoll", "-m", "tcp", "-o", "10", "-0", "-a", "1", "-r", "19026", "-t", "4:float", "-B", "-c", "1", "-1", "-p", port, "127.0.0.1").CombinedOutput()
	if err != nil {
		t.Fatalf("mbpoll (apt install mbpoll): %v\n%s", err, out)
	}
	_, text, ok := strings.Cut(string(out), "[19026]:")
	got, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if want := canonical(t, s, "hafen/grid-power", s.Now()) * 1000; !ok || err != nil || math.Abs(got-want) > 1e-5*want {
		t.Errorf("mbpoll reads %v W (%v), the model says %v W\n%s", got, err, want, out)
	}
}

// TestPlantRunsAtItsSpeed lets three seconds of the wall be half an hour of the plant.
func TestPlantRunsAtItsSpeed(t *testing.T) {
	t.Parallel()
	clock := new(standing)
	begin := instant(t, "2026-05-05T05:05:05Z")
	clock.set(begin)
	s := serve(t, Options{Seed: 1, Speed: 600, Now: clock.now})
	c := client(t, s, "hafen-gateway")
	var last int64
	for tenth := range 31 {
		clock.set(begin.Add(time.Duration(tenth) * 100 * time.Millisecond))
		b, err := raw(t, c, 2, 3203, 4, modbus.HOLDING_REGISTER)
		if err != nil {
			t.Fatal(err)
		}
		counter := int64(binary.BigEndian.Uint64(b))
		if want := round(1000 * canonical(t, s, "hafen/it-energy", begin.Add(time.Duration(tenth)*time.Minute))); counter != want {
			t.Fatalf("after %d minutes: %d Wh, the model says %d", tenth, counter, want)
		}
		if wh := counter - last; tenth > 0 && (wh < 2000 || wh > 5400) {
			t.Errorf("%d Wh of IT in a minute", wh)
		}
		last = counter
	}
}
