package web

import (
	"context"
	"sync"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

// knowledge is what figures and judgements of a site depend on: everything
// known of the site and of the municipality, and what is asked.
type knowledge struct {
	site     energy.SiteID
	asked    string // a period, or the day of a judgement
	closed   int64  // facts of the site in its days and balances
	townHead int64  // facts of the municipality
}

// known says what is known of a site now.
func (s *Server) known(ctx context.Context, site energy.SiteID, asked string) (knowledge, error) {
	k := knowledge{site: site, asked: asked}
	var err error
	if k.closed, err = s.options.Store.Cursor(ctx, site, store.JobClosing); err != nil {
		return k, err
	}
	town, err := s.options.Store.Head(ctx, ledger.Municipality)
	k.townHead = town.Seq
	return k, err
}

// kept is how many answers a memory holds, of about a kilobyte each.
const kept = 500

// memory keeps the answers computed last. It may be used by many goroutines.
type memory[V any] struct {
	mutex   sync.Mutex
	answers map[knowledge]V
	order   []knowledge // oldest first
}

func newMemory[V any]() *memory[V] { return &memory[V]{answers: map[knowledge]V{}} }

func (m *memory[V]) lookUp(k knowledge) (V, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	answer, ok := m.answers[k]
	return answer, ok
}

// keep remembers an answer; the oldest makes room.
func (m *memory[V]) keep(k knowledge, answer V) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, ok := m.answers[k]; ok {
		return
	}
	m.answers[k], m.order = answer, append(m.order, k)
	if len(m.order) > kept {
		delete(m.answers, m.order[0])
		m.order = m.order[1:]
	}
}
