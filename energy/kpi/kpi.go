// Package kpi computes the standard figures of a site from its days. It knows
// which points a figure adds up and which standard defines it; it judges
// nothing and reads nothing itself: its caller hands it days, spans and sums.
//
// Sums come first, the division last and once (EN 50600-4-2: the figures of
// shorter periods are never averaged). Numerator and denominator are paired:
// where one of them lacks energy, the other is left out too, and the coverage
// says so.
package kpi

import (
	"math"
	"math/bits"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Unity is the factor of a term that is added as it is.
const Unity = 1000

// Term is a point in a sum. Factor is in thousandths: Unity adds, -Unity
// subtracts, 400 adds 0.4 of it (a weighted cold import).
type Term struct {
	Point  energy.PointID
	Factor int64
}

// Sum is what a paired figure adds up over a day, a month, a year. Sums of
// parts are the sum of the whole: fields only ever add.
type Sum struct {
	Numerator   energy.Amount
	Denominator energy.Amount
	// Substitute parts: amounts of quality substitute or declared.
	NumeratorSubstitute   energy.Amount
	DenominatorSubstitute energy.Amount
	// IntervalS are the seconds in which every point was measured at its own
	// time, EnergyS those in which the energy of every point is known or
	// spread across a gap, PeriodS all seconds.
	IntervalS, EnergyS, PeriodS int64
}

// Add adds o to s.
func (s *Sum) Add(o Sum) {
	s.Numerator += o.Numerator
	s.Denominator += o.Denominator
	s.NumeratorSubstitute += o.NumeratorSubstitute
	s.DenominatorSubstitute += o.DenominatorSubstitute
	s.IntervalS += o.IntervalS
	s.EnergyS += o.EnergyS
	s.PeriodS += o.PeriodS
}

// Pair is a figure's numerator and denominator.
type Pair struct{ Numerator, Denominator []Term }

// Points are the points of both sides.
func (p Pair) Points() []energy.PointID {
	points := make([]energy.PointID, 0, len(p.Numerator)+len(p.Denominator))
	for _, t := range append(append([]Term{}, p.Numerator...), p.Denominator...) {
		points = append(points, t.Point)
	}
	return points
}

// Complete tells whether both sides name a point.
func (p Pair) Complete() bool { return len(p.Numerator) > 0 && len(p.Denominator) > 0 }

// Day adds up one local day. A quarter-hour counts when each of the points has
// energy in all of it: measured, spread across a gap, or a substitute. A point
// without a day lacks energy throughout.
func (p Pair) Day(period energy.Period, days map[energy.PointID]series.Day, spans map[energy.PointID][]series.Span) Sum {
	sum := Sum{PeriodS: series.Seconds(period)}
	known := map[energy.PointID][]int16{}
	for _, point := range p.Points() {
		day, ok := days[point]
		if !ok {
			return sum
		}
		known[point] = knownSeconds(day, spans[point])
	}
	quarters := int(period.Length() / energy.QuarterHour)
	for q := range quarters {
		whole, energyS, intervalS := true, int16(quarterSeconds), int16(quarterSeconds)
		for _, point := range p.Points() {
			seconds := at(known[point], q)
			whole = whole && (seconds == quarterSeconds || estimated(days[point], q))
			energyS = min(energyS, seconds)
			intervalS = min(intervalS, at(days[point].Covered, q))
		}
		if !whole {
			continue
		}
		if energyS == quarterSeconds {
			sum.EnergyS += quarterSeconds
		}
		if intervalS == quarterSeconds {
			sum.IntervalS += quarterSeconds
		}
		for _, t := range p.Numerator {
			v, substitute := t.amount(days[t.Point], q)
			sum.Numerator += v
			sum.NumeratorSubstitute += substitute
		}
		for _, t := range p.Denominator {
			v, substitute := t.amount(days[t.Point], q)
			sum.Denominator += v
			sum.DenominatorSubstitute += substitute
		}
	}
	return sum
}

const quarterSeconds = 900

// estimated tells whether the quarter-hour's value is a substitute, declared or
// doubtful: it counts, and is marked.
func estimated(day series.Day, q int) bool {
	if q >= len(day.Quality) {
		return false
	}
	switch day.Quality[q] {
	case energy.Substitute, energy.Declared, energy.Suspect:
		return true
	}
	return false
}

func (t Term) amount(day series.Day, q int) (amount, substitute energy.Amount) {
	v := Scale(day.Values[q], t.Factor, Unity)
	if estimated(day, q) {
		return v, v
	}
	return v, 0
}

// knownSeconds are the seconds of each quarter-hour in which the point's
// energy is measured or spread across a span.
func knownSeconds(day series.Day, spans []series.Span) []int16 {
	known := append([]int16{}, day.Covered...)
	for _, span := range spans {
		for q := range known {
			if day.Quality[q] != energy.Distributed {
				continue
			}
			from := day.Period.From.Add(time.Duration(q) * energy.QuarterHour)
			common := intersection(energy.Period{From: from, To: from.Add(energy.QuarterHour)}, span.Period)
			if common.Length() > 0 {
				known[q] = min(quarterSeconds, known[q]+int16(series.Seconds(common)))
			}
		}
	}
	return known
}

func at(seconds []int16, q int) int16 {
	if q < len(seconds) {
		return seconds[q]
	}
	return 0
}

// Scale is a × num / den for den > 0, in 128-bit arithmetic, rounded towards zero.
func Scale(a energy.Amount, num, den int64) energy.Amount {
	if num == den {
		return a
	}
	negative := (a < 0) != (num < 0)
	hi, lo := bits.Mul64(abs(int64(a)), abs(num))
	quotient := uint64(math.MaxInt64) // beyond int64, which no meter reaches
	if hi < uint64(den) {
		quotient, _ = bits.Div64(hi, lo, uint64(den))
		quotient = min(quotient, math.MaxInt64)
	}
	if negative {
		return -energy.Amount(quotient)
	}
	return energy.Amount(quotient)
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
