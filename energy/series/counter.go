package series

import (
	"math/bits"
	"slices"
	"time"

	"heatledger/energy"
)

const (
	// wrapShare: a fall is a wrap only if it advances by at most an eighth of
	// the modulus. A reset taken for a wrap would invent energy; a wrap taken
	// for a fall is an open case.
	wrapShare = 8
	// longestExcursion is how many readings below a fall are looked back on
	// when the counter returns to its old stand at once.
	longestExcursion = 2
	// hour is the least time in which a counter may use up its MaxRate: one
	// step of a coarse register is no jump. In µs.
	hour = int64(time.Hour / time.Microsecond)
)

// layCounter lays out the stands of a register. Exchanges part it into
// registers of their own; what they state about the old and the new one are
// stands like readings, only never glitches.
func (t *Track) layCounter(readings []energy.Reading) {
	nodes := t.nodes(readings)
	exchanges := slices.Clone(t.rules.Exchanges)
	slices.SortStableFunc(exchanges, func(a, b Exchange) int { return a.At.Compare(b.At) })
	factor := Ratio{}
	var start []node
	for _, e := range exchanges {
		if e.FactorOld != (Ratio{}) {
			factor = e.FactorOld
		}
		at := e.At.UnixMicro()
		n, _ := slices.BinarySearchFunc(nodes, at, func(n node, at int64) int {
			if n.at < at {
				return -1
			}
			return 1
		})
		register := follow(start, nodes[:n:n])
		if e.HasFinal {
			register = append(register, node{at: at, v: int64(e.Final), quality: energy.Measured, stated: true})
		}
		t.layRegister(register, factor)
		t.noteExchange(e)
		nodes, start, factor = nodes[n:], nil, e.FactorNew
		if e.HasStart || e.Reset {
			start = []node{{at: at, v: int64(e.Start), quality: energy.Measured, stated: true}}
		}
	}
	t.layRegister(follow(start, nodes), factor)
}

// follow is start and nodes after it; without a start it copies nothing.
func follow(start, nodes []node) []node {
	if len(start) == 0 {
		return nodes
	}
	return append(start, nodes...)
}

func (t *Track) noteExchange(e Exchange) {
	code := NoteExchange
	if e.Reset {
		code = NoteReset
	}
	t.notes = append(t.notes, Note{Code: code, From: e.At, To: e.At, Before: e.Final, After: e.Start})
}

// layRegister lays out the stands of one register, whose amounts count times factor.
func (t *Track) layRegister(nodes []node, factor Ratio) {
	modulus := int64(t.rules.Modulus)
	if !factor.one() {
		nodes, modulus = t.multiply(nodes, factor)
	}
	nodes = t.withoutGlitches(nodes)
	fall := -1 // position of the last stand before an open fall
	for i := 1; i < len(nodes); i++ {
		a, b := nodes[i-1], nodes[i]
		amount, code := b.v-a.v, Code("")
		if amount < 0 && wraps(a.v, b.v, modulus) {
			amount += modulus
			t.step(NoteWrap, a, b)
		}
		switch {
		case amount < 0:
			code, fall = NoteFall, i-1
		case fall >= 0 && returns(nodes, fall, i):
			code = NoteReturn
		case amount > t.mostIn(b.at-a.at):
			code = NoteJump
		}
		switch {
		case code != "":
			t.step(code, a, b)
		case a.at == b.at:
			t.carry(amount, a, b)
		default:
			t.layStep(a, b, amount)
		}
	}
}

// layStep lays out the amount between two stands: interpolated, or a span when
// they are further apart than MaxGap.
func (t *Track) layStep(a, b node, amount int64) {
	p := piece{from: a.at, to: b.at, first: a.v, last: a.v + amount, quality: Worse(a.quality, b.quality)}
	if !t.rules.joins(b.at - a.at) {
		p.spread, p.quality = true, Worse(p.quality, energy.Distributed)
	}
	t.pieces = append(t.pieces, p)
}

// carry puts what was counted between the start of a new register and its
// first reading at the same instant into the time before.
func (t *Track) carry(amount int64, a, b node) {
	if amount == 0 {
		return
	}
	if n := len(t.pieces) - 1; n >= 0 && t.pieces[n].to == a.at {
		t.pieces[n].last += amount
		return
	}
	t.step(NoteLost, a, b)
}

// multiply applies a factor to stands and modulus; stands beyond every range are left out.
func (t *Track) multiply(nodes []node, factor Ratio) (multiplied []node, modulus int64) {
	for _, n := range nodes {
		v, ok := scaled(n.v, factor)
		if !ok {
			t.step(NoteRange, n, n)
			continue
		}
		n.v = v
		multiplied = append(multiplied, n)
	}
	modulus, _ = scaled(int64(t.rules.Modulus), factor)
	return multiplied, modulus
}

// withoutGlitches leaves out single numbers that returned. Whether one is a
// glitch depends on two neighbours on either side alone (see Context).
func (t *Track) withoutGlitches(nodes []node) []node {
	var kept []node
	for i, n := range nodes {
		if !isGlitch(nodes, i) {
			if kept != nil {
				kept = append(kept, n)
			}
			continue
		}
		if kept == nil {
			kept = append(make([]node, 0, len(nodes)), nodes[:i]...)
		}
		t.notes = append(t.notes, Note{
			Code: NoteGlitch, From: instant(n.at), To: instant(n.at), Count: 1,
			Before: energy.Amount(nodes[i-1].v), After: energy.Amount(n.v),
		})
	}
	if kept == nil {
		return nodes
	}
	return kept
}

// isGlitch tells whether stand i is a low or a high glitch. Where either of
// two neighbours could be one, it is the low one.
func isGlitch(nodes []node, i int) bool {
	if i == 0 || i+1 >= len(nodes) || nodes[i].stated {
		return false
	}
	before, v, after := nodes[i-1].v, nodes[i].v, nodes[i+1].v
	if v < before {
		return after >= before
	}
	return v > before && after < v && after >= before && !isLow(nodes, i-1) && !isLow(nodes, i+1)
}

// isLow tells whether stand i fell below its neighbours for once.
func isLow(nodes []node, i int) bool {
	return i > 0 && i+1 < len(nodes) && !nodes[i].stated &&
		nodes[i].v < nodes[i-1].v && nodes[i+1].v >= nodes[i-1].v
}

// wraps tells whether the modulus explains the fall from a to b.
func wraps(a, b, modulus int64) bool {
	return modulus > 0 && a <= modulus && b >= 0 && b-a+modulus <= modulus/wrapShare
}

// returns tells whether the step to stand i undoes the open fall behind stand
// fall: it reaches the old stand again, within a few readings, in a step that
// makes up for half of the fall at least.
func returns(nodes []node, fall, i int) bool {
	old := nodes[fall].v
	return i-1-fall <= longestExcursion && nodes[i-1].v < old && nodes[i].v >= old &&
		(nodes[i].v-nodes[i-1].v) >= (old-nodes[fall+1].v)/2
}

// mostIn is the greatest amount that so many µs may bring, an hour's at least.
func (t *Track) mostIn(us int64) int64 {
	hi, lo := bits.Mul64(uint64(t.rules.maxRate()), uint64(max(us, hour)))
	if hi >= uint64(hour) {
		return mostCounter * 2
	}
	q, _ := bits.Div64(hi, lo, uint64(hour))
	return int64(min(q, mostCounter*2))
}
