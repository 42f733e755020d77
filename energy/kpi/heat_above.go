package kpi

import (
	"fmt"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Heat delivered at or above a temperature.
//
// No standard: a network needs its heat at a temperature (reference: EnEfG § 17
// Abs. 1 Nr. 6 asks for the mean only). The site's fact says which; a site
// without it has no such figures. In each quarter-hour measured at its own time
// the mean flow temperature of the delivered heat, weighted with the heat of the
// meters that measure both, is compared with it. The first figure is the share
// of that heat, the second the share of the time in which heat was delivered.
func heatAboveEnergy() Definition {
	return heatAbove("heat_delivered_above_share", energy.KilowattHour, func(p Pair, h Hour) (above, all energy.Amount) {
		if all = max(0, h.Sum.Denominator); p.isAbove(h) {
			above = all
		}
		return above, all
	})
}

func heatAboveTime() Definition {
	return heatAbove("heat_delivered_above_time_share", Hours, func(p Pair, h Hour) (above, all energy.Amount) {
		if h.Sum.Denominator <= 0 {
			return 0, 0
		}
		if all = energy.Amount(h.Sum.IntervalS) * unitsPerHour / secondsPerHour; p.isAbove(h) {
			above = all
		}
		return above, all
	})
}

// unitsPerHour makes seconds the fixed unit of [Hours], a millionth of an hour.
const unitsPerHour = 1_000_000

// isAbove tells whether the mean temperature of an hour with heat is at or above
// the pair's.
func (p Pair) isAbove(h Hour) bool {
	return h.Sum.Denominator > 0 && h.Sum.Numerator >= Scale(h.Sum.Denominator, int64(p.Above), levelUnit)
}

func heatAbove(name string, unit energy.Unit, hour func(Pair, Hour) (above, all energy.Amount)) Definition {
	return Definition{
		Name: name, Standard: "none", Edition: "",
		Unit: energy.One, NumeratorUnit: unit, DenominatorUnit: unit, Quarterly: true, Hour: hour,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			above, ok := heatTemperatureWanted(site, days)
			if !ok {
				return Pair{}
			}
			pair := temperaturePair(site, energy.FlowTemperature, days)
			pair.Above = above
			return pair
		},
		Notes: func(site registry.Site, _ int, days Days) []string {
			above, _ := heatTemperatureWanted(site, days)
			return []string{fmt.Sprintf("above_celsius=%s", energy.FlowTemperature.Value(above))}
		},
	}
}

// HeatTemperature is the site fact that names the temperature in °C at which
// its heat is wanted, by contract or by the network.
const HeatTemperature = "heat_delivery_temperature_c"

// heatTemperatureWanted is that on the last of the days.
func heatTemperatureWanted(site registry.Site, days Days) (energy.Amount, bool) {
	for _, fact := range site.Facts {
		number, isNumber := fact.Value.Number()
		if fact.Name != HeatTemperature || !isNumber || !holdsOnLast(fact, days) {
			continue
		}
		if celsius, err := energy.FlowTemperature.Fixed(number); err == nil {
			return celsius, true
		}
	}
	return 0, false
}
