package modbus

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// meter is a configured meter with what is known of it. One socket at a time
// has to do with it; what Health shows is guarded by the driver's mutex.
type meter struct {
	Meter
	limits limits
	points []energy.PointID // in the order of the configuration
	values []value          // where each point's value comes from; shared by meters alike
	needs  map[int]*needs   // by point; without one it explains itself
	fields []field          // what is read, each once, where it is on the wire; shared while it is not moved
	memory memory
	block  block // if the addresses are relative
	tasks  []*task

	// What the fields held in this poll, each at its place in words, and when it
	// was read: the number of an instant in the poll, from 1; 0: not asked.
	words  []uint16
	places []int
	asked  []uint16

	silent int       // attempts in a row without any answer
	retry  time.Time // not asked before

	// Guarded by the driver's mutex:
	state      fieldbus.State
	since      time.Time
	lastAnswer time.Time
	lastError  string
	nextTry    time.Time // of a silent meter; zero: it is not one
	polls      int64
	errors     int64
	readings   int64
	lost       int64
	skipped    int64
	troubles   map[energy.PointID]fieldbus.PointHealth
	requests   int // of a poll of everything
	least      int // of those, if every hole that was not tried could be read along
	learned    []fieldbus.HoleHealth
}

// value is the register that a point is read from, and where its words are.
type value struct {
	register *registermap.Decoder
	field    int
}

// needs are the companions without which a register means nothing.
type needs struct {
	fields []int
	// What it was resolved to when they last held these words.
	seen     []uint16
	resolved *registermap.Decoder
}

// newMeter lays out what is read from a meter; most is the connection's limit.
func newMeter(c Meter, most int, known *catalogue, now time.Time) *meter {
	m := &meter{Meter: c, limits: limitsOf(c.Limits, most), state: fieldbus.Starting, since: now, troubles: map[energy.PointID]fieldbus.PointHealth{}}
	m.points = make([]energy.PointID, len(c.Registers))
	m.values, m.fields = make([]value, len(c.Registers)), make([]field, 0, len(c.Registers))
	for n := range c.Registers {
		r := &c.Registers[n]
		m.points[n] = r.Point
		m.values[n] = value{known.register(&r.Register), m.field(field{r.Table, int(r.Address), r.Words()})}
		for _, o := range r.Companions() {
			if m.needs == nil {
				m.needs = map[int]*needs{}
			}
			if m.needs[n] == nil {
				m.needs[n] = &needs{}
			}
			m.needs[n].fields = append(m.needs[n].fields, m.field(field{r.Table, int(o.Address), o.Words}))
		}
	}
	if c.Locate != nil {
		m.block = newBlock(m)
	}
	m.places = make([]int, len(m.fields)+1)
	for i, f := range m.fields {
		m.places[i+1] = m.places[i] + f.words
	}
	m.words, m.asked = make([]uint16, m.places[len(m.fields)]), make([]uint16, len(m.fields))
	m.memory = newMemory(m.fields, !c.Limits.GapStated)
	m.tasks = m.group()
	m.Registers = nil // the catalogue has them
	known.share(m)
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

// held is what field i held when it was last read.
func (m *meter) held(i int) []uint16 { return m.words[m.places[i]:m.places[i+1]] }

// group makes a task of the values that share an interval: the one configured,
// or that in which the meter renews the value where that is longer. Companions
// are read as often as each value that needs them, so that both come from one
// poll.
func (m *meter) group() []*task {
	var tasks []*task
	for n, v := range m.values {
		r := &m.Registers[n]
		every := r.Every
		if every <= 0 {
			every = m.Every
		}
		every = max(every, r.Refresh)
		i := slices.IndexFunc(tasks, func(t *task) bool { return t.every == every })
		if i < 0 {
			i = len(tasks)
			tasks = append(tasks, &task{meter: m, every: every, values: make([]int, 0, len(m.values)), fields: make([]int, 0, len(m.fields))})
		}
		t := tasks[i]
		t.values = append(t.values, n)
		t.fields = append(t.fields, v.field)
		if needs := m.needs[n]; needs != nil {
			t.fields = append(t.fields, needs.fields...)
		}
	}
	for _, t := range tasks {
		t.fields = append(t.fields, m.block.mark...)
		slices.Sort(t.fields)
		t.fields = slices.Compact(t.fields)
	}
	return tasks
}

// health is a copy of the meter's state. The driver's mutex is held.
func (m *meter) health(connection string) fieldbus.MeterHealth {
	h := fieldbus.MeterHealth{
		Connection: connection, Meter: m.ID, State: m.state, Since: m.since, LastAnswer: m.lastAnswer, LastError: m.lastError, NextTry: m.nextTry.UTC(),
		Polls: m.polls, Errors: m.errors, Readings: m.readings, Lost: m.lost, Skipped: m.skipped,
		Requests: m.requests, LeastRequests: m.least, Holes: m.learned,
	}
	if m.Connection != "" {
		h.Connection = m.Connection
	}
	for _, p := range m.points {
		if trouble, ok := m.troubles[p]; ok {
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
	m.troubles[p] = fieldbus.PointHealth{Point: p, Reason: reason, Since: since.UTC(), Retry: retry.UTC()}
}
