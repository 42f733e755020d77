package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/web"
)

// knownAtYAML is a site before anything about it was changed.
const knownAtYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    in_operation_since: 2024-01-01
    connected_load_kw: 630
    commitments:
      - {id: hafen-pue, title: As promised first, metric: pue, at_most: 1.5, per: calendar_year, from: 2024-01-01}
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import, series: interval, substitute: {methods: [comparison_day], reason: communication_fault}}
      - id: hafen-ups
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, series: interval, parent: hafen/grid}
`

// knownAtWorld is a site whose facts, registry included, may change.
type knownAtWorld struct {
	*site
	ledger *ledger.Ledger
	intake *intake.Intake
}

// readsTheLaw puts the law on record in another reading: its version, and the PUE
// that is the limit for sites that run.
func (w knownAtWorld) readsTheLaw(t *testing.T, version, pue string) {
	t.Helper()
	text, err := commitment.Written("enefg-2023")
	if err != nil {
		t.Fatal(err)
	}
	law, _, err := commitment.Find("enefg-2023")
	if err != nil {
		t.Fatal(err)
	}
	earlier := strings.NewReplacer(`"`+law.Version+`"`, `"`+version+`"`, `value: "1.5"`, `value: "`+pue+`"`).Replace(string(text))
	body, err := json.Marshal(map[string]string{"id": law.ID, "version": version, "text": earlier})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Append(t.Context(), ledger.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, ledger.KindRulebook, law.ID, f.RecordedAt, "an older program", body)
	}); err != nil {
		t.Fatal(err)
	}
	w.submit(t, intake.Submission{Source: "test", Key: "law", Rows: []intake.Row{{Number: 1, Point: "hafen/grid", At: time.Date(2025, 7, 2, 10, 0, 0, 0, time.UTC), Length: energy.QuarterHour, Value: energy.Decimal(9, 0), Quality: energy.Measured}}})
}

func newKnownAt(t *testing.T) knownAtWorld {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	w := knownAtWorld{ledger: l, intake: intake.New(l, intake.Options{})}
	server, err := web.New(t.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: w.intake, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	endWith(t, h)
	w.site = &site{Server: h, store: s, closer: closing.New(l, slog.New(slog.DiscardHandler))}
	w.apply(t, knownAtYAML)
	submission := intake.Submission{Source: "test", Key: "1"}
	for at := time.Date(2025, 5, 31, 22, 0, 0, 0, time.UTC); at.Before(time.Date(2025, 6, 30, 22, 0, 0, 0, time.UTC)); at = at.Add(energy.QuarterHour) {
		gone := at.Day() == 25 && at.Hour() >= 16 && at.Hour() < 20
		for point, kwh := range map[energy.PointID]int64{"hafen/grid": 14 + int64(at.Hour()%3), "hafen/it": 10} {
			if !gone || point != "hafen/grid" {
				submission.Rows = append(submission.Rows, intake.Row{Number: len(submission.Rows) + 1, Point: point, At: at, Length: energy.QuarterHour, Value: energy.Decimal(kwh, 0), Quality: energy.Measured})
			}
		}
	}
	w.submit(t, submission)
	return w
}

func (w knownAtWorld) apply(t *testing.T, yaml string) {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := w.intake.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	w.close(t)
}

func (w knownAtWorld) submit(t *testing.T, s intake.Submission) {
	t.Helper()
	if receipt, err := w.intake.Submit(t.Context(), s); err != nil || len(receipt.Rejected) > 0 {
		t.Fatalf("%+v, %v", receipt.Rejected, err)
	}
	w.close(t)
}

func (w knownAtWorld) close(t *testing.T) {
	t.Helper()
	if _, err := w.closer.Site(t.Context(), "hafen"); err != nil {
		t.Fatal(err)
	}
}

// answers are what each endpoint says.
func (w knownAtWorld) answers(t *testing.T, endpoints []string, at time.Time) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, path := range endpoints {
		address := path
		if !at.IsZero() {
			address += "&as_known_at=" + url.QueryEscape(at.Format(time.RFC3339Nano))
		}
		answer := w.call(t, "GET", address, "", nil, http.Header{"Accept-Language": {"en"}}, nil)
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != 200 {
			t.Fatalf("%s: %d %s, %v", address, answer.StatusCode, body, err)
		}
		said[path] = fmt.Sprint(answer.Header.Values("Heatledger-Fact"), string(body))
	}
	return said
}

// TestEveryEndpointAnswersAsItDidThen asks each endpoint that takes as_known_at,
// then changes readings, zone, roles, substitutes, limits, promises and the law's
// reading, and asks again: now everything differs, and as known then it is the
// same to the byte.
func TestEveryEndpointAnswersAsItDidThen(t *testing.T) {
	t.Parallel()
	w := newKnownAt(t)
	law := "/api/v1/sites/hafen/assessments?on=2026-02-01&rulebook=enefg-2023"
	w.readsTheLaw(t, "0", "1.9")
	endpoints := []string{
		"/api/v1/sites/hafen/points/grid/values?from=2025-06-01T00:00:00Z&to=2025-06-08T00:00:00Z&step=raw",
		"/api/v1/sites/hafen/points/grid/values?from=2025-06-24T00:00:00Z&to=2025-06-27T00:00:00Z&step=15m",
		"/api/v1/sites/hafen/points/grid/values?from=2025-06-01T00:00:00Z&to=2025-07-01T00:00:00Z&step=1d&format=csv",
		"/api/v1/sites/hafen/points/grid/values?from=2025-06-02T00:00:00Z&to=2025-06-30T00:00:00Z&step=1mo&format=columns",
		"/api/v1/sites/hafen/kpis?period=2025-06",
		"/api/v1/sites/hafen/kpis?period=2025&format=csv",
		"/api/v1/kpis?period=2025",
		"/api/v1/sites/hafen/findings?from=2025-05-31T22:00:00Z&to=2025-06-30T22:00:00Z",
		"/api/v1/sites/hafen/balance?from=2025-05-31T22:00:00Z&to=2025-06-30T22:00:00Z",
		"/api/v1/sites/hafen/substitutes?period=2025",
		"/api/v1/sites/hafen/assessments?on=2026-02-01",
	}
	before := w.answers(t, endpoints, time.Time{})
	head, err := w.store.Head(t.Context(), "hafen")
	if err != nil {
		t.Fatal(err)
	}
	then := head.RecordedAt
	before[law] = w.answers(t, []string{law}, then)[law]
	if !strings.Contains(before[law], `"rulebook_version":"0"`) || !strings.Contains(before[law], "1.9") {
		t.Errorf("the law is not judged by as it was read: %s", before[law])
	}
	if _, err := w.ledger.Adopt(t.Context(), "a newer program"); err != nil {
		t.Fatal(err)
	}
	endpoints = append(endpoints, law)
	w.apply(t, strings.NewReplacer("operator: op\n", "operator: op\n    timezones: [{zone: Europe/Lisbon, from: 2025-06-10}]\n    limits: {node_balance: 60 %}\n",
		"As promised first", "As amended", "at_most: 1.5", "at_most: 1.2", ", substitute: {methods: [comparison_day], reason: communication_fault}", "",
		"category: 1", "category: 2").Replace(knownAtYAML))
	from := time.Date(2025, 6, 3, 10, 0, 0, 0, time.UTC)
	w.submit(t, intake.Submission{Source: "test", Key: "2", Correction: "read again", Rows: []intake.Row{
		{Number: 1, Point: "hafen/grid", At: from, Length: energy.QuarterHour, Value: energy.Decimal(99, 0), Quality: energy.Measured}}})
	now, again := w.answers(t, endpoints, time.Time{}), w.answers(t, endpoints, then)
	for _, path := range endpoints {
		if now[path] == before[path] {
			t.Errorf("%s says the same though everything changed: the test proves nothing", path)
		}
		if again[path] != before[path] {
			t.Errorf("%s: as known then\n%s\nbut what was said then is\n%s", path, again[path], before[path])
		}
	}
}

// TestWithoutADayTheJudgementIsThatOfTheTimeAsked asks for judgements as known
// then, and no day: those of that day are expected, not of today.
func TestWithoutADayTheJudgementIsThatOfTheTimeAsked(t *testing.T) {
	t.Parallel()
	w := newKnownAt(t)
	head, err := w.store.Head(t.Context(), "hafen")
	if err != nil {
		t.Fatal(err)
	}
	at := head.RecordedAt.AddDate(1, 0, 0) // by then this year is over
	var list []struct {
		Period string `json:"period"`
		Closed bool   `json:"closed"`
	}
	w.call(t, "GET", "/api/v1/sites/hafen/assessments?as_known_at="+url.QueryEscape(at.Format(time.RFC3339)), "", nil, nil, &list)
	closed := ""
	for _, a := range list {
		if a.Closed {
			closed = a.Period
		}
	}
	if want := fmt.Sprint(at.Year() - 1); closed != want {
		t.Errorf("the last closed period is %q, want %s", closed, want)
	}
}

func TestASiteTellsWhichZonesItChangedTo(t *testing.T) {
	t.Parallel()
	w := newKnownAt(t)
	w.apply(t, strings.Replace(knownAtYAML, "operator: op\n", "operator: op\n    timezones: [{zone: Europe/Lisbon, from: 2025-06-10}, {zone: Asia/Kathmandu, from: 2199-01-01}]\n", 1))
	var hafen struct {
		Timezone  string
		Timezones []struct{ Zone, From string }
	}
	w.call(t, "GET", "/api/v1/sites/hafen", "", nil, nil, &hafen)
	if hafen.Timezone != "Europe/Lisbon" || len(hafen.Timezones) != 2 || hafen.Timezones[0].From != "2025-06-10" || hafen.Timezones[1].Zone != "Asia/Kathmandu" {
		t.Errorf("%+v, want Lisbon now, and both changes", hafen)
	}
	var days []value
	w.call(t, "GET", "/api/v1/sites/hafen/points/it/values?from=2025-06-10&to=2025-06-11&step=1d", "", nil, nil, &days)
	if len(days) != 1 || days[0].Value == nil || *days[0].Value != 1000 || days[0].To.Sub(days[0].From) != 25*time.Hour {
		t.Errorf("%+v; the day of the change has 100 quarter-hours of 10 kWh", days)
	}
	status, page, _ := get(t, w.URL+"/sites/hafen/points/it?span=day&date=2025-06-10", "en")
	if status != 200 || !strings.Contains(page, "1,000.0 kWh") {
		t.Errorf("%d: the page of the day does not show its 1,000 kWh", status)
	}
}
