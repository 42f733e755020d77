package match

import "math"

// block is how many hours are laid out together: loads stand area by area in the input
// and are needed hour by hour.
const block = 64

// desk is where hours of a part are worked on, one after the other.
type desk struct {
	c      *compiled
	p      *part
	tally  *tally
	trace  *trace
	warmth *warmth // its own

	giving, filling *sharing
	loads, offers   []grain // of a block, hour by hour; offers below zero are not known
	load            []grain // of the hour
	offered, kept   []grain // of each source in this hour
	extra           []grain // of each link: by [Share], moved by none
	extras          []int32
	doubt           []bool // of each area: more may have come of an unknown source
	doubted         []int32
	freed           []bool  // of each giver, while doubt spreads
	boiled          []grain // by boilers of the part, of each area in this hour

	content, capacity      []grain // of each store
	lost, gives, had, room []grain // of each in this hour; had: what it could give
}

func newDesk(c *compiled, p *part, tally *tally, trace *trace) *desk {
	d := &desk{c: c, p: p, tally: tally, trace: trace, warmth: p.warmth.clone(p), giving: newSharing(&p.net), filling: newSharing(&p.filling),
		loads: make([]grain, block*len(p.areas)), offers: make([]grain, block*len(p.sources)),
		offered: make([]grain, len(p.sources)), kept: make([]grain, len(p.sources)), doubt: make([]bool, len(p.areas)),
		boiled: make([]grain, len(p.areas)), freed: make([]bool, len(p.sources)+len(p.stores))}
	for _, column := range []*[]grain{&d.content, &d.capacity, &d.lost, &d.gives, &d.had, &d.room} {
		*column = make([]grain, len(p.stores))
	}
	if d.warmth != nil {
		d.extra = make([]grain, len(p.net.to))
		d.giving.state, d.filling.state = d.warmth.state, d.warmth.filling
		d.giving.changed, d.filling.changed = d.warmth.changed, d.warmth.changed
	}
	for i, s := range p.stores {
		d.content[i], d.capacity[i] = grains(c.Stores[s].Start), grains(c.Stores[s].Capacity)
	}
	return d
}

// run works on the hours of [from, to).
func (d *desk) run(from, to int) {
	for at := from; at < to; at += block {
		n := min(block, to-at)
		d.layOut(at, n)
		for i := range n {
			d.load = d.loads[i*len(d.p.areas) : (i+1)*len(d.p.areas)]
			d.hour(at+i, d.offers[i*len(d.p.sources):(i+1)*len(d.p.sources)])
		}
	}
}

// layOut rounds loads and offers of n hours, and lays them hour by hour.
func (d *desk) layOut(at, n int) {
	for j, a := range d.p.areas {
		for i, x := range d.c.Areas[a].Load[at : at+n] {
			d.loads[i*len(d.p.areas)+j] = grains(x)
		}
	}
	for j, s := range d.p.sources {
		for i, x := range d.c.Sources[s].Heat[at : at+n] {
			offer := grain(-1)
			if x == x {
				offer = min(grains(x), orEndless(d.c.Sources[s].Most))
			}
			d.offers[i*len(d.p.sources)+j] = offer
		}
	}
}

// hour shares an hour out.
func (d *desk) hour(h int, offers []grain) {
	d.begin(h, offers)
	g := d.giving
	for i := range d.p.sources {
		g.give(i)
	}
	d.giveShares()
	for i := range d.p.stores {
		g.give(len(d.p.sources) + i)
	}
	for i := range d.p.boilers {
		g.give(len(d.p.sources) + len(d.p.stores) + i)
	}
	d.fill()
	d.spread()
	if g.moved {
		d.tally.moved++
	}
	d.settle(h, offers)
}

