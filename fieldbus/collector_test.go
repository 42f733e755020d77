package fieldbus_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// clumsy is a driver that stops in a different way each time.
type clumsy struct {
	starts int
	health []fieldbus.MeterHealth
}

func (d *clumsy) Run(ctx context.Context, sink fieldbus.Sink) error {
	d.starts++
	switch d.starts {
	case 1:
		return errors.New("lost its way")
	case 2:
		panic("stumbled")
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
			if err := sink.Collect(ctx, []energy.PointReading{{Point: "hafen/grid"}}); err != nil {
				return err
			}
		}
	}
}

func (d *clumsy) Health() []fieldbus.MeterHealth { return d.health }

// heap counts what is collected.
type heap struct{ readings atomic.Int64 }

func (h *heap) Collect(_ context.Context, readings []energy.PointReading) error {
	h.readings.Add(int64(len(readings)))
	return nil
}

func TestADriverThatStopsIsStartedAgainAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		steady, stumbling, sink := &clumsy{starts: 2}, &clumsy{}, &heap{}
		collector := &fieldbus.Collector{Drivers: []fieldbus.Driver{stumbling, steady}, Sink: sink, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+time.Millisecond)
		defer cancel()
		if err := collector.Run(ctx); err != nil {
			t.Errorf("run = %v, want nil when told to end", err)
		}
		// The steady one collects 10 times; the other is up again after 1 s + 2 s.
		if stumbling.starts != 3 || steady.starts != 3 || sink.readings.Load() != 10+7 {
			t.Errorf("started %d and %d times, collected %d, want 3, 3 (once) and 17", stumbling.starts, steady.starts, sink.readings.Load())
		}
	})
}

func TestHealthIsInTheOrderOfConnectionAndMeter(t *testing.T) {
	t.Parallel()
	b := &clumsy{health: []fieldbus.MeterHealth{{Connection: "b", Meter: "2"}, {Connection: "b", Meter: "1"}}}
	a := &clumsy{health: []fieldbus.MeterHealth{{Connection: "a", Meter: "9"}}}
	collector := &fieldbus.Collector{Drivers: []fieldbus.Driver{b, a}}
	var order string
	for _, m := range collector.Health() {
		order += m.Connection + m.Meter + " "
	}
	if order != "a9 b1 b2 " {
		t.Errorf("order = %s, want a9 b1 b2", order)
	}
}

func TestTheMetersOfADriverThatStoppedAreSilentUntilItIsStartedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		named := &clumsy{health: []fieldbus.MeterHealth{{Connection: "a", Meter: "1", State: fieldbus.Healthy, Readings: 7}}}
		nameless := &clumsy{}
		collector := &fieldbus.Collector{Drivers: []fieldbus.Driver{nameless, named}, Sink: &heap{}}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		done := make(chan error, 1)
		go func() { done <- collector.Run(ctx) }()
		for _, tt := range []struct {
			after   time.Duration
			state   fieldbus.State
			problem string
		}{
			{500 * time.Millisecond, fieldbus.Silent, "driver stopped: lost its way"},
			{1500 * time.Millisecond, fieldbus.Silent, "driver stopped: run a driver: panic: stumbled"},
			{3500 * time.Millisecond, fieldbus.Healthy, ""},
		} {
			time.Sleep(tt.after - time.Since(begun)) // the bubble's own time
			got := collector.Health()
			if got[0].State != tt.state || got[0].LastError != tt.problem || got[0].Readings != 7 {
				t.Errorf("after %s: %+v, want %s, %q", tt.after, got[0], tt.state, tt.problem)
			}
			if stopped := tt.state == fieldbus.Silent; stopped != (len(got) == 2) {
				t.Errorf("after %s: %d entries", tt.after, len(got))
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
