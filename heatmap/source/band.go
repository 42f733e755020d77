package source

import (
	"heatledger/heatmap"
)

const (
	hoursOfDay   = 24
	monthsOfYear = 12
)

// Bands are the bands of a source by when the hours were.
type Bands struct {
	Whole Band
	// Days is by kind of day and local hour, over the whole period: of under twelve
	// months it is that of its season only.
	Days [heatmap.KindsOfDay][hoursOfDay]Band
	// Months has twelve entries, January first; none from under twelve months, or
	// where a month is too thin. Why says which.
	Months []MonthBands
	Why    Why
}

// MonthBands are the bands of a month of the year.
type MonthBands struct {
	Whole Band
	Hours [hoursOfDay]Band                     // of all its days
	Days  [heatmap.KindsOfDay][hoursOfDay]Band // by kind of day
}

// BandsOf are the bands of a series in the calendar of a place.
func BandsOf(s heatmap.Series, l heatmap.Local) Bands {
	hours := s.Hourly()
	return bands(hours, l.Slots(hours))
}

// bands are those of hours in their slots.
func bands(hours heatmap.Series, slots []heatmap.Slot) Bands {
	all := sortIn(hours, slots, monthsOfYear*hoursOfDay*heatmap.KindsOfDay, func(s heatmap.Slot) int {
		return (int(s.Month-1)*hoursOfDay+int(s.Hour))*heatmap.KindsOfDay + int(s.Kind)
	})
	byDay := sortIn(hours, slots, heatmap.KindsOfDay*hoursOfDay, func(s heatmap.Slot) int { return int(s.Kind)*hoursOfDay + int(s.Hour) })
	var b Bands
	for kind := range heatmap.KindsOfDay {
		for hour := range hoursOfDay {
			b.Days[kind][hour] = byDay.band(kind*hoursOfDay+hour, 1)
		}
	}
	b.Whole = byDay.band(0, len(byDay.of))
	if b.Why = seasonal(hours, slots); b.Why != "" {
		return b
	}
	b.Months = make([]MonthBands, monthsOfYear)
	for m := range b.Months {
		for hour := range hoursOfDay {
			first := (m*hoursOfDay + hour) * heatmap.KindsOfDay
			for kind := range heatmap.KindsOfDay {
				b.Months[m].Days[kind][hour] = all.band(first+kind, 1)
			}
			b.Months[m].Hours[hour] = all.band(first, heatmap.KindsOfDay)
		}
		b.Months[m].Whole = all.band(m*hoursOfDay*heatmap.KindsOfDay, hoursOfDay*heatmap.KindsOfDay)
	}
	return b
}

// boxes are hours sorted into boxes that lie one after the other.
type boxes struct {
	hours []heatmap.Kilowatts
	first []int // where each box begins; one more than there are boxes
	of    []int // hours of each box, known or not
}

// sortIn puts the known hours into n boxes.
func sortIn(hours heatmap.Series, slots []heatmap.Slot, n int, box func(heatmap.Slot) int) boxes {
	b := boxes{hours: make([]heatmap.Kilowatts, len(slots)), first: make([]int, n+1), of: make([]int, n)}
	power := hours.Columns().Power
	for i, p := range power {
		at := box(slots[i])
		b.of[at]++
		if p == p {
			b.first[at+1]++
		}
	}
	for i := range n {
		b.first[i+1] += b.first[i]
	}
	next := append([]int(nil), b.first[:n]...)
	for i, p := range power {
		if p == p {
			at := box(slots[i])
			b.hours[next[at]] = p
			next[at]++
		}
	}
	return b
}

// band is that of some boxes in a row. It puts their hours in order among
// themselves, so the narrower comes before the wider.
func (b boxes) band(box, n int) Band {
	of := 0
	for _, x := range b.of[box : box+n] {
		of += x
	}
	return bandOf(b.hours[b.first[box]:b.first[box+n]], of)
}

// leastOfMonth is the share of a month's hours that must be known for it to have a
// band, or a mean.
const leastOfMonth = 0.5

// seasonal is why the hours tell nothing of the seasons; "" where they do: from the
// first to the last known hour there are twelve months, and each month of the year
// is known for half at least.
func seasonal(hours heatmap.Series, slots []heatmap.Slot) Why {
	first := -1
	var last int
	var known, of [monthsOfYear]int
	for i, p := range hours.Columns().Power {
		of[slots[i].Month-1]++
		if p == p {
			known[slots[i].Month-1]++
			if last = i; first < 0 {
				first = i
			}
		}
	}
	switch {
	case first < 0:
		return NothingKnown
	case hours.At(first).AddDate(1, 0, 0).After(hours.At(last+1).AddDate(0, 0, 1)): // a day short is no matter
		return UnderTwelveMonths
	}
	for m := range known {
		if float64(known[m]) < leastOfMonth*float64(of[m]) {
			return MonthTooThin
		}
	}
	return ""
}
