package spool

import (
	"encoding/binary"

	"heatledger/energy"
)

// cursor reads the fields of a payload; after the first that is not there, bad
// is set and all that follow are zero.
type cursor struct {
	b   []byte
	bad bool
}

// uvarint reads an unsigned number.
func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.b, c.bad = nil, true
		return 0
	}
	c.b = c.b[n:]
	return v
}

// varint reads a signed number.
func (c *cursor) varint() int64 {
	v, n := binary.Varint(c.b)
	if n <= 0 {
		c.b, c.bad = nil, true
		return 0
	}
	c.b = c.b[n:]
	return v
}

// text reads a length and as many bytes, as a copy.
func (c *cursor) text() string {
	n := c.uvarint()
	if n > uint64(len(c.b)) {
		c.b, c.bad = nil, true
		return ""
	}
	s := string(c.b[:n])
	c.b = c.b[n:]
	return s
}

// epoch reads 16 bytes.
func (c *cursor) epoch() (e energy.Epoch) {
	if len(c.b) < len(e) {
		c.b, c.bad = nil, true
		return e
	}
	copy(e[:], c.b)
	c.b = c.b[len(e):]
	return e
}

// count reads a number of things of which each takes size bytes or more.
func (c *cursor) count(size int) int {
	n := c.uvarint()
	if n > uint64(len(c.b)/size) {
		c.b, c.bad = nil, true
		return 0
	}
	return int(n)
}

// appendText is what cursor.text reads.
func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
