package plan

import (
	"cmp"
	"slices"

	"heatledger/heatmap/match"
)

// place is a place in the ranking.
type place struct {
	ID   string
	Cost *float64 // euros for each MWh served; nil: not known, or not asked for
}

// rank puts areas in order.
func rank(first match.Result, by match.Key) []place {
	list := slices.Clone(first.Areas)
	slices.SortStableFunc(list, func(a, b match.AreaResult) int {
		x, _ := a.Covered()
		y, _ := b.Covered()
		return cmp.Compare(y, x)
	})
	var out []place
	for _, a := range list {
		out = append(out, place{ID: a.ID})
	}
	return out
}
