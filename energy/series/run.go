// Package series turns readings into quarter-hours and days, and packs readings
// into blocks. It consists of pure functions: no clock, no database, no zone
// but the periods it is handed.
package series

import (
	"time"

	"heatledger/energy"
)

// Run is what one fact says about one point: readings that became known
// together, or a correction.
type Run struct {
	Seq        int64     // fact number of the site
	RecordedAt time.Time // when it became known, whole milliseconds
	Source     int32     // who said it
	Rank       int16     // at the same instant the higher rank wins, then the higher Seq
	// Replaces is the interval of a correction: every reading of lower Seq in
	// it is hidden. The zero Period means that the run is no correction.
	Replaces energy.Period
	Reason   string           // why, for a correction
	Readings []energy.Reading // ascending by At; may be empty in a correction (a withdrawal)
}

// Corrects tells whether the run is a correction.
func (r Run) Corrects() bool { return !r.Replaces.To.IsZero() }
