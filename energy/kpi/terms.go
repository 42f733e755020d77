package kpi

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Points are the points of a site that its balance needs: what adds up, the
// temperatures of the heat it delivers, and the power that was held ready or
// asked for.
func Points(site registry.Site) []energy.PointID {
	var ids []energy.PointID
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			if point.Quantity.Cumulative() && point.Role.Known() || isHeatTemperature(point) || isHeatPromised(point) {
				ids = append(ids, point.ID)
			}
		}
	}
	return ids
}

// Days is the half-open range of local days a question is about: the registry
// says from when to when a point counts.
type Days struct{ From, To energy.Date }

// On is the range of one day.
func On(date energy.Date) Days { return Days{date, date.AddDays(1)} }

// overlap tells whether a point with the open-ended bounds [from, to) counts in d.
func (d Days) overlap(from, to energy.Date) bool {
	none := energy.Date{}
	return (from == none || from.Before(d.To)) && (to == none || d.From.Before(to))
}

// counted are the points that stand for their role: primary, cumulative, and
// not below another counted point of the same role and category (a sub-meter
// under a counted parent is never added again). None counts before the site
// opens and after it closes.
func counted(site registry.Site, days Days) []*registry.Point {
	if !days.overlap(site.From, site.To) {
		return nil
	}
	var byID map[energy.PointID]*registry.Point // made where there is a tree at all
	all, tree := 0, false
	for m := range site.Meters { // by index: meters and points are large, and this is asked for each figure
		list := site.Meters[m].Points
		all += len(list)
		for i := range list {
			tree = tree || list[i].Parent != ""
		}
	}
	if tree {
		byID = make(map[energy.PointID]*registry.Point, all)
		for m := range site.Meters {
			for i := range site.Meters[m].Points {
				byID[site.Meters[m].Points[i].ID] = &site.Meters[m].Points[i]
			}
		}
	}
	points := make([]*registry.Point, 0, all)
	for m := range site.Meters {
		for i := range site.Meters[m].Points {
			point := &site.Meters[m].Points[i]
			if counts(point) && days.overlap(point.From, point.To) && !belowSame(byID, point) {
				points = append(points, point)
			}
		}
	}
	return points
}

func counts(p *registry.Point) bool {
	return p.Use == energy.Primary && p.Quantity.Cumulative() && p.Role.Known()
}

// belowSame tells whether an ancestor of p counts for the same role and category.
func belowSame(byID map[energy.PointID]*registry.Point, p *registry.Point) bool {
	for parent, ok := byID[p.Parent]; ok; parent, ok = byID[parent.Parent] {
		if counts(parent) && parent.Role == p.Role && parent.Category == p.Category {
			return true
		}
	}
	return false
}

// Categories are the measurement categories in which the site's IT energy is
// metered, ascending: each gives a PUE row of its own.
func Categories(site registry.Site, days Days) []int {
	var categories []int
	for _, point := range counted(site, days) {
		if point.Role == energy.ITLoad && !slices.Contains(categories, point.Category) {
			categories = append(categories, point.Category)
		}
	}
	slices.Sort(categories)
	return categories
}

// PUEPair is E_DC over E_IT in one category.
func PUEPair(site registry.Site, category int, days Days) Pair {
	return Pair{Numerator: EDC(site, days), Denominator: EIT(site, category, days)}
}

// EDC are the terms of the data centre's total energy: everything that comes
// in, less what leaves it or serves others (FIGURES.md, E_DC). A heat pump
// outside the boundary serves others: where its electricity passes a counted
// meter of ours it is taken off. A battery counts where both what it takes and
// what it gives are metered: one of them alone would make energy or lose it.
func EDC(site registry.Site, days Days) []Term {
	points := counted(site, days)
	battery := hasRole(points, energy.StorageCharge) && hasRole(points, energy.StorageDischarge)
	var terms []Term
	for _, point := range points {
		switch point.Role {
		case energy.GridImport, energy.OnsiteRenewable, energy.OnsiteFossil, energy.BackupGenerator, energy.StorageDischarge:
			if factor := inKilowattHours(point, points); factor != 0 && (battery || point.Role != energy.StorageDischarge) {
				terms = append(terms, Term{Point: point.ID, Factor: factor})
			}
		case energy.ThermalImport: // its volume is no energy
			if point.Quantity.Unit() == energy.KilowattHour {
				terms = append(terms, Term{Point: point.ID, Factor: thermalFactor(site, days)})
			}
		case energy.GridExport:
			terms = append(terms, Term{Point: point.ID, Factor: -Unity})
		case energy.StorageCharge:
			if battery {
				terms = append(terms, Term{Point: point.ID, Factor: -Unity})
			}
		}
	}
	supplied := func(t Term) bool { return t.Factor > 0 }
	if !slices.ContainsFunc(terms, supplied) {
		return nil // what is passed on is no energy of a site whose supply is not metered
	}
	return append(terms, forOthers(site, days)...)
}

