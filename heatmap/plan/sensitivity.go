package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"heatledger/heatmap/network"
)

// sensitivity varies each assumption alone. The network's temperatures move the COP of
// heat pumps: where there are any, the whole chain is run for them; a temperature with
// which nothing is laid any more is left out.
func (r *run) sensitivity(ctx context.Context, in network.Input, chosen []int) ([]Sensitive, error) {
	list, err := network.Vary(in)
	if err != nil {
		return nil, fmt.Errorf("vary the assumptions: %w", err)
	}
	pumped := slices.ContainsFunc(r.sources, func(s supply) bool { return s.pump != nil })
	out := []Sensitive{}
	for _, v := range list {
		one := Sensitive{v.Code, v.Unit, v.Value, v.Low, v.High, v.AtLow, v.AtHigh}
		if pumped && (v.Code == "flow_temperature" || v.Code == "return_temperature") {
			low, laidLow, err := r.costAt(ctx, chosen, v.Code, v.Low)
			if err != nil {
				return nil, err
			}
			high, laidHigh, err := r.costAt(ctx, chosen, v.Code, v.High)
			if err != nil {
				return nil, err
			}
			if !laidLow || !laidHigh {
				continue
			}
			one.AtLow, one.AtHigh = low, high
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Sensitive) int { return cmp.Compare(b.swing(), a.swing()) })
	return out, nil
}

// costAt is the cost of a MWh when one assumption has another value, with all that
// follows of it; ok is false where nothing is laid then.
func (r *run) costAt(ctx context.Context, chosen []int, code string, value float64) (cost float64, ok bool, err error) {
	a := r.scenario.Network.Assumptions
	for _, stated := range a.All() {
		if stated.Code == code {
			stated.Value = value
		}
	}
	c, err := r.follow(ctx, a, chosen)
	if err != nil {
		return 0, false, fmt.Errorf("vary %s: %w", code, err)
	}
	return c.sketch.Cost.PerMWh, c.laid && c.sketch.Cost.Known, nil
}
