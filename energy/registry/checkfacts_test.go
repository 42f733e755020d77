package registry_test

import (
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestFactsAreCheckedByTheRulesOfTheFile(t *testing.T) {
	t.Parallel()
	r := loaded(t, "full.yaml")
	for _, site := range r.Sites {
		if faults, _, err := r.CheckFacts(site); err != nil || len(faults) > 0 {
			t.Errorf("what was loaded is faulty at %s: %v, %v", site.ID, faults, err)
		}
	}
	north, _ := r.Site("north")
	value := func(text string) (v registry.FactValue) {
		if err := v.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		sentence string
		fact     registry.Fact
		want     string
	}{
		{"a slip of the pen", registry.Fact{Name: "storage_capacity_pb", Value: value("9e9"), Year: 2024}, "is plausible"},
		{"another unit", registry.Fact{Name: "storage_capacity_pb", Value: value("9"), Unit: "TB", Year: 2024}, "PB is expected"},
		{"no choice", registry.Fact{Name: "has_feed_in", Value: value("nein")}, "has_feed_in"},
		{"a fact that holds already", registry.Fact{Name: "refrigerant", Value: value("R-32"), Year: 2024}, "holds twice"},
		{"a part larger than the whole", registry.Fact{Name: "floor_area_computer_rooms", Value: value("900000"), Unit: "m²", Year: 2023}, "at most the whole"},
		{"no year", registry.Fact{Name: "storage_capacity_pb", Value: value("9"), Year: 20245}, "calendar year"},
		{"growth from no day", registry.Fact{Name: "heat_growth_contracted_kw", Value: value("400"), Document: "V-17"}, "begins on no day"},
		{"growth that stands nowhere", registry.Fact{Name: "heat_growth_contracted_kw", Value: value("400"), From: energy.Date{Year: 2027, Month: 3, Day: 1}}, "stands nowhere"},
		{"growth beyond measure", registry.Fact{Name: "heat_growth_contracted_kw", Value: value("4e8"), From: energy.Date{Year: 2027, Month: 3, Day: 1}, Document: "V-17"}, "is plausible"},
		{"less by contract", registry.Fact{Name: "heat_growth_contracted_kw", Value: value("-400"), From: energy.Date{Year: 2027, Month: 3, Day: 1}, Document: "V-17"}, ""},
		{"a text with signs of YAML", registry.Fact{Name: "heat_control_pressure", Value: value(`"no": {} #'\`)}, ""},
	} {
		changed := north
		changed.Facts = append(slices.Clone(north.Facts), tt.fact)
		faults, at, err := r.CheckFacts(changed)
		switch {
		case err != nil:
			t.Fatal(err)
		case tt.want == "" && len(faults) > 0, tt.want != "" && (len(faults) != 1 || !strings.Contains(faults.Error(), tt.want) || at[0] != len(north.Facts)):
			t.Errorf("%s: %v at %v, want %q at %d", tt.sentence, faults, at, tt.want, len(north.Facts))
		}
	}
}
