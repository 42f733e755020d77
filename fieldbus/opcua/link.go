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
)

// errBroken says that the library has given the connection up.
var errBroken = errors.New("the connection broke")

// link is one connection: a session with its subscriptions. It is used by one
// goroutine, which never waits for a sink.
type link struct {
	d             *Driver
	client        *opcua.Client
	states        chan opcua.ConnState
	broken        chan struct{} // closed when the library reports the end
	followed      sync.WaitGroup
	closed        chan struct{}
	notes         chan *opcua.PublishNotificationData
	subscriptions []*subscription
	items         []item // by client handle
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
				if silent := now.Sub(s.heard); silent > s.silence {
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
		reports := make(map[int]int) // by meter
		var beats []*ua.MonitoredItemNotification
		for _, m := range report.MonitoredItems {
			if m == nil || m.Value == nil || int(m.ClientHandle) >= len(l.items) {
				continue
			}
			it := l.items[m.ClientHandle]
			it.subscription.heard = now
			if it.point == nil {
				beats = append(beats, m)
				continue
			}
			l.value(it.point, m.Value, now, out)
			reports[it.point.meter]++
		}
		for meter, count := range reports {
			l.d.ledger.answered(meter, count, now)
		}
		for _, m := range beats {
			l.beat(l.items[m.ClientHandle].subscription, m.Value, now, out)
		}
	}
	return nil
}

// value makes a reading of a reported value, or notes why it is none. After a
// value that is none nothing stands: it is not stated again until a good one.
func (l *link) value(p *point, v *ua.DataValue, now time.Time, out *outbox) {
	if overflowed(v.Status) {
		l.d.log.Warn("server dropped values: its queue overflowed", "point", p.Point)
	}
	number, quality, err := p.reader.read(v)
	if err != nil {
		p.stream.forget()
		l.d.ledger.trouble(p, err.Error(), false, now, time.Time{})
		return
	}
	if quality == energy.Suspect {
		l.d.ledger.trouble(p, "doubtful: status "+statusName(v.Status), true, now, time.Time{})
	} else {
		l.d.ledger.fine(p, now)
	}
	at := p.stream.stamp(v.SourceTimestamp, v.ServerTimestamp, now, l.d.options.Tolerance)
	out.post(p.meter, energy.PointReading{Point: p.Point, Reading: p.stream.reading(at, number, quality)})
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
