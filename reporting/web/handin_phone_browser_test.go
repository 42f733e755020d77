package web_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestAFaultyLoadProfileIsMendedOnAPhoneByKeyboard goes from the sign-in page to the
// receipt on a window of 360 px with the keys alone: a load profile with decimal commas,
// one of whose cells is no number. What is wrong is named with its cell, the mended file
// takes the place of the first, and the mapping is not asked for again.
func TestAFaultyLoadProfileIsMendedOnAPhoneByKeyboard(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("read the accessibility checker (make setup installs it): %v", err)
	}
	b := &bench{t: t, office: newLocalhost(t), script: string(script), shots: os.Getenv("HEATLEDGER_SCREENSHOTS"), name: "phone"}
	if b.shots == "" {
		b.shots = t.TempDir()
	}
	apply(t, b.office)
	b.office.account(t, "olga", operatorOf("hafen"))
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancelTime)
	b.ctx = ctx
	if _, err := open(ctx, b.office.URL+"/signin?lang=de", 360); err != nil {
		t.Fatal(err)
	}
	k := newKeyboard(t, ctx)
	k.write("the name", "#login", "olga")
	k.write("the password", "#password", goodPassword)
	k.strike("signing in", enterKey())
	k.wait("one begins where one hands in", `location.pathname === "/hand-in" && document.querySelector("#file") !== null`)
	b.look("phone-start")

	good := string(profile())
	faulty := strings.Replace(good, "01.05.2025;10:00;14,", "01.05.2025;10:00;1O4,", 1)
	if faulty == good {
		t.Fatal("the load profile has no such row")
	}
	k.attach("a load profile with a letter in a number", "#file", b.file("lastgang.csv", []byte(faulty)))
	k.press("the button below it", "button.go")
	k.wait("it asks what the columns are", `location.pathname.endsWith("/mapping") && document.querySelector("#isC") !== null`)
	b.look("phone-mapping")
	k.choose("what the last column is", "#isD", "ignore")
	k.write("the name of the mapping", "#save", "Netzbetreiber")
	k.press("the button below the mapping", "button.go")
	k.wait("it shows the preview", `!location.pathname.endsWith("/mapping") && document.querySelector("main").innerText.includes("1O4,9")`)
	b.look("phone-faulty")
	if !k.is(`[...document.querySelectorAll("tr")].some(r => r.innerText.includes("C43") && r.innerText.includes("1O4,9") && r.innerText.includes("Das ist keine Zahl"))`) {
		t.Error("the cell that is wrong is not named with what is wrong")
	}

	k.attach("the mended file", "#file", b.file("lastgang.csv", []byte(good)))
	k.press("the button below it", "form[data-upload] button")
	k.wait("it is read as before, and nothing is rejected", `document.querySelector("#by-months") !== null && !document.querySelector("main").innerText.includes("Das ist keine Zahl")`)
	b.look("phone-mended")
	k.write("the explanation", "#q0", "Die Last ist jeden Tag gleich.")
	k.press("handing in", "form[action*='/submit'] button")
	k.wait("there is a receipt", `location.pathname.endsWith("/receipt") && document.body.innerText.includes("E-000001")`)
	b.look("phone-receipt")
	k.press("the way back", `main a[href^="/hand-in?"]`)
	k.wait("the submission is listed, and no draft is left of the faulty file", `location.pathname === "/hand-in" && document.querySelector("#recent + * a") !== null && document.querySelector("#unfinished") === null`)
}
