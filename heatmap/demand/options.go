package demand

import (
	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

// HeatUnit is the unit of a column of heat.
type HeatUnit string

// The units of heat in a year; the last two are of streets, for each metre of
// their length.
const (
	KilowattHours         HeatUnit = "kWh"
	MegawattHours         HeatUnit = "MWh"
	GigawattHours         HeatUnit = "GWh"
	KilowattHoursPerMetre HeatUnit = "kWh/m"
	MegawattHoursPerMetre HeatUnit = "MWh/m"
)

// PowerUnit is the unit of a column of power.
type PowerUnit string

// The units of power.
const (
	Kilowatts PowerUnit = "kW"
	Megawatts PowerUnit = "MW"
)

// Columns name the properties of features, or the columns of a table, that say
// what. The zero value of each is the name in its comment; what is not there is
// not stated, but for the id and the heat, which have to be. A column that is named
// has to be there, too.
type Columns struct {
	ID           string // "id"
	Name         string // "name"
	Heat         string // "heat_kwh"
	Peak         string // "peak_kw"
	Profile      string // "profile"
	Flow         string // "flow_c"
	Return       string // "return_c"
	Connections  string // "connections"
	StreetMetres string // "street_m"
	Grade        string // "grade": measured, estimated or declared
	Source       string // "source"

	// Of tables: a column of WKT, or two of positions. Without either the rows join
	// the features of Options.Geometries by their ids.
	Geometry  string // "wkt"
	Longitude string // "lon", or the easting
	Latitude  string // "lat", or the northing
}

// Options say what a file of areas holds. The zero value reads our own column
// names in kWh and kW and refuses the file if anything is wrong with it.
type Options struct {
	// Partial uses the areas without a fault; else any fault refuses the whole.
	Partial bool
	Columns Columns
	Heat    HeatUnit  // "" is kWh
	Peak    PowerUnit // "" is kW
	// Layer is the layer of a GeoPackage; "" is its only one.
	Layer string
	// CRS is the system of a file that does not say; zero is EPSG:4326.
	CRS geo.CRS
	// Area is where every position must lie, in degrees; zero is Germany.
	Area geo.Box
	// Geometries are what the rows of a table without geometries are joined to.
	Geometries []geo.Feature
	// Profile, Grade and Source stand for all areas that do not state theirs. An
	// area whose grade is not stated anywhere is Declared.
	Profile Profile
	Grade   heatmap.Grade
	Source  string
	// Place puts the fault of a column that the file lacks where it was named; the
	// field is the column's in lower case ("heat", "street_m"). nil: in the file.
	Place func(field, problem, remedy string) energy.Fault
	// Types say which load profile a file's own names of building types stand for
	// ("Verwaltung": "GKO33"), whatever their capitals. Codes of profiles need none.
	Types map[string]Profile
	// Profiles are those an area may name; nil stands for [DefaultProfiles].
	Profiles *Profiles
	// MostDense and MostLinear are the heat densities above which a number is taken
	// for a mistake: kWh/(m² a) of ground and kWh/(m a) of street. Zero is
	// [MostDense] and [MostLinear].
	MostDense, MostLinear float64
}

// The bounds of what is believed: the densest blocks of German inner cities stay
// below 1,000 kWh of heat on a square metre of ground in a year, and a street below
// 100 MWh on a metre. Both are assumptions of this project, set wide so that they
// catch units mixed up (a factor of 1,000) and nothing else.
const (
	MostDense  = 3000.0   // kWh/(m² a)
	MostLinear = 100000.0 // kWh/(m a)
)
