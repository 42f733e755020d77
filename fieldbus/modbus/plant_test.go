package modbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// plant is a line with units that behave: it takes virtual time, and it holds
// the driver to what a line demands.
type plant struct {
	t       *testing.T
	latency time.Duration
	timeout time.Duration
	pause   time.Duration // that the driver is to make between requests
	log     *slog.Logger
	most    int    // registers in one request, else exception 3; 0: no limit
	sockets int    // that the driver may have open at once; 0: one
	bears   int    // of these that the gateway does; 0: all
	beyond  string // what it does with more: "refuse", "hang up", "ignore", or "drop" the oldest

	mu      sync.Mutex
	units   map[uint8]*unit
	refuses error // to connect
	dials   int
	lines   []*wire // that are open now
	cut     int     // requests until the line breaks once; 0: never
	asked   []question
	asking  map[uint8]bool

	jump atomic.Int64 // of the wall clock
}

// wall is the driver's wall clock, which may jump; the other clock goes on.
func (p *plant) wall(t time.Time) time.Time {
	return t.Round(0).UTC().Add(time.Duration(p.jump.Load()))
}

type question struct {
	at   time.Time
	unit uint8
	request
}

// unit is a meter whose register a holds a × 10 (or what registers say).
type unit struct {
	registers map[int]uint16
	refuse    map[int]exception // by address: any request that touches it
	mute      map[int]bool      // by address: no answer to any request that touches it
	silent    bool
	busy      int           // answers "busy" this many times
	slow      time.Duration // one answer takes this long, once
}

func (p *plant) dial() (line, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dials++
	if p.refuses != nil {
		return nil, p.refuses
	}
	w := &wire{plant: p}
	if p.bears > 0 && len(p.lines) >= p.bears {
		switch p.beyond {
		case "refuse":
			return nil, errors.New("connection refused")
		case "drop":
			p.lines[0].dropped = true
		default:
			w.unwanted = true
		}
	}
	if p.lines = append(p.lines, w); len(p.lines) > max(1, p.sockets) {
		p.t.Errorf("%d connections at once", len(p.lines))
	}
	return w, nil
}

// change alters the plant while the driver runs.
func (p *plant) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// questions are those put to a unit since the last call, or to all for 0.
func (p *plant) questions(unit uint8) []question {
	p.mu.Lock()
	defer p.mu.Unlock()
	var of []question
	for _, q := range p.asked {
		if unit == 0 || q.unit == unit {
			of = append(of, q)
		}
	}
	p.asked = nil
	return of
}

// wire is one connection to a plant.
type wire struct {
	plant    *plant
	spent    bool
	unwanted bool // the gateway has too many
	dropped  bool // it has dropped this one
}

func (w *wire) close() {
	w.plant.change(func() {
		w.plant.lines = slices.DeleteFunc(w.plant.lines, func(o *wire) bool { return o == w })
	})
	w.spent = true
}

var errCut = errors.New("connection reset by peer")

func (w *wire) read(id uint8, q request, _ []uint16) ([]uint16, error) {
	p := w.plant
	if w.spent {
		p.t.Error("a line was used again after an error")
	}
	p.change(func() {
		if p.asking == nil {
			p.asking = map[uint8]bool{}
		}
		if p.asking[id] {
			p.t.Errorf("unit %d is asked over two sockets at once", id)
		}
		p.asking[id] = true
	})
	defer p.change(func() { p.asking[id] = false })
	time.Sleep(p.latency)
	p.mu.Lock()
	p.asked = append(p.asked, question{time.Now(), id, q})
	u := p.units[id]
	if p.cut > 0 {
		if p.cut--; p.cut == 0 {
			p.mu.Unlock()
			w.spent = true
			return nil, errCut
		}
	}
	words, wait, err := u.answer(q, p.timeout)
	if p.most > 0 && q.count > p.most {
		words, wait, err = nil, 0, exception(3)
	}
	switch {
	case w.unwanted && p.beyond == "ignore":
		words, wait, err = nil, p.timeout, errNoAnswer
	case w.unwanted, w.dropped:
		words, wait, err = nil, 0, errCut
	}
	p.mu.Unlock()
	time.Sleep(wait)
	if err != nil && !errors.As(err, new(exception)) {
		w.spent = true
	}
	return words, err
}

