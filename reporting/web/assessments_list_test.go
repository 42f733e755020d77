package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

const promisesYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    kind: server_room
    connected_load_kw: 280
    in_operation_since: 2019-03-01
    commitments:
      - {id: law, title: Duties of the law, rulebook: enefg-2023}
      - {id: heat, title: Heat for the pool, source: Contract, metric: heat_delivered, at_least: 4.5 GWh, per: calendar_year, from: 2025-01-01}
`

func TestAssessmentsSayWhyInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r, faults := registry.Load("registry.yaml", []byte(promisesYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := intake.New(ledger.New(s.store, "Europe/Berlin"), intake.Options{}).Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	book, _, err := commitment.Find("enefg-2023")
	if err != nil {
		t.Fatal(err)
	}
	all := 2 + len(book.Rules) // two of the contract, one of each rule of the law
	const path = "/api/v1/sites/hafen/assessments?on=2026-11-22"
	for _, test := range []struct{ accept, language, because, short string }{
		{"de", "de", "Dieser Standort hat 280\u00a0kW.", "gilt hier nicht"},
		{"en-GB", "en", "This site has 280\u00a0kW.", "does not apply here"},
		{"de-simple", "de", "Dieser Standort hat 280\u00a0kW.", "gilt hier nicht"},
	} {
		var list []struct {
			Commitment, Rule, Verdict, Period, Because, Short, Digest, Citation, Title string
			Value, Threshold                                                           *float64
			Reason                                                                     string `json:"reason_code"`
			Evidence                                                                   []string
		}
		answer := s.call(t, "GET", path, "", nil, http.Header{"Accept-Language": {test.accept}}, &list)
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Language") != test.language || len(list) != all {
			t.Fatalf("%s: %d in %q with %d assessments, want %d", test.accept, answer.StatusCode, answer.Header.Get("Content-Language"), len(list), all)
		}
		heat, law := list[0], list[2]
		if heat.Commitment != "heat" || heat.Reason != "no_data" || heat.Value != nil || heat.Threshold == nil || *heat.Threshold != 4_500_000 || heat.Period != "2025" || heat.Title != "Heat for the pool" {
			t.Errorf("%s: the contract is %+v", test.accept, heat)
		}
		if !strings.Contains(law.Because, test.because) || law.Short != test.short || law.Verdict != "not_applicable" || len(law.Digest) != 64 || law.Citation != "EnEfG § 11 Abs. 1" || law.Evidence == nil {
			t.Errorf("%s: the law is %+v", test.accept, law)
		}
	}
	answer := s.call(t, "GET", path+"&format=csv&rulebook=enefg-2023", "", nil, nil, nil)
	rows, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil || len(rows) != 1+len(book.Rules) || rows[0][0] != "commitment" || rows[1][0] != "law" {
		t.Errorf("as CSV: %q, %v", rows, err)
	}
	var bill []struct { // of a site that is not bound by it
		Commitment, Rule, Confirmed string
		Status                      string `json:"rule_status"`
	}
	s.call(t, "GET", path+"&rulebook=enefg-2026-bill", "", nil, nil, &bill)
	if len(bill) == 0 || bill[0].Commitment != "enefg-2026-bill" || bill[0].Rule != "pue-existing" || bill[0].Status != "proposed" || bill[0].Confirmed != "unconfirmed" {
		t.Errorf("by the bill: %+v", bill)
	}
	for path, status := range map[string]int{
		"/api/v1/sites/hafen/assessments?on=22.11.2026":       http.StatusBadRequest,
		"/api/v1/sites/hafen/assessments?rulebook=A%20B":      http.StatusBadRequest,
		"/api/v1/sites/nowhere/assessments":                   http.StatusNotFound,
		"/api/v1/sites/hafen/assessments?as_known_at=someday": http.StatusBadRequest,
	} {
		if answer := s.call(t, "GET", path, "", nil, nil, nil); answer.StatusCode != status {
			t.Errorf("%s answers %d, want %d", path, answer.StatusCode, status)
		}
	}
}
