package web_test

import (
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

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
	if a := max.get("/code"); a.code != 200 || !strings.Contains(a.text, `name="code"`) {
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
		if a := karl.get("/account"); !strings.Contains(plain(a.text), "until and including "+time.Now().AddDate(0, 1, -1).Format("2 January 2006")) {
			t.Errorf("the consultant is not told his last day: %s", plain(a.text))
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
	if l := letter(); l.To != "max@city.example" || !strings.Contains(l.Body, code[1]) || !strings.Contains(l.Body, "/code#"+code[1]) || !strings.Contains(l.Body, "Guten Tag Max Muster") {
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
	sent := regexp.MustCompile(`#([A-Z0-9-]{29})`).FindStringSubmatch(next.Body)
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
