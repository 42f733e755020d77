package kpi

import (
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// HeatMeterPercent is the greatest error in per cent of a heat meter of class
// 1, 2 or 3 at a temperature difference in K and a flow in m³/h: E = Ef + Et +
// Ec of EN 1434-1, with Ef = 1 + 0.01·qp/q, 2 + 0.02·qp/q or 3 + 0.05·qp/q, at
// most 5 %, Ec = 0.5 + ΔΘmin/ΔΘ and Et = 0.5 + 3·ΔΘmin/ΔΘ. A flow of 0 is not
// known: the nominal one, qp, is taken. The formulas are those of a
// manufacturer's manual (class 2); those of classes 1 and 3 are unconfirmed. ok
// is false for what is no such meter, and below its least temperature
// difference, where nothing is promised.
func HeatMeterPercent(a registry.Accuracy, deltaTheta, flow float64) (percent float64, ok bool) {
	least := a.DeltaThetaMin.Float64()
	if least <= 0 || deltaTheta < least {
		return 0, false
	}
	var base, slope float64
	switch strings.TrimSpace(a.Class) {
	case "1":
		base, slope = 1, 0.01
	case "2":
		base, slope = 2, 0.02
	case "3":
		base, slope = 3, 0.05
	default:
		return 0, false
	}
	ratio := 1.0
	if nominal := a.QP.Float64(); flow > 0 && nominal > 0 {
		ratio = nominal / flow
	}
	return min(mostFlowPercent, base+slope*ratio) + (0.5 + 3*least/deltaTheta) + (0.5 + least/deltaTheta), true
}

// mostFlowPercent bounds the error of a flow sensor (EN 1434-1, 9.2.2.2; the
// clause is unconfirmed).
const mostFlowPercent = 5

// MeanFlow is the flow in m³/h that carries the heat over the seconds at the
// temperature difference: water has 1.16 kWh/(m³·K) near 45 °C. It is the mean
// over time: a meter that often stands still runs faster, and errs less.
func MeanFlow(heat energy.Amount, seconds int64, deltaTheta float64) float64 {
	if seconds <= 0 || deltaTheta <= 0 || heat <= 0 {
		return 0
	}
	const kilowattHoursPerCubicMetreKelvin = 1.16
	power := energy.HeatEnergy.Value(heat).Float64() / (float64(seconds) / secondsPerHour)
	return power / (kilowattHoursPerCubicMetreKelvin * deltaTheta)
}

// MeasuresDifference tells whether the meter of a heat also gives the flow and
// return temperatures that the mean temperatures of the site rest on.
func MeasuresDifference(site registry.Site, heat energy.PointID, days Days) bool {
	has := func(q energy.Quantity) bool {
		_, ok := besideHeat(site, heat, q, days)
		return ok
	}
	sensors := has(energy.FlowTemperature) && has(energy.ReturnTemperature)
	return sensors || has(energy.VolumeTemperatureFlow) && has(energy.VolumeTemperatureReturn) && has(energy.Volume)
}

// DeltaTheta is the mean difference in K of the temperatures of delivered heat,
// weighted with the heat; ok is false where it was not measured.
func DeltaTheta(lines []Line) (kelvin float64, ok bool) {
	mean := func(d Definition) (celsius float64, ok bool) {
		sum := d.SumOf(lines, 0)
		return float64(sum.Numerator) / float64(sum.Denominator), sum.Denominator > 0
	}
	flow, okFlow := mean(heatFlowRegister())
	back, okBack := mean(heatReturnRegister())
	if !okFlow || !okBack {
		flow, okFlow = mean(heatFlowTemperature())
		back, okBack = mean(heatReturnTemperature())
	}
	return flow - back, okFlow && okBack
}
