package web_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// office is a server with accounts, over TLS or not, whose clock can be moved.
type office struct {
	*httptest.Server
	store  *store.Store
	ahead  atomic.Int64 // by how much the server's clock is ahead
	guests []web.Guest
}

func (o *office) now() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }

const goodPassword = "vier Pferde lesen Zeitung"

func newOffice(t *testing.T, tls bool, change ...func(*web.Options)) *office {
	t.Helper()
	o := &office{}
	o.store = storetest.New(t)
	l := ledger.New(o.store, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	options := web.Options{Listen: "127.0.0.1:0", Version: "test", Store: o.store, Ledger: l, Intake: in, Now: o.now, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&options)
	}
	server, err := web.New(t.Context(), options)
	if err != nil {
		t.Fatalf("make a server: %v", err)
	}
	o.guests = server.Guests()
	if tls {
		o.Server = httptest.NewTLSServer(server.Handler())
	} else {
		o.Server = httptest.NewServer(server.Handler())
	}
	t.Cleanup(o.Close)
	return o
}

// account makes an account with the good password.
func (o *office) account(t *testing.T, login string, grants ...access.Grant) store.AccountID {
	t.Helper()
	return o.accountAt(t, login, "", grants...)
}

// accountAt makes one whose person has an address.
func (o *office) accountAt(t *testing.T, login, mail string, grants ...access.Grant) store.AccountID {
	t.Helper()
	if len(grants) == 0 {
		grants = []access.Grant{{Role: access.Auditor, Everywhere: true}}
	}
	id, _, err := signin.Invite(t.Context(), o.store, signin.Invitation{Account: store.Account{Login: login, Name: "Name of " + login, Mail: mail, Language: "en"}, Grant: grants[0], Why: "test"}, time.Now())
	if err != nil {
		t.Fatalf("invite %s: %v", login, err)
	}
	for _, g := range grants[1:] {
		err := signin.Change(t.Context(), o.store, func(ctx context.Context, f *store.Fact) error {
			_, err := f.Grant(ctx, id, g, "test")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := signin.SetPassword(t.Context(), o.store, id, goodPassword, "test"); err != nil {
		t.Fatalf("set the password of %s: %v", login, err)
	}
	return id
}

// person is a browser of somebody.
type person struct {
	t      *testing.T
	office *office
	client *http.Client
	header http.Header
}

func (o *office) person(t *testing.T) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: o.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &person{t, o, client, http.Header{"Accept": {"text/html"}, "Accept-Language": {"en"}, "User-Agent": {"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}}}
}

// answered is what a browser got.
type answered struct {
	*http.Response
	code int
	text string
	to   string // where it is sent on
}

func (p *person) do(method, path string, form url.Values) answered {
	p.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.office.URL+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header = p.header.Clone()
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{answer, answer.StatusCode, string(text), answer.Header.Get("Location")}
}

func (p *person) get(path string) answered { p.t.Helper(); return p.do("GET", path, nil) }

func (p *person) post(path string, pairs ...string) answered {
	p.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return p.do("POST", path, form)
}

// in signs in with the good password.
func (p *person) in(login string) *person {
	p.t.Helper()
	if a := p.post("/signin", "login", login, "password", goodPassword); a.code != http.StatusSeeOther {
		p.t.Fatalf("sign in as %s: %d %s", login, a.code, notice(a.text))
	}
	return p
}

// cookie is the value of the session's cookie.
func (p *person) cookie() string {
	u, err := url.Parse(p.office.URL)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range p.client.Jar.Cookies(u) {
		if strings.HasSuffix(c.Name, "heatledger") {
			return c.Value
		}
	}
	return ""
}

var noticePattern = regexp.MustCompile(`(?s)class="notice"[^>]*>(.*?)</`)

// notice is what a page complains of.
func notice(text string) string {
	if m := noticePattern.FindStringSubmatch(text); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

func TestPeopleSignInAndOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	p := o.person(t)
	if a := p.get("/"); a.code != 401 && a.code != 200 {
		t.Errorf("before the first account: %d", a.code)
	}
	o.account(t, "erika")
	if a := p.get("/sites/hafen?year=2025"); a.code != http.StatusSeeOther || a.to != "/signin?next=%2Fsites%2Fhafen%3Fyear%3D2025" {
		t.Fatalf("a page without a session: %d to %s, want the sign-in page with the way back", a.code, a.to)
	}
	if a := p.do("GET", "/api/v1/sites", nil); a.code != 401 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the API without a session: %d %s, want a problem", a.code, a.Header.Get("Content-Type"))
	}
	for _, open := range []string{"/signin", "/code", "/forgotten", "/healthz"} {
		if a := p.get(open); a.code != 200 {
			t.Errorf("%s without a session: %d, want 200", open, a.code)
		}
	}
	a := p.post("/signin", "login", "Erika", "password", goodPassword, "next", "/sites/hafen?year=2025")
	if a.code != http.StatusSeeOther || a.to != "/sites/hafen?year=2025" {
		t.Fatalf("signing in: %d to %s", a.code, a.to)
	}
	if a := p.get("/sites/hafen"); a.code != 200 || !strings.Contains(a.text, "My account") {
		t.Errorf("the page with a session: %d", a.code)
	}
	if a := p.get("/api/v1/sites"); a.code != 200 {
		t.Errorf("the API with a session: %d", a.code)
	}
	before := p.cookie()
	if a := p.post("/signout"); a.code != http.StatusSeeOther || p.cookie() != "" {
		t.Errorf("signing out: %d, the cookie is %q", a.code, p.cookie())
	}
	p.header.Set("Cookie", "__Host-heatledger="+before)
	if a := p.get("/sites/hafen"); a.code != http.StatusSeeOther {
		t.Errorf("the old cookie after signing out: %d, want the sign-in page", a.code)
	}
}

func TestTheCookieIsForThisHostAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		tls      bool
		want     []string
		never    []string
	}{
		{"over TLS", true, []string{"__Host-heatledger=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"}, []string{"Domain", "Expires", "Max-Age"}},
		{"on loopback", false, []string{"heatledger=", "Path=/", "HttpOnly", "SameSite=Lax"}, []string{"__Host-", "Domain", "Secure"}},
	} {
		o := newOffice(t, tt.tls)
		o.account(t, "erika")
		set := o.person(t).post("/signin", "login", "erika", "password", goodPassword).Header.Get("Set-Cookie")
		for _, part := range tt.want {
			if !strings.Contains(set, part) {
				t.Errorf("%s: the cookie %q does not say %s", tt.sentence, set, part)
			}
		}
		for _, part := range tt.never {
			if strings.Contains(set, part) {
				t.Errorf("%s: the cookie %q says %s", tt.sentence, set, part)
			}
		}
		if value, _, _ := strings.Cut(strings.SplitN(set, "=", 2)[1], ";"); len(value) < 43 {
			t.Errorf("%s: the cookie carries %d characters, want the 43 of 256 bits", tt.sentence, len(value))
		}
	}
}

func TestNobodySignsInOverAnOpenLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "erika")
	r, err := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/signin", strings.NewReader(url.Values{"login": {"erika"}, "password": {goodPassword}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "heat.example.city"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden || answer.Header.Get("Set-Cookie") != "" {
		t.Errorf("signing in over plain HTTP by a public name: %d, cookie %q; want 403 without one", answer.StatusCode, answer.Header.Get("Set-Cookie"))
	}
}

