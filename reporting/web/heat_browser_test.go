package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/heatmap/geo"
	"heatledger/reporting/townmap"
	"heatledger/reporting/web"
)

// TestHeatInABrowser looks at the sources and at one of them as a planner and as
// somebody whom nobody knows, and goes a planner's way by keyboard: from the map to a
// source, and back to what two sources give together.
func TestHeatInABrowser(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	o.heat(t, "petra", "rita")
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	ctx, cancelTime := context.WithTimeout(ctx, 5*time.Minute)
	defer cancelTime()
	seen, err := open(ctx, o.URL+"/published?lang=de", 1280)
	if err != nil {
		t.Fatal(err)
	}
	heatPages := func(who string, sites ...string) {
		for _, width := range []int64{360, 1280} {
			look(t, ctx, o.URL+"/heat?period=2025-01&lang=de", "heat-"+who, width, string(script))
			for _, site := range sites {
				look(t, ctx, o.URL+"/heat/"+site+"?period=2025-01&lang=de", "heat-"+who+"-"+site, width, string(script))
			}
		}
	}
	heatPages("citizen", "west")
	if err := chromedp.Do(ctx, chromedp.Navigate(o.URL+"/signin?lang=de")); err != nil {
		t.Fatal(err)
	}
	k := newKeyboard(t, ctx)
	k.signIn("petra")
	heatPages("planner", "nord", "west")
	k.strike("the sources", chromedp.Navigate(o.URL+"/heat?period=2025-01&lang=de"))
	k.wait("the map can be moved", `document.querySelector(".wide [data-moves]:not([hidden])") !== null`)
	k.press("enlarging the map", `.wide [data-move="in"]`)
	window := `document.querySelector(".wide svg[data-map]").getAttribute("viewBox")`
	if !k.is(window+`.split(" ")[2] === "587.5"`) || !k.is(`document.querySelector(".wide [data-move='all']").disabled === false`) {
		t.Error("the button does not enlarge the map")
	}
	k.to("the map's window", ".wide [data-window]")
	k.strike("moving east by the arrow", chromedp.KeyEvent(kb.ArrowRight))
	k.strike("all of it again", chromedp.KeyEvent("0"))
	k.press("the mark of a source", `.wide svg a[href^="/heat/nord"]`)
	k.wait("it leads to the source", `location.pathname === "/heat/nord" && document.querySelector("#curve") !== null`)
	k.press("the numbers of the duration curve", "#curve summary")
	if !k.is(`document.querySelector("#curve details").open && document.querySelector("#curve table").checkVisibility()`) {
		t.Error("Enter does not open the table of a picture")
	}
	seen.check(t, "heat", o.URL)
}

// TestHeatIsReadableWithoutJavaScript: a year of one site with all its pictures, in the
// tab of a reader who runs no scripts; and the same year beside others on a map.
func TestHeatIsReadableWithoutJavaScript(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	ctx := browser(t)
	for _, width := range []int64{360, 1280} {
		look(t, ctx, city.URL+"/heat/hafen?period=2025&lang=de", "heat-year", width, string(script))
	}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatalf("switch scripts off: %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(city.URL+"/heat/hafen?period=2025&kind=delivered&lang=de")); err != nil {
		t.Fatal(err)
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("figure")].filter(f => [...f.querySelectorAll(":scope svg[aria-labelledby]")].filter(s => s.checkVisibility()).length === 1).map(f => f.id).join(" ") + ", " + [...document.querySelectorAll("main button")].filter(b => b.checkVisibility() && !b.closest("form")).length + " buttons of scripts"`))
	if err != nil || shown != "carpet curve bands balance flows, 0 buttons of scripts" {
		t.Errorf("without JavaScript the source shows %q, %v; want five pictures and no button that needs a script", shown, err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Appetit des Netzes", "gesichert:", "nicht gemessen", "Was hier nicht steht", "CSV-Datei"} {
		if !strings.Contains(text, want) {
			t.Errorf("without JavaScript the source does not say %q", want)
		}
	}
	if _, csv, _ := get(t, city.URL+"/heat/hafen/charts/carpet.csv?period=2025", "de"); strings.Count(csv, "\n") != 8761 || strings.Count(csv, "2025-10-26T02:00:00") != 4 || strings.Contains(csv, "2025-03-30T02:00:00") || strings.Count(csv, ",estimated,derived") != 241 {
		t.Errorf("the year's file has %d lines, the hour 2 of autumn %d times as an end or a beginning, and %d hours of substitutes", strings.Count(csv, "\n"), strings.Count(csv, "2025-10-26T02:00:00"), strings.Count(csv, ",estimated,derived"))
	}
}

// BenchmarkTheMapOfTwoThousandFeatures asks for the page of a made-up town of 2,000
// features, 50 sites and 1,950 districts, and says how long the server took, and when
// the browser first painted it.
func BenchmarkTheMapOfTwoThousandFeatures(b *testing.B) {
	address := madeUpTown(b, 50, 1950)
	get(b, address, "de") // what is kept between requests is kept
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(b.TempDir()), chromedp.Flag("headless", true), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun)
	ctx, cancel := chromedp.NewExecAllocator(b.Context(), options...)
	defer cancel()
	ctx, cancelBrowser := chromedp.NewContext(ctx)
	defer cancelBrowser()
	ctx, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	defer cancelTime()
	var painted, answered float64
	for b.Loop() {
		err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address))
		if err != nil {
			b.Fatal(err)
		}
		times, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](`new Promise(done => {
	const look = () => {
		const paint = performance.getEntriesByName("first-contentful-paint")[0];
		if (!paint) { setTimeout(look, 10); return; }
		done([paint.startTime, performance.getEntriesByType("navigation")[0].responseEnd, document.querySelectorAll(".wide svg [data-layer] path, .wide svg a").length]);
	};
	look();
})`, chromedp.EvalAwaitPromise))
		if err != nil || times[2] < 2000 {
			b.Fatalf("the page shows %v, %v", times, err)
		}
		painted, answered = painted+times[0], answered+times[1]
	}
	b.ReportMetric(painted/float64(b.N), "ms-to-first-paint")
	b.ReportMetric(answered/float64(b.N), "ms-to-answer")
}

// madeUpTown serves a town with sites and districts in grids, of which nothing is known
// but where they are.
func madeUpTown(b *testing.B, sites, districts int) string {
	b.Helper()
	var y strings.Builder
	y.WriteString("municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\nsites:\n")
	for i := range sites {
		fmt.Fprintf(&y, "  - {id: s%d, name: Source %d, location: {lat: %.4f, lon: %.4f}}\n", i, i, 50.05+float64(i/10)/50, 8.71+float64(i%10)/100)
	}
	r, faults := registry.Load("registry.yaml", []byte(y.String()))
	if len(faults) > 0 {
		b.Fatalf("load the registry: %v", faults)
	}
	o := townmap.Outlines{}
	for i := range districts {
		x, n := 8.71+float64(i%50)/500, 50.05+float64(i/50)/400
		o.List = append(o.List, townmap.Outline{Kind: townmap.District, Name: fmt.Sprint("District ", i), Geometry: geo.Polygon{{{X: x, Y: n}, {X: x + .0018, Y: n}, {X: x + .0018, Y: n + .0022}, {X: x + .0005, Y: n + .002}, {X: x, Y: n}}}})
	}
	s := storetest.New(b)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatalf("apply the registry: %v", err)
	}
	server, err := web.New(b.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in, Outlines: o, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatalf("make a server: %v", err)
	}
	h := httptest.NewServer(server.Handler())
	b.Cleanup(h.Close)
	return h.URL + "/heat?period=2025&lang=de"
}
