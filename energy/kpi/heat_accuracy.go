package kpi

import (
	"strings"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// HeatMeterPercent is the greatest error in per cent of a heat meter of class
// 1, 2 or 3 at a temperature difference in K: E = Ef + Et + Ec of EN 1434-1,
// with Ef at the nominal flow q = qp (1.01, 2.02, 3.05 %), Ec = 0.5 +
// ΔΘmin/ΔΘ and Et = 0.5 + 3·ΔΘmin/ΔΘ. The formulas are taken from a
// manufacturer's manual and unconfirmed. ok is false for what is no such meter,
// and below its least temperature difference, where nothing is promised.
func HeatMeterPercent(a registry.Accuracy, deltaTheta float64) (percent float64, ok bool) {
	least := a.DeltaThetaMin.Float64()
	if least <= 0 || deltaTheta < least {
		return 0, false
	}
	var flow float64
	switch strings.TrimSpace(a.Class) {
	case "1":
		flow = 1.01
	case "2":
		flow = 2.02
	case "3":
		flow = 3.05
	default:
		return 0, false
	}
	return flow + (0.5 + 3*least/deltaTheta) + (0.5 + least/deltaTheta), true
}

// MeasuresDifference tells whether the meter of a heat also gives the flow and
// return temperatures that the mean temperatures of the site rest on.
func MeasuresDifference(site registry.Site, heat energy.PointID, days Days) bool {
	_, flow := temperatureBeside(site, heat, energy.FlowTemperature, days)
	_, back := temperatureBeside(site, heat, energy.ReturnTemperature, days)
	return flow && back
}

// DeltaTheta is the mean difference in K of the temperatures of delivered heat,
// weighted with the heat; ok is false where it was not measured.
func DeltaTheta(lines []Line) (kelvin float64, ok bool) {
	flow, back := heatFlowTemperature().SumOf(lines, 0), heatReturnTemperature().SumOf(lines, 0)
	if flow.Denominator <= 0 || back.Denominator <= 0 {
		return 0, false
	}
	return float64(flow.Numerator)/float64(flow.Denominator) - float64(back.Numerator)/float64(back.Denominator), true
}
