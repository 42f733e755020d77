package match

import (
	"cmp"
	mathbits "math/bits"
	"slices"
)

// net joins givers with takers: sources, stores and boilers with areas, or sources
// with the stores they fill. Links stand giver by giver, those of a giver in the order
// in which it gives.
type net struct {
	first     []int32 // of each giver in to and by; one more at the end
	to, by    []int32 // taker and giver of each link
	backFirst []int32 // of each taker in back
	back      []int32 // links by taker
}

// newNet makes a net of the links of each giver: the takers in the order in which it
// gives.
func newNet(takers int, lists [][]int32) net {
	n := net{first: make([]int32, 1, len(lists)+1), backFirst: make([]int32, takers+1)}
	for g, list := range lists {
		for _, t := range list {
			n.to, n.by = append(n.to, t), append(n.by, int32(g))
			n.backFirst[t+1]++
		}
		n.first = append(n.first, int32(len(n.to)))
	}
	for t := range takers {
		n.backFirst[t+1] += n.backFirst[t]
	}
	n.back = make([]int32, len(n.to))
	next := append([]int32(nil), n.backFirst...)
	for l, t := range n.to {
		n.back[next[t]] = int32(l)
		next[t]++
	}
	return n
}

// link is the one between a giver and a taker that are joined.
func (n *net) link(giver, taker int32) int32 {
	back := n.back[n.backFirst[taker]:n.backFirst[taker+1]] // by giver, ascending
	i, _ := slices.BinarySearchFunc(back, giver, func(l, g int32) int { return cmp.Compare(n.by[l], g) })
	return back[i]
}

// openness says whether a link can be used in an hour.
type openness uint8

const (
	open   openness = iota
	closed          // too cold, too warm a return, or not known
	partly          // by the share of [Share]
)

// sharing is a net in one hour: what givers have left, what takers need, and what
// flows. It is used again for each hour. Sets of givers and takers are bits, for the
// search looks at all of them often.
type sharing struct {
	*net
	left  []grain    // of each giver
	need  []grain    // of each taker
	lack  grain      // the sum of need
	flow  []grain    // of each link; zero where it is not in used
	used  []int32    // links that have or had a flow, perhaps twice
	state []openness // of each link; nil: all are open
	// changed are the givers whose links are others than in the hour before.
	changed []bool
	moved   bool // a giver moved what others gave

	opens   []bits // of each giver: the takers it is joined with by an open link
	feeds   []bits // of each taker: the givers that give to it
	lacking bits   // takers with a need
	// The search: takers and givers that were not seen yet, and who led there.
	freshTakers, freshGivers bits
	viaTaker, viaGiver       []int32 // the giver before a taker, the taker before a giver
	queue, takers            []int32
}

func newSharing(n *net) *sharing {
	givers, takers := len(n.first)-1, len(n.backFirst)-1
	s := &sharing{net: n, left: make([]grain, givers), need: make([]grain, takers), flow: make([]grain, len(n.to)),
		opens: newSets(givers, takers), feeds: newSets(takers, givers), lacking: newBits(takers),
		freshTakers: newBits(takers), freshGivers: newBits(givers), viaTaker: make([]int32, takers), viaGiver: make([]int32, givers)}
	for l, t := range n.to {
		s.opens[n.by[l]].set(t)
	}
	return s
}

// begin begins an hour, after left, need and state were set.
func (s *sharing) begin() {
	s.lack, s.moved = 0, false
	clear(s.lacking)
	for t, x := range s.need {
		if x > 0 {
			s.lacking.set(int32(t))
			s.lack += x
		}
	}
	s.freshTakers.fill()
	s.freshGivers.fill()
	if s.state == nil {
		return
	}
	for g, row := range s.opens {
		if !s.changed[g] {
			continue
		}
		clear(row)
		for l := s.first[g]; l < s.first[g+1]; l++ {
			if s.state[l] == open {
				row.set(s.to[l])
			}
		}
	}
}

// drain calls yield with each link that something flows along, and forgets the flows.
func (s *sharing) drain(yield func(link int32, x grain)) {
	for _, l := range s.used {
		if x := s.flow[l]; x != 0 {
			s.flow[l] = 0
			s.feeds[s.to[l]].unset(s.by[l])
			yield(l, x)
		}
	}
	s.used = s.used[:0]
}

