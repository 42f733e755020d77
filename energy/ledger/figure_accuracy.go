package ledger

import (
	"maps"
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// uncertainty combines the accuracies of the meters. Billed MWh have none.
func (a *account) uncertainty(w wanted, proven energy.Amount) (relative float64, ok bool) {
	if a.unweighed || unstated(w) {
		return 0, false
	}
	numerator := a.shares(w.pair.Numerator)
	if proven > 0 {
		numerator = append(numerator, kpi.Share{Amount: proven, HasClass: true})
	}
	if len(w.pair.Denominator) == 0 {
		return kpi.AmountUncertainty(numerator)
	}
	return kpi.Uncertainty(numerator, a.shares(w.pair.Denominator))
}

// unstated tells whether a part of the figure has an accuracy that nobody states:
// the grid's data, a mix, and in the registry sensors and powers.
func unstated(w wanted) bool {
	levels := slices.ContainsFunc(w.pair.Numerator, func(t kpi.Term) bool { return t.Level != "" })
	power := w.Numerator == kpi.HeatAvailableLine || w.Numerator == kpi.HeatRequestedLine
	return w.GridData || w.Market || levels || power || w.Unit == energy.DegreeCelsius
}

// shares are the terms with the accuracy of their meters.
func (a *account) shares(terms []kpi.Term) []kpi.Share {
	var list []kpi.Share
	for _, term := range terms {
		list = append(list, a.accuracy(term.Point, float64(term.Factor)/kpi.Unity)...)
	}
	return list
}

// accuracy is that of a point's amount times a factor: of a measured point its
// meter's, of a sum that of each of its inputs, of a part that of what it is a
// part of and of the two amounts that give the part.
func (a *account) accuracy(id energy.PointID, factor float64) []kpi.Share {
	_, meter, point, _ := a.registry.Point(id)
	amount := energy.Amount(math.Round(float64(a.totals[id]) * factor))
	switch {
	case point.Share != nil:
		percent, ok := a.partPercent(*point.Share)
		return []kpi.Share{{Amount: amount, Percent: percent, HasClass: ok}}
	case len(point.Formula.Terms) > 0:
		var list []kpi.Share
		for _, t := range point.Formula.Terms {
			list = append(list, a.accuracy(t.Point, factor*t.Factor.Float64())...)
		}
		return list
	}
	percent, ok := kpi.MeterPercent(meter)
	if !ok {
		percent, ok = a.heatPercent(meter, id)
	}
	return []kpi.Share{{Amount: amount, Percent: percent, HasClass: ok, Meter: meter.ID}}
}

// partPercent is the accuracy of a part in per cent of it: relative errors of a
// product and a quotient add up in squares. A part that is agreed, not measured,
// has none that anybody states.
func (a *account) partPercent(s registry.Share) (percent float64, ok bool) {
	of := whole(a.registry, s)
	if of == "" {
		return 0, false
	}
	var classes []float64
	for _, id := range []energy.PointID{s.Of, s.By, of} {
		relative, ok := kpi.AmountUncertainty(a.accuracy(id, 1))
		if !ok {
			return 0, false
		}
		classes = append(classes, relative/2*math.Sqrt(3)*100) // back from k = 2 to the limit of a class
	}
	return kpi.ClassPercent(classes...), true
}

// heatPercent is the accuracy of a heat meter at the mean temperature difference
// of the delivered heat, and the mean flow that carries its heat.
func (a *account) heatPercent(meter registry.Meter, id energy.PointID) (percent float64, ok bool) {
	if !kpi.MeasuresDifference(a.site, id, a.days()) {
		return 0, false
	}
	lines := slices.Concat(slices.Collect(maps.Values(a.lines))...)
	kelvin, ok := kpi.DeltaTheta(lines)
	if !ok {
		return 0, false
	}
	var seconds int64
	for _, l := range lines {
		if l.Role == kpi.HeatDeliveredLine {
			seconds += l.EnergyS
		}
	}
	return kpi.HeatMeterPercent(meter.Accuracy, kelvin, kpi.MeanFlow(a.totals[id], seconds, kelvin))
}

// withInputs are the points and, of those that are calculated, what they are
// made of: their accuracy is that of the meters in the end.
func (q *inquiry) withInputs(points []energy.PointID) []energy.PointID {
	all := slices.Clone(points)
	for i := 0; i < len(all); i++ { // grows while it is walked
		_, _, point, _ := q.registry.Point(all[i])
		for _, input := range Inputs(q.registry, point) {
			if !slices.Contains(all, input) {
				all = append(all, input)
			}
		}
	}
	return all
}
