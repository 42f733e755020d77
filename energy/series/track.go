package series

import (
	"slices"
	"sort"
	"time"

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
	for _, r := range readings {
		v, why, ok := t.rules.amount(r)
		at := r.At.UnixMicro()
		if ok && len(nodes) > 0 && at <= nodes[len(nodes)-1].at {
			why, ok = NoteDouble, false
		}
		if !ok {
			t.leftOut(why, r, v)
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

// Day cuts p, the local day date, into quarter-hours.
func (t *Track) Day(date energy.Date, p energy.Period) Day {
	n := int((p.Length() + energy.QuarterHour - 1) / energy.QuarterHour)
	day := Day{
		Date: date, Period: p,
		Values: make([]energy.Amount, n), Quality: make([]energy.Quality, n), Covered: make([]int16, n),
	}
	from, to := p.From.UnixMicro(), p.To.UnixMicro()
	rest := t.pieces[sort.Search(len(t.pieces), func(i int) bool { return t.pieces[i].to > from }):]
	for q := range n {
		start := from + int64(q)*energy.QuarterHour.Microseconds()
		end := min(start+energy.QuarterHour.Microseconds(), to)
		if t.rules.levels() {
			rest = day.level(q, rest, start, end)
		} else {
			rest = day.amount(q, rest, start, end)
		}
	}
	day.sumUp()
	return day
}

// amount fills quarter-hour q, [start, end), from the pieces that reach into it
// and gives back those that reach beyond.
func (d *Day) amount(q int, pieces []piece, start, end int64) []piece {
	for len(pieces) > 0 && pieces[0].from < end {
		p := pieces[0]
		from, to := max(p.from, start), min(p.to, end)
		part := energy.Amount(p.at(to) - p.at(from))
		d.Values[q] += part
		d.Quality[q] = Worse(d.Quality[q], p.shown())
		if p.covers() {
			d.Covered[q] += int16(wholeSeconds(from, to))
		}
		cut := p.spread && (p.from < d.Period.From.UnixMicro() || p.to > d.Period.To.UnixMicro())
		if cut || !known(p.quality) {
			d.Substitute += part
		}
		d.Total += part
		if p.to > end {
			break
		}
		pieces = pieces[1:]
	}
	return pieces
}

// level is amount for levels: the time mean of what is known.
func (d *Day) level(q int, pieces []piece, start, end int64) []piece {
	var doubled integral // twice the integral over time
	var length int64
	for len(pieces) > 0 && pieces[0].from < end {
		p := pieces[0]
		from, to := max(p.from, start), min(p.to, end)
		doubled.add(p.at(from)+p.at(to), to-from)
		length += to - from
		d.Quality[q] = Worse(d.Quality[q], p.shown())
		if p.covers() {
			d.Covered[q] += int16(wholeSeconds(from, to))
		}
		if p.to > end {
			break
		}
		pieces = pieces[1:]
	}
	if length > 0 {
		d.Values[q] = energy.Amount(doubled.over(2 * length))
		d.Weighted += int64(d.Values[q]) * int64(d.Covered[q])
	}
	return pieces
}

// shown is the quality of a quarter-hour made of the piece.
func (p piece) shown() energy.Quality {
	if p.spread {
		return Worse(energy.Distributed, p.quality)
	}
	return p.quality
}

func (d *Day) sumUp() {
	first := true
	for q, v := range d.Values {
		d.CoveredS += int(d.Covered[q])
		if d.Quality[q] == energy.Missing {
			continue
		}
		if first || v < d.Lo {
			d.Lo = v
		}
		if first || v > d.Hi {
			d.Hi = v
		}
		first = false
	}
}

// layIntervals lays out amounts or means of intervals. An interval may not
// reach into the next: up to a tenth of its length it is taken to end where the
// next begins; beyond, it is left out and noted, so that of a month and the
// quarter-hours within it the quarter-hours count.
func (t *Track) layIntervals(readings []energy.Reading) {
	nodes := t.nodes(readings)
	for i, n := range nodes {
		end := n.at + n.length
		if i+1 < len(nodes) && end > nodes[i+1].at {
			if end-nodes[i+1].at > n.length/10 {
				t.step(NoteOverlap, n, nodes[i+1])
				continue
			}
			end = nodes[i+1].at
		}
		p := piece{from: n.at, to: end, last: n.v, quality: n.quality, spread: n.length > t.rules.maxGap()}
		if t.rules.Kind == energy.Mean {
			p.first = n.v
		}
		t.pieces = append(t.pieces, p)
	}
}

// layInstants joins neighbouring levels by straight lines where they are no
// further apart than MaxGap. A lone level says nothing about time.
func (t *Track) layInstants(readings []energy.Reading) {
	nodes := t.nodes(readings)
	for i := 1; i < len(nodes); i++ {
		a, b := nodes[i-1], nodes[i]
		if b.at-a.at <= t.rules.maxGap() {
			t.pieces = append(t.pieces, piece{from: a.at, to: b.at, first: a.v, last: b.v, quality: Worse(a.quality, b.quality)})
		}
	}
}

// hour is the least time in which a counter may use up its MaxRate: one step of
// a coarse register is no jump.
const hour = int64(time.Hour / time.Microsecond)
