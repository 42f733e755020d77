package desk

import (
	"slices"
	"strconv"

	"heatledger/energy"
)

// RemindDays is how many days before something is due somebody is reminded
// where the registry does not say.
func RemindDays() []int { return []int{30, 7, 1} }

// Reminder is that an item is due in so many days or, where Days is negative,
// was due and is not known to be done.
type Reminder struct {
	Item Item
	Days int // the step: one of the days asked for, or -1
	Left int // days from the day of the reminder to the due day
}

// Key names the reminder: it is sent once.
func (r Reminder) Key() string { return r.Item.Key() + "/" + strconv.Itoa(r.Days) }

// Reminders are the reminders of a day. An item has at most one: the closest
// step that it has reached, so that who begins late, or missed a day, is not
// flooded with those that are past. What fell due more than a month ago is no
// matter of reminders any more.
func Reminders(items []Item, on energy.Date, days []int) []Reminder {
	steps := slices.Clone(days)
	slices.Sort(steps)
	var all []Reminder
	for _, i := range items {
		if i.State == Done || i.Due == (energy.Date{}) {
			continue
		}
		left := between(on, i.Due)
		if left < 0 {
			if left >= -30 {
				all = append(all, Reminder{Item: i, Days: -1, Left: left})
			}
			continue
		}
		for _, step := range steps {
			if left <= step {
				all = append(all, Reminder{Item: i, Days: step, Left: left})
				break
			}
		}
	}
	return all
}

// between is the number of days from a to b; negative where b is before a.
func between(a, b energy.Date) int { return int(b.UTC().Sub(a.UTC()).Hours() / 24) }
