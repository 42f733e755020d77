package series

import (
	"encoding/binary"
	"hash/crc32"
)

func appendBlock(dst []byte, version byte, body []byte) []byte {
	start := len(dst)
	dst = binary.AppendUvarint(append(dst, version), uint64(len(body)))
	dst = append(dst, body...)
	sum := crc32.Checksum(dst[start:], crc32.MakeTable(crc32.Castagnoli))
	return binary.LittleEndian.AppendUint32(dst, sum)
}

// openBlock checks the first block of b and parts its body from what follows.
func openBlock(b []byte, version byte) (body, rest []byte, err error) {
	c := cursor{rest: b}
	found := c.byte()
	body = c.bytes(c.uvarint())
	covered := len(b) - len(c.rest)
	sum := c.bytes(checksumSize)
	if c.err != nil || found != version ||
		binary.LittleEndian.Uint32(sum) != crc32.Checksum(b[:covered], crc32.MakeTable(crc32.Castagnoli)) {
		return nil, nil, ErrCorrupt
	}
	return body, c.rest, nil
}
