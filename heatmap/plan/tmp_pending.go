package plan

import (
	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/geo"
)

// readAreas reads a file of areas.
func readAreas(d Demand, src []byte) ([]demand.Area, energy.Faults) {
	read, faults := geo.Read(d.File, src, geo.Options{Whole: !d.Partial, CRS: d.CRS, IDs: true, IDProperty: d.Columns.ID})
	var list []demand.Area
	for _, f := range read.List {
		name := d.Columns.Heat
		if name == "" {
			name = "heat_kwh"
		}
		x, _ := f.Property(name)
		heat, _ := x.(float64)
		if d.Heat == "MWh" {
			heat *= 1000
		}
		o := d.options()
		a := demand.Area{ID: f.ID, Geometry: f.Geometry, Heat: heatmap.KilowattHours(heat), Profile: o.Profile, Grade: o.Grade, Source: o.Source, Feature: f}
		list = append(list, a)
	}
	return list, faults
}
