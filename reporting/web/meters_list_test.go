package web_test

import (
	"strings"
	"testing"
)

type openCount struct {
	Error   int    `json:"error"`
	Warning int    `json:"warning"`
	Info    int    `json:"info"`
	Address string `json:"address"`
}

func TestEachMeterShowsWhatWasFoundAboutIt(t *testing.T) {
	t.Parallel()
	city := &site{Server: newCity(t)}
	var read []struct {
		Meter    string     `json:"meter"`
		State    string     `json:"state"`
		Site     string     `json:"site"`
		Findings *openCount `json:"findings"`
	}
	city.call(t, "GET", "/api/v1/meters", "", nil, nil, &read)
	if len(read) != 3 || read[0].Meter != "hafen-main" || read[0].State != "healthy" || read[0].Site != "hafen" || read[0].Findings == nil {
		t.Fatalf("%+v, want three meters with their state and findings", read)
	}
	var all []struct {
		ID       string    `json:"id"`
		Points   []string  `json:"points"`
		Findings openCount `json:"findings"`
	}
	city.call(t, "GET", "/api/v1/sites/hafen/meters", "", nil, nil, &all)
	if len(all) != 4 {
		t.Fatalf("%+v, want the four meters of the site", all)
	}
	warnings := 0
	for _, meter := range all {
		warnings += meter.Findings.Warning
		var list []found
		city.call(t, "GET", meter.Findings.Address, "", nil, nil, &list)
		if n := meter.Findings.Error + meter.Findings.Warning + meter.Findings.Info; n != len(list) {
			t.Errorf("%s counts %d findings, its address gives %d", meter.ID, n, len(list))
		}
		for _, f := range list {
			if f.Meter != meter.ID {
				t.Errorf("the findings of %s hold one of %s", meter.ID, f.Meter)
			}
		}
	}
	if warnings == 0 {
		t.Error("no meter of a site that has been silent for months has a warning")
	}
	if answer := city.call(t, "GET", "/api/v1/sites/nowhere/meters", "", nil, nil, nil); answer.StatusCode != 404 {
		t.Errorf("the meters of an unknown site: %d, want 404", answer.StatusCode)
	}
	if answer := city.call(t, "GET", "/api/v1/sites/hafen/balance?from=2025-01-01&to=2025-02-01&meter=hafen-main", "", nil, nil, nil); answer.StatusCode != 400 {
		t.Errorf("a balance of a meter: %d, want 400", answer.StatusCode)
	}
}

func TestTheMeterPageLeadsToTheFindingsOfAMeter(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for language, words := range map[string][2]string{"de": {"Prüfhinweise je Zähler", "Zähler hafen-ups"}, "en": {"Findings by meter", "Meter hafen-ups"}} {
		_, page, _ := get(t, city.URL+"/meters", language)
		if !strings.Contains(page, words[0]) {
			t.Errorf("in %s the page does not say %q", language, words[0])
		}
		_, rest, found := strings.Cut(page, `<a href="/sites/hafen/findings?`)
		address, _, _ := strings.Cut(rest, `"`)
		if !found || !strings.Contains(address, "meter=hafen-") {
			t.Fatalf("no link to the findings of a meter: %q", address)
		}
		status, list, _ := get(t, city.URL+"/sites/hafen/findings?from=2025-01-01&to=2026-01-01&meter=hafen-ups", language)
		if status != 200 || !strings.Contains(list, words[1]) || !strings.Contains(list, `<tr role="row">`) || !strings.Contains(list, "meter=hafen-ups") {
			t.Errorf("%d in %s: the findings of a meter are not shown", status, language)
		}
	}
	for path, want := range map[string]int{"/sites/hafen/findings": 200, "/sites/hafen/findings?meter=rathaus-main": 404, "/sites/hafen/findings?from=2020-01-01&to=2025-01-01": 400, "/sites/nowhere/findings": 404} {
		if status, _, _ := get(t, city.URL+path, "de"); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}
