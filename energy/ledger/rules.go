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
	return RulesOf(&site, &meter, &point), true
}

// RulesOf is [Rules] for whoever has looked the point up.
func RulesOf(site *registry.Site, meter *registry.Meter, point *registry.Point) series.Rules {
	rules := series.Rules{Quantity: point.Quantity, Kind: point.Series, MaxRate: maxRate(site, point.Quantity)}
	if modulus, err := point.Modulus.Amount(point.Quantity); err == nil { // the registry was checked when it was applied
		rules.Modulus = modulus
	}
	for _, event := range site.Events {
		if !event.Concerns(meter.ID, point.ID) || event.Kind != registry.MeterExchange && event.Kind != registry.ConfirmedReset {
			continue
		}
		exchange := series.Exchange{At: event.At, Reset: event.Kind == registry.ConfirmedReset,
			FactorOld: ratio(event.Old.Factor), FactorNew: ratio(event.New.Factor)}
		exchange.Final, exchange.HasFinal = stand(event.Old.Final, point)
		exchange.Start, exchange.HasStart = stand(event.New.Start, point)
		rules.Exchanges = append(rules.Exchanges, exchange)
	}
	return rules
}

// beyondLoad is how many times the connected load the energy of any meter of a
// site may come to: loads outgrow contracts, and heat pumps give a multiple.
const beyondLoad = 10

// maxRate is the most energy an hour may bring a meter of the site; 0, the
// rules' own limit, where the connected load is not known.
func maxRate(site *registry.Site, q energy.Quantity) energy.Amount {
	if q.Unit() != energy.KilowattHour || site.ConnectedLoadKW.Sign() <= 0 {
		return 0
	}
	load, err := q.Fixed(site.ConnectedLoadKW.Value)
	if err != nil || load > 1<<55 {
		return 0
	}
	return beyondLoad * load
}

// stand is what an event says of the point's counter.
func stand(stands map[energy.PointID]registry.Measure, point *registry.Point) (energy.Amount, bool) {
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
