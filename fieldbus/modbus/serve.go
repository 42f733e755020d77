package modbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// serve reads the values of a task, hands them on and sets when it is due next.
func (s *socket) serve(ctx context.Context, t *task, sink fieldbus.Sink) {
	d, m, now := s.driver, t.meter, time.Now()
	if until, err := s.line.down(now); err != nil {
		d.await(t, until, err)
		return
	}
	if until := m.rests(); now.Before(until) {
		d.await(t, until, nil)
		return
	}
	p, proven, opened := &s.poll, s.line.proven, s.line.opened
	p.begin(t)
	err := p.run(ctx)
	if ctx.Err() != nil {
		if len(p.times) == 0 {
			return
		}
		err = nil // we ended the poll, not the meter
	}
	if s.pass(t, proven, opened, err) {
		return
	}
	room := d.known.room()
	s.readings = (*room)[:0]
	s.note(err)
	s.hand(ctx, sink, m)
	p.log(ctx, len(s.readings), time.Since(now))
	*room, s.readings = s.readings[:0], nil
	d.known.readings.Put(room)
	if err == nil && p.errors == 0 && ctx.Err() == nil {
		p.try(ctx)
		s.report()
	}
	d.reschedule(p, err)
}

// hand gives the readings of a poll to the sink, also when the program is to end.
// A sink that takes them over makes them durable while the line is asked on.
func (s *socket) hand(ctx context.Context, sink fieldbus.Sink, m *meter) {
	d := s.driver
	if len(s.readings) == 0 {
		return
	}
	if d.outbox != nil {
		if !d.outbox.put(m, s.readings) {
			d.count(m, len(s.readings), errStopped)
		}
		return
	}
	stager, ok := sink.(fieldbus.Stager)
	if !ok {
		d.count(m, len(s.readings), sink.Collect(context.WithoutCancel(ctx), s.readings))
		return
	}
	s.settle()
	pending, err := stager.Stage(s.readings)
	if err != nil {
		d.count(m, len(s.readings), err)
		return
	}
	s.staged = staged{pending, m, len(s.readings)}
}

// errStopped says that nobody hands readings on any more.
var errStopped = errors.New("the driver stopped")

// rests is until when the meter is not asked; the past when it is.
func (m *meter) rests() time.Time {
	if m.Locate != nil && !m.block.found && m.block.retry.After(m.retry) {
		return m.block.retry
	}
	return m.retry
}

// await puts a task off without asking, until the clock that never jumps says
// so, and notes why if the connection is down.
func (d *Driver) await(t *task, until time.Time, down error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	wall := d.clock(now)
	t.meter.skipped += t.postpone(now, wall, resume(wall, wall.Add(until.Sub(now)), t.every), false)
	if down != nil {
		t.meter.lastError = down.Error()
		d.become(t.meter, fieldbus.Silent, wall)
	}
	if t.meter.state == fieldbus.Silent {
		t.meter.nextTry = t.due
	}
}

// note records what a poll says of its meter and gathers its readings. A meter
// that gave any answer is not silent, and one of whose points any is missing is
// not healthy.
func (s *socket) note(err error) {
	d, p := s.driver, &s.poll
	d.mu.Lock()
	defer d.mu.Unlock()
	s.prove()
	m, now := p.meter, d.wall()
	m.polls += p.requests
	m.errors += p.errors
	if !p.heard.IsZero() {
		m.lastAnswer = p.heard
	}
	if p.moved() {
		m.block.found, m.block.problem, m.block.since, m.block.retry = false, errChanged.Error(), now, time.Now()
		p.last = errChanged
	}
	if p.last != nil {
		m.lastError = p.last.Error()
	}
	s.readings = slices.Grow(s.readings[:0], len(p.task.values))
	for _, n := range p.task.values {
		number, at, unread := energy.Value{}, time.Time{}, errChanged
		if m.block.problem == "" {
			number, at, unread = p.reading(n)
		}
		if unread != nil {
			p.miss(n, unread, now)
			continue
		}
		point := m.points[n]
		s.readings = append(s.readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: number, Quality: energy.Measured}})
		if len(m.troubles) > 0 {
			delete(m.troubles, point)
		}
	}
	switch {
	case p.requests == 0 && err == nil: // everything is in quarantine
	case p.heard.IsZero() && !errors.As(err, new(unlocated)):
		d.become(m, fieldbus.Silent, now)
	case err != nil || len(m.troubles) > 0:
		d.become(m, fieldbus.Degraded, now)
	default:
		m.lastError = ""
		d.become(m, fieldbus.Healthy, now)
	}
}

