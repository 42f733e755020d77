// Package demand knows where heat is wanted: buildings, blocks, districts and
// streets with the heat they take in a year, how that becomes hours, and how dense
// it is. It knows files, standard load profiles and temperatures, no sources, no
// networks and no web.
//
//   - [Read] imports areas from GeoJSON, GeoPackage and CSV and names what is wrong
//     with each.
//   - [NewYear] lays temperatures over a local year; [Year.Load] is the heat of an
//     area in its hours by a standard load profile ([Profile]).
//   - [Area.Density] and [LinearDensities] say how dense the heat is, by ground and by
//     street.
//
// As in package geo every position is longitude and latitude in degrees; files
// may be in EPSG:25832 and 25833. Energies are kWh, powers kW. Absent is not zero:
// what may not be stated comes with OK, or is "" or 0 where zero has no meaning.
package demand

import (
	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
)

// Area is a building, a block, a district or a street that wants heat.
type Area struct {
	ID   string // of its file, never "" after [Read]
	Name string // for people; "" where none is given
	// Geometry is a polygon, a line (a street) or a point (a building known by its
	// address), or several of them, in degrees.
	Geometry geo.Geometry
	// Heat is what is taken at the house stations in a year: space heat and warm
	// water together, above zero.
	Heat heatmap.KilowattHours
	// Peak is the greatest power of an hour, where it is stated; else [Load.Peak]
	// has one by the profile.
	Peak Power
	// Profile says how the year's heat falls on its hours; "" stands for
	// [DefaultProfile].
	Profile Profile
	// Flow is the least flow temperature that serves it, Return the return that
	// its heating systems give back, where they are stated.
	Flow, Return heatmap.Temperature
	// Connections are the house stations; 0: not stated, which counts as one.
	Connections int
	// StreetMetres is the length of the streets it lies on, where it is stated;
	// else [LinearDensities] measures it.
	StreetMetres Metres
	// Grade is what the heat rests on: measured (billed by meters), estimated
	// (computed from buildings), or declared (somebody said so).
	Grade heatmap.Grade
	// Source is where the number is from: a document, a model, a year.
	Source string
	// Feature is where the area stands in its file, for messages.
	Feature geo.Feature
}

// Power is a power that may not be known.
type Power struct {
	Kilowatts heatmap.Kilowatts
	OK        bool
}

// Metres is a length that may not be known.
type Metres struct {
	Metres float64
	OK     bool
}

// At is the place where the area is joined to a street: a position, or the centre
// of gravity of its lines or polygons, which may lie outside of a bent one. ok is
// false without a geometry.
func (a Area) At() (at geo.Point, ok bool) {
	if a.Geometry == nil {
		return geo.Point{}, false
	}
	return geo.Centroid(a.Geometry)
}

// Fault is a fault of the area as a whole, at its place in the file.
func (a Area) Fault(problem, remedy string) energy.Fault {
	if a.Feature.Number > 0 {
		return a.Feature.Fault(problem, remedy)
	}
	return energy.Fault{Problem: "area " + a.ID + ": " + problem, Remedy: remedy}
}
