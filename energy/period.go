package energy

import (
	"fmt"
	"strings"
	"time"
)

// QuarterHour is the length of the interval everything is measured by.
const QuarterHour = 15 * time.Minute

// Period is the half-open interval [From, To), in UTC.
type Period struct{ From, To time.Time }

// Length is To − From.
func (p Period) Length() time.Duration { return p.To.Sub(p.From) }

// Contains tells whether t lies in [From, To).
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Covers tells whether all of o lies in p.
func (p Period) Covers(o Period) bool { return !o.From.Before(p.From) && !o.To.After(p.To) }

// Overlaps tells whether p and o have an instant in common; an empty period has
// none with any.
func (p Period) Overlaps(o Period) bool {
	return p.From.Before(o.To) && o.From.Before(p.To) && p.From.Before(p.To) && o.From.Before(o.To)
}

// Common is what p and o have in common; its length is not above zero where that
// is nothing.
func (p Period) Common(o Period) Period {
	if o.From.After(p.From) {
		p.From = o.From
	}
	if o.To.Before(p.To) {
		p.To = o.To
	}
	return p
}

// QuarterHours is p widened to whole quarter-hours.
func (p Period) QuarterHours() Period {
	wide := Period{From: p.From.Truncate(QuarterHour), To: p.To.Truncate(QuarterHour)}
	if wide.To.Before(p.To) {
		wide.To = wide.To.Add(QuarterHour)
	}
	return wide
}

// String writes the borders in RFC 3339.
func (p Period) String() string {
	return p.From.Format(time.RFC3339) + "/" + p.To.Format(time.RFC3339)
}

// Date is a day of the calendar, without a zone. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2024-06-03".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date: YYYY-MM-DD is expected", s)
	}
	return dateOf(t), nil
}

func dateOf(t time.Time) Date { y, m, d := t.Date(); return Date{y, m, d} }

// String writes "2024-06-03".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// AddDays is the date n days later.
func (d Date) AddDays(n int) Date {
	return dateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Before orders dates.
func (d Date) Before(o Date) bool { return d.UTC().Before(o.UTC()) }

// Compare is -1, 0 or 1: d before, the same as, or after o.
func (d Date) Compare(o Date) int { return d.UTC().Compare(o.UTC()) }

// UTC is midnight of the date in UTC: a key for databases, not an instant of the day.
func (d Date) UTC() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// MarshalText writes "2024-06-03".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2024-06-03".
func (d *Date) UnmarshalText(text []byte) (err error) { *d, err = ParseDate(string(text)); return err }

// Calendar cuts time into local days, months and years. It alone knows a zone, or
// several one after the other; see [Calendar.Then].
type Calendar struct {
	Location *time.Location // where the zone changed: the last

	earlier *Calendar // by which days are cut before since; nil: by none other
	since   Date
	change  time.Time // when since begins
}

// Then is c up to the day since, and next from then on. The zone changes at the
// beginning of that day by c; it ends at its midnight by next, and so is longer
// or shorter than others: 23 to 25 hours between neighbouring zones.
func (c Calendar) Then(since Date, next Calendar) Calendar {
	return Calendar{Location: next.Location, earlier: &c, since: since, change: c.Day(since).From}
}

// Local is t with the offset that holds then, to be shown.
func (c Calendar) Local(t time.Time) time.Time {
	if c.earlier != nil && t.Before(c.change) {
		return c.earlier.Local(t)
	}
	return t.In(c.Location)
}

// Zone is the name of the zone that holds at t.
func (c Calendar) Zone(t time.Time) string { return c.Local(t).Location().String() }

// LoadCalendar is the calendar of an IANA zone such as "Europe/Berlin".
func LoadCalendar(zone string) (Calendar, error) {
	if zone == "" || zone == "Local" {
		return Calendar{}, fmt.Errorf("%q is no time zone: an IANA name such as Europe/Berlin is expected", zone)
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		return Calendar{}, fmt.Errorf("%q is no time zone: an IANA name such as Europe/Berlin is expected", zone)
	}
	return Calendar{Location: l}, nil
}

// Date is the local day that holds t.
func (c Calendar) Date(t time.Time) Date {
	if c.earlier != nil && t.Before(c.change) {
		return c.earlier.Date(t)
	}
	d := dateOf(t.In(c.Location))
	if c.earlier != nil && d.Before(c.since) {
		return c.since // the clock was set back over its beginning
	}
	return d
}

// Day is the local day d: 23, 24 or 25 hours, and so 92, 96 or 100 quarter-hours;
// a day on which the zone changes may have others.
func (c Calendar) Day(d Date) Period { return c.span(d.Year, d.Month, d.Day, 0, 0, 1) }

// Month is the local calendar month.
func (c Calendar) Month(year int, month time.Month) Period { return c.span(year, month, 1, 0, 1, 0) }

// Year is the local calendar year.
func (c Calendar) Year(year int) Period { return c.span(year, time.January, 1, 1, 0, 0) }

func (c Calendar) span(y int, m time.Month, d, years, months, days int) Period {
	return Period{From: c.midnight(y, m, d), To: c.midnight(y+years, m+time.Month(months), d+days)}
}

// midnight is the first instant of a local day. Where clocks change at midnight
// (Beirut, Havana, São Paulo once) that is not 0 o'clock, or the first of two.
func (c Calendar) midnight(y int, m time.Month, d int) time.Time {
	if c.earlier != nil && !c.since.Before(dateOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))) {
		return c.earlier.midnight(y, m, d)
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, c.Location)
	start, end := t.ZoneBounds()
	if dateOf(t).Before(dateOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))) {
		return end.UTC() // 0 o'clock was skipped, and time.Date stopped short of it
	}
	if hour, minute, _ := t.Clock(); hour != 0 || minute != 0 {
		return start.UTC() // skipped, and time.Date went beyond
	}
	if !start.IsZero() {
		_, now := t.Zone()
		_, before := start.Add(-time.Second).Zone()
		if first := t.Add(-time.Duration(before-now) * time.Second); before > now && first.Before(start) {
			return first.UTC() // the clock was set back over 0 o'clock
		}
	}
	return t.UTC()
}

// Days are the dates of the local days that overlap p, in order.
func (c Calendar) Days(p Period) []Date {
	var days []Date
	if !p.From.Before(p.To) {
		return days
	}
	for d := c.Date(p.From); c.Day(d).From.Before(p.To); d = d.AddDays(1) {
		days = append(days, d)
	}
	return days
}

// Parse reads a period as the API writes it: "2024", "2024-06", "2024-06-03",
// "P12M/2024-09" (the twelve months ending with September 2024).
func (c Calendar) Parse(s string) (Period, error) {
	if month, ok := strings.CutPrefix(s, "P12M/"); ok {
		if t, err := time.Parse("2006-01", month); err == nil {
			return c.span(t.Year(), t.Month()-11, 1, 0, 12, 0), nil
		}
	} else if t, err := time.Parse("2006", s); err == nil {
		return c.Year(t.Year()), nil
	} else if t, err := time.Parse("2006-01", s); err == nil {
		return c.Month(t.Year(), t.Month()), nil
	} else if t, err := time.Parse(time.DateOnly, s); err == nil {
		return c.Day(dateOf(t)), nil
	}
	return Period{}, fmt.Errorf("%q is no period: 2024, 2024-06, 2024-06-03 or P12M/2024-09 is expected", s)
}
