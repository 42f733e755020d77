package opcua

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// errBroken says that the library has given the connection up.
var errBroken = errors.New("the connection broke")

// link is one connection: a session with its subscriptions. It is used by one
// goroutine, which never waits for a sink.
type link struct {
	d             *Driver
	client        *opcua.Client
	states        chan opcua.ConnState
	broken        chan struct{}  // closed when the library reports the end
	followed      sync.WaitGroup // what ends with the connection
	closed        chan struct{}
	notes         chan *opcua.PublishNotificationData
	subscriptions []*subscription
	items         []item // by client handle
	reports       []int  // of each meter, in the report at hand
}

// item is what a client handle stands for; without a point it is the heartbeat.
type item struct {
	subscription *subscription
	point        *point
}

func newLink(d *Driver) *link {
	return &link{
		d:      d,
		states: make(chan opcua.ConnState, 8),
		broken: make(chan struct{}),
		closed: make(chan struct{}),
		notes:  make(chan *opcua.PublishNotificationData, 1024),

		reports: make([]int, len(d.config.Meters)),
	}
}

// follow drains the client's states, which block it otherwise, until close.
func (l *link) follow() {
	l.followed.Go(func() {
		down := false
		for {
			select {
			case s := <-l.states:
				if (s == opcua.Disconnected || s == opcua.Closed) && !down {
					down = true
					close(l.broken)
				}
			case <-l.closed:
				return
			}
		}
	})
}

// close ends session and connection; a server that does not answer is left
// after Options.Timeout.
func (l *link) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.d.options.Timeout)
	defer cancel()
	err := l.d.guard(func() error { return l.client.Close(ctx) })
	if err != nil {
		l.d.log.Debug("close session", "err", err)
	}
	close(l.closed)
	l.followed.Wait()
}

