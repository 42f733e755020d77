package push

import (
	"net/http"
	"time"
)

// dateStep is the resolution of HTTP's Date header.
const dateStep = time.Second

// ClockDifference compares the centre's clock with ours, as the Date header of
// an answer tells: to half a second and half the time the answer took.
type ClockDifference struct {
	Ahead  time.Duration // of the centre's clock before ours
	Within time.Duration // how far Ahead may be off either way
	Seen   time.Time     // by our clock; zero: the centre has not answered yet
}

// Clock is the difference that the last answer told.
func (c *Client) Clock() ClockDifference {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

// compare notes the difference that an answer between two instants of ours
// tells. An answer without a Date tells nothing.
func (c *Client) compare(answer http.Header, sent, received time.Time) {
	date, err := http.ParseTime(answer.Get("Date"))
	if err != nil {
		return
	}
	took := received.Sub(sent)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock = ClockDifference{
		Ahead:  date.Add(dateStep / 2).Sub(sent.Add(took / 2).Round(0)),
		Within: dateStep/2 + took/2,
		Seen:   received.UTC(),
	}
}
