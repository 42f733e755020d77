package opcua

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"heatledger/fieldbus"
)

// Driver reads the meters of one connection. It implements [fieldbus.Driver].
type Driver struct {
	config   Config
	options  Options
	log      *slog.Logger
	security security
	trust    trust
	ledger   *ledger
	archive  *archive // nil: history is not asked for
	groups   []*group
	batch    int             // nodes in one CreateMonitoredItems request
	warned   map[string]bool // what was warned of: said once
	shown    string          // fingerprint of the certificate last trusted
}

// group is what one subscription carries: the points sampled at one interval,
// of whatever meters. A server publishes a subscription at one interval, so that
// a slow meter in a fast group would only cost traffic.
type group struct {
	sampling time.Duration
	meters   []int // their indexes in the configuration
	points   []*point
}

// point is a node being read. What it knows outlives a connection.
type point struct {
	Node
	meter    int       // index in the configuration
	measures *measured // of a model: where it is looked for; nil: Node.Node says
	address  address
	reader   reader
	stream   stream
	clock    clock
	missed   []span    // not asked of the history yet: the clock must be believed first
	plain    string    // why the server does not apply the deadband; empty: it does
	noted    string    // what health says of it
	dropped  time.Time // when it was last said that the server's queue overflowed
	retry    backoff
	due      time.Time // a refused node is not asked for before
	ended    int       // connections in a row that ended while it was asked for
	breaks   bool      // asking for it broke the connection: a new one does not ask at once
}

// span is what lies between two readings.
type span struct{ from, to time.Time }

// New prepares a driver; it errs with everything in c that no attempt to
// connect could mend. It opens nothing.
func New(c Config, o Options) (*Driver, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	d := &Driver{config: c, options: o, log: o.Log.With("connection", c.ID), batch: 100, warned: make(map[string]bool)}
	d.security, _ = parseSecurity(c.Security)
	d.trust, _ = parseTrust(cmp.Or(c.ServerCertificate, c.Trust))
	d.ledger = newLedger(c.ID, c.Meters, time.Now(), d.log)
	if c.History {
		d.archive = newArchive(o, d.ledger, d.log)
	}
	for i, m := range c.Meters {
		g := d.group(m.Sampling)
		g.meters = append(g.meters, i)
		for _, n := range m.Nodes {
			p := d.point(n, i)
			p.address, _ = parseAddress(n.Node)
			to, _ := n.target()
			p.reader = reader{from: n.Unit, to: to, scale: n.Scale}
			g.points = append(g.points, p)
		}
		for _, q := range slices.Sorted(maps.Keys(m.Points)) {
			p := d.point(Node{Point: m.Points[q], Quantity: q, Node: m.Root}, i)
			p.measures = newMeasured(m.Root, q)
			g.points = append(g.points, p)
		}
	}
	return d, nil
}

// point is one that nothing is known of but, perhaps, its last reading.
func (d *Driver) point(n Node, meter int) *point {
	p := &point{Node: n, meter: meter, retry: backoff{least: d.options.PointRetryMin, most: d.options.PointRetryMax}}
	p.stream.broken = true
	if d.options.Last != nil {
		p.stream.last = d.options.Last(n.Point).Round(time.Microsecond).UTC()
	}
	return p
}

// group is the one for a sampling interval, new if there is none yet.
func (d *Driver) group(sampling time.Duration) *group {
	if sampling == 0 {
		sampling = time.Second
	}
	for _, g := range d.groups {
		if g.sampling == sampling {
			return g
		}
	}
	g := &group{sampling: sampling}
	d.groups = append(d.groups, g)
	return g
}

// Health is the state of each meter now.
func (d *Driver) Health() []fieldbus.MeterHealth { return d.ledger.snapshot() }

// Run connects, and connects again after every break, until ctx ends; then it
// takes leave of the server, hands the last readings to sink and returns nil.
// It is called once.
func (d *Driver) Run(ctx context.Context, sink fieldbus.Sink) error {
	out := newOutbox(d.ledger, d.options.Buffer)
	var delivery sync.WaitGroup
	delivery.Go(func() { out.deliver(ctx, sink, d.options.Timeout) })
	d.supervise(ctx, out, sink)
	close(out.queue)
	delivery.Wait()
	return nil
}

// supervise builds a connection, watches it break, pauses and begins anew. The
// pause shrinks back only when a connection has lasted as long as the longest
// pause: a server that accepts and drops us is not flooded with sessions.
func (d *Driver) supervise(ctx context.Context, out *outbox, sink fieldbus.Sink) {
	pause, told := backoff{least: d.options.RetryMin, most: d.options.RetryMax}, ""
	for {
		began, before := time.Now(), d.mendable()
		connected, err := d.attempt(ctx, out, sink)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) >= d.options.RetryMax {
			pause.reset()
		}
		wait := pauseAfter(pause.next(), err)
		now := time.Now()
		d.ledger.rests(now.Add(wait), d.config.remedy(err))
		d.ledger.broken(err, now)
		what, level := "the attempt to connect did not work", slog.LevelWarn
		switch {
		case connected:
			what, told = "the connection ended", ""
		case told == err.Error():
			level = slog.LevelDebug // health says so all the while
		default:
			told = err.Error()
		}
		d.log.Log(ctx, level, what, "err", err, "next_attempt", now.Add(wait).UTC().Truncate(time.Second))
		if d.rest(ctx, wait, err, before) {
			d.log.Info("what kept the connection from being made was changed: it is tried again")
			pause.reset()
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// attempt is one connection from first to last; the error says why it ended, and
// connected that it was one.
// What the library panics about (a session whose signature is wrong, a response
// with fewer results than requests) ends the connection, not the program.
func (d *Driver) attempt(ctx context.Context, out *outbox, sink fieldbus.Sink) (connected bool, err error) {
	defer func() {
		for _, g := range d.groups {
			for _, p := range g.points {
				p.stream.cut()
			}
		}
	}()
	l, err := d.connect(ctx)
	if err != nil {
		return false, err
	}
	defer l.close(ctx)
	if err := d.guard(func() error { return l.subscribe(ctx) }); err != nil {
		return false, err
	}
	d.log.Info("connected", "endpoint", d.config.Endpoint, "security", d.security.String())
	defer l.fill(ctx, sink)()
	return true, d.guard(func() error { return l.watch(ctx, out) })
}

// guard turns a panic of the library in f into an error.
func (d *Driver) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("panic while speaking with the server", "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("the server's answer is not understood: %v", r)
		}
	}()
	return f()
}
