package modbus

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

func TestARefusedRegisterIsSetAsideAndTheOthersKeepTheirSchedule(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {refuse: map[int]exception{13: 2}}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 10, 11, 12, 13, 14, 15, 16, 17)})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := len(p.questions(1)); n != 7 { // 8, 4, 2, 2, 1, 1, 4
			t.Errorf("the culprit was found with %d requests", n)
		}
		if len(sink.calls) != 1 || len(sink.calls[0]) != 7 {
			t.Fatalf("the first poll gave %v", sink.calls)
		}
		h := healthOf(t, d, "m")
		if h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Points[0].Point != "s/r13" ||
			h.Points[0].Reason != "exception 2 (illegal data address) at holding 13" || h.Points[0].Retry.Sub(h.Points[0].Since) != time.Minute ||
			h.Points[0].Since.Location() != time.UTC || h.Points[0].Retry.Location() != time.UTC || h.LastAnswer.Location() != time.UTC || h.Since.Location() != time.UTC {
			t.Errorf("health %+v", h)
		}
		time.Sleep(50 * time.Second)
		synctest.Wait()
		for _, q := range p.questions(1) {
			if q.address <= 13 && q.end() > 13 {
				t.Errorf("the refused register was asked for at %s: %+v", q.at, q.request)
			}
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		tried := 0
		for _, q := range p.questions(1) {
			if q.address <= 13 && q.end() > 13 {
				tried++
			}
		}
		if tried < 4 || tried > 6 { // after 1, 2, 4, 8, 16, 32 minutes
			t.Errorf("the refused register was tried %d times in an hour", tried)
		}
		if n := len(sink.of("s/r17")); n != 366 {
			t.Errorf("%d readings of its neighbour in 61 minutes", n)
		}
		p.change(func() { p.units[1].refuse = nil })
		time.Sleep(time.Hour)
		synctest.Wait()
		if h := healthOf(t, d, "m"); h.State != fieldbus.Healthy || len(h.Points) != 0 || len(sink.of("s/r13")) == 0 {
			t.Errorf("health after the register is back %+v", h)
		}
	})
}

func TestAHoleThatAUnitRefusesIsLearned(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {refuse: map[int]exception{15: 2}}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Limits: registermap.Limits{MaxGap: 5, GapStated: true}, Registers: registers("s", 10, 11, 13, 18, 19)})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := len(p.questions(1)); n != 3 {
			t.Errorf("the first poll took %d requests", n)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(p.questions(1)); n != 12 {
			t.Errorf("six polls took %d requests, want two each", n)
		}
		if h := healthOf(t, d, "m"); h.State != fieldbus.Healthy || h.Errors != 1 || h.Readings != 35 {
			t.Errorf("health %+v", h)
		}
		p.change(func() { p.units[1].refuse = nil })
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		p.questions(1)
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(p.questions(1)); n != 6 {
			t.Errorf("six polls took %d requests a day later, want one each", n)
		}
	})
}

func TestAUnitThatBearsFewerRegistersThanItSaysIsReadInParts(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}, most: 3}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 0, 1, 2, 3, 4, 5, 6, 7)})
		time.Sleep(15 * time.Second)
		synctest.Wait()
		p.questions(1)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := len(p.questions(1)); n != 4 {
			t.Errorf("a poll takes %d requests, want 4 of 2 registers", n)
		}
		if h := healthOf(t, d, "m"); h.State != fieldbus.Healthy || h.Readings != 24 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestRegistersThatAreNeverAnsweredAreSetAsideLikeRefusedOnes(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {mute: map[int]bool{11: true}}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 10, 11, 20, 30)})
		time.Sleep(35 * time.Second)
		synctest.Wait()
		// The first poll ends at the mute block; the next ones come to it last.
		if a, b := len(sink.of("s/r20")), len(sink.of("s/r30")); a < 4 || b < 4 {
			t.Errorf("%d and %d readings of the others", a, b)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h := healthOf(t, d, "m")
		if h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Points[0].Point != "s/r11" || !strings.Contains(h.Points[0].Reason, "no answer") {
			t.Errorf("health %+v", h)
		}
		if n := len(sink.of("s/r10")); n < 30 {
			t.Errorf("%d readings of the one that shared its block", n)
		}
	})
}

