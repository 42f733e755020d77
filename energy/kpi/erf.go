package kpi

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Energy reuse factor.
//
// Standard: DIN EN 50600-4-6:2020-11 (≙ ISO/IEC 30134-6), the edition that
// EnEfG § 11 names. ERF = E_reuse / E_DC, both in kWh; E_DC is the whole of it,
// also where § 11 Abs. 2 leaves heat pumps out of the PUE. E_reuse is the heat
// that is used outside the boundary, measured where it is handed over
// (Delegated Regulation (EU) 2024/1364, Annex II): delivered to others or used
// in own buildings. What the data centre uses itself is no reuse.
//
// The boundary of heat pumps is our reading (the standard's text is not
// confirmed): inside, the heat at the sink counts and the electricity is in
// E_DC; outside, the heat at the source counts, which, where only the sink is
// metered, is sink − electricity. Without either the pump's heat is left out.
func erf() Definition {
	return Definition{
		Name: "erf", Standard: "EN 50600-4-6", Edition: "2020-11",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: ERFNumerator, Denominator: ERFDenominator,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: Reuse(site, days), Denominator: EDC(site, days)}
		},
	}
}

// Reuse are the terms of the reused heat, each heat once.
func Reuse(site registry.Site, days Days) []Term {
	var terms []Term
	for _, point := range counted(site, days) {
		if point.Role == energy.HeatDelivered || point.Role == energy.HeatReuseOwn {
			if point.Quantity.Unit() == energy.KilowattHour {
				terms = append(terms, Term{Point: point.ID, Factor: Unity})
			}
		}
	}
	for _, h := range site.HeatPumps {
		terms = atBoundary(terms, h, site, days)
	}
	return terms
}

// atBoundary puts what the heat pump's boundary makes of its heat in the place
// of its meters.
func atBoundary(terms []Term, h registry.HeatPump, site registry.Site, days Days) []Term {
	without := func(id energy.PointID) []Term {
		return slices.DeleteFunc(slices.Clone(terms), func(t Term) bool { return t.Point == id })
	}
	has := func(id energy.PointID) bool {
		return slices.ContainsFunc(terms, func(t Term) bool { return t.Point == id })
	}
	if h.Sink == "" || !has(h.Sink) {
		return terms
	}
	switch {
	case h.Boundary == registry.Inside:
		return without(h.Source) // its heat is in that of the sink
	case meters(site, h.Source, energy.KilowattHour, days):
		terms = without(h.Sink)
		if !has(h.Source) {
			terms = append(terms, Term{Point: h.Source, Factor: Unity})
		}
		return terms
	case meters(site, h.Electricity, energy.KilowattHour, days):
		return append(terms, Term{Point: h.Electricity, Factor: -Unity})
	}
	return without(h.Sink)
}
