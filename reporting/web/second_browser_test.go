package web_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
	"heatledger/reporting/web"
)

// TestAnInvitedAdminSetsUpAPasskeyInABrowser opens the link of an invitation, whose code
// only the browser knows, sets a password and the passkey that the role asks for, and
// uses it again after signing in with the password.
func TestAnInvitedAdminSetsUpAPasskeyInABrowser(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	o := newLocalhost(t, func(options *web.Options) { options.SecondFactor = []access.Role{access.Admin} })
	b := &bench{t: t, office: o, script: string(script), shots: os.Getenv("HEATLEDGER_SCREENSHOTS"), name: "360"}
	if b.shots == "" {
		b.shots = t.TempDir()
	}
	apply(t, o)
	_, code, err := signin.Invite(t.Context(), o.store, signin.Invitation{Account: store.Account{Login: "erika", Name: "Erika", Language: "de"}, Grant: access.Grant{Role: access.Admin, Everywhere: true, By: "test"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancelTime)
	b.ctx = ctx
	seen, err := open(ctx, o.URL+web.CodePath(code), 360)
	if err != nil {
		t.Fatal(err)
	}
	device(t, ctx)
	b.wait("the code of the link is in the form, and no more in the address", `document.querySelector("#code").value === "`+code.Text+`" && location.hash === "" && document.activeElement.id === "new"`)
	b.do("set a password", chromedp.KeyEvent(goodPassword), chromedp.Focus(chromedp.CSS("#again")), chromedp.KeyEvent(goodPassword), enterKey())
	b.wait("a second factor is asked for", `location.pathname === "/account/second" && document.querySelector("[data-passkey=register]") !== null && !document.querySelector("[data-passkey=register]").hidden`)
	b.wait("the picture for an app is there", `document.querySelector("img.qr").complete && document.querySelector("img.qr").naturalWidth > 0`)
	b.look("second-factor")
	b.do("set up a passkey", chromedp.Focus(chromedp.CSS("#keyname")), chromedp.KeyEvent("My phone"), chromedp.Click(chromedp.CSS("[data-passkey=register] button")))
	b.wait("one begins where an admin does", `location.pathname === "/worklist" && document.querySelector("a[href='/account/second']") === null`)
	b.do("sign out", chromedp.Navigate(o.URL+"/account"), chromedp.Click(chromedp.CSS("form[action='/signout'] button")))
	b.wait("the sign-in page is there", `location.pathname === "/signin"`)
	b.do("sign in with the password", chromedp.Focus(chromedp.CSS("#login")), chromedp.KeyEvent("erika\t"+goodPassword), enterKey())
	b.wait("the passkey is asked for, and no other factor offered", `location.pathname === "/account/second" && document.querySelector("[data-passkey=signin]") !== null && !document.querySelector("[data-passkey=signin]").hidden && document.querySelector("img.qr") === null`)
	b.look("second-passkey")
	b.do("use the passkey", chromedp.Click(chromedp.CSS("[data-passkey=signin] button")))
	b.wait("one is in", `location.pathname === "/worklist"`)
	seen.check(t, "setting up a second factor", o.URL)
}
