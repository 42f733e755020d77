package series

import (
	"slices"
	"time"

	"heatledger/energy"
)

// Known is what is known of a point: its local days and its spans, both
// ascending.
type Known struct {
	Days  []Day
	Spans []Span
}

// Addend is a point in a sum, with the factor that it has there: any sign, the
// zero Ratio is 1.
type Addend struct {
	Factor Ratio
	Known
}

// Part is what a point has of another one.
type Part struct {
	Of Known
	// By over Whole, day by day, is the part; without By it is Fallback. Where a
	// day of either is not known throughout, or the two give no part from 0 to 1,
	// Fallback stands in, as a substitute.
	By, Whole   *Known
	Fallback    Ratio
	HasFallback bool
	From        energy.Date // nothing is known of earlier days
}

// Add calculates a point as a sum. A quarter-hour of a cumulative quantity is
// known where that of every addend is known throughout; the sum of a day is
// rounded once, so that parts add up to the whole. Where the profile of any
// addend is not known, but its total is, only the total of the sum is known: the
// spans of addends, widened to whole quarter-hours, become spans of the sum.
func Add(frames []Day, levels bool, addends []Addend) Known {
	days := make([]Day, 0, len(frames))
	for _, frame := range frames {
		day := frame.empty()
		columns := make([]addendDay, len(addends))
		for i, a := range addends {
			columns[i] = a.on(day, levels)
		}
		day.add(columns, common(addends), levels)
		days = append(days, day)
	}
	var spans []Span
	for _, a := range addends {
		spans = append(spans, a.Spans...)
	}
	return spread(days, spans, levels)
}

// Share calculates a point as a part of another one.
func Share(frames []Day, levels bool, p Part) Known {
	days := make([]Day, 0, len(frames))
	for _, frame := range frames {
		day := frame.empty()
		if part, quality, ok := p.on(day); ok {
			of := Addend{Factor: part, Known: p.Of}.on(day, levels)
			of.quality = quality
			day.add([]addendDay{of}, part.Den, levels)
		}
		days = append(days, day)
	}
	return spread(days, p.Of.Spans, levels)
}

// Frame is a day of which nothing is known yet.
func Frame(date energy.Date, p energy.Period) Day { return Day{Date: date, Period: p} }

// empty is a day of the same place and length with nothing in it.
func (d Day) empty() Day {
	n := int((d.Period.Length() + energy.QuarterHour - 1) / energy.QuarterHour)
	return Day{Date: d.Date, Period: d.Period,
		Values: make([]energy.Amount, n), Quality: make([]energy.Quality, n), Covered: make([]int16, n)}
}

// on is the day of that date; ok is false where there is none of the same length.
func (k Known) on(frame Day) (day Day, ok bool) {
	i, ok := slices.BinarySearchFunc(k.Days, frame.Period.From, func(d Day, from time.Time) int { return d.Period.From.Compare(from) })
	if !ok || len(k.Days[i].Values) != len(frame.Values) {
		return Day{}, false
	}
	return k.Days[i], true
}

// addendDay is an addend on one day.
type addendDay struct {
	day     Day
	ok      bool   // there is such a day
	whole   []bool // quarter-hours that are known throughout
	factor  Ratio
	quality energy.Quality // of the factor; Missing: exact
}

func (a Addend) on(frame Day, levels bool) addendDay {
	c := addendDay{factor: a.Factor}
	if c.factor.Den == 0 {
		c.factor = Ratio{1, 1}
	}
	if c.day, c.ok = a.Known.on(frame); !c.ok {
		return c
	}
	seconds := c.day.Known(overlapping(c.day.Period, a.Spans))
	c.whole = make([]bool, len(c.day.Values))
	for q, quality := range c.day.Quality {
		switch {
		case quality == energy.Missing:
		case levels || !known(quality):
			c.whole[q] = true
		default:
			c.whole[q] = int64(seconds[q]) >= Seconds(c.day.quarter(q))
		}
	}
	return c
}

// common is a denominator of all factors.
func common(addends []Addend) int64 {
	den := int64(1)
	for _, a := range addends {
		if a.Factor.Den > 0 && den%a.Factor.Den != 0 {
			den = den / divisor(den, a.Factor.Den) * a.Factor.Den
		}
	}
	return den
}

// divisor is the greatest common divisor.
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// add fills d with the sum of the columns, whose factors have the common
// denominator den. Amounts are differences of the rounded running sum, levels
// are rounded one by one.
func (d *Day) add(columns []addendDay, den int64, levels bool) {
	var running integral
	var before int64
	for q := range d.Values {
		if slices.ContainsFunc(columns, func(c addendDay) bool { return !c.ok || !c.whole[q] }) {
			continue
		}
		if levels {
			running, before = integral{}, 0
		}
		d.Quality[q], d.Covered[q] = energy.Calculated, int16(Seconds(d.quarter(q)))
		for _, c := range columns {
			running.addSigned(int64(c.day.Values[q]), c.factor.Num*(den/c.factor.Den))
			d.Quality[q] = Worse(Worse(d.Quality[q], c.day.Quality[q]), c.quality)
			d.Covered[q] = min(d.Covered[q], c.day.Covered[q])
		}
		if !known(d.Quality[q]) {
			d.Covered[q] = 0
		}
		if !running.fits(den) { // beyond what any meter means: nothing is known from here on
			d.Quality[q], d.Covered[q] = energy.Missing, 0
			continue
		}
		sum := running.over(den)
		d.Values[q], before = energy.Amount(sum-before), sum
	}
}

// on is the part on a day, and how good it is.
func (p Part) on(frame Day) (part Ratio, quality energy.Quality, ok bool) {
	if frame.Date.UTC().Before(p.From.UTC()) {
		return Ratio{}, energy.Missing, false
	}
	if p.By == nil || p.Whole == nil {
		return p.Fallback, energy.Missing, p.HasFallback
	}
	by, hasBy := p.By.on(frame)
	whole, hasWhole := p.Whole.on(frame)
	if !hasBy || !hasWhole || slices.Contains(by.Quality, energy.Missing) || slices.Contains(whole.Quality, energy.Missing) ||
		by.Total < 0 || whole.Total <= 0 || by.Total > whole.Total {
		return p.Fallback, energy.Substitute, p.HasFallback
	}
	quality = energy.Calculated
	if by.Substitute != 0 || whole.Substitute != 0 {
		quality = energy.Substitute
	}
	return Ratio{int64(by.Total), int64(whole.Total)}, quality, true
}
