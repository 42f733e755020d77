package validation

import (
	"time"

	"heatledger/energy"
)

// flatLines are stretches in which what cannot stand still did: the counter of
// a load that never rests, or a level that did not move in its last digit.
func (l *look) flatLines(at located) []Finding {
	longest, zero := l.still(at)
	if longest == 0 {
		return nil
	}
	var all []Finding
	var run energy.Period
	var value energy.Amount
	end := func() {
		if run.Length() < longest || l.standstill(at, run) {
			return
		}
		args := Args{"duration": length(run.Length())}
		code := CounterStands
		if !at.Quantity.Cumulative() {
			code, args["value"] = LevelFrozen, of(at.Quantity, value)
		}
		all = append(all, l.finding(at, code, run, args))
	}
	days := l.days(at.ID)
	for i := range days {
		d := &days[i]
		cumulative := at.Quantity.Cumulative()
		if d.Date.Before(l.Site.InOperationSince) { // nothing runs yet
			continue
		}
		if cumulative && d.Lo > 0 { // it moved in every quarter-hour
			end()
			run, value = energy.Period{}, d.Lo
			continue
		}
		adjoins := run.To.Equal(d.Period.From)
		for q, v := range d.Values {
			still := d.Quality[q] != energy.Missing && (v == 0 && (zero || cumulative) || v != 0 && !cumulative)
			if still && v == value && adjoins {
				continue // the run goes on; its end is set when it breaks, or with the day
			}
			begin := d.Period.From.Add(time.Duration(q) * energy.QuarterHour)
			if adjoins {
				run.To = begin
			}
			end()
			if run, value, adjoins = (energy.Period{}), v, still; still {
				run.From = begin
			}
		}
		if adjoins {
			run.To = d.Period.To
		}
	}
	end()
	return all
}

// still is how long a point may stand still, 0 for ever, and whether a level of
// zero is standing still too.
func (l *look) still(at located) (longest time.Duration, zero bool) {
	restless := at.Role == energy.GridImport || at.Role == energy.ITLoad
	switch at.Quantity {
	case energy.ActiveEnergyImport:
		if restless {
			return l.limits(at.Point).Standing, true
		}
		return 0, false
	case energy.ActivePower, energy.HeatPower, energy.VolumeFlow:
		return l.limits(at.Point).FrozenPower, restless
	case energy.FlowTemperature, energy.ReturnTemperature, energy.Temperature:
		return l.limits(at.Point).FrozenTemperature, false
	}
	return 0, false
}
