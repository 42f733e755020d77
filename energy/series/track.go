package series

import (
	"slices"

	"heatledger/energy"
)

// Track is what the readings of one point say about every instant: stretches
// of time in order, without overlap; between them nothing is known.
type Track struct {
	rules  Rules
	pieces []piece
	notes  []Note
	joined bool // the last note is of the reading before
}

// NewTrack lays out readings, visible and ascending, in the canonical unit.
func NewTrack(readings []energy.Reading, rules Rules) *Track {
	t := &Track{rules: rules, pieces: make([]piece, 0, len(readings))}
	switch rules.Kind {
	case energy.Counter:
		t.layCounter(readings)
	case energy.Interval, energy.Mean:
		t.layIntervals(readings)
	case energy.Instant:
		t.layInstants(readings)
	}
	return t
}

// Notes are the things a person should know, by time within each rule.
func (t *Track) Notes() []Note { return slices.Clone(t.notes) }

// Spans are the amounts without a profile, by time. Levels have none.
func (t *Track) Spans() []Span {
	if t.rules.levels() {
		return nil
	}
	cause := CauseGap
	if t.rules.Kind == energy.Interval {
		cause = CauseInterval
	}
	var spans []Span
	for _, p := range t.pieces {
		if p.spread {
			spans = append(spans, Span{
				Period: energy.Period{From: instant(p.from), To: instant(p.to)},
				Amount: energy.Amount(p.last - p.first), Cause: cause, Quality: p.quality,
			})
		}
	}
	return spans
}

// nodes are the usable readings, strictly ascending; the others are noted.
func (t *Track) nodes(readings []energy.Reading) []node {
	nodes := make([]node, 0, len(readings))
	digits := t.rules.Quantity.Digits()
	for i := range readings { // by index: this is asked of every reading of every year
		r := &readings[i]
		v, why, ok := t.rules.amount(r, digits)
		at := r.At.UnixMicro()
		if ok && len(nodes) > 0 && at <= nodes[len(nodes)-1].at {
			why, ok = NoteDouble, false
		}
		if !ok {
			t.leftOut(why, *r, v)
			continue
		}
		t.joined = false
		nodes = append(nodes, node{at: at, v: v, length: r.Length.Microseconds(), quality: r.Quality})
	}
	t.joined = false
	return nodes
}

// node is a usable reading in integers, or a stand that an exchange states.
type node struct {
	at, length int64 // µs
	v          int64 // fixed unit of the quantity
	quality    energy.Quality
	stated     bool
}