// hasRole tells whether a point plays the role.
func hasRole(points []*registry.Point, role energy.Role) bool {
	return slices.ContainsFunc(points, func(p *registry.Point) bool { return p.Role == role })
}

// forOthers take off what passes our meters and is not the data centre's:
// foreign loads, and heat pumps outside the boundary.
func forOthers(site registry.Site, days Days) []Term {
	var terms []Term
	for _, point := range counted(site, days) {
		outside := slices.ContainsFunc(site.HeatPumps, func(h registry.HeatPump) bool {
			return h.Boundary == registry.Outside && h.Electricity == point.ID
		})
		if (point.Role == energy.ForeignLoad || outside) && belowCounted(site, point, days) {
			terms = append(terms, Term{Point: point.ID, Factor: -Unity})
		}
	}
	return terms
}

// Energy content of fuels in thousandths of a mWh for each fixed unit: diesel
// 9.9 kWh/l (in ml), gas 10.5 kWh/m³ (in ml).
const (
	dieselFactor = 9_900_000
	gasFactor    = 10_500
)

// inKilowattHours is the factor that makes the point's amounts energy. A
// generator whose output is metered is not counted by its fuel once more: its
// factor then is 0, like that of what is no energy at all.
func inKilowattHours(point *registry.Point, points []*registry.Point) int64 {
	metered := func(p *registry.Point) bool { return p.Role == point.Role && p.Quantity.Unit() == energy.KilowattHour }
	switch {
	case point.Quantity.Unit() == energy.KilowattHour:
		return Unity
	case slices.ContainsFunc(points, metered):
		return 0
	case point.Quantity == energy.FuelVolume:
		return dieselFactor
	case point.Quantity == energy.GasVolume:
		return gasFactor
	}
	return 0
}

// belowCounted tells whether an ancestor of the point is counted at all: only
// then is its energy in the total and has to be taken off.
func belowCounted(site registry.Site, point *registry.Point, days Days) bool {
	if point.Parent == "" {
		return false
	}
	counting := map[energy.PointID]bool{}
	for _, p := range counted(site, days) {
		counting[p.ID] = true
	}
	parents := map[energy.PointID]energy.PointID{}
	for m := range site.Meters {
		for _, p := range site.Meters[m].Points {
			parents[p.ID] = p.Parent
		}
	}
	for parent := point.Parent; parent != ""; parent = parents[parent] { // through those that do not count, too
		if counting[parent] {
			return true
		}
	}
	return false
}

// ThermalFactor is the site fact that weights imported cold or heat, in
// electricity equivalents; a site that names none counts it with 1.
const ThermalFactor = "thermal_import_factor"

// thermalFactor is the factor on the last of the days.
func thermalFactor(site registry.Site, days Days) int64 {
	for _, fact := range site.Facts {
		if number, ok := fact.Value.Number(); ok && fact.Name == ThermalFactor && holdsOnLast(fact, days) {
			return int64(number.Float64()*Unity + 0.5)
		}
	}
	return Unity
}

// holdsOnLast tells whether a fact holds on the last of the days.
func holdsOnLast(fact registry.Fact, days Days) bool {
	from, to := factDays(fact)
	return On(days.To.AddDays(-1)).overlap(from, to)
}

// factDays are the days [from, to) for which a fact holds; the zero Date is open.
func factDays(fact registry.Fact) (from, to energy.Date) {
	if fact.Year != 0 {
		return energy.Date{Year: fact.Year, Month: 1, Day: 1}, energy.Date{Year: fact.Year + 1, Month: 1, Day: 1}
	}
	return fact.From, fact.To
}

// EIT are the terms of the IT energy in a category: its it_load points, less
// what their deductions name (fans and pumps on the same UPS).
func EIT(site registry.Site, category int, days Days) []Term {
	var terms []Term
	for _, point := range counted(site, days) {
		if point.Role == energy.ITLoad && point.Category == category {
			terms = append(terms, Term{Point: point.ID, Factor: Unity})
		}
	}
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			deducted := func(t Term) bool { return t.Point == point.DeductFrom && t.Factor == Unity }
			if point.DeductFrom != "" && point.Quantity.Cumulative() && days.overlap(point.From, point.To) && slices.ContainsFunc(terms, deducted) {
				terms = append(terms, Term{Point: point.ID, Factor: -Unity})
			}
		}
	}
	return terms
}
