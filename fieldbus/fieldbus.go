// Package fieldbus reads meters and loses nothing of what it read. It knows
// connections, meters and points; it does not know what a figure or a promise is.
//
// Readings flow one way: a [Driver] owns one physical connection and hands what
// it reads to a [Sink]; the sink the program uses is the spool, which returns
// only when the readings are on disk.
package fieldbus

import (
	"context"
	"time"

	"heatledger/energy"
)

// Driver owns one physical connection and reads the meters behind it.
type Driver interface {
	// Run reads until ctx ends and hands every reading to sink. What the
	// network does is coped with inside and shown by Health; Run returns
	// nil when ctx ends, and an error only for what no retry can mend.
	Run(ctx context.Context, sink Sink) error
	// Health is the state of each meter now. It may be called at any time.
	Health() []MeterHealth
}

// Sink takes readings. Collect returns nil only when they are durable; on an
// error the driver keeps its schedule and counts them as not collected.
// Collect may be called from many goroutines. It keeps nothing of the slice when
// it returns: the driver uses it again.
type Sink interface {
	Collect(ctx context.Context, readings []energy.PointReading) error
}

// Stager is a sink whose callers may go on while their readings are made durable.
type Stager interface {
	Sink
	// Stage takes readings like Collect but returns at once; it keeps nothing of
	// the slice either. Only when Pending says so they are durable.
	Stage(readings []energy.PointReading) (Pending, error)
}

// Pending are readings that are being made durable.
type Pending interface {
	Done() <-chan struct{} // closed when they are, or never will be
	Err() error            // why they never will be; it is asked for after Done
}

// State says how a meter is doing.
type State string

// The states of a meter.
const (
	Starting State = "starting" // no answer yet, none expected yet
	Healthy  State = "healthy"  // answers, all its points are read
	Degraded State = "degraded" // answers, but some of its points are quarantined or doubtful
	Silent   State = "silent"   // does not answer
)

// MeterHealth is what is known of one meter.
type MeterHealth struct {
	Connection string        `json:"connection"`
	Meter      string        `json:"meter"`
	State      State         `json:"state"`
	Since      time.Time     `json:"since"`                // when it came into State
	LastAnswer time.Time     `json:"last_answer,omitzero"` // zero: never
	LastError  string        `json:"last_error,omitempty"`
	Remedy     string        `json:"remedy,omitempty"`  // what a person can do about LastError, where the driver knows it
	NextTry    time.Time     `json:"next_try,omitzero"` // of a connection or meter that rests after it did not answer
	Polls      int64         `json:"polls"`             // requests, or notifications for a subscription
	Errors     int64         `json:"errors"`            // of those that went wrong
	Readings   int64         `json:"readings"`          // handed to the sink and durable
	Lost       int64         `json:"lost"`              // read but refused by the sink
	Skipped    int64         `json:"skipped"`           // slots of the schedule left out because the line was busy or the meter silent
	Points     []PointHealth `json:"points,omitempty"`

	// What a poll of everything takes, for buses that are polled in requests:
	// now, and at least as far as is known. They differ while it is learned
	// which of the holes between the registers may be read along.
	Requests      int          `json:"requests_per_poll,omitempty"`
	LeastRequests int          `json:"least_requests,omitempty"`
	Holes         []HoleHealth `json:"holes,omitempty"` // those that were tried
}

// HoleHealth is a range of registers between those of the points that the meter
// was asked for, to see whether it may be read along.
type HoleHealth struct {
	Table    string    `json:"table"`
	From     int       `json:"from"` // the first address
	To       int       `json:"to"`   // the last
	Readable bool      `json:"readable"`
	Reason   string    `json:"reason,omitempty"` // why it is not
	Since    time.Time `json:"since"`
	Retry    time.Time `json:"retry,omitzero"` // when one that is not is tried again
}

// PointHealth names a point that is not being read although its meter answers.
type PointHealth struct {
	Point  energy.PointID `json:"point"`
	Reason string         `json:"reason"` // "exception 2 (illegal data address) at holding 19068"
	Since  time.Time      `json:"since"`
	Retry  time.Time      `json:"retry,omitzero"` // when it is tried again; zero: the server reports it by itself
}