// miss notes why value n was not read, unless the poll just did not come to it.
// The mutex is held; now is by the wall clock.
func (p *poll) miss(n int, why error, now time.Time) {
	m := p.meter
	point := m.points[n]
	var refused *refusal
	switch {
	case m.block.problem != "":
		m.trouble(point, m.block.problem, m.block.since, m.block.retry)
	case errors.As(why, &refused):
		m.trouble(point, refused.reason, refused.since, refused.retry)
	case !errors.Is(why, errNotAsked):
		m.trouble(point, why.Error(), now, slotAfter(now, p.task.every))
	}
}

// become changes the state of a meter. The mutex is held.
func (d *Driver) become(m *meter, s fieldbus.State, now time.Time) {
	if m.state == s {
		return
	}
	apart(func() {
		if s == fieldbus.Healthy {
			d.log.Info("meter changed its state", "meter", m.ID, "from", m.state, "to", s)
			return
		}
		d.log.Warn("meter changed its state", "meter", m.ID, "from", m.state, "to", s, "err", m.reason())
	})
	m.state, m.since = s, now
}

// reason is why the meter is not healthy: what went wrong last, or why the first
// of its points is not read. The mutex is held.
func (m *meter) reason() string {
	if m.lastError != "" {
		return m.lastError
	}
	for _, p := range m.points {
		if trouble, ok := m.troubles[p]; ok {
			return fmt.Sprintf("%s: %s", p, trouble.Reason)
		}
	}
	return ""
}

// count records how handing on the readings went.
func (d *Driver) count(m *meter, n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		m.readings += int64(n)
		return
	}
	m.lost += int64(n)
	m.lastError = "collect readings: " + err.Error()
	d.log.Warn("readings were not collected", "meter", m.ID, "readings", n, "err", err)
}

// reschedule sets when the task of a poll is due next: at its next slot; soon,
// if the unit was busy; later and later, if it is silent or its registers are
// not found.
func (d *Driver) reschedule(p *poll, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, now := p.meter, time.Now()
	if p.planned {
		m.planned()
	}
	m.polls += p.tried
	m.errors += p.mute
	var earliest time.Time
	if err != nil {
		earliest = d.earliest(p, err, now)
	} else {
		m.silent, m.retry = 0, time.Time{}
	}
	wall := d.clock(now)
	if !earliest.IsZero() {
		earliest = wall.Add(earliest.Sub(now))
	}
	m.skipped += p.task.postpone(now, wall, resume(wall, earliest, p.task.every), true)
	m.nextTry = time.Time{}
	if m.state == fieldbus.Silent {
		m.nextTry = p.task.due
	}
}

// earliest is when a meter may be asked again whose poll ended with an error;
// zero: at once. The mutex is held.
func (d *Driver) earliest(p *poll, err error, now time.Time) time.Time {
	m := p.meter
	var refused exception
	switch {
	case errors.As(err, new(downError)):
		down, _ := p.line.down(now)
		return down
	case errors.As(err, new(unlocated)):
		m.silent, m.retry = 0, time.Time{}
		return m.block.retry
	case p.heard.IsZero():
		m.silent++
		m.retry = now.Add(d.wait.after(m.silent))
		return m.retry
	}
	m.silent, m.retry = 0, time.Time{}
	if errors.As(err, &refused) && refused.busy() {
		return now.Add(comeBack)
	}
	return time.Time{}
}
