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

// inBubble runs f in virtual time, with a context that ends before f's cleanups.
func inBubble(t *testing.T, f func(ctx context.Context, t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f(ctx, t)
	})
}

func TestAMeterIsReadByTheClockWithoutDrift(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		time.Sleep(3700 * time.Millisecond) // the start is no slot
		p := &plant{units: map[uint8]*unit{1: {}}, latency: 70 * time.Millisecond}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 5)})
		time.Sleep(time.Hour)
		synctest.Wait()
		readings := sink.of("s/r5")
		if len(readings) != 361 {
			t.Fatalf("%d readings in an hour", len(readings))
		}
		for i, r := range readings[1:] {
			slot := r.At.Truncate(10 * time.Second)
			if late := r.At.Sub(slot); late != 70*time.Millisecond || r.Quality != energy.Measured || r.Length != 0 || r.At.Location() != time.UTC {
				t.Fatalf("reading %d is %s behind its slot: %+v", i+1, late, r)
			}
			if !r.Value.Equal(energy.Decimal(50, 0)) {
				t.Fatalf("reading %d is %s", i+1, r.Value)
			}
		}
		h := healthOf(t, d, "m")
		if h.State != fieldbus.Healthy || h.Polls != 361 || h.Errors != 0 || h.Readings != 361 || !h.LastAnswer.Equal(readings[360].At) || h.Connection != "line" {
			t.Errorf("health %+v", h)
		}
		if n := d.Skipped("m"); n != 0 {
			t.Errorf("%d slots were skipped", n)
		}
	})
}

func TestAfterAStallSlotsAreCountedAndNotMadeUpFor(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 5)})
		time.Sleep(55 * time.Second)
		p.change(func() { p.units[1].slow = 35 * time.Second }) // the answer at 1:00 comes at 1:35
		sink.clear()
		time.Sleep(66 * time.Second)
		synctest.Wait()
		var seconds []int
		for _, r := range sink.of("s/r5") {
			seconds = append(seconds, r.At.Minute()*60+r.At.Second())
		}
		if got := fmt.Sprint(seconds); got != "[95 100 110 120]" {
			t.Errorf("read at %s", got)
		}
		if n := d.Skipped("m"); n != 3 {
			t.Errorf("%d slots counted as skipped, want 3", n)
		}
	})
}

func TestASilentUnitDelaysItsNeighboursByOneTimeoutAtMost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}, 2: {silent: true}, 3: {}}}
		sink := &memorySink{}
		var meters []Meter
		for id := range uint8(3) {
			meters = append(meters, Meter{ID: fmt.Sprint("m", id+1), Unit: id + 1, Every: 10 * time.Second, Registers: registers(fmt.Sprint("s", id+1), 5, 50, 500)})
		}
		d := p.start(ctx, t, sink, meters...)
		time.Sleep(time.Hour)
		synctest.Wait()
		for _, point := range []energy.PointID{"s1/r5", "s3/r500"} {
			readings := sink.of(point)
			if len(readings) < 360 {
				t.Errorf("%d readings of %s in an hour", len(readings), point)
			}
			for _, r := range readings {
				if late := r.At.Sub(r.At.Truncate(10 * time.Second)); late > p.timeout+100*time.Millisecond {
					t.Fatalf("%s is read %s behind its slot", point, late)
				}
			}
		}
		if asked := len(p.questions(2)); asked < 12 || asked > 25 {
			t.Errorf("the silent unit was asked %d times in an hour", asked)
		}
		h := healthOf(t, d, "m2")
		if h.State != fieldbus.Silent || !strings.Contains(h.LastError, "no answer") || !h.LastAnswer.IsZero() || h.Errors != h.Polls {
			t.Errorf("health of the silent unit %+v", h)
		}
		p.change(func() { p.units[2].silent = false })
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if h := healthOf(t, d, "m2"); h.State != fieldbus.Healthy || h.LastError != "" {
			t.Errorf("health after its return %+v", h)
		}
		before := len(sink.of("s2/r5"))
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(sink.of("s2/r5")) - before; n != 6 {
			t.Errorf("%d readings in the minute after its return", n)
		}
	})
}

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
			h.Points[0].Reason != "exception 2 (illegal data address) at holding 13" || h.Points[0].Retry.Sub(h.Points[0].Since) != time.Minute {
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
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Limits: registermap.Limits{MaxGap: 5}, Registers: registers("s", 10, 11, 13, 18, 19)})
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
		p := &plant{units: map[uint8]*unit{1: {}}}
		short := &shortLine{limit: 3}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 0, 1, 2, 3, 4, 5, 6, 7)})
		d.line.dial = func() (line, error) {
			l, err := p.dial()
			return &shortLine{line: l, limit: short.limit}, err
		}
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

