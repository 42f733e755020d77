package spool

import (
	"math/rand/v2"
	"time"
)

const (
	firstPause   = 100 * time.Millisecond
	longestPause = time.Minute
)

// attempt is how the delivery of a lane goes; guarded by the spool's mutex.
type attempt struct {
	failures int       // in a row
	again    time.Time // not before; by the monotonic clock
	since    time.Time // when the first of them was
	problem  string    // what the last one was
	high     uint64    // ordinal that ends a rewind: failures are forgotten above it
}

// fail counts a failure and sets the time of the next try: 100 ms, doubling to
// a minute, of which a random half is waited in any case and the rest by chance,
// so that collectors do not come back all at once.
func (a *attempt) fail(now time.Time, problem error) {
	if a.failures == 0 {
		a.since = now
	}
	pause := longestPause
	if a.failures < 10 {
		pause = min(firstPause<<a.failures, longestPause)
	}
	a.failures++
	a.again = now.Add(pause/2 + rand.N(pause/2))
	a.problem = problem.Error()
}

// succeed forgets failures once the batch is beyond what was there before, and
// tells whether there were any.
func (a *attempt) succeed(ordinal uint64) (recovered bool) {
	a.again = time.Time{}
	if ordinal <= a.high {
		return false
	}
	recovered = a.failures > 0
	*a = attempt{high: ordinal}
	return recovered
}
