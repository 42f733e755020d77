package plantsim

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/faultproxy"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/opcua"
	"heatledger/fieldbus/registermap"
)

// pollEvery is how often the stage's meters are read over Modbus.
const pollEvery = 200 * time.Millisecond

// patience is the reader's with one answer over Modbus. Scenarios that are late
// are later.
const patience = time.Second

// house is a small plant on one connection. Plays follow each other on its
// stage.
type house struct {
	plant  *Server
	url    string // where the driver goes
	points map[energy.MeterID][]energy.PointID
	stage  atomic.Pointer[stage] // where the witness and the play turn to; nil between two
}

// stage is a house with the real driver that reads it, and a record of what the
// meters showed and what the reader handed on.
type stage struct {
	*house
	t      *testing.T
	driver fieldbus.Driver
	log    *slog.Logger
	record
	begun faultproxy.Stats // of the line, when the driver was raised

	steps chan time.Duration // instants at which the play waits
	goOn  chan struct{}
}

// record is written by the plant and by the driver.
type record struct {
	mu       sync.Mutex
	shown    map[energy.PointID][]Shown
	readings map[energy.PointID][]energy.Reading
}

// stageSites are three meters of a gateway, or three of a building management
// system. They began to count two days ago, so that little is to be summed up.
func stageSites(p Protocol, now time.Time) []SiteSpec {
	spec, keep := hafen(), []energy.MeterID{"hafen-main", "hafen-ups", "hafen-heat"}
	if p == OPCUA {
		spec, keep = kaiserlei(), []energy.MeterID{"kaiserlei-main", "kaiserlei-ups", "kaiserlei-heat"}
	}
	first := now.AddDate(0, 0, -2)
	spec.Since = energy.Date{Year: first.Year(), Month: first.Month(), Day: first.Day()}
	c := &spec.Connections[0]
	c.Meters = slices.DeleteFunc(slices.Clone(c.Meters), func(m MeterSpec) bool { return !slices.Contains(keep, m.ID) })
	return []SiteSpec{spec}
}

// build builds a house, which stands until the test ends.
func build(t *testing.T, p Protocol) *house {
	t.Helper()
	h := &house{points: map[energy.MeterID][]energy.PointID{}}
	h.plant = serve(t, Options{
		Seed: 7, Sites: stageSites(p, time.Now().UTC()), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Witness: func(s Shown) {
			if g := h.stage.Load(); g != nil {
				g.see(s)
			}
		},
		Pace: func(ctx context.Context, at time.Duration) error { return h.stage.Load().pace(ctx, at) },
	})
	h.url = h.plant.Connections()[0].URL
	for _, id := range h.plant.Connections()[0].Meters {
		for _, f := range h.plant.meters[id].offered() {
			h.points[id] = append(h.points[id], h.plant.meters[id].point(f.quantity))
		}
	}
	return h
}

// raise lets a new driver read the house until the test ends. Then everything in
// it is sound again.
func (h *house) raise(t *testing.T) *stage {
	t.Helper()
	g := &stage{
		house: h, t: t, log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		record: record{shown: map[energy.PointID][]Shown{}, readings: map[energy.PointID][]energy.Reading{}},
		steps:  make(chan time.Duration), goOn: make(chan struct{}),
	}
	g.begun = g.stats()
	h.stage.Store(g)
	connection := h.plant.Connections()[0]
	var err error
	if connection.Protocol == ModbusTCP {
		g.driver, err = modbus.New(g.modbus(connection))
	} else {
		g.driver, err = opcua.New(g.opcua(connection), opcua.Options{
			Log: g.log, Timeout: 2 * time.Second, Publishing: 100 * time.Millisecond, Heartbeat: 500 * time.Millisecond,
			Silence: 3 * time.Second, RetryMin: 200 * time.Millisecond, RetryMax: time.Second, PointRetryMin: time.Second,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	reading.Go(func() {
		if err := g.driver.Run(ctx, g); err != nil {
			t.Errorf("the driver ended: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		reading.Wait()
		h.stage.Store(nil)
		for id := range h.points {
			if err := h.plant.Break(id, Fault{}); err != nil {
				t.Error(err)
			}
		}
		if err := h.plant.lines[0].door.Set(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// modbus is the configuration that reads the stage, from the makers' addresses.
func (g *stage) modbus(c Connection) modbus.Config {
	config := modbus.Config{ID: c.ID, URL: g.url, Timeout: patience, Log: g.log}
	for _, id := range c.Meters {
		m := g.plant.meters[id]
		meter := modbus.Meter{ID: string(id), Unit: m.Unit, Every: pollEvery, Limits: registermap.Limits{GapStated: true}}
		for _, f := range m.offered() {
			r := registermap.Register{
				Quantity: f.quantity, Table: registermap.Table(f.table.String()), Address: f.address, Type: registermap.Type(f.kind.String()),
				Order: registermap.ABCD, Scale: energy.Decimal(1, f.scale), Unit: f.unit,
			}
			switch f.kind {
			case int16Words:
				r.Absent = []uint64{0x8000}
			case uint32Words:
				r.Absent = []uint64{0xFFFFFFFF}
			case int64Words:
				r.Absent = []uint64{1 << 63}
			}
			meter.Registers = append(meter.Registers, registermap.PointRegister{Point: m.point(f.quantity), Register: r})
		}
		config.Meters = append(config.Meters, meter)
	}
	return config
}

// opcua is the configuration that reads the stage, by the nodes' names.
func (g *stage) opcua(c Connection) opcua.Config {
	config := opcua.Config{ID: c.ID, Endpoint: c.URL}
	for _, id := range c.Meters {
		m := g.plant.meters[id]
		meter := opcua.Meter{ID: id, Sampling: time.Second}
		for _, f := range m.offered() {
			meter.Nodes = append(meter.Nodes, opcua.Node{
				Point: m.point(f.quantity), Quantity: f.quantity, Node: "nsu=" + Namespace + ";s=" + m.node(f.quantity), Unit: f.unit,
			})
		}
		config.Meters = append(config.Meters, meter)
	}
	return config
}

// see is the witness of the plant.
func (r *record) see(s Shown) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown[s.Point] = append(r.shown[s.Point], s)
}

// Collect is the sink of the driver.
func (r *record) Collect(_ context.Context, readings []energy.PointReading) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range readings {
		r.readings[p.Point] = append(r.readings[p.Point], p.Reading)
	}
	return nil
}

// since counts the readings of a point that came after the first n.
func (r *record) since(p energy.PointID, n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.readings[p]) - n
}

// counts is how many readings each point has.
func (r *record) counts() map[energy.PointID]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := map[energy.PointID]int{}
	for p, readings := range r.readings {
		n[p] = len(readings)
	}
	return n
}

// pace holds the play at each step until the test lets it go on.
func (g *stage) pace(ctx context.Context, at time.Duration) error {
	select {
	case g.steps <- at:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-g.goOn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// health is that of a meter now.
func (g *stage) health(id energy.MeterID) fieldbus.MeterHealth {
	for _, h := range g.driver.Health() {
		if h.Meter == string(id) {
			return h
		}
	}
	g.t.Fatalf("the driver knows no meter %s", id)
	return fieldbus.MeterHealth{}
}

// eventually waits for what takes its time; why says what is still wrong, "" when
// nothing is.
func (g *stage) eventually(what string, why func() string) {
	g.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		problem := why()
		if problem == "" {
			g.log.Info(what)
			return
		}
		if time.Now().After(deadline) {
			g.t.Fatalf("not within three minutes: %s: %s", what, problem)
		}
	}
}
