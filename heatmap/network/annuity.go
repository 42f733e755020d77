package network

import "math"

// The annuity method of VDI 2067 Part 1 (edition September 2012): payments of a
// period of years become equal yearly amounts. What is bought (A0), bought again
// after its life and left over at the end gives the capital-related annuity;
// energy the demand-related; upkeep and the like the operation-related.

// Horizon is what all payments have in common.
type Horizon struct {
	Years    int     // the period looked at, 1 or more
	Interest float64 // a year; 0 is allowed
}

// Factor is the annuity factor a: the yearly payment that one euro now amounts to.
func (h Horizon) Factor() float64 {
	if h.Interest == 0 {
		return 1 / float64(h.Years)
	}
	return h.Interest / -math.Expm1(-float64(h.Years)*math.Log1p(h.Interest)) // 1 - q^-T, exact for the least interest, too
}

// PriceFactor is a·b: the equal yearly payment for a payment that is one euro in
// the first year and changes by a share every year.
func (h Horizon) PriceFactor(change float64) float64 {
	q, gap, years := 1+h.Interest, h.Interest-change, float64(h.Years)
	present := years / q
	if gap != 0 {
		present = -math.Expm1(years*math.Log1p(-gap/q)) / gap // 1 - (r/q)^T over q - r
	}
	return present * h.Factor()
}

// Capital is the capital-related annuity of what costs amount now, lasts life
// years and costs more by change every year when it is bought again. What is left
// of the last one at the end of the period counts, in a straight line.
func (h Horizon) Capital(amount float64, life int, change float64) float64 {
	q, r := 1+h.Interest, 1+change
	again := (h.Years - 1) / life // how often it is bought again
	present := amount
	for i := 1; i <= again; i++ {
		present += amount * math.Pow(r/q, float64(i*life))
	}
	left := float64((again+1)*life-h.Years) / float64(life)
	present -= amount * math.Pow(r, float64(again*life)) * left * math.Pow(q, -float64(h.Years))
	return present * h.Factor()
}
