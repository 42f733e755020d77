package web_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/store"
)

const heatYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: nord
    name: Nord
    operator: op
    location: {lat: 50.1, lon: 8.76}
    address: {street: Am Nordkai 1, postcode: "63067", town: Offenbach am Main}
    meters:
      - {id: nord-heat, points: [{id: nord/delivered, quantity: heat_energy, role: heat_delivered}]}
      - {id: nord-air, points: [{id: nord/rejected, quantity: heat_energy, role: heat_rejected}]}
    commitments:
      - {id: nord-network, title: Heat for the network, metric: heat_delivered, at_least: 1752 MWh, per: calendar_year, from: 2024-01-01, to: 2030-01-01}
  - id: west
    name: West
    operator: op
    meters:
      - {id: west-heat, points: [{id: west/delivered, quantity: heat_energy, role: heat_delivered}]}
  - id: fern
    name: Fern
    meters:
      - {id: fern-ups, points: [{id: fern/it, quantity: active_energy_import, role: it_load, category: 1}]}
evidence:
  - {id: planning, kind: agreement, title: Heat planning, sites: [nord, west, fern], from: 2024-01-01}
`

// newHeatTown is an office with January 2025 of three sources: nord delivered 200 kW and
// let 100 kW go, west delivered 240 kW, fern has an IT load of 320 kW. Hours of nord are
// agreed for planners, months of west for everybody, of fern nothing. It knows people.
func newHeatTown(t *testing.T, people ...string) *office {
	t.Helper()
	o := newOffice(t, true)
	o.heat(t, people...)
	return o
}

// heat gives an office the sources of [newHeatTown].
func (o *office) heat(t *testing.T, people ...string) {
	t.Helper()
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, heatYAML)
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p := c.Month(2025, 1)
	for point, step := range map[energy.PointID]int64{"nord/delivered": 50, "nord/rejected": 25, "west/delivered": 60, "fern/it": 80} {
		counter := func(yield func(energy.Reading) bool) {
			for n, at := int64(0), p.From; !at.After(p.To) && yield(energy.Reading{At: at, Value: energy.Decimal(n*step, 0), Quality: energy.Measured}); n++ {
				at = at.Add(energy.QuarterHour)
			}
		}
		_, err := intake.New(l, intake.Options{}).Backfill(t.Context(), "file", point.Site(), func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) { yield(point, counter) })
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, site := range []energy.SiteID{"nord", "west", "fern"} {
		o.close(t, site)
	}
	grants := map[string]access.Grant{"anna": {Role: access.Office, Everywhere: true}, "adam": {Role: access.Admin, Everywhere: true},
		"olga": {Role: access.Operator, Sites: []energy.SiteID{"west"}}, "otto": {Role: access.MeterOperator, Points: []energy.PointID{"fern/it"}}, "rita": {Role: access.Auditor, Everywhere: true},
		"paula": {Role: access.Public, Everywhere: true}, "petra": {Role: access.Planner, Everywhere: true}, "cora": {Role: access.Operator, Only: []access.Permission{access.Read, access.Submit}, Sites: []energy.SiteID{"west"}}, "wim": {Role: access.Planner, Sites: []energy.SiteID{"west"}}}
	for _, login := range people {
		o.account(t, login, grants[login])
	}
	for site, content := range map[energy.SiteID]publication.Content{
		"nord": {Class: publication.Restricted, What: []string{"heat_delivered", "heat_rejected"}, Resolution: publication.Hour},
		"west": {Class: publication.ByAgreement, What: []string{"heat_delivered"}, Resolution: publication.Month},
	} {
		content.From, content.To, content.DelayDays, content.Agreement = energy.Date{Year: 2025, Month: 1, Day: 1}, energy.Date{Year: 2026, Month: 1, Day: 1}, 30, "planning"
		d, err := l.Decide(t.Context(), site, "", publication.Step{Action: publication.Propose, Content: &content, Who: "account:1", Why: "resolution 12"})
		if err == nil {
			_, err = l.Decide(t.Context(), site, d.ID, publication.Step{Action: publication.Confirm, Who: "account:2"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// heatLine is a source of a list, as far as the tests look at it.
type heatLine struct {
	Site, Seen, Supply, Grade, Limit string
	PowerClass                       string   `json:"power_class_kw"`
	SecuredKW                        *float64 `json:"secured_kw"`
	SupplyKWh                        *float64 `json:"supply_kwh"`
	Lat                              *float64
	Hidden                           []struct{ Part, Why, Says string }
	Statistics, Delivered, Upgrade   json.RawMessage
	Contracts                        []struct {
		ID     string
		Months []struct {
			Promised  float64 `json:"promised_kwh"`
			Delivered float64 `json:"delivered_kwh"`
			Kept      string
		}
		Years []struct {
			Kept  string
			Whole bool
		}
	}
	Decisions []string
}

const (
	ofJanuary  = "?period=2025-01"
	inJanuary  = "?from=2025-01-01&to=2025-02-01"
	ofFewHours = "?from=2025-01-07&to=2025-01-07T03:00:00%2B01:00"
)

// TestEachSeesOfHeatWhatTheRulesAllow asks every operation as every role: a list, and
// for each source whether its sheet, its series and its part in a sum are given.
func TestEachSeesOfHeatWhatTheRulesAllow(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "adam", "anna", "rita", "olga", "cora", "otto", "petra", "wim", "paula")
	everything := "fern everything derived 320, hafen everything  -, kaiserlei everything  -, nord everything recoverable 300, west everything delivered 240"
	for _, tt := range []struct {
		login, list string
		open        map[string]string // of nord, west, fern: the codes of sheet, series and sum
	}{
		{"adam", everything, map[string]string{"nord": "200 200 200", "west": "200 200 200", "fern": "200 200 200"}},
		{"anna", everything, map[string]string{"nord": "200 200 200", "west": "200 200 200", "fern": "200 200 200"}},
		{"rita", everything, map[string]string{"nord": "200 200 200", "west": "200 200 200", "fern": "200 200 200"}},
		{"olga", "west everything delivered 240", map[string]string{"nord": "404 404 404", "west": "200 200 200", "fern": "404 404 404"}},
		{"cora", "west everything delivered 240", map[string]string{"nord": "404 404 404", "west": "200 200 200", "fern": "404 404 404"}},
		{"otto", "west published delivered -", map[string]string{"nord": "404 404 404", "west": "200 403 403", "fern": "404 404 404"}},
		{"petra", "nord agreed recoverable 300, west agreed delivered -", map[string]string{"nord": "200 200 200", "west": "200 403 403", "fern": "404 404 404"}},
		{"wim", "west agreed delivered -", map[string]string{"nord": "404 404 404", "west": "200 403 403", "fern": "404 404 404"}},
		{"paula", "west published delivered -", map[string]string{"nord": "404 404 404", "west": "200 403 403", "fern": "404 404 404"}},
		{"", "west published delivered -", map[string]string{"nord": "404 404 404", "west": "200 403 403", "fern": "404 404 404"}},
	} {
		p := o.person(t)
		if tt.login != "" {
			p.in(tt.login)
		}
		var sources []heatLine
		p.read("/api/v1/heat/sources"+ofJanuary, &sources)
		var lines []string
		for _, s := range sources {
			power := "-"
			if s.SecuredKW != nil {
				power = fmt.Sprint(*s.SecuredKW)
			}
			lines = append(lines, fmt.Sprintf("%s %s %s %s", s.Site, s.Seen, s.Supply, power))
		}
		if got := strings.Join(lines, ", "); got != tt.list {
			t.Errorf("%q sees %q, want %q", tt.login, got, tt.list)
		}
		for site, want := range tt.open {
			sheet, series, sum := p.get("/api/v1/heat/sources/"+site+ofJanuary), p.get("/api/v1/heat/sources/"+site+"/series"+inJanuary), p.get("/api/v1/heat/secured"+ofJanuary+"&site="+site)
			if got := fmt.Sprintf("%d %d %d", sheet.code, series.code, sum.code); got != want {
				t.Errorf("%q is answered %s about %s, want %s", tt.login, got, site, want)
			}
			if strings.HasPrefix(want, "404") && strings.Contains(sheet.text+series.text+sum.text, strings.ToUpper(site[:1])+site[1:]) {
				t.Errorf("%q is told the name of %s", tt.login, site)
			}
		}
	}
	text, err := o.store.CreateToken(t.Context(), store.Token{Name: "collector", Role: access.Collector, Sites: []energy.SiteID{"nord"}})
	if err != nil {
		t.Fatal(err)
	}
	collector := o.person(t)
	collector.header.Set("Authorization", "Bearer "+text)
	if a := collector.get("/api/v1/heat/sources" + ofJanuary); a.code != 200 || strings.Contains(a.text, `"nord"`) || !strings.Contains(a.text, `"west"`) {
		t.Errorf("a collector sees %d %s", a.code, a.text)
	}
	collector.header.Set("Authorization", "Bearer no token of ours")
	if a := collector.get("/api/v1/heat/sources"); a.code != http.StatusUnauthorized {
		t.Errorf("a token that nobody knows: %d", a.code)
	}
}

// TestTheSheetSaysWhatItRestsOn: nord delivered 200 kW and let 100 kW go for 744 hours;
// the contract owes 1,752 MWh for the year, of which January says nothing. West shows the public its class.
func TestTheSheetSaysWhatItRestsOn(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra", "anna")
	petra := o.person(t).in("petra")
	var s heatLine
	petra.read("/api/v1/heat/sources/nord"+ofJanuary, &s)
	if s.Grade != "measured" || s.Limit != "supply_limited" || s.PowerClass != "100-500" || s.SupplyKWh == nil || *s.SupplyKWh != 300*744 || s.Lat == nil || *s.Lat != 50.1 || len(s.Decisions) != 1 {
		t.Errorf("nord: %+v", s)
	}
	if len(s.Contracts) != 1 || len(s.Contracts[0].Months) != 1 || s.Contracts[0].Months[0].Kept != "unknown" || s.Contracts[0].Months[0].Delivered != 148_800 || len(s.Contracts[0].Years) != 1 || s.Contracts[0].Years[0].Kept != "unknown" || s.Contracts[0].Years[0].Whole {
		t.Errorf("contracts of nord: %+v", s.Contracts)
	}
	var statistics struct {
		Kind, Grade, Limit string
		Curve              struct{ KW []float64 }
		Bands              struct {
			Days map[string][]struct{ Hours int }
		}
	}
	if err := json.Unmarshal(s.Delivered, &statistics); err != nil || statistics.Kind != "delivered" || statistics.Limit != "demand_limited" || len(statistics.Curve.KW) != 744 || len(statistics.Bands.Days["sunday_or_holiday"]) != 24 || statistics.Bands.Days["sunday_or_holiday"][3].Hours != 5 {
		t.Errorf("delivered by nord: %+v %v", statistics, err) // four Sundays and New Year's Day
	}
	var published heatLine
	german := o.person(t)
	german.header.Set("Accept-Language", "de")
	german.read("/api/v1/heat/sources/west"+ofJanuary, &published)
	if published.PowerClass != "100-500" || published.SecuredKW != nil || string(published.Statistics) != "null" || published.SupplyKWh == nil || *published.SupplyKWh != 240*744 || len(published.Contracts) > 0 {
		t.Errorf("west, to everybody: %+v", published)
	}
	for _, h := range published.Hidden {
		if h.Part == "series" && (h.Why != "for_planners" || h.Says == "" || strings.Contains(h.Says, h.Why)) {
			t.Errorf("the series of west is hidden by %+v", h)
		}
	}
	if !slices.ContainsFunc(published.Hidden, func(h struct{ Part, Why, Says string }) bool { return h.Part == "secured" && h.Why == "coarser_agreed" }) {
		t.Errorf("hidden of west: %+v", published.Hidden)
	}
	var half heatLine
	o.person(t).in("anna").read("/api/v1/heat/sources/fern"+ofJanuary+"&recoverable=0.5&availability=0.9", &half)
	if half.SecuredKW == nil || *half.SecuredKW != 160 || half.Limit != "derived" {
		t.Errorf("half of what fern's IT load is: %+v", half)
	}
}

func TestASeriesOfHeatIsGivenAsItIsAskedFor(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	petra := o.person(t).in("petra")
	path := "/api/v1/heat/sources/nord/series" + ofFewHours
	var steps []struct {
		From         string
		KW           *float64
		Grade, Limit string
	}
	petra.read(path, &steps)
	if len(steps) != 3 || steps[0].From != "2025-01-06T23:00:00Z" || *steps[2].KW != 300 || steps[0].Grade != "measured" || steps[0].Limit != "supply_limited" {
		t.Errorf("hours: %+v", steps)
	}
	petra.read(path+"&step=15m&kind=delivered", &steps)
	if len(steps) != 12 || *steps[11].KW != 200 || steps[0].Limit != "demand_limited" {
		t.Errorf("quarter-hours of the delivered heat: %d, the last %+v", len(steps), steps[len(steps)-1])
	}
	var columns struct {
		T0, Step, Unit, Kind string
		V                    []float64
	}
	petra.read(path+"&format=columns", &columns)
	if columns.T0 != "2025-01-06T23:00:00Z" || columns.Step != "1h" || columns.Unit != "kW" || columns.Kind != "recoverable" || !slices.Equal(columns.V, []float64{300, 300, 300}) {
		t.Errorf("columns: %+v", columns)
	}
	if a := petra.get(path + "&format=csv"); !strings.HasPrefix(a.text, "site,kind,from,to,kw,flow_c,return_c,grade,limit\nnord,recoverable,2025-01-06T23:00:00Z,2025-01-07T00:00:00Z,300,,,measured,supply_limited\n") {
		t.Errorf("a table: %s", a.text)
	}
	first := petra.get(path + "&limit=2")
	if link := first.Header.Get("Link"); !strings.Contains(link, "from=2025-01-07T01%3A00%3A00Z") || !strings.Contains(link, `rel="next"`) {
		t.Errorf("the next page is at %s", link)
	}
	if first.Header.Get("Heatledger-Fact") == "" || first.Header.Get("Etag") == "" {
		t.Errorf("the answer carries %v", first.Header)
	}
	petra.header.Set("If-None-Match", first.Header.Get("Etag"))
	if a := petra.get(path + "&limit=2"); a.code != http.StatusNotModified {
		t.Errorf("asked again: %d", a.code)
	}
	petra.header.Del("If-None-Match")
	var beyond []struct{ KW *float64 }
	petra.read("/api/v1/heat/sources/nord/series?from=2025-01-31&to=2025-02-02", &beyond)
	if len(beyond) != 48 || beyond[23].KW == nil || beyond[24].KW != nil {
		t.Errorf("of the end of the readings %d steps", len(beyond))
	}
	if a := petra.get("/api/v1/heat/sources/nord/series?from=2024-12-01&to=2025-01-02"); a.code != 200 || strings.Contains(a.text, "2024-12-30") || !strings.Contains(a.text, "2024-12-31T23") {
		t.Errorf("the series before the agreement: %d %.200s", a.code, a.text)
	}
}

func TestQuestionsAboutHeatThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna")
	anna := o.person(t).in("anna")
	for path, want := range map[string]string{
		"sources?period=2025-13":                                "bad_period",
		"sources?period=3000":                                   "bad_period",
		"sources?availability=1.5":                              "bad_share",
		"sources?availability=0":                                "bad_share",
		"sources?recoverable=much":                              "bad_share",
		"sources?limit=0":                                       "bad_limit",
		"sources?offset=-1":                                     "bad_number",
		"sources?format=xlsx":                                   "bad_format",
		"sources?as_known_at=soon":                              "bad_time",
		"sources?sort=power":                                    "unknown_parameter",
		"sources/nord?target_c=70":                              "bad_machine",
		"sources/nord?target_c=40&target_return_c=50&quality=1": "bad_machine",
		"sources/nord?as_known_at=2020-01-01":                   "not_known_then",
		"sources/sued":                                          "no_source",
		"sources/nord/series":                                   "bad_period",
		"sources/nord/series?from=2020-01-01&to=2025-01-01":     "bad_period",
		"sources/nord/series" + inJanuary + "&step=1d":          "bad_step",
		"sources/nord/series" + inJanuary + "&kind=warm":        "bad_heat_kind",
		"secured":                               "too_many_items",
		"secured?site=kaiserlei&period=2025-01": "no_hours",
		"secured?site=nord&site=sued":           "no_source",
	} {
		a := anna.get("/api/v1/heat/" + path)
		var p struct {
			Code, Detail string
			Status       int
		}
		if err := json.Unmarshal([]byte(a.text), &p); err != nil || p.Code != want || p.Status != a.code || p.Detail == "" || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %s", path, a.code, a.text, want)
		}
	}
	if code, problem := anna.asks("/api/v1/sites/west/decisions", map[string]any{"class": "aggregate_only", "what": []string{"heat_delivered"}, "from": "2025-01-01", "to": "2026-01-01", "resolution": "hour", "agreement": "planning", "why": "x"}, nil); code != 422 || problem != "resolution" {
		t.Errorf("hours in sums: %d %s", code, problem)
	}
}

func TestSourcesOfHeatComeInPagesAndTables(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra", "anna")
	petra := o.person(t).in("petra")
	a := petra.get("/api/v1/heat/sources" + ofJanuary + "&format=csv")
	if lines := strings.Split(strings.TrimSpace(a.text), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "nord,Nord,50.1,8.76,agreed,2025-01-01,2025-02-01,recoverable,delivered_and_rejected,,,measured,supply_limited,100-500,,300,0.98,,,223200,1,148800,") {
		t.Errorf("the table: %s", a.text)
	}
	if facts := a.Header.Values("Heatledger-Fact"); len(facts) != 2 || !strings.HasPrefix(facts[0], "nord=") {
		t.Errorf("it rests on %v", facts)
	}
	if a := petra.get("/api/v1/heat/sources" + ofJanuary + "&limit=1"); !strings.Contains(a.Header.Get("Link"), "offset=1") || strings.Contains(a.text, `"west"`) {
		t.Errorf("the first page: %v %s", a.Header, a.text)
	}
	var two struct {
		Sum     float64 `json:"sum_of_single_kw"`
		Secured float64 `json:"secured_kw"`
		Single  []struct{ Site string }
	}
	o.person(t).in("anna").read("/api/v1/heat/secured"+ofJanuary+"&site=west&site=nord&site=west&availability=0.9", &two)
	if two.Secured != 540 || two.Sum != 540 || len(two.Single) != 2 || two.Single[0].Site != "west" {
		t.Errorf("together: %+v", two)
	}
	var upgraded struct{ Upgrade struct{ COP *float64 } }
	o.person(t).in("anna").read("/api/v1/heat/sources/nord"+ofJanuary+"&target_c=70&target_return_c=45&quality=0.5", &upgraded)
	if upgraded.Upgrade.COP != nil {
		t.Errorf("a heat pump without temperatures of its source: %+v", upgraded)
	}
}

// TestWhatIsTakenAlong asks for the files of heat as different people: paper, layers and
// hours show what the pages show.
func TestWhatIsTakenAlong(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "petra")
	petra, nobody := o.person(t).in("petra"), o.person(t)
	hours := "/api/v1/heat/sources/nord/series" + inJanuary + "&format=parquet"
	for _, tt := range []struct {
		who        *person
		path       string
		code       int
		kind, says string
	}{
		{petra, "/heat/nord/paper/sheet.pdf" + ofJanuary, 200, "application/pdf", "%PDF-"},
		{nobody, "/heat/west/paper/sheet.pdf" + ofJanuary, 200, "application/pdf", "%PDF-"},
		{nobody, "/heat/nord/paper/sheet.pdf" + ofJanuary, 404, "", ""},
		{petra, hours, 200, "application/vnd.apache.parquet", "PAR1"},
		{nobody, hours, 404, "", ""},
		{petra, "/heat/layers.gpkg", 200, "application/geopackage+sqlite3", "SQLite format 3"},
		{petra, "/heat/layers.gpkg?crs=3857", 400, "", ""},
	} {
		got := tt.who.get(tt.path)
		if got.code != tt.code || !strings.HasPrefix(got.text, tt.says) || tt.kind != "" && got.Header.Get("Content-Type") != tt.kind {
			t.Errorf("%s: %d %s %.40q", tt.path, got.code, got.Header.Get("Content-Type"), got.text)
		}
	}
	for who, hidden := range map[*person][]string{petra: {"fern"}, nobody: {"fern", "nord", "Nord"}} {
		layers := who.get("/heat/layers.gpkg").text
		for _, name := range hidden {
			if strings.Contains(layers, name) {
				t.Errorf("the layers tell of %s", name)
			}
		}
		if !strings.Contains(layers, "west") {
			t.Error("the layers do not have what may be seen")
		}
	}
}
