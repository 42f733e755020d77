package store

import (
	"cmp"
	"math"
	"slices"

	"heatledger/energy"
)

// pointReadings are the readings of one point.
type pointReadings struct {
	id       energy.PointID
	readings []energy.Reading // ascending
}

// byPoint deals readings to their points, in the order of the ids.
//
// Meters are polled in turn, so a reading is followed by one of the point that
// followed last time, mostly: to compare with that one is cheaper than to look
// it up. All lists share one array.
func byPoint(readings []energy.PointReading) []pointReadings {
	const nobody = -1
	known := map[energy.PointID]int32{}
	var points []pointReadings
	var counts, next []int32           // by point; next: which one followed it last
	of := make([]int32, len(readings)) // the point of each reading
	before := int32(nobody)
	for i := range readings {
		id := readings[i].Point
		n := int32(nobody)
		if before != nobody && next[before] != nobody && points[next[before]].id == id {
			n = next[before]
		} else if found, ok := known[id]; ok {
			n = found
		} else {
			n = int32(len(points))
			known[id] = n
			points, counts, next = append(points, pointReadings{id: id}), append(counts, 0), append(next, nobody)
		}
		if before != nobody {
			next[before] = n
		}
		of[i], before = n, n
		counts[n]++
	}
	all := make([]energy.Reading, len(readings))
	for n, count := range counts {
		points[n].readings, all = all[:0:count], all[count:]
	}
	for i := range readings {
		p := &points[of[i]]
		p.readings = append(p.readings, readings[i].Reading)
	}
	for _, p := range points {
		sortReadings(p.readings)
	}
	slices.SortFunc(points, func(a, b pointReadings) int { return cmp.Compare(a.id, b.id) })
	return points
}

// idsOf are the points of readings.
func idsOf(points []pointReadings) []energy.PointID {
	ids := make([]energy.PointID, len(points))
	for i, p := range points {
		ids[i] = p.id
	}
	return ids
}

// sortReadings puts readings in the order of their instants. Those of the same
// instant, which one fact should not have, get an order too, for the same
// question must have the same answer wherever they lie.
func sortReadings(rs []energy.Reading) {
	for i := 1; i < len(rs); i++ {
		if !rs[i-1].At.Before(rs[i].At) && compareReadings(rs[i-1], rs[i]) > 0 {
			slices.SortFunc(rs, compareReadings)
			return
		}
	}
}

func compareReadings(a, b energy.Reading) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	form := func(v energy.Value) (binary int, exp int8, bits int64) {
		if !v.IsDecimal() {
			return 1, 0, int64(math.Float64bits(v.Float64()))
		}
		bits, exp = v.Mantissa()
		return 0, exp, bits
	}
	aBinary, aExp, aBits := form(a.Value)
	bBinary, bExp, bBits := form(b.Value)
	return cmp.Or(cmp.Compare(a.Length, b.Length), cmp.Compare(a.Quality, b.Quality),
		cmp.Compare(aBinary, bBinary), cmp.Compare(aExp, bExp), cmp.Compare(aBits, bBits))
}
