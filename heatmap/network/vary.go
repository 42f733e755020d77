package network

import (
	"cmp"
	"math"
	"slices"
)

// Variation is what becomes of the cost of heat when one assumption alone goes
// to the ends of its range.
type Variation struct {
	Code, Unit        string
	Value, Low, High  float64
	AtLow, AtHigh     float64 // euros for each MWh delivered
	InvestLow         float64 // euros to be paid in the beginning, at Low
	InvestHigh        float64
	LostLow, LostHigh float64 // share of the heat fed in that is lost
}

// Swing is how far apart the ends are, in euros for each MWh.
func (v Variation) Swing() float64 { return math.Abs(v.AtHigh - v.AtLow) }

// Vary varies each assumption alone, from the one that moves the cost of heat most
// to the least; the routes stay as they are, for no assumption enters them. Those
// whose range is a single value are left out. It errs as [Lay] does.
func Vary(in Input) ([]Variation, error) {
	in = in.withDefaults()
	base, err := Lay(in)
	if err != nil {
		return nil, err
	}
	parts := partition(in)
	for i := range parts {
		parts[i].tree = base.Trees[i]
	}
	var list []Variation
	codes := in.Assumptions.All()
	for i, s := range codes {
		if s.Low == s.High {
			continue
		}
		at := func(x float64) Sketch {
			changed := in
			changed.Assumptions.All()[i].Assumption.Value = x
			return lay(changed, parts)
		}
		low, high := at(s.Low), at(s.High)
		list = append(list, Variation{
			Code: s.Code, Unit: s.Unit, Value: s.Value, Low: s.Low, High: s.High,
			AtLow: low.Cost.PerMWh, AtHigh: high.Cost.PerMWh,
			InvestLow: low.Cost.Investment.Total, InvestHigh: high.Cost.Investment.Total,
			LostLow: low.Heat.LostShare, LostHigh: high.Heat.LostShare,
		})
	}
	slices.SortStableFunc(list, func(a, b Variation) int {
		return cmp.Or(cmp.Compare(b.Swing(), a.Swing()), cmp.Compare(a.Code, b.Code))
	})
	return list, nil
}
