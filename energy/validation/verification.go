package validation

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// verifications are the meters that count on after the last day of their
// verification, and those that are about to.
func (l *look) verifications() []Finding {
	var all []Finding
	for _, meter := range l.Site.Meters {
		until := meter.Verification.Until
		if until == (energy.Date{}) {
			continue
		}
		expiry := l.Calendar.Day(until).To
		last, ok := l.lastDay(meter)
		if !ok {
			continue
		}
		args := Args{"until": {Date: until}, "regime": name(string(meter.Verification.Regime))}
		after := energy.Period{From: latest(expiry, l.Period.From), To: last.To}
		switch {
		case after.Length() > 0:
			all = append(all, found(l.Site.ID, meter.ID, "", Expired, after, args))
		case l.Until.Before(expiry) && l.Until.Add(l.Limits.Expiry).After(expiry) && l.Period.Contains(l.Until.Add(-l.Limits.Settle)):
			all = append(all, found(l.Site.ID, meter.ID, "", Expires, energy.Period{From: l.Calendar.Day(until).From, To: expiry}, args))
		}
	}
	return all
}

// lastDay is the last local day in the period of which a point of the meter says
// something.
func (l *look) lastDay(meter registry.Meter) (last energy.Period, ok bool) {
	for _, p := range meter.Points {
		if days := l.days(p.ID); len(days) > 0 && days[len(days)-1].Period.To.After(last.To) {
			last, ok = days[len(days)-1].Period, true
		}
	}
	return last, ok
}
