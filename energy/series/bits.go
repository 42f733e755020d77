package series

import "encoding/binary"

// bitWriter collects bits, least significant first, into whole bytes.
type bitWriter struct {
	dst  []byte
	word uint64
	used uint
}

// put appends the low n bits of v, which has no others; n is 0 to 64.
func (w *bitWriter) put(v uint64, n uint) {
	w.word |= v << w.used
	if w.used+n < 64 {
		w.used += n
		return
	}
	w.dst = binary.LittleEndian.AppendUint64(w.dst, w.word)
	w.word = 0
	if w.used > 0 {
		w.word = v >> (64 - w.used)
	}
	w.used = w.used + n - 64
}

func (w *bitWriter) flush() []byte {
	for ; w.used > 0; w.used -= min(w.used, 8) {
		w.dst = append(w.dst, byte(w.word))
		w.word >>= 8
	}
	return w.dst
}

// bitReader reads what bitWriter wrote. Behind the end stand zeros; whoever
// reads compares pos with the length.
type bitReader struct {
	b   []byte
	pos uint // in bits
}

// peek shows the next 57 bits at least.
func (r *bitReader) peek() uint64 {
	at := r.pos / 8
	if at+8 <= uint(len(r.b)) {
		return binary.LittleEndian.Uint64(r.b[at:]) >> (r.pos % 8)
	}
	word := uint64(0)
	for i := at; i < uint(len(r.b)); i++ {
		word |= uint64(r.b[i]) << (8 * (i - at))
	}
	return word >> (r.pos % 8)
}

// take reads n bits, 0 to 64.
func (r *bitReader) take(n uint) uint64 {
	if n > 56 {
		low := r.take(56)
		return low | r.take(n-56)<<56
	}
	v := r.peek() & (1<<n - 1)
	r.pos += n
	return v
}
