package energy

import (
	"fmt"
	"time"
)

// SeriesKind says how the readings of a point are to be understood.
type SeriesKind string

// Counter: the cumulative register at an instant. Interval: the amount of
// [At, At+Length). Mean: the time mean of [At, At+Length). Instant: the level
// at an instant.
const (
	Counter  SeriesKind = "counter"
	Interval SeriesKind = "interval"
	Mean     SeriesKind = "mean"
	Instant  SeriesKind = "instant"
)

// Known tells whether k is one of the four kinds.
func (k SeriesKind) Known() bool {
	return k == Counter || k == Interval || k == Mean || k == Instant
}

// Quality says how a value came about. Its number is stored: append only.
type Quality uint8

// Missing is the zero value: absence is never mistaken for a measured zero.
const (
	Missing     Quality = iota
	Measured            // read from the meter at its time
	Distributed         // energy known across a gap, spread evenly over it
	Calculated          // from other points by a stated formula
	Substitute          // estimated by a stated method
	Declared            // stated by the operator, not metered
	Suspect             // read, but doubtful (bad status, failed check)
)

// String is the quality's name in files and answers.
func (q Quality) String() string {
	switch q {
	case Missing:
		return "missing"
	case Measured:
		return "measured"
	case Distributed:
		return "distributed"
	case Calculated:
		return "calculated"
	case Substitute:
		return "substitute"
	case Declared:
		return "declared"
	case Suspect:
		return "suspect"
	}
	return fmt.Sprintf("quality(%d)", uint8(q))
}

// MarshalText writes the name.
func (q Quality) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads the name.
func (q *Quality) UnmarshalText(text []byte) error {
	for known := Missing; known <= Suspect; known++ {
		if known.String() == string(text) {
			*q = known
			return nil
		}
	}
	return fmt.Errorf("%q is no quality: measured, distributed, calculated, substitute, declared, suspect or missing is expected", text)
}

// Reading is one value of one point, in the point's canonical unit.
type Reading struct {
	// At is the instant of the value, or the start of its interval; UTC,
	// whole microseconds.
	At time.Time
	// Length is the interval the value stands for: an amount or a mean of
	// [At, At+Length). Zero for counters and instants.
	Length time.Duration
	// Value is the number as the meter gave it, brought to the canonical unit.
	Value Value
	// Quality is how it came about.
	Quality Quality
}

// End is the end of the interval, or At where there is none.
func (r Reading) End() time.Time { return r.At.Add(r.Length) }

// Same tells whether two readings say the same: instant, interval, number, quality.
func (r Reading) Same(o Reading) bool {
	return r.At.Equal(o.At) && r.Length == o.Length && r.Quality == o.Quality && r.Value.Equal(o.Value)
}

// PointReading is a reading together with the point it belongs to.
type PointReading struct {
	Point PointID
	Reading
}
