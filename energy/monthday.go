package energy

import (
	"fmt"
	"time"
)

// MonthDay is a day of every year, written 03-31. The zero MonthDay is none.
type MonthDay struct {
	Month time.Month
	Day   int
}

// MarshalText writes "03-31".
func (d MonthDay) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d-%02d", d.Month, d.Day), nil
}

// UnmarshalText reads "03-31".
func (d *MonthDay) UnmarshalText(text []byte) error {
	t, err := time.Parse("01-02", string(text))
	if err != nil {
		return fmt.Errorf("%q is no day of a year: MM-DD such as 03-31 is expected", text)
	}
	*d = MonthDay{t.Month(), t.Day()}
	return nil
}

// OnOrAfter is the first such day on or after day; day itself for the zero MonthDay.
func (d MonthDay) OnOrAfter(day Date) Date {
	if d == (MonthDay{}) {
		return day
	}
	if found := (Date{Year: day.Year, Month: d.Month, Day: d.Day}); !found.Before(day) {
		return found
	}
	return Date{Year: day.Year + 1, Month: d.Month, Day: d.Day}
}
