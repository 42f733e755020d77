package validation

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
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
	quarters(l.days(at.ID), func(p energy.Period, d *series.Day, q int) {
		v := d.Values[q]
		still := d.Quality[q] != energy.Missing && (v != 0 || zero)
		if at.Quantity.Cumulative() {
			still = d.Quality[q] != energy.Missing && v == 0
		}
		if still && v == value && run.To.Equal(p.From) {
			run.To = p.To
			return
		}
		end()
		if run, value = (energy.Period{}), v; still {
			run = p
		}
	})
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
			return l.Limits.Standing, true
		}
		return 0, false
	case energy.ActivePower, energy.HeatPower, energy.VolumeFlow:
		return l.Limits.FrozenPower, restless
	case energy.FlowTemperature, energy.ReturnTemperature, energy.Temperature:
		return l.Limits.FrozenTemperature, false
	}
	return 0, false
}
