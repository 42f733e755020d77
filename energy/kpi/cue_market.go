package kpi

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Carbon usage effectiveness, market-based.
//
// Standard: EN 50600-4-8 (≙ ISO/IEC 30134-8; edition and text unconfirmed) with
// the market-based method of the GHG Protocol Scope 2 Guidance (2015). CUE = Σ
// energy from the grid × the intensity of what was bought / E_IT, in kg
// CO2eq/kWh. What guarantees of origin prove emits nothing; the rest is the mix
// that the supplier states for the site and the year, else the residual mix of
// that year. Both are evidence with a stated source; nothing stands in for them:
// without a mix for a year with unproven energy there is no figure. The
// supplier's mix is taken as that of the rest.
func cueMarket() Definition {
	return Definition{
		Name: "cue_market", Standard: "EN 50600-4-8", Edition: "",
		Unit: KilogramsPerKilowattHour, NumeratorUnit: Kilogram, DenominatorUnit: energy.KilowattHour,
		Numerator: CUEMarketNumerator, Denominator: CUEMarketDenominator, ByCategory: true, Proof: ProofOfYear, Market: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			return Pair{Numerator: fromGrid(site, days), Denominator: EIT(site, category, days)}
		},
	}
}

// Emissions are the kg of the months' energies from the grid, of which proven
// emitted nothing, in equal shares of each month. grams is the intensity in
// g/kWh of the rest in a year; ok is false where one that is needed is not
// known.
func Emissions(months map[registry.Month]energy.Amount, proven energy.Amount, grams func(year int) (float64, bool)) (kilograms energy.Amount, ok bool) {
	var total energy.Amount
	for _, drawn := range months {
		total += max(0, drawn)
	}
	if proven >= total {
		return 0, true
	}
	rest := float64(total-max(0, proven)) / float64(total)
	var sum float64
	inOrder := func(a, b registry.Month) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month))
	}
	for _, m := range slices.SortedFunc(maps.Keys(months), inOrder) { // floats add up alike only in one order
		intensity, known := grams(m.Year)
		if !known && months[m] > 0 {
			return 0, false
		}
		sum += float64(max(0, months[m])) * rest * intensity / gramsPerKilogram
	}
	return energy.Amount(math.Round(sum)), true
}
