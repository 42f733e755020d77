package plan

import (
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/geo"
)

// Demand is a file of areas that want heat (package demand).
type Demand struct {
	File    string         `yaml:"file,required"` // GeoJSON, GeoPackage or CSV
	Layer   string         `yaml:"layer"`         // of a GeoPackage
	CRS     geo.CRS        `yaml:"crs"`           // of a file that does not say
	Partial bool           `yaml:"partial"`       // go on with the areas without a fault
	Columns Columns        `yaml:"columns"`
	Heat    string         `yaml:"heat_unit"` // kWh, MWh, GWh, kWh/m, MWh/m; default kWh
	Peak    string         `yaml:"peak_unit"` // kW, MW; default kW
	Profile demand.Profile `yaml:"profile"`   // of areas that name none
	Grade   string         `yaml:"grade"`     // of areas that name none: measured, estimated or declared
	Source  string         `yaml:"source,required"`
}

// Columns name the columns or properties of a file of areas; "" is the name in
// demand.Columns.
type Columns struct {
	ID           string `yaml:"id"`
	Name         string `yaml:"name"`
	Heat         string `yaml:"heat"`
	Peak         string `yaml:"peak"`
	Profile      string `yaml:"profile"`
	Flow         string `yaml:"flow"`
	Return       string `yaml:"return"`
	Connections  string `yaml:"connections"`
	StreetMetres string `yaml:"street_m"`
	Grade        string `yaml:"grade"`
	Source       string `yaml:"source"`
	Geometry     string `yaml:"geometry"`
	Longitude    string `yaml:"lon"`
	Latitude     string `yaml:"lat"`
}

// Matching is how hours of supply meet hours of demand, and which areas are served.
type Matching struct {
	Distance float64  `yaml:"distance_m"` // along streets between an area and a source that serves it; default 3000
	Best     int      `yaml:"best"`       // the best so many areas; 0 with no Areas: all that can be served
	By       string   `yaml:"by"`         // what is best, a match.Key; default cost
	Areas    []string `yaml:"areas"`      // these ones instead

	Storages []Storage `yaml:"storages"`
	Boiler   *Boiler   `yaml:"boiler"`
	// ReturnLimit is the warmest return, in °C, that sources without a heat pump take
	// back whole; of a warmer one they give the share that the same water carries
	// (match.Share). Without it every return is taken.
	ReturnLimit *float64 `yaml:"return_limit_c"`
}

// Storage is a store of heat, filled by every source in reach.
type Storage struct {
	ID        string  `yaml:"id,required"`
	Capacity  float64 `yaml:"capacity_kwh,required"`
	Charge    float64 `yaml:"charge_kw"`    // 0: not limited
	Discharge float64 `yaml:"discharge_kw"` // 0: not limited
	Loss      float64 `yaml:"loss_per_day"` // share of the content
	// Cyclic lets the year begin with what it ends with, as of a seasonal store; else
	// it begins empty.
	Cyclic      bool     `yaml:"cyclic"`
	Temperature *float64 `yaml:"temperature_c"` // at which it gives; default: the network's flow
	// Sizes are capacities in kWh to try beside it, all else as it is: what more store
	// would bring.
	Sizes      []float64 `yaml:"sizes_kwh"`
	Source     string    `yaml:"source,required"`
	Investment float64   `yaml:"investment_eur"`
	Life       int       `yaml:"life_years"`
	Upkeep     float64   `yaml:"upkeep_share"`
	CostSource string    `yaml:"cost_source"`
}

// Boiler gives what sources and storages do not.
type Boiler struct {
	Power      float64 `yaml:"power_kw"` // 0: as much as is lacking
	Efficiency float64 `yaml:"efficiency,required"`
	Fuel       float64 `yaml:"fuel_eur_per_mwh,required"`
	Emissions  float64 `yaml:"emissions_g_per_kwh,required"` // CO2eq of a kWh of fuel
	Source     string  `yaml:"source,required"`
	Investment float64 `yaml:"investment_eur"`
	Life       int     `yaml:"life_years"`
	Upkeep     float64 `yaml:"upkeep_share"`
	CostSource string  `yaml:"cost_source"`
}

// options are those with which the file is read.
func (d Demand) options() demand.Options {
	c := d.Columns
	return demand.Options{
		Partial: d.Partial, Layer: d.Layer, CRS: d.CRS,
		Columns: demand.Columns{ID: c.ID, Name: c.Name, Heat: c.Heat, Peak: c.Peak, Profile: c.Profile, Flow: c.Flow, Return: c.Return,
			Connections: c.Connections, StreetMetres: c.StreetMetres, Grade: c.Grade, Source: c.Source,
			Geometry: c.Geometry, Longitude: c.Longitude, Latitude: c.Latitude},
		Heat: demand.HeatUnit(d.Heat), Peak: demand.PowerUnit(d.Peak),
		Profile: d.Profile, Grade: gradeOf(d.Grade), Source: d.Source,
	}
}

// gradeOf is a grade by its name; NoGrade for others.
func gradeOf(name string) heatmap.Grade {
	for g := heatmap.Measured; g <= heatmap.Declared; g++ {
		if g.String() == name {
			return g
		}
	}
	return heatmap.NoGrade
}
