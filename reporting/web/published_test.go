package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy/ledger"
)

// publishedAnswer is what everybody sees.
type publishedAnswer struct {
	Together []struct {
		Period, Figure string
		Value          *float64
	}
	Judgements []struct {
		ID, State, Why, Successor string
		Replies                   []struct{ Text string }
	}
	Figures []struct{ Site, Period, Figure, Basis string }
}

func (o *office) published(t *testing.T) (seen publishedAnswer, text string) {
	t.Helper()
	a := o.person(t).get("/api/v1/published")
	if a.code != http.StatusOK {
		t.Fatalf("what is published: %d %s", a.code, a.text)
	}
	if err := json.Unmarshal([]byte(a.text), &seen); err != nil {
		t.Fatal(err)
	}
	return seen, a.text
}

func TestThePublicSeesTheFiguresThatWereAgreedAndNothingElse(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	anna, ben, paula := o.person(t).in("anna"), o.person(t).in("ben"), o.person(t).in("paula")
	type m = map[string]any
	decisions := "/api/v1/sites/hafen/decisions"
	content := func(change m) m {
		c := m{"class": "by_agreement", "what": []string{"heat_delivered"}, "from": "2024-01-01", "to": "2026-01-01", "resolution": "year", "delay_days": 90, "agreement": "agreed", "why": "resolution 12"}
		for key, value := range change {
			c[key] = value
		}
		return c
	}
	for sentence, tt := range map[string]struct {
		change m
		code   int
	}{
		"an agreement nobody knows":    {m{"agreement": "rumour"}, 422},
		"metered without an agreement": {m{"agreement": ""}, 422},
		"no figure":                    {m{"what": []string{}}, 422},
		"a class nobody knows":         {m{"class": "public"}, 422},
		"a figure nobody knows":        {m{"what": []string{"heat_delivered", "nonsense"}}, 422},
	} {
		if code, problem := anna.asks(decisions, content(tt.change), nil); code != tt.code {
			t.Errorf("%s: %d %s, want %d", sentence, code, problem, tt.code)
		}
	}
	body := `{"class": "by_agreement", "what": ["nonsense"], "from": "2024-01-01", "to": "2026-01-01", "resolution": "year", "agreement": "agreed", "why": "x"}`
	answer, err := anna.client.Post(o.URL+decisions, "application/json", strings.NewReader(body)) //nolint:noctx // the client of the test ends with it
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var refused struct {
		Code  string
		Names []string
	}
	if err := json.NewDecoder(answer.Body).Decode(&refused); err != nil || refused.Code != "unknown_figure" || !slices.Contains(refused.Names, "heat_delivered") || !slices.Contains(refused.Names, "pfa-heat") {
		t.Errorf("a figure nobody knows is refused by %q with those there are: %v, %v", refused.Code, refused.Names, err)
	}
	var d struct{ ID string }
	if code, problem := anna.asks(decisions, content(nil), &d); code != 200 {
		t.Fatalf("propose: %d %s", code, problem)
	}
	if code, problem := ben.asks(decisions+"/"+d.ID+"/steps", m{"step": "confirm"}, nil); code != 200 {
		t.Fatalf("confirm: %d %s", code, problem)
	}
	seen, _ := o.published(t)
	periods := ""
	for _, f := range seen.Figures {
		if f.Site != "hafen" || f.Figure != "heat_delivered" || f.Basis != "measured" {
			t.Errorf("everybody sees %+v", f)
		}
		periods += f.Period + " "
	}
	if periods != "2024 2025 " {
		t.Errorf("everybody sees the years %q", periods)
	}
	// Of role public nothing else opens.
	for _, path := range []string{"/", "/sites/hafen", "/commitments", "/sites/hafen/judgements", "/sites/hafen/publication", "/inbox", "/sites/hafen/history", "/api/v1/sites", "/api/v1/sites/hafen/kpis?period=2025",
		"/api/v1/sites/hafen/assessments/issued", decisions, "/api/v1/worklist"} {
		if a := paula.get(path); a.code < 400 {
			t.Errorf("role public opens %s: %d", path, a.code)
		}
	}
	if a := paula.get("/published"); a.code != 200 || !strings.Contains(a.text, "Hafen") {
		t.Errorf("role public does not see what is published: %d", a.code)
	}
	if code, problem := ben.asks(decisions+"/"+d.ID+"/steps", m{"step": "revoke", "why": "the agreement ended"}, nil); code != 200 {
		t.Fatalf("revoke: %d %s", code, problem)
	}
	if seen, _ := o.published(t); len(seen.Figures) != 0 {
		t.Errorf("after it was revoked everybody sees %+v", seen)
	}
}

