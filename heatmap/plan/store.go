package plan

import (
	"context"
	"fmt"
	"slices"

	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// size tries the capacities that the scenario asks for beside those of its storages.
func (r *run) size(ctx context.Context, asked match.Input, stored []Stored) error {
	for _, s := range r.scenario.Matching.Storages {
		i := slices.IndexFunc(stored, func(one Stored) bool { return one.ID == s.ID })
		if len(s.Sizes) == 0 || i < 0 {
			continue
		}
		sizes := []heatmap.KilowattHours{heatmap.KilowattHours(s.Capacity)}
		for _, capacity := range s.Sizes {
			sizes = append(sizes, heatmap.KilowattHours(capacity))
		}
		curve, err := match.Size(ctx, asked, s.ID, sizes)
		if err != nil {
			return fmt.Errorf("size the storages: %w", err)
		}
		bend, bends := curve.Bend()
		for _, tried := range curve.Sizes {
			covered, known := tried.Served.Covered()
			stored[i].Sizes = append(stored[i].Sizes, SizedStore{Capacity: float64(tried.Capacity), Covered: some(covered, known), Boiler: float64(tried.Served.Boiler), Unmet: float64(tried.Served.Unmet),
				Marginal: some(tried.Marginal, tried.OK), Bend: bends && tried.Capacity == bend.Capacity})
		}
	}
	return nil
}
