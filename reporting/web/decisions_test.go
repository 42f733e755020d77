package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// heardYAML has a contract of 2025 that was kept or not, with the operator's
// agreement to publish.
const heardYAML = promisesYAML + `
evidence:
  - {id: agreed, kind: agreement, title: May be published, sites: [hafen], from: 2025-01-01}
`

// promise applies a registry of promises.
func promise(t *testing.T, l *ledger.Ledger, yaml string) {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := intake.New(l, intake.Options{}).Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
}

// newHearing is an office with people, and a judgement issued of hafen.
func newHearing(t *testing.T) (o *office, issued string) {
	t.Helper()
	o = newOffice(t, true)
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, heardYAML)
	list, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: energy.Date{Year: 2026, Month: 11, Day: 22}, Actor: "office", Reason: "yearly"})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		if i.Commitment == "heat" && i.Period == "2025" {
			issued = i.ID()
		}
	}
	if issued == "" {
		t.Fatal("no judgement of the contract of 2025 was issued")
	}
	for login, g := range map[string]access.Grant{"anna": {Role: access.Office, Everywhere: true}, "ben": {Role: access.Office, Everywhere: true},
		"olga": {Role: access.Operator, Sites: []energy.SiteID{"hafen"}}, "otto": {Role: access.Operator, Sites: []energy.SiteID{"kaiserlei"}},
		"rita": {Role: access.Auditor, Everywhere: true}, "paula": {Role: access.Public, Everywhere: true}} {
		o.account(t, login, g)
	}
	return o, issued
}

// asks posts JSON and reads the answer into v unless it is nil.
func (p *person) asks(path string, body, v any) (code int, problem string) {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), "POST", p.office.URL+path, bytes.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	var said struct{ Code string }
	if answer.StatusCode >= 400 {
		if err := json.Unmarshal(got, &said); err != nil {
			p.t.Fatalf("%s: %d %s", path, answer.StatusCode, got)
		}
	} else if v != nil {
		if err := json.Unmarshal(got, v); err != nil {
			p.t.Fatalf("%s: %s: %v", path, got, err)
		}
	}
	return answer.StatusCode, said.Code
}

const said = "Der Zähler stand still.\n<script>alert(1)</script> & mehr"

