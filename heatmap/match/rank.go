package match

// Key is what areas are ranked by.
type Key string

// The keys, each with its better end first; areas without an answer come last, and
// ties go by id. ByCovered: the share of the load that sources and stores serve, the
// greatest first. ByDensity: kWh for each metre of the area's streets, the greatest
// first. ByDistance: metres to the nearest source in reach, the least first. ByCost:
// euros for each kWh served, see [Ranked], the least first. ByHeat: kWh served by
// sources and stores, the greatest first.
const (
	ByCovered  Key = "covered"
	ByDensity  Key = "density"
	ByDistance Key = "distance"
	ByCost     Key = "cost"
	ByHeat     Key = "heat"
)
