package series

import (
	"math"
	"time"

	"heatledger/energy"
)

// Rules say how the readings of one point are to be understood.
type Rules struct {
	Quantity energy.Quantity
	Kind     energy.SeriesKind
	// MaxGap is the longest distance between two readings that is
	// interpolated, and the longest interval whose amount is spread evenly as
	// measured; 0 is one hour. Between readings a hundredth more is granted: a
	// meter polled each hour is never polled on the microsecond.
	MaxGap time.Duration
	// Modulus is the number at which the counter starts again from 0; 0: none declared.
	Modulus energy.Amount
	// MaxRate is the greatest amount an hour may bring. A rise beyond it is an
	// open case like a fall: a meter that gave zeros for a while must not count
	// its whole register when it recovers. 0 is what no site of a municipality
	// reaches: 2 GW, 100,000 m³/h.
	MaxRate energy.Amount
	// Exchanges of the meter and confirmed resets, in any order.
	Exchanges []Exchange
}

// Exchange is a meter exchange, or a confirmed reset of the same meter.
// Readings before At are of the old register, those at and after it of the new.
type Exchange struct {
	At       time.Time
	Final    energy.Amount // last stand of the old register
	Start    energy.Amount // first stand of the new register
	HasFinal bool          // without it the time from the last reading to At is missing
	HasStart bool          // without it the time from At to the first reading is missing
	// FactorOld and FactorNew multiply the amounts counted before and after,
	// where a transformer ratio changed that the register does not know. The
	// zero Ratio is 1. FactorOld beats the FactorNew of the exchange before.
	FactorOld, FactorNew Ratio
	// Reset says that the register of the same meter was set back: Start is 0
	// even if HasStart is not set.
	Reset bool
}

// Ratio is the exact number Num/Den; the zero Ratio is 1.
type Ratio struct{ Num, Den int64 }

// one tells whether the ratio changes nothing.
func (r Ratio) one() bool { return r.Num == r.Den }

// Most an amount may be. Beyond it differences and sums would not fit; no meter
// means such a number.
const (
	mostCounter  = 1 << 61 // 2.3 billion MWh
	mostInterval = 1 << 53
	mostLevel    = 1 << 46 // 70 GW
)

// limit is the greatest magnitude of a number that k may give.
func limit(k energy.SeriesKind) int64 {
	switch k {
	case energy.Counter:
		return mostCounter
	case energy.Interval:
		return mostInterval
	}
	return mostLevel
}

// levels tells whether the readings are levels (power, temperature) and not amounts.
func (r Rules) levels() bool { return r.Kind == energy.Mean || r.Kind == energy.Instant }

// maxGap is MaxGap in µs.
func (r Rules) maxGap() int64 {
	if r.MaxGap == 0 {
		return time.Hour.Microseconds()
	}
	return r.MaxGap.Microseconds()
}

// joins tells whether readings so many µs apart are interpolated.
func (r Rules) joins(distance int64) bool { return distance <= r.maxGap()+r.maxGap()/100 }

// maxRate is MaxRate, or its default.
func (r Rules) maxRate() int64 {
	if r.MaxRate != 0 {
		return int64(r.MaxRate)
	}
	switch r.Quantity.Unit() {
	case energy.KilowattHour:
		return 2_000_000 * 1_000_000 // kWh in mWh
	case energy.CubicMetre:
		return 100_000 * 1_000_000 // m³ in ml
	case energy.CubicMetreDegree:
		return 100_000 * 200 * 1_000_000 // at 200 °C
	case energy.Litre:
		return 100_000 * 1_000 * 1_000 // l in ml
	}
	return math.MaxInt64
}

// amount is what a reading says in the fixed unit, whose digits are those of the
// quantity, or why it says nothing: a note's code, "" for a reading that itself
// says that a value is missing.
func (r *Rules) amount(reading *energy.Reading, digits int) (v int64, why Code, ok bool) {
	switch {
	case reading.Quality == energy.Missing:
		return 0, "", false
	case reading.Quality == energy.Suspect && r.Kind == energy.Counter:
		return 0, NoteSuspect, false
	case reading.Length <= 0 && (r.Kind == energy.Interval || r.Kind == energy.Mean):
		return 0, NoteLength, false
	}
	fixed, err := reading.Value.Fixed(digits)
	if most := limit(r.Kind); err != nil || fixed > most || fixed < -most {
		return 0, NoteRange, false
	}
	return fixed, "", true
}
