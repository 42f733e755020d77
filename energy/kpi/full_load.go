package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Full-load hours of the heat that is delivered.
//
// No standard: Σ heat delivered / thermal power, in hours of the period. The
// power is what the operator declares as the capacity of the delivery (fact
// heat_delivery_capacity_kw; EnEfG § 17 Abs. 1 Nr. 3 asks for it), else the mean
// of the greatest hour that was measured in the period; a note says which.
func fullLoadHours() Definition {
	d := heatAmount("full_load_hours", HeatDeliveredLine, energy.HeatDelivered)
	d.Unit, d.DenominatorUnit, d.Shared, d.PerCapacity = Hours, energy.Kilowatt, true, true
	return d
}

// HeatCapacity is the site fact that declares the thermal power, in kW, the
// site can deliver.
const HeatCapacity = "heat_delivery_capacity_kw"

// Capacity is the declared thermal power on the last of the days; ok is false
// where none is declared.
func Capacity(site registry.Site, days Days) (power energy.Amount, ok bool) {
	for _, fact := range site.Facts {
		number, isNumber := fact.Value.Number()
		if fact.Name != HeatCapacity || !isNumber || !holdsOnLast(fact, days) {
			continue
		}
		if power, err := energy.HeatPower.Fixed(number); err == nil && power > 0 {
			return power, true
		}
	}
	return 0, false
}

// Peak is the mean power of the greatest of hours that were measured
// throughout; 0 where there is none.
func Peak(hours []Hour) (power energy.Amount) {
	for _, h := range hours {
		if h.Sum.IntervalS == secondsPerHour {
			power = max(power, h.Sum.Numerator) // kWh in an hour are kW
		}
	}
	return power
}

const secondsPerHour = 3600
