package atlas

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/heatpump"
	"heatledger/heatmap/source"
)

// Sheet is what somebody may see of a source of heat over a period. A nil part is
// hidden or not known: Hidden says which, and why. Sheets are shared and must not be
// changed.
type Sheet struct {
	Site     energy.SiteID
	Name     string
	Operator string // id in the registry; "": none is named
	Place    Place
	View     View
	From, To energy.Date // local days [From, To) that were asked for
	Fact     int64       // everything rests on the facts of the site up to this one

	// Supply is the kind of heat by which the source is described, "" where nothing is
	// known of any that may be seen; Method says how it came about. Grade and Limit are
	// those of its whole period.
	Supply heatmap.Kind
	Method heatmap.Method
	Grade  heatmap.Grade
	Limit  heatmap.Limit
	// Classes, for everybody: of the secured power at 98 % and of the mean flow
	// temperature; without a Code nothing is known.
	PowerClass, TemperatureClass Class

	Secured       *source.Secured
	Temperatures  *Temperatures
	FullLoad      *FullLoad
	LongestOutage *source.Outage
	Statistics    *source.Statistics // of the supply
	Delivered     *source.Statistics // of the delivered heat, where that is not the supply
	Outlook       *source.Outlook    // of the supply, the twelve months after the period
	Heat          []Amounts          // by kind, in the order of [Kinds]
	Capacity      *Capacity
	Contracts     []Contract
	Upgrade       *Upgrade
	Declared      []registry.Declaration // what a law published, with nothing metered in it
	Hidden        []Hidden               // by part
}

// Place is where a source lies. Point is longitude and latitude in WGS 84; Located
// tells whether it is known.
type Place struct {
	registry.Address
	Point   geo.Point
	Located bool
}

// Temperatures are the means of a period, weighted with the heat. They are Measured,
// or Declared where no meter gives any.
type Temperatures struct {
	Flow, Return heatmap.Temperature
	Grade        heatmap.Grade
}

// FullLoad are the full-load hours of the supply and the power they refer to.
type FullLoad struct {
	Hours       float64
	Reference   heatmap.Kilowatts
	ReferenceIs source.Reference
}

// Amount is the heat of some days.
type Amount struct {
	Stretch
	Energy   heatmap.KilowattHours
	Coverage float64 // share of the time whose energy is known
	Grade    heatmap.Grade
	Limit    heatmap.Limit
}

// Amounts are the amounts of a kind of heat, as far as they may be seen. Whole is that
// of the period asked for, nil where a part of it may not be seen, or is to come; Years
// are whole calendar years in it and Months its months, which at its ends may be parts.
type Amounts struct {
	Kind          heatmap.Kind
	Whole         *Amount
	Years, Months []Amount
	// Why says why Whole is absent, or (StillRunning, whoever may read the site) not
	// final; "": it is there. Due is the day from which it is, where there is one.
	Why Why
	Due energy.Date
	// Part is the amount of the days that may be seen of the period so far; nil where
	// Whole is final, and where they are in several stretches, or none.
	Part *Amount
}

// Capacity is the thermal power that the operator declares.
type Capacity struct {
	Power    heatmap.Kilowatts
	Document string // where it is written; "": not said
}

// Contract is heat that was promised to be delivered, and what became of it by month.
// A promise of a year (Spread) names no months: beside each stands its even share by
// days, which nobody owes, and whether it was kept is said of Years.
type Contract struct {
	ID, Title string
	From, To  energy.Date // the days it binds; zero: open
	Spread    bool
	TakeOrPay bool
	Months    []source.Fulfilment
	Years     []ContractYear // of Spread
}

// ContractYear is a calendar year of a contract, or the days of it that it binds.
type ContractYear struct {
	Stretch
	Year                int
	Promised, Delivered heatmap.KilowattHours // of the days that are seen
	Coverage            float64               // share of their time whose delivered energy is known
	Whole               bool                  // all days that it binds are seen
	// Kept is InFull as soon as what was delivered is what the whole year owes; FellShort,
	// or NotAsked, of a whole year of which enough is known; else KeptUnknown.
	Kept source.Kept
}

