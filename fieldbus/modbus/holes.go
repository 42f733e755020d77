package modbus

import (
	"cmp"
	"slices"
	"time"
)

// A hole is a range of addresses between the registers of a meter that nobody
// asked for. Where the map does not say whether holes may be read along, that is
// learned: after a good poll one hole is tried, together with the values on both
// of its sides, as a request of its own whose answer is thrown away. A hole that
// is answered joins its neighbours from then on. Nothing is tried that would save
// no request, so that learning ends, and ends at the fewest requests that the
// meter's limits and its own holes allow.
type hole struct {
	span
	left, right int // the fields on both sides
	verdict     verdict
	reason      string // why it is refused
	since       time.Time
	retry       time.Time // when a refused one is tried again
	tries       int       // without a verdict
}

// verdict is what a meter said of a hole.
type verdict int8

const (
	untried verdict = iota
	readable
	barred
)

const (
	// barredFor is how long a hole that was refused is left alone.
	barredFor = 24 * time.Hour
	// mutedFor is how long a hole is left alone that had no answer: trying it
	// cost the line a timeout.
	mutedFor = 7 * 24 * time.Hour
	// undecided is how many times a trial may end without a verdict.
	undecided = 3
)

// hush spaces out trials of a unit that does not answer them, or is busy.
func hush() backoff { return backoff{first: time.Minute, most: 6 * time.Hour} }

// holes are the ranges between fields, by table and address.
type holes []hole

// holesBetween finds the holes of a meter: its fields need not be in order, and
// may overlap.
func holesBetween(fields []field) holes {
	order := make([]int, len(fields))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := fields[i], fields[j]
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.address, b.address), cmp.Compare(b.words, a.words))
	})
	var found holes
	last := -1 // the field that ends last so far
	for _, i := range order {
		f := fields[i]
		if last < 0 || fields[last].table != f.table {
			last = i
			continue
		}
		if end := fields[last].end(); end < f.address {
			found = append(found, hole{span: span{f.table, end, f.address}, left: last, right: i})
		}
		if f.end() > fields[last].end() {
			last = i
		}
	}
	return found
}

// within are the holes that lie in s; each lies in it wholly or not at all when
// s begins and ends at fields.
func (h holes) within(s span) holes {
	from, _ := slices.BinarySearchFunc(h, s, func(o hole, s span) int {
		return cmp.Or(cmp.Compare(o.table, s.table), cmp.Compare(o.from, s.from))
	})
	to := from
	for to < len(h) && h[to].overlaps(s.table, s.from, s.to) {
		to++
	}
	return h[from:to]
}

// known tells whether all of s may be read along: it consists of other values
// of the meter and of holes that were answered.
func (h holes) known(s span) bool {
	return !slices.ContainsFunc(h.within(s), func(o hole) bool { return o.verdict != readable })
}

// hoped tells whether s might be read along as far as is known at that time.
func (h holes) hoped(now time.Time) func(span) bool {
	return func(s span) bool {
		return !slices.ContainsFunc(h.within(s), func(o hole) bool { return o.verdict == barred && now.Before(o.retry) })
	}
}

// next is the hole to be tried: the first that a plan reads along in hope. It is
// nil when the plan needs none.
func (h holes) next(hopeful []request, fields []field, now time.Time) *hole {
	for _, q := range hopeful {
		asked := slices.Clone(q.fields)
		slices.SortFunc(asked, func(i, j int) int { return cmp.Compare(fields[i].address, fields[j].address) })
		end := q.end()
		if len(asked) > 0 {
			end = fields[asked[0]].address
		}
		for _, i := range asked {
			f := fields[i]
			in := h.within(span{q.table, end, f.address})
			for k := range in {
				if in[k].verdict == untried || in[k].verdict == barred && !now.Before(in[k].retry) {
					return &in[k]
				}
			}
			end = max(end, f.end())
		}
	}
	return nil
}

// trial is the request that tries a hole: with the values on both of its sides,
// because a meter may refuse a request that begins or ends inside a value.
func (o hole) trial(l limits, fields []field) request {
	return l.enclose(fields, []int{o.left, o.right})
}

// settle notes what became of a trial.
func (o *hole) settle(v verdict, reason string, now, retry time.Time) {
	if o.verdict != v || o.since.IsZero() {
		o.since = now
	}
	o.verdict, o.reason, o.retry, o.tries = v, reason, retry, 0
}
