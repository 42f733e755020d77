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
// which the ERF knows, make no difference to what a taker got.
//
// Where every meter of the heat keeps registers of volume × temperature, the
// mean temperature is their growth by that of the volumes, Σ V·T / Σ V: the
// meter saw every moment of it, gaps of ours included. Else it is weighted with
// the energy, Σ E·T / Σ E over the quarter-hours in which both were measured, of
// the meters that measure both. A note says which; the two are never mixed.
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

func heatFlowRegister() Definition {
	return heatRegister("heat_delivered_flow_temperature", FlowRegister, FlowRegisterVolume, energy.VolumeTemperatureFlow)
}

func heatReturnRegister() Definition {
	return heatRegister("heat_delivered_return_temperature", ReturnRegister, ReturnRegisterVolume, energy.VolumeTemperatureReturn)
}

func heatRegister(name string, numerator, denominator int16, q energy.Quantity) Definition {
	return Definition{
		Name: name, Standard: "EnEfG Anlage 3", Edition: "2023",
		Unit: energy.DegreeCelsius, NumeratorUnit: energy.CubicMetreDegree, DenominatorUnit: energy.CubicMetre,
		Numerator: numerator, Denominator: denominator,
		Pair:  func(site registry.Site, _ int, days Days) Pair { return registerPair(site, q, days) },
		Notes: notes("temperature_by_meter_registers"),
	}
}

// registerPair are the meters' registers of volume × temperature over their
// volumes; it has no terms where a meter of delivered heat lacks one of them.
func registerPair(site registry.Site, q energy.Quantity, days Days) (pair Pair) {
	for _, heat := range energyOf(site, energy.HeatDelivered, days) {
		register, ok := besideHeat(site, heat.Point, q, days)
		volume, hasVolume := besideHeat(site, heat.Point, energy.Volume, days)
		if !ok || !hasVolume {
			return Pair{}
		}
		pair.Numerator = append(pair.Numerator, Term{Point: register, Factor: Unity})
		pair.Denominator = append(pair.Denominator, Term{Point: volume, Factor: Unity})
	}
	return pair
}

// notes are the same at every site.
func notes(codes ...string) func(registry.Site, int, Days) []string {
	return func(registry.Site, int, Days) []string { return codes }
}

func heatTemperature(name string, numerator, denominator int16, q energy.Quantity) Definition {
	return Definition{
		Name: name, Standard: "EnEfG Anlage 3", Edition: "2023",
		Unit: energy.DegreeCelsius, NumeratorUnit: KilowattHourDegree, DenominatorUnit: energy.KilowattHour,
		Numerator: numerator, Denominator: denominator,
		Pair:    func(site registry.Site, _ int, days Days) Pair { return temperaturePair(site, q, days) },
		Notes:   notes("temperature_by_sensors"),
		Instead: true,
	}
}

// temperaturePair is heat × temperature over heat, of the meters of delivered
// heat that measure both.
func temperaturePair(site registry.Site, q energy.Quantity, days Days) Pair {
	pair := Pair{OwnTime: true}
	for _, heat := range energyOf(site, energy.HeatDelivered, days) {
		if level, ok := besideHeat(site, heat.Point, q, days); ok {
			pair.Denominator = append(pair.Denominator, heat)
			heat.Level = level
			pair.Numerator = append(pair.Numerator, heat)
		}
	}
	return pair
}

// besideHeat is another quantity that the meter of a delivered heat measures too.
func besideHeat(site registry.Site, heat energy.PointID, q energy.Quantity, days Days) (energy.PointID, bool) {
	for _, meter := range site.Meters {
		var level energy.PointID
		var found bool
		for _, point := range meter.Points {
			found = found || point.ID == heat
			if point.Quantity == q && point.Role == energy.HeatDelivered && point.Use == energy.Primary && days.overlap(point.From, point.To) {
				level = point.ID
			}
		}
		if found {
			return level, level != ""
		}
	}
	return "", false
}

// Heat that was held ready, and heat that was asked for, from what meters or the
// controls of the network say of the power in each quarter-hour.
//
// No standard: contracts by which the taker pays for what he does not take (take
// or pay) set the one against the other. Σ mean power × ¼ h over the quarter-hours
// measured at their own time: a quarter-hour whose power is not known is not in
// it, and the coverage says so.
func heatAvailable() Definition {
	return heatPower("heat_available", HeatAvailableLine, energy.HeatAvailable)
}

func heatRequested() Definition {
	return heatPower("heat_requested", HeatRequestedLine, energy.HeatRequested)
}

// quarterOfAnHour makes a mean power over a quarter-hour energy, in thousandths.
const quarterOfAnHour = 250

func heatPower(name string, line int16, role energy.Role) Definition {
	return Definition{
		Name: name, Standard: "none", Edition: "",
		Unit: energy.KilowattHour, NumeratorUnit: energy.KilowattHour, Numerator: line,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			pair := Pair{OwnTime: true}
			if !days.overlap(site.From, site.To) {
				return pair
			}
			for _, meter := range site.Meters {
				for _, point := range meter.Points {
					if isHeatPromised(point) && point.Role == role && days.overlap(point.From, point.To) {
						pair.Numerator = append(pair.Numerator, Term{Point: point.ID, Factor: quarterOfAnHour})
					}
				}
			}
			return pair
		},
	}
}

// isHeatPromised tells whether the point is a power that was available or asked for.
func isHeatPromised(p registry.Point) bool {
	return p.Use == energy.Primary && p.Quantity == energy.HeatPower && (p.Role == energy.HeatAvailable || p.Role == energy.HeatRequested)
}

// isHeatTemperature tells whether the point is a temperature of delivered heat.
func isHeatTemperature(p registry.Point) bool {
	return p.Role == energy.HeatDelivered && p.Use == energy.Primary &&
		(p.Quantity == energy.FlowTemperature || p.Quantity == energy.ReturnTemperature)
}