// Upgrade is what a heat pump would make of the supply, as it was asked for.
type Upgrade struct {
	Basis      string // what the machine's figures rest on
	Flow, Back energy.Celsius
	heatpump.Totals
	Emissions heatpump.Emissions
}

// Part names a part of a sheet that may be absent.
type Part string

// The parts.
const (
	PartSecured      Part = "secured"
	PartTemperatures Part = "temperatures"
	PartStatistics   Part = "statistics" // bands, curve, outages, trend, levels, full-load hours
	PartSeries       Part = "series"
	PartHeat         Part = "heat"
	PartCapacity     Part = "capacity"
	PartContracts    Part = "contracts"
	PartOutlook      Part = "outlook"
	PartUpgrade      Part = "upgrade"
)

// Why says why a part is absent.
type Why string

// The reasons. ForPlanners: it is for planners, and whoever asks is none here. Coarser:
// what was agreed is coarser. NotNamed: no decision names the figure. NothingKnown:
// nothing is known of it. NotAsked: nobody asked for it. NotDue: it is agreed for the
// period asked for, and its delay has not passed. OutsideAgreed: no decision is about the
// period. StillRunning: the period is not over. NoTemperature: the heat pump's source is not
// known in its temperatures, or cannot be used under them.
const (
	ForPlanners   Why = "for_planners"
	Coarser       Why = "coarser_agreed"
	NotNamed      Why = "not_named"
	NothingKnown  Why = "nothing_known"
	NotAsked      Why = "not_asked"
	NotDue        Why = "not_due"
	OutsideAgreed Why = "outside_agreed"
	StillRunning  Why = "still_running"
	NoTemperature Why = "no_temperature"
)

// Hidden is a part of a sheet that is absent, and why; of NotDue, Due is the day from
// which it is seen.
type Hidden struct {
	Part Part
	Why  Why
	Due  energy.Date
}

// Kinds are the kinds of heat of which a sheet can give amounts.
func Kinds() []heatmap.Kind {
	return []heatmap.Kind{heatmap.Available, heatmap.Recoverable, heatmap.Derived, heatmap.Delivered, heatmap.Requested, heatmap.Rejected}
}

// Supplies are the kinds by which a source can be described, the best first.
func Supplies() []heatmap.Kind {
	return []heatmap.Kind{heatmap.Available, heatmap.Recoverable, heatmap.Derived, heatmap.Delivered}
}

// Question is what is asked of a source. What is known is as of AsKnownAt; who may see
// it is always a matter of now: what was revoked since is not shown again.
type Question struct {
	From, To  energy.Date // local days [From, To)
	AsKnownAt time.Time   // zero: now
	Now       time.Time
	// Availability is that of the secured power; 0 is 0.98. It is heeded where hours may
	// be seen: the classes are those of 0.98.
	Availability float64
	// Derivation is how heat is derived of the IT load; without a factor [AllOfITLoad].
	Derivation heatmap.Derivation
	// Wanted is what a taker wants; see [source.Options].
	Wanted            heatmap.Kilowatts
	WantedTemperature heatmap.Temperature
	Upgrade           *Machine // nil: not asked for
}

// Machine is a heat pump that is asked about: what it does, and the network's flow and
// return.
type Machine struct {
	heatpump.Machine
	Flow, Back energy.Celsius
	// Spread is by how many kelvins the source is cooled where its return is not known.
	Spread float64
}

// AllOfITLoad is the assumption for want of a better one: all electricity of the IT
// becomes heat that can be had. It is the most there can be, and every answer names it
// as its method's source.
func AllOfITLoad() heatmap.Derivation {
	return heatmap.Derivation{Factor: 1, Source: "assumption:all_of_it_load"}
}
