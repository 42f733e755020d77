// Package townmap is outlines to find one's way on a map: a municipality, its
// neighbours and its districts. Some come with the program; a municipality brings its
// own as a file. It knows outlines and their names, no heat, and no figure rests on it.
package townmap

import (
	_ "embed" // the outlines are part of the program
	"fmt"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// outlines are those that come with the program (SOURCES.md).
//
//go:embed outlines.geojson
var outlines []byte

// Attribution is what the licence of the outlines that come with the program asks to
// be said beside them (dl-de/by-2-0).
const Attribution = "© GeoBasis-DE / BKG 2019 (VG250), Stadt Frankfurt am Main, Bürgeramt Statistik und Wahlen (2015); dl-de/by-2-0"

// Kind is what an outline encloses.
type Kind string

// The kinds, as the property "layer" of a file names them.
const (
	Municipality Kind = "municipality"
	District     Kind = "district"
)

// Outline is one of them. AGS is the key of the municipality that it is, or is in; ""
// in a file of one's own that names none.
type Outline struct {
	Kind     Kind
	AGS      string
	Name     string
	Geometry geo.Geometry // in degrees
}

// Outlines are all that are known, in the order of their file.
type Outlines struct {
	List        []Outline
	Attribution string // to be said beside the map; "": nothing
}

// Own reads the file of a municipality: GeoJSON of polygons in WGS 84, or in a system
// that it names, with the properties layer (municipality or district), name and ags.
// What can be used is returned together with every fault.
func Own(file string, src []byte) (Outlines, energy.Faults) {
	read, faults := geo.Read(file, src, geo.Options{Kinds: []geo.Kind{geo.KindPolygon, geo.KindMultiPolygon}})
	var own Outlines
	for _, feature := range read.List {
		one := Outline{Kind: Kind(text(feature, "layer")), AGS: text(feature, "ags"), Name: text(feature, "name"), Geometry: feature.Geometry}
		if one.Kind != Municipality && one.Kind != District {
			faults = append(faults, feature.PropertyFault("layer", fmt.Sprintf("there is no layer %q", one.Kind), "write municipality or district"))
			continue
		}
		own.List = append(own.List, one)
	}
	return own, faults
}

// Known are the outlines that come with the program. It errs where they cannot be
// read, which the tests rule out.
func Known() (Outlines, error) {
	known, faults := Own("outlines.geojson", outlines)
	if len(faults) > 0 {
		return Outlines{}, fmt.Errorf("read the outlines of the program: %w", faults)
	}
	known.Attribution = Attribution
	return known, nil
}

// Town are the outlines of a municipality: the one whose key it is, or, where the file
// names no keys, all of them. Without it ok is false: then nothing frames the map.
func (o Outlines) Town(ags string) (town []Outline, ok bool) {
	for _, one := range o.List {
		if one.Kind == Municipality && (one.AGS == "" || strings.HasPrefix(one.AGS, ags)) {
			town = append(town, one)
		}
	}
	return town, len(town) > 0
}

// Around are those that are not the municipality itself: neighbours, then districts.
func (o Outlines) Around(ags string) (neighbours, districts []Outline) {
	for _, one := range o.List {
		switch {
		case one.Kind == District:
			districts = append(districts, one)
		case one.AGS != "" && !strings.HasPrefix(one.AGS, ags):
			neighbours = append(neighbours, one)
		}
	}
	return neighbours, districts
}

func text(f geo.Feature, name string) string {
	value, _ := f.Property(name)
	s, _ := value.(string)
	return s
}
