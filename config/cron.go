package config

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is when something recurs: five fields (minute, hour, day of month, month,
// day of week) that are compared with local time. The zero Cron is never.
type Cron struct {
	text   string
	fields *cron.SpecSchedule
}

const cronForm = `five fields "MINUTE HOUR DAY MONTH WEEKDAY" such as "0 6 2 * *" are expected`

// ParseCron reads an expression; "" is never. Descriptors (@daily) and zones
// (TZ=…) are refused, and so is what no day fulfils, such as "0 0 31 2 *".
func ParseCron(text string) (c Cron, err error) {
	if text == "" {
		return Cron{}, nil
	}
	if fields := strings.Fields(text); len(fields) != 5 || strings.Contains(text, "=") || strings.Contains(text, "@") {
		return Cron{}, fmt.Errorf("%q is no cron expression: %s", text, cronForm)
	}
	defer func() { // the library panics on some texts
		if recover() != nil {
			err = fmt.Errorf("%q is no cron expression: %s", text, cronForm)
		}
	}()
	schedule, err := cron.ParseStandard(text)
	if err != nil {
		return Cron{}, fmt.Errorf("%q is no cron expression (%s): %s", text, strings.ReplaceAll(err.Error(), ": ", ", "), cronForm)
	}
	fields, ok := schedule.(*cron.SpecSchedule)
	if !ok {
		return Cron{}, fmt.Errorf("%q is no cron expression: %s", text, cronForm)
	}
	// The library looks five years ahead: these hold a 29th of February.
	if schedule.Next(time.Date(2023, time.December, 31, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Cron{}, fmt.Errorf("%q never happens: a day that exists is expected", text)
	}
	return Cron{text: text, fields: fields}, nil
}

// mustCron is for expressions of the program itself.
func mustCron(text string) Cron {
	c, err := ParseCron(text)
	if err != nil {
		panic(err)
	}
	return c
}

// UnmarshalText reads what [ParseCron] reads.
func (c *Cron) UnmarshalText(text []byte) (err error) { *c, err = ParseCron(string(text)); return err }

// String is the expression.
func (c Cron) String() string { return c.text }

// Never tells whether it never happens.
func (c Cron) Never() bool { return c.fields == nil }

// AtMostDaily tells whether it names one minute of a day, or none.
func (c Cron) AtMostDaily() bool {
	return c.Never() || bits.OnesCount64(c.fields.Minute) == 1 && bits.OnesCount64(c.fields.Hour) == 1
}

// Matches tells whether it happens in the minute that t's own clock shows: hand
// it local time. Day of month and day of week are alternatives where both are
// restricted, as in every cron.
func (c Cron) Matches(t time.Time) bool {
	if c.Never() {
		return false
	}
	has := func(field uint64, n int) bool { return field&(1<<uint(n)) != 0 }
	f := c.fields
	const star = 1 << 63 // how the library marks a field without restriction
	day, weekday := has(f.Dom, t.Day()), has(f.Dow, int(t.Weekday()))
	onDay := day || weekday
	if f.Dom&star != 0 || f.Dow&star != 0 {
		onDay = day && weekday
	}
	return has(f.Minute, t.Minute()) && has(f.Hour, t.Hour()) && has(f.Month, int(t.Month())) && onDay
}
