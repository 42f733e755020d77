// Package modbus reads meters over Modbus TCP, TLS, UDP, serial lines and RTU
// frames in TCP or UDP. It knows connections, units and registers; what a
// register means it takes from a register map.
//
// # Lines
//
// A [Driver] owns one physical address; [Merge] joins what is configured for the
// same one. It asks one question at a time over each of its sockets, of which it
// has one unless more are configured, and never two questions of one unit at
// once. After any error that is not an answer of the meter (an exception) the
// connection is closed and made anew, because an answer that comes late must
// never be taken for that of the next question. Frames of RTU carry no number by
// which an answer could be told from an older one; there the driver also keeps
// quiet for one timeout before it opens again, so that a late answer has gone by.
// What comes over TCP or UDP while nothing is asked, such as an answer given twice,
// closes the connection too. What remains is a copy that comes after the next
// question was put, at least 1.75 ms and Config.Pause behind the right answer, and
// that is of the same unit, function and length; and over a serial line any copy.
// It cannot be told from an answer: prefer Modbus TCP where it is offered.
//
// A unit that does not answer is asked ever more rarely, down to every five
// minutes, after the others whose turn it is. Each time costs its line one
// timeout. A unit that is busy is asked again within the second. A gateway that
// bears fewer sockets than configured is left with those that it answers.
//
// # Requests
//
// Registers are read in blocks, as few as the limits of the map allow: no value
// is split, and no hole is read along that the map forbids. Where the map does
// not say what holes bear, that is learned by trying one hole at a time after a
// good poll. A block that a unit refuses is divided until the register at fault
// is alone; that one is set aside and tried again later, while everything else
// keeps its schedule.
//
// # Time
//
// Meters are read at slots: the whole multiples of their interval since 1970 by
// the wall clock, so that those of one interval are read together, today and
// after a restart. A slot that passes while the line is busy is left out and
// counted, never made up for. A reading bears the wall clock's time of the
// answer, in whole microseconds.
//
// Everything that is waited for, timeouts and retries, goes by a clock that
// never jumps. When the wall clock is set forward, what is due is read at once,
// within half a minute, and then at the slots of the new time; the slots between
// never were and do not count as left out. When it is set back, the schedule is
// laid out anew within half a minute. Readings after that bear times that
// earlier ones have had.
package modbus

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// Config is one physical connection and the meters behind it.
type Config struct {
	ID           string
	URL          string        // SCHEME://HOST:PORT or rtu://DEVICE; see [Schemes]
	Timeout      time.Duration // for one answer; 0: one second
	Pause        time.Duration // between two requests over one socket, for slow gateways
	MaxRegisters int           // in one request, if the gateway bears less than its meters; 0: no limit of its own
	Simultaneous int           // sockets at once, for a gateway that answers several questions side by side; 0: one
	Serial       Serial        // for rtu; Speed also times RTU frames in TCP and UDP
	TLS          TLS           // for tcp+tls
	Meters       []Meter
	Log          *slog.Logger // nil: nothing is logged

	known *catalogue // of the configurations that were merged together
}

// usualTimeout is how long an answer is waited for where nothing is stated.
const usualTimeout = time.Second

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
	ID         string
	Connection string // the connection it was configured with, if it is not Config.ID; see [Merge]
	Unit       uint8
	// Every is how often it is read. A register may have an interval of its
	// own; none is read oftener than the meter renews it.
	Every     time.Duration
	Limits    registermap.Limits
	Registers []registermap.PointRegister
	// Locate finds where the meter has the block of registers to which the
	// addresses are relative; nil: they are absolute. The first two registers
	// of the block say what it is and stay the same (SunSpec: the model's id
	// and its length): when they do not, Locate is called again. Read asks the
	// unit; what it errs with may be returned or taken for "not here".
	Locate func(read func(t registermap.Table, address uint16, count int) ([]uint16, error)) (base uint16, err error)
}

// Schemes lists the schemes a URL may have.
func Schemes() []string {
	return []string{"tcp", "tcp+tls", "udp", "rtuovertcp", "rtuoverudp", "rtu"}
}

