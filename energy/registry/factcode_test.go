package registry_test

import (
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestEveryFactCodeCanBeAskedFor(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range registry.FactCodes() {
		switch {
		case seen[c.Name] || !energy.IsID(c.Name):
			t.Errorf("%q is no name, or given twice", c.Name)
		case c.Numeric() && c.Least >= c.Most:
			t.Errorf("%s has no plausible value: %g to %g", c.Name, c.Least, c.Most)
		case c.Note == "" || !slices.Contains(registry.Knowers(), c.Knows):
			t.Errorf("%s: note %q, known by %q", c.Name, c.Note, c.Knows)
		case c.Numeric() && c.Choices != nil:
			t.Errorf("%s is a number and a choice", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestAFactHoldsOnTheLastDayOfItsYear(t *testing.T) {
	t.Parallel()
	north, _ := loaded(t, "full.yaml").Site("north")
	for _, tt := range []struct {
		name  string
		year  int
		value string // "": none
	}{{"floor_area_total", 2023, "5200.50"}, {"floor_area_total", 2024, "5200.50"}, {"floor_area_total", 2025, "5300"}, {"refrigerant", 2024, "R-134a"}, {"refrigerant", 2025, ""}, {"refrigerant", 2023, ""}} {
		f, ok := north.FactAt(tt.name, tt.year)
		if ok != (tt.value != "") || ok && f.Value.String() != tt.value {
			t.Errorf("%s of %d = %q, %v, want %q", tt.name, tt.year, f.Value, ok, tt.value)
		}
	}
}
