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

// newMemory knows nothing yet.
func newMemory() memory {
	return memory{refused: map[int]*refusal{}, borders: map[span]time.Time{}, doubts: map[int]int{}, misses: map[int]int{}}
}

// trials is how many quarantined fields one poll tries again.
const trials = 8

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
	return usual, retried[:min(len(retried), trials)]
}

// avoid is what no request may be joined across: quarantined fields and borders.
func (m *memory) avoid(fields []field, now time.Time) []span {
	var spans []span
	for i := range m.refused {
		spans = append(spans, span{fields[i].table, fields[i].address, fields[i].end()})
	}
	for s, learned := range m.borders {
		if now.Sub(learned) > borderLife {
			delete(m.borders, s)
			continue
		}
		spans = append(spans, s)
	}
	return spans
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
	return !known
}

// accept notes that the fields were read.
func (m *memory) accept(fields []int) {
	for _, i := range fields {
		delete(m.refused, i)
		delete(m.doubts, i)
		delete(m.misses, i)
	}
}

// missed notes that a request was not answered, though others of the same poll
// were or not. It tells whether patience with these fields is at an end.
func (m *memory) missed(fields []int, others bool) (enough bool) {
	for _, i := range fields {
		m.doubts[i]++
		if others {
			m.misses[i]++
		}
		enough = enough || m.misses[i] >= patience || others && m.refused[i] != nil
	}
	return enough
}
