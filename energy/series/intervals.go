package series

import "heatledger/energy"

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
		if t.rules.joins(b.at - a.at) {
			t.pieces = append(t.pieces, piece{from: a.at, to: b.at, first: a.v, last: b.v, quality: Worse(a.quality, b.quality)})
		}
	}
}
