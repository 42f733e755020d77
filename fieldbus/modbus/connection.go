package modbus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"syscall"
	"time"
)

// line is an open connection. It is asked one question at a time.
type line interface {
	// read brings the registers (or bits, as 0 and 1) of q. The error is an
	// exception when the unit answered that it will not, and errNoAnswer when
	// nothing came in time; after any error but an exception the line is not
	// to be used again.
	// The words are put in place of those in into, which grows if need be.
	read(unit uint8, q request, into []uint16) ([]uint16, error)
	close()
}

// errNoAnswer says that a unit did not answer in time.
var errNoAnswer = errors.New("no answer in time")

// downError says that there is no connection. It is nobody's silence: every
// meter behind the connection waits for it alike.
type downError struct{ reason error }

func (e downError) Error() string { return fmt.Sprintf("open connection: %v", e.reason) }
func (e downError) Unwrap() error { return e.reason }

// connection opens a line when it is needed and closes it after every error
// that is not an exception.
type connection struct {
	dial    func() (line, error)
	pause   time.Duration // between two requests
	settle  time.Duration // of quiet after a question without answer
	spacing backoff       // of attempts to open

	line     line      // nil: closed
	opened   time.Time // when it was
	proven   bool      // something was answered since
	words    []uint16  // of the last answer
	free     time.Time // no request before
	failures int       // to open, in a row
	retry    time.Time // not opened before
	reason   error     // why it was not opened
}

// redial spaces out attempts to open.
func redial() backoff { return backoff{first: time.Second, most: time.Minute} }

// How long a host rests that refused at once: an attempt costs it and us next to
// nothing, and its meters are back as soon as it is. The rest is left to chance.
const (
	refusedRest   = 10 * time.Second
	refusedChance = 5 * time.Second
)

// pauseAfter is how long no connection is tried after so many failures in a row.
// Only who swallows attempts, each of which costs a timeout, rests for long.
func pauseAfter(spacing backoff, failures int, reason error) time.Duration {
	pause := spacing.after(failures)
	if pause > refusedRest && (errors.Is(reason, syscall.ECONNREFUSED) || errors.Is(reason, fs.ErrNotExist)) {
		return refusedRest + rand.N(refusedChance)
	}
	return pause
}

// down is why there is no connection and none is to be tried yet, and until when.
func (c *connection) down(now time.Time) (until time.Time, err error) {
	if c.line == nil && c.failures > 0 && now.Before(c.retry) {
		return c.retry, downError{c.reason}
	}
	return time.Time{}, nil
}

// read asks a unit, opening the line if need be. It closes the line after any
// error but an exception, also when the answer is of the wrong length: what
// comes next on such a line cannot be trusted. The words are good until the next
// call.
func (c *connection) read(ctx context.Context, unit uint8, q request) ([]uint16, error) {
	if err := c.rest(ctx); err != nil {
		return nil, err
	}
	if err := c.open(); err != nil {
		return nil, err
	}
	words, err := c.line.read(unit, q, c.words[:0])
	if err == nil && len(words) != q.count {
		err = fmt.Errorf("%d registers came where %d were asked for", len(words), q.count)
	}
	if c.pause > 0 {
		c.free = time.Now().Add(c.pause)
	}
	if err == nil {
		c.words, c.proven, c.failures = words, true, 0
		return words, nil
	}
	if errors.As(err, new(exception)) {
		c.proven, c.failures = true, 0
		return nil, err
	}
	c.close()
	c.free = time.Now().Add(c.pause + c.settle)
	return nil, err
}

// rest waits until the line is free.
func (c *connection) rest(ctx context.Context) error {
	if c.free.IsZero() {
		return ctx.Err()
	}
	err := sleep(ctx, time.Until(c.free))
	if err == nil {
		c.free = time.Time{}
	}
	return err
}

// open makes the connection if there is none. While attempts are spaced out it
// only says why there is none: whoever asks meanwhile must not pay for a dial.
func (c *connection) open() error {
	if c.line != nil {
		return nil
	}
	if _, err := c.down(time.Now()); err != nil {
		return err
	}
	l, err := aside(c.dial)
	if err != nil {
		c.fail(err)
		return downError{err}
	}
	c.line, c.proven, c.opened = l, false, time.Now()
	return nil
}

// aside dials in a goroutine of its own: it needs a deeper stack than all that
// comes after, which the one that polls would keep.
func aside(dial func() (line, error)) (l line, err error) {
	done := make(chan struct{})
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v", cause)
			}
			close(done)
		}()
		l, err = dial()
	}()
	<-done
	return l, err
}

// apart does what is seldom done in a goroutine of its own, for the same reason.
func apart(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	<-done
}

// fail notes that the other side does not want the connection.
func (c *connection) fail(reason error) {
	c.close()
	c.failures++
	c.retry, c.reason = time.Now().Add(pauseAfter(c.spacing, c.failures, reason)), reason
}

func (c *connection) close() {
	if c.line != nil {
		c.line.close()
		c.line, c.proven = nil, false
	}
}

// exception is a unit's answer that it will not do what was asked (Modbus
// Application Protocol V1.1b3, 7).
type exception uint8

// Error names the exception as the protocol does.
func (e exception) Error() string {
	name := "not defined by the protocol"
	switch e {
	case 1:
		name = "illegal function"
	case 2:
		name = "illegal data address"
	case 3:
		name = "illegal data value"
	case 4:
		name = "device failure"
	case 5:
		name = "acknowledge"
	case 6:
		name = "device busy"
	case 7:
		name = "negative acknowledge"
	case 8:
		name = "memory parity error"
	case 10:
		name = "gateway path unavailable"
	case 11:
		name = "gateway target did not respond"
	}
	return fmt.Sprintf("exception %d (%s)", uint8(e), name)
}

// busy tells whether the same question may be answered in a moment.
func (e exception) busy() bool { return e == 5 || e == 6 }

// relayed tells whether a gateway speaks for a unit that it does not reach.
func (e exception) relayed() bool { return e == 10 || e == 11 }
