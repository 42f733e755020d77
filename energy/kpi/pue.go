package kpi

import "heatledger/energy"

// Power usage effectiveness.
//
// Standard: DIN EN 50600-4-2:2019-08 (≙ ISO/IEC 30134-2), the edition that
// EnEfG § 3 Nr. 15 names. PUE = E_DC / E_IT, both in kWh over the same twelve
// months; the figure of a shorter period is the interim PUE (iPUE) and is
// never called PUE. E_IT is measured in category 1 (UPS output), 2 (PDU
// output) or 3 (IT equipment input); the category is part of the figure.
const (
	PUEStandard = "EN 50600-4-2"
	PUEEdition  = "2019-08"
)

// The names of the figure: of twelve months, and of any other period.
const (
	AnnualPUE  = "pue"
	InterimPUE = "ipue"
)

func pue() Definition {
	return Definition{
		Name: AnnualPUE, Standard: PUEStandard, Edition: PUEEdition,
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: PUENumerator, Denominator: PUEDenominator, ByCategory: true, Pair: PUEPair,
	}
}
