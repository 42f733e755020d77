package series

import (
	"encoding/binary"
	"errors"
)

// ErrCorrupt says that bytes are no block of this package, or one that was
// damaged. No value of such a block is ever returned.
var ErrCorrupt = errors.New("block is corrupt")

// cursor reads a block from front to back. The first fault sticks: later reads
// give zeros, and whoever reads checks err before using what was read.
type cursor struct {
	rest []byte
	err  error
}

func (c *cursor) spoil() {
	c.rest, c.err = nil, ErrCorrupt
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.spoil()
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func (c *cursor) varint() int64 { return unzigzag(c.uvarint()) }

func (c *cursor) byte() byte {
	if len(c.rest) == 0 {
		c.spoil()
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

// bytes are the next n bytes, not copied.
func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.rest)) {
		c.spoil()
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

// count is a uvarint that may not exceed limit.
func (c *cursor) count(limit int) int {
	n := c.uvarint()
	if n > uint64(limit) {
		c.spoil()
		return 0
	}
	return int(n)
}

func appendVarint(dst []byte, v int64) []byte { return binary.AppendUvarint(dst, zigzag(v)) }

// zigzag maps small numbers of either sign to small ones: 0, -1, 1, -2, 2, …
func zigzag(v int64) uint64 { return uint64(v)<<1 ^ uint64(v>>63) }

func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
