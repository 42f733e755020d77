package plan

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/network"
)

// Scenario is the file of a plan. Paths in it are relative to the folder it lies
// in; [Example] explains every field, [Schema] is for editors.
type Scenario struct {
	Name         string        `yaml:"name,required"` // by which its versions are told to be one
	Title        string        `yaml:"title"`
	Note         string        `yaml:"note"`
	Municipality string        `yaml:"municipality"`
	Year         int           `yaml:"year,required"` // the local calendar year of the sources' hours, over which demand is laid
	AsKnownAt    time.Time     `yaml:"as_known_at"`   // the sites' facts as known then; zero: as known when it is run
	Timezone     string        `yaml:"timezone"`      // IANA; default Europe/Berlin
	State        heatmap.State `yaml:"state"`         // whose public holidays load profiles keep; ISO 3166-2
	Secured      float64       `yaml:"secured"`       // availability of the secured power; default 0.98

	Sources    []Source    `yaml:"sources,required"`
	HeatPumps  []HeatPump  `yaml:"heat_pumps"`
	Demand     []Demand    `yaml:"demand,required"`
	Weather    *Weather    `yaml:"weather"`
	Streets    Streets     `yaml:"streets,required"`
	Matching   Matching    `yaml:"matching"`
	Network    Network     `yaml:"network"`
	Variations []Variation `yaml:"variations"`

	file   string
	text   []byte
	doc    *strictyaml.Document
	faults energy.Faults // that it was read with
}

// Source is a source of heat: a site of this Heatledger, or a file of what
// somebody states. Exactly one of Site and File is set.
type Source struct {
	ID string `yaml:"id,required"`

	Site   energy.SiteID `yaml:"site"`
	Kind   heatmap.Kind  `yaml:"kind"` // of a site: available, recoverable, delivered, rejected, derived; "": the best that is known (heatmap.Stored.Supply)
	Derive *Derive       `yaml:"derive"`

	File     string `yaml:"file"`     // CSV: at,power_kw in hours, or month,power_kw (1 to 12)
	Grade    string `yaml:"grade"`    // of a file: declared or estimated
	Document string `yaml:"document"` // of a file: where the values are stated; of a site: its flow_c and return_c
	// Flow and Return are in °C: of a file throughout, of a site where nothing is measured.
	Flow   *float64 `yaml:"flow_c"`
	Return *float64 `yaml:"return_c"`
	// Availability is the share of the time in which the file's power is there; every
	// hour is reduced to it. 1: the file holds the outages already.
	Availability float64 `yaml:"availability"`

	At       *Place `yaml:"at"`        // default: the site's place in the registry
	HeatPump string `yaml:"heat_pump"` // the id of one below
	// Merit orders the sources: the least is used first. Default: as they stand.
	Merit *float64 `yaml:"merit"`
}

// Place is a position in degrees.
type Place struct {
	Longitude float64 `yaml:"lon,required"`
	Latitude  float64 `yaml:"lat,required"`
}

// Derive says how heat is derived from the IT load (heatmap.Derivation).
type Derive struct {
	Category int      `yaml:"category"` // 1 to 3; 0: the lowest that the site has
	Factor   float64  `yaml:"factor,required"`
	Source   string   `yaml:"source,required"`
	Flow     *float64 `yaml:"flow_c"`
	Return   *float64 `yaml:"return_c"`
}

// HeatPump upgrades the heat of the sources that name it; each has its own machine
// of this kind. Exactly one of Table, Carnot and Lorenz is set.
type HeatPump struct {
	ID     string   `yaml:"id,required"`
	Table  string   `yaml:"table"` // CSV of the maker (heatpump.ReadTable)
	Carnot *Quality `yaml:"carnot"`
	Lorenz *Quality `yaml:"lorenz"`

	Flow   *float64 `yaml:"flow_c"` // default: the network's
	Return *float64 `yaml:"return_c"`

	Capacity  float64 `yaml:"capacity_kw"` // 0: the table's, or as much as the source needs
	LeastLoad float64 `yaml:"least_load"`
	Spread    float64 `yaml:"spread_k"`
	Pinch     float64 `yaml:"pinch_k"`
	Source    string  `yaml:"source"` // where the temperatures and bounds above are from

	// What each machine costs; without an investment none is counted, and the result
	// says so.
	Investment float64 `yaml:"investment_eur"`
	Life       int     `yaml:"life_years"`
	Upkeep     float64 `yaml:"upkeep_share"` // of the investment a year
	CostSource string  `yaml:"cost_source"`
}

