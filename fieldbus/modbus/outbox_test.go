package modbus

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// slowSink is a disk that takes its time.
type slowSink struct {
	memorySink
	takes time.Duration
}

func (s *slowSink) Collect(ctx context.Context, readings []energy.PointReading) error {
	time.Sleep(s.takes)
	return s.memorySink.Collect(ctx, readings)
}

func TestASlowDiskDoesNotHoldTheLine(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(30)
		p := &plant{units: units, latency: 20 * time.Millisecond}
		sink := &slowSink{takes: 200 * time.Millisecond}
		d := p.start(ctx, t, sink, meters...)
		time.Sleep(10*time.Minute + 950*time.Millisecond)
		synctest.Wait()
		for _, h := range d.Health() {
			if h.Skipped != 0 || h.Readings != 601 || h.Lost != 0 {
				t.Errorf("health %+v", h)
			}
		}
		if n := len(sink.calls); n > 5*601 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestADiskThatStandsStillStopsTheLineAndNothingIsLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(30)
		p := &plant{units: units}
		sink := &slowSink{takes: time.Hour}
		ctx, end := context.WithCancel(ctx)
		d := p.start(ctx, t, sink, meters...)
		time.Sleep(50 * time.Minute)
		synctest.Wait()
		if n := len(p.questions(0)); n < crammed || n > crammed+60 {
			t.Errorf("%d questions were asked while nothing could be kept", n)
		}
		time.Sleep(time.Hour)
		end()
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		var readings, polls, skipped int64
		for _, h := range d.Health() {
			readings, polls, skipped = readings+h.Readings, polls+h.Polls, skipped+h.Skipped
			if h.Lost != 0 {
				t.Errorf("health %+v", h)
			}
		}
		if kept := len(sink.readings["s7/r1"]); readings != polls || skipped == 0 || int64(30*kept) < readings-60 {
			t.Errorf("%d readings of %d polls, %d slots left out, %d kept of one unit", readings, polls, skipped, kept)
		}
	})
}

// brokenSink panics.
type brokenSink struct{}

func (brokenSink) Collect(context.Context, []energy.PointReading) error { panic("a defect") }

func TestAPanicIsAnErrorOfTheDriver(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(3)
		p := &plant{t: t, units: units, sockets: 2, timeout: time.Second}
		d, err := New(Config{ID: "line", URL: "tcp://127.0.0.1:502", Simultaneous: 2, Meters: meters})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.sockets {
			s.line.dial = p.dial
		}
		if err := d.Run(ctx, brokenSink{}); err == nil || !strings.Contains(err.Error(), "a defect") {
			t.Errorf("the driver returned %v", err)
		}
		sink := &memorySink{}
		ctx, end := context.WithCancel(ctx)
		var running sync.WaitGroup
		running.Go(func() {
			if err := d.Run(ctx, sink); err != nil { // the collector starts it again
				t.Errorf("run again: %v", err)
			}
		})
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		for _, h := range d.Health() {
			if h.State != fieldbus.Healthy || h.Readings < 3 {
				t.Errorf("health %+v", h)
			}
		}
		end()
		running.Wait()
	})
}
