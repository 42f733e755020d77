package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// RoleTerms are the points that stand for a role in a range of days, in the unit
// asked for (kWh or m³), each energy once. Forms show them as amounts that are no
// standard figure of their own.
func RoleTerms(site registry.Site, role energy.Role, unit energy.Unit, days Days) []Term {
	if unit == energy.CubicMetre {
		return volumesOf(site, role, days)
	}
	return energyOf(site, role, days)
}

// ConsumptionTerms are the electricity the data centre used: from the grid and
// its own, without what was exported or passed on (EnEfG Annex 3 Nr. 2 a).
func ConsumptionTerms(site registry.Site, days Days) []Term { return consumption(site, days) }

// OwnUseTerms are own renewable generation that was used on the site.
func OwnUseTerms(site registry.Site, days Days) []Term { return ownUse(site, days) }

// GeneratorTerms are the energy of backup generators within E_DC: their output,
// else their fuel.
func GeneratorTerms(site registry.Site, days Days) (terms []Term) {
	points := counted(site, days)
	for _, point := range points {
		if factor := inKilowattHours(point, points); point.Role == energy.BackupGenerator && factor != 0 {
			terms = append(terms, Term{Point: point.ID, Factor: factor})
		}
	}
	return terms
}

// GridTerms are the electricity from the grid without what passes on to others,
// which emissions are counted of.
func GridTerms(site registry.Site, days Days) []Term { return fromGrid(site, days) }
