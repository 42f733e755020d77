package kpi

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/energy/registry"
)

// Carbon usage effectiveness, location-based.
//
// Standard: EN 50600-4-8 (≙ ISO/IEC 30134-8; edition and text unconfirmed).
// CUE = Σ over hours of energy from the grid × the grid's intensity in that
// hour / E_IT, in kg CO2eq/kWh. The intensity is the direct one of the bidding
// zone (GHG Protocol Scope 2, location-based); energy from the grid is the
// import without what passes on to others. Fuel burnt on the site is not in it.
// Hours of a year without grid data are those of another, moved by weekday: a
// note says so. Only what was measured at its own time has an hour.
func cueLocation() Definition {
	return Definition{
		Name: "cue_location", Standard: "EN 50600-4-8", Edition: "",
		Unit: KilogramsPerKilowattHour, NumeratorUnit: Kilogram, DenominatorUnit: energy.KilowattHour, ByCategory: true, GridData: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			return Pair{Numerator: fromGrid(site, days), Denominator: EIT(site, category, days), OwnTime: true}
		},
		Hour: func(_ Pair, h Hour) (kilograms, it energy.Amount) {
			grams := float64(max(0, h.Sum.Numerator)) * float64(grid.At(h.From).Direct)
			return energy.Amount(math.Round(grams / gramsPerKilogram)), h.Sum.Denominator
		},
	}
}

const gramsPerKilogram = 1000

// fromGrid are the terms of the site's electricity from the grid.
func fromGrid(site registry.Site, days Days) []Term {
	terms := electricityOf(site, energy.GridImport, days)
	if len(terms) == 0 {
		return nil
	}
	return append(terms, forOthers(site, days)...)
}
