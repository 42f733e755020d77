package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"heatledger/energy/exhibit"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// bench is a tab in which somebody is signed in, with what checks its pages.
type bench struct {
	t      *testing.T
	ctx    context.Context
	office *office
	script string
	shots  string
	name   string
}

// newBench signs olga, an operator of hafen, in by keyboard.
func newBench(t *testing.T, width int64, next string) *bench {
	t.Helper()
	o := newLocalhost(t)
	apply(t, o)
	o.account(t, "olga", operatorOf("hafen"))
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	b := &bench{t: t, office: o, script: string(script), shots: os.Getenv("HEATLEDGER_SCREENSHOTS"), name: fmt.Sprint(width)}
	if b.shots == "" {
		b.shots = t.TempDir()
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancelTime)
	b.ctx = ctx
	if _, err := open(ctx, o.URL+"/signin?next="+url.QueryEscape(next), width); err != nil {
		t.Fatal(err)
	}
	b.do("sign in", chromedp.Focus(chromedp.CSS("#login")), chromedp.KeyEvent("olga\t"+goodPassword+"\r"))
	b.wait("signed in", `location.pathname !== "/signin"`)
	return b
}

// apply makes the sites of the test exist.
func apply(t *testing.T, o *office) {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := intake.New(ledger.New(o.store, "Europe/Berlin"), intake.Options{}).Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
}

func (b *bench) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

func (b *bench) wait(what, condition string) { b.t.Helper(); wait(b.t, b.ctx, what, condition) }

// look takes a screenshot of the page and lets the checker see it.
func (b *bench) look(name string) {
	b.t.Helper()
	overflow, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`document.fonts.ready.then(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)`, chromedp.EvalAwaitPromise))
	if err != nil || overflow > 0 {
		b.t.Errorf("%s is %d px wider than the window, %v", name, overflow, err)
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Errorf("%s: take a screenshot: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(b.shots, "handin-"+name+"-"+b.name+".png"), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
	findings, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](b.script+`;
axe.run().then(r => JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.map(n => n.html.slice(0, 200))}))))`, chromedp.EvalAwaitPromise))
	if err != nil || findings != "[]" {
		b.t.Errorf("%s: axe finds %s, %v", name, findings, err)
	}
}

func (b *bench) file(name string, content []byte) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// profile is a month of quarter-hours as network operators export them: semicolons,
// decimal commas, local time at the end of each interval.
func profile() []byte {
	var b strings.Builder
	b.WriteString("Lastgang Hafen\n\nDatum;Uhrzeit;Wirkarbeit [kWh];Status\n")
	at := time.Date(2025, 5, 1, 0, 15, 0, 0, time.UTC)
	for i := range 30 * 96 {
		wall := at.Add(time.Duration(i) * 15 * time.Minute)
		fmt.Fprintf(&b, "%s;%s;%d,%d;W\n", wall.Format("02.01.2006"), wall.Format("15:04"), 10+i%96/8, i%10)
	}
	return []byte(b.String())
}

func TestAnOperatorHandsInALoadProfileInABrowser(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, width, "/hand-in?lang=de")
			b.look("start")
			b.do("choose a file that is none", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{b.file("plan.csv", []byte("\x89PNG\r\n\x1a\nno table at all"))}), chromedp.Click(chromedp.CSS("button.go")))
			b.wait("it says what is wrong", `document.querySelector("#trouble") !== null`)
			b.look("wrong-file")
			b.do("choose a load profile", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{b.file("lastgang.csv", profile())}), chromedp.Click(chromedp.CSS("button.go")))
			b.wait("it asks what the columns are", `location.pathname.endsWith("/mapping") && document.querySelector("#isC") !== null`)
			b.look("mapping")
			b.do("say what the columns are", chromedp.SetValue(chromedp.CSS("#isA"), "date"), chromedp.SetValue(chromedp.CSS("#isB"), "clock"), chromedp.SetValue(chromedp.CSS("#isC"), "value"),
				chromedp.SetValue(chromedp.CSS("#pointC"), "hafen/invoice"), chromedp.SetValue(chromedp.CSS("#isD"), "ignore"), chromedp.SetValue(chromedp.CSS("#label"), "end"), chromedp.SetValue(chromedp.CSS("#step"), "15m"),
				chromedp.SetValue(chromedp.CSS("#save"), "Netzbetreiber"), chromedp.Click(chromedp.CSS("button.go")))
			b.wait("it shows the preview", `document.querySelector("#by-months") !== null && document.querySelector("#by-days") !== null`)
			b.look("preview")
			b.do("explain what is strange", chromedp.SetValue(chromedp.CSS("#q0"), "Die Last ist jeden Tag gleich."))
			b.do("hand it in", chromedp.Click(chromedp.CSS("form[action*='/submit'] button")))
			b.wait("there is a receipt", `location.pathname.endsWith("/receipt") && document.body.innerText.includes("E-000001")`)
			b.look("receipt")
			b.do("see the submission", chromedp.Navigate(b.office.URL+"/hand-in?lang=de"), chromedp.Click(chromedp.CSS("#recent + * a")))
			b.wait("it tells its history", `document.querySelector(".timeline") !== null`)
			b.look("submission")
		})
	}
}

