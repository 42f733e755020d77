package store

import (
	"encoding/binary"
	"errors"

	"heatledger/energy"
)

// The column day.q says of each quarter-hour its quality and the seconds of it
// that were measured at their own time. It begins with a byte a quarter-hour:
//
//	bits 0–3  quality
//	bits 4–5  covered: 0 none of it, 1 all 900 seconds, 2 see below
//
// Where all quarter-hours are alike, and covered as 0 or 1, one byte stands for
// all of them. After the bytes follow, for each quarter-hour with covered 2 in
// order, its seconds as two bytes, big endian. In SQL the quality of the i-th
// quarter-hour (from 1) is
//
//	get_byte(q, case when length(q) = 1 then 0 else i - 1 end) & 15
const (
	coveredNone = 0 << 4
	coveredAll  = 1 << 4
	coveredPart = 2 << 4
	coveredMask = 3 << 4
	qualityMask = 15

	quarterSeconds = int16(energy.QuarterHour / 1e9)
)

// errQuality says that a column day.q is not what was written.
var errQuality = errors.New("qualities of a day are damaged")

// encodeQuality packs qualities and covered seconds, of the same length.
func encodeQuality(quality []energy.Quality, covered []int16) []byte {
	dst := make([]byte, len(quality))
	var tail []byte
	alike := true
	for i, q := range quality {
		dst[i] = byte(q) & qualityMask
		switch covered[i] {
		case 0:
			dst[i] |= coveredNone
		case quarterSeconds:
			dst[i] |= coveredAll
		default:
			dst[i] |= coveredPart
			tail = binary.BigEndian.AppendUint16(tail, uint16(covered[i]))
		}
		alike = alike && dst[i] == dst[0]
	}
	if alike && len(tail) == 0 && len(dst) > 1 {
		dst = dst[:1]
	}
	return append(dst, tail...)
}

// decodeQuality unpacks n qualities and covered seconds.
func decodeQuality(b []byte, n int) ([]energy.Quality, []int16, error) {
	quality, covered := make([]energy.Quality, n), make([]int16, n)
	head, tail := b, []byte(nil)
	if len(b) > n {
		head, tail = b[:n], b[n:]
	}
	if len(head) != n && len(head) != 1 {
		return nil, nil, errQuality
	}
	for i := range n {
		c := head[min(i, len(head)-1)]
		quality[i] = energy.Quality(c & qualityMask)
		switch c & coveredMask {
		case coveredNone:
		case coveredAll:
			covered[i] = quarterSeconds
		case coveredPart:
			if len(tail) < 2 {
				return nil, nil, errQuality
			}
			covered[i], tail = int16(binary.BigEndian.Uint16(tail)), tail[2:]
		default:
			return nil, nil, errQuality
		}
	}
	if len(tail) != 0 {
		return nil, nil, errQuality
	}
	return quality, covered, nil
}
