package plan_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"heatledger/heatmap/plan"
)

// kind is what a fact is about, without its id.
func kind(f plan.StatedFact) string {
	kind, _, _ := strings.Cut(f.Of, " ")
	return kind
}

// TestEverythingAPlanRestsOnIsStated walks through the fields of a scenario: each is
// stated in the result with its source, is an assumption of the network, or is known
// to say nothing that a number rests on.
func TestEverythingAPlanRestsOnIsStated(t *testing.T) {
	t.Parallel()
	below := map[string]string{"scenario": "", "source": "sources.", "heat_pump": "heat_pumps.", "demand": "demand.", "weather": "weather.", "streets": "streets.",
		"matching": "matching.", "storage": "matching.storages.", "boiler": "matching.boiler.", "network": "network."}
	stated := map[string]bool{}
	for kind, codes := range plan.Statements() {
		for _, code := range codes {
			stated[below[kind]+code] = true
		}
	}
	// What is named in the result itself, or by the digest of its file, or says how a
	// file is read, or to whom a number belongs.
	elsewhere := []string{"name", "title", "note", "municipality", "year", "id", "site", "file", "document", "source", "cost_source", "columns", "layer", "crs", "sizes_kwh"}
	for field := range fields(reflect.TypeFor[plan.Scenario]()) {
		last := field[strings.LastIndex(field, ".")+1:]
		switch {
		case stated[field], strings.HasPrefix(field, "network.assumptions"), strings.HasPrefix(field, "variations"), strings.HasPrefix(field, "demand.columns"):
		case slices.Contains(elsewhere, last):
		case slices.ContainsFunc(slices.Collect(maps.Keys(stated)), func(s string) bool {
			return strings.HasPrefix(s, field+".") || s == strings.TrimSuffix(strings.TrimSuffix(field, ".lon"), ".lat")
		}):
		case field == "sources" || field == "heat_pumps" || field == "demand" || field == "weather" || field == "streets" || field == "matching" || field == "network" || field == "lorenz":
		case strings.HasSuffix(field, "lorenz.approach_k"): // is a fault
		default:
			t.Errorf("%s is stated nowhere", field)
		}
	}
}

// TestAFactSaysWhetherTheScenarioOrTheProgramSaysIt runs the sample as it stands, and
// bare of all that has a default.
func TestAFactSaysWhetherTheScenarioOrTheProgramSaysIt(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	full := run(t, s, in)
	bare := run(t, edited(t, edited(t, edited(t, s, "    spread_k: 8\n    pinch_k: 3\n", "    spread_k: 8\n"),
		"carnot: {quality: 0.5, source: assumption of this sample}", "lorenz: {quality: 0.4, source: other}"), "      charge_kw: 400\n", ""), in)
	known := map[string]bool{}
	for kind, codes := range plan.Statements() {
		for _, code := range codes {
			known[kind+" "+code] = true
		}
	}
	seen := map[string]bool{}
	for _, f := range append(slices.Clone(full.Stated), bare.Stated...) {
		seen[kind(f)+" "+f.Code] = true
		switch {
		case !known[kind(f)+" "+f.Code]:
			t.Errorf("%s of %s is none of Statements", f.Code, f.Of)
		case f.Source == "" || f.Basis == "":
			t.Errorf("%s of %s has the source %q and the basis %q", f.Code, f.Of, f.Source, f.Basis)
		case (f.Value == nil) == (f.Text == ""):
			t.Errorf("%s of %s is %v and %q", f.Code, f.Of, f.Value, f.Text)
		}
	}
	for _, missing := range []string{"heat_pump table", "matching areas"} { // no sample has them
		seen[missing] = true
	}
	for one := range known {
		if !seen[one] {
			t.Errorf("%s is stated by no run", one)
		}
	}
	for _, tt := range []struct {
		result   plan.Result
		of, code string
		value    float64
		text     string
		basis    plan.Basis
		source   string
	}{
		{full, "heat_pump dockside", "spread_k", 8, "", plan.BasisStated, "assumption of this sample"},
		{full, "heat_pump dockside", "pinch_k", 3, "", plan.BasisStated, "assumption of this sample"},
		{bare, "heat_pump dockside", "pinch_k", 0, "", plan.BasisDefault, plan.SourceOurs},
		{full, "heat_pump dockside", "life_years", 20, "", plan.BasisStated, "invented offer"},
		{full, "heat_pump dockside", "flow_c", 70, "", plan.BasisDefault, plan.SourceNetwork},
		{full, "heat_pump dockside", "capacity_kw", 0, "as_needed", plan.BasisDefault, plan.SourceOurs},
		{full, "source hafen", "derive.flow_c", 38, "", plan.BasisStated, "invented concept of the operator"},
		{full, "source hafen", "derive.return_c", 26, "", plan.BasisStated, "invented concept of the operator"},
		{full, "source bakery", "flow_c", 85, "", plan.BasisStated, "invented letter of the owner, 3 March 2026"},
		{full, "storage tank", "charge_kw", 400, "", plan.BasisStated, "assumption of this sample"},
		{bare, "storage tank", "charge_kw", 0, "unlimited", plan.BasisDefault, plan.SourceOurs},
		{full, "boiler", "upkeep_share", 0.02, "", plan.BasisStated, "invented offer"},
		{full, "streets", "margin_m", 15, "", plan.BasisDefault, plan.SourceOurs},
		{full, "streets", "connector_m", 150, "", plan.BasisStated, plan.SourceScenario},
		{full, "demand areas.geojson", "profile", 0, "HMF33", plan.BasisDefault, plan.SourceOurs},
		{full, "scenario", "secured", 0.98, "", plan.BasisDefault, plan.SourceOurs},
	} {
		i := slices.IndexFunc(tt.result.Stated, func(f plan.StatedFact) bool { return f.Of == tt.of && f.Code == tt.code })
		if i < 0 {
			t.Errorf("%s of %s is not stated", tt.code, tt.of)
			continue
		}
		f := tt.result.Stated[i]
		if f.Text != tt.text || f.Basis != tt.basis || f.Source != tt.source || tt.text == "" && (f.Value == nil || *f.Value != tt.value) {
			t.Errorf("%s of %s is %+v", tt.code, tt.of, f)
		}
	}
}

// The margin within which a street is an area's own is an assumption like others: it
// can be changed, and moves the linear heat density.
func TestAnotherMarginMovesTheLinearDensity(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	wide := edited(t, s, "  connector_m: 150\n", "  connector_m: 150\n  margin_m: 60\n")
	moved := 0
	before, after := run(t, s, in), run(t, wide, in)
	for _, a := range before.Areas {
		for _, b := range after.Areas {
			if a.ID == b.ID && a.Density != nil && b.Density != nil && *b.Density < *a.Density {
				moved++
			}
		}
	}
	if moved == 0 {
		t.Error("with wider margins no area lies on more street")
	}
}
