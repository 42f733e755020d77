package soak

import (
	"fmt"
	"time"

	"heatledger/fieldbus"
)

// patience says until when a line must be well again after its troubles ended.
// A silent meter's driver doubles its pauses, so that the next try comes at the
// latest when it has been silent for twice as long; a point that was set aside
// has its time stated.
type patience struct{ until time.Time }

// grace is what a loaded machine needs to start, connect and read; a TLS handshake
// whose bytes were lost alone takes 15 s to be given up.
const grace = 60 * time.Second

func (p *patience) extend(healed time.Time, meters []fieldbus.MeterHealth) {
	for _, m := range meters {
		p.until = later(p.until, healed.Add(grace))
		if m.State == fieldbus.Silent && m.Since.Before(healed) {
			p.until = later(p.until, healed.Add(2*healed.Sub(m.Since)+grace))
		}
		for _, point := range m.Points {
			// Tried once after the troubles it is read: no later time counts.
			if point.Since.Before(healed) {
				p.until = later(p.until, point.Retry.Add(grace))
			}
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// well is what is wrong with a line; empty: nothing.
func (l *line) well() string {
	for _, m := range l.driver.Health() {
		want := l.meters[m.Meter]
		if m.State != want.state {
			return fmt.Sprintf("meter %s is %s, not %s: %s %+v", m.Meter, m.State, want.state, m.LastError, m.Points)
		}
		for _, p := range m.Points {
			if p.Point != want.out {
				return fmt.Sprintf("point %s: %s, tried again %s", p.Point, p.Reason, clock(p.Retry))
			}
		}
	}
	return ""
}

// recovered waits until a line is well and read, and complains when it is not.
// It gives how long that took.
func (s *soaking) recovered(l *line, healed time.Time) time.Duration {
	var p patience
	p.extend(healed, l.driver.Health())
	before := map[string]int64{}
	for meter := range l.meters {
		before[meter] = s.account.handed(l.name, meter)
	}
	for {
		problem := l.well()
		for meter, want := range l.meters {
			if problem == "" && want.state != fieldbus.Silent && s.account.handed(l.name, meter) < before[meter]+2 {
				problem = fmt.Sprintf("meter %s is %s and its points are not read", meter, want.state)
			}
		}
		if problem == "" {
			took := time.Since(healed)
			s.chronicle.note(l.name, "well again after %s", took.Round(time.Millisecond))
			return took
		}
		if time.Now().After(p.until) {
			s.account.complain(l.name, "not well %s after its troubles: %s", time.Since(healed).Round(time.Second), problem)
			return time.Since(healed)
		}
		time.Sleep(50 * time.Millisecond) // what it waits for happens outside of the process
	}
}
