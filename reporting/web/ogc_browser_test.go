package web_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy/access"
)

// TestTheGeodataInABrowser goes from the landing page to a feature by its links, asks
// by a filter from the keyboard, and looks at each page at both widths.
func TestTheGeodataInABrowser(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	o.heat(t)
	o.account(t, "rita", access.Grant{Role: access.Auditor, Everywhere: true})
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/signin?next=/ogc", 360)
	if err != nil {
		t.Fatal(err)
	}
	enter(t, ctx, "rita")
	for _, step := range [][2]string{{`main ul a[href^="/ogc/collections"]`, "/ogc/collections"}, {`main table a[href^="/ogc/collections/heat_sources"]`, "/ogc/collections/heat_sources"},
		{`main ul a[href^="/ogc/collections/heat_sources/items"]`, "/ogc/collections/heat_sources/items"}} {
		press(t, ctx, step[0])
		wait(t, ctx, step[1]+" is there", `location.pathname === "`+step[1]+`" && document.readyState === "complete"`)
	}
	if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS("#filter")), chromedp.KeyEvent("secured_kw > 0 AND site = 'nord'"), enterKey()); err != nil {
		t.Fatal(err)
	}
	wait(t, ctx, "one feature matches", `document.querySelectorAll("#items ~ div tbody tr").length === 1`)
	if err := chromedp.Do(ctx, chromedp.Focus(chromedp.CSS("#items ~ div tbody summary")), enterKey()); err != nil {
		t.Fatal(err)
	}
	wait(t, ctx, "its further details are open", `document.querySelector("#items ~ div tbody details").open && document.querySelector("#items ~ div tbody dl").innerText.includes("kWh")`)
	press(t, ctx, "#items ~ div tbody a")
	wait(t, ctx, "the feature is there", `location.pathname === "/ogc/collections/heat_sources/items/nord"`)
	if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`)); err != nil || !strings.Contains(text, "measured") {
		t.Errorf("the feature says %s, %v", text, err)
	}
	for name, path := range map[string]string{"ogc": "/ogc?lang=de", "ogc-conformance": "/ogc/conformance?lang=de", "ogc-api": "/ogc/api?lang=de", "ogc-collections": "/ogc/collections?lang=en", "ogc-collection": "/ogc/collections/sites?lang=de",
		"ogc-queryables": "/ogc/collections/heat_sources/queryables?lang=de", "ogc-items": "/ogc/collections/heat_sources/items?lang=de", "ogc-item": "/ogc/collections/heat_sources/items/nord?lang=en"} {
		for _, width := range []int64{360, 1280} {
			look(t, ctx, o.URL+path, name, width, string(script))
		}
	}
	seen.check(t, "the geodata", o.URL)
}