func TestASignInGivesANewSession(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	o.account(t, "mallory")
	attacker := o.person(t).in("mallory")
	victim := o.person(t)
	victim.header.Set("Cookie", "__Host-heatledger="+attacker.cookie())
	if a := victim.post("/signin", "login", "erika", "password", goodPassword); a.code != http.StatusSeeOther || victim.cookie() == attacker.cookie() || victim.cookie() == "" {
		t.Fatalf("signing in with a session that somebody planted: %d, the session is the same: %v", a.code, victim.cookie() == attacker.cookie())
	}
	if a := attacker.get("/account"); a.code != http.StatusSeeOther {
		t.Errorf("the planted session after the sign-in: %d, want it ended", a.code)
	}
	planted := "__Host-heatledger=" + strings.Repeat("A", 43)
	victim = o.person(t)
	victim.header.Set("Cookie", planted)
	victim.in("erika")
	if victim.cookie() == strings.Repeat("A", 43) {
		t.Error("the server takes over a session that the browser brought")
	}
}

func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	idle := o.person(t).in("erika")
	o.ahead.Store(int64(signin.Idle - time.Minute))
	if a := idle.get("/account"); a.code != 200 {
		t.Fatalf("a session used in time: %d", a.code)
	}
	o.ahead.Add(int64(signin.Idle + time.Minute))
	if a := idle.get("/account"); a.code != http.StatusSeeOther {
		t.Errorf("a session nobody used for %s: %d, want it over", signin.Idle, a.code)
	}
	o.ahead.Store(0)
	busy := o.person(t).in("erika")
	for at := time.Duration(0); at < signin.Lifetime; at += signin.Idle - time.Minute {
		o.ahead.Store(int64(at))
		if a := busy.get("/account"); a.code != 200 {
			t.Fatalf("a session in use after %s: %d", at, a.code)
		}
	}
	o.ahead.Store(int64(signin.Lifetime + time.Second))
	if a := busy.get("/account"); a.code != http.StatusSeeOther {
		t.Errorf("a session in use for more than %s: %d, want it over", signin.Lifetime, a.code)
	}
}

