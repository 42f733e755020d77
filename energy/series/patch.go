package series

import (
	"slices"

	"heatledger/energy"
)

// Patch is a day of the same point and rules with the quarter-hours in part as
// the readings have them now, and all others as they were. Nothing beyond part
// may have changed (see [Rules.Reach]), and the track needs no more than Context
// usable readings on either side of part. A day without values is one of which
// nothing was known. The day that is handed in stays as it was.
//
// ok is false where the other quarter-hours do not say all that is needed of
// them, and the day is to be derived as a whole: where part of their amounts is
// not known to belong to the day, or an amount that is not measured may be; and
// where part does not consist of whole quarter-hours of the day.
func (t *Track) Patch(day Day, part energy.Period) (patched Day, ok bool) {
	if len(day.Values) == 0 {
		day = day.empty()
	}
	first, last, ok := day.quarters(part)
	if !ok || !t.stays(day, first, last) {
		return Day{}, false
	}
	patched = Day{Date: day.Date, Period: day.Period,
		Values: slices.Clone(day.Values), Quality: slices.Clone(day.Quality), Covered: slices.Clone(day.Covered)}
	clear(patched.Values[first:last])
	clear(patched.Quality[first:last])
	clear(patched.Covered[first:last])
	for q, v := range patched.Values {
		if t.rules.levels() {
			patched.Weighted += int64(v) * int64(patched.Covered[q])
		} else {
			patched.Total += v
		}
	}
	t.cut(&patched, first, last)
	patched.sumUp()
	return patched, true
}

// quarters are those of the day in part, from first to before last; ok is false
// where a border of part cuts one.
func (d Day) quarters(part energy.Period) (first, last int, ok bool) {
	part = part.Common(d.Period)
	from, length := part.From.Sub(d.Period.From), part.Length()
	if length < 0 || from%energy.QuarterHour != 0 || length%energy.QuarterHour != 0 && !part.To.Equal(d.Period.To) {
		return 0, 0, false
	}
	first = int(from / energy.QuarterHour)
	last = first + int((length+energy.QuarterHour-1)/energy.QuarterHour)
	return first, last, last <= len(d.Values) && len(d.Quality) == len(d.Values) && len(d.Covered) == len(d.Values)
}

// stays tells whether the quarter-hours of a day but those from first to before
// last say all that is needed of them. Levels do: a day sums up nothing of them
// but what each says. So do those of a counter on a day of which nothing is in
// doubt, for its amounts are never below zero and their doubtful parts cannot
// cancel. Amounts of intervals may be; those that were measured are not in doubt.
func (t *Track) stays(day Day, first, last int) bool {
	switch {
	case t.rules.levels():
		return true
	case t.rules.Kind == energy.Counter:
		return day.Substitute == 0
	}
	return day.plain(0, first) && day.plain(last, len(day.Values))
}

// PlainBeyond tells whether all quarter-hours beyond part were measured or are
// missing: no span overlaps them, and none has the shape of another series.
func (d Day) PlainBeyond(part energy.Period) bool {
	first, last, ok := d.quarters(part)
	return ok && d.plain(0, first) && d.plain(last, len(d.Values))
}

func (d Day) plain(first, last int) bool {
	return !slices.ContainsFunc(d.Quality[first:last], func(q energy.Quality) bool { return q != energy.Measured && q != energy.Missing })
}

// Changed are the quarter-hours in which now, the same day later, is another
// one, from first to before last; some quarter-hour where only the sums are.
func (d Day) Changed(now Day) (first, last int, changed bool) {
	same := func(q int) bool {
		return d.Values[q] == now.Values[q] && d.Quality[q] == now.Quality[q] && d.Covered[q] == now.Covered[q]
	}
	for last = len(d.Values); first < last && same(first); first++ {
	}
	for ; last > first && same(last-1); last-- {
	}
	if first < last {
		return first, last, true
	}
	return 0, 1, d.Total != now.Total || d.Weighted != now.Weighted || d.CoveredS != now.CoveredS || d.Substitute != now.Substitute ||
		d.Lo != now.Lo || d.Hi != now.Hi
}
