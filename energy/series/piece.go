package series

import (
	"time"

	"heatledger/energy"
)

// piece is a stretch of time about which something is known: a counter runs
// from first to last, a level moves from first to last, both evenly.
// Instants are µs since 1970.
type piece struct {
	from, to    int64
	first, last int64
	quality     energy.Quality
	spread      bool // its profile is unknown: a span
}

// at is the number at instant x within the piece, rounded. Amounts are
// differences of such rounded stands, so that they telescope: whatever borders
// cut a piece, its parts add up to the whole, to the last digit.
func (p piece) at(x int64) int64 {
	switch x {
	case p.from:
		return p.first
	case p.to:
		return p.last
	}
	return p.first + share(p.last-p.first, x-p.from, p.to-p.from)
}

// covers tells whether what the piece says was measured at its own time.
func (p piece) covers() bool {
	return !p.spread && (p.quality == energy.Measured || p.quality == energy.Calculated)
}

// Seconds is the length of p in whole seconds between its borders rounded down.
// Coverage is counted so: parts add up to the whole in any split, and a
// quarter-hour has exactly 900.
func Seconds(p energy.Period) int64 { return p.To.Unix() - p.From.Unix() }

// wholeSeconds is Seconds for instants in µs.
func wholeSeconds(from, to int64) int64 { return floorSecond(to) - floorSecond(from) }

func floorSecond(x int64) int64 {
	s := x / 1_000_000
	if x < 0 && s*1_000_000 != x {
		s--
	}
	return s
}

func instant(x int64) time.Time { return time.UnixMicro(x).UTC() }
