package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/web"
)

// substitutesYAML has a load profile whose gaps are compared with the week before.
const substitutesYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import, series: interval, substitute: {methods: [interpolation, comparison_day], reason: communication_fault}}
          - {id: hafen/invoice, quantity: active_energy_import, use: check, series: interval}
`

// newSubstituted serves a site whose profile of June 2025 lacks the noon and the
// evening of the 25th.
func newSubstituted(t *testing.T) *site {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(substitutesYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	var body strings.Builder
	body.WriteString("point,at,value\n")
	for at := time.Date(2025, 6, 15, 22, 0, 0, 0, time.UTC); at.Before(time.Date(2025, 6, 26, 22, 0, 0, 0, time.UTC)); at = at.Add(energy.QuarterHour) {
		if hour := at.Hour(); at.Day() == 25 && (hour == 10 || hour >= 16 && hour < 20) {
			continue
		}
		fmt.Fprintf(&body, "hafen/grid,%s,%d\n", at.Format(time.RFC3339), 10+at.Hour())
	}
	submission := intake.Submission{Source: "test", Key: "1"}
	err := intake.ReadProfile(strings.NewReader(body.String()), "body", intake.CSV, intake.Profile{Label: intake.LabelStart, Step: energy.QuarterHour},
		func(row intake.Row) { submission.Rows = append(submission.Rows, row) }, func(r intake.Rejection) { t.Errorf("%+v", r) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Submit(t.Context(), submission); err != nil {
		t.Fatal(err)
	}
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	if _, err := closer.Site(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
	server, err := web.New(t.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	endWith(t, h)
	return &site{Server: h, store: s, closer: closer}
}

type shownSubstitute struct {
	Point      string                         `json:"point"`
	From       time.Time                      `json:"from"`
	To         time.Time                      `json:"to"`
	MethodCode string                         `json:"method_code"`
	ReasonCode string                         `json:"reason_code"`
	Source     string                         `json:"source"`
	Drawn      []struct{ From, To time.Time } `json:"drawn_from"`
	TotalKnown bool                           `json:"total_known"`
	Amount     *float64                       `json:"amount"`
	Unit       string                         `json:"unit"`
}

func TestSubstituteValuesAreShownWithWhatTheyWereDrawnFrom(t *testing.T) {
	t.Parallel()
	s := newSubstituted(t)
	before := time.Now().UTC()
	check := func(path string) {
		t.Helper()
		var list []shownSubstitute
		if answer := s.call(t, "GET", path, "", nil, nil, &list); answer.StatusCode != 200 || answer.Header.Get("Heatledger-Fact") == "" || len(list) != 2 {
			t.Fatalf("%s: %d, %+v; an hour and an evening are expected", path, answer.StatusCode, list)
		}
		noon, evening := list[0], list[1]
		if noon.MethodCode != "Z92" || noon.ReasonCode != "Z75" || noon.Amount == nil || *noon.Amount != 80 || noon.Unit != "kWh" || noon.Source != "hafen/grid" || len(noon.Drawn) != 2 {
			t.Errorf("%s: noon is %+v; four quarter-hours between 19 and 21 kWh are expected", path, noon)
		}
		if evening.MethodCode != "Z95" || evening.TotalKnown || len(evening.Drawn) != 1 || !evening.Drawn[0].From.Equal(evening.From.AddDate(0, 0, -7)) || *evening.Amount != 4*(26+27+28+29) {
			t.Errorf("%s: the evening is %+v; that of the week before is expected", path, evening)
		}
	}
	check("/api/v1/sites/hafen/substitutes?period=2025")
	check("/api/v1/sites/hafen/substitutes?period=2025-06-25&point=grid")
	check("/api/v1/sites/hafen/substitutes?period=2025-06&as_known_at=" + before.Format("2006-01-02T15:04:05.000000Z"))
	answer := s.call(t, "GET", "/api/v1/sites/hafen/substitutes?period=2025&format=csv", "", nil, nil, nil)
	text, err := io.ReadAll(answer.Body)
	want := "hafen/grid,2025-06-25T16:00:00Z,2025-06-25T20:00:00Z,comparison_day,Z95,communication_fault,Z75,hafen/grid,2025-06-18T16:00:00Z/2025-06-18T20:00:00Z,false,440,kWh\n"
	if err != nil || !strings.HasSuffix(string(text), want) {
		t.Errorf("CSV: %q, %v; want it to end with %q", text, err, want)
	}
	for path, code := range map[string]int{"period=June": 400, "": 400, "period=2025&point=gird": 404, "period=2025&pt=grid": 400} {
		if answer := s.call(t, "GET", "/api/v1/sites/hafen/substitutes?"+path, "", nil, nil, nil); answer.StatusCode != code {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, code)
		}
	}
	if answer := s.call(t, "GET", "/api/v1/sites/nowhere/substitutes?period=2025", "", nil, nil, nil); answer.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown site: %d, want 404", answer.StatusCode)
	}
}

func TestThePageOfSubstituteValuesSaysWhatAuditorsAsk(t *testing.T) {
	t.Parallel()
	s := newSubstituted(t)
	for language, want := range map[string][]string{
		"de": {"Vergleichstag", "Z95", "Störung der Übertragung", "Z75", "440,00 kWh", "18. Juni 2025"},
		"en": {"comparison day", "Z95", "fault of communication", "Z75", "440.00 kWh", "18 June 2025"},
	} {
		status, body, _ := get(t, s.URL+"/sites/hafen/substitutes?period=2025-06", language)
		for _, text := range want {
			if status != 200 || !strings.Contains(body, text) {
				t.Errorf("%s: %d, the page does not say %q", language, status, text)
			}
		}
		if strings.Count(body, `<tr role="row">`) != 2 {
			t.Errorf("%s: not both gaps are shown", language)
		}
	}
	if status, body, _ := get(t, s.URL+"/sites/hafen/substitutes?period=2025-06&point=invoice", "en"); status != 200 || !strings.Contains(body, "no substitute values") {
		t.Errorf("a point without: %d", status)
	}
	for path, link := range map[string]string{"/sites/hafen?year=2025": "/sites/hafen/substitutes?period=2025", "/sites/hafen/points/grid?span=month&date=2025-06-25": "/sites/hafen/substitutes?period=2025-06&amp;point=grid"} {
		if _, body, _ := get(t, s.URL+path, "en"); !strings.Contains(body, link) {
			t.Errorf("%s has no link to %s", path, link)
		}
	}
}
