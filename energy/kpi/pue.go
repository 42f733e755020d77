package kpi

import (
	"heatledger/energy"
	"heatledger/energy/series"
)

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

// PUE is the figure of period p from the sums of its days. twelveMonths says
// whether p is a year (then it is "pue", else "ipue"); spans are those of the
// pair's points that touch p.
func PUE(pair Pair, category int, p energy.Period, twelveMonths bool, sum Sum, spans map[energy.PointID][]series.Span) Figure {
	f := pair.figure(p, sum, spans)
	f.Name = "ipue"
	if twelveMonths {
		f.Name = "pue"
	}
	f.Unit, f.Standard, f.Edition, f.Category = energy.One, PUEStandard, PUEEdition, category
	return f
}

// figure is numerator ÷ denominator with coverages and substitute share.
func (p Pair) figure(period energy.Period, sum Sum, spans map[energy.PointID][]series.Span) Figure {
	c := cutAt(period, spans)
	energyS := max(sum.IntervalS, sum.EnergyS-c.seconds())
	f := Figure{
		Numerator:        energy.ActiveEnergyImport.Value(sum.Numerator),
		Denominator:      energy.ActiveEnergyImport.Value(sum.Denominator),
		EnergyCoverage:   share(float64(energyS), float64(sum.PeriodS)),
		IntervalCoverage: share(float64(sum.IntervalS), float64(sum.PeriodS)),
		SubstituteShare: max(
			share(float64(sum.NumeratorSubstitute+c.of(p.Numerator)), float64(sum.Numerator)),
			share(float64(sum.DenominatorSubstitute+c.of(p.Denominator)), float64(sum.Denominator))),
	}
	if sum.EnergyS > 0 && sum.Denominator > 0 {
		f.Value, f.OK = float64(sum.Numerator)/float64(sum.Denominator), true
	}
	return f
}
