package atlas

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// growthContracted is the site fact of the mean thermal power, in kW, that was
// contracted on top of what the site gives today, less where it is negative.
const growthContracted = "heat_growth_contracted_kw"

// growth is what was contracted on top of today's heat: what a fact states begins on
// its first day and falls away after its last. No two facts of the name hold at once.
func growth(site registry.Site) (all []source.Growth) {
	for _, fact := range site.Facts {
		number, isNumber := fact.Value.Number()
		if fact.Name != growthContracted || !isNumber || fact.From == (energy.Date{}) {
			continue
		}
		power := heatmap.Kilowatts(number.Float64())
		all = append(all, source.Growth{From: fact.From, Power: power, Contract: fact.Document})
		if fact.To != (energy.Date{}) {
			all = append(all, source.Growth{From: fact.To, Power: -power, Contract: fact.Document})
		}
	}
	slices.SortStableFunc(all, func(a, b source.Growth) int { return a.From.Compare(b.From) })
	return all
}
