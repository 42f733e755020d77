package web_test

import (
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// newGuarded is an office that asks those who administer for a second factor.
func newGuarded(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, true, func(options *web.Options) {
		options.SecondFactor, options.Mail = []access.Role{access.Admin}, true
	})
	o.accountAt(t, "erika", "erika@city.example", access.Grant{Role: access.Admin, Everywhere: true})
	return o
}

var (
	appSecret    = regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`)
	recoveryCode = regexp.MustCompile(`<li><code>([A-Z0-9-]{19})</code>`)
)

// enrols sets up an app on the page to which somebody was led, and gives its secret
// and a recovery code.
func (p *person) enrols(next string) (secret, recovery string) {
	p.t.Helper()
	page := p.get("/account/second?next=" + next)
	found := appSecret.FindStringSubmatch(page.text)
	if found == nil {
		p.t.Fatalf("no secret is shown: %d %s", page.code, notice(page.text))
	}
	before := p.cookie()
	if a := p.post("/account/second", "code", "000000", "next", next); a.code != 422 {
		p.t.Errorf("a wrong code sets it up: %d", a.code)
	}
	a := p.post("/account/second", "code", signin.CodeAt(found[1], p.office.now()), "next", next)
	codes := recoveryCode.FindAllStringSubmatch(a.text, -1)
	if a.code != 200 || len(codes) != 10 || !strings.Contains(a.text, `href="`+next+`"`) {
		p.t.Fatalf("set it up: %d, %d recovery codes, %s", a.code, len(codes), notice(a.text))
	}
	if p.cookie() == before {
		p.t.Error("the session is the same with the second factor as without")
	}
	return found[1], codes[0][1]
}

// TestWhoAdministersProvesASecondFactor: with a password alone an admin reads, and is
// led to where a second factor is set up; with it he administers (ASVS 4.3.1).
func TestWhoAdministersProvesASecondFactor(t *testing.T) {
	t.Parallel()
	o := newGuarded(t)
	o.account(t, "rita", access.Grant{Role: access.Auditor, Everywhere: true})
	erika := o.person(t)
	if a := erika.post("/signin", "login", "erika", "password", goodPassword, "next", "/accounts"); a.to != "/account/second?next=%2Faccounts" {
		t.Fatalf("the password alone leads to %s", a.to)
	}
	if a := erika.get("/sites/hafen"); a.code != 200 || !strings.Contains(a.text, `href="/account/second"`) {
		t.Errorf("she reads: %d, and is told on each page: %v", a.code, strings.Contains(a.text, `href="/account/second"`))
	}
	for _, page := range []string{"/accounts", "/tokens", "/sites/hafen/events", "/hand-in"} {
		if a := erika.get(page); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/account/second?next=") {
			t.Errorf("%s before the second factor: %d to %q", page, a.code, a.to)
		}
	}
	for _, form := range [][]string{
		{"/accounts/invite", "login", "max", "name", "Max", "role", "admin", "everywhere", "1", "why", "evil"},
		{"/tokens/create", "role", "admin", "everywhere", "1", "name", "evil", "why", "evil"},
		{"/account/tokens/create", "right", "1", "name", "evil", "days", "30"},
		{"/account/recovery"}, {"/account/drop", "id", "1"}, {"/worklist/done", "item", "x"},
	} {
		if a := erika.post(form[0], form[1:]...); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/account/second") {
			t.Errorf("%s before the second factor: %d to %q", form[0], a.code, a.to)
		}
	}
	if accounts, err := o.store.Accounts(t.Context()); err != nil || len(accounts) != 2 {
		t.Errorf("there are %d accounts (%v): one was made without the second factor", len(accounts), err)
	}
	if tokens, err := o.store.Tokens(t.Context()); err != nil || len(tokens) != 0 {
		t.Errorf("there are %d tokens (%v): one was made without the second factor", len(tokens), err)
	}
	if a := erika.do("POST", "/api/v1/sites/hafen/events", nil); a.code != http.StatusForbidden || !strings.Contains(a.text, `"second_factor"`) {
		t.Errorf("her script records an event: %d %s", a.code, a.text)
	}
	secret, recovery := erika.enrols("/accounts")
	if a := erika.get("/accounts"); a.code != 200 || strings.Contains(a.text, `href="/account/second"`) {
		t.Errorf("with the second factor she looks after accounts: %d", a.code)
	}
	o.ahead.Store(int64(time.Minute)) // the code of the set-up is used
	again := o.person(t).in("erika")
	if a := again.post("/signin/code", "code", signin.CodeAt(secret, o.now())); a.to != "/worklist" {
		t.Errorf("password and code lead to %d %s", a.code, a.to)
	}
	lost := o.person(t).in("erika")
	if a := lost.post("/signin/code", "code", recovery); a.to != "/worklist" {
		t.Errorf("password and a recovery code lead to %d %s", a.code, a.to)
	}
	if a := o.person(t).in("rita").get("/account/second"); a.code != http.StatusSeeOther || a.to != "/" {
		t.Errorf("an auditor, of whom it is not asked: %d %s", a.code, a.to)
	}
}

// TestAPasswordAlonePutsNoFactorBesideAnother: else whoever guessed it would set up an
// app of his own.
func TestAPasswordAlonePutsNoFactorBesideAnother(t *testing.T) {
	t.Parallel()
	o := newGuarded(t)
	weak, own := o.person(t).in("erika"), o.person(t).in("erika")
	if a := weak.get("/account/totp"); appSecret.FindStringSubmatch(a.text) == nil {
		t.Fatalf("a first factor is offered: %d", a.code)
	}
	secret, _ := own.enrols("/accounts")
	second := appSecret.FindStringSubmatch(weak.get("/account/totp").text)
	for _, path := range []string{"/account/totp", "/account/password", "/account/drop", "/account/recovery"} {
		form := []string{"code", "000000", "id", "1", "old", goodPassword, "password", "green tables run far away", "again", "green tables run far away"}
		if second != nil {
			form[1] = signin.CodeAt(second[1], o.now())
		}
		if a := weak.post(path, form...); a.code != http.StatusSeeOther || a.to != "/account/second?next=%2Faccount" {
			t.Errorf("%s with the password alone: %d to %q", path, a.code, a.to)
		}
	}
	if a := weak.get("/account/second"); appSecret.MatchString(a.text) || !strings.Contains(a.text, `id="code"`) {
		t.Error("a session of before is offered another app, or is not asked for the code of the one there is")
	}
	o.ahead.Store(int64(time.Minute))
	if a := weak.post("/account/second", "code", "123456", "next", "/accounts"); a.code != 422 && a.code != 401 {
		t.Errorf("a wrong code: %d", a.code)
	}
	if a := weak.post("/account/second", "code", signin.CodeAt(secret, o.now()), "next", "/accounts"); a.code != 303 || a.to != "/accounts" {
		t.Errorf("the code of the app there is: %d to %q %s", a.code, a.to, notice(a.text))
	}
	if a := weak.get("/accounts"); a.code != 200 {
		t.Errorf("accounts with it: %d", a.code)
	}
}

// TestAResetByMailLeavesTheSecondFactor: whoever reads somebody's mail is not her yet;
// a reset by the administration takes it away, for who lost the device (ASVS 2.5.7).
func TestAResetByMailLeavesTheSecondFactor(t *testing.T) {
	t.Parallel()
	o := newGuarded(t)
	secret, _ := o.person(t).in("erika").enrols("/accounts")
	thief := o.person(t)
	if a := thief.post("/forgotten", "login", "erika"); a.code != 200 {
		t.Fatalf("forgotten: %d", a.code)
	}
	var code []string
	for patience := time.Now().Add(time.Minute); code == nil && time.Now().Before(patience); runtime.Gosched() {
		if l, ok, err := o.store.TakeMail(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		} else if ok {
			code = regexp.MustCompile(`#([A-Z0-9-]{29})`).FindStringSubmatch(l.Body)
		}
	}
	if code == nil {
		t.Fatal("no letter with a code came")
	}
	const password = "green tables run far away"
	if a := thief.post("/code", "code", code[1], "password", password, "again", password); a.to != "/signin/code" {
		t.Fatalf("a code by mail leads to %d %s", a.code, a.to)
	}
	if a := thief.get("/accounts"); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/signin") {
		t.Errorf("without the second factor: %d %s", a.code, a.to)
	}
	o.ahead.Store(int64(time.Minute))
	if a := thief.post("/signin/code", "code", signin.CodeAt(secret, o.now())); a.to != "/worklist" {
		t.Errorf("with it: %d %s", a.code, a.to)
	}
	erika, err := o.store.AccountByLogin(t.Context(), "erika")
	if err != nil {
		t.Fatal(err)
	}
	reset, err := signin.ResetCode(t.Context(), o.store, erika.ID, signin.LetterTime, "command", "lost her phone", o.now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	anew := o.person(t)
	if a := anew.post("/code", "code", reset.Text, "password", "brown tables run far away", "again", "brown tables run far away"); a.to != "/account/second" {
		t.Fatalf("a reset by somebody else leads to %d %s", a.code, a.to)
	}
	anew.enrols("/accounts")
	if a := anew.get("/accounts"); a.code != 200 {
		t.Errorf("accounts with the new factor: %d", a.code)
	}
}

