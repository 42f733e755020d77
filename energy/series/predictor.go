package series

import (
	"math/bits"
	"slices"
)

// predictor foretells each number of a column from those before it, so that
// only what it did not foresee is stored. First the straight line from the
// first number with the given slope is taken off. Where differenced is set,
// the differences of neighbours are foretold instead of the numbers. The
// forecast is the level: a running mean with the weight 1/2^shift for the
// newest number (shift 0: the number before).
//
// A counter is best differenced (its level is the load), a noisy power is not
// (its level is the load, and a difference would double the noise). All
// arithmetic wraps around, so every int64 comes back.
type predictor struct {
	slope       int64
	shift       uint8
	differenced bool
}

// candidates are the predictors worth trying on a column with the given slope.
func candidates(slope int64) []predictor {
	return []predictor{
		{shift: 0}, {shift: 2}, {shift: 4}, {shift: 6},
		{differenced: true, shift: 0}, {differenced: true, shift: 2}, {differenced: true, shift: 4},
		{slope: slope, shift: 3}, {slope: slope, shift: 5},
	}
}

// residuals writes what p did not foresee of xs[1:] to us, zigzag coded.
func (p predictor) residuals(xs []int64, us []uint64) {
	if len(xs) == 0 {
		return
	}
	var level, before int64
	line := xs[0]
	for i, x := range xs[1:] {
		line += p.slope
		y := x - line
		if p.differenced {
			y, before = y-before, y
		}
		r := y - level>>p.shift
		level += r
		us[i] = zigzag(r)
	}
}

// restore is the inverse, in place: xs[0] is the first number, behind it stand
// the residuals.
func (p predictor) restore(xs []int64) {
	var level, before int64
	line := xs[0]
	for i, u := range xs[1:] {
		line += p.slope
		r := unzigzag(uint64(u))
		y := r + level>>p.shift
		level += r
		if p.differenced {
			y += before
			before = y
		}
		xs[i+1] = y + line
	}
}

// sampleSize is how many numbers a choice of predictor is based on.
const sampleSize = 4096

// forecast chooses a predictor for xs and estimates what the column will take,
// in bits.
func forecast(xs []int64) (best predictor, cost int) {
	if len(xs) < 2 {
		return predictor{}, 0
	}
	sample := xs
	if len(xs) > sampleSize {
		at := (len(xs) - sampleSize) / 2
		sample = xs[at : at+sampleSize]
	}
	var room [few]uint64
	us := roomFor(room[:], len(sample)-1)
	least := -1
	for _, p := range candidates(medianStep(sample)) {
		p.residuals(sample, us)
		sum := 0
		for _, u := range us {
			sum += bits.Len64(u)
		}
		if least < 0 || sum < least {
			best, least = p, sum
		}
	}
	return best, least * len(xs) / len(sample)
}

// medianStep is the median of up to 63 differences of neighbours, spread over xs.
func medianStep(xs []int64) int64 {
	var room [few]int64
	steps := room[:0]
	for i := 1; i < len(xs); i += 1 + len(xs)/63 {
		steps = append(steps, xs[i]-xs[i-1])
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}
