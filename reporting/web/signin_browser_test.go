package web_test

import (
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/web"
)

// newLocalhost is an office at http://localhost:PORT: a name, which passkeys are
// bound to, and for which browsers ask no TLS.
func newLocalhost(t *testing.T, change ...func(*web.Options)) *office {
	t.Helper()
	o := &office{store: storetest.New(t)}
	l := ledger.New(o.store, "Europe/Berlin")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	address := "http://localhost:" + port
	options := web.Options{Listen: "127.0.0.1:0", PublicURL: address, Version: "test", Store: o.store, Ledger: l, Intake: intake.New(l, intake.Options{}), Now: o.now, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&options)
	}
	server, err := web.New(t.Context(), options)
	if err != nil {
		t.Fatalf("make a server: %v", err)
	}
	o.Server = httptest.NewUnstartedServer(server.Handler())
	o.Listener.Close()
	o.Listener = listener
	o.Start()
	o.URL = address
	endWith(t, o.Server)
	return o
}

// TestSigningInInABrowser goes the way of a person by keyboard: signs in, sets up a
// passkey on a device, signs out, and signs in again by the passkey.
func TestSigningInInABrowser(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	o.account(t, "erika", access.Grant{Role: access.Admin, Everywhere: true})
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	shots := os.Getenv("HEATLEDGER_SCREENSHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	chromium := browser(t)
	ctx, cancel := chromedp.NewContext(chromium)
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 4*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/signin?next=/account", 360)
	if err != nil {
		t.Fatal(err)
	}
	device(t, ctx)
	field := chromedp.CSS("#login")
	if err := chromedp.Do(ctx, chromedp.Focus(field), chromedp.KeyEvent("erika"), chromedp.KeyEvent("\t"), chromedp.KeyEvent(goodPassword), enterKey(), chromedp.WaitVisible(chromedp.CSS("#keyname"))); err != nil {
		t.Fatalf("sign in by keyboard: %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS("#keyname")), chromedp.KeyEvent("My phone"), chromedp.Click(chromedp.CSS("[data-passkey=register] button"))); err != nil {
		t.Fatalf("set up a passkey: %v", err)
	}
	wait(t, ctx, "the passkey is listed", `document.body.innerText.includes("Passkey My phone")`)
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("form[action='/signout'] button"))); err != nil {
		t.Fatalf("sign out: %v", err)
	}
	wait(t, ctx, "the sign-in page is there", `location.pathname === "/signin" && !document.querySelector("[data-passkey=signin]").hidden`)
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("[data-passkey=signin] button"))); err != nil {
		t.Fatalf("sign in by the passkey: %v", err)
	}
	wait(t, ctx, "one is signed in", `location.pathname === "/worklist" && document.querySelector("a[href='/account']") !== null`)
	seen.check(t, "signing in", o.URL)
	pagesOfAccounts(t, ctx, o.URL, string(script), shots)
}

// device gives the browser a device that keeps passkeys and makes sure of its
// owner.
func device(t *testing.T, ctx context.Context) {
	t.Helper()
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatalf("prepare a device: %v", err)
	}
	_, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		t.Fatalf("add a device: %v", err)
	}
}

// enterKey strikes the key as keyboards do: its press and its character are one
// message. Told one after the other they may meet two elements, a link and the field
// that it leads to.
func enterKey() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		down := *kb.Encode('\r')[0]
		down.Text, down.UnmodifiedText = "\r", "\r"
		up := *kb.Encode('\r')[2]
		for _, k := range []input.DispatchKeyEventParams{down, up} {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, k); err != nil {
				return err
			}
		}
		return nil
	})
}

// wait waits until a condition of the page holds: long on a machine that has other
// things to do, and never longer than the condition takes.
func wait(t *testing.T, ctx context.Context, what, condition string) {
	t.Helper()
	for patience := time.Now().Add(time.Minute); time.Now().Before(patience); {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " " + document.querySelector("main").innerText`))
	t.Fatalf("waited for: %s; the page is %s", what, text)
}

// pagesOfAccounts looks at each page of whoever is signed in, in the tab that is.
func pagesOfAccounts(t *testing.T, ctx context.Context, address, script, shots string) {
	t.Helper()
	for name, path := range map[string]string{"account": "/account?lang=de", "totp": "/account/totp?lang=en", "accounts": "/accounts?lang=de", "tokens": "/tokens?lang=de", "code": "/code?lang=de", "forgotten": "/forgotten?lang=de", "signin-code": "/signin/code?lang=de"} {
		for _, width := range []int64{320, 1280} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address+path)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			overflow, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)`, chromedp.EvalAwaitPromise))
			if err != nil || overflow > 0 {
				t.Errorf("%s at %d px is %d px wider than the window, %v", name, width, overflow, err)
			}
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Errorf("%s: take a screenshot: %v", name, err)
			}
			if err := os.WriteFile(filepath.Join(shots, name+"-"+map[int64]string{320: "320", 1280: "1280"}[width]+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
			findings, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+`;
axe.run().then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, nodes: v.nodes.map(n => n.html.slice(0, 200))}))))`, chromedp.EvalAwaitPromise))
			if err != nil || findings != "[]" {
				t.Errorf("%s at %d px: axe finds %s, %v", name, width, findings, err)
			}
			if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`)); err != nil || strings.Contains(text, "That did not work") || strings.Contains(text, "nicht geklappt:") {
				t.Errorf("%s shows an error: %s, %v", name, text, err)
			}
		}
	}
}
