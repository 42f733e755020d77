package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Units of figures that divide one quantity by another.
const (
	CubicMetresPerMegawattHour energy.Unit = "m³/MWh" // the same number in l/kWh
	KilogramsPerKilowattHour   energy.Unit = "kg/kWh"
	Kilogram                   energy.Unit = "kg"
	KilowattHourDegree         energy.Unit = "kWh·°C"
	Hours                      energy.Unit = "h"
)

// Water usage effectiveness, category 1.
//
// Standard: DIN EN 50600-4-9:2020-05 (≙ ISO/IEC 30134-9; EnEfG Anlage 3 Nr. 2 i
// writes "DIN EN 50600-9"). WUE = Σ water that enters the boundary / E_IT in
// m³/MWh, which is l/kWh (Delegated Regulation (EU) 2024/1364, Annex III). That
// category 1 is the whole input without deductions is unconfirmed.
func wue1() Definition {
	return Definition{
		Name: "wue_1", Standard: "EN 50600-4-9", Edition: "2020-05",
		Unit: CubicMetresPerMegawattHour, NumeratorUnit: energy.CubicMetre, DenominatorUnit: energy.KilowattHour,
		Numerator: WUENumerator, Denominator: WUEDenominator, Factor: kilowattHoursPerMegawattHour, ByCategory: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			pair := Pair{Denominator: EIT(site, category, days)}
			for _, point := range counted(site, days) {
				if point.Role == energy.WaterIn && point.Quantity.Unit() == energy.CubicMetre {
					pair.Numerator = append(pair.Numerator, Term{Point: point.ID, Factor: Unity})
				}
			}
			return pair
		},
	}
}

const kilowattHoursPerMegawattHour = 1000
