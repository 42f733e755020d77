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

// Water usage effectiveness, categories 1 and 2.
//
// Standard: DIN EN 50600-4-9:2020-05 (≙ ISO/IEC 30134-9; EnEfG Anlage 3 Nr. 2 i
// writes "DIN EN 50600-9"). WUE = Σ water / E_IT in m³/MWh, which is l/kWh
// (Delegated Regulation (EU) 2024/1364, Annex III). Category 2 takes all water
// that enters the boundary (W_IN), category 1 the potable part of it (W_IN-POT),
// as Annex II uses the categories. A site that does not meter its potable water
// apart has one water, which is both. The standard's own words for the
// categories are unconfirmed.
func wue1() Definition {
	return waterUsage("wue_1", WUENumerator, WUEDenominator, func(site registry.Site, days Days) []Term {
		if potable := volumesOf(site, energy.WaterPotable, days); len(potable) > 0 {
			return potable
		}
		return volumesOf(site, energy.WaterIn, days)
	})
}

func wue2() Definition {
	return waterUsage("wue_2", WUE2Numerator, WUE2Denominator, func(site registry.Site, days Days) []Term {
		return volumesOf(site, energy.WaterIn, days)
	})
}

func waterUsage(name string, numerator, denominator int16, water func(registry.Site, Days) []Term) Definition {
	return Definition{
		Name: name, Standard: "EN 50600-4-9", Edition: "2020-05",
		Unit: CubicMetresPerMegawattHour, NumeratorUnit: energy.CubicMetre, DenominatorUnit: energy.KilowattHour,
		Numerator: numerator, Denominator: denominator, Factor: kilowattHoursPerMegawattHour, ByCategory: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			return Pair{Numerator: water(site, days), Denominator: EIT(site, category, days)}
		},
	}
}

// volumesOf are the counted volumes of a role.
func volumesOf(site registry.Site, role energy.Role, days Days) (terms []Term) {
	for _, point := range counted(site, days) {
		if point.Role == role && point.Quantity.Unit() == energy.CubicMetre {
			terms = append(terms, Term{Point: point.ID, Factor: Unity})
		}
	}
	return terms
}

const kilowattHoursPerMegawattHour = 1000
