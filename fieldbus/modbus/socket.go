package modbus

import (
	"context"
	"errors"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// socket is one of the connections that a driver may have open at once, and what
// it does. Sockets take whatever is due, but no unit is asked by two of them at a
// time. All but the first are opened only while another one is answered: a
// network that is down is not knocked at by many, and a gateway that bears fewer
// sockets than configured is left with those that it answers.
type socket struct {
	driver   *Driver
	number   int
	line     *connection
	poll     poll
	readings []energy.PointReading
	timer    *time.Timer

	// Guarded by the driver's mutex:
	proven   bool      // its line was answered since it was opened
	broken   int       // times in a row that its line broke
	since    time.Time // when it broke first of these
	unwanted int       // times that it was found to be one too many
	told     time.Time // when that was last said
}

const (
	// longest is how long a socket sleeps at most, so that it notices a clock
	// that was set.
	longest = 30 * time.Second
	// tolerance is by how much a clock may be behind without counting as set.
	tolerance = time.Second
	// few is how many times in a row a socket may be refused, or its line may
	// break within breakage, while others are answered, before it is said that
	// the other side bears fewer.
	few      = 3
	breakage = time.Minute
	// lately is how long what was said of a socket is not said again.
	lately = 24 * time.Hour
)

// fewer spaces out attempts to open a socket that the other side does not bear.
func fewer() backoff { return backoff{first: 10 * time.Minute, most: time.Hour} }

// run takes what is due until ctx ends.
func (s *socket) run(ctx context.Context, sink fieldbus.Sink) {
	defer func() {
		s.line.close()
		s.report()
	}()
	for ctx.Err() == nil {
		t, wait := s.driver.take(s)
		if t == nil {
			s.sleep(ctx, wait)
			continue
		}
		s.serve(ctx, t, sink)
		s.driver.release(t)
	}
}

// sleep waits, at most for d, until there may be something to do.
func (s *socket) sleep(ctx context.Context, d time.Duration) {
	if s.timer == nil {
		s.timer = time.NewTimer(d)
	} else {
		s.timer.Reset(d)
	}
	select {
	case <-ctx.Done():
		s.timer.Stop()
	case <-s.timer.C:
	case <-s.driver.wake:
		s.timer.Stop()
	}
}

// take gives s the task that has been due longest, so that on a line with too
// much to do every meter gets its turn; one of a silent unit after others, for
// it may cost the line a timeout. Without a task, it says how long there is none.
func (d *Driver) take(s *socket) (*task, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !s.able() {
		return nil, longest
	}
	now := d.clock()
	var first *task
	var rank time.Time
	wait := longest
	for _, t := range d.tasks {
		if d.using[t.meter.Unit] || t.passed && !s.proven && s.othersProven() {
			continue
		}
		t.realign(now)
		left := t.due.Sub(now)
		if left > 0 {
			wait = min(wait, left)
			continue
		}
		order := t.due
		if t.meter.silent > 0 {
			order = order.Add(t.every)
		}
		if first == nil || order.Before(rank) {
			first, rank = t, order
		}
	}
	if first != nil && d.using != nil {
		d.using[first.meter.Unit] = true
	}
	return first, wait
}

// realign sets when a task is due anew after the clock was set back. The
// driver's mutex is held.
func (t *task) realign(now time.Time) {
	left := t.due.Sub(now)
	really := t.wait - time.Since(t.set)
	if left-really <= tolerance {
		return
	}
	t.set = time.Now()
	t.due = resume(now, now.Add(max(0, really)), t.every)
	t.wait = t.due.Sub(now)
}

// release lets other sockets ask the unit of a task.
func (d *Driver) release(t *task) {
	if d.wake == nil {
		return
	}
	d.mu.Lock()
	delete(d.using, t.meter.Unit)
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default: // they are awake
	}
}

// able tells whether a socket may take a task: one that is not open leaves the
// work to those that are answered while it rests, and only the first tries to
// open where none is. The driver's mutex is held.
func (s *socket) able() bool {
	if len(s.driver.sockets) == 1 || s.line.line != nil {
		return true
	}
	if !s.othersProven() {
		return s.number == 0
	}
	_, down := s.line.down(time.Now())
	return down == nil
}

// othersProven tells whether another socket is answered. The driver's mutex is
// held.
func (s *socket) othersProven() bool {
	for _, o := range s.driver.sockets {
		if o != s && o.proven {
			return true
		}
	}
	return false
}

// report tells the other sockets how the line is doing.
func (s *socket) report() {
	s.driver.mu.Lock()
	defer s.driver.mu.Unlock()
	s.proven = s.line.proven
}

// pass leaves the task of a poll to the other sockets when it is the socket that
// does not get through, while others are answered: it was refused, it had no
// answer since it was opened, or it broke twice. It tells whether it did.
func (s *socket) pass(t *task, wasProven bool, err error) bool {
	d, p := s.driver, &s.poll
	if len(d.sockets) == 1 {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s.proven = s.line.proven
	if p.reopened && wasProven {
		s.broke(p.last)
	}
	if err == nil || t.passed || !p.heard.IsZero() || !s.othersProven() || errors.As(err, new(exception)) || errors.As(err, new(unlocated)) ||
		wasProven && errors.Is(err, errNoAnswer) {
		t.passed = false
		return false
	}
	t.passed = true
	t.meter.polls += p.requests
	t.meter.errors += p.errors
	if !wasProven {
		if !errors.As(err, new(downError)) { // which counted it already
			s.line.fail(err)
		}
		if s.line.failures >= few {
			s.tooMany(err)
		}
	}
	return true
}

// broke counts a line that broke though it had been answered. Many a gateway
// drops the oldest socket for a new one: then sockets drop each other in turn.
// The driver's mutex is held.
func (s *socket) broke(err error) {
	if s.broken == 0 || time.Since(s.since) > breakage {
		s.broken, s.since = 0, time.Now()
	}
	if s.broken++; s.broken >= few && s.number > 0 && s.othersProven() {
		s.broken = 0
		s.line.fail(err)
		s.proven = false
		s.tooMany(err)
	}
}

// tooMany rests a socket that the other side does not bear beside the others.
// The driver's mutex is held.
func (s *socket) tooMany(err error) {
	d, now := s.driver, time.Now()
	s.unwanted++
	rest := fewer().after(s.unwanted)
	s.line.retry = now.Add(rest)
	if !s.told.IsZero() && now.Sub(s.told) < lately {
		return
	}
	s.told = now
	open := 0
	for _, o := range d.sockets {
		if o.proven && o != s {
			open++
		}
	}
	d.log.Warn("fewer connections at once are borne than configured; the others go on", "configured", len(d.sockets), "open", open, "retry", rest, "err", err)
}
