package series

import (
	"encoding/binary"
	"math"
	"time"

	"heatledger/energy"
)

// A block is, in this order:
//
//	byte     version (1 readings, 2 runs)
//	uvarint  number of bytes of the body
//	body
//	4 bytes  CRC-32C of all before, little endian
//
// Blocks may follow each other; what they hold is joined. The body of readings:
//
//	uvarint  number of readings, 1 to 262,144
//	uvarint  unit of time in µs: the coarsest that loses nothing
//	column   instants in that unit since 1970
//	uvarint  unit of length in µs, column of lengths in that unit
//	column   qualities
//	values   (see appendValues)
//
// Columns hold integers (see appendColumn): uvarint and varint are those of
// encoding/binary, varints zigzag coded.
const (
	versionReadings = 1
	versionRuns     = 2
	blockReadings   = 1 << 18 // most readings in one block
	checksumSize    = 4
)

// EncodeReadings appends readings of one point to dst as blocks, losslessly:
// instants and lengths to the microsecond, decimals with their exponents,
// floats to the bit, qualities, in their order. No readings are no bytes.
func EncodeReadings(dst []byte, rs []energy.Reading) []byte {
	var room [8 * few]byte
	for len(rs) > 0 {
		n := min(len(rs), blockReadings)
		dst = appendBlock(dst, versionReadings, appendReadings(room[:0], rs[:n]))
		rs = rs[n:]
	}
	return dst
}

// DecodeReadings reads all blocks of b. It errs with [ErrCorrupt] when a byte
// of them was changed, is missing or too many; then it returns no reading.
func DecodeReadings(b []byte) ([]energy.Reading, error) {
	var all []energy.Reading
	for len(b) > 0 {
		body, rest, err := openBlock(b, versionReadings)
		if err != nil {
			return nil, err
		}
		c := cursor{rest: body}
		rs := c.readings()
		if c.err != nil || len(c.rest) > 0 {
			return nil, ErrCorrupt
		}
		if b = rest; all == nil {
			all = rs
		} else {
			all = append(all, rs...)
		}
	}
	return all, nil
}

// few readings are packed without memory of their own: a batch of a large site
// holds a handful of each of its points.
const few = 64

// roomFor gives n zeros in room, if that is enough.
func roomFor[T int64 | uint64](room []T, n int) []T {
	if n > len(room) {
		return make([]T, n)
	}
	return room[:n]
}

func appendReadings(dst []byte, rs []energy.Reading) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(rs)))
	var room [few]int64
	xs := roomFor(room[:], len(rs))
	for i := range rs {
		xs[i] = rs[i].At.UnixMicro()
	}
	dst = appendMicros(dst, xs)
	for i := range rs {
		xs[i] = int64(rs[i].Length / time.Microsecond)
	}
	dst = appendMicros(dst, xs)
	for i := range rs {
		xs[i] = int64(rs[i].Quality)
	}
	dst = appendColumn(dst, xs)
	return appendValues(dst, rs)
}

// readings reads the body of a block.
func (c *cursor) readings() []energy.Reading {
	n := c.count(blockReadings)
	at, length, quality := c.micros(n), c.micros(n), c.column(n)
	if c.err != nil || n == 0 {
		c.spoil()
		return nil
	}
	if least, most := quality.limits(n); least < 0 || most > math.MaxUint8 {
		c.spoil()
		return nil
	}
	if least, most := length.limits(n); least < math.MinInt64/1000 || most > math.MaxInt64/1000 {
		c.spoil()
		return nil
	}
	rs := make([]energy.Reading, n)
	c.values(rs)
	if c.err != nil {
		return nil
	}
	for i := range rs {
		rs[i].At = time.UnixMicro(at.at(i)).UTC()
		rs[i].Length = time.Duration(length.at(i)) * time.Microsecond
		rs[i].Quality = energy.Quality(quality.at(i))
	}
	return rs
}