func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	disabled := o.account(t, "moritz")
	err := signin.Change(t.Context(), o.store, func(ctx context.Context, f *store.Fact) error {
		return f.DisableAccount(ctx, disabled, true, "test", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, tt := range []struct{ sentence, login, password string }{
		{"a wrong password", "erika", "not the password"},
		{"a name of nobody", "nobody", goodPassword},
		{"a disabled account with its password", "moritz", goodPassword},
	} {
		began := time.Now()
		a := o.person(t).post("/signin", "login", tt.login, "password", tt.password)
		if took := time.Since(began); took < 10*time.Millisecond {
			t.Errorf("%s: answered in %s, quicker than any password can be checked", tt.sentence, took)
		}
		if a.code != http.StatusUnauthorized || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, want 401 without a cookie", tt.sentence, a.code)
		}
		texts[strings.ReplaceAll(a.text, tt.login, "LOGIN")] = tt.sentence
	}
	if len(texts) != 1 {
		t.Errorf("the answers differ: %d of them", len(texts))
	}
	o = newOffice(t, true, func(options *web.Options) { options.Mail = true })
	o.accountAt(t, "erika", "erika@city.example")
	known, unknown := o.person(t).post("/forgotten", "login", "erika"), o.person(t).post("/forgotten", "login", "nobody")
	if known.code != unknown.code || strings.ReplaceAll(known.text, "erika", "") != strings.ReplaceAll(unknown.text, "nobody", "") {
		t.Error("a forgotten password is answered differently for nobody")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	p := o.person(t)
	attempts := 0
	var last answered
	for last = p.post("/signin", "login", "erika", "password", "guess"); last.code == http.StatusUnauthorized && attempts < 50; attempts++ {
		last = p.post("/signin", "login", "erika", "password", "guess")
	}
	if last.code != http.StatusTooManyRequests || attempts > 10 || last.Header.Get("Retry-After") == "" || last.Header.Get("Retry-After") == "0" {
		t.Fatalf("after %d guesses: %d, Retry-After %q; want 429 with a time", attempts, last.code, last.Header.Get("Retry-After"))
	}
	if a := p.post("/signin", "login", "erika", "password", goodPassword); a.code != http.StatusTooManyRequests {
		t.Errorf("the right password after too many guesses: %d, want 429: else guessing goes on", a.code)
	}
	other := o.person(t)
	other.header.Set("X-Forwarded-For", "203.0.113.9") // a proxy of this host says so
	if a := other.post("/signin", "login", "erika", "password", goodPassword); a.code != http.StatusSeeOther {
		t.Errorf("the owner from another network: %d, want that a stranger does not lock him out", a.code)
	}
	o.ahead.Store(int64(2 * time.Minute))
	if a := p.post("/signin", "login", "erika", "password", goodPassword); a.code != http.StatusSeeOther {
		t.Errorf("two minutes later: %d, want 303", a.code)
	}
}

func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	for next, want := range map[string]string{
		"/meters?lang=de": "/meters?lang=de", "https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/", `\\evil.example`: "/", "javascript:alert(1)": "/",
		"/%2f/evil.example": "/", "": "/", "evil.example": "/", "/\tevil": "/", "https:/evil.example": "/", "/signin?next=/signin": "/",
	} {
		if a := o.person(t).post("/signin", "login", "erika", "password", goodPassword, "next", next); a.to != want {
			t.Errorf("next=%q leads to %q, want %q", next, a.to, want)
		}
		o.ahead.Add(int64(time.Minute)) // twelve people of one network at once would be too many
	}
}

func TestOtherSitesCannotActForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	id := o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	for _, tt := range []struct {
		sentence     string
		header       http.Header
		method, path string
		want         int
	}{
		{"a form of another site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, "POST", "/account/end", 403},
		{"a form of a neighbour below the same domain", http.Header{"Sec-Fetch-Site": {"same-site"}}, "POST", "/account/end", 403},
		{"a form of another site in an old browser", http.Header{"Origin": {"https://evil.example"}}, "POST", "/accounts/disable", 403},
		{"readings from another site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, "POST", "/api/v1/readings", 403},
		{"signing in from another site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, "POST", "/signin", 403},
		{"a link from another site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, "GET", "/account", 200},
		{"our own form", http.Header{"Sec-Fetch-Site": {"same-origin"}}, "POST", "/account/end", 303},
	} {
		browser := &person{t, o, p.client, p.header.Clone()}
		for name, values := range tt.header {
			browser.header[name] = values
		}
		form := url.Values{"account": {"1"}, "why": {"evil"}}
		if tt.method == "GET" {
			form = nil
		}
		if a := browser.do(tt.method, tt.path, form); a.code != tt.want {
			t.Errorf("%s: %d, want %d", tt.sentence, a.code, tt.want)
		}
	}
	if account, err := o.store.Account(t.Context(), id); err != nil || account.DisabledAt != nil {
		t.Errorf("the account was disabled by another site: %v, %v", account.DisabledAt, err)
	}
}

var codePattern = regexp.MustCompile(`<strong><code>([A-Z0-9-]+)</code>`)

func TestAnInvitationLeadsToAnAccountOfItsOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "admin", access.Grant{Role: access.Admin, Everywhere: true})
	admin := o.person(t).in("admin")
	a := admin.post("/accounts/invite", "login", "max", "name", "Max <b>Muster</b>", "role", "operator", "site", "hafen", "why", "contract 7")
	code := codePattern.FindStringSubmatch(a.text)
	if a.code != 200 || code == nil {
		t.Fatalf("invite: %d %s", a.code, notice(a.text))
	}
	if strings.Contains(a.text, "<b>Muster") {
		t.Error("a name is shown as markup")
	}
	max := o.person(t)
	if a := max.get("/code?c=" + code[1]); a.code != 200 || !strings.Contains(a.text, code[1]) {
		t.Errorf("the page of a code: %d", a.code)
	}
	for _, tt := range []struct {
		sentence, code, password string
		want                     int
	}{
		{"a short password is refused", code[1], "too short", 422},
		{"one of nothing but its name too", code[1], "maxmaxmaxmax", 422},
		{"a code of nobody is refused", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF", "green tables run far away", 401},
		{"the code is good, however it is typed", strings.ToLower(strings.ReplaceAll(code[1], "-", " ")), "green tables run far away", 303},
		{"it is good once", code[1], "brown tables run far away", 401},
	} {
		if a := max.post("/code", "code", tt.code, "password", tt.password, "again", tt.password); a.code != tt.want {
			t.Errorf("%s: %d, want %d", tt.sentence, a.code, tt.want)
		}
	}
	if a := max.get("/sites/hafen"); a.code != 200 {
		t.Errorf("his site: %d", a.code)
	}
	if a := max.get("/sites/kaiserlei"); a.code != 404 {
		t.Errorf("another's site: %d, want 404", a.code)
	}
	for _, path := range []string{"/accounts/disable", "/accounts/reset"} {
		if a := max.post(path, "account", "1", "why", "evil"); a.code != 403 && a.code != 404 && a.code != 422 {
			t.Errorf("%s by an operator: %d", path, a.code)
		}
	}
	if a := admin.post("/accounts/invite", "login", "max", "name", "Max", "role", "operator", "site", "hafen", "why", "x"); a.code != 422 {
		t.Errorf("a name that is taken: %d, want 422", a.code)
	}
	account, err := o.store.AccountByLogin(t.Context(), "max")
	if err != nil {
		t.Fatal(err)
	}
	if a := admin.post("/accounts/disable", "account", account.ID.Actor()[len("account:"):], "why", "left"); a.code != 303 {
		t.Errorf("disable: %d %s", a.code, notice(a.text))
	}
	if a := max.get("/sites/hafen"); a.code != http.StatusSeeOther {
		t.Errorf("a disabled account reads: %d", a.code)
	}
}

func TestAnOperatorSendsAConsultantToHisOwnSitesOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	olga := o.person(t).in("olga")
	end := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	o.account(t, "otto", access.Grant{Role: access.Operator, Everywhere: true})
	if a := o.person(t).in("otto").get("/accounts"); !strings.Contains(a.text, `name="site" value="hafen"`) || !strings.Contains(a.text, `name="to" type="date" required`) {
		t.Error("an operator everywhere is offered no site to delegate, or no end that is needed")
	}
	for _, tt := range []struct {
		sentence string
		form     []string
		want     int
	}{
		{"for another's site", []string{"site", "kaiserlei", "to", end}, 422},
		{"for everywhere", []string{"everywhere", "1", "to", end}, 422},
		{"without an end", []string{"site", "hafen"}, 422},
		{"for his site and a month", []string{"site", "hafen", "to", end}, 200},
	} {
		form := append([]string{"login", "karl", "name", "Karl", "role", "admin", "why", "audit"}, tt.form...)
		a := olga.post("/accounts/invite", form...)
		if a.code != tt.want {
			t.Fatalf("a consultant %s: %d %s, want %d", tt.sentence, a.code, notice(a.text), tt.want)
		}
		if a.code != 200 { // what was entered stays there to be mended
			for _, kept := range []string{`name="login" value="karl"`, `name="name" value="Karl"`, `name="why" value="audit"`} {
				if !strings.Contains(a.text, kept) {
					t.Errorf("a consultant %s: the form lost %s", tt.sentence, kept)
				}
			}
			if slices.Contains(tt.form, "hafen") && !strings.Contains(a.text, `value="hafen" checked> Hafen`) {
				t.Errorf("a consultant %s: the form lost the site", tt.sentence)
			}
			continue
		}
		karl := o.person(t)
		if a := karl.post("/code", "code", codePattern.FindStringSubmatch(a.text)[1], "password", "green tables run far away", "again", "green tables run far away"); a.code != 303 {
			t.Fatalf("the consultant's code: %d", a.code)
		}
		if a := karl.get("/sites/hafen"); a.code != 200 {
			t.Errorf("the consultant at the site: %d", a.code)
		}
		if a := karl.get("/accounts"); a.code != 403 {
			t.Errorf("the consultant looks after accounts: %d, want 403", a.code)
		}
		if a := karl.get("/account"); !strings.Contains(a.text, "on behalf of Operator") {
			t.Error("the consultant is not told for whom he acts")
		}
	}
	held, err := o.store.Grants(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if g := held[len(held)-1]; g.Role != access.Operator || g.OnBehalfOf != "op" || g.To.IsZero() {
		t.Errorf("the consultant's grant = %+v", g.Grant)
	}
}

func TestASecondFactorIsAskedForAndGoodOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	p := o.person(t).in("erika")
	page := p.get("/account/totp")
	secret := regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindStringSubmatch(page.text)
	if secret == nil {
		t.Fatalf("no secret is shown: %d", page.code)
	}
	if a := p.get("/account/totp.svg"); a.code != 200 || a.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the picture: %d", a.code)
	}
	if a := p.post("/account/totp", "code", "000000"); a.code != 422 {
		t.Errorf("a wrong code sets it up: %d", a.code)
	}
	a := p.post("/account/totp", "code", signin.CodeAt(secret[1], o.now()))
	recovery := regexp.MustCompile(`<li><code>([A-Z0-9-]{19})</code>`).FindAllStringSubmatch(a.text, -1)
	if a.code != 200 || len(recovery) != 10 {
		t.Fatalf("set it up: %d, %d recovery codes", a.code, len(recovery))
	}
	o.ahead.Store(int64(time.Minute)) // the code of the set-up is used
	again := o.person(t)
	if a := again.post("/signin", "login", "erika", "password", goodPassword, "next", "/meters"); a.to != "/signin/code?next=%2Fmeters" {
		t.Fatalf("the password alone leads to %s", a.to)
	}
	for _, path := range []string{"/account", "/sites/hafen", "/account/totp.svg"} {
		if a := again.get(path); a.code != http.StatusSeeOther {
			t.Errorf("%s between the factors: %d, want the sign-in page", path, a.code)
		}
	}
	half, code := again.cookie(), signin.CodeAt(secret[1], o.now())
	if a := again.post("/signin/code", "code", "123456"); a.code != 401 {
		t.Errorf("a wrong code: %d", a.code)
	}
	if a := again.post("/signin/code", "code", code, "next", "/meters"); a.to != "/meters" || again.cookie() == half {
		t.Fatalf("the right code: %d to %s; the session is the same: %v", a.code, a.to, again.cookie() == half)
	}
	third := o.person(t).in("erika")
	if a := third.post("/signin/code", "code", code); a.code != 401 {
		t.Errorf("the same code again: %d, want 401", a.code)
	}
	if a := third.post("/signin/code", "code", recovery[0][1]); a.code != 303 {
		t.Errorf("a recovery code: %d", a.code)
	}
	fourth := o.person(t).in("erika")
	if a := fourth.post("/signin/code", "code", recovery[0][1]); a.code != 401 {
		t.Errorf("the same recovery code again: %d, want 401", a.code)
	}
	kept, err := o.store.Credentials(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range kept {
		if strings.Contains(c.Secret, secret[1]) || strings.Contains(c.Secret, goodPassword) {
			t.Errorf("the database holds the %s as it is", c.Kind)
		}
	}
}

func TestAPersonSeesAndEndsHerSessions(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	o.account(t, "max")
	here, there, max := o.person(t).in("erika"), o.person(t).in("erika"), o.person(t).in("max")
	page := here.get("/account")
	ids := regexp.MustCompile(`name="id" value="(\d+)"`).FindAllStringSubmatch(page.text, -1)
	if len(ids) != 2 || !strings.Contains(page.text, "Firefox Linux 127.0.0.0/24") || !strings.Contains(page.text, "(here)") {
		t.Fatalf("%d sessions are shown", len(ids))
	}
	for _, id := range ids {
		max.post("/account/end", "id", id[1])
	}
	if a := there.get("/account"); a.code != 200 {
		t.Errorf("somebody else ended the session: %d", a.code)
	}
	if a := here.post("/account/end"); a.code != 303 {
		t.Errorf("end all others: %d", a.code)
	}
	if a := there.get("/account"); a.code != 303 {
		t.Errorf("a session that was ended: %d", a.code)
	}
	if a := here.get("/account"); a.code != 200 {
		t.Errorf("one's own session: %d", a.code)
	}
	there.in("erika")
	if a := here.post("/account/password", "old", "wrong", "password", "green tables run far away", "again", "green tables run far away"); a.code != 422 {
		t.Errorf("a new password without the old one: %d", a.code)
	}
	if a := here.post("/account/password", "old", goodPassword, "password", "green tables run far away", "again", "green tables run far away"); a.code != 303 {
		t.Errorf("a new password: %d %s", a.code, notice(a.text))
	}
	if a := there.get("/account"); a.code != 303 {
		t.Errorf("other sessions after a new password: %d, want them ended", a.code)
	}
	if a := here.get("/account"); a.code != 200 {
		t.Errorf("one's own session after a new password: %d", a.code)
	}
}

func TestWhatChangesAccountsAsksForThePasswordAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "admin", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("admin")
	o.ahead.Store(int64(signin.FreshTime + time.Second))
	for path, form := range map[string][]string{
		"/accounts/invite":  {"login", "max", "name", "Max", "role", "admin", "everywhere", "1", "why", "x"},
		"/tokens/create":    {"name", "x", "role", "admin", "everywhere", "1", "why", "x"},
		"/account/recovery": nil,
		"/account/drop":     {"id", "1"},
	} {
		if a := p.post(path, form...); a.code != 403 {
			t.Errorf("%s long after the sign-in: %d, want 403", path, a.code)
		}
	}
	if a := p.post("/account/prove", "password", "wrong", "next", "/accounts"); a.code != 422 {
		t.Errorf("a wrong password again: %d", a.code)
	}
	if a := p.post("/account/prove", "password", goodPassword, "next", "/accounts"); a.code != 303 || a.to != "/accounts" {
		t.Errorf("the password again: %d to %s", a.code, a.to)
	}
	if a := p.post("/accounts/invite", "login", "max", "name", "Max", "role", "auditor", "everywhere", "1", "why", "x"); a.code != 200 {
		t.Errorf("invite after it: %d %s", a.code, notice(a.text))
	}
}

func TestTokensAreMadeShownOnceAndRevoked(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	p := o.person(t).in("olga")
	end := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	for sentence, form := range map[string][]string{
		"of an admin":        {"role", "admin", "site", "hafen", "to", end},
		"for another's site": {"role", "operator", "site", "kaiserlei", "to", end},
		"for everywhere":     {"role", "operator", "everywhere", "1", "to", end},
		"for ever":           {"role", "operator", "site", "hafen"},
	} {
		if a := p.post("/tokens/create", append(form, "name", "x", "why", "x")...); a.code != 422 {
			t.Errorf("an operator makes a token %s: %d, want 422", sentence, a.code)
		}
	}
	a := p.post("/tokens/create", "role", "operator", "site", "hafen", "to", end, "name", "DCIM", "why", "x")
	token := regexp.MustCompile(`<code class="secret">(hl_[^<]+)</code>`).FindStringSubmatch(a.text)
	if token == nil {
		t.Fatalf("make a token: %d %s", a.code, notice(a.text))
	}
	if a := p.get("/tokens"); strings.Contains(a.text, token[1]) || !strings.Contains(a.text, "DCIM") || !strings.Contains(a.text, "never") {
		t.Error("the list shows the token itself, or not that there is one that was never used")
	}
	program := o.person(t)
	program.header.Set("Authorization", "Bearer "+token[1])
	if a := program.get("/api/v1/sites/hafen"); a.code != 200 {
		t.Errorf("the program at its site: %d", a.code)
	}
	if a := program.get("/api/v1/sites/kaiserlei"); a.code != 404 {
		t.Errorf("the program at another's: %d", a.code)
	}
	if a := program.get("/account"); a.code != 403 {
		t.Errorf("a program at a page of people: %d", a.code)
	}
	list := p.get("/tokens")
	id := regexp.MustCompile(`name="id" value="(\d+)"`).FindStringSubmatch(list.text)
	if strings.Contains(list.text, "never") || id == nil {
		t.Error("the list does not show the use")
	}
	o.account(t, "otto", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"kaiserlei"}})
	if a := o.person(t).in("otto").post("/tokens/revoke", "id", id[1], "why", "evil"); a.code != 404 {
		t.Errorf("somebody else revokes it: %d to %s, want 404", a.code, a.to)
	}
	if a := p.post("/tokens/revoke", "id", id[1], "why", "lost"); a.code != 303 {
		t.Errorf("revoke it: %d", a.code)
	}
	if a := program.get("/api/v1/sites/hafen"); a.code != 401 {
		t.Errorf("a revoked token: %d", a.code)
	}
}

