package series

import (
	"encoding/binary"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// The forms of a column of integers. Their numbers are stored.
const (
	columnLine = 0 // first, step: every number is the one before plus step
	columnRice = 1 // first, predictor, residuals in Rice code
	columnZstd = 2 // first, differences of neighbours as zigzag varints under zstd
)

// appendColumn appends integers whose count the reader knows. It takes the
// shortest of the three forms:
//
//	line: 0, varint first, varint step
//	rice: 1, varint first, byte shift | differenced<<7, varint slope, Rice code (see appendRice)
//	zstd: 2, varint first, uvarint plain length, uvarint packed length, zstd frame
//
// Nothing is appended for no integers.
func appendColumn(dst []byte, xs []int64) []byte {
	if len(xs) == 0 {
		return dst
	}
	if step, ok := line(xs); ok {
		dst = appendVarint(append(dst, columnLine), xs[0])
		return appendVarint(dst, step)
	}
	start := len(dst)
	p, _ := forecast(xs)
	var room [few]uint64
	us := roomFor(room[:], len(xs)-1)
	p.residuals(xs, us)
	dst = appendVarint(append(dst, columnRice), xs[0])
	flags := p.shift
	if p.differenced {
		flags |= 1 << 7
	}
	dst = appendVarint(append(dst, flags), p.slope)
	dst = appendRice(dst, us)
	if riced := len(dst) - start; riced <= len(xs) {
		if packed := packColumn(xs, us); len(packed) < riced {
			dst = append(dst[:start], packed...)
		}
	}
	return dst
}

// line tells whether xs are a straight line, and its step.
func line(xs []int64) (step int64, ok bool) {
	if len(xs) > 1 {
		step = xs[1] - xs[0]
	}
	for i := 2; i < len(xs); i++ {
		if xs[i]-xs[i-1] != step {
			return 0, false
		}
	}
	return step, true
}

// packColumn is the zstd form, which finds what repeats: the steps of a counter
// under steady load, long runs of one quality. us is scratch space.
func packColumn(xs []int64, us []uint64) []byte {
	predictor{}.residuals(xs, us)
	plain := make([]byte, 0, len(us)+16)
	for _, u := range us {
		plain = binary.AppendUvarint(plain, u)
	}
	packed := packer().EncodeAll(plain, nil)
	dst := appendVarint([]byte{columnZstd}, xs[0])
	dst = binary.AppendUvarint(dst, uint64(len(plain)))
	dst = binary.AppendUvarint(dst, uint64(len(packed)))
	return append(dst, packed...)
}

// column is a column that was read: a line, or numbers one by one.
type column struct {
	first, step int64
	xs          []int64 // nil for a line
}

func (c column) at(i int) int64 {
	if c.xs == nil {
		return c.first + int64(i)*c.step
	}
	return c.xs[i]
}

// limits are the least and the greatest of the column's n numbers.
func (c column) limits(n int) (least, most int64) {
	least, most = c.at(0), c.at(0)
	const far = 1 << 44 // a line within does not wrap around
	if c.xs == nil && -far < c.first && c.first < far && -far < c.step && c.step < far {
		last := c.at(n - 1)
		return min(least, last), max(most, last)
	}
	for i := 1; i < n; i++ {
		x := c.at(i)
		least, most = min(least, x), max(most, x)
	}
	return least, most
}

// column reads n integers. When the block is corrupt c.err says so and the
// column holds nothing.
func (c *cursor) column(n int) column {
	if n == 0 || c.err != nil {
		return column{}
	}
	form, first := c.byte(), c.varint()
	if form == columnLine {
		step := c.varint()
		if c.err != nil {
			return column{}
		}
		return column{first: first, step: step}
	}
	xs := make([]int64, n)
	xs[0] = first
	switch form {
	case columnRice:
		flags := c.byte()
		p := predictor{shift: flags &^ (1 << 7), differenced: flags>>7 == 1, slope: c.varint()}
		size, ok := readRice(c.rest, xs[1:])
		if !ok || p.shift > 62 {
			c.spoil()
			return column{}
		}
		c.rest = c.rest[size:]
		p.restore(xs)
	case columnZstd:
		c.unpackColumn(xs)
	default:
		c.spoil()
	}
	if c.err != nil {
		return column{}
	}
	return column{xs: xs}
}

func (c *cursor) unpackColumn(xs []int64) {
	length := c.count((len(xs) - 1) * binary.MaxVarintLen64)
	packed := c.bytes(c.uvarint())
	if c.err != nil {
		return
	}
	plain, err := unpacker().DecodeAll(packed, make([]byte, 0, length))
	if err != nil || len(plain) != length {
		c.spoil()
		return
	}
	in := cursor{rest: plain}
	for i := 1; i < len(xs); i++ {
		xs[i] = xs[i-1] + in.varint()
	}
	if in.err != nil || len(in.rest) > 0 {
		c.spoil()
	}
}

// packer and unpacker may be used by any number of goroutines at once, through
// EncodeAll and DecodeAll. The latter writes no more than it was given room for.
var (
	packer = sync.OnceValue(func() *zstd.Encoder {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false),
			zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<18))
		if err != nil {
			panic(err) // options are constants
		}
		return w
	})
	unpacker = sync.OnceValue(func() *zstd.Decoder {
		r, err := zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true))
		if err != nil {
			panic(err) // options are constants
		}
		return r
	})
)
