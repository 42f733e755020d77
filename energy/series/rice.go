package series

import "math/bits"

const (
	riceGroup  = 128 // numbers that share a parameter
	riceEscape = 24  // longest quotient; a longer one means that 64 plain bits follow
	riceZeros  = 255 // parameter of a group of zeros: no bits follow
)

// appendRice appends numbers in Rice code, least significant bit first. Each
// group of 128 begins with eight bits: its parameter k. A number u follows as
// u>>k zeros and a one, then the low k bits of u; after 24 zeros and a one
// stand all 64 bits of u. For residuals of a noisy register that is within 0.2
// bit of their entropy, without tables.
func appendRice(dst []byte, us []uint64) []byte {
	w := bitWriter{dst: dst}
	for len(us) > 0 {
		group := us[:min(riceGroup, len(us))]
		us = us[len(group):]
		k := riceParameter(group)
		w.put(uint64(k), 8)
		if k == riceZeros {
			continue
		}
		for _, u := range group {
			q := u >> k
			if q >= riceEscape {
				w.put(1<<riceEscape, riceEscape+1)
				w.put(u, 64)
				continue
			}
			w.put(1<<q, uint(q)+1)
			w.put(u&(1<<k-1), k)
		}
	}
	return w.flush()
}

// riceParameter is the k that codes the group in the fewest bits, sought next
// to the bit length of its median.
func riceParameter(group []uint64) uint {
	var lengths [65]int
	for _, u := range group {
		lengths[bits.Len64(u)]++
	}
	if lengths[0] == len(group) {
		return riceZeros
	}
	median, seen := 0, lengths[0]
	for seen*2 < len(group) {
		median++
		seen += lengths[median]
	}
	best, least := uint(0), uint64(1<<63)
	for k := max(median-2, 0); k <= min(median+1, 62); k++ {
		cost := uint64(0)
		for _, u := range group {
			if q := u >> k; q < riceEscape {
				cost += q + uint64(k)
			} else {
				cost += riceEscape + 64
			}
		}
		if cost < least {
			best, least = uint(k), cost
		}
	}
	return best
}

// readRice reads len(us) numbers from b, as their bits, and tells how many bytes
// they took; ok is false when b ends before, or holds no Rice code.
func readRice(b []byte, us []int64) (size int, ok bool) {
	r := bitReader{b: b}
	for len(us) > 0 {
		group := us[:min(riceGroup, len(us))]
		us = us[len(group):]
		k := uint(r.take(8))
		if k == riceZeros {
			clear(group)
			continue
		}
		if k > 62 {
			return 0, false
		}
		for i := range group {
			word := r.peek()
			q := uint(bits.TrailingZeros64(word | 1<<(riceEscape+1)))
			r.pos += q + 1
			if q+1+k <= 57 && q < riceEscape { // most numbers are whole in one word
				group[i] = int64(uint64(q)<<k | word>>(q+1)&(1<<k-1))
				r.pos += k
				continue
			}
			switch {
			case q < riceEscape:
				group[i] = int64(uint64(q)<<k | r.take(k))
			case q == riceEscape:
				group[i] = int64(r.take(64))
			default:
				return 0, false
			}
		}
		if r.pos > uint(len(b))*8 {
			return 0, false
		}
	}
	size = int(r.pos+7) / 8
	return size, size <= len(b)
}