// ask makes a request, whose answer is not waited for once ctx ends. The request itself
// goes out whole: the library counts it before it looks whether it was given up
// (gopcua v0.8.0, sendAsyncWithTimeout), and a server that misses a number of the
// sequence ends the connection (OPC 10000-6, 6.7.2.4), with the session still open.
func (l *link) ask(ctx context.Context, request func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	answered := make(chan error, 1)
	l.followed.Go(func() {
		answered <- l.d.guard(func() error { return request(context.WithoutCancel(ctx)) })
	})
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// watch takes what the server reports until the connection is dead or ctx ends.
// Whatever waits on the network in here (asking again for refused nodes) waits
// at most one request's timeout; meanwhile reports gather in l.notes.
func (l *link) watch(ctx context.Context, out *outbox) error {
	tick := time.NewTicker(max(l.d.options.Heartbeat/4, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.drain(out)
			return ctx.Err()
		case n := <-l.notes:
			if err := l.take(n, time.Now(), out); err != nil {
				return err
			}
		case <-l.broken:
			l.drain(out)
			return errBroken
		case now := <-tick.C:
			for _, s := range l.subscriptions {
				if silent := now.Sub(s.heard); silent > s.silence && len(l.notes) == 0 {
					return fmt.Errorf("no report for %s, %s at most was expected: the connection is taken for dead",
						silent.Round(time.Millisecond), s.silence)
				}
				if err := s.retry(ctx, now); err != nil {
					return err
				}
			}
		}
	}
}

// drain takes what has arrived already.
func (l *link) drain(out *outbox) {
	for len(l.notes) > 0 {
		if l.take(<-l.notes, time.Now(), out) != nil {
			return
		}
	}
}

// take handles one report. Values come before heartbeats: what a heartbeat
// proves to stand must not be older than a value of the same report.
func (l *link) take(n *opcua.PublishNotificationData, now time.Time, out *outbox) error {
	if n.Error != nil {
		return fmt.Errorf("receive reports: %w", n.Error)
	}
	switch report := n.Value.(type) {
	case *ua.StatusChangeNotification:
		return fmt.Errorf("server ended the subscription: %s", statusName(report.Status))
	case *ua.DataChangeNotification:
		beats := 0
		for _, m := range report.MonitoredItems {
			if m == nil || m.Value == nil || int(m.ClientHandle) >= len(l.items) {
				continue
			}
			it := l.items[m.ClientHandle]
			it.subscription.heard = now
			if it.point == nil {
				beats++
				continue
			}
			l.value(it.point, m.Value, now, out)
			l.reports[it.point.meter]++
		}
		for meter, count := range l.reports {
			if count > 0 {
				l.d.ledger.answered(meter, count, now)
				l.reports[meter] = 0
			}
		}
		for _, m := range report.MonitoredItems {
			if beats == 0 {
				break
			}
			if m == nil || m.Value == nil || int(m.ClientHandle) >= len(l.items) || l.items[m.ClientHandle].point != nil {
				continue
			}
			beats--
			l.beat(l.items[m.ClientHandle].subscription, m.Value, now, out)
		}
	}
	return nil
}

// value makes a reading of a reported value, or notes why it is none. After a
// value that is none nothing stands: it is not stated again until a good one.
func (l *link) value(p *point, v *ua.DataValue, now time.Time, out *outbox) {
	dropped := overflowed(v.Status)
	if dropped && now.Sub(p.dropped) >= time.Hour {
		p.dropped = now
		l.d.log.Warn("server dropped values: its queue overflowed", "point", p.Point, "queue", p.Queue)
	}
	number, quality, err := p.reader.read(v)
	if err != nil {
		p.stream.forget()
		l.trouble(p, err.Error(), now, time.Time{})
		return
	}
	before := p.stream
	at := p.stream.stamp(v.SourceTimestamp, v.ServerTimestamp, now, l.d.options.Tolerance)
	p.clock.seen(v.SourceTimestamp, at, !before.standing)
	out.post(p.meter, energy.PointReading{Point: p.Point, Reading: p.stream.reading(at, number, quality)})
	if l.d.archive != nil && (before.broken || dropped || len(p.missed) > 0) {
		l.miss(p, before, at, dropped, now)
	}
	switch fault := p.clock.fault(); {
	case quality == energy.Suspect:
		l.doubt(p, "doubtful: status "+statusName(v.Status), now)
	case fault != "":
		l.doubt(p, fault, now)
	default:
		l.doubt(p, p.plain, now)
	}
}

// miss notes what lies between the reading before a break, or before values
// that the server dropped, and the one at hand. It is asked of the history when
// a reading has borne its source time: a clock that is not believed while the
// values come is not believed afterwards either.
func (l *link) miss(p *point, before stream, at time.Time, dropped bool, now time.Time) {
	if (before.broken || dropped) && !before.last.IsZero() {
		if len(p.missed) == gapsOfPoint {
			p.missed = p.missed[1:]
		}
		p.missed = append(p.missed, span{before.last, at})
	}
	if !p.clock.believed {
		return
	}
	for _, s := range p.missed {
		l.d.archive.missed(p, s.from, s.to, now)
	}
	p.missed = nil
}

// trouble notes why a point has no readings.
func (l *link) trouble(p *point, reason string, now, retry time.Time) {
	p.noted = reason
	l.d.ledger.trouble(p, reason, false, now, retry)
}

// doubt notes what is to be said of a point that is read; empty: nothing. It is
// called for each value and does nothing as long as that stays the same.
func (l *link) doubt(p *point, reason string, now time.Time) {
	if p.noted == reason {
		return
	}
	p.noted = reason
	if reason == "" {
		l.d.ledger.fine(p, now)
		return
	}
	l.d.ledger.trouble(p, reason, true, now, time.Time{})
}

// fill looks for what was missed until the connection ends; stop ends it and waits.
func (l *link) fill(ctx context.Context, sink fieldbus.Sink) (stop func()) {
	if l.d.archive == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var filling sync.WaitGroup
	filling.Go(func() {
		_ = l.d.guard(func() error { // which has logged it
			l.d.archive.fill(ctx, l, sink)
			return nil
		})
	})
	return func() {
		cancel()
		filling.Wait()
	}
}

// beat handles a heartbeat: the connection lives, and what has stood still long
// enough is stated again for the time of the heartbeat before. That time is the
// server's, but never after the heartbeat's arrival.
func (l *link) beat(s *subscription, v *ua.DataValue, now time.Time, out *outbox) {
	for _, meter := range s.group.meters {
		l.d.ledger.answered(meter, 0, now)
	}
	known := s.beat
	s.beat = now
	if v.Value != nil {
		if at, ok := v.Value.Value().(time.Time); ok && at.Before(now) && now.Sub(at) <= l.d.options.Tolerance {
			s.beat = at
		}
	}
	if known.IsZero() {
		return
	}
	known = known.Add(-s.sampling)
	for _, p := range s.group.points {
		if r, ok := p.stream.restate(known, l.d.options.Refresh); ok {
			out.post(p.meter, energy.PointReading{Point: p.Point, Reading: r})
		}
	}
}
