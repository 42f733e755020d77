package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/web"
)

// twin is a site whose every name and number tells whose it is: id and names hold
// its word, readings and loads its digits, and nothing else does.
type twin struct{ word, digits string }

var twins = map[string]twin{"a": {"ottelund", "7351917"}, "b": {"bzyhall", "4682864"}}

// The registry of the twins, and promises and papers that name one of them, or both.
const twinYAML = `
  - id: WORD
    name: Haus WORD
    kind: data_centre
    operator: op-WORD
    in_operation_since: 2019-03-01
    meters:
      - id: WORD-main
        serial: "WORD-0815"
        accuracy: {class: "0.5"}
        points:
          - {id: WORD/grid, quantity: active_energy_import, role: grid_import}
      - id: WORD-ups
        accuracy: {percent: 1.0}
        points:
          - {id: WORD/it, quantity: active_energy_import, role: it_load, category: 1, parent: WORD/grid}
    facts:
      - {name: floor_area_total, value: DECIMAL, unit: m2, from: 2019-03-01}
    commitments:
      - {id: WORD-promise, title: Vertrag WORD, source: WORD, metric: pue, at_most: 1.3, per: calendar_year, from: 2024-01-01}
`

func twinRegistry(t *testing.T) *registry.Registry {
	t.Helper()
	of := func(text string, w twin) string {
		return strings.NewReplacer("WORD", w.word, "DECIMAL", w.digits[:4]+"."+w.digits[4:]).Replace(text)
	}
	var y strings.Builder
	y.WriteString("municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\noperators:\n")
	for _, which := range []string{"a", "b"} {
		y.WriteString(of("  - {id: op-WORD, name: Betreiber WORD}\n", twins[which]))
	}
	y.WriteString("sites:\n")
	for _, which := range []string{"a", "b"} {
		y.WriteString(of(twinYAML, twins[which]))
	}
	y.WriteString("commitments:\n  - {id: green, source: Council, metric: green_share_annual, at_least: 100 %, per: calendar_year, from: 2024-01-01}\n")
	for _, which := range []string{"a", "b"} {
		y.WriteString(of("  - {id: WORD-green, source: Council, metric: green_share_annual, at_least: 50 %, per: calendar_year, from: 2024-01-01, sites: [WORD]}\n", twins[which]))
		y.WriteString(of("  - {id: WORD-wide, source: Council, metric: green_share_annual, at_least: 40 %, per: calendar_year, from: 2024-01-01, operator: op-WORD}\n", twins[which]))
	}
	r, faults := registry.Load("registry.yaml", []byte(y.String()))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	return r
}

// walls are servers over one database: with both walls, and without one of them.
type walls struct {
	*office
	both, second, first string // their addresses: second has only the second wall
	none                string // a server without either, to know that the test would tell
	submissions         map[string]string
	issued              map[string]string
	people              []caller
}

// caller is somebody with what he may see: "a", "b", "ab" or nothing of the twins as
// a whole. Of a point grant he sees that point alone.
type caller struct {
	name  string
	sees  string
	point bool // of a
	ask   func(t *testing.T, base, method, path string) answered
}

