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

// readAreas reads a file of areas.
func readAreas(d Demand, src []byte) ([]demand.Area, energy.Faults) {
	return demand.Read(d.File, src, d.options())
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
