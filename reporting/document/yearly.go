package document

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// Yearly is everything a yearly report says. Amounts are in the canonical unit
// of their quantity, ratios unrounded.
type Yearly struct {
	Site     energy.SiteID
	Name     string
	Operator string // name; "" if the registry names none
	Address  string // in one line; "" if the registry names none
	Year     int
	Period   energy.Period
	Location *time.Location
	// AsKnown is the instant as of which everything is known, Fact the number
	// of the site's last fact by then.
	AsKnown time.Time
	Fact    int64
	Final   bool // the year was over as of AsKnown
	Figures []kpi.Figure
	Months  []Month // twelve
	Dates   []energy.Date
	Points  []Point
	Gaps    []Gap
	// Unstated are the meters of counted points whose accuracy nobody stated.
	Unstated []energy.MeterID
	// Checkpoint is the signed state of the public ledger that first covered
	// Fact; "" while it waits to be logged, or where no log is kept.
	Checkpoint string
}

// Month is a calendar month of a site.
type Month struct {
	Month time.Month
	// Grid is what the primary points of role grid_import measured, in kWh; it
	// is absent where none of them has a value.
	Grid   energy.Value
	GridOK bool
	// Figure is the interim PUE of the lowest category: its numerator is the
	// total energy, its denominator the IT energy, over the same quarter-hours.
	Figure kpi.Figure
	HasPUE bool // false where the site lacks the points
}

// Point is a point with its meter and its days.
type Point struct {
	ID       energy.PointID
	Meter    energy.MeterID
	Model    string // manufacturer and model; "" if unknown
	Serial   string
	Quantity energy.Quantity
	Role     energy.Role
	Use      energy.Use
	Category int
	Class    string // accuracy class of the meter as stated, "" if none is
	// Percent is the accuracy of the whole chain in per cent of the value.
	Percent    float64
	HasPercent bool
	Regime     string      // mid, calibration, none; "" if not stated
	Until      energy.Date // end of the verification; zero if not stated
	Days       []Day       // one for each of Yearly.Dates
	Total      energy.Value
	HasTotal   bool    // of cumulative quantities with a value
	Coverage   float64 // energy coverage of the days up to AsKnown
}

// Day is a local day of a point: the amount of a cumulative quantity, the time
// mean of a level.
type Day struct {
	Value                            energy.Value
	OK                               bool
	Quality                          energy.Quality
	EnergyCoverage, IntervalCoverage float64
}

// Gap are consecutive days [From, To] of a point whose energy is not wholly
// known. Share is the part of them that is, 0 to 1.
type Gap struct {
	Point    energy.PointID
	From, To energy.Date
	Share    float64
}

// pue is the figure of the year that its months divide: the lowest category.
func (y Yearly) pue() (kpi.Figure, bool) {
	for _, f := range y.Figures {
		if f.Name == "pue" || f.Name == "ipue" {
			return f, true
		}
	}
	return kpi.Figure{}, false
}

// grid is the year's grid import, in kWh.
func (y Yearly) grid() (energy.Value, bool) {
	sum, any := energy.Amount(0), false
	for _, p := range y.Points {
		if p.isGrid() && p.HasTotal {
			if a, err := p.Quantity.Fixed(p.Total); err == nil {
				sum, any = sum+a, true
			}
		}
	}
	return energy.ActiveEnergyImport.Value(sum), any
}

// isGrid tells whether the point counts as grid import.
func (p Point) isGrid() bool {
	return p.Role == energy.GridImport && p.Use != energy.Check && p.Use != energy.Info && p.Quantity.Unit() == energy.KilowattHour
}
