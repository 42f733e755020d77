package match

import (
	"time"

	"heatledger/heatmap"
)

// Result is how the heat was given. Its lists are in the order of ids.
type Result struct {
	Method int
	From   time.Time
	Hours  int

	Areas   []AreaResult
	Sources []SourceResult
	Stores  []StoreResult
	Boilers []BoilerResult
	Flows   []Flow // by giver, then area; none that is zero
	Total   Total
	Hourly  Hourly

	// Leftout counts the links that are longer than Reach.
	Leftout int
	// Parts counts the pieces into which links and stores join sources and areas;
	// Moved the hours of pieces in which a giver moved what others gave.
	Parts, Moved int
}

// Giver is what kind of thing gives heat.
type Giver string

// The kinds, in their order.
const (
	BySource Giver = "source"
	ByStore  Giver = "store"
	ByBoiler Giver = "boiler"
)

// Flow is the heat that a giver gave to an area.
type Flow struct {
	By     Giver
	Giver  string
	Area   string
	Metres float64 // of a boiler 0
	Energy heatmap.KilowattHours
}

// Served is the load of an area, or of all, and who served it:
// Load = Direct + Stored + Boiler + Unmet.
type Served struct {
	Load, Direct, Stored, Boiler, Unmet heatmap.KilowattHours
	// Open is the part of Boiler + Unmet that might have been served in hours in which
	// a source was unknown: of an area in its reach, or of one that others might have
	// served instead. UnknownHours are those hours; of all areas, those of any of them.
	Open         heatmap.KilowattHours
	UnknownHours int
}

// Covered is the share of the load that sources and stores served; ok is false without
// load.
func (s Served) Covered() (share float64, ok bool) {
	if s.Load == 0 {
		return 0, false
	}
	return float64((s.Direct + s.Stored) / s.Load), true
}

// AtMost is the share that they may have served if unknown hours were rich.
func (s Served) AtMost() (share float64, ok bool) {
	if s.Load == 0 {
		return 0, false
	}
	return float64((s.Direct + s.Stored + s.Open) / s.Load), true
}

// AreaResult is what an area got.
type AreaResult struct {
	ID, Name string
	Served
	Peak heatmap.Kilowatts // of its load
	// PeakLeft is the greatest power that sources and stores left over: what a boiler
	// for it alone needs.
	PeakLeft heatmap.Kilowatts
	// Nearest is the metres to the nearest source in reach; ok false: there is none.
	Nearest   float64
	InReach   bool
	Density   float64       // kWh of load for each metre of its streets; 0: not known
	HoursFull int           // hours with load, all of which sources and stores served
	HoursLoad int           // hours with load
	Grade     heatmap.Grade // of the load
}

// SourceResult is what became of a source's heat. Offered = Given + Stored + Surplus.
type SourceResult struct {
	ID, Name string
	// Offered is what was known and no more than Most; Beyond what was above Most.
	Offered, Given, Stored, Surplus, Beyond heatmap.KilowattHours
	// KeptBack is the part of Surplus that warm returns kept back.
	KeptBack heatmap.KilowattHours
	// UnknownHours are those without known heat; NoFlowHours those with heat and
	// without a known flow temperature where one was asked for.
	UnknownHours, NoFlowHours int
	Peak                      heatmap.Kilowatts // the greatest power taken out
	Electricity               heatmap.KilowattHours
	Carbon                    Carbon
	Euros                     float64 // what the heat costs, with electricity where its price is known
	Basis                     string
	Grade                     heatmap.Grade
	Limit                     heatmap.Limit
}

// Used is the share of what was offered that was given or stored; ok is false where
// nothing was offered.
func (s SourceResult) Used() (share float64, ok bool) {
	if s.Offered == 0 {
		return 0, false
	}
	return float64((s.Given + s.Stored) / s.Offered), true
}

// FullLoadHours is how long the source would have run at the peak that was taken; ok is
// false where none was.
func (s SourceResult) FullLoadHours() (hours float64, ok bool) {
	if s.Peak == 0 {
		return 0, false
	}
	return float64(s.Given+s.Stored) / float64(s.Peak), true
}

// Carbon is what was emitted in kg CO2eq. Electricity is counted by what the German
// grid emitted in each hour (package grid); MovedKWh is the part whose hour stood in
// for one of another year.
type Carbon struct {
	Direct, LifeCycle float64
	MovedKWh          heatmap.KilowattHours
}

// StoreResult is what a store did. Start − Lost − Given + Taken = End.
type StoreResult struct {
	ID                             string
	Capacity                       heatmap.KilowattHours
	Start, Taken, Given, Lost, End heatmap.KilowattHours
	Most                           heatmap.KilowattHours // the greatest that was in it
	// Rounds is how often the year ran until it began as it ended; Settled is false if
	// it did not, and true where that was not asked for.
	Rounds  int
	Settled bool
}

// BoilerResult is what a boiler gave.
type BoilerResult struct {
	ID         string
	Heat, Fuel heatmap.KilowattHours
	Peak       heatmap.Kilowatts
	Kilograms  float64 // CO2eq
	Euros      float64 // of fuel; 0 where its price is unknown
}

// Total adds up areas, sources, stores and boilers.
type Total struct {
	Served
	Offered, Given, Taken, Surplus, KeptBack, Lost heatmap.KilowattHours
	Electricity, Fuel                              heatmap.KilowattHours
	Carbon                                         Carbon  // of electricity
	BoilerKilograms                                float64 // CO2eq of fuel
	Euros                                          float64
}

// Hourly are columns with one entry for each hour, in kWh or, what is the same, mean
// kW. In each hour Load = Direct + FromStore + Boiler + Unmet and Offered = Direct +
// ToStore + Surplus.
type Hourly struct {
	Load, Direct, FromStore, Boiler, Unmet []heatmap.Kilowatts
	Offered, ToStore, Surplus              []heatmap.Kilowatts
	Unknown                                []int         // sources without known heat
	Sources                                []SourceHours // in the order of Result.Sources
	Stores                                 []StoreHours  // in the order of Result.Stores
}

// SourceHours are those of a source. NaN where its heat is not known.
type SourceHours struct{ Given, Stored, Surplus []heatmap.Kilowatts }

// StoreHours are those of a store; In is what is in it at the end of each hour.
type StoreHours struct {
	In                 []heatmap.KilowattHours
	Taken, Given, Lost []heatmap.Kilowatts
}
