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
		if n := healthOf(t, d, "m").Skipped; n != 0 {
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
		if n := healthOf(t, d, "m").Skipped; n != 3 {
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
		for _, m := range []string{"m1", "m3"} {
			if h := healthOf(t, d, m); h.Skipped != 0 || h.Readings != 3*360 {
				t.Errorf("health of a neighbour %+v", h)
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

func TestADeadUnitCostsItsNeighboursNoSlotEvenWhenTheTimeoutIsAsLongAsTheInterval(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(10)
		units[0].silent, units[5].silent = true, true
		p := &plant{units: units}
		d := p.start(ctx, t, &memorySink{}, meters...)
		time.Sleep(time.Hour + 950*time.Millisecond)
		synctest.Wait()
		for _, h := range d.Health() {
			if h.State == fieldbus.Silent {
				if h.Polls < 12 || h.Polls > 25 {
					t.Errorf("a dead unit was asked %d times in an hour", h.Polls)
				}
				continue
			}
			// Both are asked for the first time before anything is known of them.
			if h.Skipped > 2 || h.Readings+h.Skipped != 3601 {
				t.Errorf("health of a neighbour %+v", h)
			}
		}
	})
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
		if n := healthOf(t, d, "m1").Skipped; n < 40 {
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
		d := p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Limits: registermap.Limits{GapStated: true}, Registers: registers("s", 1, 3)})
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
		p.start(ctx, t, sink, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Limits: registermap.Limits{GapStated: true}, Registers: registers("s", 1, 3, 5)})
		time.Sleep(10*time.Second + 150*time.Millisecond) // the first of three requests is answered
		end()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(sink.calls) != 2 || len(sink.calls[0]) != 3 || len(sink.calls[1]) == 0 || len(sink.calls[1]) > 2 {
			t.Errorf("collected %v", sink.calls)
		}
	})
}

func TestTheLineRestsBetweenRequests(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}}, pause: 250 * time.Millisecond}
		p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Limits: registermap.Limits{GapStated: true}, Registers: registers("s", 1, 3, 5)})
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
