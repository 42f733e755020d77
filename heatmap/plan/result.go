package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Result is what a scenario comes to. Its JSON is canonical: fields in this order,
// numbers with nine significant digits, lists sorted as each says; what is not known
// is absent. Powers are kW, energies kWh a year, lengths m, temperatures °C, money
// euros without value-added tax, emissions kg CO2eq.
type Result struct {
	Method       int       `json:"method"` // see [Method]
	Name         string    `json:"name"`
	Title        string    `json:"title,omitempty"`
	Note         string    `json:"note,omitempty"`
	Municipality string    `json:"municipality,omitempty"`
	Year         int       `json:"year"`
	From         time.Time `json:"from"` // the first hour
	Hours        int       `json:"hours"`
	Scenario     string    `json:"scenario_sha256"` // of the file itself

	Inputs      []Input      `json:"inputs"`             // files and sites, as the scenario names them
	Sources     []Given      `json:"sources"`            // as the scenario lists them
	Together    *Secured     `json:"together,omitempty"` // of all sources that feed in
	Areas       []Area       `json:"areas"`              // by rank; those out of reach last, by id
	Demand      DemandBasis  `json:"demand"`
	Served      Served       `json:"served"` // all chosen areas together, with the network's losses
	Storages    []Stored     `json:"storages,omitempty"`
	Boiler      *Burnt       `json:"boiler,omitempty"`
	Network     *Laid        `json:"network,omitempty"` // none where nothing is served
	Cost        *Cost        `json:"cost,omitempty"`
	Emissions   Emissions    `json:"emissions"`
	Assumptions []Assumption `json:"assumptions"`           // all, in the order of network.Assumptions
	Stated      []StatedFact `json:"stated,omitempty"`      // what else it rests on, with its source
	Sensitivity []Sensitive  `json:"sensitivity,omitempty"` // by swing, the greatest first
	Variations  []Varied     `json:"variations,omitempty"`
	Warnings    []Warning    `json:"warnings,omitempty"`
	HourTable   string       `json:"hours_sha256"` // of the table of hours ([Hours.WriteCSV])

	// Digest is the SHA-256 of the JSON without it; see [Result.Sum].
	Digest string `json:"digest,omitempty"`

	Hourly *Hours `json:"-"`
}

// Input is a file or the days of a site that the result rests on.
type Input struct {
	Use    string `json:"use"` // as of [File.Use]; "site"
	Name   string `json:"name"`
	Digest string `json:"sha256"` // of the file's bytes; of a site, of the hours that were taken
	Bytes  int    `json:"bytes,omitempty"`
}

// Given is a source and what became of its heat.
type Given struct {
	ID   string `json:"id"`
	Site string `json:"site,omitempty"`
	Kind string `json:"kind"`
	// Method is how the series came about, Of what stated it.
	Method   string   `json:"method"`
	MethodOf string   `json:"method_source,omitempty"`
	Factor   *float64 `json:"factor,omitempty"`
	Grade    string   `json:"grade"` // the worst that its hours rest on
	Limit    string   `json:"limit"`
	// LowerBound: the heat is what was taken, not what there is.
	LowerBound   bool        `json:"lower_bound"`
	Longitude    float64     `json:"lon"`
	Latitude     float64     `json:"lat"`
	Availability *float64    `json:"availability,omitempty"` // by which stated hours were reduced
	Measured     int         `json:"measured_hours"`
	Estimated    int         `json:"estimated_hours"`
	Declared     int         `json:"declared_hours"`
	Unknown      int         `json:"unknown_hours"`
	Energy       float64     `json:"source_kwh"` // of the known hours, before a heat pump
	Unshaped     float64     `json:"unshaped_kwh,omitempty"`
	Secured      *Secured    `json:"secured,omitempty"`     // at the network's side
	FlowMean     *float64    `json:"flow_mean_c,omitempty"` // weighted with the heat
	Pump         *PumpResult `json:"heat_pump,omitempty"`

	Offered     float64  `json:"offered_kwh"` // at the network's side
	Direct      float64  `json:"given_kwh"`
	Stored      float64  `json:"stored_kwh"`
	Surplus     float64  `json:"surplus_kwh"`
	KeptBack    float64  `json:"kept_back_kwh,omitempty"`
	Used        *float64 `json:"used_share,omitempty"`
	Peak        float64  `json:"peak_kw"`                   // the greatest power taken
	FullLoad    *float64 `json:"full_load_hours,omitempty"` // of that peak
	NoFlowHours int      `json:"hours_without_temperature,omitempty"`
}

