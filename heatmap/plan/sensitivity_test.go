package plan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/plantest"
)

// TestAnotherFlowMovesTheHeatPumpsToo holds the ends of the flow's range against
// variations that run the whole plan: with a heat pump a warmer network is no cheaper
// than they say.
func TestAnotherFlowMovesTheHeatPumpsToo(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	r := run(t, s, in)
	i := slices.IndexFunc(r.Sensitivity, func(v plan.Sensitive) bool { return v.Code == "flow_temperature" })
	if i < 0 {
		t.Fatal("the flow is not varied")
	}
	flow := r.Sensitivity[i]
	before, _, _ := strings.Cut(string(s.Text()), "variations:")
	changed := before + fmt.Sprintf("variations:\n  - {name: low, assumptions: {flow_temperature: {value: %g, source: test}}}\n  - {name: high, assumptions: {flow_temperature: {value: %g, source: test}}}\n", flow.Low, flow.High)
	ends := run(t, plantest.Parse(t, "scenario.yaml", changed), in).Variations
	for j, want := range []float64{flow.AtLow, flow.AtHigh} {
		if got := *ends[j].PerMWh; math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: a MWh costs %v, the sensitivity says %v", ends[j].Name, got, want)
		}
	}
	if !(flow.AtHigh > flow.AtLow) {
		t.Errorf("with a heat pump %g °C cost %v and %g °C %v", flow.Low, flow.AtLow, flow.High, flow.AtHigh)
	}
	for j := 1; j < len(r.Sensitivity); j++ {
		a, b := r.Sensitivity[j-1], r.Sensitivity[j]
		if math.Abs(a.AtHigh-a.AtLow) < math.Abs(b.AtHigh-b.AtLow) {
			t.Errorf("%s comes before %s, which moves more", a.Code, b.Code)
		}
	}
}
