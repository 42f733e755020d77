package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// openDoors are the routes that ask for nobody: whoever is added here says why.
func openDoors() map[string]bool {
	return map[string]bool{
		"GET /healthz": true, "GET /readyz": true, // for supervisors
		"GET /api/v1/openapi.json": true,                                                                                                                            // says nothing of anybody
		"GET /api/v1/heat/sources": true, "GET /api/v1/heat/sources/{site}": true, "GET /api/v1/heat/sources/{site}/series": true, "GET /api/v1/heat/secured": true, // to everybody what was published
		"GET /api/v1/published":      true,                                      // what two people decided that everybody may see
		"GET /api/v1/log/checkpoint": true, "GET /api/v1/log/consistency": true, // the public ledger
	}
}

// fill puts what a stranger would try into the places of a route.
func fill(route string) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	for place, value := range map[string]string{"{site}": "hafen", "{point}": "grid", "{chart}": "energy.csv", "{fact}": "1", "{issued}": "1", "{id}": "1", "{submission}": "1"} {
		path = strings.ReplaceAll(path, place, value)
	}
	path = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "1")
	return method, path + "?from=2025-06-03&to=2025-06-04&period=2025&year=2025"
}

// TestEveryDoorOfTheAPIIsClosedToStrangers tries every route without a token, and
// as every role at another's site.
func TestEveryDoorOfTheAPIIsClosedToStrangers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fill(t, s.token(t, access.Office))
	tokens := map[string]string{"nobody": ""}
	for _, role := range access.Roles() {
		tokens[string(role)+" of another site"] = s.token(t, role, "kaiserlei")
	}
	for _, route := range web.Routes() {
		method, path := fill(route)
		for who, token := range tokens {
			answer := s.call(t, method, path, token, nil, http.Header{"Content-Type": {"application/json"}}, nil)
			body := make([]byte, 1<<20)
			n, _ := answer.Body.Read(body) // what was read is all: it is in memory
			text := string(body[:n])
			switch {
			case openDoors()[route]:
				if answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden {
					t.Errorf("%s: %s answers %d, want it open", who, route, answer.StatusCode)
				}
				continue
			case who == "nobody":
				if answer.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: %s answers %d, want 401", who, route, answer.StatusCode)
				}
			case strings.Contains(route, "{site}") && answer.StatusCode < 400:
				t.Errorf("%s: %s answers %d", who, route, answer.StatusCode)
			}
			if answer.StatusCode < 400 && strings.Contains(text, `"hafen`) {
				t.Errorf("%s: %s tells of hafen: %.200s", who, route, text)
			}
		}
	}
}

// TestAMeterOperatorSeesAndWritesHisPointAlone keeps a grant for one point to it.
func TestAMeterOperatorSeesAndWritesHisPointAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "mo", access.Grant{Role: access.MeterOperator, Points: []energy.PointID{"hafen/grid"}})
	p := o.person(t).in("mo")
	const when = "/values?from=2025-06-03&to=2025-06-04"
	for path, want := range map[string]int{
		"/api/v1/sites/hafen/points/grid" + when: 200, "/api/v1/sites/hafen/points/it" + when: 404, "/api/v1/sites/hafen": 404, "/api/v1/sites/hafen/kpis?period=2025": 404,
		"/api/v1/sites/kaiserlei/points/grid" + when: 404, "/accounts": 403, "/tokens": 403,
	} {
		if a := p.get(path); a.code != want {
			t.Errorf("%s: %d, want %d", path, a.code, want)
		}
	}
	if a := p.get("/?lang=de"); a.code != 200 || !strings.Contains(a.text, `<a href="/hand-in?lang=de">Zähler ablesen`) || strings.Contains(a.text, "heatledger apply") {
		t.Errorf("whoever has single points is not led to them from the overview: %d", a.code)
	}
	p.header.Set("Content-Type", "text/csv")
	r, err := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/api/v1/readings", strings.NewReader("point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1\nhafen/it,2025-06-03T00:00:00Z,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/csv")
	answer, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text := make([]byte, 4096)
	n, _ := answer.Body.Read(text) // the receipt is short
	if got := string(text[:n]); !strings.Contains(got, `"accepted":1`) || !strings.Contains(got, `"code":"not_your_site"`) || !strings.Contains(got, `"row":3`) {
		t.Errorf("readings of his point and another: %s", got)
	}
}

func TestWhoIsSignedInIsNamedByNumberInFacts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	if a := p.post("/accounts/invite", "login", "max", "name", "Max Muster", "mail", "max@city.example", "role", "operator", "site", "hafen", "why", "contract 7"); a.code != 200 {
		t.Fatalf("invite: %d %s", a.code, notice(a.text))
	}
	head, err := o.store.Head(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := o.store.Entries(t.Context(), "", head.Seq)
	if err != nil {
		t.Fatal(err)
	}
	said := false
	for _, e := range entries {
		text := fmt.Sprint(e.Kind, " ", e.ID, " ", e.Actor, " ", string(e.Body))
		said = said || e.Kind == "grant" && e.Actor == "account:1" && strings.Contains(text, "contract 7") && strings.Contains(text, "hafen")
		for _, personal := range []string{"erika", "Erika", "max", "Max", "city.example"} {
			if strings.Contains(text, personal) {
				t.Errorf("a fact names a person: %s", text)
			}
		}
	}
	if !said {
		t.Error("no fact says who gave the grant, for what and why")
	}
}

