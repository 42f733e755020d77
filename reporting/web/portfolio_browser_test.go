package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTheOfficesPagesInABrowser looks at what is due, at the portfolio and at where
// one subscribes, in the narrowest window and in a usual one. Two sites of the law's
// promises have every column; a city with a year of readings would only be slower.
func TestTheOfficesPagesInABrowser(t *testing.T) {
	t.Parallel()
	town := newTown(t, true)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	shots := os.Getenv("HEATLEDGER_SCREENSHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	chromium := browser(t)
	for name, path := range map[string]string{"worklist": "/worklist?lang=de&on=2026-03-20", "portfolio": "/portfolio?lang=de", "subscribe": "/subscribe?lang=de"} {
		if code, _, _ := get(t, town.URL+path, "de"); code != 200 { // drawn once, so that the clock below is the browser's
			t.Errorf("%s answers %d", name, code)
			continue
		}
		for _, width := range []int64{320, 1280} {
			checkPage(t, chromium, town.URL+path, fmt.Sprintf("%s at %d px", name, width), width, string(script), filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)))
		}
	}
	checkNothingIsCutOff(t, chromium, town.URL+"/portfolio?lang=de", 1280)
}

// checkNothingIsCutOff finds tables of a page that must be scrolled sideways.
func checkNothingIsCutOff(t *testing.T, chromium context.Context, address string, width int64) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium)
	defer cancel()
	if _, err := open(ctx, address, width); err != nil {
		t.Fatal(err)
	}
	cut, err := chromedp.Run(ctx, chromedp.Evaluate[[]int](`document.fonts.ready.then(() => [...document.querySelectorAll(".scroll")].map(e => e.scrollWidth - e.clientWidth))`, chromedp.EvalAwaitPromise))
	if err != nil || len(cut) == 0 {
		t.Fatalf("%s has %d tables, %v", address, len(cut), err)
	}
	for i, by := range cut {
		if by > 0 {
			t.Errorf("table %d of %s is cut off by %d px in a window of %d px", i+1, address, by, width)
		}
	}
}
