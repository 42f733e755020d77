package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/reporting/web"
)

// placed puts a value into every place of a pattern.
func placed(pattern, value string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	path = strings.ReplaceAll(path, "{$}", "")
	return method, regexp.MustCompile(`\{[^}]*\}`).ReplaceAllLiteralString(path, value)
}

func plenty(o *web.Options) { o.Requests = web.Requests{PerSecond: 1e9, Burst: 1e9} }

// TestNoRouteThatChangesIsOpenToOtherSites sends what a page of another site could
// make a browser send, to every route that is not only read.
func TestNoRouteThatChangesIsOpenToOtherSites(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, plenty)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	tried := 0
	for _, pattern := range web.Patterns() {
		method, path := placed(pattern, "1")
		if method == "GET" {
			continue
		}
		tried++
		for sentence, header := range map[string]http.Header{
			"another site":                                {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
			"a neighbour below the same domain":           {"Sec-Fetch-Site": {"same-site"}},
			"another site in an old browser":              {"Origin": {"https://evil.example"}},
			"a sandboxed frame":                           {"Origin": {"null"}},
			"the same name at another port":               {"Origin": {"https://127.0.0.1:1"}},
			"an address with a name and a password in it": {"Sec-Fetch-Site": {"cross-site"}, "Authorization": {"Basic eDp5"}},
		} {
			browser := &person{t, o, p.client, p.header.Clone()}
			for name, values := range header {
				browser.header[name] = values
			}
			if a := browser.do(method, path, url.Values{"why": {"evil"}}); a.code != http.StatusForbidden {
				t.Errorf("%s by %s: %d, want 403", pattern, sentence, a.code)
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d routes were tried", tried)
	}
	if a := p.get("/account"); a.code != 200 {
		t.Errorf("erika is out afterwards: %d", a.code)
	}
}

// TestEveryAnswerCarriesTheHeadersThatProtectIt looks at every address that is read.
func TestEveryAnswerCarriesTheHeadersThatProtectIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, plenty)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	for _, pattern := range append(web.Patterns(), "GET /nothing") {
		method, path := placed(pattern, "hafen")
		if method != "GET" {
			continue
		}
		a := p.get(path)
		for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := a.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q, want %s", path, name, got, want)
			}
		}
		if policy := a.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || !strings.Contains(policy, "form-action 'self'") || !strings.Contains(policy, "base-uri 'none'") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		kept := a.Header.Get("Cache-Control")
		if public := strings.Contains(kept, "public") || strings.Contains(kept, "max-age") && !strings.Contains(kept, "private"); kept == "" || public && strings.Contains(a.text, "erika") {
			t.Errorf("%s: Cache-Control is %q of what names who is signed in", path, kept)
		}
		if got := a.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: pages of %s may read it", path, got)
		}
		if kind := a.Header.Get("Content-Type"); a.text != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(kind), "charset=utf-8")) {
			t.Errorf("%s: Content-Type is %q, want one with its charset", path, kind)
		}
	}
	plainly := newOffice(t, false)
	if a := plainly.person(t).get("/signin"); a.Header.Get("Strict-Transport-Security") != "" {
		t.Error("a server without TLS asks for TLS")
	}
}

// databaseWords are what the database and our own code say of faults.
var databaseWords = regexp.MustCompile(`SQLSTATE|ERROR: |pgx|goroutine [0-9]|runtime error|strconv\.|invalid byte sequence`)

// TestNothingOfARequestIsAPathOrCode puts what leads out of a folder, or out of a
// statement, into every place of every address and into the usual parameters.
func TestNothingOfARequestIsAPathOrCode(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false, plenty)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	p.client.Timeout = 60 * time.Second
	for _, value := range []string{"../../../../../../etc/passwd", `..\..\etc\passwd`, "file:///etc/passwd", "x\x00", "' or '1'='1", "1;select pg_sleep(90)--", "x\r\nSet-Cookie: a=b", "http://127.0.0.1:1/", "\xff\xfe"} {
		query := "?"
		for _, name := range []string{"site", "year", "month", "period", "q", "sort", "status", "format", "next", "at", "on", "item"} {
			query += name + "=" + url.QueryEscape(value) + "&"
		}
		for _, pattern := range web.Patterns() {
			method, path := placed(pattern, url.PathEscape(value))
			if method != "GET" {
				continue
			}
			addresses := []string{path}
			if !strings.Contains(pattern, "/api/v1/") { // the contract test does those
				_, known := placed(pattern, "hafen")
				addresses = append(addresses, known+query)
			}
			for _, address := range addresses {
				a := p.get(address)
				if a.code >= 500 || strings.Contains(a.text, "root:x:") || databaseWords.MatchString(a.text) || len(a.Header["Set-Cookie"]) > 0 {
					t.Errorf("%s: %d %q %q", address, a.code, databaseWords.FindString(a.text), notice(a.text))
				}
				if at, err := url.Parse(a.to); err != nil || at.Host != "" {
					t.Errorf("%s leads to %s", address, a.to)
				}
			}
		}
	}
}