func TestAJudgementBecomesPublicWhenItWasHeardAndTwoPeopleDecided(t *testing.T) {
	t.Parallel()
	o, issued := newHearing(t)
	anna, ben, olga, otto, rita := o.person(t).in("anna"), o.person(t).in("ben"), o.person(t).in("olga"), o.person(t).in("otto"), o.person(t).in("rita")
	steps := "/api/v1/sites/hafen/assessments/issued/" + issued + "/steps"
	decisions := "/api/v1/sites/hafen/decisions"
	type m = map[string]any
	proposal := m{"judgement": issued, "act": "publish", "why": "resolution 12"}
	for _, tt := range []struct {
		sentence string
		who      *person
		path     string
		body     m
		code     int
		problem  string
	}{
		{"a reply before he was asked", olga, steps, m{"step": "reply", "text": said}, 404, "not_issued"},
		{"published unheard", anna, decisions, proposal, 409, "order"},
		{"heard by the operator himself", olga, steps, m{"step": "hear"}, 404, "not_issued"},
		{"heard by the auditor", rita, steps, m{"step": "hear"}, 403, "not_allowed"},
		{"heard by the office", anna, steps, m{"step": "hear"}, 200, ""},
		{"heard again", anna, steps, m{"step": "hear"}, 409, "order"},
		{"published within the term", anna, decisions, proposal, 409, "term"},
		{"a reply of another operator", otto, steps, m{"step": "reply", "text": said}, 404, "no_site"},
		{"a reply of the office", anna, steps, m{"step": "reply", "text": said}, 403, "not_allowed"},
		{"a reply without words", olga, steps, m{"step": "reply", "text": " "}, 422, "no_reason"},
		{"a reply", olga, steps, m{"step": "reply", "text": said, "last": true}, 200, ""},
		{"published by one person", anna, steps, m{"step": "publish"}, 409, "two_people"},
		{"proposed by the operator", olga, decisions, proposal, 403, "not_allowed"},
	} {
		if code, problem := tt.who.asks(tt.path, tt.body, nil); code != tt.code || problem != tt.problem {
			t.Errorf("%s: %d %s, want %d %s", tt.sentence, code, problem, tt.code, tt.problem)
		}
	}
	if seen, _ := o.published(t); len(seen.Judgements) != 0 {
		t.Fatalf("before two people decided everybody sees %+v", seen)
	}
	var d struct{ ID, State string }
	if code, problem := anna.asks(decisions, proposal, &d); code != 200 || d.State != "proposed" {
		t.Fatalf("propose: %d %s, %+v", code, problem, d)
	}
	if seen, _ := o.published(t); len(seen.Judgements) != 0 {
		t.Fatalf("by one person's decision everybody sees %+v", seen)
	}
	confirm := decisions + "/" + d.ID + "/steps"
	if code, problem := anna.asks(confirm, m{"step": "confirm"}, nil); code != 409 || problem != "same_person" {
		t.Errorf("confirmed by the same person: %d %s", code, problem)
	}
	if code, problem := olga.asks(confirm, m{"step": "confirm"}, nil); code != 403 {
		t.Errorf("confirmed by the operator: %d %s", code, problem)
	}
	if code, problem := ben.asks(confirm, m{"step": "confirm"}, nil); code != 200 {
		t.Fatalf("confirm: %d %s", code, problem)
	}
	seen, text := o.published(t)
	if len(seen.Judgements) != 1 || seen.Judgements[0].ID != issued || seen.Judgements[0].State != "published" || len(seen.Judgements[0].Replies) != 1 || seen.Judgements[0].Replies[0].Text != said {
		t.Fatalf("everybody sees %+v", seen)
	}
	for _, inner := range []string{"account:", "anna", "ben", "olga", "Name of"} {
		if strings.Contains(text, inner) {
			t.Errorf("everybody sees who: %s in %s", inner, text)
		}
	}
	page := o.person(t).get("/published")
	if page.code != 200 || !strings.Contains(page.text, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; mehr") || strings.Contains(page.text, "<script>alert") {
		t.Errorf("the page for everybody does not show the reply as it was said, or runs it: %d", page.code)
	}
	// It is withdrawn by two people too, and stays to be seen.
	if code, problem := anna.asks(steps, m{"step": "withdraw", "text": "wrong"}, nil); code != 409 || problem != "two_people" {
		t.Errorf("withdrawn by one person: %d %s", code, problem)
	}
	if code, problem := ben.asks(decisions, m{"judgement": issued, "act": "withdraw", "why": "the meter was wrong"}, &d); code != 200 {
		t.Fatalf("propose to withdraw: %d %s", code, problem)
	}
	if code, problem := anna.asks(decisions+"/"+d.ID+"/steps", m{"step": "confirm"}, nil); code != 200 {
		t.Fatalf("withdraw: %d %s", code, problem)
	}
	if seen, _ := o.published(t); len(seen.Judgements) != 1 || seen.Judgements[0].State != "withdrawn" || seen.Judgements[0].Why != "the meter was wrong" {
		t.Errorf("after it was withdrawn everybody sees %+v", seen)
	}
}