// shortLine refuses requests of more than limit registers.
type shortLine struct {
	line
	limit int
}

func (l *shortLine) read(unit uint8, q request) ([]uint16, error) {
	if q.count > l.limit {
		return nil, exception(3)
	}
	return l.line.read(unit, q)
}

func TestABusyUnitIsAskedAgainShortly(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {busy: 2}, 2: {busy: 4}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink,
			Meter{ID: "m1", Unit: 1, Every: time.Minute, Registers: registers("s1", 1, 2)},
			Meter{ID: "m2", Unit: 2, Every: time.Minute, Registers: registers("s2", 1, 2)})
		time.Sleep(900 * time.Millisecond)
		synctest.Wait()
		if h := healthOf(t, d, "m1"); h.State != fieldbus.Healthy || h.Errors != 2 || h.Readings != 2 {
			t.Errorf("health of the one that was busy for a moment %+v", h)
		}
		if h := healthOf(t, d, "m2"); h.State != fieldbus.Degraded || !strings.Contains(h.LastError, "busy") || len(h.Points) != 0 {
			t.Errorf("health of the one that is busy %+v", h)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "m2"); h.State != fieldbus.Healthy || h.Readings != 2 {
			t.Errorf("health of the one that was busy for longer %+v", h)
		}
	})
}

func TestWhatTheSinkRefusesIsCountedAsLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{refuses: errors.New("disk full")}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 2)})
		time.Sleep(25 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "m"); h.Lost != 6 || h.Readings != 0 || !strings.Contains(h.LastError, "disk full") {
			t.Errorf("health %+v", h)
		}
		sink.mu.Lock()
		sink.refuses = nil
		sink.mu.Unlock()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if h := healthOf(t, d, "m"); h.Lost != 6 || h.Readings != 2 || h.LastError != "" {
			t.Errorf("health %+v", h)
		}
	})
}

func TestAConnectionThatIsRefusedIsTriedEverMoreRarely(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}, 2: {}}, refuses: errors.New("connection refused")}
		sink := &memorySink{}
		d := p.start(ctx, t, sink,
			Meter{ID: "m1", Unit: 1, Every: 10 * time.Second, Registers: registers("s1", 1)},
			Meter{ID: "m2", Unit: 2, Every: time.Hour, Registers: registers("s2", 1)})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if p.dials < 12 || p.dials > 20 {
			t.Errorf("%d attempts to connect in ten minutes", p.dials)
		}
		for _, m := range []string{"m1", "m2"} {
			if h := healthOf(t, d, m); h.State != fieldbus.Silent || !strings.Contains(h.LastError, "open connection: connection refused") {
				t.Errorf("health %+v", h)
			}
		}
		if n := d.Skipped("m1"); n < 40 {
			t.Errorf("%d slots were skipped", n)
		}
		p.change(func() { p.refuses = nil })
		time.Sleep(70 * time.Second)
		synctest.Wait()
		for _, m := range []string{"m1", "m2"} {
			if h := healthOf(t, d, m); h.State != fieldbus.Healthy {
				t.Errorf("health after the connection is back %+v", h)
			}
		}
	})
}

