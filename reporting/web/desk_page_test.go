package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
)

// TestTheFormsOfADecisionKeepTheLanguageOfThePage: whoever chose a language by the
// address decides in it, and is not led astray by it.
func TestTheFormsOfADecisionKeepTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	o, issued := newHearing(t)
	anna, ben, olga := o.person(t).in("anna"), o.person(t).in("ben"), o.person(t).in("olga")
	page := "/sites/hafen/judgements/" + issued
	if a := anna.post(page+"/hear", "why", ""); a.code != http.StatusSeeOther {
		t.Fatalf("hear: %d", a.code)
	}
	if a := anna.get(page + "?lang=de"); !strings.Contains(a.text, "sobald die Frist vorbei ist") || strings.Contains(a.text, `id="p-publish"`) {
		t.Error("the office is not told what publication waits for")
	}
	if a := olga.post(page+"/reply", "why", said, "last", "1"); a.code != http.StatusSeeOther {
		t.Fatalf("reply: %d", a.code)
	}
	if a := anna.get(page + "?lang=de"); strings.Contains(a.text, "sobald die Frist vorbei ist") || !strings.Contains(a.text, "(letztes Wort)") {
		t.Error("after the last word it is still waited for, or not seen as the last")
	}
	if a := anna.post(page+"/propose", "act", "publish", "why", "yearly"); a.code != http.StatusSeeOther {
		t.Fatalf("propose: %d", a.code)
	}
	for _, at := range []string{page, "/sites/hafen/publication"} {
		for _, action := range []string{"confirm", "reject"} {
			found := regexp.MustCompile(`action="(/sites/hafen/decisions/[^"]*` + action + `[^"]*)"`).FindStringSubmatch(ben.get(at + "?lang=de").text)
			if found == nil || !strings.HasSuffix(found[1], "/"+action+"?lang=de") {
				t.Fatalf("%s of %s leads to %v", action, at, found)
			}
			if action == "confirm" && at != page {
				if a := ben.post(found[1], "why", ""); a.code != http.StatusSeeOther || a.to != page+"?lang=de" {
					t.Errorf("confirm: %d to %s", a.code, a.to)
				}
				break
			}
		}
	}
	if a := anna.get(page + "?lang=de"); !strings.Contains(a.text, "entscheiden zwei Menschen") || strings.Contains(a.text, "Frist bis") {
		t.Error("a judgement that is published does not say who decides now, or still names a term")
	}
}

// TestNothingNewToIssueIsSaid presses the button twice.
func TestNothingNewToIssueIsSaid(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	anna := o.person(t).in("anna")
	if a := anna.post("/sites/hafen/judgements?lang=de", "on", "2026-11-22", "why", "again"); a.code != http.StatusConflict || !strings.Contains(notice(a.text), "nichts Neues zu erlassen") {
		t.Errorf("the same day again: %d %s", a.code, notice(a.text))
	}
	if a := anna.post("/sites/hafen/judgements", "on", "2026-11-23", "why", "a day later"); a.code != http.StatusSeeOther {
		t.Errorf("another day: %d %s", a.code, notice(a.text))
	}
}

