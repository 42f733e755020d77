package spool

import (
	"errors"
	"math/rand/v2"
	"time"
)

// The pauses between tries: they double from the first to the longest. What a
// person must mend is not mended sooner by asking more often.
const (
	firstPause     = 100 * time.Millisecond
	longestPause   = time.Minute
	firstRefused   = 5 * time.Second
	longestRefused = 10 * time.Minute
	mostDoublings  = 10
)

// attempt is how the delivery of a lane goes; guarded by the spool's mutex.
type attempt struct {
	failures int       // in a row
	again    time.Time // not before; by the monotonic clock
	since    time.Time // when the first of them was
	problem  string    // what the last one was
	refusal  string    // the centre's, if a person must act; "" otherwise
	high     uint64    // ordinal that ends a rewind: failures are forgotten above it
}

// refusal is the reason in an error that no retry will mend but a person: a
// [Deliverer] says so by an error with the method Permanent.
func refusal(err error) (reason string, ok bool) {
	var refused interface {
		error
		Permanent() bool
	}
	if errors.As(err, &refused) && refused.Permanent() {
		return refused.Error(), true
	}
	return "", false
}

// fail counts a failure and sets the time of the next try. Half of the
// pause is waited in any case and the rest by chance, so that collectors do not
// come back all at once.
func (a *attempt) fail(now time.Time, problem error) {
	reason, permanent := refusal(problem)
	first, longest := firstPause, longestPause
	if permanent {
		first, longest = firstRefused, longestRefused
	}
	if a.failures == 0 {
		a.since = now
	}
	if (a.refusal != "") != permanent {
		a.failures = 0 // another kind of trouble: its pauses begin anew
	}
	pause := min(first<<min(a.failures, mostDoublings), longest)
	a.failures++
	a.again = now.Add(pause/2 + rand.N(pause/2))
	a.problem, a.refusal = problem.Error(), reason
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
