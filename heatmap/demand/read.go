package demand

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/geopackage"
)

// Read imports areas from GeoJSON, GeoPackage, CSV or XLSX, which it tells by what
// the file holds. It gives what can be used together with every fault, each with
// its place, the number and id of its feature and the remedy. Without
// [Options.Partial] nothing is used if anything is wrong; with it neither where a
// column is missing.
//
// Named are, beside what is wrong with geometries (see [geo.Read]): columns that no
// area has, each once for the file; no id and ids given twice; no heat, and heat that is no number, not above zero or denser than
// is believed; rows whose id no geometry has; load profiles that are not known;
// temperatures, powers and counts that cannot be.
func Read(file string, src []byte, o Options) ([]Area, energy.Faults) {
	r := &reader{file: file, asked: o.Columns.named(), options: o.withDefaults(), ids: make(map[string]int), lacking: make(map[string]bool)}
	features := r.features(src)
	for _, f := range features {
		r.area(f)
	}
	if len(r.faults) > 0 && !o.Partial || len(r.lacking) > 0 {
		return nil, r.faults
	}
	return r.areas, r.faults
}

// withDefaults fills in what was left out.
func (o Options) withDefaults() Options {
	for _, f := range append(o.Columns.fields(), o.Columns.places()...) {
		if f.field != "id" { // it may be the feature's own
			*f.name = cmp.Or(*f.name, f.usual)
		}
	}
	o.Heat, o.Peak = cmp.Or(o.Heat, KilowattHours), cmp.Or(o.Peak, Kilowatts)
	o.MostDense, o.MostLinear = cmp.Or(o.MostDense, MostDense), cmp.Or(o.MostLinear, MostLinear)
	if o.Profiles == nil {
		o.Profiles = DefaultProfiles()
	}
	return o
}

// check names options that cannot be.
func (o Options) check(file string) (faults energy.Faults) {
	fault := func(problem, remedy string) {
		faults = append(faults, energy.Fault{File: file, Problem: problem, Remedy: remedy})
	}
	if _, _, ok := o.Heat.factor(); !ok {
		fault(fmt.Sprintf("the unit of heat %q is not known", o.Heat), "kWh, MWh, GWh, kWh/m or MWh/m is expected")
	}
	if o.Peak != Kilowatts && o.Peak != Megawatts {
		fault(fmt.Sprintf("the unit of power %q is not known", o.Peak), "kW or MW is expected")
	}
	if o.Profile != "" && !o.Profiles.Known(o.Profile) {
		fault(fmt.Sprintf("the load profile %q is not known", o.Profile), o.Profiles.suggest(o.Profile))
	}
	for _, own := range slices.Sorted(maps.Keys(o.Types)) {
		if !o.Profiles.Known(o.Types[own]) {
			fault(fmt.Sprintf("the load profile %q, which %q stands for, is not known", o.Types[own], own), o.Profiles.suggest(o.Types[own]))
		}
	}
	if o.CRS != 0 && !o.CRS.Known() {
		fault(fmt.Sprintf("the coordinate system %s is not known", o.CRS), "EPSG:4326, EPSG:25832 or EPSG:25833 is expected")
	}
	return faults
}

// factor is a unit in kWh; perMetre tells that it is that of a metre of street.
func (u HeatUnit) factor() (kilowattHours float64, perMetre, ok bool) {
	switch u {
	case KilowattHours:
		return 1, false, true
	case MegawattHours:
		return 1e3, false, true
	case GigawattHours:
		return 1e6, false, true
	case KilowattHoursPerMetre:
		return 1, true, true
	case MegawattHoursPerMetre:
		return 1e3, true, true
	}
	return 0, false, false
}

type reader struct {
	file    string
	options Options
	asked   map[string]bool // fields for which a column was named, see [Columns.named]
	lacking map[string]bool // fields whose column no area has
	areas   []Area
	ids     map[string]int // the number of the feature that has it
	faults  energy.Faults
}

// features are those of a file of any form; with the fault of a file as a whole
// there are none.
func (r *reader) features(src []byte) []geo.Feature {
	if r.faults = r.options.check(r.file); len(r.faults) > 0 {
		return nil
	}
	o := geo.Options{CRS: r.options.CRS, Area: r.options.Area}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(src, []byte("\uFEFF")), " \t\r\n")
	if geopackage.Is(src) || len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		read, faults := geopackage.Features(r.file, src, r.options.Layer, o)
		r.faults = faults
		r.missing(read.List)
		return read.List
	}
	return r.table(src)
}

// identity is the id of a feature: of the column that was named, else of its
// member, key or column "id". Without one the fault is that of the feature; none where
// the whole file lacks the column.
func (r *reader) identity(f geo.Feature) (string, energy.Fault, bool) {
	column := cmp.Or(r.options.Columns.ID, "id")
	id := f.ID
	if v, ok := f.Property(column); ok && v != nil {
		id = textOf(v)
	} else if r.options.Columns.ID != "" {
		id = ""
	}
	if id == "" && r.lacking["id"] {
		return "", energy.Fault{}, false
	}
	if id == "" {
		return "", f.PropertyFault(column, "it has no id", fmt.Sprintf("fill in %q", column)), false
	}
	if first, twice := r.ids[id]; twice {
		return "", f.PropertyFault(column, fmt.Sprintf("its id %q stands twice", id), fmt.Sprintf("it is that of feature %d already: give each its own", first)), false
	}
	r.ids[id] = f.Number
	return id, energy.Fault{}, true
}