// Driver reads the meters of one connection. It implements [fieldbus.Driver].
type Driver struct {
	id      string
	log     *slog.Logger
	clock   func(time.Time) time.Time // what the wall clock shows at an instant
	sockets []*socket
	meters  []*meter
	tasks   []*task
	wait    backoff // of a unit that does not answer
	known   *catalogue

	outbox *outbox   // of a running driver with several tasks; nil: readings are handed on at once
	begun  time.Time // when Run began, by the wall clock

	mu       sync.Mutex     // guards when tasks are due, what sockets do, and the state of the meters
	using    map[uint8]bool // units that a socket is asking; nil with one socket
	breaks   breaks
	answered time.Time // when a socket of several last was
}

// New checks a configuration and makes the driver for it. It connects to nothing.
func New(c Config) (*Driver, error) {
	c.Timeout = cmp.Or(c.Timeout, usualTimeout)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("modbus connection %s: %w", c.ID, err)
	}
	d := &Driver{
		id:    c.ID,
		log:   c.Log.With("connection", c.ID),
		clock: time.Time.UTC,
		wait:  backoff{first: max(2*time.Second, 2*c.Timeout), most: 5 * time.Minute},
		known: cmp.Or(c.known, newCatalogue()),
	}
	now := d.wall()
	units := map[uint8]bool{}
	for _, m := range c.Meters {
		d.meters = append(d.meters, newMeter(m, c.MaxRegisters, d.known, now))
		units[m.Unit] = true
	}
	for _, m := range d.meters {
		d.tasks = append(d.tasks, m.tasks...)
	}
	bare := c
	bare.Meters, bare.known = nil, nil // what dials is kept; the register maps are not
	for range min(max(1, c.Simultaneous), len(units)) {
		line := &connection{dial: bare.dial, pause: c.Pause, spacing: redial()}
		if c.rtu() {
			line.settle = c.Timeout
		}
		s := &socket{driver: d, number: len(d.sockets), line: line}
		s.poll = poll{driver: d, line: line}
		d.sockets = append(d.sockets, s)
	}
	if len(d.sockets) > 1 {
		for _, s := range d.sockets {
			s.wake = make(chan struct{}, 1)
		}
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
	if c.Timeout < 0 || c.Pause < 0 || c.MaxRegisters < 0 || c.Simultaneous < 0 {
		add("timeout %s, pause %s, max_registers %d and simultaneous %d: none may be below zero", c.Timeout, c.Pause, c.MaxRegisters, c.Simultaneous)
	}
	if c.Simultaneous > 1 && strings.HasPrefix(c.URL, "rtu://") {
		add("simultaneous %d: a serial line bears one question at a time", c.Simultaneous)
	}
	if len(c.Meters) == 0 {
		add("no meter is configured")
	}
	ids := map[[2]string]bool{}
	points := map[energy.PointID]string{}
	for _, m := range c.Meters {
		if id := [2]string{m.Connection, m.ID}; ids[id] {
			add("meter %s is configured twice", m.ID)
		} else {
			ids[id] = true
		}
		if m.Every <= 0 {
			add("meter %s: an interval above zero is expected", m.ID)
		}
		if len(m.Registers) == 0 {
			add("meter %s: no register is configured", m.ID)
		}
		l := limitsOf(m.Limits, c.MaxRegisters)
		for _, r := range m.Registers {
			if other, taken := points[r.Point]; taken {
				add("meter %s: point %s is read from meter %s already", m.ID, r.Point, other)
			}
			points[r.Point] = m.ID
			if q := l.alone(0, field{r.Table, int(r.Address), r.Words()}); r.Words() == 0 || q.count > l.of(r.Table) {
				add("meter %s: %s of point %s takes %d registers where a request has 1 to %d", m.ID, r.Type, r.Point, q.count, l.of(r.Table))
			}
			for _, o := range r.Companions() {
				if q := l.alone(0, field{r.Table, int(o.Address), o.Words}); q.count > l.of(r.Table) {
					add("meter %s: what explains point %s takes %d registers where a request has 1 to %d", m.ID, r.Point, q.count, l.of(r.Table))
				}
			}
		}
	}
	return errors.Join(wrong...)
}
