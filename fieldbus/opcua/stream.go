package opcua

import (
	"time"

	"heatledger/energy"
)

// burst bounds how far arrivals of one report lie apart: an arrival that much
// before the last one is our clock set back, not a second value of a report.
const burst = time.Second

// stream puts the readings of one point in the order of time. Its last instant
// outlives a connection, its value does not.
type stream struct {
	last     time.Time // of the last reading, zero if none
	arrived  time.Time // of the last report
	value    energy.Value
	quality  energy.Quality
	standing bool // value is what the server holds, as far as is known
	broken   bool // there was no connection since: more may have happened than is known
}

// stamp is the instant of a value that arrived; see the package's time rule.
// It is after s.last, unless our own clock was set back: that is followed. The
// last reading itself may lie ahead of our clock, by the tolerance at most.
func (s *stream) stamp(source, server, arrival time.Time, tolerance time.Duration) time.Time {
	back := s.arrived.Sub(arrival) >= burst || s.last.Sub(arrival) > tolerance
	s.arrived = arrival
	for _, t := range []time.Time{source, server} {
		t = t.Round(time.Microsecond)
		if !t.IsZero() && t.Sub(arrival).Abs() <= tolerance && t.After(s.last) {
			return t.UTC()
		}
	}
	at := arrival.Round(time.Microsecond).UTC()
	if !at.After(s.last) && !back {
		return s.last.Add(time.Microsecond)
	}
	return at
}

// reading is the point's new reading, which stands from now on.
func (s *stream) reading(at time.Time, v energy.Value, q energy.Quality) energy.Reading {
	s.last, s.value, s.quality, s.standing, s.broken = at, v, q, true, false
	return energy.Reading{At: at, Value: v, Quality: q}
}

// forget is for a bad status: what stands is unknown.
func (s *stream) forget() { s.standing = false }

// cut is for a broken connection.
func (s *stream) cut() { s.standing, s.broken = false, true }

// restate is the standing value at known, the instant until which every change
// has arrived, if the point has had no reading for refresh.
func (s *stream) restate(known time.Time, refresh time.Duration) (energy.Reading, bool) {
	known = known.Round(time.Microsecond).UTC()
	if !s.standing || known.Sub(s.last) < refresh {
		return energy.Reading{}, false
	}
	return s.reading(known, s.value, s.quality), true
}