func TestTheUnitRegisterIsReadAndApplied(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {registers: map[int]uint16{0: 1, 2: 7}}}}
		sink := &memorySink{}
		r := register("s", 2)
		r.Unit, r.UnitFrom = "", &registermap.UnitRegister{Type: registermap.Uint16, Order: registermap.ABCD, Codes: map[uint64]energy.Unit{1: "kWh", 2: "MWh"}}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: []registermap.PointRegister{r, register("s", 5)}})
		for _, code := range []uint16{1, 2, 3, 2} {
			p.change(func() { p.units[1].registers[0] = code })
			time.Sleep(10 * time.Second)
			synctest.Wait()
			h := healthOf(t, d, "m")
			if known := code != 3; known != (h.State == fieldbus.Healthy) || known == (len(h.Points) == 1) {
				t.Errorf("health with code %d: %+v", code, h)
			}
		}
		var values []string
		for _, r := range sink.of("s/r2") {
			values = append(values, r.Value.String())
		}
		if got := fmt.Sprint(values); got != "[7 7000 7000]" { // none with the unknown code
			t.Errorf("readings %s", got)
		}
		p.change(func() { p.units[1].refuse = map[int]exception{0: 2} })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "m"); len(h.Points) != 1 || h.Points[0].Point != "s/r2" || !strings.Contains(h.Points[0].Reason, "holding 0") {
			t.Errorf("health with the unit register refused %+v", h)
		}
	})
}

func TestAValueTheMeterDoesNotHaveIsNoReading(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {registers: map[int]uint16{1: 0x8000}}}}
		sink := &memorySink{}
		r := register("s", 1)
		r.Absent = []uint64{0x8000}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: []registermap.PointRegister{r, register("s", 2)}})
		time.Sleep(25 * time.Second)
		synctest.Wait()
		h := healthOf(t, d, "m")
		if len(sink.of("s/r1")) != 0 || len(sink.of("s/r2")) != 3 || h.State != fieldbus.Degraded || len(h.Points) != 1 || h.Errors != 0 {
			t.Errorf("readings %v, health %+v", sink.readings, h)
		}
		if since := h.Since; !h.Points[0].Since.Equal(since) {
			t.Errorf("absent since %s, degraded since %s", h.Points[0].Since, since)
		}
		p.change(func() { p.units[1].registers[1] = 4 })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "m"); len(sink.of("s/r1")) != 1 || h.State != fieldbus.Healthy {
			t.Errorf("health with the value back %+v", h)
		}
	})
}

func TestAUnitThatRefusesEverythingDoesNotHoldTheLine(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		refuse := map[int]exception{}
		var addresses []int
		for a := range 60 {
			refuse[a] = 4
			addresses = append(addresses, a)
		}
		p := &plant{units: map[uint8]*unit{1: {refuse: refuse}, 2: {}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink,
			Meter{ID: "m1", Unit: 1, Every: 10 * time.Second, Registers: registers("s1", addresses...)},
			Meter{ID: "m2", Unit: 2, Every: 10 * time.Second, Registers: registers("s2", 1)})
		time.Sleep(5 * time.Second)
		for range 60 {
			synctest.Wait()
			if n := len(p.questions(1)); n > 1+effort+retries {
				t.Fatalf("%d requests in one poll", n)
			}
			time.Sleep(10 * time.Second)
		}
		synctest.Wait()
		if h := healthOf(t, d, "m1"); h.State != fieldbus.Degraded || len(h.Points) != 60 || h.Readings != 0 {
			t.Errorf("%d points set aside, health %+v", len(h.Points), h)
		}
		if n := len(sink.of("s2/r1")); n != 61 {
			t.Errorf("%d readings of its neighbour", n)
		}
		p.change(func() { p.units[1].refuse = nil })
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if h := healthOf(t, d, "m1"); h.State != fieldbus.Healthy {
			t.Errorf("health when it refuses no more %+v", h)
		}
	})
}
