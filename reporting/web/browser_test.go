package web_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axe is the accessibility checker that the counterparts' package-lock.json pins.
const axe = "../../tools/counterparts/node_modules/axe-core/axe.min.js"

// browser is a headless Chromium with an empty profile. It is killed with the test,
// and what it did not come to remove goes with its folder, whose name is short: a
// socket lies in it.
func browser(t *testing.T) context.Context {
	t.Helper()
	aside, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(aside); err != nil {
			t.Error(err)
		}
	})
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(t.TempDir()), chromedp.Flag("headless", true), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "de-DE"), chromedp.Env("TMPDIR="+aside))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancelBrowser := chromedp.NewContext(ctx)
	t.Cleanup(cancelBrowser)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium (make setup installs it): %v", err)
	}
	return ctx
}

// visit is what a tab saw: what it complained of, and whom it asked.
type visit struct {
	mutex      sync.Mutex
	complaints []string
	hosts      map[string]bool
}

func (v *visit) listen(ctx context.Context) error {
	v.hosts = map[string]bool{}
	return chromedp.Listen(ctx, func(event any) {
		v.mutex.Lock()
		defer v.mutex.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" {
				v.hosts[u.Host] = true
			}
		case *runtime.EventExceptionThrown:
			v.complaints = append(v.complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				v.complaints = append(v.complaints, fmt.Sprint("console ", e.Type))
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				v.complaints = append(v.complaints, e.Entry.Text)
			}
		}
	})
}

// cityPages are the pages of the test city, by the name of their screenshot.
func cityPages() map[string]string {
	return map[string]string{
		"overview": "/?lang=de", "overview-en": "/?lang=en", "site": "/sites/hafen?lang=de", "bare-site": "/sites/rathaus?lang=de",
		"point-year": "/sites/hafen/points/it-energy?lang=de", "point-day": "/sites/hafen/points/grid-power?span=day&date=2025-10-26&lang=en",
		"commitments": "/commitments?lang=de", "commitments-missed": "/commitments?verdict=undetermined&lang=en",
		"substitutes": "/sites/hafen/substitutes?period=2025&lang=de", "substitutes-none": "/sites/rathaus/substitutes?period=2025-06&lang=en",
		"findings": "/sites/hafen/findings?from=2025-01-01&to=2026-01-01&meter=hafen-ups&lang=de",
		"meters":   "/meters?lang=de", "forms": "/sites/hafen/forms?year=2025&lang=de", "form": "/sites/hafen/forms/enefg-annex3?year=2025&lang=de", "form-bare": "/sites/rathaus/forms/eu-2024-1364?year=2025&lang=en", "lost": "/sites/nowhere?lang=de",
	}
}

func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	shots := os.Getenv("HEATLEDGER_SCREENSHOTS") // a folder to look at them; none: they are thrown away
	if shots == "" {
		shots = t.TempDir()
	}
	chromium := browser(t)
	for name, path := range cityPages() {
		get(t, city.URL+path, "de") // drawn once, so that the clock below is the browser's
		for _, width := range []int64{320, 360, 1280} {
			checkPage(t, chromium, city.URL+path, fmt.Sprintf("%s at %d px", name, width), width, string(script), filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)))
		}
	}
}

func checkPage(t *testing.T, chromium context.Context, address, name string, width int64, script, shot string) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium)
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, address, width)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Errorf("%s: measure: %v", name, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Errorf("%s: take a screenshot: %v", name, err)
	}
	findings, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+`;
axe.run().then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))}))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Errorf("%s: run axe: %v", name, err)
	}
	if err := os.WriteFile(shot, picture, 0o644); err != nil {
		t.Fatal(err)
	}
	if findings != "[]" {
		t.Errorf("%s: axe finds %s", name, findings)
	}
	if overflow > 0 {
		t.Errorf("%s: the page is %d px wider than the window", name, overflow)
	}
	seen.check(t, name, address)
}

// open goes to a page in a window of that width, and watches.
func open(ctx context.Context, address string, width int64) (*visit, error) {
	seen := new(visit)
	if err := seen.listen(ctx); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return nil, err
	}
	return seen, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address))
}

// check complains of what the browser complained of, and of strangers asked.
func (v *visit) check(t *testing.T, name, address string) {
	t.Helper()
	v.mutex.Lock()
	defer v.mutex.Unlock()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range v.complaints {
		if strings.Contains(name, "lost") && strings.Contains(complaint, "404") {
			continue // what that page is about
		}
		t.Errorf("%s: the browser complains: %s", name, complaint)
	}
	for host := range v.hosts {
		if host != u.Host {
			t.Errorf("%s: the page asks %s", name, host)
		}
	}
	if !v.hosts[u.Host] {
		t.Errorf("%s: no request was seen at all", name)
	}
}

func TestAChartComesAliveUnderTheStrictPolicy(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	chromium := browser(t)
	for _, id := range []string{"energy", "pue", "hours"} {
		ctx, cancel := chromedp.NewContext(chromium)
		defer cancel()
		seen, err := open(ctx, city.URL+"/sites/hafen?lang=de", 1280)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
		defer cancelTime()
		live := chromedp.CSS("#" + id + " .live svg")
		if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("#"+id+" [data-live]")), chromedp.WaitVisible(live)); err != nil {
			t.Errorf("%s: make it live: %v", id, err)
			continue
		}
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("#`+id+` .live svg").textContent`))
		if err != nil || !strings.Contains(text, "Mär") {
			t.Errorf("%s: the live chart shows %q, %v; want German month names", id, text, err)
		}
		seen.check(t, id, city.URL)
	}
}

func TestPagesAreReadableWithoutJavaScript(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	ctx := browser(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatalf("switch scripts off: %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(city.URL+"/sites/hafen?lang=de")); err != nil {
		t.Fatal(err)
	}
	// The checker may run scripts where the page may not.
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Virtual data centre Hafen", "Simulierte Anlage", "EN 50600-4-2", "Kennzahlen 2025", "it-energy", "CSV-Datei"} {
		if !strings.Contains(text, want) {
			t.Errorf("without JavaScript the page does not say %q", want)
		}
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("figure svg[role=img]")].filter(n => n.checkVisibility()).length + " charts, " + [...document.querySelectorAll("button")].filter(n => n.checkVisibility()).length + " buttons"`))
	if err != nil || shown != "3 charts, 0 buttons" {
		t.Errorf("without JavaScript the page shows %s, %v; want 3 charts and no button that does nothing", shown, err)
	}
}