// TestNewLinksForGuestsGoToTheTerminalAlone: who came by a link has no password to
// prove who he is; whoever runs the demonstration sees new links, who asks does not.
func TestNewLinksForGuestsGoToTheTerminalAlone(t *testing.T) {
	t.Parallel()
	var printed [][]web.Guest
	o := newOffice(t, false, func(options *web.Options) {
		options.SecondFactor = []access.Role{access.Admin}
		options.Invite = func(links []web.Guest) { printed = append(printed, links) }
	})
	come := func(link string) *person {
		t.Helper()
		guest := o.person(t)
		if a := guest.post("/guest", "code", link[strings.Index(link, "c=")+2:]); a.code != http.StatusSeeOther {
			t.Fatalf("come in by %s: %d", link, a.code)
		}
		return guest
	}
	admin := come(o.guests[0].Link)
	if a := admin.get("/accounts"); a.code != 200 {
		t.Errorf("a guest who administers is asked for a second factor that he cannot set up: %d to %s", a.code, a.to)
	}
	o.ahead.Store(int64(signin.FreshTime + time.Minute))
	if a := admin.get("/accounts"); !strings.Contains(a.text, `action="/guest/again"`) {
		t.Error("a guest who is to prove who he is is not offered a new link")
	}
	a := admin.post("/guest/again")
	if a.code != 200 || len(printed) != 1 {
		t.Fatalf("asked for new links: %d, printed %d times", a.code, len(printed))
	}
	fresh := ""
	for i, g := range printed[0] {
		if strings.Contains(a.text, g.Link[strings.Index(g.Link, "c=")+2:]) {
			t.Error("who asks is shown a link")
		}
		switch {
		case g.Role == access.Admin:
			fresh = g.Link
		case g != o.guests[i]:
			t.Errorf("the link of the %s, which nobody used, is another one", g.Role)
		}
	}
	if admin.post("/guest/again"); len(printed) != 1 {
		t.Error("links are printed as fast as somebody asks")
	}
	if a := come(fresh).post("/accounts/invite", "login", "max", "name", "Max", "role", "auditor", "everywhere", "1", "why", "x"); a.code != 200 || codePattern.FindString(a.text) == "" {
		t.Errorf("by the new link accounts are looked after: %d %s", a.code, notice(a.text))
	}
	if a := o.person(t).get("/signin"); !strings.Contains(a.text, `action="/guest/again"`) {
		t.Error("the sign-in page of a demonstration offers no new links")
	}
	real := newOffice(t, false) // which prints no links
	real.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	if a := real.person(t).get("/signin"); strings.Contains(a.text, "/guest/again") {
		t.Error("a sign-in page that is no demonstration's offers links")
	}
	if a := real.person(t).post("/guest/again"); a.code != http.StatusNotFound {
		t.Errorf("links asked of what is no demonstration: %d", a.code)
	}
}