// TestTheSameIsProposedForSeveralSitesAtOnce ticks figures and sites; each site has
// its own decision, and a figure that is none is refused.
func TestTheSameIsProposedForSeveralSitesAtOnce(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	const page = "/sites/hafen/publication"
	form := anna.get(page + "?lang=de").text
	for _, want := range []string{`name="what" value="heat_delivered"> Abgegebene Wärme`, `name="site" value="kaiserlei">`} {
		if !strings.Contains(form, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	fields := []string{"class", "aggregate_only", "what", "heat_delivered", "from", "2025-01-01", "to", "2025-12-31", "resolution", "year", "delay", "90", "why", "resolution 14"}
	if a := anna.post(page, append(fields[:2:2], append([]string{"what", "nonsense"}, fields[4:]...)...)...); a.code != http.StatusUnprocessableEntity {
		t.Errorf("a figure that is none: %d", a.code)
	}
	if a := olga.post(page, append(fields, "site", "kaiserlei")...); a.code != http.StatusForbidden {
		t.Errorf("the operator proposes: %d", a.code)
	}
	if a := anna.post(page, append(fields, "site", "nowhere")...); a.code != http.StatusForbidden {
		t.Errorf("a site that is none: %d", a.code)
	}
	a := anna.post(page, append(fields, "site", "kaiserlei")...)
	if a.code != http.StatusOK || strings.Count(a.text, "proposed, waits for a second person") < 2 {
		t.Fatalf("propose: %d %s", a.code, notice(a.text))
	}
	for _, site := range []energy.SiteID{"hafen", "kaiserlei"} {
		list, err := ledger.New(o.store, "Europe/Berlin").Decisions(t.Context(), site, time.Time{})
		if err != nil || len(list) != 1 || len(list[0].What) != 1 || list[0].What[0] != "heat_delivered" || string(list[0].Class) != "aggregate_only" {
			t.Errorf("of %s it was proposed: %+v, %v", site, list, err)
		}
	}
}

// TestTheInboxSaysWhyAndOffersWhatHasAnEffect: the number that the operator's receipt
// has, his reason, and no step into the state it is in.
func TestTheInboxSaysWhyAndOffersWhatHasAnEffect(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	if a := olga.hand("/api/v1/submissions", "day.csv", dayCSV(), nil); a.code != http.StatusCreated {
		t.Fatalf("hand in: %d %s", a.code, a.text)
	}
	corrected := strings.Replace(dayCSV(), "1000.5", "1001.5", 1)
	if a := olga.hand("/api/v1/submissions", "again.csv", corrected, map[string]string{"correction": "the digit was misread"}); a.code != http.StatusCreated {
		t.Fatalf("correct: %d %s", a.code, a.text)
	}
	var inbox inboxAnswer
	anna.read("/api/v1/inbox", &inbox)
	found := inbox.of("submission")
	if len(found) != 2 {
		t.Fatalf("the inbox is %+v", inbox)
	}
	page := "/inbox/submissions/" + found[1].ID + "?lang=de"
	a := anna.get(page)
	if !strings.Contains(a.text, "Einreichung E-000002") || !strings.Contains(a.text, "the digit was misread") {
		t.Errorf("the page names neither the number nor the reason: %s", a.text)
	}
	if a := anna.post(page, "step", "ask_back", "text", ""); a.code != http.StatusUnprocessableEntity || !strings.Contains(notice(a.text), "Text fehlt") {
		t.Errorf("asked back without words: %d %s", a.code, notice(a.text))
	}
	for _, tt := range []struct {
		step    string
		offered bool
	}{{"ask_back", true}, {"check", false}} {
		if a := anna.post(page, "step", tt.step, "text", "who read it?"); a.code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", tt.step, a.code, notice(a.text))
		}
		if offered := strings.Contains(anna.get(page).text, `value="check"`); offered != tt.offered {
			t.Errorf("after %s it is offered to note it as checked: %t, want %t", tt.step, offered, tt.offered)
		}
	}
}

// TestAFallenCounterNamesTheJudgementsItMoves, and none that documents decide.
func TestAFallenCounterNamesTheJudgementsItMoves(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	promise(t, ledger.New(o.store, "Europe/Berlin"), strings.Replace(promisesYAML, "    commitments:\n", "    commitments:\n      - {id: lean, metric: pue, at_most: 1.5, per: calendar_year, from: 2025-01-01}\n", 1))
	o.fallen(t, olga)
	var inbox []struct {
		Judged []struct{ Commitment string } `json:"judged"`
	}
	anna.read("/api/v1/inbox?kind=case", &inbox)
	if len(inbox) != 1 {
		t.Fatalf("the open cases are %+v", inbox)
	}
	named := map[string]bool{}
	for _, j := range inbox[0].Judged {
		named[j.Commitment] = true
	}
	if !named["lean"] || named["heat"] || named["law"] {
		t.Errorf("the grid's counter moves %v, want the PUE alone", named)
	}
}

// TestAnAuditorReadsWhatIsRecorded without a form that would refuse him.
func TestAnAuditorReadsWhatIsRecorded(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	rita, olga := o.person(t).in("rita"), o.person(t).in("olga")
	a := rita.get("/sites/hafen/papers?lang=de")
	if a.code != http.StatusOK || !strings.Contains(a.text, "agreed: May be published") || strings.Contains(a.text, "<form") {
		t.Errorf("the auditor sees %d %s", a.code, a.text)
	}
	if site := rita.get("/sites/hafen?lang=de").text; !strings.Contains(site, `<a href="/sites/hafen/papers?lang=de">Nachweise</a>`) || strings.Contains(site, "/sites/hafen/events") {
		t.Error("the auditor is not led to the evidence, or to a form")
	}
	if a := rita.hand("/sites/hafen/papers", "", "", map[string]string{"kind": "agreement", "id": "mine", "why": "x"}); a.code != http.StatusForbidden {
		t.Errorf("the auditor records something: %d", a.code)
	}
	if a := olga.get("/sites/hafen/papers"); a.code != http.StatusForbidden {
		t.Errorf("the operator: %d", a.code)
	}
}