// TestWhoIsSlowOrTalksTooMuchIsCutOff holds the server that is really run.
func TestWhoIsSlowOrTalksTooMuchIsCutOff(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- web.Serve(ctx, listener, web.Waiting("test"), slog.New(slog.DiscardHandler)) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+listener.Addr().String()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Long", strings.Repeat("a", 2<<20))
	if answer, err := http.DefaultTransport.RoundTrip(r); err == nil {
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("2 MiB of headers are answered %d, want 431", answer.StatusCode)
		}
	}
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(40 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(conn); err != nil || bytes.Contains(text, []byte("200 OK")) {
		t.Errorf("headers that never end are answered %q, %v; want the line closed within seconds", text, err)
	}
}

// TestNobodySaysOfHimselfWhoHeIs sends members that only the server may set.
func TestNobodySaysOfHimselfWhoHeIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	status, handed := s.upload(t, "/api/v1/submissions", token, "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"), nil)
	if status != 201 {
		t.Fatalf("hand in: %d", status)
	}
	at := "/api/v1/submissions/" + handed.ID
	for _, member := range []string{`"actor":"account:1"`, `"state":"accepted"`, `"role":"admin"`, `"sites":["kaiserlei"]`, `"number":99`, `"person":"account:1"`, `"at":"2020-01-01T00:00:00Z"`} {
		for _, body := range []string{at + "/steps" + ` {"step":"comment","text":"x",` + member + `}`, at + "/withdraw" + ` {"reason":"x",` + member + `}`} {
			path, content, _ := strings.Cut(body, " ")
			var refused handedIn
			if answer := s.call(t, "POST", path, token, strings.NewReader(content), http.Header{"Content-Type": {"application/json"}}, &refused); answer.StatusCode != 400 || refused.Code != "bad_json" {
				t.Errorf("%s: %d %s, want 400 bad_json", body, answer.StatusCode, refused.Code)
			}
		}
	}
	for _, field := range []string{"actor", "role", "state", "source", "sites"} {
		if status, refused := s.upload(t, "/api/v1/submissions", token, "b.csv", []byte("point;at;value\nhafen/it;2025-06-03T01:00:00Z;6\n"), map[string]string{field: "admin"}); status != 400 || refused.Code != "unknown_field" {
			t.Errorf("the field %s: %d %s", field, status, refused.Code)
		}
	}
}

// TestAKeyIsWorthNothingToSomebodyElse sends what one account sent, as another.
func TestAKeyIsWorthNothingToSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	olga, otto := s.token(t, access.Operator, "hafen"), s.token(t, access.Operator, "kaiserlei")
	header := http.Header{"Content-Type": {"text/csv"}, "Idempotency-Key": {"one"}}
	const body = "point,at,value\nhafen/grid,2025-06-03T00:00:00Z,71\n"
	var first, second struct {
		Accepted, Duplicate int
		Rejected            []struct{ Code string }
		Facts               map[string]int64
	}
	s.call(t, "POST", "/api/v1/readings", olga, strings.NewReader(body), header, &first)
	s.call(t, "POST", "/api/v1/readings", otto, strings.NewReader(body), header, &second)
	if first.Accepted != 1 || second.Accepted+second.Duplicate != 0 || len(second.Rejected) != 1 || len(second.Facts) != 0 {
		t.Errorf("olga's %+v, replayed by otto %+v; want him told nothing of hers", first, second)
	}
}

// TestTwoWhoDecideAtOnceDecideOnce lets two approve, and two withdraw, at one time.
func TestTwoWhoDecideAtOnceDecideOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false, plenty)
	for _, login := range []string{"olga", "otto", "oskar"} {
		o.account(t, login, operatorOf("hafen"))
	}
	wantTwo(t, o.store)
	olga, others := o.person(t).in("olga"), []*person{o.person(t).in("otto"), o.person(t).in("oskar")}
	sent := olga.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	olga.post(sent.to + "/submit")
	both := func(what string) {
		var all sync.WaitGroup
		for _, p := range others {
			all.Go(func() { p.post(sent.to+what, "reason", "at once") })
		}
		all.Wait()
	}
	both("/approve")
	both("/withdraw") // neither is olga: the first asks, the second confirms
	both("/withdraw")
	var view struct {
		Number int64
		Status string
		Steps  []struct{ Step string }
	}
	api := o.person(t)
	api.header.Set("Authorization", "Bearer "+(&site{Server: o.Server, store: o.store}).token(t, access.Office))
	if a := api.get("/api/v1/submissions" + strings.TrimPrefix(sent.to, "/hand-in")); a.code != 200 || strings.Count(a.text, `"approve"`) != 1 || strings.Count(a.text, `"step":"withdraw"`) > 1 {
		t.Errorf("what became of it: %d %+v %s", a.code, view, a.text)
	}
}

