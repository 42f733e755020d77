package source

import (
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Month is a local calendar month of a source, or the part of it that the series
// has.
type Month struct {
	Year      int
	Month     time.Month
	Mean      heatmap.Kilowatts // of the known hours
	Hours, Of int               // known hours, of those of the whole month
}

// OK tells whether enough of the month is known for its mean to stand for it: half
// of its hours.
func (m Month) OK() bool { return float64(m.Hours) >= leastOfMonth*float64(m.Of) }

// Monthly are the months of a series, by time.
func Monthly(s heatmap.Series, calendar energy.Calendar) []Month {
	return monthly(s.Hourly(), calendar)
}

func monthly(hours heatmap.Series, calendar energy.Calendar) []Month {
	var list []Month
	for i := 0; i < hours.Len(); {
		date := calendar.Date(hours.At(i))
		whole := calendar.Month(date.Year, date.Month)
		m := Month{Year: date.Year, Month: date.Month, Of: int(whole.Length() / time.Hour)}
		var sum heatmap.Kilowatts
		for ; i < hours.Len() && hours.At(i).Before(whole.To); i++ {
			if p, ok := hours.Power(i); ok {
				sum += p
				m.Hours++
			}
		}
		if m.Hours > 0 {
			m.Mean = sum / heatmap.Kilowatts(m.Hours)
		}
		list = append(list, m)
	}
	return list
}

// day is a local day of which three quarters of the hours are known.
type day struct {
	date energy.Date
	mean float64
}

// leastOfDay is the share of a day's hours that must be known for it to have a mean.
const leastOfDay = 0.75

// daily are the days of hours that are known well enough, by time.
func daily(hours heatmap.Series, calendar energy.Calendar) []day {
	list := make([]day, 0, hours.Len()/hoursOfDay+1)
	for i := 0; i < hours.Len(); {
		date := calendar.Date(hours.At(i))
		whole := calendar.Day(date)
		var sum float64
		known := 0
		for ; i < hours.Len() && hours.At(i).Before(whole.To); i++ {
			if p, ok := hours.Power(i); ok {
				sum += float64(p)
				known++
			}
		}
		if float64(known) >= leastOfDay*whole.Length().Hours() {
			list = append(list, day{date, sum / float64(known)})
		}
	}
	return list
}
