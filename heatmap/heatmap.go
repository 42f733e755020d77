// Package heatmap is heat for planners: what a source of waste heat gave, hour by
// hour, as it was measured. It holds the words that planning shares: a [Series] of
// power in equal steps, what each step rests on ([Grade]) and what limited it
// ([Limit]), and the kinds of day by which planners tell hours apart ([Local]). It
// makes series from the stored days of a site ([Stored]). It knows no database, no
// network and no page.
//
// Conventions that hold in this package and those below it:
//
//   - Power is in kW, energy in kWh, for planners' tables, offers and load curves
//     are; temperatures are in °C, instants in UTC, periods half-open.
//   - Absent is not zero. In the columns of a series NaN stands for what is not
//     known, so that a sum over it by mistake is no number either; everything that
//     answers a question gives ok, or how many hours it rests on.
//   - P90 is the power that is reached or exceeded in 90 % of the hours
//     (FIGURES.md, For planners): the tenth from below, not from above.
//   - Whatever is assumed has a name and a stated origin, and the answer repeats
//     both.
package heatmap

import "time"

// Kilowatts is a power in kW.
type Kilowatts float64

// KilowattHours is an energy in kWh.
type KilowattHours float64

// Over is the energy of the power p held for d.
func (p Kilowatts) Over(d time.Duration) KilowattHours {
	return KilowattHours(float64(p) * d.Hours())
}

// Mean is the mean power of the energy e over d; ok is false for d ≤ 0.
func (e KilowattHours) Mean(d time.Duration) (p Kilowatts, ok bool) {
	if d <= 0 {
		return 0, false
	}
	return Kilowatts(float64(e) / d.Hours()), true
}

// SourceID names a source of heat. A site that is one source bears the site's
// identifier.
type SourceID string