func TestASiteThatIsSeenOnlyTogetherIsNotSeenAlone(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	anna, ben := o.person(t).in("anna"), o.person(t).in("ben")
	decisions := "/api/v1/sites/hafen/decisions"
	var d struct{ ID string }
	before := time.Now()
	if code, problem := anna.asks(decisions, map[string]any{"class": "aggregate_only", "what": []string{"heat_delivered"}, "from": "2025-01-01", "to": "2026-01-01", "resolution": "month", "why": "resolution 13"}, &d); code != 200 {
		t.Fatalf("propose: %d %s", code, problem)
	}
	if code, problem := ben.asks(decisions+"/"+d.ID+"/steps", map[string]any{"step": "confirm"}, nil); code != 200 {
		t.Fatalf("confirm: %d %s", code, problem)
	}
	seen, _ := o.published(t)
	if len(seen.Figures) != 0 || len(seen.Together) != 1 || seen.Together[0].Value != nil || seen.Together[0].Figure != "heat_delivered" || seen.Together[0].Period != "2025" {
		t.Errorf("everybody sees %+v", seen)
	}
	page := o.person(t).get("/published").text
	if !strings.Contains(page, "held back") || strings.Contains(page, "GWh") || strings.Contains(page, "MWh") {
		t.Error("the page does not hold the sum of a single site back")
	}
	if sheet := o.person(t).get("/api/v1/published?format=csv").text; !strings.Contains(sheet, "\naggregate_only,,0,2025,heat_delivered,,,,measured,,,\n") {
		t.Errorf("the table says %s", sheet)
	}
	for at, want := range map[time.Time]int{before: 0, time.Now(): 1} {
		var known []struct{ ID string }
		if anna.read(decisions+"?as_known_at="+at.UTC().Format(time.RFC3339Nano), &known); len(known) != want {
			t.Errorf("at %s %d decisions are known, want %d", at, len(known), want)
		}
	}
}

func TestWhatWasDeclaredIsPublishedInWords(t *testing.T) {
	t.Parallel()
	o, _ := newHearing(t)
	anna, ben := o.person(t).in("anna"), o.person(t).in("ben")
	promise(t, ledger.New(o.store, "Europe/Berlin"), strings.Replace(heardYAML, "    commitments:", `    declarations:
      - {to: federal_register, year: 2025, field: enefg-2f, value: 1.35, unit: "1", on: 2026-04-02}
      - {to: federal_register, year: 2025, field: enefg-2a-drawn, value: 1500.5, unit: MWh, on: 2026-04-02}
    commitments:`, 1))
	decisions := "/api/v1/sites/hafen/decisions"
	for _, content := range []map[string]any{
		{"class": "public_by_law", "what": []string{"enefg-2f", "enefg-2a-drawn"}, "from": "2025-01-01", "to": "2026-01-01", "resolution": "year", "why": "EnEfG"},
		{"class": "by_agreement", "what": []string{"heat_delivered"}, "from": "2025-01-01", "to": "2025-02-01", "resolution": "month", "agreement": "agreed", "why": "resolution 12"},
	} {
		var d struct{ ID string }
		if code, problem := anna.asks(decisions, content, &d); code != 200 {
			t.Fatalf("propose: %d %s", code, problem)
		}
		if code, problem := ben.asks(decisions+"/"+d.ID+"/steps", map[string]any{"step": "confirm"}, nil); code != 200 {
			t.Fatalf("confirm: %d %s", code, problem)
		}
	}
	for lang, words := range map[string][]string{
		"de": {"(enefg-2f)", "<td role=\"cell\">1,35</td>", "1.500,5", "Bundesregister", "<td role=\"cell\">Januar 2025</td>"},
		"en": {"(enefg-2f)", "<td role=\"cell\">1.35</td>", "1,500.5", "federal register", "<td role=\"cell\">January 2025</td>"}} {
		page := o.person(t).get("/published?lang=" + lang).text
		for _, word := range words {
			if !strings.Contains(page, word) {
				t.Errorf("the page in %s does not say %q", lang, word)
			}
		}
		if strings.Contains(page, "<td role=\"cell\">enefg-2f</td>") {
			t.Errorf("the page in %s shows a code in place of a name", lang)
		}
	}
}
