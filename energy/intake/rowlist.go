package intake

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"heatledger/energy"
)

// numbered is a reading and the row it came from, in 40 bytes: a submission may
// have millions.
type numbered struct {
	at, length int64 // µs
	value      energy.Value
	row        int32
	column     uint16 // of the value's cell
	quality    energy.Quality
	fresh      bool // it is not known yet
}

func numberedOf(row Row, r energy.Reading) numbered {
	return numbered{at: r.At.UnixMicro(), length: r.Length.Microseconds(), value: r.Value, row: int32(row.Number), column: uint16(row.Column), quality: r.Quality}
}

func (n numbered) reading() energy.Reading {
	return energy.Reading{At: time.UnixMicro(n.at).UTC(), Length: time.Duration(n.length) * time.Microsecond, Value: n.value, Quality: n.quality}
}

// blockRows is the number of rows of a block of a [rowList].
const blockRows = 4096

// rowList are the rows of one point. It grows by blocks, so that a million rows
// are never copied for want of room.
type rowList struct {
	blocks     [][]numbered // each full, but the last
	n          int
	disordered bool
}

func (l *rowList) add(n numbered) {
	if l.n > 0 && n.at < l.at(l.n-1).at {
		l.disordered = true
	}
	if l.n%blockRows == 0 {
		var block []numbered
		if l.n > 0 {
			block = make([]numbered, 0, blockRows)
		}
		l.blocks = append(l.blocks, block)
	}
	last := len(l.blocks) - 1
	l.blocks[last] = append(l.blocks[last], n)
	l.n++
}

func (l *rowList) at(i int) *numbered { return &l.blocks[i/blockRows][i%blockRows] }

// order brings the rows into the order of their instants, those of one instant
// in that of the file.
func (l *rowList) order() {
	if !l.disordered {
		return
	}
	all := slices.Concat(l.blocks...)
	slices.SortStableFunc(all, func(a, b numbered) int { return cmp.Compare(a.at, b.at) })
	l.blocks, l.disordered = nil, false
	for from := 0; from < len(all); from += blockRows {
		to := min(from+blockRows, len(all))
		l.blocks = append(l.blocks, all[from:to:to])
	}
}

// cut keeps the first n rows.
func (l *rowList) cut(n int) {
	if n == l.n {
		return
	}
	l.n = n
	l.blocks = l.blocks[:(n+blockRows-1)/blockRows]
	if rest := n % blockRows; rest > 0 {
		l.blocks[len(l.blocks)-1] = l.blocks[len(l.blocks)-1][:rest]
	}
}

// whole are all rows at once.
func (l *rowList) whole() []numbered { return slices.Concat(l.blocks...) }

// windows are the rows, ascending, in parts that end with a UTC year, or with a
// month where they are dense: either is a border of chunks, so that none is
// written in two parts (see [Intake.Backfill]). A part is valid until the next.
func (l *rowList) windows() iter.Seq[[]numbered] {
	return func(yield func([]numbered) bool) {
		var part []numbered
		for _, block := range l.blocks {
			for _, row := range block {
				if n := len(part); n > 0 && ends(part[n-1].at, row.at, n) {
					if !yield(part) {
						return
					}
					part = part[:0]
				}
				part = append(part, row)
			}
		}
		if len(part) > 0 {
			yield(part)
		}
	}
}

// ends tells whether a part of n rows ends between two instants.
func ends(last, next int64, n int) bool {
	if n < backfillPart && next-last < int64(time.Hour/time.Microsecond) && last/1e6/86400 == next/1e6/86400 {
		return false // on one day: the usual case, told without a calendar
	}
	a, b := time.UnixMicro(last).UTC(), time.UnixMicro(next).UTC()
	return a.Year() != b.Year() || n >= backfillPart && a.Month() != b.Month()
}
