package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Renewable energy factor.
//
// Standard: DIN EN 50600-4-3:2020-11 (≙ ISO/IEC 30134-3), the edition that
// EnEfG Anlage 3 Nr. 2 b names. REF = E_ren / E_DC, both in kWh, at most 1
// (the cap is unconfirmed). E_ren is, after Delegated Regulation (EU)
// 2024/1364, Annex II, what guarantees of origin prove, and own generation that
// is used on the site; energy from power purchase agreements counts by its
// guarantees. E_DC holds fuels and cold too: guarantees make the electricity
// from the grid green and nothing else, so they count up to that (our reading).
// Whether guarantees of the own generation were sold is not known here.
func ref() Definition {
	return Definition{
		Name: "ref", Standard: "EN 50600-4-3", Edition: "2020-11",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: REFNumerator, Denominator: REFDenominator, Limit: REFLimit, Proof: ProofOfYear, Partial: true,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: ownUse(site, days), Denominator: EDC(site, days), Limit: fromGrid(site, days)}
		},
	}
}

// ownUse are the terms of own renewable generation that stays on the site.
// Whatever is exported is taken to be renewable first.
func ownUse(site registry.Site, days Days) []Term {
	terms := electricityOf(site, energy.OnsiteRenewable, days)
	if len(terms) == 0 {
		return nil
	}
	for _, t := range electricityOf(site, energy.GridExport, days) {
		terms = append(terms, Term{Point: t.Point, Factor: -Unity})
	}
	return terms
}
