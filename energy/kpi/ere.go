package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Energy reuse effectiveness.
//
// Source: The Green Grid, White Paper 29 (2010); no European standard. The
// formula is unconfirmed: ERE = (E_DC − E_reuse) / E_IT = PUE × (1 − ERF), over
// the quarter-hours for which all three are known.
func ere() Definition {
	return Definition{
		Name: "ere", Standard: "The Green Grid WP 29", Edition: "2010",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: ERENumerator, Denominator: EREDenominator, ByCategory: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			reuse := Reuse(site, days)
			if len(reuse) == 0 {
				return Pair{}
			}
			pair := PUEPair(site, category, days)
			for _, t := range reuse {
				t.Factor = -t.Factor
				pair.Numerator = append(pair.Numerator, t)
			}
			return pair
		},
	}
}
