package network

import (
	"slices"
	"strings"
	"testing"

	"heatledger/energy/strictyaml"
)

func TestAssumptionsAreReadFromYAML(t *testing.T) {
	t.Parallel()
	src := "flow_temperature: {value: 70, source: Betriebshandbuch}\ninterest: {value: 0.04}\nheat_price: {value: 25, source: Vertrag}\ncover: {value: 9}\n"
	a := DefaultAssumptions()
	doc, faults := strictyaml.Decode("a.yaml", []byte(src), &a)
	a.Check(func(code, field, problem, remedy string) {
		faults = append(faults, doc.Fault(problem, remedy, code, field))
	})
	faults = strictyaml.InOrder(faults)
	if len(faults) != 2 || faults[0].Line != 2 || !strings.Contains(faults[0].Problem, "interest was changed from 0.05 to 0.04 without a source") ||
		faults[1].Line != 4 || faults[1].Column != 16 || !strings.Contains(faults[1].Problem, "value of cover is 9 m") {
		t.Errorf("%v", faults)
	}
	if a.FlowTemperature.Basis != Given || a.HeatPrice.Basis != Given || a.Period.Basis != Assumed || a.DiversityFloor.Basis != Cited {
		t.Errorf("%+v", a)
	}
	if got := a.Changed(); !slices.Equal(got, []string{"flow_temperature", "cover", "interest"}) {
		t.Errorf("changed: %v", got)
	}
}

func TestEveryAssumptionHasRangeUnitAndSource(t *testing.T) {
	t.Parallel()
	a := DefaultAssumptions()
	all := a.All()
	a.Check(func(code, field, problem, remedy string) { t.Errorf("%s %s: %s: %s", code, field, problem, remedy) })
	seen := make(map[string]bool)
	for _, s := range all {
		if seen[s.Code] || s.Unit == "" || s.Source == "" || s.Basis == "" || s.Low > s.Value || s.High < s.Value || s.Low < s.Least || s.High > s.Most {
			t.Errorf("%+v", s)
		}
		seen[s.Code] = true
	}
	// The codes are those a file has.
	for code := range seen {
		b := DefaultAssumptions()
		if _, faults := strictyaml.Decode("f", []byte(code+": {source: x}\n"), &b); len(faults) > 0 || b == a {
			t.Errorf("%s: %v", code, faults)
		}
	}
}
