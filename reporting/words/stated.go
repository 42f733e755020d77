package words

import (
	"slices"
	"strings"

	"heatledger/heatmap/plan"
)

// PlanOf is what a fact of a plan is about, with its id: "Wärmepumpe dockside".
func PlanOf(l Lang, f plan.StatedFact) string {
	kind, id, _ := strings.Cut(f.Of, " ")
	return strings.TrimSpace(text(l, "plan_of:"+kind) + " " + id)
}

// PlanStated is what a fact of a plan is called: some fields are called differently
// of different things. What has no words is called as in the scenario's file.
func PlanStated(l Lang, f plan.StatedFact) string {
	kind, _, _ := strings.Cut(f.Of, " ")
	if t, ok := find(l, "plan_stated:"+kind+"."+f.Code); ok {
		return t
	}
	if t, ok := find(l, "plan_stated:"+f.Code); ok {
		return t
	}
	return f.Code
}

// PlanStatedValue writes the value of a fact of a plan, or the word in its place.
func PlanStatedValue(l Lang, f plan.StatedFact) string {
	if f.Value != nil {
		return PlanValue(l, *f.Value, f.Unit)
	}
	if f.Basis == plan.BasisStated && slices.Contains([]string{"heat_pump", "table", "file", "areas", "pipes", "prices", "timezone"}, f.Code) {
		return f.Text // as somebody named it
	}
	for _, name := range []string{"plan_text:" + f.Text, "heat:" + f.Code + "_" + f.Text} {
		if t, ok := find(l, name); ok {
			return t
		}
	}
	return f.Text
}

// PlanBasis tells who stated a fact of a plan.
func PlanBasis(l Lang, f plan.StatedFact) string {
	if f.Basis == "" {
		return Plan(l, "stated_"+string(plan.BasisStated), nil)
	}
	return Plan(l, "stated_"+string(f.Basis), nil)
}

// PlanSource is where a fact of a plan is from.
func PlanSource(l Lang, f plan.StatedFact) string {
	switch f.Source {
	case plan.SourceOurs:
		if f.Value == nil { // no number that somebody could doubt
			return Plan(l, "source_program", nil)
		}
		return Plan(l, "source_ours", nil)
	case plan.SourceScenario:
		return Plan(l, "source_scenario", nil)
	case plan.SourceNetwork:
		return Plan(l, "source_network", nil)
	}
	return f.Source
}
