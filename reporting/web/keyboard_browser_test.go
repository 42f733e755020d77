package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboard goes through pages with the keys alone: it strikes Tab until it is where
// it wants to be, and looks at each stop whether one sees where one is.
type keyboard struct {
	t      *testing.T
	ctx    context.Context
	opened chan *page.EventFileChooserOpened
}

// stops is the most strokes of Tab on a page: a questionnaire has some hundred fields.
const stops = 700

func newKeyboard(t *testing.T, ctx context.Context) *keyboard {
	t.Helper()
	k := &keyboard{t, ctx, make(chan *page.EventFileChooserOpened, 1)}
	if err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*page.EventFileChooserOpened); ok {
			k.opened <- e
		}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	still := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}} // pages jump in place of gliding
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, still); err != nil {
		t.Fatal(err)
	}
	return k
}

// where tells what has the focus, and what is wrong with it: nothing, where one sees
// it and it stands out.
const where = `(() => {
	const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
	if (e === document.body) return "";
	if (r.width === 0 || r.height === 0 || s.visibility === "hidden") return "hidden";
	if (r.right <= 0 || r.left >= innerWidth || r.bottom <= 0 || r.top >= innerHeight) return "outside of the window";
	const bar = document.querySelector("p.deeds");
	if (bar && !bar.contains(e) && r.top < bar.getBoundingClientRect().bottom && r.bottom > bar.getBoundingClientRect().top + 4) return "behind the buttons";
	if (s.outlineStyle === "none" && !e.matches("main")) return "without a mark";
	return "";
})()`

// to strikes Tab until the element has the focus.
func (k *keyboard) to(what, selector string) {
	k.t.Helper()
	for range stops {
		k.strike(what, chromedp.KeyEvent(kb.Tab))
		wrong, err := chromedp.Run(k.ctx, chromedp.Evaluate[string](where))
		if err != nil {
			k.t.Fatalf("on the way to %s: %v", what, err)
		}
		if wrong != "" {
			html, _ := chromedp.Run(k.ctx, chromedp.Evaluate[string](`document.activeElement.outerHTML.slice(0, 200)`))
			k.t.Errorf("on the way to %s the focus is %s: %s", what, wrong, html)
		}
		if k.is("document.activeElement.matches(`" + selector + "`)") {
			return
		}
	}
	k.t.Fatalf("the keyboard never reaches %s (%s)", what, selector)
}

func (k *keyboard) strike(what string, keys ...chromedp.Action[chromedp.Void]) {
	k.t.Helper()
	if err := chromedp.Do(k.ctx, keys...); err != nil {
		k.t.Fatalf("%s: %v", what, err)
	}
}

// press goes to a link or a button and strikes Enter.
func (k *keyboard) press(what, selector string) {
	k.t.Helper()
	k.to(what, selector)
	k.strike(what, enterKey())
}

// write goes to a field and types into it, over what stands there.
func (k *keyboard) write(what, selector, text string) {
	k.t.Helper()
	k.to(what, selector)
	k.strike(what, chromedp.KeyEvent(text))
}

// choose goes to a field of choices and strikes the arrow until one is chosen.
func (k *keyboard) choose(what, selector, value string) {
	k.t.Helper()
	k.to(what, selector)
	k.strike(what, chromedp.KeyEvent(kb.Home))
	for range 40 {
		if k.is("document.activeElement.value === `" + value + "`") {
			return
		}
		k.strike(what, chromedp.KeyEvent(kb.ArrowDown))
	}
	k.t.Fatalf("the arrow never chooses %s of %s", value, what)
}

// attach goes to a field of files, opens its dialogue by Enter and chooses there.
func (k *keyboard) attach(what, selector, path string) {
	k.t.Helper()
	k.to(what, selector)
	k.strike(what, enterKey())
	select {
	case e := <-k.opened:
		if _, err := chromedp.Call(k.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: e.BackendNodeID}); err != nil {
			k.t.Fatalf("%s: %v", what, err)
		}
	case <-time.After(30 * time.Second):
		k.t.Fatalf("%s: Enter opens no dialogue", what)
	}
}

func (k *keyboard) is(condition string) bool {
	ok, err := chromedp.Run(k.ctx, chromedp.Evaluate[bool](condition))
	return err == nil && ok
}

func (k *keyboard) wait(what, condition string) {
	k.t.Helper()
	wait(k.t, k.ctx, what, condition+` && document.readyState === "complete"`)
}

// TestTheOperatorsWholeWayByKeyboard goes from the sign-in page to the receipt of a
// file, through the questionnaire and the form by the meter, without a pointer.
func TestTheOperatorsWholeWayByKeyboard(t *testing.T) {
	t.Parallel()
	b := &bench{t: t, office: newLocalhost(t)}
	apply(t, b.office)
	b.office.account(t, "olga", operatorOf("hafen"))
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancelTime)
	seen, err := open(ctx, b.office.URL+"/signin?lang=de", 1280)
	if err != nil {
		t.Fatal(err)
	}
	k := newKeyboard(t, ctx)
	k.press("the link past the head", "a.skip")
	k.write("the name", "#login", "olga")
	k.write("the password", "#password", "wrong password\r")
	k.wait("it says that this is wrong, and is there", `document.activeElement.matches(".notice[role=alert]")`)
	k.write("the name again", "#login", "olga")
	k.write("the password again", "#password", goodPassword+"\r")
	k.wait("one begins where one hands in", `location.pathname === "/hand-in" && document.querySelector("#file") !== null`)
	k.handInAFile(b)
	k.answerQuestions()
	k.readAMeter()
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	for _, complaint := range seen.complaints {
		if !strings.Contains(complaint, "401") && !strings.Contains(complaint, "422") { // what was refused on purpose
			t.Errorf("the browser complains: %s", complaint)
		}
	}
}

