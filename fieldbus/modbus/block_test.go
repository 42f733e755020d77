package modbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// sunSpec is a unit that holds the given blocks behind the marker SunS, and
// refuses everything else.
func sunSpec(base int, blocks ...[]uint16) *unit {
	u := &unit{registers: map[int]uint16{base: 0x5375, base + 1: 0x6E53}, refuse: map[int]exception{}}
	a := base + 2
	for _, b := range append(blocks, []uint16{0xFFFF, 0}) {
		for _, w := range b {
			u.registers[a] = w
			a++
		}
	}
	for a := range 50100 {
		if _, ok := u.registers[a]; !ok {
			u.refuse[a] = 2
		}
	}
	return u
}

// acMeter is a block of model 203 with a power and its scale factor.
func acMeter(power, scale int16) []uint16 {
	b := make([]uint16, 2+20)
	b[0], b[1], b[10], b[14] = 203, 20, uint16(power), uint16(scale)
	return b
}

// common is a block of model 1 of that many registers.
func common(length int) []uint16 {
	b := make([]uint16, 2+length)
	b[0], b[1] = 1, uint16(length)
	return b
}

// located is a meter that reads the power of [acMeter].
func located(site string, unit uint8) Meter {
	return Meter{
		ID: site, Unit: unit, Every: 10 * time.Second,
		Registers: []registermap.PointRegister{{Point: energy.PointID(site + "/power"), Register: registermap.Register{
			Table: registermap.Holding, Address: 10, Type: registermap.Int16, Order: registermap.ABCD, Scale: energy.Decimal(1, 0), Unit: "W",
			ScaleFrom: &registermap.ScaleRegister{Address: 14, Type: registermap.Int16, Order: registermap.ABCD, As: registermap.Exponent},
		}}},
		Locate: func(read func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) {
			return registermap.FindSunSpec(func(address uint16, count int) ([]uint16, error) {
				return read(registermap.Holding, address, count)
			}, []uint16{203})
		},
	}
}

// valuesOf are the readings of a point, each once.
func valuesOf(sink *memorySink, p energy.PointID) string {
	var values []string
	for _, r := range sink.of(p) {
		if v := r.Value.String(); len(values) == 0 || values[len(values)-1] != v {
			values = append(values, v)
		}
	}
	return fmt.Sprint(values)
}

func TestABlockOfRegistersIsFoundAndItsScaleApplied(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: sunSpec(40000, common(66), acMeter(-250, 1)), 2: sunSpec(0, acMeter(77, -2))}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, located("a", 1), located("b", 2))
		time.Sleep(65 * time.Second)
		synctest.Wait()
		if a, b := valuesOf(sink, "a/power"), valuesOf(sink, "b/power"); a != "[-2.50]" || b != "[0.00077]" {
			t.Errorf("read %s and %s kW", a, b)
		}
		if n := len(sink.of("a/power")); n != 7 {
			t.Errorf("%d readings", n)
		}
		for _, m := range []string{"a", "b"} {
			if h := healthOf(t, d, m); h.State != fieldbus.Healthy || len(h.Points) != 0 || h.Requests != 1 {
				t.Errorf("health %+v", h)
			}
		}
		p.questions(1)
		p.change(func() { p.units[1].registers[40070+14] = 2 })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := valuesOf(sink, "a/power"); got != "[-2.50 -25.0]" || len(p.questions(1)) != 1 {
			t.Errorf("read %s kW with another scale", got)
		}
		p.change(func() { p.units[1].registers[40070+14] = 0x8000 })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Points[0].Point != "a/power" {
			t.Errorf("health without a scale %+v", h)
		}
	})
}