func TestAnOperatorAsksForTwoPeople(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen", "kaiserlei"}})
	o.account(t, "otto", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"kaiserlei"}})
	if a := o.person(t).in("otto").post("/accounts/four-eyes", "operator", "op", "want", "on", "why", "x"); a.code != 404 {
		t.Errorf("an operator of one of two sites asks for two people: %d, want 404", a.code)
	}
	olga := o.person(t).in("olga")
	for _, want := range []string{"on", "off"} {
		if a := olga.post("/accounts/four-eyes", "operator", "op", "want", want, "why", "x"); a.code != 303 {
			t.Fatalf("ask for two people %s: %d %s", want, a.code, notice(a.text))
		}
		if got, err := o.store.FourEyes(t.Context(), "op"); err != nil || got != (want == "on") {
			t.Errorf("two people are asked for: %v, %v; want %s", got, err, want)
		}
	}
}

func TestCodesGoByMailWhereThereIsMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, func(options *web.Options) { options.Mail = true })
	o.account(t, "admin", access.Grant{Role: access.Admin, Everywhere: true})
	admin := o.person(t).in("admin")
	a := admin.post("/accounts/invite?lang=de", "login", "max", "name", "Max Muster", "mail", "max@city.example", "role", "operator", "site", "hafen", "why", "x")
	code := codePattern.FindStringSubmatch(a.text)
	if a.code != 200 || code == nil {
		t.Fatalf("invite: %d %s", a.code, notice(a.text))
	}
	letter := func() store.Letter {
		t.Helper()
		for {
			l, ok, err := o.store.TakeMail(t.Context(), time.Minute)
			if err != nil {
				t.Fatalf("take a letter: %v", err)
			}
			if ok {
				return l
			}
			runtime.Gosched() // the letter is written while the answer is on its way
		}
	}
	if l := letter(); l.To != "max@city.example" || !strings.Contains(l.Body, code[1]) || !strings.Contains(l.Body, "/code?c="+code[1]) || !strings.Contains(l.Body, "Guten Tag Max Muster") {
		t.Errorf("the letter to %s says %q", l.To, l.Body)
	}
	for range 2 {
		if a := o.person(t).post("/forgotten", "login", "nobody"); a.code != 200 {
			t.Errorf("forgotten by nobody: %d", a.code)
		}
	}
	if a := o.person(t).post("/forgotten", "login", "admin"); a.code != 200 {
		t.Errorf("forgotten without an address: %d", a.code)
	}
	max := o.person(t)
	if a := max.post("/forgotten", "login", "MAX"); a.code != 200 {
		t.Errorf("forgotten: %d", a.code)
	}
	next := letter() // the first since the invitation: nobody else was written to
	sent := regexp.MustCompile(`c=([A-Z0-9-]{29})`).FindStringSubmatch(next.Body)
	if next.To != "max@city.example" {
		t.Errorf("a letter goes to %s", next.To)
	}
	if sent == nil || sent[1] == code[1] {
		t.Fatalf("the second letter holds the code %q", sent)
	}
	if a := max.post("/code", "code", code[1], "password", "green tables run far away", "again", "green tables run far away"); a.code != 401 {
		t.Errorf("the code before the last: %d, want 401", a.code)
	}
	if a := max.post("/code", "code", sent[1], "password", "green tables run far away", "again", "green tables run far away"); a.code != 303 {
		t.Errorf("the last code: %d", a.code)
	}
}

func TestAProviderThatIsAwayLeavesThePassword(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, func(options *web.Options) {
		options.Outside = &signin.Outside{Issuer: "http://127.0.0.1:1", ClientID: "x", Name: "City account", ClientSecret: func() (string, error) { return "x", nil }}
	})
	o.account(t, "erika")
	p := o.person(t)
	if a := p.get("/signin"); !strings.Contains(a.text, "Sign in with City account") {
		t.Error("the sign-in page does not offer the provider")
	}
	if a := p.get("/signin/oidc?next=/meters"); a.code != http.StatusServiceUnavailable || !strings.Contains(notice(a.text), "City account does not answer") {
		t.Errorf("a provider that is away: %d %s", a.code, notice(a.text))
	}
	if a := p.get("/signin/oidc/back?state=x&code=y"); a.code != http.StatusUnauthorized || a.Header.Get("Location") != "" {
		t.Errorf("coming back without having gone: %d", a.code)
	}
	p.in("erika")
}
