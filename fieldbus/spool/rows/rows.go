// Package rows packs the readings of one site into bytes and back, exactly. It
// knows readings, no files and no network; the spool keeps its records in this
// form and the push protocol sends it.
//
// A body is a table of names followed by blocks up to its end:
//
//	body  = uvarint number of names, names, block*
//	name  = uvarint gap, uvarint length, bytes: the point without its site, which
//	        stands in whatever holds the body; its number is that of the name
//	        before (at first −1) plus 1 plus gap, at most MaxPoint
//	block = varint base instant (µs), uvarint number of rows, rows
//	row   = head byte, then what the head does not take from the row before:
//	        bit 0 clear: varint difference of the point's number
//	        bit 1 clear: varint difference of At (µs)
//	        bit 2 clear: varint Length (µs)
//	        bit 3 clear: one byte Quality
//	        bits 4–5:    0 decimal, exponent as before: varint mantissa
//	                     1 decimal: one byte exponent, varint mantissa
//	                     2 binary that is exactly a float32: 4 bytes
//	                     3 binary: 8 bytes
//	        bits 6–7:    zero
//
// Varints are those of encoding/binary (zigzag), fixed numbers little-endian. A
// block begins as if the row before had been: point −1, At = base, Length 0,
// Quality measured, exponent 0; bit 0 set means "the next point". A poll's
// readings of a register take 3 to 6 bytes each.
package rows

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"heatledger/energy"
)

const (
	nextPoint   = 1 << 0
	sameAt      = 1 << 1
	sameLength  = 1 << 2
	sameQuality = 1 << 3
	formShift   = 4
	unusedBits  = 0xC0
)

const (
	formDecimal = iota
	formScaled
	formFloat32
	formFloat64
)

// MaxRowSize bounds the bytes of one row: head, three varints, quality,
// exponent and the value.
const MaxRowSize = 1 + 3*binary.MaxVarintLen64 + 2 + binary.MaxVarintLen64

// MaxPoint is the highest number of a point.
const MaxPoint = 1<<20 - 1

// state is what a row is written relative to.
type state struct {
	point   uint64
	at      int64 // µs
	length  int64 // µs
	quality energy.Quality
	exp     int8
}

// begin is the state before a block's first row: the first point is the next.
func begin(base int64) state {
	return state{point: math.MaxUint64, at: base, quality: energy.Measured}
}

// Block appends rows to a block.
type Block struct{ before state }

// AppendBlock appends the head of a block of n rows whose instants lie near
// base (Unix µs) and returns the Block that appends the rows.
func AppendBlock(dst []byte, base int64, n int) ([]byte, Block) {
	return AppendHead(dst, base, n), NewBlock(base)
}

// NewBlock appends rows to a block whose head is written later, by [AppendHead]
// with the same base: for whoever does not know how many will come.
func NewBlock(base int64) Block { return Block{before: begin(base)} }

// AppendHead appends the head of a block of n rows.
func AppendHead(dst []byte, base int64, n int) []byte {
	return binary.AppendUvarint(binary.AppendVarint(dst, base), uint64(n))
}

// Append appends one row. What is finer than a microsecond in instant and
// length is cut off, as [energy.Reading] says it must not be there.
func (b *Block) Append(dst []byte, point uint64, r *energy.Reading) []byte {
	head := len(dst)
	dst = append(dst, 0)
	flags := byte(0)
	if point == b.before.point+1 {
		flags |= nextPoint
	} else {
		dst = binary.AppendVarint(dst, int64(point-b.before.point))
	}
	b.before.point = point
	if at := r.At.UnixMicro(); at == b.before.at {
		flags |= sameAt
	} else {
		dst = binary.AppendVarint(dst, at-b.before.at)
		b.before.at = at
	}
	if length := int64(r.Length / time.Microsecond); length == b.before.length {
		flags |= sameLength
	} else {
		dst = binary.AppendVarint(dst, length)
		b.before.length = length
	}
	if r.Quality == b.before.quality {
		flags |= sameQuality
	} else {
		dst = append(dst, byte(r.Quality))
		b.before.quality = r.Quality
	}
	dst, form := b.appendValue(dst, r.Value)
	dst[head] = flags | form<<formShift
	return dst
}

// appendValue appends a value and tells its form. Bits decide what is a float32,
// so that NaNs keep theirs.
func (b *Block) appendValue(dst []byte, v energy.Value) ([]byte, byte) {
	if !v.IsDecimal() {
		f := v.Float64()
		if short := float32(f); math.Float64bits(float64(short)) == math.Float64bits(f) {
			return binary.LittleEndian.AppendUint32(dst, math.Float32bits(short)), formFloat32
		}
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f)), formFloat64
	}
	mantissa, exp := v.Mantissa()
	if exp == b.before.exp {
		return binary.AppendVarint(dst, mantissa), formDecimal
	}
	b.before.exp = exp
	dst = append(dst, byte(exp))
	return binary.AppendVarint(dst, mantissa), formScaled
}

// AppendNames appends the table of those names, indexed by the point's number,
// that are used.
func AppendNames(dst []byte, names []string, used []bool) []byte {
	count := 0
	for _, u := range used {
		if u {
			count++
		}
	}
	dst = binary.AppendUvarint(dst, uint64(count))
	gap := uint64(0)
	for number, u := range used {
		if !u {
			gap++
			continue
		}
		dst = binary.AppendUvarint(dst, gap)
		dst = binary.AppendUvarint(dst, uint64(len(names[number])))
		dst = append(dst, names[number]...)
		gap = 0
	}
	return dst
}

// AppendBody appends readings of one site as a body of one block.
func AppendBody(dst []byte, readings []energy.PointReading) []byte {
	numbers := make(map[energy.PointID]uint64)
	var names []string
	for i := range readings {
		if _, known := numbers[readings[i].Point]; !known {
			numbers[readings[i].Point] = uint64(len(names))
			names = append(names, readings[i].Point.Name())
		}
	}
	dst = AppendNames(dst, names, slices.Repeat([]bool{true}, len(names)))
	if len(readings) == 0 {
		return dst
	}
	dst, block := AppendBlock(dst, readings[0].At.UnixMicro(), len(readings))
	for i := range readings {
		dst = block.Append(dst, numbers[readings[i].Point], &readings[i].Reading)
	}
	return dst
}