func TestACorrectionShowsBothJudgements(t *testing.T) {
	t.Parallel()
	o, first := newHearing(t)
	anna, ben, olga := o.person(t).in("anna"), o.person(t).in("ben"), o.person(t).in("olga")
	type m = map[string]any
	decisions := "/api/v1/sites/hafen/decisions"
	decide := func(body m) {
		t.Helper()
		var d struct{ ID string }
		if code, problem := anna.asks(decisions, body, &d); code != 200 {
			t.Fatalf("propose %v: %d %s", body, code, problem)
		}
		if code, problem := ben.asks(decisions+"/"+d.ID+"/steps", m{"step": "confirm"}, nil); code != 200 {
			t.Fatalf("confirm %v: %d %s", body, code, problem)
		}
	}
	hear := func(id string) {
		t.Helper()
		steps := "/api/v1/sites/hafen/assessments/issued/" + id + "/steps"
		if code, problem := anna.asks(steps, m{"step": "hear"}, nil); code != 200 {
			t.Fatalf("hear: %d %s", code, problem)
		}
		if code, problem := olga.asks(steps, m{"step": "reply", "text": "fine", "last": true}, nil); code != 200 {
			t.Fatalf("reply: %d %s", code, problem)
		}
	}
	hear(first)
	decide(m{"judgement": first, "act": "publish", "why": "yearly"})
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, strings.Replace(heardYAML, "4.5 GWh", "5 GWh", 1))
	again, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: energy.Date{Year: 2026, Month: 11, Day: 22}, Actor: "office", Reason: "the contract was misread"})
	if err != nil || len(again) == 0 {
		t.Fatalf("issue again: %d, %v", len(again), err)
	}
	second := again[0].ID()
	decide(m{"judgement": first, "act": "correct", "successor": second, "why": "the contract was misread"})
	seen, _ := o.published(t)
	if len(seen.Judgements) != 1 || seen.Judgements[0].State != "corrected" || seen.Judgements[0].Successor != "" {
		t.Errorf("while the operator is heard on the second everybody sees %+v", seen)
	}
	page := "/sites/hafen/judgements/" + first + "?lang=en"
	if a := anna.get(page); !strings.Contains(a.text, "confirmed and done") || strings.Contains(a.text, "in force") || !strings.Contains(a.text, "The one that took its place is not published yet") {
		t.Error("the office is told that the corrected judgement is in force, or not that the one in its place is unseen")
	}
	if a := olga.get(page); strings.Contains(a.text, "is not published yet") {
		t.Error("the operator is told what the office has to do")
	}
	hear(second)
	decide(m{"judgement": second, "act": "publish", "why": "corrected"})
	if a := anna.get(page); strings.Contains(a.text, "is not published yet") {
		t.Error("the office is told to publish what is published")
	}
	seen, _ = o.published(t)
	states := map[string]string{}
	for _, j := range seen.Judgements {
		states[j.ID] = j.State + " " + j.Successor
	}
	if len(states) != 2 || states[first] != "corrected "+second || states[second] != "published " {
		t.Errorf("everybody sees %v", states)
	}
	if page := o.person(t).get("/published"); !strings.Contains(page.text, `href="#j`+second+`"`) || !strings.Contains(page.text, `id="j`+second+`"`) {
		t.Error("the page does not lead from the corrected judgement to the one in its place")
	}
}

