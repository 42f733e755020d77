package kpi

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Power usage effectiveness of § 11 Abs. 2 EnEfG.
//
// Law: EnEfG § 11 Abs. 2 Satz 3, in force since 18 November 2023: for the limit
// of new data centres the electricity of plants that serve nothing but the
// upgrade of the data centre's waste heat is left out. Formula: (E_DC −
// electricity of heat pumps inside the boundary and for upgrade alone) / E_IT,
// everything else as in DIN EN 50600-4-2:2019-08. The sentence says nothing of
// Abs. 1: existing data centres are judged by the PUE itself. A heat pump that
// is the duty chiller too is not left out; one outside is not in E_DC at all.
func pueEnEfG() Definition {
	return Definition{
		Name: "pue_enefg", Standard: "EnEfG § 11 Abs. 2", Edition: "2023",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: PUEEnEfGNumerator, Denominator: PUEEnEfGDenominator, ByCategory: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			pair := PUEPair(site, category, days)
			for _, h := range site.HeatPumps {
				if h.Boundary == registry.Inside && h.ExclusiveUpgrade && meters(site, h.Electricity, energy.KilowattHour, days) {
					pair.Numerator = append(pair.Numerator, Term{Point: h.Electricity, Factor: -Unity})
				}
			}
			return pair
		},
	}
}

// meters tells whether the site has the point on one of the days, and it is in
// that unit.
func meters(site registry.Site, id energy.PointID, unit energy.Unit, days Days) bool {
	return slices.ContainsFunc(site.Meters, func(m registry.Meter) bool {
		return slices.ContainsFunc(m.Points, func(p registry.Point) bool {
			return p.ID == id && p.Quantity.Unit() == unit && days.overlap(p.From, p.To)
		})
	})
}
