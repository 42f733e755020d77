package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/push"
	"heatledger/reporting/web"
)

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    meters:
      - id: hafen-main
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/power, quantity: active_power, role: grid_import}
      - id: hafen-ups
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
      - id: hafen-bill
        points:
          - {id: hafen/invoice, quantity: active_energy_import, role: grid_import, series: interval, use: check}
  - id: kaiserlei
    name: Kaiserlei
    operator: op
`

// site is a server over a database of its own.
type site struct {
	*httptest.Server
	store  *store.Store
	closer *closing.Closer
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteWith(t, func(*web.Options) {})
}

// newSiteWith is a site whose server has other options.
func newSiteWith(t *testing.T, change func(*web.Options)) *site {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	options := web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in, Log: slog.New(slog.DiscardHandler)}
	change(&options)
	server, err := web.New(t.Context(), options)
	if err != nil {
		t.Fatalf("make a server: %v", err)
	}
	h := httptest.NewServer(server.Handler())
	endWith(t, h)
	return &site{Server: h, store: s, closer: closing.New(l, slog.New(slog.DiscardHandler))}
}

// endWith ends a server with its test and lets go of all that it kept: the testing
// package holds on to what cleans up after a test until the last test is over.
func endWith(t testing.TB, h *httptest.Server) {
	t.Cleanup(func() {
		h.Close()
		h.Config.Handler = nil
	})
}

func (s *site) token(t *testing.T, role access.Role, sites ...energy.SiteID) string {
	t.Helper()
	text, err := s.store.CreateToken(t.Context(), store.Token{Name: string(role), Role: role, Sites: sites})
	if err != nil {
		t.Fatalf("make a token: %v", err)
	}
	return text
}

// call asks and decodes the answer into v unless it is nil.
func (s *site) call(t *testing.T, method, path, token string, body io.Reader, header http.Header, v any) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, body)
	if err != nil {
		t.Fatalf("make a request: %v", err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(content))
	if v != nil {
		if err := json.Unmarshal(content, v); err != nil {
			t.Fatalf("%s %s answered %d %q: %v", method, path, answer.StatusCode, content, err)
		}
	}
	return answer
}

func csvHeader() http.Header { return http.Header{"Content-Type": {"text/csv"}} }

// dayCSV gives counters of one June day, a reading each quarter-hour.
func dayCSV() string {
	var b strings.Builder
	b.WriteString("point,at,value,unit\n")
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
	for i := range 97 {
		at := from.Add(time.Duration(i) * energy.QuarterHour).Format(time.RFC3339)
		fmt.Fprintf(&b, "hafen/grid,%s,%d.5,kWh\nhafen/it,%s,%d,Wh\n", at, 1000+i*15, at, i*10_000)
	}
	return b.String()
}

func (s *site) fill(t *testing.T, token string) {
	t.Helper()
	var receipt intake.Receipt
	if answer := s.call(t, "POST", "/api/v1/readings", token, strings.NewReader(dayCSV()), csvHeader(), &receipt); answer.StatusCode != 200 || receipt.Accepted != 194 {
		t.Fatalf("hand in a day: %d, %+v", answer.StatusCode, receipt)
	}
	if _, err := s.closer.Site(t.Context(), "hafen"); err != nil {
		t.Fatalf("close: %v", err)
	}
}

type value struct {
	From             time.Time `json:"from"`
	To               time.Time `json:"to"`
	Value            *float64  `json:"value"`
	Unit             string    `json:"unit"`
	Quality          string    `json:"quality"`
	EnergyCoverage   float64   `json:"energy_coverage"`
	IntervalCoverage float64   `json:"interval_coverage"`
}

func TestValuesAndFiguresOfADay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.fill(t, office)
	var values []value
	answer := s.call(t, "GET", "/api/v1/sites/hafen/points/grid/values?from=2025-06-03&to=2025-06-05&step=1d", office, nil, nil, &values)
	if len(values) != 2 || values[0].Value == nil || *values[0].Value != 1440 || values[0].Unit != "kWh" || values[0].EnergyCoverage != 1 {
		t.Errorf("days = %+v, want 1440 kWh on the first", values)
	}
	if values[1].Value != nil || values[1].Quality != "missing" || values[1].EnergyCoverage != 0 {
		t.Errorf("a day without readings = %+v, want null, missing", values[1])
	}
	if answer.Header.Get("Heatledger-Fact") == "" {
		t.Error("the answer does not say which fact it rests on")
	}
	var quarters []value
	s.call(t, "GET", "/api/v1/sites/hafen/points/grid/values?from=2025-06-03&to=2025-06-04", office, nil, nil, &quarters)
	if len(quarters) != 96 || quarters[0].Value == nil || *quarters[0].Value != 15 || !quarters[0].From.Equal(time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("%d quarter-hours, the first %+v, want 96 of 15 kWh from local midnight", len(quarters), quarters[0])
	}
	var figures []map[string]any
	s.call(t, "GET", "/api/v1/sites/hafen/kpis?period=2025-06-03", office, nil, nil, &figures)
	if len(figures) == 0 || figures[0]["kpi"] != "ipue" || figures[0]["value"] != 1.5 || figures[0]["category"] != 1.0 || figures[0]["edition"] != "2019-08" {
		t.Errorf("figures = %v, want an iPUE of 1.5 in category 1", figures)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.fill(t, office)
	path, seen := "/api/v1/sites/hafen/points/grid/values?from=2025-06-03&to=2025-06-04&limit=40", 0
	for range 3 {
		var page []value
		answer := s.call(t, "GET", path, office, nil, nil, &page)
		seen += len(page)
		link := answer.Header.Get("Link")
		if link == "" {
			break
		}
		path = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	}
	if seen != 96 {
		t.Errorf("the pages hold %d values, want 96", seen)
	}
}

func TestWhatIsExportedCanBeImported(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.fill(t, office)
	answer := s.call(t, "GET", "/api/v1/sites/hafen/points/it/values?from=2025-06-03&to=2025-06-04&step=raw&format=csv", office, nil, nil, nil)
	var receipt intake.Receipt
	s.call(t, "POST", "/api/v1/readings", office, answer.Body, csvHeader(), &receipt)
	if receipt.Duplicate != 96 || receipt.Accepted != 0 || len(receipt.Rejected) != 0 {
		t.Errorf("receipt of our own export = %+v, want 96 duplicates", receipt)
	}
}

func TestEachBadRowIsNamedAndTheGoodOnesAreTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	body := "point,at,value,unit\n" +
		"hafen/grid,2025-06-03T00:00:00Z,1,kWh\n" + // line 2: good
		"hafen/gird,2025-06-03T00:00:00Z,1,kWh\n" +
		"hafen/grid,2025-06-03 00:15,2,kWh\n" +
		"hafen/grid,2025-06-03T00:30:00Z,two,kWh\n" +
		"hafen/grid,2025-06-03T00:45:00Z,3,°C\n" +
		"hafen/grid,2099-01-01T00:00:00Z,3,kWh\n" +
		"hafen/invoice,2025-06-03T00:00:00Z,3,kWh\n" +
		"hafen/grid,2025-06-03T00:00:00Z,7,kWh\n" +
		"hafen/grid,2025-06-03T01:00:00Z,1,5,kWh\n"
	var receipt intake.Receipt
	s.call(t, "POST", "/api/v1/readings", office, strings.NewReader(body), csvHeader(), &receipt)
	want := []struct {
		row  int
		code intake.Code
	}{{3, intake.CodePoint}, {4, intake.CodeTime}, {5, intake.CodeValue}, {6, intake.CodeUnit}, {7, intake.CodeFuture}, {8, intake.CodeForm}, {9, intake.CodeContradicted}, {10, intake.CodeSyntax}}
	if receipt.Accepted != 1 || len(receipt.Rejected) != len(want) {
		t.Fatalf("receipt = %+v, want 1 accepted and %d rejected", receipt, len(want))
	}
	for i, w := range want {
		if r := receipt.Rejected[i]; r.Row != w.row || r.Code != w.code || r.Reason == "" || r.Hint == "" {
			t.Errorf("rejection %d = %+v, want row %d with code %s, a reason and a hint", i, r, w.row, w.code)
		}
	}
	var again intake.Receipt
	conflict := "point,at,value\nhafen/grid,2025-06-03T00:00:00Z,2\n"
	s.call(t, "POST", "/api/v1/readings", office, strings.NewReader(conflict), csvHeader(), &again)
	if len(again.Rejected) != 1 || again.Rejected[0].Code != intake.CodeConflict {
		t.Errorf("another value for the same instant = %+v, want a conflict", again)
	}
	var corrected intake.Receipt
	s.call(t, "POST", "/api/v1/readings?correction=typing+error", office, strings.NewReader(conflict), csvHeader(), &corrected)
	if corrected.Accepted != 1 || len(corrected.Rejected) != 0 {
		t.Errorf("the same as a correction = %+v, want it accepted", corrected)
	}
}

func TestJSONAndCompressedBodiesAreTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, `[{"point":"hafen/grid","at":"2025-06-03T00:00:00Z","value":1.25,"unit":"MWh"},{"point":"hafen/invoice","from":"2025-05-01T00:00:00+02:00","to":"2025-06-01T00:00:00+02:00","value":"12345.6"}]`)
	_ = z.Close()
	var receipt intake.Receipt
	answer := s.call(t, "POST", "/api/v1/readings", office, &packed, http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, &receipt)
	if answer.StatusCode != 200 || receipt.Accepted != 2 {
		t.Errorf("gzip JSON: %d, %+v, want 2 accepted", answer.StatusCode, receipt)
	}
	lines := `{"point":"hafen/grid","at":"2025-06-03T00:15:00Z","value":1251}` + "\n" + `{"point":"hafen/grid","at":"2025-06-03T00:30:00Z","value":null,"quality":"missing"}` + "\n"
	s.call(t, "POST", "/api/v1/readings", office, strings.NewReader(lines), http.Header{"Content-Type": {"application/x-ndjson"}}, &receipt)
	if receipt.Accepted != 1 || receipt.Missing != 1 {
		t.Errorf("NDJSON: %+v, want 1 accepted and 1 missing", receipt)
	}
	var problem struct{ Code string }
	answer = s.call(t, "POST", "/api/v1/readings", office, strings.NewReader("{broken"), http.Header{"Content-Type": {"application/json"}}, &problem)
	if answer.StatusCode != 400 || problem.Code != "faults" {
		t.Errorf("broken JSON: %d %s, want 400 with faults", answer.StatusCode, problem.Code)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if answer := s.call(t, "GET", "/api/v1/sites", "", nil, nil, nil); answer.StatusCode != 200 {
		t.Errorf("reading from loopback before the first token: %d, want 200", answer.StatusCode)
	}
	if answer := s.call(t, "POST", "/api/v1/readings", "", strings.NewReader("point,at,value\n"), csvHeader(), nil); answer.StatusCode != 401 {
		t.Errorf("writing without a token: %d, want 401", answer.StatusCode)
	}
	operator := s.token(t, access.Operator, "hafen")
	collector := s.token(t, access.Collector)
	office := s.token(t, access.Office)
	for _, tt := range []struct {
		sentence     string
		method, path string
		token        string
		want         int
	}{
		{"nobody reads once a token exists", "GET", "/api/v1/sites", "", 401},
		{"a wrong token is refused", "GET", "/api/v1/sites", "nonsense", 401},
		{"an operator sees his site", "GET", "/api/v1/sites/hafen", operator, 200},
		{"an operator does not see another's", "GET", "/api/v1/sites/kaiserlei", operator, 404},
		{"a site that is not there is not found", "GET", "/api/v1/sites/nowhere/points/grid/values?from=2025-01-01&to=2025-01-02", office, 404},
		{"nor its figures then", "GET", "/api/v1/sites/nowhere/kpis?period=2025", office, 404},
		{"a point that is not there is not found", "GET", "/api/v1/sites/hafen/points/nothing/values?from=2025-01-01&to=2025-01-02", office, 404},
		{"nor its figures", "GET", "/api/v1/sites/kaiserlei/kpis?period=2025", operator, 404},
		{"a collector may not read", "GET", "/api/v1/sites", collector, 403},
		{"nor hand in readings", "POST", "/api/v1/readings", collector, 403},
		{"an operator delivers no batches", "POST", "/api/v1/batches", operator, 403},
		{"health is for everybody", "GET", "/healthz", "", 200},
		{"readiness too", "GET", "/readyz", "", 200},
		{"metrics are not", "GET", "/metrics", "", 401},
	} {
		if answer := s.call(t, tt.method, tt.path, tt.token, nil, csvHeader(), nil); answer.StatusCode != tt.want {
			t.Errorf("%s: %s %s = %d, want %d", tt.sentence, tt.method, tt.path, answer.StatusCode, tt.want)
		}
	}
	var sites []struct{ ID string }
	s.call(t, "GET", "/api/v1/sites", operator, nil, nil, &sites)
	if len(sites) != 1 || sites[0].ID != "hafen" {
		t.Errorf("the operator's sites = %v, want hafen alone", sites)
	}
	var receipt intake.Receipt
	s.call(t, "POST", "/api/v1/readings", operator, strings.NewReader("point,at,value\nkaiserlei/grid,2025-06-03T00:00:00Z,1\n"), csvHeader(), &receipt)
	if len(receipt.Rejected) != 1 || receipt.Rejected[0].Code != intake.CodeScope {
		t.Errorf("writing to another's site = %+v, want it rejected", receipt)
	}
}

func TestABatchIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	collector := s.token(t, access.Collector)
	at := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	batch := energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: []energy.PointReading{
		{Point: "hafen/grid", Reading: energy.Reading{At: at, Value: energy.Decimal(1005, -1), Quality: energy.Measured}}}}
	client := push.New(s.URL, func() (string, error) { return collector, nil }, push.Options{})
	first, err := client.Deliver(t.Context(), batch)
	if err != nil || first.Duplicate || first.Fact == 0 || first.Upto != 1 {
		t.Fatalf("deliver: %+v, %v", first, err)
	}
	second, err := client.Deliver(t.Context(), batch)
	if err != nil || !second.Duplicate {
		t.Errorf("deliver again: %+v, %v, want a duplicate", second, err)
	}
}

func TestTheDescriptionNamesEveryRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var description struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	s.call(t, "GET", "/api/v1/openapi.json", "", nil, nil, &description)
	if description.OpenAPI != "3.1.1" {
		t.Errorf("openapi = %q, want 3.1.1", description.OpenAPI)
	}
	for _, route := range web.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if _, ok := description.Paths[path][strings.ToLower(method)]; !ok {
			t.Errorf("%s is not described", route)
		}
	}
	described := 0
	for _, operations := range description.Paths {
		described += len(operations)
	}
	if described != len(web.Routes()) {
		t.Errorf("%d operations are described, %d routes are served", described, len(web.Routes()))
	}
}