// TestTheCodeOfALetterIsInNoAddressThatIsSent: it stands behind the #, and links of
// before lead there (ASVS 8.3.1).
func TestTheCodeOfALetterIsInNoAddressThatIsSent(t *testing.T) {
	t.Parallel()
	code := signin.Code{Text: signin.NewAccessCode()}
	if at, hidden, ok := strings.Cut(web.CodePath(code), "#"); !ok || at != "/code" || hidden != code.Text {
		t.Errorf("a code is typed at %s", web.CodePath(code))
	}
	o := newGuarded(t)
	if a := o.person(t).get("/code?c=" + code.Text + "&lang=de"); a.code != http.StatusSeeOther || a.to != "/code?lang=de#"+code.Text {
		t.Errorf("a link of before leads to %d %s", a.code, a.to)
	}
	admin := o.person(t).in("erika")
	admin.enrols("/accounts")
	a := admin.post("/accounts/invite", "login", "max", "name", "Max", "mail", "max@city.example", "role", "auditor", "everywhere", "1", "why", "x")
	made := codePattern.FindStringSubmatch(a.text)
	if made == nil || strings.Contains(a.text, "?c=") || !strings.Contains(a.text, "/code#"+made[1]) {
		t.Errorf("the page of accounts shows the link of %v: %d", made, a.code)
	}
	var l store.Letter
	for ok, err := false, error(nil); !ok || l.Kind != "code"; runtime.Gosched() {
		if l, ok, err = o.store.TakeMail(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(l.Body, "?c=") || !strings.Contains(l.Body, "/code#"+made[1]) {
		t.Errorf("the letter says %s", l.Body)
	}
}
