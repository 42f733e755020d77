package modbus

import (
	"context"
	"errors"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// serve reads the values of a task, hands them on and sets when it is due next.
func (d *Driver) serve(ctx context.Context, t *task, sink fieldbus.Sink) {
	m, now := t.meter, time.Now()
	if until, err := d.line.down(now); err != nil {
		d.await(t, now, until, err)
		return
	}
	if now.Before(m.retry) {
		d.await(t, now, m.retry, nil)
		return
	}
	p := &poll{driver: d, task: t, meter: m, answers: map[int]answer{}}
	err := p.run(ctx)
	if ctx.Err() != nil {
		if len(p.answers) == 0 {
			return
		}
		err = nil // we ended the poll, not the meter
	}
	readings := d.note(p, err)
	if len(readings) > 0 {
		// What was read is kept though the program is to end.
		collected := sink.Collect(context.WithoutCancel(ctx), readings)
		d.count(m, len(readings), collected)
	}
	p.log(len(readings), time.Since(now))
	d.reschedule(p, err)
}

// await puts a task off without asking, and notes why if the connection is down.
func (d *Driver) await(t *task, now, until time.Time, down error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t.meter.skipped += t.postpone(resume(now, until, t.every), false)
	if down != nil {
		t.meter.lastError = down.Error()
		d.become(t.meter, fieldbus.Silent, now)
	}
}

// note records what a poll says of its meter and gives its readings. A meter
// that gave any answer is not silent, and one of whose points any is missing is
// not healthy.
func (d *Driver) note(p *poll, err error) []energy.PointReading {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, now := p.meter, time.Now()
	m.polls += p.requests
	m.errors += p.errors
	if !p.heard.IsZero() {
		m.lastAnswer = p.heard
	}
	if p.last != nil {
		m.lastError = p.last.Error()
	}
	var readings []energy.PointReading
	for _, v := range p.task.values {
		r, err := p.reading(v)
		var refused *refusal
		switch {
		case err == nil:
			readings = append(readings, r)
			delete(m.troubles, v.Point)
		case errors.As(err, &refused):
			m.trouble(v.Point, refused.reason, refused.since, refused.retry)
		case !errors.Is(err, errNotAsked):
			m.trouble(v.Point, err.Error(), now, slotAfter(now, p.task.every))
		}
	}
	switch {
	case p.requests == 0 && err == nil: // everything is in quarantine
	case p.heard.IsZero():
		d.become(m, fieldbus.Silent, now)
	case err != nil || len(m.troubles) > 0:
		d.become(m, fieldbus.Degraded, now)
	default:
		m.lastError = ""
		d.become(m, fieldbus.Healthy, now)
	}
	return readings
}

// become changes the state of a meter. The mutex is held.
func (d *Driver) become(m *meter, s fieldbus.State, now time.Time) {
	if m.state == s {
		return
	}
	d.log.Info("meter changed its state", "meter", m.ID, "from", m.state, "to", s, "err", m.lastError)
	m.state, m.since = s, now
}

// count records how handing on the readings went.
func (d *Driver) count(m *meter, n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		m.readings += int64(n)
		return
	}
	m.lost += int64(n)
	m.lastError = "collect readings: " + err.Error()
	d.log.Warn("readings were not collected", "meter", m.ID, "readings", n, "err", err)
}

// reschedule sets when the task of a poll is due next: at its next slot; soon,
// if the unit was busy; later and later, if it is silent.
func (d *Driver) reschedule(p *poll, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, now := p.meter, time.Now()
	earliest := time.Time{}
	var refused exception
	switch down, _ := d.line.down(now); {
	case errors.As(err, new(downError)):
		earliest = down
	case p.heard.IsZero() && p.requests > 0:
		m.silent++
		earliest = now.Add(d.wait.after(m.silent))
		m.retry = earliest
	case errors.As(err, &refused) && refused.busy():
		earliest = now.Add(comeBack)
	default:
		m.silent, m.retry = 0, time.Time{}
	}
	m.skipped += p.task.postpone(resume(now, earliest, p.task.every), true)
}
