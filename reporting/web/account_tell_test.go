package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// letters takes every letter that waits.
func (o *office) letters(t *testing.T) (all []store.Letter) {
	t.Helper()
	for {
		l, ok, err := o.store.TakeMail(t.Context(), time.Hour)
		if err != nil {
			t.Fatalf("take a letter: %v", err)
		}
		if !ok {
			return all
		}
		all = append(all, l)
	}
}

// TestAPersonIsToldWhatBecomesOfHerWaysToSignIn changes each of them and reads the
// letters (ASVS 2.2.3, 2.5.5).
func TestAPersonIsToldWhatBecomesOfHerWaysToSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, plenty, func(options *web.Options) { options.Mail = true })
	o.accountAt(t, "erika", "erika@city.example")
	p := o.person(t).in("erika")
	if got := o.letters(t); len(got) != 0 {
		t.Errorf("the first sign-in of all is told: %q", got[0].Body)
	}
	secrets := []string{goodPassword, "green tables run far away", "http", "/code"}
	tell := func(sentence, want string) {
		t.Helper()
		got := o.letters(t)
		if len(got) != 1 || got[0].To != "erika@city.example" || !strings.Contains(got[0].Body, want) || !strings.Contains(got[0].Body, "erika") {
			t.Errorf("%s: %d letters, %+v; want one that says %q", sentence, len(got), got, want)
			return
		}
		for _, secret := range append(secrets, p.cookie()) {
			if strings.Contains(got[0].Body+got[0].Subject, secret) {
				t.Errorf("%s: the letter holds %q", sentence, secret)
			}
		}
	}
	secret := regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindStringSubmatch(p.get("/account/totp").text)
	if secret == nil {
		t.Fatal("no secret of an app is shown")
	}
	secrets = append(secrets, secret[1])
	keep := func(a answered) {
		for _, code := range regexp.MustCompile(`<li><code>([A-Z0-9-]{19})</code>`).FindAllStringSubmatch(a.text, -1) {
			secrets = append(secrets, code[1])
		}
	}
	keep(p.post("/account/totp", "code", signin.CodeAt(secret[1], o.now())))
	tell("an app", "An app for the second factor was set up")
	keep(p.post("/account/recovery"))
	tell("recovery codes", "New recovery codes were made")
	if len(secrets) != 4+1+20 {
		t.Fatalf("%d secrets were shown", len(secrets))
	}
	app := regexp.MustCompile(`/account/drop[^>]*><input type="hidden" name="id" value="(\d+)"`).FindAllStringSubmatch(p.get("/account").text, -1)
	for _, id := range app {
		p.post("/account/drop", "id", id[1])
	}
	tell("no app any more", "The app for the second factor was removed")
	p.post("/account/password", "old", goodPassword, "password", secrets[1], "again", secrets[1])
	tell("the password", "The password was changed")
	again := o.person(t)
	again.post("/signin", "login", "erika", "password", secrets[1])
	if got := o.letters(t); len(got) != 0 {
		t.Errorf("a sign-in in the same browser from the same network is told: %q", got[0].Body)
	}
	other := o.person(t)
	other.header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/150.0")
	other.post("/signin", "login", "erika", "password", "not the password")
	if got := o.letters(t); len(got) != 0 {
		t.Errorf("a stranger can have letters written: %q", got[0].Body)
	}
	other.post("/signin", "login", "erika", "password", secrets[1])
	tell("another browser", "Chrome Windows")
	far := o.person(t)
	far.header.Set("X-Forwarded-For", "203.0.113.9") // a proxy of this host says so
	far.post("/signin", "login", "erika", "password", secrets[1])
	tell("another network", "203.0.113.0/24")
}

// TestEveryLetterAboutAnAccountHasItsWords looks for sentences that are missing.
func TestEveryLetterAboutAnAccountHasItsWords(t *testing.T) {
	t.Parallel()
	for _, kind := range signin.Events() {
		for _, lang := range []string{"de", "en"} {
			if said := web.Told(lang, kind); strings.HasPrefix(said, "told.") || len(said) < 20 {
				t.Errorf("%s in %s: %q", kind, lang, said)
			}
		}
	}
}

// TestNobodyIsCalledLikeALetter invites somebody whose name goes on like one.
func TestNobodyIsCalledLikeALetter(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true, func(options *web.Options) { options.Mail = true })
	o.account(t, "admin", access.Grant{Role: access.Admin, Everywhere: true})
	o.person(t).in("admin").post("/accounts/invite", "login", "max", "name", "Max\r\n\r\nOpen https://evil.example now.\r\n\r\nBcc: x@evil.example", "mail", "max@city.example", "role", "auditor", "everywhere", "1", "why", "x")
	got := o.letters(t)
	if len(got) != 1 || !strings.Contains(got[0].Body, "evil.example") {
		t.Fatalf("%d letters; want the one of the invitation", len(got))
	}
	if strings.Contains(got[0].Body, "\nOpen") || strings.Contains(got[0].Body, "\nBcc") || strings.Contains(got[0].Body, "\r") {
		t.Errorf("the name writes lines of its own: %q", got[0].Body)
	}
}
