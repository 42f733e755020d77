package modbus

import (
	"slices"
	"time"

	"heatledger/fieldbus"
)

// task is the reading of those values of a meter that share an interval.
type task struct {
	meter  *meter
	every  time.Duration
	values []int // of the meter
	fields []int
	agenda agenda

	// Guarded by the driver's mutex:
	due    time.Time     // by the wall clock
	set    time.Time     // when due was set, by the clock that never jumps
	wait   time.Duration // from then
	passed int           // times in a row that a socket that did not get through left it to the others
}

// agenda is what a task asks. It is made anew only when the meter taught
// something, or when something is to be tried again.
type agenda struct {
	requests []request
	usual    int   // of the requests: those that are no retries
	least    int   // requests if every hole that was not tried could be read along
	trial    *hole // to be tried after a good poll; nil: none would save a request

	made    bool
	version uint64
	until   time.Time // zero: for good
}

// current is the agenda of now. Changed tells that it was made anew.
func (t *task) current(now time.Time) (a *agenda, changed bool) {
	a, m := &t.agenda, &t.meter.memory
	if a.made && a.version == m.version && (a.until.IsZero() || now.Before(a.until)) {
		return a, false
	}
	apart(func() { t.plan(now) })
	return a, true
}

// plan makes the agenda anew.
func (t *task) plan(now time.Time) {
	a, m := &t.agenda, &t.meter.memory
	fields := t.meter.fields
	usual, retried := m.readable(t.fields, now)
	terms := m.terms(fields, t.meter.limits, now)
	requests := plan(fields, usual, terms)
	*a = agenda{made: true, usual: len(requests), least: len(requests)}
	if m.learns && len(requests) > 1 {
		terms.bears = m.holes.hoped(now)
		hopeful := plan(fields, usual, terms)
		if a.least = len(hopeful); a.least < a.usual {
			a.trial = m.holes.next(hopeful, fields, now)
		}
	}
	m.doubtful(requests)
	for _, i := range retried {
		requests = append(requests, t.meter.limits.alone(i, fields[i]))
	}
	for i := range requests {
		requests[i].fields = slices.Clip(slices.Clone(requests[i].fields)) // it is kept
	}
	a.requests, a.version, a.until = requests, m.version, m.expires(now)
}

// postpone sets when the task is due next. Slots that pass meanwhile are
// counted; the one that was due counts too unless it was served. Those that a
// clock only jumped over never were. The driver's mutex is held; wall is what the
// wall clock shows now.
func (t *task) postpone(now, wall, next time.Time, served bool) (skipped int64) {
	from := t.due
	if !served {
		from = from.Add(-1)
	}
	wait := next.Sub(wall)
	passed := now.Sub(t.set) + wait
	skipped = min(slotsBetween(from, next, t.every), int64(passed/t.every))
	t.due, t.set, t.wait = next, now, wait
	return skipped
}

// planned notes what the meter's polls take, for its health. The driver's mutex
// is held.
func (m *meter) planned() {
	m.requests, m.least = 0, 0
	for _, t := range m.tasks {
		m.requests += t.agenda.usual
		m.least += t.agenda.least
	}
	m.learned = nil
	for _, o := range m.memory.holes {
		if o.verdict == untried {
			continue
		}
		m.learned = append(m.learned, fieldbus.HoleHealth{
			Table: string(o.table), From: o.from, To: o.to - 1, Readable: o.verdict == readable,
			Reason: o.reason, Since: o.since.UTC(), Retry: o.retry.UTC(),
		})
	}
}