func TestABrokenConnectionIsMadeAnewWithinThePoll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{}
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 3)})
		time.Sleep(15 * time.Second)
		p.change(func() { p.cut = 2 }) // between the two requests of a poll
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := len(sink.of("s/r3")); n != 3 || p.dials != 2 {
			t.Errorf("%d readings over %d connections", n, p.dials)
		}
		if h := healthOf(t, d, "m"); h.State != fieldbus.Healthy || h.Errors != 1 {
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

func TestAUnitBehindAGatewayThatDoesNotReachItIsSilent(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {refuse: map[int]exception{1: 11}}}}
		d := p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 2)})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h := healthOf(t, d, "m")
		if h.State != fieldbus.Silent || len(h.Points) != 0 || !strings.Contains(h.LastError, "exception 11") || h.Polls > 15 || p.dials != 1 {
			t.Errorf("%d connections, health %+v", p.dials, h)
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

func TestRegistersOfOneMeterMayHaveIntervalsOfTheirOwn(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		sink := &memorySink{}
		slow := register("s", 2)
		slow.Every = time.Minute
		p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: []registermap.PointRegister{register("s", 1), slow}})
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if a, b := len(sink.of("s/r1")), len(sink.of("s/r2")); a != 61 || b != 11 {
			t.Errorf("%d and %d readings in ten minutes", a, b)
		}
	})
}

func TestAPollIsHandedOnInOneCallAlsoWhenTheProgramEnds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}, latency: 100 * time.Millisecond}
		sink := &memorySink{}
		ctx, end := context.WithCancel(ctx)
		p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 3, 5)})
		time.Sleep(10*time.Second + 150*time.Millisecond) // the first of three requests is answered
		end()
		synctest.Wait()
		time.Sleep(time.Second)
		if len(sink.calls) != 2 || len(sink.calls[0]) != 3 || len(sink.calls[1]) == 0 || len(sink.calls[1]) > 2 {
			t.Errorf("collected %v", sink.calls)
		}
	})
}

func TestTheLineRestsBetweenRequests(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}}
		d := p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 1, 3, 5)})
		d.line.pause = 250 * time.Millisecond
		time.Sleep(15 * time.Second)
		synctest.Wait()
		asked := p.questions(1)
		for i := 1; i < len(asked); i++ {
			if rest := asked[i].at.Sub(asked[i-1].at) - p.latency; rest < 250*time.Millisecond {
				t.Errorf("%s between two requests", rest)
			}
		}
		if len(asked) != 6 {
			t.Errorf("%d requests", len(asked))
		}
	})
}

func TestAConfigurationThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	good := Meter{ID: "m", Unit: 1, Every: time.Second, Registers: registers("s", 1)}
	wide := register("s", 9)
	wide.Type = registermap.Uint32
	for name, test := range map[string]struct {
		config Config
		want   string
	}{
		"no scheme":             {Config{URL: "127.0.0.1:502", Meters: []Meter{good}}, "SCHEME://HOST:PORT"},
		"an unknown scheme":     {Config{URL: "http://127.0.0.1", Meters: []Meter{good}}, "rtuovertcp"},
		"TLS without keys":      {Config{URL: "tcp+tls://127.0.0.1:802", Meters: []Meter{good}}, "certificate"},
		"an unknown parity":     {Config{URL: "rtu:///dev/ttyS0", Serial: Serial{Parity: "mark"}, Meters: []Meter{good}}, "parity"},
		"no meter":              {Config{URL: "tcp://127.0.0.1:502"}, "no meter"},
		"a meter twice":         {Config{URL: "tcp://127.0.0.1:502", Meters: []Meter{good, good}}, "configured twice"},
		"a point twice":         {Config{URL: "tcp://127.0.0.1:502", Meters: []Meter{good, {ID: "n", Every: 1, Registers: registers("s", 1)}}}, "already"},
		"no interval":           {Config{URL: "tcp://127.0.0.1:502", Meters: []Meter{{ID: "m", Registers: registers("s", 1)}}}, "interval"},
		"no register":           {Config{URL: "tcp://127.0.0.1:502", Meters: []Meter{{ID: "m", Every: 1}}}, "no register"},
		"a pause below zero":    {Config{URL: "tcp://127.0.0.1:502", Pause: -1, Meters: []Meter{good}}, "below zero"},
		"a value over the most": {Config{URL: "tcp://127.0.0.1:502", MaxRegisters: 1, Meters: []Meter{{ID: "m", Every: 1, Registers: []registermap.PointRegister{wide}}}}, "1 to 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := New(test.config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
	for _, scheme := range []string{"tcp", "udp", "rtuovertcp", "rtuoverudp", "rtu"} {
		if _, err := New(Config{URL: scheme + "://127.0.0.1:502", Meters: []Meter{good}}); err != nil {
			t.Errorf("%s is refused: %v", scheme, err)
		}
	}
}
