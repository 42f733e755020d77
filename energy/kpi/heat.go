package kpi

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Heat delivered and rejected, and the temperatures of the delivered.
//
// Source: EnEfG Anlage 3 Nr. 2 d (heat delivered to takers in kWh and its mean
// temperature) and c (heat released to air, water or soil); no standard. The
// heat is what the meters at the boundary say: own use and heat pumps' shares,
// which the ERF knows, make no difference to what a taker got. Temperatures
// are weighted with the energy: Σ E·T / Σ E over the quarter-hours in which
// both were measured, of the meters that measure both.
func heatDelivered() Definition {
	return heatAmount("heat_delivered", HeatDeliveredLine, energy.HeatDelivered)
}

func heatRejected() Definition {
	return heatAmount("heat_rejected", HeatRejectedLine, energy.HeatRejected)
}

func heatAmount(name string, line int16, role energy.Role) Definition {
	return Definition{
		Name: name, Standard: "EnEfG Anlage 3", Edition: "2023",
		Unit: energy.KilowattHour, NumeratorUnit: energy.KilowattHour, Numerator: line,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: energyOf(site, role, days)}
		},
	}
}

func heatFlowTemperature() Definition {
	return heatTemperature("heat_delivered_flow_temperature", HeatFlowNumerator, HeatFlowDenominator, energy.FlowTemperature)
}

func heatReturnTemperature() Definition {
	return heatTemperature("heat_delivered_return_temperature", HeatReturnNumerator, HeatReturnDenominator, energy.ReturnTemperature)
}

func heatTemperature(name string, numerator, denominator int16, q energy.Quantity) Definition {
	return Definition{
		Name: name, Standard: "EnEfG Anlage 3", Edition: "2023",
		Unit: energy.DegreeCelsius, NumeratorUnit: KilowattHourDegree, DenominatorUnit: energy.KilowattHour,
		Numerator: numerator, Denominator: denominator,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			pair := Pair{OwnTime: true}
			for _, heat := range energyOf(site, energy.HeatDelivered, days) {
				if level, ok := temperatureBeside(site, heat.Point, q, days); ok {
					pair.Denominator = append(pair.Denominator, heat)
					heat.Level = level
					pair.Numerator = append(pair.Numerator, heat)
				}
			}
			return pair
		},
	}
}

// temperatureBeside is the temperature that the meter of a heat measures too.
func temperatureBeside(site registry.Site, heat energy.PointID, q energy.Quantity, days Days) (energy.PointID, bool) {
	for _, meter := range site.Meters {
		var level energy.PointID
		var found bool
		for _, point := range meter.Points {
			found = found || point.ID == heat
			if point.Quantity == q && isHeatTemperature(point) && days.overlap(point.From, point.To) {
				level = point.ID
			}
		}
		if found {
			return level, level != ""
		}
	}
	return "", false
}

// isHeatTemperature tells whether the point is a temperature of delivered heat.
func isHeatTemperature(p registry.Point) bool {
	return p.Role == energy.HeatDelivered && p.Use == energy.Primary &&
		(p.Quantity == energy.FlowTemperature || p.Quantity == energy.ReturnTemperature)
}
