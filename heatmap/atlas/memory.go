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
	return question{s.id, s.rest, s.view.key(q.To), q}, true
}

// entry is what is answered about a source: its sheet, and its supply by the hour where
// that may be seen.
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
	sheets  generations[Sheet]
	hours   generations[heatmap.Series]
	decided map[energy.SiteID]decisions
}

// How many answers a generation has: a sheet takes up to a quarter of a MB, a year of
// hours a little more. A town has 200 sources.
const (
	sheetsKept = 250
	hoursKept  = 50
)

func (m *memory) find(key question) (e entry, ok bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	e.sheet, ok = m.sheets.find(key, sheetsKept)
	return e, ok
}

// findHours is find with the hours.
func (m *memory) findHours(key question) (e entry, ok bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if e.hours, ok = m.hours.find(key, hoursKept); ok {
		e.sheet, ok = m.sheets.find(key, sheetsKept)
	}
	return e, ok
}

func (m *memory) keep(key question, e entry) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.sheets.keep(key, e.sheet, sheetsKept)
	m.hours.keep(key, e.hours, hoursKept)
}

// generations keep what was kept or found last: with so many in the young generation it
// becomes the old one, and what was in the old one and not looked for since is forgotten.
type generations[V any] struct{ young, old map[question]V }

func (g *generations[V]) find(key question, most int) (v V, ok bool) {
	if v, ok = g.young[key]; ok {
		return v, true
	}
	if v, ok = g.old[key]; ok {
		g.keep(key, v, most)
	}
	return v, ok
}

func (g *generations[V]) keep(key question, v V, most int) {
	if g.young == nil || len(g.young) >= most {
		g.old, g.young = g.young, map[question]V{}
	}
	g.young[key] = v
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

// entry answers about one source, its hours aside, from memory where it is there.
func (a *Atlas) entry(ctx context.Context, s seen, q Question) (entry, error) {
	return a.recall(ctx, s, q, a.memory.find)
}

// hourly is entry with the hours.
func (a *Atlas) hourly(ctx context.Context, s seen, q Question) (entry, error) {
	return a.recall(ctx, s, q, a.memory.findHours)
}

// recall answers from memory, or anew. Whoever does not reach the whole site by the
// second wall neither finds what others asked nor leaves anything for them.
func (a *Atlas) recall(ctx context.Context, s seen, q Question, find func(question) (entry, bool)) (entry, error) {
	ctx = s.context(ctx)
	reach, bound := store.AskedBy(ctx)
	key, kept := s.asked(q)
	kept = kept && (!bound || whole(reach, s.id))
	if kept {
		if e, ok := find(key); ok {
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
