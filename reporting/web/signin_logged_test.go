package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// TestWhoSignsInAndWhatIsRefusedIsLogged: by number and network, never by what was
// typed (ASVS 7.2.1, 7.2.2).
func TestWhoSignsInAndWhatIsRefusedIsLogged(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	o := newOffice(t, true, func(options *web.Options) {
		options.Log = slog.New(slog.NewTextHandler(&syncWriter{w: &logged}, nil))
	})
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t)
	p.post("/signin", "login", "my secret password", "password", "olga")
	p.in("olga")
	p.get("/inbox")
	p.do("POST", "/api/v1/sites/hafen/events", nil)
	program := o.person(t)
	program.header.Set("Authorization", "Bearer hl_nobody")
	program.get("/api/v1/sites")
	lines := logged.String()
	for _, want := range []string{
		`msg="sign-in refused" way=password from=127.0.0.0/24`, `msg="signed in" way=password account=1 from=127.0.0.0/24`,
		`msg=refused code=not_allowed method=GET path=/inbox who=account:1`, `msg=refused code=not_allowed method=POST path=/api/v1/sites/hafen/events who=account:1`,
		`msg=refused code=bad_token method=GET path=/api/v1/sites who=""`,
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("the log does not say %s:\n%s", want, lines)
		}
	}
	for _, never := range []string{"my secret password", "olga", "hl_nobody", "from=127.0.0.1"} {
		if strings.Contains(lines, never) {
			t.Errorf("the log says %s", never)
		}
	}
}

// TestSecretsInAnAddressOpenNothing: a session or a token counts where it belongs alone,
// in the cookie or the header (ASVS 3.1.1, 13.1.3).
func TestSecretsInAnAddressOpenNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	p := o.person(t).in("erika")
	made := p.post("/tokens/create", "role", "auditor", "everywhere", "1", "to", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "name", "DCIM", "why", "x")
	token := regexp.MustCompile(`<code class="secret">(hl_[^<]+)</code>`).FindStringSubmatch(made.text)
	if token == nil {
		t.Fatalf("no token was made: %d", made.code)
	}
	for _, query := range []string{"token=" + token[1], "access_token=" + token[1], "heatledger=" + url.QueryEscape(p.cookie()), "__Host-heatledger=" + url.QueryEscape(p.cookie())} {
		if a := o.person(t).get("/api/v1/sites?" + query); a.code != http.StatusUnauthorized && a.code != http.StatusBadRequest {
			t.Errorf("the API asked with %s…: %d", query[:12], a.code)
		}
		if a := o.person(t).get("/meters?" + query); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/signin") {
			t.Errorf("a page asked with %s…: %d to %s", query[:12], a.code, a.to)
		}
	}
	if a := p.get("/account"); strings.Contains(a.text, p.cookie()) {
		t.Error("a page holds the session's secret")
	}
}

// TestAFactorIsTakenAwayByWhoHasIt: a lost app is revoked, and signs nobody in (ASVS
// 2.8.6).
func TestAFactorIsTakenAwayByWhoHasIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	p := o.person(t).in("erika")
	secret := appSecret.FindStringSubmatch(p.get("/account/totp").text)
	if secret == nil {
		t.Fatal("no secret is shown")
	}
	set := p.post("/account/totp", "code", signin.CodeAt(secret[1], o.now()))
	recovery := recoveryCode.FindStringSubmatch(set.text)
	id := regexp.MustCompile(`action="/account/drop"><input type="hidden" name="id" value="(\d+)"`).FindStringSubmatch(p.get("/account").text)
	if recovery == nil || id == nil {
		t.Fatalf("set it up: %d; it can be dropped: %v", set.code, id != nil)
	}
	half := o.person(t).in("erika") // between the factors
	if a := p.post("/account/drop", "id", id[1]); a.code != http.StatusSeeOther {
		t.Fatalf("drop it: %d %s", a.code, notice(a.text))
	}
	o.ahead.Store(int64(time.Minute))
	for name, code := range map[string]string{"its code": signin.CodeAt(secret[1], o.now()), "its recovery code": recovery[1]} {
		if a := half.post("/signin/code", "code", code); a.code != http.StatusUnauthorized {
			t.Errorf("%s after it was dropped: %d", name, a.code)
		}
	}
	if a := o.person(t).post("/signin", "login", "erika", "password", goodPassword); a.to != "/" {
		t.Errorf("the password leads to %s: it asks for a factor that is gone", a.to)
	}
}

// TestFieldsOfPasswordsHelpWhoManagesThem: browsers know which is which, and nothing
// keeps somebody from pasting (ASVS 2.1.11).
func TestFieldsOfPasswordsHelpWhoManagesThem(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "erika")
	p := o.person(t)
	pages := p.get("/signin").text + p.get("/code").text + p.in("erika").get("/account").text
	fields := regexp.MustCompile(`<input[^>]*type="password"[^>]*>`).FindAllString(pages, -1)
	if len(fields) < 6 {
		t.Fatalf("%d fields of passwords are found", len(fields))
	}
	for _, field := range fields {
		if !regexp.MustCompile(`autocomplete="(current|new)-password"`).MatchString(field) || strings.Contains(field, "onpaste") || strings.Contains(field, "readonly") {
			t.Errorf("a field of a password is %s", field)
		}
	}
	if !strings.Contains(pages, `autocomplete="username"`) {
		t.Error("no field of a name says that it is one")
	}
	for _, name := range []string{"password.js", "boot.js", "code.js"} {
		at := regexp.MustCompile(`"(/assets/` + strings.TrimSuffix(name, ".js") + `[^"]*)"`).FindStringSubmatch(pages)
		if at == nil {
			t.Errorf("%s is on none of the pages", name)
			continue
		}
		if script := p.get(at[1]).text; strings.Contains(script, "paste") {
			t.Errorf("%s meddles with pasting", name)
		}
	}
}
