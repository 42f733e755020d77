package opcua

import (
	"fmt"
	"time"
)

// standstill is how many changes in a row may bear a source time that is not
// after the one before, until it is said that the clock stands still.
const standstill = 3

// clock is what the reports of a point have shown of its source time.
type clock struct {
	source   time.Time // of the last report
	still    int       // changes since it last went on
	believed bool      // the last change bore its source time as its instant
}

// seen takes a report: its source time and the instant that its reading got.
// The first report of a connection, or after a bad status, is no change: the
// source time of a value that has stood for long is old by right, so that it can
// show that the clock is believed, but not that it is not.
func (c *clock) seen(source, at time.Time, first bool) {
	own := at.Equal(source.Round(time.Microsecond))
	switch {
	case first:
		c.believed = c.believed || own
		c.still = 0
	default:
		c.believed = own
		if c.still++; source.After(c.source) {
			c.still = 0
		}
	}
	c.source = source
}

// fault is what people should know of the clock; empty: nothing. It stays the
// same while the clock stands at one time.
func (c *clock) fault() string {
	switch {
	case c.still < standstill:
		return ""
	case c.source.IsZero():
		return "" // a server that keeps no source times says so with each value
	}
	return fmt.Sprintf("source time does not go on while the value changes, it stands at %s: the readings bear another time", c.source.UTC().Format(time.RFC3339))
}
