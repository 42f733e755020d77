package demand

import (
	"math"
	"time"

	"heatledger/energy"
)

// Climate is outdoor temperatures by the hour: of a station, of a test reference
// year, or modelled.
type Climate struct {
	Name   string // of the place, for people
	Source string // whose numbers they are, with their year
	// Modelled tells that nobody measured them; every answer that rests on them
	// says so.
	Modelled bool
	From     time.Time        // the beginning of the first hour, UTC
	Hours    []energy.Celsius // means of the hours; NaN: not known
	// Typical tells that the hours are a year that stands for any other (a test
	// reference year): hour and date count, the year does not.
	Typical bool
}

// Day is the mean temperature of a period; ok is false where less than half of its
// hours are known.
func (c Climate) Day(p energy.Period) (t energy.Celsius, ok bool) {
	sum, n := 0.0, 0
	for at := p.From; at.Before(p.To); at = at.Add(time.Hour) {
		if t, ok := c.at(at); ok {
			sum, n = sum+float64(t), n+1
		}
	}
	if hours := p.Length().Hours(); n == 0 || 2*float64(n) < hours {
		return 0, false
	}
	return energy.Celsius(sum / float64(n)), true
}

// at is the temperature of the hour that holds an instant.
func (c Climate) at(t time.Time) (energy.Celsius, bool) {
	if c.Typical {
		t = c.moved(t)
	}
	i := int(math.Floor(t.Sub(c.From).Hours()))
	if i < 0 || i >= len(c.Hours) || math.IsNaN(float64(c.Hours[i])) {
		return 0, false
	}
	return c.Hours[i], true
}

// moved is the instant of a typical year with the date and hour of t; the leap day
// is the day before it once more.
func (c Climate) moved(t time.Time) time.Time {
	shift := time.Date(c.From.Add(12*time.Hour).Year(), 1, 1, 0, 0, 0, 0, time.UTC).Sub(c.From)
	local := t.Add(shift).UTC() // the station's clock: its year begins at midnight
	month, day := local.Month(), local.Day()
	if month == time.February && day == 29 {
		day = 28
	}
	return time.Date(c.From.Add(12*time.Hour).Year(), month, day, local.Hour(), 0, 0, 0, time.UTC).Add(-shift)
}
