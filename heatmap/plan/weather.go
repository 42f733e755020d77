package plan

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/demand"
)

// readWeather reads outdoor temperatures: hours in any form that package demand
// reads, or day,temperature_c with means of local days, which are all that load
// profiles ask for.
func (s Scenario) readWeather(src []byte) (demand.Climate, energy.Faults) {
	if !daily(src) {
		return demand.ReadClimate(s.Weather.File, src, demand.ClimateOptions{Source: s.Weather.Source})
	}
	year, _ := s.Span()
	t := newTable(s.Weather.File, src, "temperature_c")
	c := demand.Climate{Name: s.Weather.File, Source: s.Weather.Source, From: year.From, Typical: s.Weather.Typical}
	if s.Weather.Typical {
		s.typicalDays(t, &c)
	} else {
		c.Hours = s.days(t, year)
	}
	return c, t.faults
}

// daily tells whether a table of temperatures has days.
func daily(src []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(src, []byte("\uFEFF"))) {
		if !bytes.HasPrefix(line, []byte("#")) {
			return bytes.HasPrefix(bytes.ToLower(line), []byte("day,"))
		}
	}
	return false
}

// The outdoor temperatures that are believed, in °C.
const coldest, warmest = -60, 60

// days are the temperatures of the hours of a year from those of its local days.
func (s Scenario) days(t *table, year energy.Period) []energy.Celsius {
	calendar, _ := s.Calendar()
	hours := make([]energy.Celsius, int(year.Length()/time.Hour))
	for i := range hours {
		hours[i] = energy.Celsius(math.NaN())
	}
	for t.next() {
		date, ok := t.date()
		x := t.number("temperature_c", coldest, warmest)
		if !ok || date.Year != s.Year {
			continue // a file may hold more than the year
		}
		p := calendar.Day(date)
		for i := int(p.From.Sub(year.From) / time.Hour); i < int(p.To.Sub(year.From)/time.Hour); i++ {
			if hours[i] == hours[i] {
				t.fault("day", fmt.Sprintf("the day %s stands twice", date), "give each day one row")
				break
			}
			hours[i] = energy.Celsius(x)
		}
	}
	return hours
}

// typicalDays lays one whole year of days, each of 24 hours.
func (s Scenario) typicalDays(t *table, c *demand.Climate) {
	calendar, _ := s.Calendar()
	var last energy.Date
	for t.next() {
		date, ok := t.date()
		x := t.number("temperature_c", coldest, warmest)
		switch {
		case !ok:
			continue
		case len(c.Hours) == 0:
			c.From = calendar.Day(date).From
			if date.Month != time.January || date.Day != 1 {
				t.fault("day", fmt.Sprintf("the year begins on %s", date), "1 January first is expected")
			}
		case last.AddDays(1) != date:
			t.fault("day", fmt.Sprintf("%s stands after %s", date, last), "every day of one year, one after the other, is expected")
		}
		last = date
		for range 24 {
			c.Hours = append(c.Hours, energy.Celsius(x))
		}
	}
	if len(t.faults) == 0 && (last.Month != time.December || last.Day != 31 || len(c.Hours) > 366*24) {
		t.broken(fmt.Sprintf("the file ends on %s", last), "the days of one whole year are expected")
	}
}

// date is the day of the row; ok is false with a fault.
func (t *table) date() (energy.Date, bool) {
	d, err := energy.ParseDate(t.text("day"))
	if err != nil {
		t.fault("day", fmt.Sprintf("day is %q", t.text("day")), "YYYY-MM-DD is expected")
	}
	return d, err == nil
}
