package web

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Requests is how often a caller may ask the API: so often a second for ever, and
// so many at once. Zero values are the usual limits.
type Requests struct {
	PerSecond float64
	Burst     int
}

// The usual limits: a program that reads a year of every point of a large town
// stays below them, one that runs wild does not keep others from their answers.
const (
	UsualPerSecond = 100
	UsualBurst     = 1000
)

// orUsual puts the usual limits where none are set.
func (l Requests) orUsual() Requests {
	if l.PerSecond <= 0 {
		l.PerSecond = UsualPerSecond
	}
	if l.Burst <= 0 {
		l.Burst = UsualBurst
	}
	return l
}

// mostCallers bounds how many callers are remembered.
const mostCallers = 10_000

// rates are the callers of late, each with what he may still ask. The zero value
// is ready.
type rates struct {
	mutex   sync.Mutex
	callers map[string]*rate.Limiter
}

// take counts a request of a caller; it errs where it is one too many.
func (c *rates) take(limits Requests, caller string, now time.Time) error {
	return c.takeAs(1, limits, caller, now)
}

// takeAs counts a request as so many, because it costs as much.
func (c *rates) takeAs(many int, limits Requests, caller string, now time.Time) error {
	limits = limits.orUsual()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	limiter, known := c.callers[caller]
	if !known {
		c.makeRoom(now)
		limiter = rate.NewLimiter(rate.Limit(limits.PerSecond), limits.Burst)
		c.callers[caller] = limiter
	}
	asked := limiter.ReserveN(now, min(many, limits.Burst))
	wait := asked.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	asked.CancelAt(now) // one that is refused does not count
	return &tooMany{after: wait, limits: limits}
}

// makeRoom forgets callers who could ask as often as a new one.
func (c *rates) makeRoom(now time.Time) {
	if c.callers == nil {
		c.callers = map[string]*rate.Limiter{}
	}
	if len(c.callers) < mostCallers {
		return
	}
	for caller, limiter := range c.callers {
		if limiter.TokensAt(now) >= float64(limiter.Burst()) {
			delete(c.callers, caller)
		}
	}
	for caller := range c.callers {
		if len(c.callers) < mostCallers {
			return
		}
		delete(c.callers, caller)
	}
}

// tooMany is a request too many: it may come again after a while.
type tooMany struct {
	after  time.Duration
	limits Requests
}

func (t *tooMany) Error() string { return "too many requests" }

// seconds is after how many it may come again.
func (t *tooMany) seconds() int { return max(1, int(math.Ceil(t.after.Seconds()))) }

// problem says when to come back.
func (t *tooMany) problem(h http.Header) *problem {
	h.Set("Retry-After", strconv.Itoa(t.seconds()))
	return &problem{Status: http.StatusTooManyRequests, Code: "too_many",
		Detail: fmt.Sprintf("more than %d requests at once and %g a second: come back in %d s", t.limits.Burst, t.limits.PerSecond, t.seconds())}
}

// address is the host a request came from.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "address:" + r.RemoteAddr
	}
	return "address:" + host
}
