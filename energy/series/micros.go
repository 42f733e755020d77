package series

import (
	"encoding/binary"
	"math"
)

// appendMicros appends a column of microseconds in the coarsest unit that
// loses nothing; xs is divided in place.
func appendMicros(dst []byte, xs []int64) []byte {
	unit := coarsest(xs)
	for i := range xs {
		xs[i] /= unit
	}
	return appendColumn(binary.AppendUvarint(dst, uint64(unit)), xs)
}

// micros reads what appendMicros wrote.
func (c *cursor) micros(n int) column {
	unit := int64(c.uvarint())
	col := c.column(n)
	if c.err != nil || n == 0 || unit == 1 {
		return col
	}
	if unit <= 0 || unit > 60e6 {
		c.spoil()
		return column{}
	}
	if least, most := col.limits(n); most > math.MaxInt64/unit || least < math.MinInt64/unit {
		c.spoil()
		return column{}
	}
	for i := range col.xs {
		col.xs[i] *= unit
	}
	col.first, col.step = col.first*unit, col.step*unit
	return col
}

// coarsest is the longest of a minute, a second, a millisecond and so on that
// divides every number.
func coarsest(xs []int64) int64 {
units:
	for _, unit := range []int64{60e6, 1e6, 100e3, 10e3, 1e3} {
		for _, x := range xs {
			if x%unit != 0 {
				continue units
			}
		}
		return unit
	}
	return 1
}
