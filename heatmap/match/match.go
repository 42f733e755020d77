// Package match gives heat to demand, hour by hour: which source serves which area
// within reach along the streets, what a store keeps for later, what is left for a
// peak boiler, and what nobody serves. It knows sources, areas and metres between
// them, no streets, no files and no pages.
//
// # Contract of an hour
//
// Givers come in the merit order: sources by Rank, then cost, then id; stores by Rank,
// then id; boilers by Rank, then id. Each in its turn gives as much as it can to the
// areas it is joined with, by the areas' Rank, then metres, then id.
//
//   - A source gives at most its heat of the hour and its Most; what it does not give
//     goes into stores, and the rest is surplus: given + stored + surplus = offered.
//   - An area gets at most its load: from sources + from stores + from boilers +
//     unmet = load.
//   - Heat flows along a [Link] only, and only where the temperatures allow it (below).
//   - A store first loses its share, then gives at need, before any boiler, then takes
//     surplus up to its capacity: what comes in can be had from the next hour on.
//     before − lost − given + taken = after.
//
// Where not every giver is joined with every area, to give to the nearest can take
// from an area what only this giver could have given. Therefore a giver that has heat
// left while an area lacks some moves what others give (an augmenting path of the
// greatest flow: Ford and Fulkerson 1956, Maximal flow through a network) until no
// move helps. By a move no earlier giver gives less and no area gets less. So, among
// all ways to share the hour out, the first giver gives as much as it can in any of
// them, the second as much as it can beside that, and so on; and the sum is the
// greatest there is. (What givers can give together is a polymatroid, for which greed
// in any order of merit reaches the best: Edmonds 1970, Submodular functions,
// matroids, and certain polyhedra.) Greed alone is enough where it leaves no heat
// beside a lack, as in every hour in which all are joined with all; Result.Moved says
// in how many it was not. The metres are an order, not a sum that is made least, and
// the rank of an area is no promise: both say who is served first.
//
// Three limits of this order are kept on purpose, for a plan whose operation is simple:
// stores are filled with what sources leave, and no source is moved to fill them; heat
// that a warm return narrows (below) is given after all other heat of sources and moves
// nothing; boilers of all areas come behind those of some.
//
// # Over the hours
//
// To store every surplus and to give at the first need covers the most energy that any
// plan covers, one that knows the future too, with one store that serves all: kept
// longer, heat covers no more, and loses. With several stores, or one that reaches some
// areas only, such a plan can do better: give from the store that will not be needed,
// or spare what only one area can use later. Tests compare with the greatest flow
// through all hours and with linear programmes: with stores drawn at random, 99 % of
// what can be is covered in sum; of five made-up days with a daily swing, 99.1 % and
// more.
//
// # Temperatures
//
//   - A source serves an area if its flow, less Drop for the way, is no colder than the
//     flow that the area requires. An area that requires none is not asked.
//   - A source that can take water back up to ReturnLimit gives to an area whose return
//     is warmer only by its Return rule: [Refuse] nothing; [Share] the share
//     (flow − return)/(flow − limit), which the same water carries: a kWh to that area
//     uses up 1/share kWh of the source, and the rest is surplus that no store can take.
//     That returns of several areas mix, a cool one making up for a warm one, is not
//     counted: the rule errs on the side of less heat.
//   - A store is as warm as its Temperature says: a colder source does not fill it.
//
// # What is not known
//
// Absent is not zero. A source of unknown heat (NaN), or without a known flow
// temperature where an area asks for one, gives it nothing in that hour, and the hour
// is counted, for the source and for each such area in its reach; and, since others
// might have been free then, for the areas that those could have served instead. What
// sources and stores left of the load of these areas is Open. So the share covered is a
// lower bound, and (covered + open)/load an upper one, but for what might have been
// stored, and for narrow links ([Share]), which nothing is moved for.
//
// # Numbers
//
// Heat of an hour is a whole number of grains of 2⁻¹⁶ kWh (15 mW for an hour). Input is
// rounded to it once; from there on everything is a sum of whole numbers. So balances
// hold to the last bit, in float64 too, and no order of input, of areas or of
// processors changes a digit. Emissions and costs are products; they are summed up in
// the order of ids and hours.
//
// Beside the input, a year takes about half a MB for each source and store, and 70 kB for
// each area where there is a boiler of all areas with a bound.
package match

