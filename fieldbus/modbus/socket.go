package modbus

import (
	"context"
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
	readings []energy.PointReading // of the poll, until they are handed on
	staged   staged
	timer    *time.Timer
	wake     chan struct{} // tells that there may be something to do; nil when it is the only one

	// Guarded by the driver's mutex:
	proven   bool      // its line was answered since it was opened
	until    time.Time // it sleeps, by the wall clock; zero: it does not wait for a task
	unwanted int       // times that it was found to be one too many
	told     time.Time // when that was last said
}

const (
	// longest is how long a socket sleeps at most, so that it notices a clock
	// that was set.
	longest = 30 * time.Second
	// tolerance is by how much a clock may be behind without counting as set.
	tolerance = time.Second
)

// run takes what is due until ctx ends.
func (s *socket) run(ctx context.Context, sink fieldbus.Sink) {
	defer func() {
		s.settle()
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

// sleep waits, at most for d, until there may be something to do, or what was
// handed on is durable.
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
	case <-s.wake:
		s.timer.Stop()
	case <-s.staged.done():
		s.timer.Stop()
		s.settle()
	}
}

// take gives s the task that has been due longest, so that on a line with too
// much to do every meter gets its turn; one of a silent unit after others, for
// it may cost the line a timeout. Without a task, it says how long there is none.
func (d *Driver) take(s *socket) (*task, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.until = time.Time{}
	if rest := s.rests(); rest > 0 {
		return nil, min(rest, longest)
	}
	now := time.Now()
	wall := d.clock(now)
	var first *task
	var rank time.Time
	wait := longest
	for _, t := range d.tasks {
		if d.using[t.meter.Unit] || t.passed > 0 && !s.proven && s.othersProven() {
			continue
		}
		t.realign(now, wall)
		left := t.due.Sub(wall)
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
	switch {
	case s.wake == nil:
	case first != nil:
		d.using[first.meter.Unit] = true
	default:
		s.until = wall.Add(wait)
	}
	return first, wait
}

// realign sets when a task is due anew after the clock was set back. The
// driver's mutex is held.
func (t *task) realign(now, wall time.Time) {
	really := t.wait - now.Sub(t.set)
	if t.due.Sub(wall)-really <= tolerance {
		return
	}
	t.due = resume(wall, wall.Add(max(0, really)), t.every)
	t.set, t.wait = now, t.due.Sub(wall)
}

// release lets other sockets ask the unit of a task, and wakes those that would
// sleep longer than until one of the unit's tasks is due.
func (d *Driver) release(t *task) {
	if len(d.sockets) == 1 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.using, t.meter.Unit)
	due := t.due
	for _, o := range d.tasks {
		if o.meter.Unit == t.meter.Unit && o.due.Before(due) {
			due = o.due
		}
	}
	for _, s := range d.sockets {
		if s.until.After(due) {
			s.rouse()
		}
	}
}

// rouse wakes a socket. The driver's mutex is held.
func (s *socket) rouse() {
	s.until = time.Time{}
	select {
	case s.wake <- struct{}{}:
	default: // it is about to look anyhow
	}
}

// prove notes whether the line is answered; when it is, the other sockets may be
// opened. The driver's mutex is held.
func (s *socket) prove() {
	before := s.proven
	if s.proven = s.line.proven; !s.proven || before {
		return
	}
	for _, o := range s.driver.sockets {
		if o != s && o.wake != nil {
			o.rouse()
		}
	}
}

// rests is how long a socket takes no task: one that is not open leaves the work
// to those that are answered until it may be tried again, and only the first
// tries to open where none is. The driver's mutex is held.
func (s *socket) rests() time.Duration {
	if len(s.driver.sockets) == 1 || s.line.line != nil {
		return 0
	}
	if !s.othersProven() {
		if s.number == 0 {
			return 0
		}
		return longest
	}
	now := time.Now()
	until, down := s.line.down(now)
	if down == nil {
		return 0
	}
	return until.Sub(now)
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
	s.prove()
}
