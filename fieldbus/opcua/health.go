package opcua

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// ledger keeps the health of the meters of one connection. The driver's
// goroutines write to it, anybody may read it.
type ledger struct {
	log    *slog.Logger
	mu     sync.Mutex
	meters []entry
}

// entry is a meter's health and what its state follows from.
type entry struct {
	fieldbus.MeterHealth
	points   int    // how many the meter has
	answered bool   // on the present connection
	failed   bool   // an attempt to connect or a connection went wrong
	broke    string // why, the last time
	notes    map[energy.PointID]note
}

// note is why a point is not read, or not to be relied on.
type note struct {
	fieldbus.PointHealth
	doubtful bool // it is read, but suspect
}

func newLedger(connection string, meters []Meter, now time.Time, log *slog.Logger) *ledger {
	l := &ledger{log: log}
	for _, m := range meters {
		l.meters = append(l.meters, entry{
			MeterHealth: fieldbus.MeterHealth{
				Connection: connection, Meter: string(m.ID), State: fieldbus.Starting, Since: now.UTC(),
			},
			points: len(m.Nodes) + len(m.Points),
			notes:  make(map[energy.PointID]note),
		})
	}
	return l
}

// snapshot is the health of all meters, their points sorted.
func (l *ledger) snapshot() []fieldbus.MeterHealth {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]fieldbus.MeterHealth, len(l.meters))
	for i, m := range l.meters {
		all[i] = m.MeterHealth
		for _, n := range m.notes {
			all[i].Points = append(all[i].Points, n.PointHealth)
		}
		slices.SortFunc(all[i].Points, func(a, b fieldbus.PointHealth) int {
			if a.Point < b.Point {
				return -1
			}
			return 1
		})
	}
	return all
}

// update changes one meter and lets its state follow.
func (l *ledger) update(meter int, now time.Time, change func(m *entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := &l.meters[meter]
	change(m)
	if state := m.state(); state != m.State {
		if state == fieldbus.Healthy {
			m.LastError = ""
			l.log.Info("meter changed its state", "meter", m.Meter, "from", m.State, "to", state)
		} else {
			l.log.Warn("meter changed its state", "meter", m.Meter, "from", m.State, "to", state, "err", m.reason())
		}
		m.State, m.Since = state, now.UTC()
	}
}

// reason is why the meter is not healthy: what went wrong last, or why the first
// of its points is not read or doubtful.
func (m *entry) reason() string {
	if m.LastError != "" {
		return m.LastError
	}
	var first energy.PointID
	for p := range m.notes {
		if first == "" || p < first {
			first = p
		}
	}
	if first == "" {
		return ""
	}
	return string(first) + ": " + m.notes[first].Reason
}

// rests says when the connection is tried again after it was broken, and what a
// person can do meanwhile.
func (l *ledger) rests(until time.Time, remedy string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.meters {
		l.meters[i].NextTry, l.meters[i].Remedy = until.UTC(), remedy
	}
}

// state follows from what is known. A meter all of whose points are out is
// silent: its server answers in its place.
func (m *entry) state() fieldbus.State {
	out := 0
	for _, n := range m.notes {
		if !n.doubtful {
			out++
		}
	}
	switch {
	case !m.answered && m.failed:
		return fieldbus.Silent
	case !m.answered:
		return fieldbus.Starting
	case out > 0 && out == m.points:
		return fieldbus.Silent
	case len(m.notes) > 0:
		return fieldbus.Degraded
	}
	return fieldbus.Healthy
}

// broken says that there is no connection, and why. Every meter behind it has
// one attempt more that gave nothing; its notes stay, they are what was last known.
func (l *ledger) broken(err error, now time.Time) {
	for i := range l.meters {
		l.update(i, now, func(m *entry) {
			m.answered, m.failed = false, true
			m.LastError, m.broke = err.Error(), err.Error()
			m.Polls++
			m.Errors++
		})
	}
}

// answered counts reports of a meter; a heartbeat is an answer without any.
func (l *ledger) answered(meter, reports int, now time.Time) {
	l.update(meter, now, func(m *entry) {
		if !m.answered && m.LastError == m.broke {
			m.LastError = "" // it was the connection's
		}
		m.answered = true
		m.NextTry, m.Remedy = time.Time{}, ""
		m.LastAnswer = now.UTC()
		m.Polls += int64(reports)
	})
}

// trouble notes that a point gives no readings, or doubtful ones. A reason that
// stays the same is logged once and keeps its time; retry is zero for a point
// that is monitored, since the server reports when it changes.
func (l *ledger) trouble(p *point, reason string, doubtful bool, now, retry time.Time) {
	l.update(p.meter, now, func(m *entry) {
		n := m.notes[p.Point]
		if n.Reason != reason {
			n.Since = now.UTC()
			l.log.Warn("point in trouble", "meter", m.Meter, "point", p.Point, "node", p.Node.Node, "reason", reason)
		}
		n.Point, n.Reason, n.Retry, n.doubtful = p.Point, reason, retry.UTC(), doubtful
		m.notes[p.Point] = n
		if !doubtful {
			m.Errors++
			m.LastError = string(p.Point) + ": " + reason
		}
	})
}

// fine takes a point's note away.
func (l *ledger) fine(p *point, now time.Time) {
	l.update(p.meter, now, func(m *entry) {
		if _, noted := m.notes[p.Point]; noted {
			l.log.Info("point is read again", "meter", m.Meter, "point", p.Point)
			delete(m.notes, p.Point)
		}
	})
}

// collected counts readings that are durable.
func (l *ledger) collected(meter, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.meters[meter].Readings += int64(n)
}

// lost counts readings that were made and are not durable, and why. The meter
// is not to blame: its state stays.
func (l *ledger) lost(meter, n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.meters[meter].Lost += int64(n)
	l.meters[meter].LastError = err.Error()
}
