package source

import (
	"cmp"
	"math"
	"slices"

	"heatledger/heatmap"
)

// rounding is taken off a count before it is rounded up, for 0.1 × 30 is a little
// more than 3 in binary numbers.
const rounding = 1e-9

// exceeded is the greatest of the numbers, ascending, that at least the share of
// them, above 0 to 1, reach; 0 of none.
func exceeded[T cmp.Ordered](ascending []T, share float64) (x T) {
	if n := len(ascending); n > 0 {
		x = ascending[n-int(math.Ceil(share*float64(n)-rounding))]
	}
	return x
}

// Band are the powers that 10, 50 and 90 % of some hours reach or exceed.
type Band struct {
	P10, P50, P90 heatmap.Kilowatts
	Hours, Of     int // known hours, of all; a band of no hours means nothing
}

// bandOf puts hours in order and gives their band.
func bandOf(hours []heatmap.Kilowatts, of int) Band {
	slices.Sort(hours)
	return Band{P10: exceeded(hours, 0.1), P50: exceeded(hours, 0.5), P90: exceeded(hours, 0.9), Hours: len(hours), Of: of}
}

// knownOf are the known powers of a series, in order of time.
func knownOf(s heatmap.Series) []heatmap.Kilowatts {
	list := make([]heatmap.Kilowatts, 0, s.Len())
	for _, p := range s.Columns().Power {
		if p == p {
			list = append(list, p)
		}
	}
	return list
}
