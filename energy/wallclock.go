package energy

import "time"

// Wall is what a clock on the wall shows, without a zone. A time.Time in UTC
// holds it: its fields mean nothing but the display.
type Wall time.Time

// Instants are the instants at which the clock shows w: one, two in the hour
// that is run twice when it is set back, none in the hour that is skipped when
// it is set forward. Ascending.
func (c Calendar) Instants(w Wall) []time.Time {
	shown := time.Time(w)
	var found []time.Time
	for _, around := range []time.Duration{-26 * time.Hour, 26 * time.Hour} { // before and after any change
		_, offset := c.Local(shown.Add(around)).Zone()
		t := shown.Add(-time.Duration(offset) * time.Second)
		if !time.Time(c.Wall(t)).Equal(shown) || len(found) > 0 && found[0].Equal(t) {
			continue
		}
		found = append(found, t)
	}
	if len(found) == 2 && found[1].Before(found[0]) {
		found[0], found[1] = found[1], found[0]
	}
	return found
}

// Wall is what the clock shows at t.
func (c Calendar) Wall(t time.Time) Wall {
	_, offset := c.Local(t).Zone()
	return Wall(t.Add(time.Duration(offset) * time.Second).UTC())
}

// DaysBefore is the instant n days before t at which the clock shows the same:
// the first of two. ok is false where the clock skipped it.
func (c Calendar) DaysBefore(t time.Time, n int) (before time.Time, ok bool) {
	found := c.Instants(Wall(time.Time(c.Wall(t)).AddDate(0, 0, -n)))
	if len(found) == 0 {
		return time.Time{}, false
	}
	return found[0], true
}
