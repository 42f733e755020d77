package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
)

// TestTheOfficesWholeWayByKeyboard goes from the sign-in page to a judgement, hears
// the operator, publishes with a second person, and corrects what was published,
// without a pointer: every stop is reached by Tab.
func TestTheOfficesWholeWayByKeyboard(t *testing.T) {
	t.Parallel()
	o := newLocalhost(t)
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, heardYAML)
	issue := func(day int) []ledger.Issued {
		t.Helper()
		list, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: energy.Date{Year: 2026, Month: time.November, Day: day}, Actor: "office", Reason: "yearly"})
		if err != nil || len(list) == 0 {
			t.Fatalf("issue: %d, %v", len(list), err)
		}
		return list
	}
	first := issue(22)[0]
	judgement := "/sites/hafen/judgements/" + first.ID()
	for _, login := range []string{"anna", "ben"} {
		o.account(t, login, access.Grant{Role: access.Office, Everywhere: true})
	}
	o.account(t, "olga", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancelTime)
	seen, err := open(ctx, o.URL+"/signin?lang=de&next="+judgement, 1280)
	if err != nil {
		t.Fatal(err)
	}
	k := newKeyboard(t, ctx)
	k.signIn("anna")
	k.wait("one is where one wanted to go", `location.pathname === "`+judgement+`" && document.querySelector("#hear") !== null`)
	k.press("hearing the operator", "form[action*='/hear'] button")
	k.wait("the operator is heard", `document.querySelector("#trail") !== null`)
	if a := o.person(t).in("olga").post(judgement+"/reply", "why", "Der Zähler stand still.", "last", "1"); a.code != 303 { // on another device
		t.Fatalf("reply: %d %s", a.code, notice(a.text))
	}
	k.press("the inbox", "nav a[href^='/inbox']")
	k.wait("it is there", `location.pathname === "/inbox" && document.querySelector("#reply") !== null`)
	k.press("the reply", "main a[href*='"+judgement+"']")
	k.wait("it leads to the judgement", `location.pathname === "`+judgement+`" && document.querySelector("#p-publish") !== null`)
	k.press("proposing without a reason", "form[action*='/propose'] button")
	if !k.is(`location.pathname === "` + judgement + `" && document.activeElement.matches("textarea:invalid")`) {
		t.Error("what lacks a reason does not lead to its field")
	}
	k.write("the reason", "#p-publish", "")
	k.strike("the reason", chromedp.KeyEvent("Bericht 2025"))
	k.press("proposing it", "form[action*='/propose'] button")
	k.wait("it is proposed", `document.querySelector("#decisions") !== null`)
	k.second(o, judgement, "ben")
	k.wait("it is published", `document.querySelector("form[action*='/confirm']") === null && document.querySelector("#p-correct, #propose-correct") !== null`)
	second := issue(23)[0]
	if second.Commitment != first.Commitment || second.Period != first.Period {
		t.Fatalf("the second judges %s %v", second.Commitment, second.Period)
	}
	k.press("the judgements of the site", "main .beside a[href*='/judgements']")
	k.wait("they are listed", `location.pathname === "/sites/hafen/judgements"`)
	k.press("the judgement that was published", "main a[href*='"+judgement+"']")
	k.wait("another one may take its place", `document.querySelector("#instead option") !== null`)
	k.choose("the one in its place", "#instead", second.ID())
	k.write("why", "#p-correct", "Der Vertrag war falsch gelesen.")
	k.press("proposing the correction", "section[aria-labelledby=propose-correct] button")
	k.wait("it is proposed", `document.querySelector("section[aria-labelledby=decisions] form") !== null`)
	k.second(o, judgement, "anna")
	k.wait("it is corrected", `document.querySelector("form[action*='/confirm']") === null && document.querySelector(".lead a[href*='/judgements/']") !== null`)
	k.press("what is published", "footer a[href*='/published']")
	k.wait("everybody sees it", `location.pathname === "/published" && document.body.innerText.includes("Der Vertrag war falsch gelesen.") && document.body.innerText.includes("Der Zähler stand still.")`)
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	if len(seen.complaints) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(seen.complaints, "; "))
	}
}

// signIn fills in the form for those who sign in.
func (k *keyboard) signIn(login string) {
	k.t.Helper()
	k.write("the name", "#login", login)
	k.write("the password", "#password", goodPassword+"\r")
	k.wait(login+" is in", `document.querySelector("nav a[href^='/account']") !== null`)
}

// second signs out, and confirms as another person what is proposed of a judgement.
func (k *keyboard) second(o *office, judgement, login string) {
	k.t.Helper()
	k.press("one's account", "nav a[href^='/account']")
	k.wait("it is there", `location.pathname === "/account"`)
	k.press("signing out", "form[action*='/signout'] button")
	k.wait("one is out", `location.pathname === "/signin"`)
	k.strike("the judgement again", chromedp.Navigate(o.URL+"/signin?lang=de&next="+judgement))
	k.signIn(login)
	k.wait("one is there again", `location.pathname === "`+judgement+`"`)
	k.press("confirming it", "form[action*='/confirm'] button")
}
