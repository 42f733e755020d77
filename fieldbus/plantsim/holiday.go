package plantsim

import "time"

// dayKind says which measured shape a day follows.
type dayKind uint8

const (
	weekday dayKind = iota
	saturday
	sunday
	publicHoliday
	dayKinds
)

// kindOf is the kind of a calendar day in Hesse.
func kindOf(year int, month time.Month, day int) dayKind {
	if isHoliday(year, month, day) {
		return publicHoliday
	}
	switch time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		return saturday
	case time.Sunday:
		return sunday
	}
	return weekday
}

// isHoliday knows the public holidays of Hesse (HFeiertagsG § 1).
func isHoliday(year int, month time.Month, day int) bool {
	switch {
	case month == time.January && day == 1, month == time.May && day == 1,
		month == time.October && day == 3, month == time.December && (day == 25 || day == 26):
		return true
	}
	if month < time.March || month > time.June {
		return false
	}
	// Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi
	switch yearDay(year, month, day) - yearDay(year, time.March, 0) - easter(year) {
	case -2, 1, 39, 50, 60:
		return true
	}
	return false
}

// yearDay numbers calendar days without gaps; day 0 is the last of the month before.
func yearDay(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// easter is the day of Easter Sunday counted in March (32 is 1 April): the
// anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
func easter(year int) int {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	return h + l - 7*m + 22
}