// give lets a giver give as much as it can beside those that gave before it, who
// still give as much: first in its order, then by moving what others give.
func (s *sharing) give(g int) {
	if s.left[g] == 0 || s.lack == 0 {
		return
	}
	if s.opens[g].meets(s.lacking) {
		for l := s.first[g]; l < s.first[g+1] && s.left[g] > 0; l++ {
			t := s.to[l]
			if s.need[t] > 0 && (s.state == nil || s.state[l] == open) {
				s.put(l, s.take(g, t, min(s.left[g], s.need[t])))
			}
		}
	}
	for s.left[g] > 0 && s.lack > 0 && s.freshGivers.has(int32(g)) && s.augment(int32(g)) {
		s.moved = true
	}
}

// take takes x from what a giver has left and a taker needs.
func (s *sharing) take(g int, t int32, x grain) grain {
	s.left[g] -= x
	s.lack -= x
	if s.need[t] -= x; s.need[t] == 0 {
		s.lacking.unset(t)
	}
	return x
}

func (s *sharing) put(l int32, x grain) {
	if s.flow[l] == 0 {
		s.used = append(s.used, l)
		s.feeds[s.to[l]].set(s.by[l])
	}
	s.flow[l] += x
}

// augment finds the shortest way from a giver over takers that have enough and givers
// that give to them to such as lack, and moves as much as it can along it. Where there
// is none, what was seen stays marked: none of it leads to one who lacks in this hour
// any more, for all that flows there comes from givers that were seen.
func (s *sharing) augment(g int32) bool {
	s.queue, s.takers = append(s.queue[:0], g), s.takers[:0]
	s.freshGivers.unset(g)
	for i := 0; i < len(s.queue); i++ {
		u := s.queue[i]
		if s.serve(g, u) {
			s.forget()
			return true
		}
		for w, row := range s.opens[u] {
			for fresh := row & s.freshTakers[w]; fresh != 0; fresh &= fresh - 1 {
				t := int32(w<<6 + mathbits.TrailingZeros64(fresh))
				s.freshTakers.unset(t)
				s.viaTaker[t] = u
				s.takers = append(s.takers, t)
				s.follow(t)
			}
		}
	}
	return false
}

// serve lets the giver at the end of a way give to those who lack, as long as the way
// and the giver at its beginning hold out.
func (s *sharing) serve(g, u int32) (served bool) {
	for s.left[g] > 0 {
		t, ok := s.opens[u].firstOfBoth(s.freshTakers, s.lacking)
		if !ok {
			return served
		}
		s.viaTaker[t] = u
		if s.move(g, t) == 0 {
			return served
		}
		served = true
	}
	return served
}

// follow queues the givers that give to a taker.
func (s *sharing) follow(t int32) {
	for w, row := range s.feeds[t] {
		for fresh := row & s.freshGivers[w]; fresh != 0; fresh &= fresh - 1 {
			u := int32(w<<6 + mathbits.TrailingZeros64(fresh))
			s.freshGivers.unset(u)
			s.viaGiver[u] = t
			s.queue = append(s.queue, u)
		}
	}
}

// move moves what it can along the way that was found from a giver to a taker.
func (s *sharing) move(g, end int32) (x grain) {
	x = min(s.left[g], s.need[end])
	for u := s.viaTaker[end]; u != g; u = s.viaTaker[s.viaGiver[u]] {
		x = min(x, s.flow[s.link(u, s.viaGiver[u])])
	}
	if x == 0 {
		return 0
	}
	s.take(int(g), end, x)
	u := s.viaTaker[end]
	s.put(s.link(u, end), x)
	for u != g {
		t := s.viaGiver[u]
		from := s.link(u, t)
		if s.flow[from] -= x; s.flow[from] == 0 {
			s.feeds[t].unset(u)
		}
		u = s.viaTaker[t]
		s.put(s.link(u, t), x)
	}
	return x
}

// forget unmarks what the last search has seen.
func (s *sharing) forget() {
	for _, t := range s.takers {
		s.freshTakers.set(t)
	}
	for _, u := range s.queue {
		s.freshGivers.set(u)
	}
}
