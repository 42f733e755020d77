package words

import (
	"math"
	"strconv"
	"strings"

	"heatledger/heatmap/plan"
)

// Plan is a text about plans of heat networks with its places filled.
func Plan(l Lang, name string, values map[string]string) string {
	return fill(text(l, "plan:"+name), values)
}

// PlanAssumption is what an assumption is called, by its code.
func PlanAssumption(l Lang, code string) string { return text(l, "plan_assumption:"+code) }

// KnownPlan tells whether a text is there in the language itself: "plan:served",
// "plan_warning:unmet", "plan_assumption:interest".
func KnownPlan(l Lang, name string) bool {
	_, ok := catalogues()[l][name]
	return ok
}

// PlanWarning is what a warning says.
func PlanWarning(l Lang, w plan.Warning) string {
	values, energies := map[string]string{"about": w.About}, EnergiesOf(l, w.Values...)
	for i, x := range w.Values {
		name := string(rune('a' + i))
		values[name] = Number(l, x, 0)
		values["kwh:"+name] = energies.Text(x)
		values["share:"+name] = Share(l, x)
	}
	return fill(text(l, "plan_warning:"+w.Code), values)
}

// PlanSentences are the sentences that say what a plan comes to, the most important
// first, their energies in one unit. What it rests on is said by its warnings.
func PlanSentences(l Lang, r plan.Result) []string {
	if r.Network == nil || r.Cost == nil {
		return []string{Plan(l, "nothing", nil)}
	}
	energyOf := EnergiesOf(l, r.Demand.Heat, r.Served.Load, r.Served.Boiler, r.Served.Unmet).Text
	chosen := 0
	for _, a := range r.Areas {
		if a.Chosen {
			chosen++
		}
	}
	list := []string{Plan(l, "served", map[string]string{"year": strconv.Itoa(r.Year), "chosen": strconv.Itoa(chosen), "all": strconv.Itoa(len(r.Areas)),
		"heat": energyOf(r.Demand.Heat), "load": energyOf(r.Served.Load)})}
	if r.Served.Covered != nil {
		name := "covered"
		if r.Served.Unmet == 0 {
			name = "covered_all"
		}
		list = append(list, Plan(l, name, map[string]string{"covered": Share(l, *r.Served.Covered), "boiler": energyOf(r.Served.Boiler), "unmet": energyOf(r.Served.Unmet)}))
	}
	if r.Served.Open > 0 && r.Served.AtMost != nil {
		list = append(list, Plan(l, "covered_open", map[string]string{"most": Share(l, *r.Served.AtMost)}))
	}
	n := r.Network
	list = append(list, Plan(l, "network", map[string]string{"metres": Number(l, n.Metres, 0), "density": Number(l, n.Density, 2), "lost": Share(l, n.LostShare), "bound": Number(l, math.Floor(n.Bound), 0)}))
	if r.Cost.PerMWh != nil {
		list = append(list, Plan(l, "cost", map[string]string{"cost": Number(l, *r.Cost.PerMWh, 0), "years": Number(l, assumed(r, "period"), 0), "investment": Number(l, r.Cost.Investment.Total, 0)}))
	}
	if len(r.Sensitivity) > 0 {
		s := r.Sensitivity[0]
		list = append(list, Plan(l, "cost_swing", map[string]string{"name": PlanAssumption(l, s.Code), "low": Number(l, min(s.AtLow, s.AtHigh), 0), "high": Number(l, max(s.AtLow, s.AtHigh), 0)}))
	}
	if r.Emissions.PerKWh != nil {
		list = append(list, Plan(l, "emissions", map[string]string{"grams": Number(l, *r.Emissions.PerKWh, 0)}))
	}
	return append(list, planGrades(l, r))
}

// planGrades says what the hours of all sources rest on.
func planGrades(l Lang, r plan.Result) string {
	var measured, estimated, declared, unknown int
	for _, s := range r.Sources {
		measured, estimated, declared, unknown = measured+s.Measured, estimated+s.Estimated, declared+s.Declared, unknown+s.Unknown
	}
	whole := func(n int) string { return Number(l, float64(n), 0) }
	return Plan(l, "grade", map[string]string{"measured": whole(measured), "estimated": whole(estimated), "declared": whole(declared), "unknown": whole(unknown)})
}

// assumed is the value of an assumption of a result.
func assumed(r plan.Result, code string) float64 {
	for _, a := range r.Assumptions {
		if a.Code == code {
			return a.Value
		}
	}
	return math.NaN()
}

// PlanValue writes a number of a plan with its unit as people read it: shares in per
// cent, "EUR/MWh" as "€/MWh".
func PlanValue(l Lang, x float64, unit string) string {
	switch unit {
	case "1", "":
		return Number(l, x, decimalsOf(x))
	case "1/a", "1/d":
		return Number(l, 100*x, decimalsOf(100*x)) + "\u00a0%" + strings.TrimPrefix(unit, "1")
	}
	return Number(l, x, decimalsOf(x)) + "\u00a0" + strings.Replace(unit, "EUR", "€", 1)
}

// decimalsOf are as many decimals as a stated number has, three at most.
func decimalsOf(x float64) int {
	for d := range 3 {
		if scale := math.Pow10(d); math.Abs(x*scale-math.Round(x*scale)) < 1e-9*math.Max(1, math.Abs(x*scale)) {
			return d
		}
	}
	return 3
}
