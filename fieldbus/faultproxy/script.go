package faultproxy

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"
)

// Stats are what a proxy has seen and done.
type Stats struct {
	Connections int64 // clients that were taken; of datagrams: addresses
	Answers     int64 // whole frames that came from the server
	Swallowed   int64 // bytes that were taken by Swallow, Truncate and Mute
	// Spoiled counts the answers that were spoiled, and how often a line was
	// made to swallow or to refuse.
	Spoiled map[Kind]int64
}

// Total is how many answers were spoiled in any way.
func (s Stats) Total() (n int64) {
	for kind, count := range s.Spoiled {
		if !kind.ofTheLine() {
			n += count
		}
	}
	return n
}

// script decides which answer is spoiled and how, and counts it.
type script struct {
	wire Protocol
	note func(Event)

	mu     sync.Mutex
	random *rand.Rand
	rules  []*rule
	stats  Stats
}

// rule is a spoil that holds, and how many answers it may still spoil.
type rule struct {
	Spoil
	left int // below 0: no limit
}

// compile checks spoils and makes rules of them.
func (s *script) compile(spoils []Spoil, network string) ([]*rule, error) {
	rules := make([]*rule, len(spoils))
	for i, spoil := range spoils {
		if err := spoil.check(s.wire, network); err != nil {
			return nil, err
		}
		rules[i] = &rule{spoil, spoil.Times}
		if spoil.Times == 0 {
			rules[i].left = -1
		}
	}
	return rules, oneOfTheLine(rules)
}

// oneOfTheLine errs if the line is to be spoiled in two ways.
func oneOfTheLine(rules []*rule) error {
	var first Kind
	for _, r := range rules {
		switch {
		case !r.Do.ofTheLine():
		case first != "":
			return fmt.Errorf("spoil the line: it can either %s or %s", first, r.Do)
		default:
			first = r.Do
		}
	}
	return nil
}

func newScript(o Options) *script {
	return &script{
		wire: o.Protocol, note: o.Note,
		random: rand.New(rand.NewPCG(o.Seed, 0x5eed)), stats: Stats{Spoiled: map[Kind]int64{}},
	}
}

// set replaces the rules.
func (s *script) set(rules []*rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = rules
}

// next is what is to be done to the answer that has come; the zero Spoil is to
// pass it on. What is no whole frame is neither spoiled nor counted.
func (s *script) next(frame []byte, whole bool) Spoil {
	spoil, unit := s.choose(frame, whole)
	if spoil.Do != "" && s.note != nil {
		s.note(Event{At: time.Now().UTC(), Do: spoil.Do, Unit: unit})
	}
	return spoil
}

func (s *script) choose(frame []byte, whole bool) (Spoil, uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !whole {
		return Spoil{}, 0
	}
	s.stats.Answers++
	unit := s.wire.unit(frame)
	for _, r := range s.rules {
		switch {
		case r.Do.ofTheLine() || r.left == 0 || r.Unit != 0 && r.Unit != unit:
			continue
		case r.Share > 0 && s.random.Float64() >= r.Share:
			continue
		}
		if r.left > 0 {
			r.left--
		}
		s.stats.Spoiled[r.Do]++
		return r.Spoil, unit
	}
	return Spoil{}, unit
}

// noise is what stands before an answer that has [Garbage] before it. It begins
// no frame of any protocol.
func (s *script) noise() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := make([]byte, 7)
	for i := range b {
		b[i] = byte(0x41 + s.random.IntN(26))
	}
	return b
}

// done counts what concerns the line.
func (s *script) done(k Kind) {
	s.mu.Lock()
	s.stats.Spoiled[k]++
	s.mu.Unlock()
	if s.note != nil {
		s.note(Event{At: time.Now().UTC(), Do: k})
	}
}

func (s *script) connected() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Connections++
}

func (s *script) swallowed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Swallowed += int64(n)
}

func (s *script) counts() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.stats
	copied.Spoiled = maps.Clone(s.stats.Spoiled)
	return copied
}