// TestNoSecretIsLogged signs in, rightly and wrongly, with everything logged.
func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	o := newOffice(t, false, func(options *web.Options) {
		options.Mail = true
		options.Log = slog.New(slog.NewTextHandler(&syncWriter{w: &logged}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t)
	secrets := []string{goodPassword, "wrong horse battery"}
	p.post("/signin", "login", "erika", "password", secrets[1])
	p.in("erika")
	secrets = append(secrets, p.cookie())
	end := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	made := p.post("/tokens/create", "role", "auditor", "everywhere", "1", "to", end, "name", "DCIM", "why", "x")
	token := regexp.MustCompile(`<code class="secret">(hl_[^<]+)</code>`).FindStringSubmatch(made.text)
	invited := p.post("/accounts/invite", "login", "max", "name", "Max", "mail", "max@city.example", "role", "auditor", "everywhere", "1", "why", "x")
	code := codePattern.FindStringSubmatch(invited.text)
	if token == nil || code == nil {
		t.Fatalf("no token or no code was made: %d, %d", made.code, invited.code)
	}
	secrets = append(secrets, token[1], code[1])
	o.person(t).post("/forgotten", "login", "max")
	o.person(t).post("/code", "code", code[1], "password", "green tables run far away", "again", "green tables run far")
	o.person(t).get("/code?c=" + code[1])
	program := o.person(t)
	program.header.Set("Authorization", "Bearer "+token[1])
	program.get("/api/v1/sites")
	program.header.Set("Authorization", "Bearer "+token[1]+"x")
	program.get("/api/v1/sites")
	p.get("/signin/oidc/back?state=x&code=" + url.QueryEscape(secrets[1]))
	for _, secret := range append(secrets, "green tables run far away", "Bearer ") {
		if secret == "" || strings.Contains(logged.String(), secret) || strings.Contains(logged.String(), url.QueryEscape(secret)) {
			t.Errorf("the log holds %q: %s", secret, logged.String())
		}
	}
}

// TestNoLinkOfALetterIsLogged breaks the database, asks for every address that a
// letter or a person may hold a secret of, and reads what the log says of it.
func TestNoLinkOfALetterIsLogged(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	o := newOffice(t, false, plenty, func(options *web.Options) {
		options.Mail = true
		options.Log = slog.New(slog.NewTextHandler(&syncWriter{w: &logged}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	o.account(t, "erika")
	p := o.person(t).in("erika")
	const secret = "K7QM-2ABC-hl0secret0of0a0link"
	o.store.Close()
	tried := 0
	ask := func(method, path string) {
		tried++
		for _, query := range []string{"", "?c=" + secret + "&state=" + secret + "&code=" + secret + "&token=" + secret + "&ceremony=" + secret + "&next=/code%3Fc%3D" + secret} {
			if method == "GET" {
				p.get(path + query)
			} else {
				p.do(method, path+query, url.Values{"code": {secret}, "c": {secret}, "password": {secret}, "again": {secret}, "login": {secret}})
			}
		}
	}
	for _, pattern := range web.Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		if strings.Contains(path, "{token}") || !strings.Contains(path, "{") && !strings.Contains(path, "/api/") {
			ask(method, strings.ReplaceAll(path, "{token}", secret))
		}
	}
	for _, cut := range []string{"/subscriptions/confirm/x/" + secret, "/code/" + secret, "/guest/" + secret, "/subscriptions/" + secret + "/"} {
		ask("GET", cut)
	}
	if tried < 20 || strings.Count(logged.String(), "err=") < 5 || !strings.Contains(logged.String(), "path=/subscriptions/") {
		t.Fatalf("%d addresses were tried, and the log says little of it: the test would not tell: %s", tried, logged.String())
	}
	if text := logged.String(); strings.Contains(text, secret) || strings.Contains(text, secret[:12]) {
		t.Errorf("the log holds the secret of a link: …%s…", text[max(0, strings.Index(text, secret[:12])-200):][:400])
	}
}