// Secured is the power that is there in a share of the hours.
type Secured struct {
	Availability float64 `json:"availability"`
	Power        float64 `json:"kw"`
	AtWorst      float64 `json:"at_worst_kw"`      // had all unknown hours given nothing
	Sum          float64 `json:"sum_kw,omitempty"` // of several: of each by itself, added up
}

// PumpResult is a heat pump at a source, for the heat that was taken.
type PumpResult struct {
	ID          string   `json:"id"`
	Basis       string   `json:"basis"`
	COP         *float64 `json:"cop,omitempty"` // over the year, of what it can give
	Electricity float64  `json:"electricity_kwh"`
	OutOfRange  int      `json:"hours_out_of_range,omitempty"`
	Without     int      `json:"hours_without_temperature,omitempty"`
}

// Area is a candidate with its place in the ranking.
type Area struct {
	ID          string  `json:"id"`
	Name        string  `json:"name,omitempty"`
	Longitude   float64 `json:"lon"`
	Latitude    float64 `json:"lat"`
	Heat        float64 `json:"heat_kwh"`
	Peak        float64 `json:"peak_kw"`
	Connections int     `json:"connections"`
	// Outline is the area's, as the coordinates of a GeoJSON MultiPolygon to seven
	// decimals; a street with its heat has none.
	Outline     [][][][2]float64 `json:"outline,omitempty"`
	Grade       string           `json:"grade"`
	Origin      string           `json:"source,omitempty"`
	Profile     string           `json:"profile"`
	Rank        int              `json:"rank,omitempty"` // from 1; 0: it is out of reach
	Chosen      bool             `json:"chosen"`
	OutOfReach  string           `json:"out_of_reach,omitempty"`       // no_street, no_source, too_far, too_hot
	Metres      *float64         `json:"to_source_m,omitempty"`        // along streets to the nearest source in reach
	Covered     *float64         `json:"covered_share,omitempty"`      // by sources and stores, all candidates competing
	Density     *float64         `json:"density_mwh_per_m,omitempty"`  // of its own streets
	HeatDensity *float64         `json:"density_mwh_per_ha,omitempty"` // of its ground; a street has none
	CostPerMWh  *float64         `json:"rank_eur_per_mwh,omitempty"`   // by which it was ranked (match.Ranked)
}

// DemandBasis is what the demand of the chosen areas rests on.
type DemandBasis struct {
	Heat      float64 `json:"heat_kwh"` // at the stations
	Measured  float64 `json:"measured_kwh"`
	Estimated float64 `json:"estimated_kwh"`
	Declared  float64 `json:"declared_kwh"`
	Climate   string  `json:"climate"`
	Modelled  bool    `json:"climate_modelled,omitempty"`
}

// Served is a load and who served it: Load = Direct + Stored + Boiler + Unmet.
type Served struct {
	Load   float64 `json:"load_kwh"` // heat of the areas and what the network loses
	Direct float64 `json:"direct_kwh"`
	Stored float64 `json:"stored_kwh"`
	Boiler float64 `json:"boiler_kwh"`
	Unmet  float64 `json:"unmet_kwh"`
	// Open may have been served by sources whose hours are not known; Covered is a lower
	// bound, AtMost the upper one as far as these hours go.
	Open    float64  `json:"open_kwh"`
	Covered *float64 `json:"covered_share,omitempty"`
	AtMost  *float64 `json:"covered_at_most,omitempty"`
	Peak    float64  `json:"peak_kw"` // of the hours
}