func newWalls(t *testing.T) *walls {
	t.Helper()
	o := &office{}
	o.store = storetest.New(t)
	l := ledger.New(o.store, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	if _, err := in.Apply(t.Context(), twinRegistry(t), "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	w := &walls{office: o, submissions: map[string]string{}, issued: map[string]string{}}
	now := time.Now() // stands: what is expected by now is the same for all servers
	serve := func(change func(*web.Server)) *httptest.Server {
		server, err := web.New(t.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", PublicURL: "http://localhost:8080", Store: o.store, Ledger: l, Intake: in, Now: func() time.Time { return now },
			Requests: web.Requests{PerSecond: 1e6, Burst: 1e6}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatalf("make a server: %v", err)
		}
		change(server)
		h := httptest.NewServer(server.Handler())
		endWith(t, h)
		return h
	}
	o.Server = serve(func(*web.Server) {})
	w.both = o.URL
	w.second = serve((*web.Server).WithoutFirstWall).URL
	w.first = serve((*web.Server).WithoutSecondWall).URL
	w.none = serve((*web.Server).WithoutWalls).URL
	w.fill(t, l)
	w.invite(t)
	return w
}

// fill gives each twin a day of readings, a submission and issued judgements.
func (w *walls) fill(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	for which, one := range twins {
		s := &site{Server: &httptest.Server{URL: w.both}, store: w.store}
		token := s.token(t, access.Operator, energy.SiteID(one.word))
		var csv strings.Builder
		csv.WriteString("point,at,value,unit\n")
		from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
		step, err := strconv.Atoi(one.digits)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 97 {
			at := from.Add(time.Duration(i) * energy.QuarterHour).Format(time.RFC3339)
			fmt.Fprintf(&csv, "%s/grid,%s,%d,Wh\n%[1]s/it,%[2]s,%d,Wh\n", one.word, at, step*i, 5_000_000*i)
		}
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", one.word+".csv")
		if err == nil {
			_, err = io.WriteString(part, csv.String())
		}
		if err != nil || form.Close() != nil {
			t.Fatal(err)
		}
		var handed handedIn
		answer := s.call(t, "POST", "/api/v1/submissions", token, &body, http.Header{"Content-Type": {form.FormDataContentType()}}, &handed)
		if handed.ID == "" || handed.Number == 0 {
			t.Fatalf("hand in the day of %s: %d %+v %+v", one.word, answer.StatusCode, handed, handed.Submission)
		}
		w.submissions[which] = handed.ID
		if _, err := closer.Site(t.Context(), energy.SiteID(one.word)); err != nil {
			t.Fatalf("close %s: %v", one.word, err)
		}
		issued, err := l.Issue(t.Context(), energy.SiteID(one.word), ledger.Issuing{On: energy.Date{Year: 2026, Month: 6, Day: 1}, Actor: "office", Reason: "yearly " + one.word})
		if err != nil || len(issued) == 0 {
			t.Fatalf("issue the judgements of %s: %v", one.word, err)
		}
		w.issued[which] = issued[0].ID()
	}
}

// invite makes one caller of each kind there is.
func (w *walls) invite(t *testing.T) {
	t.Helper()
	a, b, now := energy.SiteID(twins["a"].word), energy.SiteID(twins["b"].word), time.Now()
	work := []access.Permission{access.Read, access.Submit, access.Answer, access.Comment}
	for _, one := range []struct {
		name, sees string
		point      bool
		grant      access.Grant
	}{
		{"admin", "ab", false, access.Grant{Role: access.Admin, Everywhere: true}},
		{"office", "ab", false, access.Grant{Role: access.Office, Everywhere: true}},
		{"auditor", "ab", false, access.Grant{Role: access.Auditor, Everywhere: true}},
		{"operator of a", "a", false, access.Grant{Role: access.Operator, Sites: []energy.SiteID{a}}},
		{"operator of b", "b", false, access.Grant{Role: access.Operator, Sites: []energy.SiteID{b}}},
		{"consultant of a", "a", false, access.Grant{Role: access.Operator, Only: work, Sites: []energy.SiteID{a}, From: now.Add(-time.Hour), To: now.Add(24 * time.Hour), OnBehalfOf: "op-" + string(a)}},
		{"consultant of a until yesterday", "", false, access.Grant{Role: access.Operator, Only: work, Sites: []energy.SiteID{a}, From: now.Add(-72 * time.Hour), To: now.Add(-24 * time.Hour), OnBehalfOf: "op-" + string(a)}},
		{"meter operator of a point of a", "", true, access.Grant{Role: access.MeterOperator, Points: []energy.PointID{energy.PointID(a + "/grid")}}},
		{"planner", "", false, access.Grant{Role: access.Planner, Everywhere: true}},
		{"public", "", false, access.Grant{Role: access.Public, Everywhere: true}},
	} {
		login := strings.ReplaceAll(one.name, " ", "-")
		w.account(t, login, one.grant)
		p := w.person(t).in(login)
		w.people = append(w.people, caller{one.name, one.sees, one.point, func(t *testing.T, base, method, path string) answered {
			p := &person{t, &office{Server: &httptest.Server{URL: base}}, p.client, p.header}
			return p.do(method, path, nil)
		}})
	}
	for _, role := range []access.Role{access.Collector} {
		text, err := w.store.CreateToken(t.Context(), store.Token{Name: string(role), Role: role, Sites: []energy.SiteID{a}})
		if err != nil {
			t.Fatal(err)
		}
		w.people = append(w.people, w.program(string(role)+" of a", http.Header{"Authorization": {"Bearer " + text}}))
	}
	olga := w.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{a}})
	text, err := w.store.CreateToken(t.Context(), store.Token{Name: "own", Role: access.Operator, Only: []access.Permission{access.Read}, Sites: []energy.SiteID{a, b}, Owner: olga, CreatedBy: olga.Actor()})
	if err != nil {
		t.Fatal(err)
	}
	own := w.program("own token of an operator of a, made for both", http.Header{"Authorization": {"Bearer " + text}})
	own.sees = "a" // as she does herself
	w.people = append(w.people, own, w.program("nobody", http.Header{}))
}

