package signin

import (
	"sync"
	"time"
)

// pendingMost bounds what strangers can begin and never end.
const pendingMost = 10_000

// pending keeps what was begun and waits for its end, each thing for a while, in
// memory: who was in the midst of it when the process ends begins again.
type pending[T any] struct {
	mutex sync.Mutex
	keep  time.Duration
	kept  map[string]dated[T]
}

type dated[T any] struct {
	value T
	until time.Time
}

func newPending[T any](keep time.Duration) *pending[T] {
	return &pending[T]{keep: keep, kept: map[string]dated[T]{}}
}

// put keeps a value; when there are too many, those that wait are forgotten.
func (p *pending[T]) put(now time.Time, key string, value T) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for old, d := range p.kept {
		if len(p.kept) < pendingMost && now.Before(d.until) {
			continue
		}
		delete(p.kept, old)
	}
	p.kept[key] = dated[T]{value, now.Add(p.keep)}
}

// look gives a value and keeps it.
func (p *pending[T]) look(now time.Time, key string) (value T, ok bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	d, ok := p.kept[key]
	return d.value, ok && now.Before(d.until)
}

// take gives a value once.
func (p *pending[T]) take(now time.Time, key string) (value T, ok bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	d, ok := p.kept[key]
	delete(p.kept, key)
	return d.value, ok && now.Before(d.until)
}
