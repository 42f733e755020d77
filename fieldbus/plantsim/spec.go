package plantsim

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
	"heatledger/energy/publication"
)

// SiteSpec describes one data centre of the plant: everything the model and the
// registry need to know. A plant grows by more of these, not by more code.
type SiteSpec struct {
	ID       energy.SiteID
	Name     string // for people; says that the site is virtual
	Kind     energy.SiteKind
	Type     string // enterprise, colocation, co-hosting
	Operator Operator
	Street   string
	Postcode string
	Town     string
	// Latitude and Longitude in degrees (WGS 84): invented, as the address is.
	Latitude, Longitude float64
	// Since is the day, by UTC, on which everything begins to flow and to count.
	Since energy.Date
	// Commissioned is the first day of operation, by which the law tells old
	// from new; zero: Since.
	Commissioned  energy.Date
	PublicBody    bool
	ConnectedLoad energy.Watts // non-redundant electrical connection (EnEfG § 3 Nr. 24)
	// What flows: the parts of the balance.
	Load      Load
	UPS       UPS
	Cooling   Cooling
	Other     Other
	SolarPeak energy.Watts // 0: no solar field
	Heat      Heat
	HeatPump  HeatPump
	Outages   []Outage
	// Past is how far apart readings of the past are; 0: a quarter-hour.
	Past time.Duration
	// What is seen of it, and what was promised.
	Connections []ConnectionSpec
	Commitments []Commitment
	Guarantees  []Guarantee
	Evidence    []Evidence
	// Shown is what two people of the town decided that others may see of it.
	Shown []publication.Content
}

// Operator runs sites.
type Operator struct{ ID, Name string }

// Load is the IT load, measured at the UPS output.
type Load struct {
	Rated  energy.Watts // rated IT power
	Mean   energy.Watts // mean in the first year
	Growth float64      // change of the mean per year, as a share of Mean
	Shape  string       // measured shape: all_sites, co_located, enterprise
	Months string       // measured course over the months: Low Voltage, High Voltage, Extra-High Voltage; "": none
}

// UPS loses Idle × Load.Rated always and Carried × the IT load besides.
type UPS struct{ Idle, Carried float64 }

// Cooling takes a share of the electricity that ends as heat in the rooms
// (IT and UPS losses): Base up to the outdoor temperature FreeBelow, PerKelvin
// more for each kelvin above it, at most Max.
type Cooling struct {
	Base, PerKelvin, Max float64
	FreeBelow            energy.Celsius
	// Water is what evaporates while it is warmer than FreeBelow, in litres per
	// kWh that is carried out; 0: dry.
	Water float64
}

// Other infrastructure takes Always, and Working more on weekdays from 7 to 19.
type Other struct{ Always, Working energy.Watts }

// Heat is what a site gives to a heat network: Share of the IT load at most,
// all of it up to the outdoor temperature FullBelow, falling to Summer × that
// at NoneAbove. Flow is the flow temperature at 0 °C outdoors; it glides by
// −0.2 K per kelvin within ±5 K. Spread is the difference of flow and return
// at full demand. A Share of 0 means that the site gives no heat. ByHour: the
// network's demand follows the measured course of a day, too.
type Heat struct {
	Share                float64
	FullBelow, NoneAbove energy.Celsius
	Summer               float64
	Flow, Spread         energy.Celsius
	ByHour               bool
}

// HeatPump upgrades the heat that a site gives: what Heat describes is then its
// source, at the temperature Source, and what is delivered is source plus
// electricity. It never replaces a chiller. Its COP is Efficiency of the ideal between Source and
// Heat.Flow; an Efficiency of 0 means that there is none. The electricity of
// one inside the boundary is the site's, that of one outside is not.
type HeatPump struct {
	ID         string
	Boundary   string // inside, outside
	Source     energy.Celsius
	Efficiency float64
}

// ConnectionSpec is one physical connection with the meters behind it.
type ConnectionSpec struct {
	ID       string
	Protocol Protocol
	Meters   []MeterSpec
}

// Protocol is how a connection speaks.
type Protocol string

