package heatmap

import (
	"heatledger/energy"
)

// KindOfDay is what planners tell days apart by. Load profiles know the same three
// (BDEW standard load profiles: weekday, Saturday, Sunday and public holiday).
type KindOfDay uint8

// The kinds: Monday to Friday; Saturday; Sunday or public holiday, whatever the
// day of the week.
const (
	Weekday KindOfDay = iota
	Saturday
	SundayOrHoliday
)

// KindsOfDay is how many there are.
const KindsOfDay = 3

// String is the kind's name in files and answers.
func (k KindOfDay) String() string {
	switch k {
	case Saturday:
		return "saturday"
	case SundayOrHoliday:
		return "sunday_or_holiday"
	}
	return "weekday"
}

// Local is the calendar of a place together with the federal state whose public
// holidays it keeps. The zero State keeps those of the whole country only.
type Local struct {
	energy.Calendar
	State State
}

// KindOf is the kind of a local day.
func (l Local) KindOf(d energy.Date) KindOfDay {
	if _, ok := l.State.Holiday(d); ok {
		return SundayOrHoliday
	}
	switch d.UTC().Weekday() {
	case 0:
		return SundayOrHoliday
	case 6:
		return Saturday
	}
	return Weekday
}

// Slot is the place of a step in the local year: the month from 1, the hour that
// the clock shows, and the kind of the day. The hour that runs twice in autumn is
// there twice, that which is skipped in spring not at all.
type Slot struct {
	Month uint8
	Hour  uint8
	Kind  KindOfDay
}

// Slots are those of all steps of a series.
func (l Local) Slots(s Series) []Slot {
	slots := make([]Slot, 0, s.Len())
	for i := 0; i < s.Len(); {
		date := l.Date(s.At(i))
		end := l.Day(date).To
		slot := Slot{Month: uint8(date.Month), Kind: l.KindOf(date)}
		for ; i < s.Len() && s.At(i).Before(end); i++ {
			slot.Hour = uint8(l.Local(s.At(i)).Hour())
			slots = append(slots, slot)
		}
	}
	return slots
}
