package proof

import (
	"time"

	"heatledger/energy"
)

// Verdict is what an audit says of something that is not proven.
type Verdict string

// The verdicts of an audit.
const (
	Tampered Verdict = "tampered" // it is not what was logged
	Missing  Verdict = "missing"  // it was logged and is not there
	Added    Verdict = "added"    // it is there and was never logged
	Expired  Verdict = "expired"  // its content was deleted under a retention policy, as the log says
	Restored Verdict = "restored" // it was lost when the database was restored, as the log says
)

// Grave tells whether a verdict means that the audit is failed.
func (v Verdict) Grave() bool { return v != Expired && v != Restored }

// Finding is something that is not proven, and where.
type Finding struct {
	Verdict Verdict        `json:"verdict"`
	Table   string         `json:"table"`
	Column  string         `json:"column,omitempty"` // where one alone is wrong
	Site    energy.SiteID  `json:"site,omitempty"`
	Point   energy.PointID `json:"point,omitempty"`
	Fact    int64          `json:"fact,omitempty"`
	From    *time.Time     `json:"from,omitempty"`
	To      *time.Time     `json:"to,omitempty"`
	What    string         `json:"what,omitempty"`   // the row within its table
	Record  *int64         `json:"record,omitempty"` // of the log, from 0
	Size    int64          `json:"size,omitempty"`   // of the checkpoint
}
