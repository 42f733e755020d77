package validation

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/series"
)

// copies are days in a row that repeat, each to the last digit, the days in a
// row of an earlier time: last year's file handed in again. Days with few
// different values repeat by themselves and do not count.
func (l *look) copies(at located) []Finding {
	if at.Quantity.Unit() != energy.KilowattHour && at.Quantity.Unit() != energy.Kilowatt && at.Quantity.Unit() != energy.CubicMetre {
		return nil
	}
	days := l.Known[at.ID].Days
	seen := make(map[uint64][]int, len(days)) // days by the print of their values
	var all []Finding
	var first, last, source int // the copy being followed, and the original of its first day
	open := false
	end := func() {
		if open && last-first+1 >= l.Limits.CopyDays && days[last].Period.To.After(l.Period.From) {
			p := common(energy.Period{From: days[first].Period.From, To: days[last].Period.To}, l.Period)
			all = append(all, l.finding(at, CopiedDays, p, Args{"count": count(last - first + 1), "first": {Date: days[source].Date}}))
		}
		open = false
	}
	for i, d := range days {
		key := print64(d.Values)
		matches := seen[key]
		if len(matches) > 0 && !l.telling(d) {
			matches = nil
		}
		next := source + i - first // where the copy that is followed would go on
		switch {
		case open && last == i-1 && slices.Contains(matches, next) && same(days[next], d):
			last = i
		default:
			end()
			if n := len(matches); n > 0 && same(days[matches[n-1]], d) {
				first, last, source, open = i, i, matches[n-1], true
			}
		}
		seen[key] = append(seen[key], i)
	}
	end()
	return all
}

// telling tells whether a day has enough different values to be recognised.
func (l *look) telling(d series.Day) bool {
	if slices.Contains(d.Quality, energy.Missing) {
		return false
	}
	different := make([]energy.Amount, 0, l.Limits.CopyDistinct)
	for _, v := range d.Values {
		if !slices.Contains(different, v) {
			different = append(different, v)
		}
		if len(different) >= l.Limits.CopyDistinct {
			return true
		}
	}
	return false
}

func same(a, b series.Day) bool { return slices.Equal(a.Values, b.Values) }

// print64 is the FNV-1a hash of amounts, word by word.
func print64(values []energy.Amount) uint64 {
	h := uint64(14695981039346656037)
	for _, v := range values {
		h = (h ^ uint64(v)) * 1099511628211
	}
	return h
}