func (w *walls) program(name string, header http.Header) caller {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return caller{name: name, ask: func(t *testing.T, base, method, path string) answered {
		return (&person{t, &office{Server: &httptest.Server{URL: base}}, client, header}).do(method, path, nil)
	}}
}

// filled are the addresses of a pattern for one of the twins; "" : the pattern has
// nothing of a site in it, and one of both is enough.
func (w *walls) filled(t *testing.T, pattern, which string) (method, path string) {
	t.Helper()
	method, path, _ = strings.Cut(pattern, " ")
	values := map[string]string{"site": twins[which].word, "point": "grid", "chart": "energy", "form": "enefg-annex3", "issued": w.issued[which], "fact": "2",
		"id": w.submissions[which], "name": "x", "what": "x", "token": "x", "year": "2025", "digest": "sha256:00", "item": "x", "month": "2025-06", "$": "", "number": "1", "step": "x", "collection": "sites", "feature": twins[which].word, "path": "Things('" + twins[which].word + "')"}
	path = regexp.MustCompile(`\{([^}]+)\}`).ReplaceAllStringFunc(path, func(hole string) string {
		value, ok := values[strings.Trim(hole, "{}.")]
		if !ok {
			t.Errorf("%s: say what to fill in for %s", pattern, hole)
		}
		return value
	})
	query := map[string]string{"/api/v1/kpis": "?kpi=pue&period=2025", "/api/v1/log/consistency": "?from=1", "/api/v1/heat/secured": "?period=2025-06-03&site=" + twins[which].word}
	for ending, q := range map[string]string{"/values": "?from=2025-06-03&to=2025-06-04", "/series": "?from=2025-06-03&to=2025-06-04", "/kpis": "?period=2025-06-03", "/findings": "?from=2025-06-03&to=2025-06-04",
		"/balance": "?from=2025-06-01&to=2025-07-01", "/substitutes": "?period=2025-06", "/assessments": "?on=2026-06-01"} {
		if strings.HasPrefix(path, "/api/") && strings.HasSuffix(path, ending) && query[path] == "" {
			path += q
			break
		}
	}
	return method, path + query[path]
}

// separators are what people put between the digits of a number.
const separators = ".,’' \u00a0\u2009\u202f"

