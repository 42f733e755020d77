package geo

import (
	"math"
	"math/big"
)

// place is where a point lies as seen from a ring.
type place int

const (
	outside place = iota
	inside
	onBorder
)

// locate tells where p lies, by counting the edges a ray to the right crosses.
func locate(p Point, ring Line) place {
	in := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if onSegment(p, a, b) {
			return onBorder
		}
		if (a.Y > p.Y) != (b.Y > p.Y) && (orientation(a, b, p) > 0) == (b.Y > a.Y) {
			in = !in
		}
	}
	if in {
		return inside
	}
	return outside
}

// orientation is +1 if a, b, c turn to the left, -1 to the right and 0 if they
// lie on a line. It is exact: where floating point cannot tell (Shewchuk 1997,
// Adaptive precision floating-point arithmetic, the bound of orient2d), long
// numbers do.
func orientation(a, b, c Point) int {
	left := (a.X - c.X) * (b.Y - c.Y)
	right := (a.Y - c.Y) * (b.X - c.X)
	det := left - right
	const bound = (3 + 16*(1.0/(1<<53))) * (1.0 / (1 << 53))
	if math.Abs(det) > bound*(math.Abs(left)+math.Abs(right)) {
		return sign(det)
	}
	if (a.X == c.X || b.Y == c.Y) && (a.Y == c.Y || b.X == c.X) {
		return 0
	}
	minus := func(x, y float64) *big.Float {
		return new(big.Float).SetPrec(exactBits).Sub(big.NewFloat(x), big.NewFloat(y))
	}
	times := func(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(exactBits).Mul(x, y) }
	return times(minus(a.X, c.X), minus(b.Y, c.Y)).Cmp(times(minus(a.Y, c.Y), minus(b.X, c.X)))
}

// exactBits hold any product of two differences of float64 numbers: twice the
// 2,098 bits from the largest to the least of them.
const exactBits = 4200

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// onSegment tells whether p lies on the segment from a to b.
func onSegment(p, a, b Point) bool {
	return p.X >= min(a.X, b.X) && p.X <= max(a.X, b.X) && p.Y >= min(a.Y, b.Y) && p.Y <= max(a.Y, b.Y) &&
		orientation(a, b, p) == 0
}

// meeting is how two segments have points in common.
type meeting int

const (
	apart    meeting = iota
	touching         // an end of one lies on the other
	crossing         // each has its ends on both sides of the other
	along            // they share a piece
)

// meet tells how the segments ab and cd meet.
func meet(a, b, c, d Point) meeting {
	if max(a.X, b.X) < min(c.X, d.X) || max(c.X, d.X) < min(a.X, b.X) ||
		max(a.Y, b.Y) < min(c.Y, d.Y) || max(c.Y, d.Y) < min(a.Y, b.Y) {
		return apart
	}
	o1, o2 := orientation(a, b, c), orientation(a, b, d)
	o3, o4 := orientation(c, d, a), orientation(c, d, b)
	switch {
	case o1 == 0 && o2 == 0: // all on one line
		return overlap(a, b, c, d)
	case o1*o2 < 0 && o3*o4 < 0:
		return crossing
	case o1 == 0 && onSegment(c, a, b), o2 == 0 && onSegment(d, a, b),
		o3 == 0 && onSegment(a, c, d), o4 == 0 && onSegment(b, c, d):
		return touching
	}
	return apart
}

// overlap tells whether segments on one line share a point or a piece.
func overlap(a, b, c, d Point) meeting {
	key := func(p Point) float64 { return p.X }
	if a.X == b.X {
		key = func(p Point) float64 { return p.Y }
	}
	from := max(min(key(a), key(b)), min(key(c), key(d)))
	to := min(max(key(a), key(b)), max(key(c), key(d)))
	switch {
	case from < to:
		return along
	case from == to:
		return touching
	}
	return apart
}

// crossingPoint is where the lines through ab and cd cross; they are not parallel.
func crossingPoint(a, b, c, d Point) Point {
	den := (b.X-a.X)*(d.Y-c.Y) - (b.Y-a.Y)*(d.X-c.X)
	if den == 0 {
		return a
	}
	t := ((c.X-a.X)*(d.Y-c.Y) - (c.Y-a.Y)*(d.X-c.X)) / den
	return Point{a.X + t*(b.X-a.X), a.Y + t*(b.Y-a.Y)}
}