// begin lays out what the hour begins with: stores have lost their share.
func (d *desk) begin(h int, offers []grain) {
	g := d.giving
	if d.warmth != nil {
		d.warmth.hour(d.c, d.p, h)
	}
	copy(g.need, d.load)
	clear(d.kept)
	for _, a := range d.doubted {
		d.doubt[a] = false
	}
	d.doubted = d.doubted[:0]
	for i, x := range offers {
		d.offered[i] = max(0, x)
		g.left[i] = d.offered[i]
		d.question(h, i, x)
	}
	for i, s := range d.p.stores {
		d.lost[i] = grain(float64(d.content[i]) * d.c.Stores[s].Loss)
		d.content[i] -= d.lost[i]
		d.had[i] = min(d.content[i], orEndless(d.c.Stores[s].Discharge))
		g.left[len(d.p.sources)+i] = d.had[i]
	}
	for i, b := range d.p.boilers {
		g.left[len(d.p.sources)+len(d.p.stores)+i] = orEndless(d.c.Boilers[b].Power)
	}
	g.begin()
}

// question marks the areas that a source may have served if more of it were known.
func (d *desk) question(h, source int, offer grain) {
	if offer == 0 || offer > 0 && d.warmth == nil {
		return
	}
	net := &d.p.net
	for l := net.first[source]; l < net.first[source+1]; l++ {
		switch {
		case offer < 0:
			d.doubtOf(net.to[l])
		case d.warmth.unknown[l]:
			d.doubtOf(net.to[l])
			d.trace.sources[d.p.sources[source]].noFlow[h] = true
		}
	}
}

func (d *desk) doubtOf(area int32) {
	if !d.doubt[area] {
		d.doubt[area] = true
		d.doubted = append(d.doubted, area)
	}
}

// spread follows the doubt: what sources and stores give to an area in doubt they may
// have given to others instead. No area that it does not come to could have got more.
func (d *desk) spread() {
	net, givers := &d.p.net, int32(len(d.p.sources)+len(d.p.stores))
	for i := 0; i < len(d.doubted); i++ {
		t := d.doubted[i]
		for _, b := range net.back[net.backFirst[t]:net.backFirst[t+1]] {
			g := net.by[b]
			gives := d.giving.flow[b] > 0 || d.extra != nil && d.extra[b] > 0
			if g >= givers || !gives || d.freed[g] {
				continue
			}
			d.freed[g] = true
			for l := net.first[g]; l < net.first[g+1]; l++ {
				if d.warmth == nil || d.warmth.state[l] != closed {
					d.doubtOf(net.to[l])
				}
			}
		}
	}
	if len(d.doubted) > 0 {
		clear(d.freed)
	}
}

// giveShares gives along links that warm returns narrow, what is left and needed.
func (d *desk) giveShares() {
	if d.warmth == nil {
		return
	}
	g := d.giving
	for i := range d.p.sources {
		for l := g.first[i]; l < g.first[i+1] && g.left[i] > 0 && g.lack > 0; l++ {
			t := g.to[l]
			if d.warmth.state[l] != partly || g.need[t] == 0 {
				continue
			}
			share := d.warmth.shares[l]
			x := min(g.need[t], grain(float64(g.left[i])*share))
			if x == 0 {
				continue
			}
			uses := min(g.left[i], max(x, grain(math.Ceil(float64(x)/share))))
			d.extra[l] = x
			d.extras = append(d.extras, l)
			d.kept[i] += uses - x
			g.left[i] -= uses - x
			g.take(i, t, x)
		}
	}
}

// fill puts what sources have left into stores, which have given by now.
func (d *desk) fill() {
	if len(d.p.stores) == 0 {
		return
	}
	f := d.filling
	copy(f.left, d.giving.left[:len(d.p.sources)])
	for i, s := range d.p.stores {
		d.gives[i] = d.had[i] - d.giving.left[len(d.p.sources)+i]
		d.content[i] -= d.gives[i]
		d.room[i] = min(d.capacity[i]-d.content[i], orEndless(d.c.Stores[s].Charge))
		f.need[i] = d.room[i]
	}
	f.begin()
	for i := range d.p.sources {
		f.give(i)
	}
}