// Stored is a storage.
type Stored struct {
	ID       string  `json:"id"`
	Capacity float64 `json:"capacity_kwh"`
	Taken    float64 `json:"taken_kwh"`
	Given    float64 `json:"given_kwh"`
	Lost     float64 `json:"lost_kwh"`
	Most     float64 `json:"most_kwh"`
	Settled  bool    `json:"settled"` // of a cyclic one: it begins as it ends
	// Sizes are capacities that were tried beside it, ascending.
	Sizes []SizedStore `json:"sizes,omitempty"`
}

// SizedStore is a storage of another size, with all else as it is.
type SizedStore struct {
	Capacity float64  `json:"capacity_kwh"`
	Covered  *float64 `json:"covered_share,omitempty"` // of the load, by sources and stores
	Boiler   float64  `json:"boiler_kwh"`
	Unmet    float64  `json:"unmet_kwh"`
	Marginal *float64 `json:"more_kwh_per_kwh,omitempty"` // that each kWh of store above the size before brought
	Bend     bool     `json:"bend,omitempty"`             // from here on more store begins to bring less (match.Curve.Bend)
}

// Burnt is the boiler.
type Burnt struct {
	Heat float64 `json:"heat_kwh"`
	Fuel float64 `json:"fuel_kwh"`
	Peak float64 `json:"peak_kw"`
}

// Assumption is one of network.Assumptions as the plan used it.
type Assumption struct {
	Code   string  `json:"code"`
	Unit   string  `json:"unit"`
	Value  float64 `json:"value"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Basis  string  `json:"basis"`
	Source string  `json:"source"`
}

// Sensitive is what one assumption alone does to the cost of heat ([network.Vary]); of the
// network's temperatures with all that heat pumps make of them.
type Sensitive struct {
	Code   string  `json:"code"`
	Unit   string  `json:"unit"`
	Value  float64 `json:"value"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	AtLow  float64 `json:"at_low_eur_per_mwh"`
	AtHigh float64 `json:"at_high_eur_per_mwh"`
}

// swing is by how much it moves the cost.
func (s Sensitive) swing() float64 { return math.Abs(s.AtHigh - s.AtLow) }

// Varied is a variation: the whole plan once more, with the same areas.
type Varied struct {
	Name       string       `json:"name"`
	Note       string       `json:"note,omitempty"`
	Changed    []Assumption `json:"changed"`
	PerMWh     *float64     `json:"eur_per_mwh,omitempty"`
	Investment *float64     `json:"investment_eur,omitempty"`
	Covered    *float64     `json:"covered_share,omitempty"`
	LostShare  *float64     `json:"lost_share,omitempty"`
	Kilograms  float64      `json:"kg"`
}

// Warning is something whoever reads the numbers has to know: a code, what it is
// about, and the numbers of it. Package reporting says it in words.
type Warning struct {
	Code   string    `json:"code"`
	About  string    `json:"about,omitempty"`
	Values []float64 `json:"values,omitempty"`
}

// Canonical is the JSON of the result as its digest covers it.
func (r Result) Canonical() ([]byte, error) {
	r.Digest = ""
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write the result of %s: %w", r.Name, err)
	}
	return b, nil
}

// Sum is the digest of the result, in hex.
func (r Result) Sum() (string, error) {
	b, err := r.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// ReadResult reads a result and checks it against its digest.
func ReadResult(b []byte) (Result, error) {
	var r Result
	if err := json.Unmarshal(b, &r); err != nil {
		return Result{}, fmt.Errorf("read a result: %w", err)
	}
	sum, err := r.Sum()
	if err != nil {
		return Result{}, err
	}
	if r.Digest != sum {
		return Result{}, fmt.Errorf("read the result of %s: its digest is %s and it says %s", r.Name, sum, r.Digest)
	}
	return r, nil
}

// digits are the significant digits of numbers in a result: more than any of them
// is worth, fewer than those in which the order of a sum shows.
const digits = 9

// rounded is x with so many digits.
func rounded(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
		return x
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		panic("plan: round a number: " + err.Error())
	}
	return y
}

// round rounds every number of a value that can be set.
func round(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			round(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			round(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Tag.Get("json") != "-" {
				round(v.Field(i))
			}
		}
	case reflect.Float64:
		v.SetFloat(rounded(v.Float()))
	}
}