// handInAFile hands in a file that is none, then a load profile: mapping, preview,
// explanation, receipt.
func (k *keyboard) handInAFile(b *bench) {
	k.t.Helper()
	k.attach("a file that is none", "#file", b.file("plan.csv", []byte("\x89PNG\r\n\x1a\nno table at all")))
	k.press("the button below it", "button.go")
	k.wait("it says what is wrong, and is there", `document.activeElement.id === "trouble"`)
	k.attach("a load profile", "#file", b.file("lastgang.csv", profile()))
	k.press("the button below it", "button.go")
	k.wait("it asks what the columns are", `location.pathname.endsWith("/mapping") && document.querySelector("#isC") !== null`)
	if !k.is(`document.querySelector("#isA").value === "date" && document.querySelector("#pointC").value === "hafen/invoice" && document.querySelector("#label").value === "end" && document.querySelector("#step").value === "15m"`) {
		k.t.Error("the load profile is not recognised")
	}
	k.choose("what the last column is", "#isD", "ignore")
	k.write("the name of the mapping", "#save", "Netzbetreiber")
	k.press("the button below the mapping", "button.go")
	k.wait("it shows the preview", `document.querySelector("#by-months") !== null`)
	k.press("handing in without a word", "form[action*='/submit'] button")
	k.wait("it says what is open, and is there", `document.activeElement.id === "trouble"`)
	k.write("the explanation", "#q0", "Die Last ist jeden Tag gleich.")
	k.press("handing in", "form[action*='/submit'] button")
	k.wait("there is a receipt", `location.pathname.endsWith("/receipt") && document.body.innerText.includes("E-000001")`)
	k.to("the receipt as PDF", `main a[href$=".pdf"], main a[href*="receipt.pdf"], main a[download]`)
	k.press("the way back", `main a[href^="/hand-in?"]`)
	k.wait("the submission is listed", `location.pathname === "/hand-in" && document.querySelector("#recent + * a") !== null`)
}

// answerQuestions answers the questionnaire: a fault, the way from its summary to
// the field, mended, handed in.
func (k *keyboard) answerQuestions() {
	k.t.Helper()
	k.press("the questionnaire of the site", `main .ways a[href*="/questionnaire"]`)
	k.wait("it is there", `location.pathname.endsWith("/questionnaire")`)
	k.write("a number that may be two", `[id="v.water_in_m3"]`, "1.204")
	k.press("handing in", "form.answers button[value=submit]")
	k.wait("the summary is there", `document.activeElement.id === "trouble"`)
	k.press("the link to the field", `#trouble a[href="#v.water_in_m3"]`)
	k.wait("it leads to the field", `document.activeElement.id === "v.water_in_m3"`)
	k.strike("mend it", chromedp.KeyEvent(kb.End+strings.Repeat(kb.Backspace, len("1.204"))+"1.204,5"))
	k.press("handing in again", "form.answers button[value=submit]")
	k.wait("it is handed in", `location.search.includes("done=handed")`)
	if !k.is(`document.querySelector('[id="v.water_in_m3"]').value === "1204,5"`) {
		k.t.Error("the answer is another one")
	}
}

// readAMeter reads a meter: in an hour that came twice, once more with the pass.
func (k *keyboard) readAMeter() {
	k.t.Helper()
	k.press("the way to hand in", `header a[href^="/hand-in"]`)
	k.wait("it is there", `location.pathname === "/hand-in"`)
	k.press("the form by the meter", `main .ways a[href*="/read"]`)
	k.wait("it is there", `location.pathname.endsWith("/read")`)
	k.press("the other meter", `main nav a[href*="point=it"]`)
	k.wait("it is chosen", `location.search.includes("point=it")`)
	k.write("a number that may be two", "#value", "1.204")
	k.press("handing in", "button.go")
	k.wait("it asks, and the field is there", `document.activeElement.id === "value" && document.querySelector("[data-ask]").textContent !== ""`)
	k.strike("one digit more", chromedp.KeyEvent(kb.End+",5"))
	k.to("the time", "#at")
	twice := "261020250230"
	if k.is(`new Date(2025, 9, 26).toLocaleDateString().startsWith("10/")`) { // fields of dates follow the browser's language
		twice = "102620250230a"
	}
	k.strike("an hour that came twice", chromedp.KeyEvent(twice))
	k.press("handing in", "button.go")
	k.wait("it asks back", `document.querySelector(".queue li[data-state=refused]") !== null`)
	k.press("changing it", ".queue button[data-deed=edit]")
	k.wait("it asks which of the two", `document.activeElement.id === "pass"`)
	k.strike("the second", chromedp.KeyEvent(kb.ArrowDown))
	k.press("handing in", "button.go")
	k.wait("it arrived", `document.querySelector(".queue li[data-state=sent]") !== null`)
	k.press("removing the note", ".queue button[data-deed=drop]")
	k.wait("the focus is not lost", `document.querySelector(".queue li") === null && document.activeElement !== document.body`)
}
