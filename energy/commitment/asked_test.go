package commitment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// TestAskedFactsHaveTheFormInWhichRulesReadThem: a form of papers is made of them.
func TestAskedFactsHaveTheFormInWhichRulesReadThem(t *testing.T) {
	t.Parallel()
	list, err := commitment.AskedFacts()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range list {
		key := fmt.Sprint(f.Kind, " ", f.Name)
		if found[key] != "" {
			t.Errorf("%s is asked for twice", key)
		}
		found[key] = strings.TrimSpace(fmt.Sprint(f.Form, " ", f.Unit, " ", len(f.Choices)))
	}
	for key, want := range map[string]string{
		"agreement partner":                 "text  0",
		"agreement network_ready_by":        "day  0",
		"agreement event_accepted_on":       "day  0",
		"offer offered_on":                  "day  0",
		"offer accepted_on":                 "text  0",
		"certificate standard":              "choice  5",
		"other reused_energy_to_network":    "amount % 0",
		"other average_final_energy":        "amount GWh 0",
		"other planned_closure":             "day  0",
		"other kept_years":                  "amount 1 0",
		"report year":                       "year  0",
		"report transmitted_on":             "day  0",
		"report published_at":               "text  0",
		"other nearest_network":             "amount km 0",
		string(registry.Contract) + " year": "",
	} {
		if found[key] != want {
			t.Errorf("%s has the form %q, want %q", key, found[key], want)
		}
	}
	for _, f := range list {
		if f.Kind == registry.Agreement && f.Name == "heat_price" && !slices.Contains(f.Citations, "EnEfG § 11 Abs. 3 Nr. 2") {
			t.Errorf("the price of heat is asked for by %v", f.Citations)
		}
	}
}