// bare is a text without the separators between digits.
func bare(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		between := i > 0 && i+size < len(text) && digit(text[i-1]) && digit(text[i+size])
		if !between || !strings.Contains(separators, text[i:i+size]) {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// tells tells whether an answer tells of a twin. The bare id of a site or of a
// submission that the asker named himself, in quotes or in an address, does not count.
func (w *walls) tells(text, path, which string) bool {
	one := twins[which]
	if strings.Contains(path, w.submissions[which]) {
		text = strings.ReplaceAll(text, w.submissions[which], "")
	}
	if strings.Contains(path, one.word) {
		text = strings.NewReplacer(`"`+one.word+`"`, "", `\"`+one.word+`\"`, "", "&#34;"+one.word+"&#34;", "", "/sites/"+one.word, "", "/heat/"+one.word, "", "/items/"+one.word, "", "%2Fsites%2F"+one.word, "").Replace(text)
	}
	return strings.Contains(strings.ToLower(text), one.word) || strings.Contains(bare(text), one.digits) || strings.Contains(text, w.submissions[which])
}

// TestNobodySeesWhatIsAnothers asks every route as every role about each of two
// sites: with both walls, and with the database's alone, no answer tells of a site
// that whoever asks may not see.
func TestNobodySeesWhatIsAnothers(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	told, exposed := map[string]bool{}, map[string]bool{}
	for _, pattern := range web.Patterns() {
		for _, which := range []string{"a", "b"} {
			method, path := w.filled(t, pattern, which)
			if _, other := w.filled(t, pattern, "a"); which == "b" && other == path {
				continue // it names no site
			}
			for _, who := range w.people {
				if method != "GET" && (pattern == "POST /signout" || strings.HasPrefix(pattern, "POST /account")) {
					continue // he would be out, or another
				}
				got := who.ask(t, w.both, method, path)
				about := strings.Contains(pattern, "{site}") || strings.Contains(pattern, "/submissions/{id}")
				reached := strings.Contains(who.sees, which) || who.point && which == "a" && (strings.Contains(pattern, "{point}") || strings.Contains(pattern, "/read"))
				if about && !reached && got.code < 300 {
					t.Errorf("%s: %s %s is answered %d", who.name, method, path, got.code)
				}
				if got.code >= 500 && got.code != 503 {
					t.Errorf("%s: %s %s is answered %d: %.300s", who.name, method, path, got.code, got.text)
				}
				for _, of := range []string{"a", "b"} {
					may := strings.Contains(who.sees, of) || who.point && of == "a" || strings.HasPrefix(pattern, "GET /account") // his own grants, ended ones too
					if tells := w.tells(got.text, path, of); tells && !may {
						t.Errorf("%s: %s %s (%d) tells of %s: %s", who.name, method, path, got.code, of, around(got.text, twins[of]))
					} else if tells {
						told[pattern] = true
					}
				}
				if method != "GET" {
					continue // what is written is the first wall's affair
				}
				if who.name == "public" {
					open := who.ask(t, w.none, method, path)
					exposed[pattern] = exposed[pattern] || open.code < 400 && w.tells(open.text, path, which)
				}
				behind := who.ask(t, w.second, method, path)
				for _, of := range []string{"a", "b"} {
					may := strings.Contains(who.sees, of) || who.point && of == "a"
					if !may && behind.code < 400 && !program(pattern) && w.tells(behind.text, path, of) {
						t.Errorf("%s: without the first wall %s (%d) tells of %s: %s", who.name, path, behind.code, of, around(behind.text, twins[of]))
					}
				}
			}
		}
	}
	if exposedBy := count(exposed); exposedBy < 25 {
		t.Errorf("without either wall only %d routes tell the public of the sites: the test would not tell", exposedBy)
	}
	if len(told) < 25 {
		t.Errorf("only %d routes tell anything of the sites to anybody: the test asks wrongly: %v", len(told), told)
	}
}

func count(set map[string]bool) (n int) {
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}

// program tells whether a route answers by what the program itself looks into for
// accounts and tokens: the database's wall is not before it.
func program(pattern string) bool {
	return slices.Contains([]string{"GET /accounts", "GET /tokens", "GET /account", "GET /account/tokens"}, pattern)
}

func around(text string, one twin) string {
	for _, token := range []string{one.word, one.digits} {
		if i := strings.Index(strings.ToLower(text), token); i >= 0 {
			return "…" + text[max(0, i-150):min(len(text), i+150)] + "…"
		}
	}
	return fmt.Sprintf("%.200s", text)
}

// TestTheSecondWallTakesNothingThatIsAllowed compares each answer with that of a
// server whose database shows everything: who may see something is not kept from it,
// and no figure changes for want of a row.
func TestTheSecondWallTakesNothingThatIsAllowed(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	compared := 0
	for _, pattern := range web.Patterns() {
		if !strings.HasPrefix(pattern, "GET ") || pattern == "GET /metrics" || pattern == "GET /api" || pattern == "GET /account/totp" || pattern == "GET /account/totp.svg" {
			continue
		}
		for _, which := range []string{"a", "b"} {
			method, path := w.filled(t, pattern, which)
			if _, other := w.filled(t, pattern, "a"); which == "b" && other == path {
				continue
			}
			for _, who := range w.people {
				with, without := who.ask(t, w.both, method, path), who.ask(t, w.first, method, path)
				if with.code != without.code || with.text != without.text && settled(with.text) != settled(without.text) {
					t.Errorf("%s: %s is answered %d, without the second wall %d: %s", who.name, path, with.code, without.code, difference(settled(with.text), settled(without.text)))
				}
				if with.code == 200 {
					compared++
				}
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d answers were compared", compared)
	}
}

var moments = regexp.MustCompile(`\d\d:\d\d(:\d\d(\.\d+)?)?|"took[^,]*|name="key" value="[A-Z0-9]+"|http://127\.0\.0\.1:\d+`)

// settled is a text without the time of day at which it was asked for.
func settled(text string) string {
	for _, made := range []string{"PK", "%PDF-"} { // a workbook and a paper hold when they were made; what is beside them says the same
		if strings.HasPrefix(text, made) {
			return made
		}
	}
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		if whole, err := json.Marshal(v); err == nil {
			text = string(whole)
		}
	}
	return moments.ReplaceAllString(text, "")
}

func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[min(len(s), max(0, i-80)):min(len(s), i+160)] }
	return fmt.Sprintf("\n with    …%s…\n without …%s…", cut(a), cut(b))
}
