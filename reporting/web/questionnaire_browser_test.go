package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy"
	"heatledger/energy/access"
)

// TestWhatIsCompleteInABrowser looks at the pages of the test city.
func TestWhatIsCompleteInABrowser(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	script, shots := axeAndShots(t)
	chromium := browser(t)
	for name, path := range map[string]string{"completeness": "/sites/hafen/completeness?year=2025&lang=de", "completeness-bare": "/sites/rathaus/completeness?year=2025&lang=en",
		"questionnaire-read": "/sites/hafen/questionnaire?year=2025&lang=de", "evidence-read": "/sites/hafen/evidence?lang=en"} {
		for _, width := range []int64{320, 360, 1280} {
			checkPage(t, chromium, city.URL+path, fmt.Sprintf("%s at %d px", name, width), width, script, filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)))
		}
	}
}

func axeAndShots(t *testing.T) (script, shots string) {
	t.Helper()
	source, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	if shots = os.Getenv("HEATLEDGER_SCREENSHOTS"); shots == "" {
		shots = t.TempDir()
	}
	return string(source), shots
}

// TestTheQuestionnaireByKeyboard answers by keyboard: two faults, led to the field
// from their summary, mended, handed in.
func TestTheQuestionnaireByKeyboard(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "eva", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	script, shots := axeAndShots(t)
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 4*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/signin?next=/sites/hafen/questionnaire%3Fyear%3D2025", 360)
	if err != nil {
		t.Fatal(err)
	}
	is := func(sentence, condition string) {
		t.Helper()
		for range 100 {
			if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " " + document.querySelector("main").innerText.slice(0, 600)`))
		t.Fatalf("%s: the page is %s", sentence, text)
	}
	look := func(name string, widths ...int64) {
		t.Helper()
		for _, width := range widths {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil {
				t.Fatal(err)
			}
			overflow, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)`, chromedp.EvalAwaitPromise))
			if err != nil || overflow > 0 {
				t.Errorf("%s at %d px is %d px too wide, %v", name, width, overflow, err)
			}
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err == nil {
				err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			findings, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+`;
axe.run().then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, nodes: v.nodes.map(n => n.html.slice(0, 200))}))))`, chromedp.EvalAwaitPromise))
			if err != nil || findings != "[]" {
				t.Errorf("%s at %d px: axe finds %s, %v", name, width, findings, err)
			}
		}
	}
	// write puts a text into a field, over what stands there.
	write := func(name, text string) {
		t.Helper()
		field := chromedp.CSS(`[id="` + name + `"]`)
		if err := chromedp.Do(ctx, chromedp.Focus(field)); err != nil {
			t.Fatalf("go to %s: %v", name, err)
		}
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.activeElement.select(), true`)); err != nil {
			t.Fatalf("mark %s: %v", name, err)
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent(text)); err != nil {
			t.Fatalf("write %s: %v", name, err)
		}
	}
	press := func(selector string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS(selector)), enterKey()); err != nil {
			t.Fatalf("press %s: %v", selector, err)
		}
	}
	const submit = "form.answers button[value=submit]"
	write("login", "eva")
	write("password", goodPassword)
	press("main form button")
	is("signed in", `document.querySelector("form.answers button[value=submit]") !== null`)
	look("questionnaire", 360, 1280)
	write("v.water_in_m3", "1.204")
	write("v.storage_capacity_pb", "viel")
	write("v.refrigerant", "R-134a")
	press(submit)
	is("two faults", `document.querySelectorAll("#trouble li").length === 2`)
	look("questionnaire-faults", 360, 1280)
	press(`#trouble a[href="#v.water_in_m3"]`)
	is("the summary leads to the field", `document.activeElement.id === "v.water_in_m3"`)
	seen.mutex.Lock()
	seen.complaints = nil // Chromium says of the faults that the answer was 422
	seen.mutex.Unlock()
	write("v.water_in_m3", "1204")
	write("v.storage_capacity_pb", "2,5")
	press(submit)
	is("handed in", `location.search.includes("done=handed") && document.getElementById("last") !== null`)
	look("questionnaire-handed", 360, 1280)
	if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/sites/hafen/evidence")); err != nil {
		t.Fatal(err)
	}
	is("documents", `document.getElementById("file") !== null`)
	look("evidence", 360, 1280)
	seen.check(t, "the questionnaire by keyboard", o.URL)
}
