package atlas

import (
	"context"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/heatmap"
)

// resting is what an answer about a site rests on: how many entries there are (they
// say what exists, was promised and was decided, at every site), and the days of the
// period. With the same two, the answer is the same, whatever came in meanwhile.
type resting struct {
	entries int64
	days    store.DayVersion
}

// rest finds out what answers about sites rest on, in one question however many they
// are. Of what is known of an earlier instant it is nothing: that never changes.
func (a *Atlas) rest(ctx context.Context, known *registry.Registry, entries int64, sites []seen, q Question) error {
	if !q.AsKnownAt.IsZero() || !q.From.Before(q.To) {
		return nil
	}
	var points []energy.PointID
	for _, one := range sites {
		if site, ok := known.Site(one.id); ok {
			points = append(points, HeatPoints(site)...)
		}
	}
	days, err := a.ledger.Store().DayVersions(ctx, points, q.From, q.To)
	for i := range sites {
		sites[i].rest = resting{entries, days[sites[i].id]}
	}
	return err
}

// question is what an answer is kept under.
type question struct {
	site energy.SiteID
	rest resting
	view string
	Question
}

// asked is the question without what does not change the answer; ok is false where it
// cannot be told from others, or the answer may change (what is known at an instant to
// come), and is not kept.
func (s seen) asked(q Question) (key question, ok bool) {
	if q.Upgrade != nil || q.AsKnownAt.After(q.Now) {
		return question{}, false
	}
	q.Now = time.Time{}
	return question{s.id, s.rest, s.view.key(), q}, true
}

// entry is what is kept of a source: its sheet, and its supply by the hour where that
// may be seen.
type entry struct {
	sheet Sheet
	hours heatmap.Series
}

// decisions are those of a site, as of so many entries.
type decisions struct {
	entries int64
	list    []ledger.Decided
}

// memory keeps answers by what they rest on. It is safe for concurrent use.
type memory struct {
	mutex   sync.Mutex
	entries map[question]entry
	decided map[energy.SiteID]decisions
}

// entriesKept is how many answers are kept: up to half a MB each. With one more the
// memory begins anew.
const entriesKept = 300

func (m *memory) find(key question) (entry, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	e, ok := m.entries[key]
	return e, ok
}

func (m *memory) keep(key question, e entry) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.entries == nil || len(m.entries) >= entriesKept {
		m.entries = map[question]entry{}
	}
	m.entries[key] = e
}

// decided are the decisions about a site; they are entries, and change with them alone.
func (a *Atlas) decided(ctx context.Context, site energy.SiteID, entries int64) ([]ledger.Decided, error) {
	a.memory.mutex.Lock()
	known, ok := a.memory.decided[site]
	a.memory.mutex.Unlock()
	if ok && known.entries == entries {
		return known.list, nil
	}
	list, err := a.ledger.Decisions(ctx, site, time.Time{})
	if err != nil {
		return nil, err
	}
	a.memory.mutex.Lock()
	defer a.memory.mutex.Unlock()
	if a.memory.decided == nil {
		a.memory.decided = map[energy.SiteID]decisions{}
	}
	a.memory.decided[site] = decisions{entries, list}
	return list, nil
}

// entry answers about one source, from memory where it is there. Whoever does not
// reach the whole site by the second wall neither finds what others asked nor leaves
// anything for them.
func (a *Atlas) entry(ctx context.Context, s seen, q Question) (entry, error) {
	ctx = s.context(ctx)
	reach, bound := store.AskedBy(ctx)
	key, kept := s.asked(q)
	kept = kept && (!bound || whole(reach, s.id))
	if kept {
		if e, ok := a.memory.find(key); ok {
			return e, nil
		}
	}
	known, err := a.load(ctx, s, q)
	if err != nil {
		return entry{}, err
	}
	d := draw(known, s.view, q)
	e, err := d.entry()
	if err == nil && kept {
		a.memory.keep(key, e)
	}
	return e, err
}
