package modbus

import (
	"errors"
	"time"
)

const (
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

// pass leaves the task of a poll to the other sockets when it is the socket that
// does not get through, while others are answered: it was refused, it had no
// answer since it was opened, or it broke twice. It tells whether it did. What
// the line was before the poll is given.
func (s *socket) pass(t *task, wasProven bool, opened time.Time, err error) bool {
	d, p := s.driver, &s.poll
	if len(d.sockets) == 1 {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s.prove()
	if p.reopened && wasProven {
		s.broke(opened, p.last)
	}
	if !p.heard.IsZero() {
		d.answered = time.Now()
	}
	if t.passed >= s.blame(wasProven, err) {
		t.passed = 0
		return false
	}
	t.passed++
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

// blame is how many sockets in a row may be taken to be at fault rather than the
// unit when a poll ended in this way. The driver's mutex is held.
func (s *socket) blame(wasProven bool, err error) int {
	d, p := s.driver, &s.poll
	others := s.othersProven()
	switch {
	case err == nil || !p.heard.IsZero() || errors.As(err, new(exception)) || errors.As(err, new(unlocated)):
		return 0
	case errors.Is(err, errNoAnswer) && (wasProven || !others):
		return 0
	case errors.Is(err, errNoAnswer):
		return 1
	case others || p.reopened && time.Since(d.answered) < breakage:
		// When sockets drop each other, there may be none that is answered at
		// the moment. A gateway may hang up whenever this unit is asked.
		return few + len(d.sockets)
	}
	return 0
}

// breaks counts lines that broke though they had been answered. Many a gateway
// drops the oldest socket for a new one: then sockets drop each other in turn,
// until one rests. Lines older than that may have been dropped before it.
type breaks struct {
	count  int
	since  time.Time // the first of these
	rested time.Time // when a socket was last sent to rest
}

// broke counts the line of s, which was opened at that time. The driver's mutex
// is held.
func (s *socket) broke(opened time.Time, err error) {
	b, now := &s.driver.breaks, time.Now()
	if opened.Before(b.rested) {
		return
	}
	if b.count == 0 || now.Sub(b.since) > breakage {
		b.count, b.since = 0, now
	}
	if b.count++; b.count < few || s.number == 0 || !s.othersProven() {
		return
	}
	b.count, b.rested = 0, now
	s.line.fail(err)
	s.prove()
	s.tooMany(err)
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