func TestGuestsComeInOnceAndOnThisHostAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	if len(o.guests) != 6 {
		t.Fatalf("%d guests are expected, want one for each role that people have", len(o.guests))
	}
	if a := o.person(t).get("/"); a.code != 200 {
		t.Errorf("the overview before any guest: %d, want 200", a.code)
	}
	startsAt := map[access.Role]string{access.Admin: "/worklist", access.Office: "/worklist", access.Auditor: "/", access.Operator: "/hand-in", access.MeterOperator: "/hand-in", access.Planner: "/account"}
	for _, g := range o.guests {
		u, err := url.Parse(g.Link)
		if err != nil {
			t.Fatal(err)
		}
		guest := o.person(t)
		if a := guest.get("/guest?" + u.RawQuery); a.code != 200 {
			t.Errorf("the link of the %s: %d", g.Role, a.code)
		}
		if a := guest.post("/guest", "code", u.Query().Get("c")); a.code != 303 || a.to != startsAt[g.Role] {
			t.Errorf("the %s comes in: %d to %s", g.Role, a.code, a.to)
		}
		everywhere := g.Role != access.Operator && g.Role != access.MeterOperator
		if a := guest.get("/account"); a.code != 200 || strings.Contains(a.text, ": everywhere") != everywhere {
			t.Errorf("the %s is in: %d, with rights everywhere: %v", g.Role, a.code, !everywhere)
		}
		if g.Role == access.Admin {
			o.guestGoesStale(t, guest)
		}
		if a := o.person(t).post("/guest", "code", u.Query().Get("c")); a.code != 404 {
			t.Errorf("the link of the %s again: %d, want 404", g.Role, a.code)
		}
	}
	if a := o.person(t).get("/"); a.code != http.StatusSeeOther {
		t.Errorf("the overview after a guest: %d, want the sign-in page", a.code)
	}
}

// guestGoesStale looks at what a guest, who has no password, is told who is to prove
// once more who he is.
func (o *office) guestGoesStale(t *testing.T, guest *person) {
	t.Helper()
	for _, page := range []string{"/accounts", "/tokens"} {
		o.ahead.Store(0)
		if a := guest.get(page); a.code != 200 || strings.Contains(a.text, "guest of the demonstration") {
			t.Errorf("a guest who has just come in is told to come in again on %s: %d", page, a.code)
		}
		o.ahead.Store(int64(signin.FreshTime + time.Minute))
		if a := guest.get(page); !strings.Contains(a.text, "guest of the demonstration") || strings.Contains(a.text, `id="prove"`) {
			t.Errorf("a guest is asked on %s for a password that he does not have", page)
		}
	}
	o.ahead.Store(0)
}

// TestTheListOfRequirementsNamesTests holds testdata/asvs.md against the tests
// there are.
func TestTheListOfRequirementsNamesTests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, folder := range []string{".", "../signin", "../../energy/access", "../../energy/store", "../../energy/submission", "../../energy/intake", "../../energy/intake/sheet",
		"../../energy/exhibit", "../../cmd/heatledger", "../cell", "../mail"} {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(code), -1) {
				tests[m[1]] = true
			}
		}
	}
	named := regexp.MustCompile(`Test\w+`).FindAllString(string(text), -1)
	if len(named) < 40 {
		t.Errorf("the list names %d tests", len(named))
	}
	for _, name := range named {
		if !tests[name] {
			t.Errorf("the list names %s, which is no test", name)
		}
	}
}

// TestOnlyThisHostReadsBeforeThereAreAccounts asks as a page of a stranger would whose
// name leads to 127.0.0.1, and as a proxy of this host.
func TestOnlyThisHostReadsBeforeThereAreAccounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		sentence, host, header string
		want                   int
	}{
		{"somebody on this host", "", "", 200},
		{"by the name localhost", "localhost:8080", "", 200},
		{"a page of a stranger, by its own name", "evil.example", "", 401},
		{"a page of a stranger, by a name that begins like ours", "127.0.0.1.evil.example", "", 401},
		{"a proxy, for whom it says", "", "X-Forwarded-For", 401},
		{"a proxy of another kind", "", "Forwarded", 401},
		{"a proxy of a third kind", "", "X-Real-Ip", 401},
	} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/sites", nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Host = tt.host; tt.header != "" {
			r.Header.Set(tt.header, "127.0.0.1")
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d", tt.sentence, answer.StatusCode, tt.want)
		}
	}
}
