package series

import "heatledger/energy"

// Day is one point's local calendar day in quarter-hours: the unit of
// everything derived. The same visible readings give the same Day, byte for
// byte, in whatever order and batches they arrived.
type Day struct {
	Date   energy.Date
	Period energy.Period // the local day, cut into UTC quarter-hours
	// Values has one entry a quarter-hour: the amount of the interval for
	// cumulative quantities, the time mean for levels. It is 0 and means
	// nothing where Quality is energy.Missing.
	Values  []energy.Amount
	Quality []energy.Quality
	// Covered is the number of seconds of each quarter-hour that were
	// measured at their own time, 0 to 900.
	Covered []int16
	// Total is Σ Values of a cumulative quantity; 0 for levels.
	Total energy.Amount
	// Weighted is Σ Values·Covered (amount·seconds) of a level; 0 for cumulative quantities.
	Weighted int64
	// CoveredS is Σ Covered.
	CoveredS int
	// Substitute is the part of Total that is not known to belong to this
	// day: shares of spans that a border of the day cuts, and substitute values.
	Substitute energy.Amount
	// Lo and Hi are the least and the greatest of Values that are not missing;
	// both 0 when all are.
	Lo, Hi energy.Amount
}

// Span is an amount whose total is known and whose profile is not: the energy
// across a gap, a monthly invoice, a declared month.
type Span struct {
	Period  energy.Period
	Amount  energy.Amount
	Cause   Cause
	Quality energy.Quality
}

// Cause says why an amount has no profile.
type Cause string

// Gap: two counter readings further apart than the longest distance that is
// interpolated. Interval: a single amount for a long interval. Substitute: the
// amount of either has the shape of substitute values in the quarter-hours that
// lie in the span throughout; see [Fill].
const (
	CauseGap        Cause = "gap"
	CauseInterval   Cause = "interval"
	CauseSubstitute Cause = "substitute"
)