func TestAMeterThatWasExchangedIsNotReadAtItsOldPlace(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: sunSpec(40000, common(66), acMeter(250, 1))}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, located("a", 1))
		time.Sleep(65 * time.Second)
		// The other one has its block two registers further on: at the old
		// place of the power stands something else now.
		p.change(func() { p.units[1] = sunSpec(40000, common(68), acMeter(300, 1)) })
		time.Sleep(65 * time.Second)
		synctest.Wait()
		if got := valuesOf(sink, "a/power"); got != "[2.50 3.00]" {
			t.Errorf("read %s kW", got)
		}
		if h := healthOf(t, d, "a"); h.State != fieldbus.Healthy || h.Skipped != 0 || h.Readings < 12 {
			t.Errorf("health %+v", h)
		}
		p.change(func() { p.units[1] = sunSpec(50000, common(66), acMeter(400, 1)) }) // where the old place is refused
		time.Sleep(65 * time.Second)
		synctest.Wait()
		if got := valuesOf(sink, "a/power"); got != "[2.50 3.00 4.00]" {
			t.Errorf("read %s kW", got)
		}
	})
}

func TestAMeterWithoutItsBlockIsDegradedAndDelaysNobody(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: sunSpec(40000, common(66)), 2: {}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, located("a", 1), Meter{ID: "m", Unit: 2, Every: 10 * time.Second, Registers: registers("s", 1)})
		time.Sleep(10*time.Hour + time.Second)
		synctest.Wait()
		h := healthOf(t, d, "a")
		if h.State != fieldbus.Degraded || len(h.Points) != 1 || !strings.Contains(h.Points[0].Reason, "find the meter's registers: find SunSpec model [203]") ||
			!h.Points[0].Retry.After(time.Now()) || h.Readings != 0 || !strings.Contains(h.LastError, "ends at 40070") {
			t.Errorf("health %+v", h)
		}
		if n := len(p.questions(1)); n > 20*20 {
			t.Errorf("%d requests in ten hours", n)
		}
		if h := healthOf(t, d, "m"); h.Skipped != 0 || h.Readings != 3601 {
			t.Errorf("health of its neighbour %+v", h)
		}
		p.change(func() { p.units[1] = sunSpec(40000, common(66), acMeter(250, 1)) })
		time.Sleep(time.Hour + time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Healthy || len(h.Points) != 0 || h.LastError != "" {
			t.Errorf("health when the block is there %+v", h)
		}
	})
}

func TestAUnitThatIsSilentAboutOneAddressIsStillSearched(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		u := sunSpec(50000, acMeter(250, 1))
		u.mute, u.refuse[40000] = map[int]bool{40000: true}, 0
		p := &plant{units: map[uint8]*unit{1: u}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, located("a", 1))
		time.Sleep(time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Healthy || len(sink.of("a/power")) < 4 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestASilentUnitIsSilentAndNotWithoutItsBlock(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		u := sunSpec(40000, acMeter(250, 1))
		u.silent = true
		p := &plant{units: map[uint8]*unit{1: u}}
		d := p.start(ctx, t, &memorySink{}, located("a", 1))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Silent || len(h.Points) != 0 || h.Polls > 60 {
			t.Errorf("health %+v", h)
		}
		p.change(func() { u.silent = false })
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Healthy {
			t.Errorf("health after its return %+v", h)
		}
	})
}

func TestABlockTooFarUpIsNone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		m := located("a", 1)
		m.Locate = func(func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) { return 65530, nil }
		d := p.start(ctx, t, &memorySink{}, m)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Degraded || !strings.Contains(h.LastError, "beyond the last address") {
			t.Errorf("health %+v", h)
		}
	})
}

func TestWhoeverLocatesMayFail(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		m := located("a", 1)
		m.Locate = func(func(registermap.Table, uint16, int) ([]uint16, error)) (uint16, error) {
			return 0, errors.New("not asked for")
		}
		d := p.start(ctx, t, &memorySink{}, m)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "a"); h.State != fieldbus.Degraded || !strings.Contains(h.LastError, "not asked for") || h.Polls != 0 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestAValueIsNotReadOftenerThanTheMeterRenewsIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{}
		heat, flow := register("s", 1), register("s", 2)
		heat.Refresh, flow.Refresh = time.Minute, 2*time.Second
		flow.Every = 30 * time.Second
		p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: []registermap.PointRegister{heat, flow, register("s", 3)}})
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if a, b, c := len(sink.of("s/r1")), len(sink.of("s/r2")), len(sink.of("s/r3")); a != 11 || b != 21 || c != 61 {
			t.Errorf("%d, %d and %d readings in ten minutes", a, b, c)
		}
	})
}