// The protocols the plant serves.
const (
	ModbusTCP Protocol = "modbus"
	OPCUA     Protocol = "opcua"
)

// MeterSpec is one instrument.
type MeterSpec struct {
	ID     energy.MeterID
	Name   string // its points are SITE/NAME-energy, SITE/NAME-power, …
	Model  Model
	Stream Stream
	Unit   uint8 // Modbus unit id
	Every  time.Duration
	// Start is what its counters showed on SiteSpec.Since: mWh, or ml for volumes.
	Start    energy.Amount
	Role     energy.Role
	Category int    // of an it_load
	Parent   string // name of the meter it hangs under
	Serial   string
	Class    string // accuracy class
	Verified energy.Date
	// CounterOnly: its power is no point.
	CounterOnly bool
}

// Commitment is a promise as the registry writes it: a rulebook, or a metric
// with a threshold per calendar year.
type Commitment struct {
	ID, Rulebook, Title, Source, Metric, AtLeast string
	From                                         energy.Date
}

// Guarantee is a promise kept with paper: guarantees of origin over Share of
// what the site imports in a year, from one plant, cancelled in the February
// after the year.
type Guarantee struct {
	Share                             float64
	Plant, Technology, Supplier, Area string // Area is the country, two letters
}

// Evidence is any other document of the registry that concerns the site.
type Evidence struct {
	ID, Kind, Title, Document string
	From, To                  energy.Date // To zero: open
	Facts                     []Fact
}

// Fact is what a document says.
type Fact struct{ Name, Value string }

// check errs unless the model can carry the site: the balance must stay
// positive (no export) and the heat must be there.
func (s SiteSpec) check() error {
	switch {
	case !energy.IsID(string(s.ID)):
		return fmt.Errorf("%q is no site id: lower-case letters, digits and hyphens are expected", s.ID)
	case s.Since == energy.Date{}:
		return fmt.Errorf("site %s begins on no day: set Since", s.ID)
	case s.Load.Mean <= 0 || s.Load.Rated < s.Load.Mean || s.Load.Rated > math.MaxInt32/8:
		return fmt.Errorf("site %s has a mean IT load of %.0f W at %.0f W rated: 0 < mean ≤ rated ≤ %d is expected", s.ID, s.Load.Mean, s.Load.Rated, math.MaxInt32/8)
	case s.SolarPeak < 0 || s.SolarPeak > s.Load.Mean/2:
		return fmt.Errorf("site %s has %.0f W of solar peak on a mean IT load of %.0f W: at most half is expected, the plant does not export", s.ID, s.SolarPeak, s.Load.Mean)
	case s.Heat.Share < 0 || s.Heat.Share > 0.9:
		return fmt.Errorf("site %s delivers %.2f of its IT load as heat: 0 to 0.9 is expected", s.ID, s.Heat.Share)
	case s.Heat.Share > 0 && (s.Heat.Spread < 2 || s.Heat.NoneAbove <= s.Heat.FullBelow):
		return fmt.Errorf("site %s delivers heat with a spread of %.1f K between %.1f and %.1f °C: at least 2 K and a rising range are expected", s.ID, s.Heat.Spread, s.Heat.FullBelow, s.Heat.NoneAbove)
	case s.HeatPump.Efficiency < 0 || s.HeatPump.Efficiency > 0.7:
		return fmt.Errorf("site %s has a heat pump of efficiency %.2f: 0 to 0.7 of the ideal is expected", s.ID, s.HeatPump.Efficiency)
	case s.HeatPump.Efficiency > 0 && (s.Heat.Share == 0 || s.Heat.Flow < s.HeatPump.Source+15):
		return fmt.Errorf("site %s lifts heat from %.0f to %.0f °C: a share of heat and a lift of at least 15 K are expected", s.ID, s.HeatPump.Source, s.Heat.Flow)
	case s.HeatPump.Efficiency > 0 && s.HeatPump.Boundary != "inside" && s.HeatPump.Boundary != "outside":
		return fmt.Errorf("site %s has a heat pump %q the boundary: inside or outside is expected", s.ID, s.HeatPump.Boundary)
	}
	return nil
}
