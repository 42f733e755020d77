package ledger

import (
	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Rules say how the readings of a point are to be understood: what the
// registry says of it, and the events that befell its meter.
func Rules(r *registry.Registry, id energy.PointID) (series.Rules, bool) {
	site, meter, point, ok := r.Point(id)
	if !ok {
		return series.Rules{}, false
	}
	rules := series.Rules{Quantity: point.Quantity, Kind: point.Series}
	if modulus, err := point.Modulus.Amount(point.Quantity); err == nil { // the registry was checked when it was applied
		rules.Modulus = modulus
	}
	for _, event := range site.Events {
		if !event.Concerns(meter.ID, id) || event.Kind != registry.MeterExchange && event.Kind != registry.ConfirmedReset {
			continue
		}
		exchange := series.Exchange{At: event.At, Reset: event.Kind == registry.ConfirmedReset,
			FactorOld: ratio(event.Old.Factor), FactorNew: ratio(event.New.Factor)}
		exchange.Final, exchange.HasFinal = stand(event.Old.Final, point)
		exchange.Start, exchange.HasStart = stand(event.New.Start, point)
		rules.Exchanges = append(rules.Exchanges, exchange)
	}
	return rules, true
}

// stand is what an event says of the point's counter.
func stand(stands map[energy.PointID]registry.Measure, point registry.Point) (energy.Amount, bool) {
	measure, ok := stands[point.ID]
	if !ok {
		return 0, false
	}
	amount, err := measure.Amount(point.Quantity)
	return amount, err == nil
}

// ratio is a factor as an exact ratio; none is the zero Ratio, which is 1.
func ratio(n registry.Number) series.Ratio {
	if n.Sign() <= 0 || !n.IsDecimal() {
		return series.Ratio{}
	}
	mantissa, exp := n.Mantissa()
	r := series.Ratio{Num: mantissa, Den: 1}
	for ; exp < 0; exp++ {
		r.Den *= 10
	}
	for ; exp > 0; exp-- {
		r.Num *= 10
	}
	return r
}
