package store

import (
	"encoding/binary"
	"errors"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// The body of a segment holds readings of several points:
//
//	byte     version 1
//	uvarint  number of blocks
//	for each block:
//	    uvarint  number of the point
//	    varint   instant of the first reading, µs since 1970
//	    uvarint  from there to the end of the last, µs
//	    uvarint  length of the block in bytes
//	blocks       readings of one point each (series.EncodeReadings)
//
// A point may have several blocks.
const versionBody = 1

// errBody says that the body of a segment is not what was written.
var errBody = errors.New("body of a segment is damaged")

// block is the readings of one point within a body.
type block struct {
	point    int32
	id       energy.PointID // empty where it was read from a body
	period   energy.Period  // from the first reading to the end of the last
	readings []byte         // encoded
}

// newBlock packs readings, which ascend and are at least one.
func newBlock(point int32, id energy.PointID, rs []energy.Reading) block {
	return block{point, id, extentOf(rs), series.EncodeReadings(nil, rs)}
}

// extentOf is the period from the first instant to the end of the last
// interval, or a microsecond after the last instant.
func extentOf(rs []energy.Reading) energy.Period {
	var p energy.Period
	if n := len(rs); n > 0 && isInstants(rs) { // the common case, ten times as fast
		return energy.Period{From: rs[0].At, To: rs[n-1].At.Add(time.Microsecond)}
	}
	for i, r := range rs {
		end := r.End()
		if r.Length <= 0 {
			end = r.At.Add(time.Microsecond)
		}
		if i == 0 || r.At.Before(p.From) {
			p.From = r.At
		}
		if i == 0 || end.After(p.To) {
			p.To = end
		}
	}
	return p
}

// isInstants tells whether readings are instants that do not descend.
func isInstants(rs []energy.Reading) bool {
	for i := range rs {
		if rs[i].Length > 0 || i > 0 && rs[i].At.Before(rs[i-1].At) {
			return false
		}
	}
	return true
}

// union is the shortest period that covers both; an empty one counts for nothing.
func union(a, b energy.Period) energy.Period {
	switch {
	case !a.From.Before(a.To):
		return b
	case !b.From.Before(b.To):
		return a
	}
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
}

func encodeBody(blocks []block) []byte {
	size := 16
	for _, b := range blocks {
		size += len(b.readings) + 24
	}
	dst := append(make([]byte, 0, size), versionBody)
	dst = binary.AppendUvarint(dst, uint64(len(blocks)))
	for _, b := range blocks {
		dst = binary.AppendUvarint(dst, uint64(b.point))
		dst = binary.AppendVarint(dst, b.period.From.UnixMicro())
		dst = binary.AppendUvarint(dst, uint64(b.period.Length().Microseconds()))
		dst = binary.AppendUvarint(dst, uint64(len(b.readings)))
	}
	for _, b := range blocks {
		dst = append(dst, b.readings...)
	}
	return dst
}

// decodeBody gives the blocks of a body; their readings stay encoded.
func decodeBody(body []byte) ([]block, error) {
	if len(body) == 0 || body[0] != versionBody {
		return nil, errBody
	}
	rest, ok := body[1:], true
	next := func() uint64 {
		n, size := binary.Uvarint(rest)
		ok = ok && size > 0
		rest = rest[max(size, 0):]
		return n
	}
	count := next()
	if !ok || count > uint64(len(rest)) {
		return nil, errBody
	}
	blocks, sizes := make([]block, count), make([]uint64, count)
	for i := range blocks {
		point := next()
		from, size := binary.Varint(rest)
		ok = ok && size > 0
		rest = rest[max(size, 0):]
		length := next()
		sizes[i] = next()
		at := time.UnixMicro(from).UTC()
		blocks[i].point = int32(point)
		blocks[i].period = energy.Period{From: at, To: at.Add(time.Duration(length) * time.Microsecond)}
	}
	for i, size := range sizes {
		if !ok || size > uint64(len(rest)) {
			return nil, errBody
		}
		blocks[i].readings, rest = rest[:size], rest[size:]
	}
	if len(rest) != 0 {
		return nil, errBody
	}
	return blocks, nil
}
