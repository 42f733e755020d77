package match

import (
	"math"

	"heatledger/energy"
	"heatledger/heatmap"
)

// warmth says which links of a part the temperatures of an hour allow.
type warmth struct {
	state  []openness
	shares []float64 // of each link that is partly open
	// unknown are links that would have to be asked for a temperature that is not
	// known.
	unknown []bool
	filling []openness // of the links that fill stores

	flow          []float64 // of each source in this hour; NaN: not known
	wanted, comes []float64 // of each area: flow and return; NaN: not asked for
	drop          []float64 // kelvins on the way of each link
	// changed are the givers whose links are others than in the hour before; done that
	// there was one.
	changed []bool
	done    bool
}

// newWarmth is nil where no temperature matters in the part.
func newWarmth(c *compiled, p *part) *warmth {
	asked := false
	for _, a := range p.areas {
		asked = asked || len(c.Areas[a].Flow) > 0
	}
	for _, s := range p.sources {
		asked = asked || c.Sources[s].ReturnLimit.OK
	}
	for _, s := range p.stores {
		asked = asked || c.Stores[s].Temperature.OK
	}
	if !asked {
		return nil
	}
	w := &warmth{state: make([]openness, len(p.net.to)), shares: make([]float64, len(p.net.to)),
		unknown: make([]bool, len(p.net.to)), filling: make([]openness, len(p.filling.to)),
		flow: make([]float64, len(p.sources)), wanted: make([]float64, len(p.areas)), comes: make([]float64, len(p.areas)),
		drop: make([]float64, len(p.net.to))}
	for l, metres := range p.metres {
		w.drop[l] = c.Drop * metres / 1000
	}
	return w
}

// at is the temperature of an hour; NaN where none is stated or it is not known.
func (c Course) at(h int) float64 {
	switch len(c) {
	case 0:
		return math.NaN()
	case 1:
		return float64(c[0])
	}
	return float64(c[h])
}

// clone is a warmth of its own for whoever works on other hours at the same time.
func (w *warmth) clone(p *part) *warmth {
	if w == nil {
		return nil
	}
	n := *w
	n.state, n.filling = make([]openness, len(w.state)), make([]openness, len(w.filling))
	n.shares, n.unknown = make([]float64, len(w.shares)), make([]bool, len(w.unknown))
	n.flow, n.wanted, n.comes = make([]float64, len(w.flow)), make([]float64, len(w.wanted)), make([]float64, len(w.comes))
	n.changed, n.done = make([]bool, len(p.net.first)-1), false
	return &n
}

// hour settles the links for an hour, those of givers for whom a temperature is another
// one than in the hour before.
func (w *warmth) hour(c *compiled, p *part, h int) {
	all := !w.done
	w.done = true
	for i, a := range p.areas {
		wants := replace(&w.wanted[i], c.Areas[a].Flow.at(h))
		comes := replace(&w.comes[i], c.Areas[a].Return.at(h))
		all = all || wants || comes
	}
	for i, s := range p.sources {
		w.changed[i] = replace(&w.flow[i], c.Sources[s].Flow.at(h)) || all
		if w.changed[i] {
			w.source(p, i, &c.Sources[s])
			w.fill(c, p, i)
		}
	}
	for i, s := range p.stores {
		w.changed[len(p.sources)+i] = all
		if all {
			w.store(p, len(p.sources)+i, c.Stores[s].Temperature)
		}
	}
}

// replace tells whether a temperature is another one; NaN is the same as NaN.
func replace(t *float64, by float64) (other bool) {
	other = *t != by && (*t == *t || by == by)
	*t = by
	return other
}

// source settles the links of a source.
func (w *warmth) source(p *part, i int, s *Source) {
	for l := p.net.first[i]; l < p.net.first[i+1]; l++ {
		a := p.net.to[l]
		w.state[l], w.shares[l], w.unknown[l] = passes(w.flow[i], w.drop[l], w.wanted[a])
		if w.state[l] == open && s.ReturnLimit.OK && w.comes[a] > float64(s.ReturnLimit.Celsius) {
			w.state[l], w.shares[l], w.unknown[l] = tooWarm(s.Return, w.flow[i], w.comes[a], s.ReturnLimit.Celsius)
		}
	}
}

// fill settles the links by which a source fills stores.
func (w *warmth) fill(c *compiled, p *part, i int) {
	for l := p.filling.first[i]; l < p.filling.first[i+1]; l++ {
		t := c.Stores[p.stores[p.filling.to[l]]].Temperature
		w.filling[l] = open
		if t.OK && !(w.flow[i] >= float64(t.Celsius)) { // unknown is closed, too
			w.filling[l] = closed
		}
	}
}

// store settles the links of a store.
func (w *warmth) store(p *part, giver int, t heatmap.Temperature) {
	for l := p.net.first[giver]; l < p.net.first[giver+1]; l++ {
		w.state[l] = open
		if t.OK && float64(t.Celsius)-w.drop[l] < w.wanted[p.net.to[l]] {
			w.state[l] = closed
		}
	}
}

// passes is what the flow says of a link.
func passes(flow, drop, wanted float64) (state openness, share float64, unknown bool) {
	switch {
	case wanted != wanted:
		return open, 0, false
	case flow != flow:
		return closed, 0, true
	case flow-drop < wanted:
		return closed, 0, false
	}
	return open, 0, false
}

// tooWarm is what a source does for an area whose return is above its limit.
func tooWarm(rule ReturnRule, flow, comes float64, limit energy.Celsius) (state openness, share float64, unknown bool) {
	switch {
	case rule == Refuse:
		return closed, 0, false
	case flow != flow:
		return closed, 0, true
	case flow <= comes:
		return closed, 0, false
	}
	return partly, (flow - comes) / (flow - float64(limit)), false
}
