package atlas

import (
	"context"
	"slices"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/heatmap"
)

// resting is what an answer about a site rests on: its latest fact, that of the
// municipality (whose registry says what else exists), and the fact up to which its
// days are closed. With the same three, the answer is the same.
type resting struct{ head, town, closed int64 }

// resting finds them out for sites, in two questions.
func (a *Atlas) resting(ctx context.Context, sites []energy.SiteID) (map[energy.SiteID]resting, error) {
	heads, err := a.ledger.Store().Heads(ctx, append(slices.Clone(sites), ledger.Municipality))
	if err != nil {
		return nil, err
	}
	closed, err := a.ledger.Store().Cursors(ctx, sites, store.JobClosing)
	if err != nil {
		return nil, err
	}
	all := make(map[energy.SiteID]resting, len(sites))
	for _, id := range sites {
		all[id] = resting{heads[id], heads[ledger.Municipality], closed[id]}
	}
	return all, nil
}

// question is what an answer is kept under.
type question struct {
	site energy.SiteID
	rest resting
	view string
	Question
}

// asked is the question without what does not change the answer; ok is false where it
// cannot be told from others, and is not kept.
func (s seen) asked(q Question) (key question, ok bool) {
	if q.Upgrade != nil {
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

// decisions are those of a site up to a fact.
type decisions struct {
	head int64
	list []ledger.Decided
}

// memory keeps answers by what they rest on. It is safe for concurrent use.
type memory struct {
	mutex   sync.Mutex
	entries map[question]entry
	decided map[energy.SiteID]decisions
}

// entriesKept is how many answers are kept: a few hundred kB each. With one more the
// memory begins anew.
const entriesKept = 500

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

// decided are the decisions about a site, which change with its facts alone.
func (a *Atlas) decided(ctx context.Context, site energy.SiteID, head int64) ([]ledger.Decided, error) {
	a.memory.mutex.Lock()
	known, ok := a.memory.decided[site]
	a.memory.mutex.Unlock()
	if ok && known.head == head {
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
	a.memory.decided[site] = decisions{head, list}
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
