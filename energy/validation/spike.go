package validation

import (
	"time"

	"heatledger/energy"
)

// spikes are quarter-hours that took more than the connection can carry. Of 96
// real data centres several ran above their contracted capacity, one at 125 %
// for three years: then it is the registry that is out of date.
func (l *look) spikes(at located) []Finding {
	load := l.Site.ConnectedLoadKW.Float64()
	if load <= 0 || !behindConnection(at.Role) {
		return nil
	}
	var most float64 // in a quarter-hour, fixed units
	hours := 1.0
	switch at.Quantity {
	case energy.ActiveEnergyImport:
		hours = energy.QuarterHour.Hours()
		most = load * l.limits(at.Point).Connection * hours * 1e6
		if step, err := at.Resolution.Amount(at.Quantity); err == nil { // a step of the register is no spike
			most += float64(step)
		}
	case energy.ActivePower:
		most = load * l.limits(at.Point).Connection * 1e6
	default:
		return nil
	}
	limit := energy.Amount(most)
	over := joiner{near: l.Limits.Together}
	days := l.days(at.ID)
	for i := range days {
		d := &days[i]
		if d.Hi <= limit {
			continue
		}
		for q, v := range d.Values {
			if v > limit && d.Covered[q] > 0 { // what was spread over a gap has no peak
				p := energy.Period{From: d.Period.From.Add(time.Duration(q) * energy.QuarterHour), To: d.Period.From.Add(time.Duration(q+1) * energy.QuarterHour)}
				over.add(p, v)
			}
		}
	}
	var all []Finding
	for _, s := range over.all {
		all = append(all, l.finding(at, AboveConnection, s.period, Args{
			"peak": amount(float64(s.peak)/1e6/hours, energy.Kilowatt), "limit": amount(load, energy.Kilowatt), "count": count(s.count)}))
	}
	return all
}

// behindConnection tells whether what a role measures comes through the
// connection. Own generation does not.
func behindConnection(r energy.Role) bool {
	switch r {
	case energy.GridImport, energy.ITLoad, energy.Cooling, energy.OtherInfrastructure, energy.ForeignLoad, energy.HeatPumpElectricity:
		return true
	}
	return false
}
