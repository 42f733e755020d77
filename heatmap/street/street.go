// Package street makes a graph of street lines, finds the nearest place on a
// street for a building or a source, and the shortest way along streets. It
// knows lines and metres, no heat.
//
// Lines come in longitude and latitude and go out so; lengths are metres on the
// ground ([geo.Distance]). Whether points are the same is judged in the plane of
// the UTM zone the streets lie in.
//
// The graph does not depend on the order of the streets: the same lines give the
// same numbers of nodes and edges.
package street

import (
	"cmp"
	"slices"
	"strconv"

	"heatledger/heatmap/geo"
)

// Street is a line a pipe may be laid along.
type Street struct {
	ID      string
	Line    geo.Line    // in degrees, two positions at least
	Feature geo.Feature // where it comes from, for messages; may be empty
}

// FromFeatures are the lines of features, each by the id of its feature. Of
// several lines of one feature the second is called "id/2" and so on; a feature
// without id is called by its number, "#7".
func FromFeatures(features []geo.Feature) []Street {
	var streets []Street
	for _, f := range features {
		id := cmp.Or(f.ID, "#"+strconv.Itoa(f.Number))
		for i, line := range geo.Lines(f.Geometry) {
			s := Street{ID: id, Line: line, Feature: f}
			if i > 0 {
				s.ID = id + "/" + strconv.Itoa(i+1)
			}
			streets = append(streets, s)
		}
	}
	return streets
}

// inOrder are the streets sorted by id and then by their lines.
func inOrder(streets []Street) []Street {
	sorted := slices.Clone(streets)
	slices.SortStableFunc(sorted, func(a, b Street) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), slices.CompareFunc(a.Line, b.Line, compare))
	})
	return sorted
}

// compare orders points from west to east, then from south to north.
func compare(a, b geo.Point) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) }
