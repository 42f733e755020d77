package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestAPasswordIsShownOnDemandAndItsStrengthSaid types into the form of a code, and
// into that of signing in.
func TestAPasswordIsShownOnDemandAndItsStrengthSaid(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/code?lang=de", 360)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ typed, want string }{
		{"kurz", "Es fehlen noch Zeichen: 8."},
		{"aaaaaaaaaaaaaaaaaaaaaaaa", "Erlaubt, aber schwach"},
		{"Wind geht am Fluss", "Stark genug"},
		{"Wind geht am Fluss entlang bis 7", "Stark."},
	} {
		if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/code?lang=de"), chromedp.Focus(chromedp.CSS("#new")), chromedp.KeyEvent(tt.typed)); err != nil {
			t.Fatal(err)
		}
		wait(t, ctx, tt.typed+" is "+tt.want, `document.querySelector("#new ~ [role=status]").textContent.startsWith("`+tt.want+`")`)
	}
	for _, address := range []string{"/code?lang=de", "/signin?lang=de"} {
		if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+address), chromedp.Focus(chromedp.CSS("form .one input[type=checkbox]")), chromedp.KeyEvent(" ")); err != nil {
			t.Fatalf("%s: tick the box: %v", address, err)
		}
		wait(t, ctx, "the password can be read", `document.querySelector("input[type=password]") === null && document.querySelector("input[name=password]").type === "text"`)
		hidden, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => { const form = document.querySelector("form:has(input[name=password])"); form.addEventListener("submit", e => e.preventDefault()); form.noValidate = true; form.requestSubmit(); return form.querySelector("[name=password]").type === "password" })()`))
		if err != nil || !hidden {
			t.Errorf("%s: it is sent from a field of text, %v", address, err)
		}
	}
	seen.check(t, "passwords", o.URL)
}
