package modbus

import "time"

// A slot is an instant at which a meter is to be read: a whole multiple of its
// interval since 1970 in UTC, so that meters of one interval are read at the
// same times, today and after a restart.

// slotAfter is the first slot after t.
func slotAfter(t time.Time, every time.Duration) time.Time {
	return time.Unix(0, (slotNumber(t, every)+1)*int64(every)).UTC()
}

// slotNumber counts slots from 1970 up to and including t.
func slotNumber(t time.Time, every time.Duration) int64 {
	n, e := t.UnixNano(), int64(every)
	if n < 0 {
		return (n+1)/e - 1
	}
	return n / e
}

// slotsBetween counts the slots after a and before b.
func slotsBetween(a, b time.Time, every time.Duration) int64 {
	return max(0, slotNumber(b.Add(-1), every)-slotNumber(a, every))
}

// resume is when to try again what may not be tried before earliest: at the
// next slot, unless that is too early, or earliest comes sooner.
func resume(now, earliest time.Time, every time.Duration) time.Time {
	next := slotAfter(now, every)
	if earliest.After(next) {
		return slotAfter(earliest.Add(-1), every)
	}
	if earliest.After(now) {
		return earliest
	}
	return next
}

// backoff spaces out what does not work: first, then twice as long each time.
type backoff struct{ first, most time.Duration }

// after is the wait after the given number of failures in a row, from 1.
func (b backoff) after(failures int) time.Duration {
	d := b.first
	for ; failures > 1 && d < b.most; failures-- {
		d *= 2
	}
	return min(d, b.most)
}
