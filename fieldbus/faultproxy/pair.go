package faultproxy

import (
	"cmp"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// pair is a client and its connection to the server.
type pair struct {
	proxy          *Proxy
	client, server net.Conn
	done           chan struct{} // closed when the pair has ended
	ending         sync.Once
	deaf           atomic.Bool // its last answer was truncated: nothing passes any more
	writing        sync.Mutex  // to the client, where a stray answer may come between
}

// end closes both connections.
func (c *pair) end() {
	c.ending.Do(func() {
		close(c.done)
		_ = c.client.Close()
		_ = c.server.Close()
	})
}

// silent tells whether bytes are swallowed.
func (c *pair) silent() bool { return c.deaf.Load() || c.proxy.stalled.Load() }

// questions passes on what the client sends.
func (c *pair) questions() {
	defer c.end()
	buf := make([]byte, 8192)
	for {
		n, err := c.client.Read(buf)
		switch {
		case n == 0:
		case c.silent():
			c.proxy.script.swallowed(n)
		case !c.pour(c.server, buf[:n]):
			return
		}
		if err != nil {
			return
		}
	}
}

// answers passes on what the server sends, frame by frame.
func (c *pair) answers() {
	defer c.end()
	frames := &cutter{conn: c.server, wire: c.proxy.wire}
	for {
		frame, whole, err := frames.next()
		if len(frame) > 0 && !c.answer(frame, whole) {
			return
		}
		if err != nil {
			return
		}
	}
}

// answer does to one answer what the script says; false ends the connection.
func (c *pair) answer(frame []byte, whole bool) bool {
	if c.silent() {
		c.proxy.script.swallowed(len(frame))
		return true
	}
	script := c.proxy.script
	switch s := script.next(frame, whole); s.Do {
	case Late:
		return c.pause(s.Delay) && c.give(frame)
	case Stray:
		c.proxy.stray(frame, s.Delay)
		return true
	case Twice:
		return c.give(slices.Concat(frame, frame))
	case Cut:
		c.give(frame[:len(frame)/2])
		return false
	case Mute:
		script.swallowed(len(frame))
		return true
	case Truncate:
		half := len(frame) / 2
		c.deaf.Store(true)
		script.swallowed(len(frame) - half)
		return c.give(frame[:half])
	case Split:
		return c.dribble(frame, cmp.Or(s.Delay, 5*time.Millisecond))
	case Garbage:
		return c.give(append(script.noise(), frame...))
	default:
		return c.give(c.proxy.wire.altered(s, frame))
	}
}

// dribble writes to the client byte by byte. Nothing comes between them: a server
// gives one answer after the other, and a frame within a frame has no mark by which a
// client could tell.
func (c *pair) dribble(frame []byte, pause time.Duration) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	for i := range frame {
		if !c.pour(c.client, frame[i:i+1]) || !c.pause(pause) {
			return false
		}
	}
	return true
}

// give writes to the client.
func (c *pair) give(b []byte) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.pour(c.client, b)
}

// pour writes as fast as the line goes.
func (c *pair) pour(to net.Conn, b []byte) bool {
	for len(b) > 0 {
		n, rate := len(b), int(c.proxy.rate.Load())
		if rate > 0 {
			n = min(n, max(1, rate/20))
		}
		if _, err := to.Write(b[:n]); err != nil {
			return false
		}
		b = b[n:]
		if rate > 0 && !c.pause(time.Duration(n)*time.Second/time.Duration(rate)) {
			return false
		}
	}
	return true
}

// pause waits; false says that the pair ended meanwhile.
func (c *pair) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c.done:
		return false
	case <-timer.C:
		return true
	}
}

// stray gives an answer, when its time has come, to the newest client.
func (p *Proxy) stray(frame []byte, after time.Duration) {
	p.workers.Go(func() { // called by a worker, so that Close waits for it
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-p.done:
			return
		case <-timer.C:
		}
		p.mu.Lock()
		newest := p.newest
		p.mu.Unlock()
		if newest != nil && !newest.silent() {
			newest.give(frame)
		}
	})
}
