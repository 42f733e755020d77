package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

const goodPassword = "vier Pferde lesen Zeitung"

var noticePattern = regexp.MustCompile(`(?s)class="notice"[^>]*>(.*?)</`)

// TestTheLanguageOfTheDoorHoldsBehindIt: who chose a language at the door, or on the
// page that led there, reads on in it.
func TestTheLanguageOfTheDoorHoldsBehindIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "erika")
	for path, want := range map[string]string{
		"/sites/hafen?lang=de&year=2025": "/signin?lang=de&next=%2Fsites%2Fhafen%3Flang%3Dde%26year%3D2025",
		"/meters":                        "/signin?next=%2Fmeters",
	} {
		if a := o.person(t).get(path); a.to != want {
			t.Errorf("%s leads to %s, want %s", path, a.to, want)
		}
	}
	for _, c := range []struct{ door, next, want string }{
		{"/signin?lang=de", "/sites/hafen?year=2025", "/sites/hafen?lang=de&year=2025"},
		{"/signin?lang=de", "/meters?lang=en", "/meters?lang=de"},
		{"/signin?lang=de", "", "/?lang=de"},
		{"/signin", "/meters?lang=de", "/meters?lang=de"},
		{"/signin", "/meters", "/meters"},
	} {
		p := o.person(t)
		if a := p.post(c.door, "login", "erika", "password", goodPassword, "next", c.next); a.to != c.want {
			t.Errorf("%s with next %q leads to %s, want %s", c.door, c.next, a.to, c.want)
		}
		if a := p.post("/signout?lang=de"); a.to != "/signin?lang=de" {
			t.Errorf("signed out in German, one is led to %s", a.to)
		}
	}
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