func TestTheHearingCanBeHeldOnPages(t *testing.T) {
	t.Parallel()
	o, issued := newHearing(t)
	anna, ben, olga := o.person(t).in("anna"), o.person(t).in("ben"), o.person(t).in("olga")
	page := "/sites/hafen/judgements/" + issued
	if a := anna.get("/sites/hafen/judgements"); a.code != 200 || !strings.Contains(a.text, page) {
		t.Fatalf("the list: %d", a.code)
	}
	if a := olga.get(page); a.code != 404 {
		t.Errorf("the operator sees a draft: %d", a.code)
	}
	if a := anna.get(page); !strings.Contains(a.text, "please write the operator a letter") {
		t.Error("the office is not told that no mail goes out")
	}
	if a := anna.post(page+"/hear", "why", ""); a.code != 303 || a.to != page {
		t.Fatalf("hear: %d %s", a.code, notice(a.text))
	}
	if a := anna.post(page+"/propose", "act", "publish", "why", "yearly"); a.code != 409 || !strings.Contains(notice(a.text), "term is still running") {
		t.Errorf("published within the term: %d %s", a.code, notice(a.text))
	}
	if a := olga.post(page+"/reply", "why", said, "last", "1"); a.code != 303 {
		t.Fatalf("reply: %d %s", a.code, notice(a.text))
	}
	if a := olga.get(page); strings.Contains(a.text, "Name of anna") || !strings.Contains(a.text, "Der Zähler stand still.") {
		t.Error("the operator sees who of the office it was, or not his own words")
	}
	if a := anna.post(page+"/propose", "act", "publish", "why", "yearly"); a.code != 303 {
		t.Fatalf("propose: %d %s", a.code, notice(a.text))
	}
	list, err := ledger.New(o.store, "Europe/Berlin").Decisions(t.Context(), "hafen", time.Time{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d decisions, %v", len(list), err)
	}
	confirm := "/sites/hafen/decisions/" + list[0].ID + "/confirm"
	if a := anna.get(page); !strings.Contains(a.text, "You proposed it") || strings.Contains(a.text, confirm) {
		t.Error("whoever proposed it is offered to confirm it")
	}
	if a := ben.get(page); !strings.Contains(a.text, confirm) || !strings.Contains(a.text, "Name of anna") {
		t.Error("the second person is not offered to confirm it, or does not see who proposed it")
	}
	if a := ben.post(confirm, "why", ""); a.code != 303 || a.to != page {
		t.Fatalf("confirm: %d to %s %s", a.code, a.to, notice(a.text))
	}
	if seen, _ := o.published(t); len(seen.Judgements) != 1 {
		t.Errorf("everybody sees %+v", seen)
	}
	var history []struct{ Kind, ID, Who, Why string }
	anna.read("/api/v1/sites/hafen/history", &history)
	var seen []struct{ Kind, ID string }
	olga.read("/api/v1/sites/hafen/history", &seen)
	told := false
	for _, c := range seen {
		told = told || c.Kind == "assessment" && c.ID == issued
		if (c.Kind == "hearing" || c.Kind == "assessment") && c.ID != issued {
			t.Errorf("the operator reads of a judgement on which he was not heard: %+v", c)
		}
	}
	if !told || len(seen) >= len(history) {
		t.Errorf("the operator sees %d changes of %d; the judgement on which he was heard: %v", len(seen), len(history), told)
	}
	kinds := ""
	for _, c := range history[:5] {
		kinds += c.Kind + " "
	}
	if kinds != "publication hearing publication hearing hearing " || history[5].Kind != "assessment" || history[5].Why != "yearly" {
		t.Errorf("the history begins with %s %+v", kinds, history[:6])
	}
}

func TestAJudgementIsCorrectedOnlyByOneOfTheSameThingAndTime(t *testing.T) {
	t.Parallel()
	o, first := newHearing(t)
	anna := o.person(t).in("anna")
	page := "/sites/hafen/judgements/" + first
	a := anna.get(page)
	if !strings.Contains(a.text, "<title>Judgement "+first) {
		t.Error("the title of the page does not say which judgement it is of")
	}
	if strings.Contains(a.text, `name="successor"`) || !strings.Contains(a.text, "No other judgement of the same promise and period") {
		t.Error("judgements of other promises or years are offered in place of the only one")
	}
	again, err := ledger.New(o.store, "Europe/Berlin").Issue(t.Context(), "hafen", ledger.Issuing{On: energy.Date{Year: 2026, Month: 11, Day: 23}, Actor: "office", Reason: "once more"})
	if err != nil {
		t.Fatal(err)
	}
	text := anna.get(page).text
	offered := strings.Count(text, "<option value=")
	for _, i := range again {
		if same := i.Commitment == "heat" && i.Period == "2025"; strings.Contains(text, `<option value="`+i.ID()+`"`) != same {
			t.Errorf("judgement %s of %s, %s: offered is %v", i.ID(), i.Commitment, i.Period, !same)
		} else if !same { // nor does the API take it, by either way
			for path, body := range map[string]map[string]any{
				"/api/v1/sites/hafen/assessments/issued/" + first + "/steps": {"step": "correct", "successor": i.ID(), "text": "misread"},
				"/api/v1/sites/hafen/decisions":                              {"judgement": first, "act": "correct", "successor": i.ID(), "why": "misread"},
			} {
				if code, problem := anna.asks(path, body, nil); code != 422 || problem != "other_promise" {
					t.Errorf("%s with judgement %s of %s, %s: %d %s", path, i.ID(), i.Commitment, i.Period, code, problem)
				}
			}
		}
	}
	if offered != 1 {
		t.Errorf("%d judgements are offered, want the one", offered)
	}
}

func TestTheNavigationLeadsOnlyWhereItsReaderMayGo(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	inside := []string{`href="/"`, `href="/commitments"`, `href="/portfolio"`, `href="/worklist"`, `href="/meters"`}
	nobody, anna := o.person(t), o.person(t).in("anna")
	for _, path := range []string{"/published", "/api", "/nowhere"} {
		_, outer, _ := strings.Cut(nobody.get(path).text, "<nav aria-label")
		outer, _, _ = strings.Cut(outer, "</nav>")
		_, inner, _ := strings.Cut(anna.get(path).text, "<nav aria-label")
		inner, _, _ = strings.Cut(inner, "</nav>")
		for _, link := range inside {
			if strings.Contains(outer, link) {
				t.Errorf("%s leads everybody to %s, which asks for a password", path, link)
			}
			if !strings.Contains(inner, link) {
				t.Errorf("%s does not lead the office to %s", path, link)
			}
		}
		if !strings.Contains(outer, `href="/signin"`) || !strings.Contains(outer, `href="/published"`) {
			t.Errorf("%s leads everybody neither to sign in nor to what is published: %s", path, outer)
		}
		if !strings.Contains(inner, `href="/account"`) || strings.Contains(inner, `href="/signin"`) {
			t.Errorf("%s takes the office for a stranger", path)
		}
	}
	if a := anna.post("/letters", "form", "pdf", "on", "2026-01-10"); a.code != 400 || !strings.Contains(a.text, "No entry is ticked") {
		t.Errorf("letters about nothing: %d", a.code)
	}
}
