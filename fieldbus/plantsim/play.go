package plantsim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// Play plays a scenario that was read for this plant, and logs each step. It
// returns when the last step is done; what has no end then lasts as long as the
// plant. If ctx ends first, everything is mended. A plant plays one scenario at
// a time.
func (s *Server) Play(ctx context.Context, sc Scenario) error {
	begun := time.Now()
	pace := s.pace
	if pace == nil {
		pace = func(ctx context.Context, at time.Duration) error { return wait(ctx, at-time.Since(begun)) }
	}
	mends := make([]func() error, len(sc))
	for _, step := range sc.Steps() {
		if err := pace(ctx, step.At); err != nil {
			var errs []error
			for _, mend := range mends {
				if mend != nil {
					errs = append(errs, mend())
				}
			}
			return errors.Join(append(errs, err)...)
		}
		e := sc[step.Event]
		if step.Ends {
			if err := mends[step.Event](); err != nil {
				return fmt.Errorf("mend what line %d of the scenario did: %w", e.line, err)
			}
			mends[step.Event] = nil
			s.log.InfoContext(ctx, "scenario mends", "line", e.line, "do", e.Do, "meter", e.Meter, "connection", e.Connection)
			continue
		}
		mend, err := s.happen(e)
		if err != nil {
			return fmt.Errorf("do line %d of the scenario: %w", e.line, err)
		}
		mends[step.Event] = mend
		s.log.InfoContext(ctx, "scenario does", "line", e.line, "do", e.Do, "meter", e.Meter, "connection", e.Connection, "for", e.For)
	}
	return nil
}

// wait sleeps, or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// happen lets an event begin and gives what ends it.
func (s *Server) happen(e Event) (mend func() error, err error) {
	if spoil, ok := e.spoil(); ok {
		return s.Spoil(e.Connection, spoil)
	}
	fault, err := e.fault()
	if err != nil {
		return nil, err
	}
	if err := s.Break(e.Meter, fault); err != nil {
		return nil, err
	}
	return func() error { return s.Break(e.Meter, Fault{}) }, nil
}

// spoil is what an event does to a line or its answers; ok is false for one
// that is a fault of a meter.
func (e Event) spoil() (s faultproxy.Spoil, ok bool) {
	if e.ofTheMeter() {
		return s, false
	}
	s = faultproxy.Spoil{
		Do: faultproxy.Kind(e.Do), Share: e.Share, Times: e.Times, Delay: e.Delay, Code: e.Code, BytesPerSecond: e.BytesPerSecond,
	}
	switch e.Do {
	case Busy:
		s.Do, s.Code = faultproxy.Exception, 6
	case Reboot:
		s.Do = faultproxy.Refuse
	}
	if e.meter != nil {
		s.Unit = e.meter.Unit
	}
	return s, true
}

// fault is what an event makes of a meter.
func (e Event) fault() (Fault, error) {
	switch e.Do {
	case Silent, Reboot:
		return Fault{Silent: true}, nil
	case Frozen:
		return Fault{Frozen: true}, nil
	case Reset:
		return Fault{Reset: true}, nil
	case Wrap:
		return Fault{Modulus: e.Modulus}, nil
	case NaN, Sentinel:
		return Fault{Absent: e.Quantities}, nil
	case Zero:
		return Fault{Zero: e.Quantities}, nil
	case Swap:
		const parts = 1e6 // mWh in a kWh, ml in a m³
		return Fault{Exchange: &Exchange{Serial: e.Serial, Start: energy.Amount(math.Round(e.Start.Float64() * parts))}}, nil
	}
	var answer error
	switch e.Do {
	case BadValue:
		answer, _ = badStatus(e.Status)
	case Busy:
		answer, _ = exceptionOf(6)
	default:
		answer, _ = exceptionOf(e.Code)
	}
	if answer == nil {
		return Fault{}, fmt.Errorf("%s of meter %s: the scenario was not read for this plant", e.Do, e.Meter)
	}
	errors := map[energy.Quantity]error{}
	for _, q := range e.Quantities {
		errors[q] = answer
	}
	return Fault{Errors: errors}, nil
}

// end is when an event is over.
func (e Event) end() time.Duration {
	switch {
	case e.Do == Zero:
		return e.At + 1 // one sample; two of them are not at the same instant
	case e.For > 0:
		return e.At + e.For
	}
	return math.MaxInt64
}