// Quality is that of a machine by formula.
type Quality struct {
	Quality  float64 `yaml:"quality,required"` // above 0, at most 1
	Source   string  `yaml:"source,required"`
	Approach float64 `yaml:"approach_k"` // of carnot
	Greatest float64 `yaml:"greatest_cop"`
}

// Weather are outdoor temperatures.
type Weather struct {
	File   string `yaml:"file,required"` // hours in a form that demand.ReadClimate knows, or CSV: day,temperature_c with every day
	Source string `yaml:"source,required"`
	// Typical: the days of the file are one whole year that stands for any other.
	Typical bool `yaml:"typical"`
}

// Streets are where pipes may be laid.
type Streets struct {
	File      string  `yaml:"file,required"` // lines in GeoJSON or GeoPackage
	Partial   bool    `yaml:"partial"`
	Connector float64 `yaml:"connector_m"` // the longest way from a site to a street; default 200
	Margin    float64 `yaml:"margin_m"`    // how far a street may run beside an area and still lie on it; default demand.DefaultMargin
	Crossings bool    `yaml:"crossings"`   // street.Options.Crossings
}

// Network is what the sketch rests on. Assumptions that are not named keep their
// defaults; a changed one names its source.
type Network struct {
	Assumptions network.Assumptions `yaml:"assumptions"`
	Pipes       string              `yaml:"pipes"`  // CSV, as network's pipes.csv
	Prices      string              `yaml:"prices"` // CSV, as network's prices.csv
}

// Variation is the network with other assumptions, beside the plan itself: all of
// them changed at once, where the sensitivity changes each alone.
type Variation struct {
	Name        string                 `yaml:"name,required"`
	Note        string                 `yaml:"note"`
	Assumptions map[string]Replacement `yaml:"assumptions,required"` // by their codes
}

// Replacement is the value an assumption has in a variation.
type Replacement struct {
	Value  *float64 `yaml:"value,required"`
	Source string   `yaml:"source,required"`
}

// defaults are what a file need not say.
func defaults() Scenario {
	return Scenario{Timezone: "Europe/Berlin", Secured: 0.98, Streets: Streets{Connector: 200, Margin: demand.DefaultMargin},
		Network: Network{Assumptions: network.DefaultAssumptions()}}
}

// Parse reads a scenario and gives all that is wrong with it. What it names is not
// opened: [Examine] gives the faults of that beside these. The scenario is whole only
// without faults.
func Parse(file string, src []byte) (Scenario, energy.Faults) {
	s := defaults()
	doc, faults := strictyaml.Decode(file, src, &s)
	s.file, s.text, s.doc = file, src, doc
	if len(faults) == 0 && s.Name == "" {
		s.faults = energy.Faults{{File: file, Line: 1, Column: 1, Problem: "the file says nothing", Remedy: "name, year, sources, demand and streets are expected; heatledger plan example prints a scenario"}}
		return s, s.faults
	}
	c := &checker{scenario: &s}
	c.all()
	s.faults = strictyaml.InOrder(append(faults, c.faults...))
	return s, s.faults
}

// sound tells whether the file says a part without a fault.
func (s Scenario) sound(at ...any) bool {
	return !slices.ContainsFunc(s.faults, func(f energy.Fault) bool { return s.doc.Covers(f, at...) })
}

// timed tells whether the file says of which year it is, and where.
func (s Scenario) timed() bool {
	_, err := s.Calendar()
	return err == nil && s.Year >= firstYear && s.Year <= lastYear
}

// Text is the file as it was read.
func (s Scenario) Text() []byte { return s.text }

// Calendar is the plan's.
func (s Scenario) Calendar() (energy.Calendar, error) { return energy.LoadCalendar(s.Timezone) }

// Span is the plan's year.
func (s Scenario) Span() (energy.Period, error) {
	calendar, err := s.Calendar()
	if err != nil {
		return energy.Period{}, err
	}
	return calendar.Year(s.Year), nil
}

// Days are the local days of the year, [from, to).
func (s Scenario) Days() (from, to energy.Date) {
	return energy.Date{Year: s.Year, Month: time.January, Day: 1}, energy.Date{Year: s.Year + 1, Month: time.January, Day: 1}
}

// Sites are those of this Heatledger that the plan rests on, in its order, each once.
func (s Scenario) Sites() []energy.SiteID {
	var sites []energy.SiteID
	seen := map[energy.SiteID]bool{}
	for _, source := range s.Sources {
		if source.Site != "" && !seen[source.Site] {
			seen[source.Site] = true
			sites = append(sites, source.Site)
		}
	}
	return sites
}
