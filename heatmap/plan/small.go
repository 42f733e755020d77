package plan

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/heatpump"
)

// readTable reads a maker's table with all its faults.
func readTable(file string, src []byte) (*heatpump.Table, energy.Faults) {
	table, err := heatpump.ReadTable(bytes.NewReader(src), file)
	var faults energy.Faults
	if err != nil && !errors.As(err, &faults) {
		faults = energy.Faults{{File: file, Problem: err.Error(), Remedy: "a table with source_in_c, sink_out_c and cop is expected"}}
	}
	return table, faults
}

// readsAreas tells whether all is sound that says how the file of a demand is read.
func (s Scenario) readsAreas(i int) bool {
	for _, field := range []string{"layer", "crs", "columns", "heat_unit", "peak_unit", "profile"} {
		if !s.sound("demand", i, field) {
			return false
		}
	}
	return true
}

// readAreas reads the file of a demand. A column that it lacks is a fault of the
// scenario, where the column was named.
func (s Scenario) readAreas(i int, src []byte) ([]demand.Area, energy.Faults) {
	d := s.Demand[i]
	o := d.options()
	o.Place = func(field, problem, remedy string) energy.Fault {
		if !s.doc.Present("demand", i, "columns", field) {
			return s.doc.Fault(problem, remedy+"; say under columns which of them is "+field, "demand", i, "file")
		}
		return s.doc.Fault(problem, remedy, "demand", i, "columns", field)
	}
	return demand.Read(d.File, src, o)
}

// sortedKeys are the keys of a map in their order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sevenDecimals(x float64) float64 { return math.Round(x*1e7) / 1e7 }

// some is a number that is known.
func some(x float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &x
}
