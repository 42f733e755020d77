package modbus

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// meter is a configured meter with what is known of it.
type meter struct {
	Meter
	limits limits
	fields []field // what is read, each once
	values []value // in the order of the configuration
	memory memory

	silent int       // attempts in a row without any answer
	retry  time.Time // not asked before

	// Guarded by the driver's mutex:
	state      fieldbus.State
	since      time.Time
	lastAnswer time.Time
	lastError  string
	polls      int64
	errors     int64
	readings   int64
	lost       int64
	skipped    int64
	troubles   map[energy.PointID]fieldbus.PointHealth
}

// value is a register of the map and where its words come from.
type value struct {
	registermap.PointRegister
	field int
	unit  int // the field of its unit code, or -1
}

// task is the reading of those values of a meter that share an interval.
type task struct {
	meter  *meter
	every  time.Duration
	values []value
	fields []int
	due    time.Time
}

// newMeter lays out what is read from a meter; most is the connection's limit.
func newMeter(c Meter, most int, now time.Time) *meter {
	m := &meter{
		Meter: c, limits: limitsOf(c.Limits, most), memory: newMemory(),
		state: fieldbus.Starting, since: now, troubles: map[energy.PointID]fieldbus.PointHealth{},
	}
	for _, r := range c.Registers {
		v := value{PointRegister: r, unit: -1}
		v.field = m.field(field{r.Table, int(r.Address), r.Words()})
		if u := r.UnitFrom; u != nil {
			v.unit = m.field(field{r.Table, int(u.Address), u.Words()})
		}
		m.values = append(m.values, v)
	}
	return m
}

// field is the index of f among the meter's fields.
func (m *meter) field(f field) int {
	if i := slices.Index(m.fields, f); i >= 0 {
		return i
	}
	m.fields = append(m.fields, f)
	return len(m.fields) - 1
}

// tasks groups the meter's values by their intervals. A unit code is read as
// often as each value that needs it, so that both come from one poll.
func (m *meter) tasks() []*task {
	var tasks []*task
	for _, v := range m.values {
		every := v.Every
		if every <= 0 {
			every = m.Every
		}
		i := slices.IndexFunc(tasks, func(t *task) bool { return t.every == every })
		if i < 0 {
			i = len(tasks)
			tasks = append(tasks, &task{meter: m, every: every})
		}
		t := tasks[i]
		t.values = append(t.values, v)
		for _, f := range []int{v.field, v.unit} {
			if f >= 0 && !slices.Contains(t.fields, f) {
				t.fields = append(t.fields, f)
			}
		}
	}
	return tasks
}

// postpone sets when the task is due next. Slots that pass meanwhile are
// counted; the one that was due counts too unless it was served.
func (t *task) postpone(next time.Time, served bool) (skipped int64) {
	from := t.due
	if !served {
		from = from.Add(-1)
	}
	t.due = next
	return slotsBetween(from, next, t.every)
}

// health is a copy of the meter's state. The driver's mutex is held.
func (m *meter) health(connection string) fieldbus.MeterHealth {
	h := fieldbus.MeterHealth{
		Connection: connection, Meter: m.ID, State: m.state, Since: m.since, LastAnswer: m.lastAnswer, LastError: m.lastError,
		Polls: m.polls, Errors: m.errors, Readings: m.readings, Lost: m.lost, Skipped: m.skipped,
	}
	for _, v := range m.values {
		if trouble, ok := m.troubles[v.Point]; ok {
			h.Points = append(h.Points, trouble)
		}
	}
	return h
}

// trouble notes why a point is not read. The driver's mutex is held.
func (m *meter) trouble(p energy.PointID, reason string, since, retry time.Time) {
	if known, ok := m.troubles[p]; ok && known.Reason == reason {
		since = known.Since
	}
	m.troubles[p] = fieldbus.PointHealth{Point: p, Reason: reason, Since: since, Retry: retry}
}