import (
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Method is the version of this contract; whoever saves an answer saves it, too.
const Method = 2

// Input is what is matched. Whatever its order, the answer is the same, and comes in
// the order of ids. Columns are read only, and may be shared.
type Input struct {
	// From is the beginning of the first hour, UTC. Hours is how many follow: those of
	// a local year (see [Year]), or any number.
	From  time.Time
	Hours int

	Sources  []Source
	Areas    []Area
	Links    []Link
	Stores   []Store
	Boilers  []Boiler
	Reach    float64 // links longer than this many metres are left out; 0: none
	Drop     float64 // kelvins that the flow loses for each kilometre of a link
	Trench   Price   // of a metre of pipe in a year, for the cost of areas; zero: unknown
	Electric Price   // of a kWh of electricity; zero: unknown
}

// Price is an amount of euros for each unit, with where it is from.
type Price struct {
	Euros  float64
	Source string
}

// Link joins a source with an area: there is a way along streets.
type Link struct {
	Source, Area string  // their ids
	Metres       float64 // along streets
}

// Course is a temperature through the hours: none (nothing is stated), one that holds
// for all hours, or one for each, NaN where it is not known.
type Course []energy.Celsius

// ReturnRule says what a source does for an area whose return is too warm for it.
type ReturnRule uint8

// Refuse: nothing. Share: what the same water carries; see the package.
const (
	Refuse ReturnRule = iota
	Share
)

// Source is what gives heat.
type Source struct {
	ID   string
	Name string
	// Heat is what it can give in each hour, at the network's side of a heat pump if it
	// has one; NaN is not known, which is not zero.
	Heat []heatmap.Kilowatts
	Most heatmap.Kilowatts // the greatest power that is taken out; 0: all
	Rank int               // in the merit order, the lowest first
	Cost Price             // of a kWh, without the electricity of Electricity; zero: none
	Flow Course            // of the heat as it leaves, behind a heat pump if there is one
	// ReturnLimit is the warmest water it can take back.
	ReturnLimit heatmap.Temperature
	Return      ReturnRule
	// Electricity is what a heat pump takes in each hour for a kWh of heat given; nil:
	// there is none. NaN only where Heat is.
	Electricity []float64
	// Basis says what a heat pump's figures rest on; Grade and Limit what the heat
	// does. The answer repeats them.
	Basis string
	Grade heatmap.Grade
	Limit heatmap.Limit
}

// Area is what needs heat.
type Area struct {
	ID   string
	Name string
	// Load is the heat it needs in each hour: always known. Grade is what it rests on.
	Load  []heatmap.Kilowatts
	Grade heatmap.Grade
	Rank  int    // who is served first where there is too little; the lowest first
	Flow  Course // that it requires; none: any will do
	// Return is how warm its water comes back; none: it is not asked for.
	Return Course
	// StreetMetres is the length of the streets to be dug up in it, for its linear heat
	// density; 0: not known.
	StreetMetres float64
}

// Store is a tank or a seasonal store.
type Store struct {
	ID   string
	Rank int // among stores, the lowest first: the tank before the seasonal store
	// Sources are those whose surplus it takes; none named: all. It gives to every area
	// that one of them is joined with, as far as the nearest of them.
	Sources  []string
	Capacity heatmap.KilowattHours
	// Charge and Discharge are the greatest powers in and out; 0: any.
	Charge, Discharge heatmap.Kilowatts
	Loss              float64 // share of what is in it that it loses in an hour, below 1
	Start             heatmap.KilowattHours
	// Cyclic lets the year run again from its end, until it begins as it ends: the
	// steady state of a seasonal store. Start is then where that search begins.
	Cyclic bool
	// Temperature is how warm it gives; it must be stated where an area that it can
	// reach requires a flow.
	Temperature heatmap.Temperature
}

// Boiler is what serves the peak.
type Boiler struct {
	ID         string
	Rank       int
	Areas      []string          // that it serves; none named: all, behind the boilers of some
	Power      heatmap.Kilowatts // 0: as much as is needed
	Efficiency float64           // heat given for a kWh of fuel, above 0
	Fuel       Price             // of a kWh of fuel; zero: unknown
	Emission   Emission
}

// Emission is what a kWh of fuel emits in g CO2eq, with where the number is from.
type Emission struct {
	Grams  float64
	Source string
}

// Year is the local year of a calendar as From and Hours: 8,760 hours, or 8,784 of a
// leap year.
func Year(calendar energy.Calendar, year int) (from time.Time, hours int) {
	p := calendar.Year(year)
	return p.From, int(p.To.Sub(p.From) / time.Hour)
}
