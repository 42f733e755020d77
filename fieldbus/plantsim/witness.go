package plantsim

import (
	"time"

	"heatledger/energy"
)

// Shown is what a meter said of one of its points: the truth that readers are
// held to.
type Shown struct {
	Point energy.PointID
	// At is when it was said, by [Options.Now]; over OPC UA the second whose
	// value it is.
	At    time.Time
	Value energy.Value // in the canonical unit of the point's quantity
	// Absent: the meter sent what it has for "no value".
	Absent bool
	// Err is the exception or status in place of a value.
	Err error
}

// tell hands a value to whoever listens. Fields that are no points are nobody's
// business.
func (m *served) tell(f field, at time.Time, v energy.Value, fault *broken, err error) {
	if m.witness == nil || f.quantity == "" {
		return
	}
	shown := Shown{Point: m.point(f.quantity), At: at, Absent: fault.absent(f.quantity), Err: err}
	if err == nil {
		shown.Value, shown.Err = energy.Convert(v, f.unit, f.quantity.Unit())
	}
	m.witness(shown)
}
