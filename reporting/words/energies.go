package words

import (
	"math"

	"heatledger/energy"
)

// Energies writes the energies of one table, or of one sentence, alike: all in one unit,
// with as many decimals as the smallest of them needs.
type Energies struct {
	lang     Lang
	unit     string
	size     float64 // of the unit, in kWh
	decimals int
}

// nothing is below what energies of a year are told apart by, in kWh.
const nothing = 0.5

// EnergiesOf are those of a table, in kWh: in kWh below 10 MWh, in GWh from 100 GWh on,
// else in MWh, as heat plans write them.
func EnergiesOf(l Lang, kilowattHours ...float64) Energies {
	least, most := math.Inf(1), 0.0
	for _, x := range kilowattHours {
		if size := math.Abs(x); size >= nothing {
			least, most = min(least, size), max(most, size)
		}
	}
	e := Energies{lang: l, unit: "MWh", size: 1e3}
	switch {
	case most < 1e4:
		e.unit, e.size = string(energy.KilowattHour), 1
	case most >= 1e8:
		e.unit, e.size = "GWh", 1e6
	}
	switch least /= e.size; {
	case least < 1:
		e.decimals = 2
	case least < 10:
		e.decimals = 1
	}
	if e.size == 1 {
		e.decimals = min(e.decimals, 1)
	}
	return e
}

// Unit is the unit, for the head of a column.
func (e Energies) Unit() string { return e.unit }

// Number writes an energy in kWh without its unit. What is there and too little to show
// is "< 0.01", not nothing.
func (e Energies) Number(kilowattHours float64) string {
	x, step := kilowattHours/e.size, math.Pow10(-e.decimals)
	if math.Abs(kilowattHours) < nothing {
		x = 0
	}
	if kilowattHours >= nothing && x < step/2 {
		return "<\u00a0" + Number(e.lang, step, e.decimals)
	}
	return Number(e.lang, x, e.decimals)
}

// Text writes an energy in kWh with its unit.
func (e Energies) Text(kilowattHours float64) string {
	return e.Number(kilowattHours) + "\u00a0" + e.unit
}
