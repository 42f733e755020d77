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
	us := make([]uint64, len(xs)-1)
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

// column reads n integers; nil when the block is corrupt.
func (c *cursor) column(n int) []int64 {
	if n == 0 || c.err != nil {
		return nil
	}
	xs := make([]int64, n)
	form := c.byte()
	xs[0] = c.varint()
	switch form {
	case columnLine:
		step := c.varint()
		for i := 1; i < n; i++ {
			xs[i] = xs[i-1] + step
		}
	case columnRice:
		flags := c.byte()
		p := predictor{shift: flags &^ (1 << 7), differenced: flags>>7 == 1, slope: c.varint()}
		us := make([]uint64, n-1)
		size, ok := readRice(c.rest, us)
		if !ok || p.shift > 62 {
			c.spoil()
			return nil
		}
		c.rest = c.rest[size:]
		p.restore(us, xs)
	case columnZstd:
		c.unpackColumn(xs)
	default:
		c.spoil()
	}
	if c.err != nil {
		return nil
	}
	return xs
}

func (c *cursor) unpackColumn(xs []int64) {
	length := c.count((len(xs) - 1) * binary.MaxVarintLen64)
	packed := c.bytes(c.uvarint())
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
		w, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
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
