package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/registry"
)

func TestWhoWritesLettersAndWhereTheyGoIsKept(t *testing.T) {
	t.Parallel()
	load := func(office, operator string) (*registry.Registry, energy.Faults) {
		return registry.Load("r.yaml", fmt.Appendf(nil, "municipality:\n  ags: \"06413000\"\n  name: M\n  office: {%s}\noperators: [{id: a, name: A, %s}]\n", office, operator))
	}
	r, faults := load(`name: Umweltamt, address: {street: Weg 1, postcode: "63065", town: M}, mail: amt@m.example, signs: E. M.`, `contact: Frau B, address: {town: N}`)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	again, err := registry.FromEntries(r.Entries()) // as a database gives it back
	if err != nil {
		t.Fatal(err)
	}
	if o := again.Municipality.Office; o.Name != "Umweltamt" || o.Mail != "amt@m.example" || strings.Join(o.Address.Lines(), "|") != "Weg 1|63065 M" || again.Operators[0].Contact != "Frau B" || strings.Join(again.Operators[0].Address.Lines(), "|") != "N" {
		t.Errorf("kept as %+v and %+v", o, again.Operators)
	}
	for _, tt := range []struct{ says, office, operator, problem string }{
		{"a mail address with a name", `mail: "Amt <amt@m.example>"`, "", "no mail address"},
		{"a postcode of the office with four digits", `address: {postcode: "6306"}`, "", "no postcode"},
		{"a postcode of an operator with letters", "", `address: {postcode: "6306a"}`, "no postcode"},
	} {
		if _, faults := load(tt.office, tt.operator); len(faults) != 1 || !strings.Contains(faults[0].Problem, tt.problem) {
			t.Errorf("%s: %v, want %q", tt.says, faults, tt.problem)
		}
	}
}
