package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// sinkOf is a sink in memory, which may refuse.
type sinkOf struct {
	mutex    sync.Mutex
	readings []energy.PointReading
	refuses  error
}

func (s *sinkOf) Collect(_ context.Context, readings []energy.PointReading) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.refuses != nil {
		return s.refuses
	}
	s.readings = append(s.readings, readings...)
	return nil
}

func (s *sinkOf) count() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.readings)
}

func TestWhatWasLastReadIsRememberedOnlyOnceItIsDurable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "opcua", "last.json")
	log := slog.New(slog.DiscardHandler)
	last := openLast(file, log)
	instant := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	reading := func(at time.Time) []energy.PointReading {
		return []energy.PointReading{{Point: "hall/p", Reading: energy.Reading{At: at, Value: energy.Decimal(1, 0), Quality: energy.Measured}}}
	}
	refused := errors.New("the disk is full")
	sink := &sinkOf{}
	remembering := rememberingSink{sink, last}
	for _, step := range []struct {
		at      time.Time
		refuses error
		want    time.Time
	}{
		{instant, nil, instant}, {instant.Add(time.Second), refused, instant}, {instant.Add(-time.Hour), nil, instant}, {instant.Add(time.Minute), nil, instant.Add(time.Minute)},
	} {
		sink.refuses = step.refuses
		if err := remembering.Collect(t.Context(), reading(step.at)); !errors.Is(err, step.refuses) {
			t.Errorf("the sink says %v, handed on is %v", step.refuses, err)
		}
		if got := last.of("hall/p"); !got.Equal(step.want) {
			t.Errorf("after a reading of %s (%v) the last is %s, want %s", step.at, step.refuses, got, step.want)
		}
	}
	if err := (rememberingDriver{idleDriver{}, last}).Run(t.Context(), sink); err != nil {
		t.Fatal(err)
	}
	again := openLast(file, log)
	if got := again.of("hall/p"); !got.Equal(instant.Add(time.Minute)) || !again.of("hall/other").IsZero() {
		t.Errorf("another process knows %s", got)
	}
	again.note(reading(time.Now().Add(time.Hour)))
	if got := again.of("hall/p"); !got.IsZero() {
		t.Errorf("an instant that has not come yet is believed: %s", got)
	}
	if err := os.WriteFile(file, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := openLast(file, log).of("hall/p"); !got.IsZero() {
		t.Errorf("a broken file says %s", got)
	}
}

// idleDriver ends at once.
type idleDriver struct{ fieldbus.Driver }

func (idleDriver) Run(context.Context, fieldbus.Sink) error { return nil }

// TestWhatAServerNotedWhileTheProcessWasDownIsReadFromItsHistory runs the drivers
// of a configuration twice, with a pause in which nobody reads.
func TestWhatAServerNotedWhileTheProcessWasDownIsReadFromItsHistory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	address, _ := opcuaStranger(t, dir, "--every", "200", "--born", fmt.Sprint(time.Now().Add(-time.Minute).UnixMilli()))
	cfg := readConfig(t, strings.ReplaceAll(`data_dir: ./var
connections:
  - id: bms
    opcua: {endpoint: 'opc.tcp://ADDRESS'}
    meters: [{id: past, sampling: 100ms, nodes: [{point: hall/past, node: "nsu=http://example.org/dc;s=Past.Energy", unit: Wh, quantity: active_energy_import}]}]
`, "ADDRESS", address))
	p := &process{ctx: t.Context(), log: slog.New(slog.DiscardHandler)}
	sink := &sinkOf{}
	read := func(until func() bool) {
		drivers, err := p.drivers(cfg, quantitiesOf(nil), true)
		if err != nil || len(drivers) != 1 {
			t.Fatalf("%d drivers, %v", len(drivers), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = drivers[0].Run(ctx, sink) })
		defer running.Wait()
		defer cancel()
		eventually(t, "the server is read", until)
	}
	read(func() bool { return sink.count() >= 5 })
	first := sink.count()
	down := time.NewTimer(3 * time.Second) // nobody reads for fifteen ticks of the server
	<-down.C
	contiguous := func() bool {
		sink.mutex.Lock()
		defer sink.mutex.Unlock()
		var steps []int64
		for _, r := range sink.readings {
			n, err := r.Value.Fixed(3) // watt-hours, of which each tick counts one
			if err != nil {
				t.Error(err)
			}
			steps = append(steps, n)
		}
		slices.Sort(steps)
		steps = slices.Compact(steps)
		return len(steps) > first+15 && steps[len(steps)-1]-steps[0] == int64(len(steps)-1)
	}
	read(contiguous)
}
