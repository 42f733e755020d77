package plan

import (
	"context"
	"fmt"
	"math"

	"heatledger/heatmap/network"
)

// apply puts the values of a variation in the place of the plan's, without a range.
func (v Variation) apply(a *network.Assumptions) {
	for _, s := range a.All() {
		if r, ok := v.Assumptions[s.Code]; ok && r.Value != nil && !math.IsNaN(*r.Value) {
			s.Value, s.Low, s.High, s.Source = *r.Value, *r.Value, *r.Value, r.Source
		}
	}
}

// vary is the plan once more under the assumptions of a variation, for the same areas.
func (r *run) vary(ctx context.Context, v Variation, chosen []int) (Varied, error) {
	a := r.scenario.Network.Assumptions
	v.apply(&a)
	a.Check(func(_, _, _, _ string) {}) // settles the bases; faults were named when it was parsed
	c, err := r.follow(ctx, a, chosen)
	if err != nil {
		return Varied{}, fmt.Errorf("variation %s: %w", v.Name, err)
	}
	out := Varied{Name: v.Name, Note: v.Note, Changed: []Assumption{}, Kilograms: emissions(c, r.hourly()).Total}
	for _, s := range a.All() {
		if _, ok := v.Assumptions[s.Code]; ok {
			out.Changed = append(out.Changed, newAssumption(s))
		}
	}
	if c.laid {
		cost := newCost(c.sketch.Cost, nil)
		out.PerMWh, out.Investment, out.LostShare = cost.PerMWh, &cost.Investment.Total, &c.sketch.Heat.LostShare
		covered, ok := c.matched.Total.Covered()
		out.Covered = some(covered, ok)
	}
	return out, nil
}
