package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestTheOfficesPagesInABrowser looks at what is due, at the portfolio and at where
// one subscribes, in both languages.
func TestTheOfficesPagesInABrowser(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	shots := os.Getenv("HEATLEDGER_SCREENSHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	chromium := browser(t)
	for name, path := range map[string]string{
		"worklist": "/worklist?lang=de&on=2026-03-20", "portfolio": "/portfolio?lang=de", "portfolio-margin": "/portfolio?lang=en&sort=margin&down=true", "subscribe": "/subscribe?lang=de",
	} {
		get(t, city.URL+path, "de") // drawn once, so that the clock below is the browser's
		for _, width := range []int64{320, 360, 1280} {
			checkPage(t, chromium, city.URL+path, fmt.Sprintf("%s at %d px", name, width), width, string(script), filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)))
		}
	}
}
