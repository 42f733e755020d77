package opcua

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/counterpart"
)

const namespace = "nsu=http://example.org/dc;"

// plant is a node-opcua server with the variables of tools/counterparts/opcua_server.js.
type plant struct {
	*counterpart.Process
	facts string
}

// startPlant starts one; certificates are kept in pki across restarts.
func startPlant(t *testing.T, pki string, args ...string) *plant {
	t.Helper()
	facts := filepath.Join(t.TempDir(), "facts")
	args = append([]string{"--facts", facts, "--pki", pki}, args...)
	return &plant{counterpart.Node(t, "opcua_server.js", args...), facts}
}

func (p *plant) endpoint() string { return "opc.tcp://" + p.Address }

type fact struct {
	At          int64 // ms since 1970
	Event       string
	Fingerprint string
}

// told are the server's own records of an event.
func (p *plant) told(t *testing.T, event string) []fact {
	t.Helper()
	content, err := os.ReadFile(p.facts)
	if err != nil {
		t.Fatal(err)
	}
	var all []fact
	for line := range strings.Lines(string(content)) {
		var f fact
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("facts: %v in %q", err, line)
		}
		if f.Event == event {
			all = append(all, f)
		}
	}
	return all
}

func (p *plant) fingerprint(t *testing.T) string {
	t.Helper()
	return p.told(t, "ready")[0].Fingerprint
}

// basket is a sink in memory.
type basket struct {
	mu       sync.Mutex
	readings []energy.PointReading
	refuse   error         // what Collect answers
	gate     chan struct{} // Collect waits until it is closed, if there is one
}

func (b *basket) Collect(ctx context.Context, readings []energy.PointReading) error {
	if b.gate != nil {
		select {
		case <-b.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		return b.refuse
	}
	b.readings = append(b.readings, readings...)
	return nil
}

// of are the readings of a point so far.
func (b *basket) of(point energy.PointID) []energy.Reading {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []energy.Reading
	for _, r := range b.readings {
		if r.Point == point {
			all = append(all, r.Reading)
		}
	}
	return all
}

// node is a variable of the counterpart, read as point dc/NAME in kWh.
func node(variable string) Node {
	name := strings.NewReplacer(".", "-", "=", "-", "/", "-", "+", "").Replace(strings.ToLower(variable))
	return Node{Point: energy.PointID("dc/" + name), Node: namespace + "s=" + variable, Unit: energy.KilowattHour}
}

// hasty is Options for tests: seconds where practice has minutes.
func hasty(t *testing.T) Options {
	return Options{
		Log:        slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Timeout:    2 * time.Second,
		Publishing: 50 * time.Millisecond,
		Heartbeat:  200 * time.Millisecond,
		Silence:    1500 * time.Millisecond,
		Refresh:    time.Second,
		RetryMin:   200 * time.Millisecond,
		RetryMax:   2 * time.Second,
	}
}

// start runs a driver until stop, or the end of the test.
func start(t *testing.T, c Config, o Options, sink fieldbus.Sink) (d *Driver, stop func()) {
	t.Helper()
	d, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx, sink) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run ended with %v, want nil", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("Run went on 20 s after its context had ended")
		}
	})
	t.Cleanup(stop)
	return d, stop
}

// wait until what has come true.
func wait(t *testing.T, within time.Duration, what string, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !true(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not after %s: %s", within, what)
		}
	}
}

// health is the driver's only meter.
func health(d *Driver) fieldbus.MeterHealth { return d.Health()[0] }

// reasons are the meter's points in trouble.
func reasons(d *Driver) map[energy.PointID]string {
	all := make(map[energy.PointID]string)
	for _, p := range health(d).Points {
		all[p.Point] = p.Reason
	}
	return all
}

// consecutive fails unless every value is the one before plus step, later than it.
func consecutive(t *testing.T, readings []energy.Reading, step int64) {
	t.Helper()
	for i, r := range readings[1:] {
		before := readings[i]
		a, _ := before.Value.Mantissa()
		b, _ := r.Value.Mantissa()
		if b != a+step {
			t.Errorf("reading %d is %s after %s, want a step of %d", i+1, r.Value, before.Value, step)
		}
		if !r.At.After(before.At) {
			t.Errorf("reading %d at %s is not after %s", i+1, r.At, before.At)
		}
	}
}

// fresh is readings without the values stated again.
func fresh(readings []energy.Reading) []energy.Reading {
	return slices.CompactFunc(slices.Clone(readings), func(a, b energy.Reading) bool { return a.Value.Equal(b.Value) })
}

// born is --born for a plant whose history begins so long ago.
func born(ago time.Duration) string {
	return strconv.FormatInt(time.Now().Add(-ago).UnixMilli(), 10)
}
