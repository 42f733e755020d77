package web_test

import (
	"net/http"
	"strings"
	"testing"

	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// TestWhatRulesAskOfAPaperHasFields: each with its unit and what asks for it; further
// facts stay possible, and what is recorded has the form in which rules read it.
func TestWhatRulesAskOfAPaperHasFields(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna := o.person(t).in("anna")
	anna.header.Set("Accept-Language", "de")
	page := "/sites/hafen/papers"
	for _, tt := range []struct {
		kind string
		want []string
	}{
		{"agreement", []string{`<label for="fact:investment_plan">Der Investitionsplan</label>`, `name="fact:network_ready_by" value="" type="date"`, "etwa 0,04 EUR/kWh", "Gefragt von: EnEfG § 11 Abs. 3 Nr. 2", `name="facts"`}},
		{"offer", []string{`name="fact:offered_on" value="" type="date"`, `name="fact:accepted_on"`}},
		{"other", []string{"Der Anteil, der in ein Wärmenetz geht (%)</label>", "Der mittlere Endenergieverbrauch (GWh)</label>"}},
		{"certificate", []string{`<select id="fact:standard"`, "<option>EMAS</option>"}},
		{"report", []string{`name="fact:year" value="" inputmode="numeric"`, `name="fact:transmitted_on" value="" type="date"`}},
		{"calibration", []string{`name="facts"`}},
	} {
		a := anna.get(page + "?kind=" + tt.kind)
		for _, want := range tt.want {
			if a.code != http.StatusOK || !strings.Contains(a.text, want) {
				t.Errorf("the form of kind %s (%d) has no %s", tt.kind, a.code, want)
			}
		}
	}
	fields := map[string]string{"kind": "other", "id": "net", "from": "2025-01-01", "why": "letter of 3 March", "fact:reused_energy_to_network": "1.234", "fact:planned_closure": "soon", "facts": "half"}
	a := anna.hand(page, "", "", fields)
	if a.code != http.StatusUnprocessableEntity {
		t.Errorf("faulty facts: %d", a.code)
	}
	for _, want := range []string{"Der Anteil, der in ein Wärmenetz geht: ", "„soon“ ist kein Tag", "„half“ sagt nichts"} {
		if !strings.Contains(notice(a.text), want) {
			t.Errorf("all that is wrong is %s, without %q", notice(a.text), want)
		}
	}
	if !strings.Contains(a.text, `name="fact:reused_energy_to_network" value="1.234"`) {
		t.Error("the form lost what was entered")
	}
	fields["fact:reused_energy_to_network"], fields["fact:average_final_energy"], fields["fact:planned_closure"], fields["facts"] = "62,5", "7,1 GWh", "", "grid_operator: Stadtwerke\n"
	if a := anna.hand(page, "", "", fields); a.code != http.StatusSeeOther {
		t.Fatalf("record it: %d %s", a.code, notice(a.text))
	}
	r, err := ledger.New(o.store, "Europe/Berlin").Registry(t.Context())
	if err != nil || len(r.Evidence) != 1 {
		t.Fatalf("the registry has %+v, %v", r.Evidence, err)
	}
	want := map[string]registry.Scalar{"reused_energy_to_network": "62.5 %", "average_final_energy": "7.1 GWh", "grid_operator": "Stadtwerke"}
	if got := r.Evidence[0].Facts; len(got) != len(want) {
		t.Errorf("the facts are %v, want %v", got, want)
	}
	for name, said := range want {
		if got := r.Evidence[0].Facts[name]; got != said {
			t.Errorf("%s is %q, want %q", name, got, said)
		}
	}
}
