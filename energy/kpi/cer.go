package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Cooling efficiency ratio.
//
// Standard: DIN EN 50600-4-7:2020-08 (≙ ISO/IEC 30134-7), the edition that
// EnEfG Anlage 3 Nr. 2 h names. CER = heat removed from the rooms, without the
// heat of compressors / electricity of cooling, both in kWh. The formula is
// unconfirmed: the standard's text was not at hand.
func cer() Definition {
	return Definition{
		Name: "cer", Standard: "EN 50600-4-7", Edition: "2020-08",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: CERNumerator, Denominator: CERDenominator,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: energyOf(site, energy.HeatRemoved, days), Denominator: electricityOf(site, energy.Cooling, days)}
		},
	}
}

// energyOf are the counted energies of a role.
func energyOf(site registry.Site, role energy.Role, days Days) (terms []Term) {
	for _, point := range counted(site, days) {
		if point.Role == role && point.Quantity.Unit() == energy.KilowattHour {
			terms = append(terms, Term{Point: point.ID, Factor: Unity})
		}
	}
	return terms
}

// electricityOf are the counted electricities of a role.
func electricityOf(site registry.Site, role energy.Role, days Days) (terms []Term) {
	for _, point := range counted(site, days) {
		if point.Role == role && (point.Quantity == energy.ActiveEnergyImport || point.Quantity == energy.ActiveEnergyExport) {
			terms = append(terms, Term{Point: point.ID, Factor: Unity})
		}
	}
	return terms
}
