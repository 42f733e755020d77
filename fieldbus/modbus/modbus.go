// Package modbus reads meters over Modbus TCP, TLS, UDP, serial lines and RTU
// frames in TCP or UDP. It knows connections, units and registers; what a
// register means it takes from a register map.
//
// A [Driver] owns one physical connection: one goroutine asks one question at a
// time, whatever number of units is behind it. After any error that is not an
// answer of the meter (an exception) the connection is closed and made anew,
// because an answer that comes late must never be taken for that of the next
// question. Frames of RTU carry no number by which an answer could be told from
// an older one; there the driver also keeps quiet for one timeout before it
// opens again, so that a late answer has gone by. What it cannot notice there is
// a gateway that answers one question twice: prefer Modbus TCP where it is offered.
//
// Registers are read in blocks. A block that a unit refuses is divided until the
// register at fault is alone; that one is set aside and tried again later, while
// everything else keeps its schedule.
package modbus

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// Config is one physical connection and the meters behind it.
type Config struct {
	ID           string
	URL          string        // SCHEME://HOST:PORT or rtu://DEVICE; see [Schemes]
	Timeout      time.Duration // for one answer; 0: one second
	Pause        time.Duration // between two requests, for slow gateways
	MaxRegisters int           // in one request, if the gateway bears less than its meters; 0: no limit of its own
	Serial       Serial        // for rtu; Speed also times RTU frames in TCP and UDP
	TLS          TLS           // for tcp+tls
	Meters       []Meter
	Log          *slog.Logger // nil: nothing is logged
}

// Serial describes a serial line. Zero fields are the library's: 19200 8N2, or
// one stop bit with parity.
type Serial struct {
	Speed    uint   // bit/s
	DataBits uint   // 7 or 8
	Parity   string // "none", "even", "odd"
	StopBits uint   // 1 or 2
}

// TLS is what Modbus/TCP Security needs on our side (MBAPS, R-08): both ends
// show certificates.
type TLS struct {
	Certificate *tls.Certificate // ours
	Roots       *x509.CertPool   // who vouches for the server
}

// Meter is one unit and the registers that are read from it.
type Meter struct {
	ID        string
	Unit      uint8
	Every     time.Duration // how often; a register may have an interval of its own
	Limits    registermap.Limits
	Registers []registermap.PointRegister
}

// Schemes lists the schemes a URL may have.
func Schemes() []string {
	return []string{"tcp", "tcp+tls", "udp", "rtuovertcp", "rtuoverudp", "rtu"}
}

// Driver reads the meters of one connection. It implements [fieldbus.Driver].
type Driver struct {
	id     string
	log    *slog.Logger
	line   *connection
	meters []*meter
	tasks  []*task
	wait   backoff // of a unit that does not answer

	mu sync.Mutex // guards the state of the meters
}

// New checks a configuration and makes the driver for it. It connects to nothing.
func New(c Config) (*Driver, error) {
	c.Timeout = cmp.Or(c.Timeout, time.Second)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("modbus connection %s: %w", c.ID, err)
	}
	d := &Driver{
		id:   c.ID,
		log:  c.Log.With("connection", c.ID),
		line: &connection{dial: c.dial, pause: c.Pause},
		wait: backoff{first: max(2*time.Second, 2*c.Timeout), most: 5 * time.Minute},
	}
	if c.rtu() {
		d.line.settle = c.Timeout
	}
	now := time.Now()
	for _, m := range c.Meters {
		d.meters = append(d.meters, newMeter(m, c.MaxRegisters, now))
	}
	for _, m := range d.meters {
		d.tasks = append(d.tasks, m.tasks()...)
	}
	return d, nil
}

// rtu tells whether the connection carries RTU frames.
func (c Config) rtu() bool { return strings.HasPrefix(c.URL, "rtu") }

// check finds what New refuses, all at once. Configurations are checked where
// they are read, with their places; this is for programs that build their own.
func (c Config) check() error {
	var wrong []error
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if _, err := c.client(); err != nil {
		add("%w", err)
	}
	if c.Timeout < 0 || c.Pause < 0 || c.MaxRegisters < 0 {
		add("timeout %s, pause %s and max_registers %d: none may be below zero", c.Timeout, c.Pause, c.MaxRegisters)
	}
	if len(c.Meters) == 0 {
		add("no meter is configured")
	}
	ids := map[string]bool{}
	points := map[energy.PointID]string{}
	for _, m := range c.Meters {
		if ids[m.ID] {
			add("meter %s is configured twice", m.ID)
		}
		ids[m.ID] = true
		if m.Every <= 0 {
			add("meter %s: an interval above zero is expected", m.ID)
		}
		if len(m.Registers) == 0 {
			add("meter %s: no register is configured", m.ID)
		}
		longest := limitsOf(m.Limits, c.MaxRegisters).registers
		for _, r := range m.Registers {
			if other, taken := points[r.Point]; taken {
				add("meter %s: point %s is read from meter %s already", m.ID, r.Point, other)
			}
			points[r.Point] = m.ID
			if r.Words() == 0 || r.Words() > longest {
				add("meter %s: %s of point %s takes %d registers where a request has 1 to %d", m.ID, r.Type, r.Point, r.Words(), longest)
			}
		}
	}
	return errors.Join(wrong...)
}

// Run reads until ctx ends. It returns nil then: what the network does is coped
// with. A request under way is waited for, at most its timeout; connecting, at
// most 5 s (15 s with TLS).
func (d *Driver) Run(ctx context.Context, sink fieldbus.Sink) error {
	defer d.line.close()
	start := time.Now()
	for _, t := range d.tasks {
		t.due = start // once at once, then by the clock
	}
	for {
		t := d.next(time.Now())
		if err := sleep(ctx, time.Until(t.due)); err != nil {
			return nil
		}
		if time.Now().Before(t.due) {
			continue // the clock was set back meanwhile
		}
		d.serve(ctx, t, sink)
	}
}

// next is the task that has been due longest, so that on a line with too much
// to do every meter gets its turn.
func (d *Driver) next(now time.Time) *task {
	first := d.tasks[0]
	for _, t := range d.tasks {
		if t.due.Sub(now) > t.every+d.wait.most {
			t.due = slotAfter(now, t.every) // the clock was set back
		}
		if t.due.Before(first.due) {
			first = t
		}
	}
	return first
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Health is the state of each meter, in the order of the configuration.
func (d *Driver) Health() []fieldbus.MeterHealth {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]fieldbus.MeterHealth, len(d.meters))
	for i, m := range d.meters {
		all[i] = m.health(d.id)
	}
	return all
}