func (u *unit) answer(q request, timeout time.Duration) (words []uint16, wait time.Duration, err error) {
	if u == nil || u.silent {
		return nil, timeout, errNoAnswer
	}
	if u.busy > 0 {
		u.busy--
		return nil, 0, exception(6)
	}
	for a := q.address; a < q.end(); a++ {
		if u.mute[a] {
			return nil, timeout, errNoAnswer
		}
		if e := u.refuse[a]; e != 0 {
			return nil, 0, e
		}
		w, ok := u.registers[a]
		if !ok {
			w = uint16(a * 10)
		}
		words = append(words, w)
	}
	wait, u.slow = u.slow, 0
	return words, wait, nil
}

// memorySink keeps what it is given.
type memorySink struct {
	mu       sync.Mutex
	refuses  error
	calls    [][]energy.PointReading
	readings map[energy.PointID][]energy.Reading
	stood    time.Duration // the longest that the machine did not run this process
}

// watch notes how long the machine lets this process wait for its turn: on one
// that is overloaded an answer may be read long after it came.
func (s *memorySink) watch(ctx context.Context) {
	const tick = 10 * time.Millisecond
	for before := time.Now(); ctx.Err() == nil; {
		time.Sleep(tick)
		now := time.Now()
		s.mu.Lock()
		s.stood = max(s.stood, now.Sub(before)-tick)
		s.mu.Unlock()
		before = now
	}
}

func (s *memorySink) standstill() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stood
}

func (s *memorySink) Collect(ctx context.Context, readings []energy.PointReading) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(s.refuses, ctx.Err()); err != nil {
		return err
	}
	if s.readings == nil {
		s.readings = map[energy.PointID][]energy.Reading{}
	}
	s.calls = append(s.calls, slices.Clone(readings))
	for _, r := range readings {
		s.readings[r.Point] = append(s.readings[r.Point], r.Reading)
	}
	return nil
}

func (s *memorySink) of(p energy.PointID) []energy.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.readings[p])
}

// clear forgets what was collected so far.
func (s *memorySink) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.readings = nil, nil
}

// register is a uint16 in kWh at an address of the holding table, for a point
// named after it.
func register(site string, address int) registermap.PointRegister {
	return registermap.PointRegister{
		Point: energy.PointID(fmt.Sprintf("%s/r%d", site, address)),
		Register: registermap.Register{
			Table: registermap.Holding, Address: uint16(address), Type: registermap.Uint16,
			Order: registermap.ABCD, Scale: energy.Decimal(1, 0), Unit: "kWh",
		},
	}
}

func registers(site string, addresses ...int) []registermap.PointRegister {
	list := make([]registermap.PointRegister, len(addresses))
	for i, a := range addresses {
		list[i] = register(site, a)
	}
	return list
}

// start runs a driver for the meters over p until the test ends the context.
func (p *plant) start(ctx context.Context, t *testing.T, sink fieldbus.Sink, meters ...Meter) *Driver {
	t.Helper()
	p.t = t
	if p.latency == 0 {
		p.latency = 10 * time.Millisecond
	}
	p.timeout = time.Second
	d, err := New(Config{ID: "line", URL: "tcp://127.0.0.1:502", Timeout: p.timeout, Pause: p.pause, Simultaneous: p.sockets, Log: p.log, Meters: meters})
	if err != nil {
		t.Fatal(err)
	}
	d.clock = p.wall
	for _, s := range d.sockets {
		s.line.dial = p.dial
	}
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx, sink) }()
	t.Cleanup(func() {
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if p.change(func() {}); len(p.lines) != 0 {
			t.Errorf("%d connections are left open", len(p.lines))
		}
	})
	return d
}

// healthOf is the health of one meter.
func healthOf(t *testing.T, d *Driver, meter string) fieldbus.MeterHealth {
	t.Helper()
	for _, h := range d.Health() {
		if h.Meter == meter {
			return h
		}
	}
	t.Fatalf("no health of %s", meter)
	return fieldbus.MeterHealth{}
}
