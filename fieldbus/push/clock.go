package push

import (
	"net/http"
	"time"
)

// Headers by which both ends tell their clocks and the collector how it does.
const (
	HeaderSent   = "Heatledger-Sent"   // of a request: the collector's clock, RFC 3339
	HeaderQueued = "Heatledger-Queued" // of a request: readings that wait, this batch among them
	HeaderTime   = "Heatledger-Time"   // of an answer: the centre's clock, RFC 3339
)

const (
	dateStep = time.Second // resolution of HTTP's Date header
	// apart is the difference between two clocks that is told of: readings of a
	// second's interval would lie in another one.
	apart = 2 * time.Second
)

// ClockDifference compares the centre's clock with ours, as an answer tells: to
// half the time the answer took, and to half a second more if it has HTTP's Date
// only.
type ClockDifference struct {
	Ahead  time.Duration // of the centre's clock before ours
	Within time.Duration // how far Ahead may be off either way
	Seen   time.Time     // by our clock; zero: the centre has not answered yet
}

// Apart tells that the clocks differ by more than two seconds for certain.
func (d ClockDifference) Apart() bool { return d.Ahead.Abs()-d.Within > apart }

// Clock is the difference that the last answer told.
func (c *Client) Clock() ClockDifference {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

// compare notes the difference that an answer between two instants of ours
// tells, and logs when the clocks come apart or together. An answer without a
// time tells nothing.
func (c *Client) compare(answer http.Header, sent, received time.Time) {
	theirs, step := answer.Get(HeaderTime), time.Duration(0)
	at, err := time.Parse(time.RFC3339Nano, theirs)
	if err != nil {
		step = dateStep
		if at, err = http.ParseTime(answer.Get("Date")); err != nil {
			return
		}
	}
	took := received.Sub(sent)
	now := ClockDifference{
		Ahead:  at.Add(step / 2).Sub(sent.Add(took / 2).Round(0)),
		Within: step/2 + took/2,
		Seen:   received.UTC(),
	}
	c.mu.Lock()
	was := c.apart
	switch {
	case now.Apart():
		c.apart = true
	case now.Ahead.Abs() < apart: // what is uncertain changes nothing
		c.apart = false
	}
	is := c.apart
	c.clock = now
	c.mu.Unlock()
	switch {
	case is && !was:
		c.log.Warn("this clock and the centre's differ: readings bear this one's time; look after the time service of both",
			"centre_ahead", now.Ahead.Round(time.Millisecond), "within", now.Within.Round(time.Millisecond))
	case was && !is:
		c.log.Info("this clock and the centre's agree again", "centre_ahead", now.Ahead.Round(time.Millisecond))
	}
}
