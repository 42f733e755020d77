package match

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

// openness says whether a link can be used in an hour.
type openness uint8

const (
	open   openness = iota
	closed          // too cold, too warm a return, or not known
	partly          // by the share of [Share]
)

// sharing is a net in one hour: what givers have left, what takers need, and what
// flows. It is used again for each hour.
type sharing struct {
	*net
	left  []grain    // of each giver
	need  []grain    // of each taker
	lack  grain      // the sum of need
	flow  []grain    // of each link; zero where it is not in used
	used  []int32    // links that have or had a flow, perhaps twice
	state []openness // of each link; nil: all are open
	moved bool       // a giver moved what others gave

	// The search: takers and givers that were seen (epoch), and by which link.
	epoch               uint32
	seenTaker, seenGive []uint32
	viaTaker, viaGiver  []int32
	queue, takers       []int32
}

func newSharing(n *net) *sharing {
	givers, takers := len(n.first)-1, len(n.backFirst)-1
	return &sharing{net: n, left: make([]grain, givers), need: make([]grain, takers), flow: make([]grain, len(n.to)),
		seenTaker: make([]uint32, takers), seenGive: make([]uint32, givers),
		viaTaker: make([]int32, takers), viaGiver: make([]int32, givers)}
}

// begin begins an hour, after left, need, lack and state were set.
func (s *sharing) begin() {
	s.epoch++
	s.moved = false
}

// drain calls yield with each link that something flows along, and forgets the flows.
func (s *sharing) drain(yield func(link int32, x grain)) {
	for _, l := range s.used {
		if x := s.flow[l]; x != 0 {
			s.flow[l] = 0
			yield(l, x)
		}
	}
	s.used = s.used[:0]
}

// give lets a giver give as much as it can beside those that gave before it, who
// still give as much: first in its order, then by moving what others give.
func (s *sharing) give(g int) {
	left := s.left[g]
	if left == 0 || s.lack == 0 {
		return
	}
	from, to := s.first[g], s.first[g+1]
	for l := from; l < to; l++ {
		t := s.to[l]
		need := s.need[t]
		if need == 0 || s.state != nil && s.state[l] != open {
			continue
		}
		x := min(left, need)
		s.put(l, x)
		s.need[t] = need - x
		s.lack -= x
		if left -= x; left == 0 {
			break
		}
	}
	s.left[g] = left
	for s.left[g] > 0 && s.lack > 0 && s.seenGive[g] != s.epoch && s.augment(int32(g)) {
		s.moved = true
	}
}

func (s *sharing) put(l int32, x grain) {
	if s.flow[l] == 0 {
		s.used = append(s.used, l)
	}
	s.flow[l] += x
}

// augment finds the shortest way from a giver over takers that have enough and givers
// that give to them to one who lacks, and moves as much as it can along it. Where there
// is none, what was seen stays marked: none of it leads to one who lacks in this hour
// any more, for all that flows there comes from givers that were seen.
func (s *sharing) augment(g int32) bool {
	s.queue, s.takers = append(s.queue[:0], g), s.takers[:0]
	s.seenGive[g] = s.epoch
	for i := 0; i < len(s.queue); i++ {
		u := s.queue[i]
		for l := s.first[u]; l < s.first[u+1]; l++ {
			t := s.to[l]
			if s.seenTaker[t] == s.epoch || s.state != nil && s.state[l] != open {
				continue
			}
			s.seenTaker[t], s.viaTaker[t] = s.epoch, l
			s.takers = append(s.takers, t)
			if s.need[t] > 0 {
				s.move(g, t)
				s.forget()
				return true
			}
			for _, b := range s.back[s.backFirst[t]:s.backFirst[t+1]] {
				if w := s.by[b]; s.flow[b] > 0 && s.seenGive[w] != s.epoch {
					s.seenGive[w], s.viaGiver[w] = s.epoch, b
					s.queue = append(s.queue, w)
				}
			}
		}
	}
	return false
}

// move moves what it can along the way that was found from a giver to a taker.
func (s *sharing) move(g, end int32) {
	x := min(s.left[g], s.need[end])
	for l := s.viaTaker[end]; s.by[l] != g; {
		b := s.viaGiver[s.by[l]]
		x = min(x, s.flow[b])
		l = s.viaTaker[s.to[b]]
	}
	s.left[g] -= x
	s.need[end] -= x
	s.lack -= x
	for l := s.viaTaker[end]; ; {
		s.put(l, x)
		if s.by[l] == g {
			return
		}
		b := s.viaGiver[s.by[l]]
		s.flow[b] -= x
		l = s.viaTaker[s.to[b]]
	}
}

// forget unmarks what the last search has seen.
func (s *sharing) forget() {
	for _, t := range s.takers {
		s.seenTaker[t] = 0
	}
	for _, u := range s.queue {
		s.seenGive[u] = 0
	}
}
