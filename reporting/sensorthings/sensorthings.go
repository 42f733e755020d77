// Package sensorthings answers requests of the OGC SensorThings API, Part 1: Sensing,
// version 1.1 (18-088), for reading alone. It knows the protocol and nothing of sites:
// what there is comes from a [Town], already cut to what the caller may see.
//
// A site is a Thing at its Location, a kind of heat in equal steps a Datastream, an
// interval's value an Observation with its interval as phenomenonTime, its data grade
// as resultQuality and what limited it as a parameter. Steps of which nothing is known
// are no Observations: absent is not zero.
//
// Of the requests for data it takes $top, $skip, $count, $orderby, $select, $expand
// and $filter; of filters the comparisons, and, or, not, brackets and the functions
// startswith, endswith and substringof. What it does not take it refuses by name.
// Nothing can be created, changed or deleted.
package sensorthings

import (
	"context"
	"fmt"
	"time"

	"heatledger/heatmap/geo"
)

// Version is the part of an address below which the API lies.
const Version = "v1.1"

// Conformance are the requirements classes that hold (18-088, clause 2), for the root.
func Conformance() []string {
	const base = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
	return []string{base + "datamodel/thing", base + "datamodel/thing-relations", base + "datamodel/location", base + "datamodel/location-relations",
		base + "datamodel/datastream", base + "datamodel/datastream-relations", base + "datamodel/sensor", base + "datamodel/sensor-relations",
		base + "datamodel/observed-property", base + "datamodel/observed-property-relations", base + "datamodel/observation", base + "datamodel/observation-relations",
		base + "datamodel/feature-of-interest", base + "datamodel/feature-of-interest-relations", base + "datamodel/entity-control-information/common-control-information",
		base + "resource-path/resource-path-to-entities", base + "request-data/order", base + "request-data/expand", base + "request-data/select",
		base + "request-data/status-code", base + "request-data/query-status-code", base + "request-data/orderby", base + "request-data/top", base + "request-data/skip",
		base + "request-data/count", base + "request-data/pagination"}
}

// Town is what there is, as the caller may see it.
type Town interface {
	// Things are the sites with their datastreams, in an order that stays.
	Things(ctx context.Context) ([]Thing, error)
	// Observations are the known steps of a datastream, by time.
	Observations(ctx context.Context, d Datastream) ([]Observation, error)
}

// Thing is a site. Without a Place it has no Location.
type Thing struct {
	ID, Name, Description string
	Place                 *geo.Point // in degrees
	Properties            map[string]any
	Datastreams           []Datastream
}

// Datastream is a kind of heat of a site in equal steps. Sensor and Observed are told
// apart by their IDs across all things.
type Datastream struct {
	ID, Name, Description string
	Unit                  Unit
	Sensor                Sensor
	Observed              Observed
	From, To              time.Time // what is known lies within; zero: not said
	Properties            map[string]any
}

// Unit is a unit of measurement; Definition is its URI.
type Unit struct {
	Name       string `json:"name"`
	Symbol     string `json:"symbol"`
	Definition string `json:"definition"`
}

// Sensor is how the values came about.
type Sensor struct{ ID, Name, Description, Metadata string }

// Observed is what the values are of. Definition is a URI.
type Observed struct{ ID, Name, Description, Definition string }

// Observation is the value of one step.
type Observation struct {
	From, To time.Time
	Result   float64
	Quality  string // the data grade
	Limit    string
}

// Refusal is why a request gets no answer. Status is that of HTTP.
type Refusal struct {
	Status  int
	Problem string
}

// Error is the problem.
func (r *Refusal) Error() string { return r.Problem }

func refuse(status int, format string, args ...any) *Refusal {
	return &Refusal{status, fmt.Sprintf(format, args...)}
}
