package registry

import (
	"strings"
	"time"

	"heatledger/energy"
)

// Event is something that befell a site and changes how its readings are to be
// understood. Instants are UTC.
type Event struct {
	Kind  EventKind      `yaml:"kind,required" json:"kind"`
	Meter energy.MeterID `yaml:"meter" json:"meter,omitzero"`
	// Points that are touched; none means all of the meter, or of the site.
	Points []energy.PointID `yaml:"points" json:"points,omitempty"`
	At     time.Time        `yaml:"at" json:"at,omitzero"`     // exchange, reset, change
	From   time.Time        `yaml:"from" json:"from,omitzero"` // an outage or a substitution lasts [From, To)
	To     time.Time        `yaml:"to" json:"to,omitzero"`
	Old    Removed          `yaml:"old" json:"old,omitzero"`
	New    Installed        `yaml:"new" json:"new,omitzero"`
	Reason string           `yaml:"reason" json:"reason,omitzero"`
	// Substitute is what a substitution orders for its points: what is missing in
	// [From, To) gets substitute values. Values that are there stay: those that
	// are wrong are withdrawn by a correction.
	Substitute Substitute `yaml:"substitute" json:"substitute,omitzero"`
}

// EventKind is what happened.
type EventKind string

// The kinds: an instrument was replaced; the fall of a counter was a reset of
// the same instrument; the plant stood still; what the site comprises changed; a
// person decided on substitute values.
const (
	MeterExchange  EventKind = "meter_exchange"
	ConfirmedReset EventKind = "confirmed_reset"
	Outage         EventKind = "outage"
	BoundaryChange EventKind = "boundary_change"
	Substitution   EventKind = "substitution"
)

// Removed is the instrument that was taken away (or, of a reset, the counter
// before it): the last state of each counter, in the point's scale before Factor.
type Removed struct {
	Serial string                     `yaml:"serial" json:"serial,omitzero"`
	Final  map[energy.PointID]Measure `yaml:"final" json:"final,omitempty"`
	// Factor by which the values it showed are multiplied; none means 1.
	Factor Number `yaml:"factor" json:"factor,omitzero"`
}

// Installed is the instrument that was put in its place (or the counter after
// a reset): the first state of each counter.
type Installed struct {
	Serial string                     `yaml:"serial" json:"serial,omitzero"`
	Start  map[energy.PointID]Measure `yaml:"start" json:"start,omitempty"`
	Factor Number                     `yaml:"factor" json:"factor,omitzero"`
}

// lasts tells whether the kind of event has a period, not an instant.
func (e Event) lasts() bool { return e.Kind == Outage || e.Kind == Substitution }

// IsZero tells whether nothing is said.
func (r Removed) IsZero() bool { return r.Serial == "" && len(r.Final) == 0 && r.Factor.Sign() == 0 }

// IsZero tells whether nothing is said.
func (i Installed) IsZero() bool {
	return i.Serial == "" && len(i.Start) == 0 && i.Factor.Sign() == 0
}

// Begins is when the event happened or began.
func (e Event) Begins() time.Time {
	if e.At.IsZero() {
		return e.From
	}
	return e.At
}

// ID tells an event from the others of its site: kind, instrument and instant.
func (e Event) ID() string {
	parts := []string{string(e.Kind)}
	if e.Meter != "" {
		parts = append(parts, string(e.Meter))
	}
	for _, p := range e.Points {
		parts = append(parts, string(p))
	}
	return strings.Join(append(parts, e.Begins().Format(time.RFC3339Nano)), "@")
}

// Concerns tells whether the event touches a point of a meter of its site.
func (e Event) Concerns(meter energy.MeterID, point energy.PointID) bool {
	if e.Meter != "" && e.Meter != meter {
		return false
	}
	for _, p := range e.Points {
		if p == point {
			return true
		}
	}
	return len(e.Points) == 0
}
