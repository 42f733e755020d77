package modbus

import (
	"cmp"
	"slices"
	"time"
)

// memory is what a meter taught us about its registers. Nothing in it is for
// ever: what was refused is tried again, and borders are forgotten.
type memory struct {
	refused map[int]*refusal
	// borders are places across which a block was refused though both of its
	// parts were read, and when that was.
	borders map[span]time.Time
	// doubts counts for each field how often in a row its request was not
	// answered, misses how often others were meanwhile.
	doubts, misses map[int]int

	learns bool // whether holes may be tried: the map does not say what they bear
	holes  holes
	trials int       // in a row that brought no answer
	trial  time.Time // none before

	// version changes with everything by which plans are made.
	version uint64
}

// refusal is a field in quarantine.
type refusal struct {
	reason string
	since  time.Time
	retry  time.Time // when it is asked for again, alone
	times  int
}

// Error is the reason.
func (r *refusal) Error() string { return r.reason }

// again spaces out attempts to read what was refused.
func again() backoff { return backoff{first: time.Minute, most: time.Hour} }

// anew spaces out attempts to read what was not answered: it may have been the
// line.
func anew() backoff { return backoff{first: 15 * time.Second, most: time.Hour} }

const (
	// borderLife is how long a border is believed: a unit that was busy once
	// must not cost a request for ever.
	borderLife = 24 * time.Hour
	// patience is how many times in a row a request may go unanswered, while
	// others are answered, before its registers count as refused: some units
	// are silent where they should refuse.
	patience = 5
)

// newMemory knows nothing yet of a meter with these fields.
func newMemory(fields []field, learns bool) memory {
	m := memory{refused: map[int]*refusal{}, borders: map[span]time.Time{}, doubts: map[int]int{}, misses: map[int]int{}, learns: learns}
	if learns {
		m.holes = holesBetween(fields)
	}
	return m
}

// anew is a memory of the same meter that knows nothing any more.
func (m *memory) anew(fields []field) memory {
	fresh := newMemory(fields, m.learns)
	fresh.version = m.version + 1
	return fresh
}

// retries is how many quarantined fields one poll tries again.
const retries = 8

// readable parts the wanted fields into those to be read as usual and those in
// quarantine whose time to be tried has come, the longest waiting first.
func (m *memory) readable(wanted []int, now time.Time) (usual, retried []int) {
	for _, i := range wanted {
		switch r := m.refused[i]; {
		case r == nil:
			usual = append(usual, i)
		case !now.Before(r.retry):
			retried = append(retried, i)
		}
	}
	slices.SortStableFunc(retried, func(i, j int) int { return m.refused[i].retry.Compare(m.refused[j].retry) })
	return usual, retried[:min(len(retried), retries)]
}

// terms are what plans have to keep to.
func (m *memory) terms(fields []field, l limits, now time.Time) terms {
	t := terms{limits: l}
	for i := range m.refused {
		t.refused = append(t.refused, span{fields[i].table, fields[i].address, fields[i].end()})
	}
	for s, learned := range m.borders {
		if now.Sub(learned) > borderLife {
			delete(m.borders, s)
			continue
		}
		t.borders = append(t.borders, s)
	}
	if m.learns {
		t.bears = m.holes.known
	}
	return t
}

// expires is when plans must be made anew though nothing was learned: something
// is to be tried again, or forgotten. It is zero when nothing is.
func (m *memory) expires(now time.Time) (until time.Time) {
	sooner := func(at time.Time) {
		if until.IsZero() || at.Before(until) {
			until = at
		}
	}
	for _, r := range m.refused {
		sooner(r.retry)
	}
	for _, learned := range m.borders {
		sooner(learned.Add(borderLife))
	}
	for _, o := range m.holes {
		if o.verdict == barred && o.retry.After(now) {
			sooner(o.retry)
		}
	}
	return until
}

// border notes that a block was refused across s though both parts were read.
func (m *memory) border(s span, now time.Time) {
	m.borders[s] = now
	m.version++
}

// doubtful sorts requests so that those that went unanswered lately come last:
// they must not hold up the others.
func (m *memory) doubtful(requests []request) {
	worst := func(q request) int {
		n := 0
		for _, i := range q.fields {
			n = max(n, m.doubts[i])
		}
		return n
	}
	slices.SortStableFunc(requests, func(a, b request) int { return cmp.Compare(worst(a), worst(b)) })
}

// refuse puts a field in quarantine, or leaves it there for longer, by the
// given spacing of attempts. It tells whether it is new there.
func (m *memory) refuse(i int, reason string, now time.Time, spacing backoff) (isNew bool) {
	r, known := m.refused[i]
	if !known {
		r = &refusal{since: now}
		m.refused[i] = r
	}
	r.times++
	r.reason, r.retry = reason, now.Add(spacing.after(r.times))
	delete(m.misses, i)
	m.version++
	return !known
}

// learn notes what became of the trial of a hole.
func (m *memory) learn(o *hole, v verdict, reason string, now, retry time.Time) {
	o.settle(v, reason, now, retry)
	m.version++
}

// hush puts off the next trial, ever longer.
func (m *memory) hush(now time.Time) {
	m.trials++
	m.trial = now.Add(hush().after(m.trials))
}

// accept notes that the fields were read.
func (m *memory) accept(fields []int) {
	if len(m.refused)+len(m.doubts) == 0 {
		return // as always when a meter is well
	}
	for _, i := range fields {
		if m.refused[i] != nil || m.doubts[i] > 0 {
			m.version++
		}
		delete(m.refused, i)
		delete(m.doubts, i)
		delete(m.misses, i)
	}
}

// missed notes that a request was not answered, though others of the same poll
// were or not. It tells whether patience with these fields is at an end.
func (m *memory) missed(fields []int, others bool) (enough bool) {
	m.version++
	for _, i := range fields {
		m.doubts[i]++
		if others {
			m.misses[i]++
		}
		enough = enough || m.misses[i] >= patience || others && m.refused[i] != nil
	}
	return enough
}
