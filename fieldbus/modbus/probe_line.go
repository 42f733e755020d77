package modbus

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// inquirer puts single questions to the units of a line, one at a time, and
// counts them. It is what looks at a line when no driver does.
type inquirer struct {
	line     *connection
	requests int
	took     time.Duration // of the last question, without the pause before it
}

// newInquirer checks the address of c. It connects when it first asks.
func newInquirer(c Config) (*inquirer, error) {
	c.Timeout = cmp.Or(c.Timeout, time.Second)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if _, err := c.client(); err != nil {
		return nil, err
	}
	q := &inquirer{line: &connection{dial: c.dial, pause: c.Pause, spacing: redial()}}
	if c.rtu() {
		q.line.settle = c.Timeout
	}
	return q, nil
}

// ask puts one question: again after a moment when the unit is busy, and once
// more over a new connection when the old one turns out to be broken. The error
// is a downError where there is no connection.
func (q *inquirer) ask(ctx context.Context, unit uint8, r request) (words []uint16, at time.Time, err error) {
	broken := false
	for attempt := 0; ; {
		if err := sleep(ctx, time.Until(q.line.free)); err != nil {
			return nil, time.Now(), err
		}
		begun := time.Now()
		words, err = q.line.read(ctx, unit, r)
		at = time.Now()
		q.took = at.Sub(begun)
		if err != nil && (ctx.Err() != nil || errors.As(err, new(downError))) {
			return nil, at, err
		}
		q.requests++
		var refused exception
		switch {
		case errors.As(err, &refused) && refused.busy() && attempt < busyTries:
			if err := sleep(ctx, busyPause<<(2*attempt)); err != nil {
				return nil, at, err
			}
			attempt++
		case err != nil && !errors.As(err, &refused) && !errors.Is(err, errNoAnswer) && !broken:
			broken = true
		default:
			return slices.Clone(words), at, err // the line writes over its own
		}
	}
}

// unheard tells whether an error says that the unit itself gave no answer: there
// was none, the connection broke, or a gateway spoke for it.
func unheard(err error) bool {
	var refused exception
	return err != nil && (!errors.As(err, &refused) || refused.relayed())
}
