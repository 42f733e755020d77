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
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
	endWith(t, o.Server)
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

// notice is what a page complains of.
func notice(text string) string {
	if m := noticePattern.FindStringSubmatch(text); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}
