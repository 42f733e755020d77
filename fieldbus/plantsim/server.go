package plantsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// Options say which plant is served, where and how fast. The zero value serves
// [SmallTown] on free ports of 127.0.0.1, in real time.
type Options struct {
	Seed       uint64         // the same seed is the same plant
	Sites      []SiteSpec     // none: SmallTown
	ListenHost string         // "": 127.0.0.1
	Ports      map[string]int // by connection; 0 or absent: a free one
	// Speed is how many seconds pass in the plant per second; 0 means 1. The
	// plant's clock begins at Now.
	Speed float64
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: silent
	// Witness, if there is one, is told every value that a meter gives to
	// whoever asks, before it is sent. It is called from many goroutines and
	// must not wait.
	Witness func(Shown)
	// Pace waits until the play of a scenario has come to an instant after its
	// begin; nil: in real time.
	Pace func(ctx context.Context, at time.Duration) error
}

// Server is a plant behind sockets.
type Server struct {
	plant  *Plant
	clock  clock
	meters map[energy.MeterID]*served
	lines  []*line
	log    *slog.Logger
	pace   func(context.Context, time.Duration) error // of plays; nil: in real time

	once sync.Once
	done chan struct{}
	err  error // of closing; set before done is closed
}

// line is a served connection.
type line struct {
	Connection
	door *faultproxy.Proxy
	url  string
	stop func() error
}

// Connection is where a part of the plant answers.
type Connection struct {
	ID       string
	Site     energy.SiteID
	Protocol Protocol
	URL      string // tcp://127.0.0.1:PORT, opc.tcp://127.0.0.1:PORT
	Meters   []energy.MeterID
}

// clock is the plant's time.
type clock struct {
	wall  func() time.Time
	begin time.Time
	speed float64
}

// now runs Speed times as fast as the wall since the plant was started.
func (c clock) now() time.Time {
	t := c.wall()
	if c.speed == 1 {
		return t
	}
	return c.begin.Add(time.Duration(float64(t.Sub(c.begin)) * c.speed))
}

// Start serves a plant until ctx ends or Close is called.
func Start(ctx context.Context, o Options) (*Server, error) {
	specs := o.Sites
	if len(specs) == 0 {
		specs = SmallTown()
	}
	plant, err := NewPlant(o.Seed, specs)
	if err != nil {
		return nil, err
	}
	wall := o.Now
	if wall == nil {
		wall = time.Now
	}
	s := &Server{
		plant: plant, clock: clock{wall, wall(), cmp.Or(o.Speed, 1)},
		meters: map[energy.MeterID]*served{}, log: o.Log, pace: o.Pace, done: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, site := range plant.sites {
		_ = site.At(s.Now()) // sums all days before, so that no first request waits for it
		for _, c := range site.Spec.Connections {
			if err := s.serve(ctx, site, c, o); err != nil {
				return nil, errors.Join(fmt.Errorf("serve connection %s: %w", c.ID, err), s.Close())
			}
		}
	}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

// serve opens one connection.
func (s *Server) serve(ctx context.Context, site *Site, c ConnectionSpec, o Options) error {
	log := s.log.With("connection", c.ID)
	address := net.JoinHostPort(cmp.Or(o.ListenHost, "127.0.0.1"), strconv.Itoa(o.Ports[c.ID]))
	var meters []*served
	var ids []energy.MeterID
	for _, m := range site.meters {
		if m.connection == c.ID {
			sm := &served{meter: m, witness: o.Witness}
			s.meters[m.ID] = sm
			meters, ids = append(meters, sm), append(ids, m.ID)
		}
	}
	start := startModbus
	switch c.Protocol {
	case ModbusTCP:
	case OPCUA:
		start = startOPCUA
	default:
		return fmt.Errorf("%q is no protocol: %s or %s is expected", c.Protocol, ModbusTCP, OPCUA)
	}
	l, err := start(ctx, address, o.Seed, meters, s.clock, log)
	if err != nil {
		return err
	}
	l.Connection = Connection{ID: c.ID, Site: site.Spec.ID, Protocol: c.Protocol, URL: l.url, Meters: ids}
	s.lines = append(s.lines, l)
	log.InfoContext(ctx, "plant serves", "url", l.URL, "meters", len(meters))
	return nil
}

// Plant is the model behind the sockets.
func (s *Server) Plant() *Plant { return s.plant }

// Now is the plant's time.
func (s *Server) Now() time.Time { return s.clock.now() }

// Connections are all connections with their addresses, in the sites' order.
func (s *Server) Connections() []Connection {
	connections := make([]Connection, len(s.lines))
	for i, l := range s.lines {
		connections[i] = l.Connection
	}
	return connections
}

// Close stops serving, drops all clients and waits until they are gone. It may
// be called often.
func (s *Server) Close() error {
	s.once.Do(func() {
		for _, l := range s.lines {
			if err := l.stop(); err != nil {
				s.err = errors.Join(s.err, fmt.Errorf("stop connection %s: %w", l.ID, err))
			}
		}
		close(s.done)
	})
	<-s.done
	return s.err
}

// Wait returns when the server has closed.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}
