package faultproxy

import (
	"errors"
	"net"
	"os"
	"slices"
	"time"
)

// dawdle is how long the rest of a frame is waited for; then its beginning is
// passed on as it is, as if there were no proxy.
const dawdle = 50 * time.Millisecond

// cutter parts what a server sends into frames.
type cutter struct {
	conn net.Conn
	wire Protocol

	buf  []byte
	rest int   // bytes of a frame whose beginning was passed on
	err  error // of the connection, told when everything before it was
}

// next is the next frame, or bytes that are no whole frame. With an error there
// may be last bytes. What it gives is the caller's.
func (c *cutter) next() (frame []byte, whole bool, err error) {
	for {
		if n, whole := c.ready(); n > 0 {
			return c.take(n), whole, nil
		}
		if c.err != nil {
			return c.take(len(c.buf)), false, c.err
		}
		if c.fill() {
			n := len(c.buf)
			c.rest = max(0, c.wire.length(c.buf)-n)
			return c.take(n), false, nil
		}
	}
}

// ready is how many bytes can be passed on now, and whether they are a frame.
func (c *cutter) ready() (n int, whole bool) {
	if len(c.buf) == 0 {
		return 0, false
	}
	if c.rest > 0 {
		n = min(c.rest, len(c.buf))
		c.rest -= n
		return n, false
	}
	switch n = c.wire.length(c.buf); {
	case n < 0:
		return len(c.buf), false
	case n == 0 || n > len(c.buf):
		return 0, false
	}
	return n, true
}

// fill reads more; it tells whether the rest of a frame is too long in coming.
func (c *cutter) fill() (late bool) {
	deadline := time.Time{}
	if len(c.buf) > 0 {
		deadline = time.Now().Add(dawdle)
	}
	if err := c.conn.SetReadDeadline(deadline); err != nil {
		c.err = err
		return false
	}
	buf := make([]byte, 8192)
	n, err := c.conn.Read(buf)
	c.buf = append(c.buf, buf[:n]...)
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		return n == 0
	}
	c.err = err
	return false
}

// take removes n bytes from the buffer.
func (c *cutter) take(n int) []byte {
	b := slices.Clone(c.buf[:n])
	c.buf = slices.Delete(c.buf, 0, n)
	return b
}
