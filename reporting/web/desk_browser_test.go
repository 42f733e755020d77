package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
)

// TestTheDeskInABrowser goes the way of two people of the office and one of the
// operator by keyboard, from the hearing to what everybody sees, and looks at each
// page of the desk.
func TestTheDeskInABrowser(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, heardYAML)
	list, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: energy.Date{Year: 2026, Month: time.November, Day: 22}, Actor: "office", Reason: "yearly"})
	if err != nil || len(list) == 0 {
		t.Fatalf("issue: %d, %v", len(list), err)
	}
	page := "/sites/hafen/judgements/" + list[0].ID()
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	o.account(t, "ben", access.Grant{Role: access.Office, Everywhere: true})
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 5*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/signin?next="+page, 360)
	if err != nil {
		t.Fatal(err)
	}
	enter(t, ctx, "anna")
	press(t, ctx, "form[action$='/hear'] button")
	wait(t, ctx, "the operator is heard", `document.querySelector("#trail") !== null`)
	// The operator replies on another device.
	if a := o.person(t).in("olga").post(page+"/reply", "why", "Der Zähler stand still.", "last", "1"); a.code != 303 {
		t.Fatalf("reply: %d %s", a.code, notice(a.text))
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/inbox"), chromedp.Focus(chromedp.CSS("#reply ~ div a")), enterKey(), chromedp.WaitVisible(chromedp.CSS("#p-publish"))); err != nil {
		t.Fatalf("from the inbox to the reply: %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS("#p-publish")), chromedp.KeyEvent("yearly"), chromedp.KeyEvent("\t"), enterKey()); err != nil {
		t.Fatalf("propose by keyboard: %v", err)
	}
	wait(t, ctx, "it is proposed", `document.querySelector("#decisions") !== null`)
	if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("form[action$='/confirm']") === null`)); err != nil || !ok {
		t.Errorf("whoever proposed it is offered to confirm it, %v", err)
	}
	deskPages(t, ctx, o.URL, page, string(script))
	seen.check(t, "the desk", o.URL)
	if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/account")); err != nil {
		t.Fatal(err)
	}
	press(t, ctx, "form[action='/signout'] button")
	wait(t, ctx, "the sign-in page is there", `location.pathname === "/signin"`)
	if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/signin?next="+page)); err != nil {
		t.Fatal(err)
	}
	enter(t, ctx, "ben")
	press(t, ctx, "form[action$='/confirm'] button")
	wait(t, ctx, "it is published", `document.querySelector(".trail") !== null && document.querySelector("form[action$='/confirm']") === null`)
	look(t, ctx, o.URL+"/published?lang=de", "desk-published", 320, string(script))
	if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`)); err != nil || !strings.Contains(text, "Der Zähler stand still.") {
		t.Errorf("everybody sees %s, %v", text, err)
	}
}

// enter signs in by keyboard.
func enter(t *testing.T, ctx context.Context, login string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS("#login")), chromedp.KeyEvent(login), chromedp.KeyEvent("\t"), chromedp.KeyEvent(goodPassword), enterKey()); err != nil {
		t.Fatalf("sign in as %s: %v", login, err)
	}
	wait(t, ctx, login+" is in", `document.querySelector("a[href='/account']") !== null`)
}

// press puts the focus on a button and presses it.
func press(t *testing.T, ctx context.Context, button string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(button)), chromedp.Focus(chromedp.CSS(button)), enterKey()); err != nil {
		t.Fatalf("press %s: %v", button, err)
	}
}

// deskPages looks at each page of the desk, in the tab of whoever is signed in.
func deskPages(t *testing.T, ctx context.Context, address, judgement, script string) {
	t.Helper()
	for name, path := range map[string]string{"desk-inbox": "/inbox?lang=de", "desk-judgements": "/sites/hafen/judgements?lang=en", "desk-judgement": judgement + "?lang=de", "desk-publication": "/sites/hafen/publication?lang=de",
		"desk-history": "/sites/hafen/history?lang=de", "desk-effect": "/sites/hafen/facts/1?lang=en", "desk-event": "/sites/hafen/events?lang=de", "desk-paper": "/sites/hafen/papers?lang=de"} {
		for _, width := range []int64{320, 1280} {
			look(t, ctx, address+path, name, width, script)
		}
	}
}

// look goes to a page and finds it within the window, clean, and without an error.
func look(t *testing.T, ctx context.Context, address, name string, width int64, script string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)`, chromedp.EvalAwaitPromise))
	if err != nil || overflow > 0 {
		t.Errorf("%s at %d px is %d px wider than the window, %v", name, width, overflow, err)
	}
	if shots := os.Getenv("HEATLEDGER_SCREENSHOTS"); shots != "" {
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Errorf("%s: take a screenshot: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	findings, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+`;
axe.run().then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, nodes: v.nodes.map(n => n.html.slice(0, 200))}))))`, chromedp.EvalAwaitPromise))
	if err != nil || findings != "[]" {
		t.Errorf("%s at %d px: axe finds %s, %v", name, width, findings, err)
	}
	if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`)); err != nil || strings.Contains(text, "did not work") || strings.Contains(text, "nicht geklappt") {
		t.Errorf("%s shows an error: %s, %v", name, text, err)
	}
}