// TestAnOperatorHandsInATemplateByKeyboard fills in our template and goes the whole
// way without a pointer.
func TestAnOperatorHandsInATemplateByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1280, "/hand-in?lang=en")
	p := b.office.person(t).in("olga")
	book, err := excelize.OpenReader(strings.NewReader(p.get("/api/v1/sites/hafen/template.xlsx?lang=en").text))
	if err != nil {
		t.Fatalf("open the template: %v", err)
	}
	sheet := book.GetSheetName(0)
	for row := 2; row < 10; row++ {
		if id, _ := book.GetCellValue(sheet, fmt.Sprintf("A%d", row)); id == "hafen/it" {
			_ = book.SetCellStr(sheet, fmt.Sprintf("B%d", row), "03.06.2025 10:00")
			_ = book.SetCellValue(sheet, fmt.Sprintf("D%d", row), -3.5)
		}
	}
	var filled bytes.Buffer
	if err := book.Write(&filled); err != nil {
		t.Fatal(err)
	}
	b.do("choose the template", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{b.file("template.xlsx", filled.Bytes())}))
	b.press("the button below the file", "button.go")
	b.wait("it asks about what is strange", `document.querySelector("#q0") !== null`)
	b.look("question")
	b.tab("the explanation", "#q0")
	b.do("explain", chromedp.KeyEvent("feeds back into the grid"))
	b.press("the button that hands in", "form[action*='/submit'] button")
	b.wait("there is a receipt", `document.body.innerText.includes("Receipt E-000001")`)
}

// tab goes to an element as keyboards do, and fails when it is never reached.
func (b *bench) tab(what, selector string) {
	b.t.Helper()
	for range 60 {
		b.do(what, chromedp.KeyEvent(kb.Tab))
		if on, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.activeElement.matches(`+"`"+selector+"`"+`)`)); err == nil && on {
			return
		}
	}
	b.t.Fatalf("the keyboard never reaches %s (%s)", what, selector)
}

func (b *bench) press(what, selector string) {
	b.t.Helper()
	b.tab(what, selector)
	b.do(what, enterKey())
}

// photo is a picture with a place in it.
func photo(t *testing.T) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00GPS 50.1N 8.7E"
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, plain.Bytes()[2:]...)
}

// offline cuts the connection of the browser, or mends it.
func (b *bench) offline(off bool) {
	b.t.Helper()
	rules := []*network.Conditions{}
	if off {
		rules = append(rules, &network.Conditions{DownloadThroughput: -1, UploadThroughput: -1, Offline: true})
	}
	if _, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &off, MatchedNetworkConditions: rules}); err != nil {
		b.t.Fatalf("switch the network: %v", err)
	}
	if _, err := chromedp.Call(b.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}); err != nil {
		b.t.Fatalf("tell the page of the network: %v", err)
	}
}

// TestAMeterIsReadInACellar reads a meter while there is no connection: the entry
// and its photo stay in the browser, survive a reload, and arrive once.
func TestAMeterIsReadInACellar(t *testing.T) {
	t.Parallel()
	b := newBench(t, 360, "/sites/hafen/read?lang=de&point=it")
	b.look("read")
	kept, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`navigator.serviceWorker.ready.then(async () => {
	for (let i = 0; i < 200; i++) { if (await caches.match(location.href) && navigator.serviceWorker.controller) return true; await new Promise(r => setTimeout(r, 50)); }
	return false;
})`, chromedp.EvalAwaitPromise))
	if err != nil || !kept {
		t.Fatalf("the worker keeps the page: %v, %v", kept, err)
	}
	b.offline(true)
	b.do("read the meter", chromedp.SendKeys(chromedp.CSS("#value"), "1234,5"), chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{b.file("meter.jpg", photo(t))}), chromedp.Click(chromedp.CSS("button.go")))
	b.wait("the entry is kept", `document.querySelector(".queue li[data-state=kept]") !== null && document.querySelector(".queue").innerText.includes("aufbewahrt")`)
	b.look("read-offline")
	b.do("load the page again", chromedp.Reload())
	b.wait("the entry is still there", `document.querySelector(".queue li[data-state=kept]") !== null`)
	if list, err := b.office.store.Submissions(t.Context(), nil, "", 0, 10); err != nil || len(list) != 0 {
		t.Fatalf("%d submissions while there was no connection, %v", len(list), err)
	}
	b.offline(false)
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`window.dispatchEvent(new Event("online"))`)); err != nil {
		t.Fatal(err)
	}
	b.wait("the entry arrived", `document.querySelector(".queue li[data-state=sent]") !== null`)
	b.look("read-sent")
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`Promise.all([1, 2].map(() => { window.dispatchEvent(new Event("online")); })).then(() => true)`, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	list, err := b.office.store.Submissions(t.Context(), nil, "", 0, 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d submissions, %v; want one", len(list), err)
	}
	documents, err := exhibit.New(b.office.store).List(t.Context(), "hafen")
	if err != nil || len(documents) != 1 || !strings.HasPrefix(documents[0].About, "reading:hafen/it@") {
		t.Fatalf("documents %+v, %v; want the photo of the reading", documents, err)
	}
	var stored bytes.Buffer
	if err := exhibit.New(b.office.store).Write(t.Context(), documents[0], &stored); err != nil || bytes.Contains(stored.Bytes(), []byte("GPS")) || stored.Len() == 0 {
		t.Errorf("the photo of %d bytes still says where it was taken, %v", stored.Len(), err)
	}
}
