package plantsim

import (
	"encoding/binary"
	"errors"
	"math"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simonvetter/modbus"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// standing is a clock that moves when told.
type standing struct{ at atomic.Pointer[time.Time] }

func (c *standing) set(t time.Time) { c.at.Store(&t) }
func (c *standing) now() time.Time  { return *c.at.Load() }

func TestFaultsOfAMeter(t *testing.T) {
	t.Parallel()
	clock := new(standing)
	begin := instant(t, "2026-02-02T08:00:00Z")
	clock.set(begin)
	s := serve(t, Options{Seed: 1, Now: clock.now})
	c := client(t, s, "hafen-gateway")
	counter := func() (int64, error) {
		b, err := raw(t, c, 2, 3203, 4, modbus.HOLDING_REGISTER)
		if err != nil {
			return 0, err
		}
		return int64(binary.BigEndian.Uint64(b)), nil
	}
	power := func() error {
		_, err := raw(t, c, 2, 3059, 2, modbus.HOLDING_REGISTER)
		return err
	}
	sound, err := counter()
	if err != nil {
		t.Fatal(err)
	}
	hour := begin.Add(time.Hour)
	truth := round(canonical(t, s, "hafen/it-energy", hour) * 1000)
	hafen := s.Plant().Sites()[0]
	since := int64(hafen.At(hour).Energy(IT)-hafen.At(begin).Energy(IT)) / 1000
	for _, row := range []struct {
		sentence string
		fault    Fault
		want     int64
		err      error
	}{
		{"a sound meter counts on", Fault{}, truth, nil},
		{"a frozen meter stands still", Fault{Frozen: true}, sound, nil},
		{"a reset meter counts from zero", Fault{Reset: true}, since, nil},
		{"another meter counts from where it stood", Fault{Exchange: &Exchange{Serial: "PS-77", Start: 5_000_000}}, 5000 + since, nil},
		{"a counter of six digits wraps", Fault{Modulus: 1_000_000}, truth % 1_000_000, nil},
		{"an absent int64 is the smallest", Fault{Absent: []energy.Quantity{energy.ActiveEnergyImport}}, math.MinInt64, nil},
		{"a broken register answers its exception", Fault{Errors: map[energy.Quantity]error{energy.ActiveEnergyImport: modbus.ErrServerDeviceBusy}}, 0, modbus.ErrServerDeviceBusy},
		{"an error of another register does not touch it", Fault{Errors: map[energy.Quantity]error{energy.ActivePower: modbus.ErrServerDeviceBusy}}, truth, nil},
		{"for a silent meter the gateway answers", Fault{Silent: true}, 0, modbus.ErrGWTargetFailedToRespond},
		{"a mended meter has lost nothing", Fault{}, truth, nil},
	} {
		clock.set(begin)
		if err := s.Break("hafen-ups", row.fault); err != nil {
			t.Fatal(err)
		}
		clock.set(hour)
		if got, err := counter(); got != row.want || !errors.Is(err, row.err) {
			t.Errorf("%s: %d, %v; want %d, %v", row.sentence, got, err, row.want, row.err)
		}
		if err := power(); (err != nil) != (row.fault.Silent || row.fault.Errors[energy.ActivePower] != nil) {
			t.Errorf("%s: reading the power: %v", row.sentence, err)
		}
	}
}

func TestAbsentFloatIsNaNAndStrangersCannotBeBroken(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-02-02T08:00:00Z")
	if err := s.Break("hafen-ups", Fault{Absent: []energy.Quantity{energy.ActivePower}}); err != nil {
		t.Fatal(err)
	}
	b, err := raw(t, client(t, s, "hafen-gateway"), 2, 3059, 2, modbus.HOLDING_REGISTER)
	if err != nil || !math.IsNaN(float64(math.Float32frombits(binary.BigEndian.Uint32(b)))) {
		t.Errorf("an absent float32 is %v, %v; want NaN", b, err)
	}
	if err := s.Break("no-such-meter", Fault{}); err == nil {
		t.Error("a meter that is not there was broken")
	}
}

func TestAZeroGlitchIsOneSample(t *testing.T) {
	t.Parallel()
	clock := new(standing)
	at := instant(t, "2026-02-02T08:00:00Z")
	clock.set(at)
	s := serve(t, Options{Seed: 1, Now: clock.now})
	c := client(t, s, "hafen-gateway")
	if err := s.Break("hafen-ups", Fault{Zero: []energy.Quantity{energy.ActiveEnergyImport}}); err != nil {
		t.Fatal(err)
	}
	read := func() (power float32, energy int64) {
		t.Helper()
		p, err := raw(t, c, 2, 3059, 2, modbus.HOLDING_REGISTER)
		if err != nil {
			t.Fatal(err)
		}
		e, err := raw(t, c, 2, 3203, 4, modbus.HOLDING_REGISTER)
		if err != nil {
			t.Fatal(err)
		}
		return math.Float32frombits(binary.BigEndian.Uint32(p)), int64(binary.BigEndian.Uint64(e))
	}
	for i, want := range []bool{true, false, false} {
		clock.set(at.Add(time.Duration(i) * time.Second))
		if power, energy := read(); (energy == 0) != want || power == 0 {
			t.Errorf("sample %d: power %v, energy %d", i, power, energy)
		}
	}
	bms := session(t, s)
	node := nodeID(t, bms, "kaiserlei-main.active_energy_import")
	if err := s.Break("kaiserlei-main", Fault{Zero: []energy.Quantity{energy.ActiveEnergyImport}}); err != nil {
		t.Fatal(err)
	}
	// Whoever asks in the second of the glitch sees it, and nobody after it. The
	// clock stands, so the second may have been told to subscribers already.
	first := number(t, readNode(t, bms, node).Value)
	if again := number(t, readNode(t, bms, node).Value); first != 0 || again != 0 {
		t.Errorf("in the second of the glitch the counter shows %v and %v", first, again)
	}
	clock.set(at.Add(time.Minute))
	if v := number(t, readNode(t, bms, node).Value); v == 0 {
		t.Error("the glitch lasts")
	}
}

func TestAnExchangedMeterHasAnotherSerialNumber(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-02-02T08:00:00Z")
	c := client(t, s, "hafen-gateway")
	number := func() uint32 {
		t.Helper()
		b, err := raw(t, c, 2, 129, 2, modbus.HOLDING_REGISTER) // 130 in the manual
		if err != nil {
			t.Fatal(err)
		}
		return binary.BigEndian.Uint32(b)
	}
	if n := number(); n != 1002 {
		t.Errorf("meter PS-1002 shows %d", n)
	}
	if err := s.Break("hafen-ups", Fault{Exchange: &Exchange{Serial: "PS-9911"}}); err != nil {
		t.Fatal(err)
	}
	if n := number(); n != 9911 {
		t.Errorf("meter PS-9911 shows %d", n)
	}
}

func TestFaultsOverOPCUA(t *testing.T) {
	t.Parallel()
	clock := new(standing)
	begin := instant(t, "2026-02-02T08:00:00Z")
	clock.set(begin)
	s := serve(t, Options{Seed: 1, Now: clock.now})
	c := session(t, s)
	node := nodeID(t, c, "kaiserlei-main.active_power")
	for _, row := range []struct {
		sentence string
		fault    Fault
		status   ua.StatusCode
		source   time.Time
		nan      bool
	}{
		{"a sound value", Fault{}, ua.StatusOK, begin.Add(time.Hour), false},
		{"a frozen value keeps its time", Fault{Frozen: true}, ua.StatusOK, begin, false},
		{"a silent meter is bad", Fault{Silent: true}, ua.StatusBadNoCommunication, begin.Add(time.Hour), false},
		{"an error keeps its code", Fault{Errors: map[energy.Quantity]error{energy.ActivePower: ua.StatusBadSensorFailure}}, ua.StatusBadSensorFailure, begin.Add(time.Hour), false},
		{"an absent double is NaN", Fault{Absent: []energy.Quantity{energy.ActivePower}}, ua.StatusOK, begin.Add(time.Hour), true},
	} {
		clock.set(begin)
		if err := s.Break("kaiserlei-main", row.fault); err != nil {
			t.Fatal(err)
		}
		clock.set(begin.Add(time.Hour))
		dv := readNode(t, c, node)
		if dv.Status != row.status || !dv.SourceTimestamp.Equal(row.source) || dv.Status == ua.StatusOK && math.IsNaN(number(t, dv.Value)) != row.nan {
			t.Errorf("%s: %v, %v of %s", row.sentence, dv.Status, dv.Value, dv.SourceTimestamp)
		}
	}
}

func TestLineRefusesStallsAndHeals(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-02-02T08:00:00Z")
	address := strings.TrimPrefix(url(t, s, "hafen-gateway"), "tcp://")
	read := func() error {
		c, err := modbus.NewClient(&modbus.ClientConfiguration{URL: "tcp://" + address, Timeout: 300 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Open(); err != nil {
			return err
		}
		defer func() { _ = c.Close() }()
		_, err = raw(t, c, 2, 3203, 4, modbus.HOLDING_REGISTER)
		return err
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(read())
	lasting := client(t, s, "hafen-gateway")
	_, err := raw(t, lasting, 2, 3203, 4, modbus.HOLDING_REGISTER)
	do(err)
	do(s.Cut("hafen-gateway"))
	if _, err := raw(t, lasting, 2, 3203, 4, modbus.HOLDING_REGISTER); err == nil {
		t.Error("a cut client still reads")
	}
	do(read())
	mend, err := s.Spoil("hafen-gateway", faultproxy.Spoil{Do: faultproxy.Refuse})
	do(err)
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("a refusing line takes a client")
	}
	do(mend())
	do(read())
	mend, err = s.Spoil("hafen-gateway", faultproxy.Spoil{Do: faultproxy.Swallow})
	do(err)
	if err := read(); !errors.Is(err, modbus.ErrRequestTimedOut) {
		t.Errorf("a stalled line: %v, want a timeout", err)
	}
	do(mend())
	do(read())
	if stats, ok := s.Spoiled("hafen-gateway"); !ok || stats.Spoiled[faultproxy.Refuse] != 1 || stats.Spoiled[faultproxy.Swallow] != 1 {
		t.Errorf("counted %+v", stats)
	}
	_, known := s.Spoiled("no-such-line")
	if _, err := s.Spoil("no-such-line", faultproxy.Spoil{Do: faultproxy.Refuse}); err == nil || known || s.Cut("no-such-line") == nil {
		t.Error("a connection that is not there was cut")
	}
}

func TestSlowMeterAnswersLateAndNotAfterTheEnd(t *testing.T) {
	t.Parallel()
	s := serveAt(t, "2026-02-02T08:00:00Z")
	c := client(t, s, "hafen-gateway")
	if err := s.Break("hafen-ups", Fault{Delay: 150 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if _, err := raw(t, c, 2, 3203, 4, modbus.HOLDING_REGISTER); err != nil || time.Since(begin) < 150*time.Millisecond {
		t.Errorf("after %s: %v", time.Since(begin), err)
	}
	if err := s.Break("hafen-ups", Fault{Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := c.ReadRawBytes(3203, 8, modbus.HOLDING_REGISTER)
		answered <- err
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err == nil {
		t.Error("a closed plant answered")
	}
}
