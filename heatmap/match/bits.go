package match

import mathbits "math/bits"

// bits is a set of small numbers.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

// newSets are n sets of numbers below m, in one piece of memory.
func newSets(n, m int) []bits {
	words := len(newBits(m))
	all := make(bits, n*words)
	out := make([]bits, n)
	for i := range out {
		out[i] = all[i*words : (i+1)*words : (i+1)*words]
	}
	return out
}

func (b bits) set(i int32)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) unset(i int32)    { b[i>>6] &^= 1 << (i & 63) }
func (b bits) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// fill puts every number into the set, those beyond its size too, which no other set
// has.
func (b bits) fill() {
	for w := range b {
		b[w] = ^uint64(0)
	}
}

// meets tells whether two sets have a number in common.
func (b bits) meets(o bits) bool {
	for w, x := range b {
		if x&o[w] != 0 {
			return true
		}
	}
	return false
}

// firstOfBoth is the least number that the set has in common with two others.
func (b bits) firstOfBoth(o, p bits) (i int32, ok bool) {
	for w, x := range b {
		if x &= o[w] & p[w]; x != 0 {
			return int32(w<<6 + mathbits.TrailingZeros64(x)), true
		}
	}
	return 0, false
}
