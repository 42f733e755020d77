package kpi

import (
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Partial power usage effectiveness, of a data centre in a mixed building.
//
// Standard: DIN EN 50600-4-2:2019-08 names it; the formula is unconfirmed: pPUE
// = (E_sub + E_IT) / E_IT over the subsystems that are metered, which the
// figure's notes name. It is given where the site says that its building is a
// mixed one: there no meter shows the data centre's whole energy, and what the
// subsystems use stands in for it. Each energy is in it once: a meter below
// another of the sum is not added again, what serves others is taken off.
func ppue() Definition {
	return Definition{
		Name: "ppue", Standard: PUEStandard, Edition: PUEEdition,
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: PPUENumerator, Denominator: PPUEDenominator, ByCategory: true,
		Pair: func(site registry.Site, category int, days Days) Pair {
			terms, roles := subsystems(site, category, days)
			if !mixedBuilding(site, days) || len(roles) == 0 {
				return Pair{}
			}
			return Pair{Numerator: terms, Denominator: EIT(site, category, days)}
		},
		Notes: func(site registry.Site, category int, days Days) []string {
			_, roles := subsystems(site, category, days)
			return []string{"subsystems=" + strings.Join(roles, ",")}
		},
	}
}

// MixedBuilding is the site fact that says, with yes or 1, that the data centre
// shares its building and supplies with others.
const MixedBuilding = "mixed_building"

// mixedBuilding tells whether it does so on the last of the days.
func mixedBuilding(site registry.Site, days Days) bool {
	return slices.ContainsFunc(site.Facts, func(fact registry.Fact) bool {
		return fact.Name == MixedBuilding && slices.Contains([]string{"yes", "true", "1"}, fact.Value.String()) && holdsOnLast(fact, days)
	})
}

// subsystems are the terms of the IT energy in a category and of what serves
// it, and the roles of the latter.
func subsystems(site registry.Site, category int, days Days) (terms []Term, roles []string) {
	members := map[energy.PointID]bool{}
	points := counted(site, days)
	for _, point := range points {
		members[point.ID] = point.Role == energy.ITLoad && point.Category == category || serves(site, point)
	}
	for _, point := range points {
		if !members[point.ID] || belowAny(site, point, members) {
			continue
		}
		term := Term{Point: point.ID, Factor: Unity}
		if point.Role == energy.ThermalImport {
			term.Factor = thermalFactor(site, days)
		}
		terms = append(terms, term)
		if role := string(point.Role); point.Role != energy.ITLoad && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	for _, point := range points {
		if point.Role == energy.ForeignLoad && belowAny(site, point, members) {
			terms = append(terms, Term{Point: point.ID, Factor: -Unity})
		}
	}
	slices.Sort(roles)
	return terms, roles
}

// serves tells whether the point measures a subsystem that serves the IT:
// cooling, other infrastructure, a heat pump inside the boundary, imported cold.
func serves(site registry.Site, point *registry.Point) bool {
	electricity := point.Quantity == energy.ActiveEnergyImport
	switch point.Role {
	case energy.Cooling, energy.OtherInfrastructure:
		return electricity
	case energy.HeatPumpElectricity:
		return electricity && slices.ContainsFunc(site.HeatPumps, func(h registry.HeatPump) bool {
			return h.Electricity == point.ID && h.Boundary == registry.Inside
		})
	case energy.ThermalImport:
		return point.Quantity.Unit() == energy.KilowattHour
	}
	return false
}

// belowAny tells whether the point's energy passes one of the members too: a
// parent of it, or the meter it is deducted from.
func belowAny(site registry.Site, point *registry.Point, members map[energy.PointID]bool) bool {
	byID := map[energy.PointID]registry.Point{}
	for _, meter := range site.Meters {
		for _, p := range meter.Points {
			byID[p.ID] = p
		}
	}
	if members[point.DeductFrom] {
		return true
	}
	for parent, ok := byID[point.Parent]; ok; parent, ok = byID[parent.Parent] {
		if members[parent.ID] || members[parent.DeductFrom] {
			return true
		}
	}
	return false
}
