package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Sole is the number of a role, and a category.
type Sole struct{ Role, Category int16 }

// SolePoints are the points of a site that stand for their role and category
// alone on all of the days: what the balance says of the role is what it says
// of the point.
func SolePoints(site registry.Site, days Days) map[energy.PointID]Sole {
	none := energy.Date{}
	if site.From != none && days.From.Before(site.From) || site.To != none && site.To.Before(days.To) {
		return nil // the balance leaves out days that the points may have
	}
	number := map[Sole]int{}
	points := map[energy.PointID]Sole{}
	for _, p := range counted(site, days) {
		if p.Quantity.Unit() != p.Role.Unit() {
			continue
		}
		of := Sole{p.Role.Number(), int16(p.Category)}
		number[of]++
		if (p.From == none || !days.From.Before(p.From)) && (p.To == none || !p.To.Before(days.To)) {
			points[p.ID] = of
		}
	}
	for id, of := range points {
		if number[of] > 1 {
			delete(points, id)
		}
	}
	return points
}
