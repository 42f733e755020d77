package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
)

// send posts a form with a file as a browser does.
func (p *person) send(path, name string, file []byte, fields ...string) answered {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			p.t.Fatal(err)
		}
	}
	if name != "" {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), "POST", p.office.URL+path, &body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header = p.header.Clone()
	r.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatalf("POST %s: %v", path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{answer, answer.StatusCode, string(text), answer.Header.Get("Location")}
}

// follow goes where an answer sends the browser.
func (p *person) follow(a answered) answered {
	p.t.Helper()
	if a.code != http.StatusSeeOther {
		p.t.Fatalf("answered %d, not sent on: %s", a.code, plain(a.text))
	}
	return p.get(a.to)
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<style.*?</style>|<[^>]*>`)

// plain is what a page says, without its markup.
func plain(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

func operatorOf(sites ...energy.SiteID) access.Grant {
	return access.Grant{Role: access.Operator, Sites: sites}
}

// hours is a table of counter readings as a building management system exports
// them.
const hours = "Zeit;UPS Zählerstand kWh\n03.06.2025 00:00;10,5\n03.06.2025 01:00;11,5\n04.06.2025 00:00;34,5\n"

// mapped fills in the form of the columns as a person does.
func mapped(more ...string) []string {
	return append([]string{"sheet", "", "column", "A", "header.A", "Zeit", "is.A", "time", "column", "B", "header.B", "UPS Zählerstand kWh", "is.B", "value", "point.B", "hafen/it", "unit.B", "kWh",
		"header", "1", "first", "0", "decimal", ",", "thousands", "", "zone", "Europe/Berlin", "label", "", "step", ""}, more...)
}

func TestAnOperatorHandsInByForms(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "stranger", operatorOf("kaiserlei"))
	o.account(t, "amt", access.Grant{Role: access.Office, Everywhere: true})
	p := o.person(t).in("olga")
	if page := p.get("/hand-in"); page.code != 200 || !strings.Contains(page.text, `href="/api/v1/sites/hafen/template.xlsx?lang=en"`) || strings.Contains(plain(page.text), "Kaiserlei") {
		t.Fatalf("the first page: %d %s", page.code, plain(page.text))
	}
	if page := p.send("/hand-in", "", nil); page.code != 400 || !strings.Contains(plain(page.text), "No file is chosen") {
		t.Errorf("without a file: %d %s", page.code, plain(page.text))
	}
	mapping := p.send("/hand-in", "bms.csv", []byte(hours))
	if !strings.HasSuffix(mapping.to, "/mapping") {
		t.Fatalf("an unknown table: %d to %q %s", mapping.code, mapping.to, plain(mapping.text))
	}
	page := p.follow(mapping)
	if page.code != 200 || !strings.Contains(page.text, `value="time" selected`) || !strings.Contains(plain(page.text), "Example: 10,5") {
		t.Fatalf("the proposal: %d %s", page.code, plain(page.text))
	}
	p.header.Set("Accept-Language", "de")
	for sentence, send := range map[string]func() answered{
		"Keine Spalte ist die Zeit.": func() answered {
			bare := mapped()
			bare[slices.Index(bare, "time")] = "ignore"
			return p.post(mapping.to, bare...)
		},
		"Die Datei ist leer.":       func() answered { return p.send("/hand-in", "a.csv", nil) },
		"Das ist ein PDF.":          func() answered { return p.send("/hand-in", "a.pdf", []byte(smallPDF)) },
		"ist beschädigt oder keine": func() answered { return p.send("/hand-in", "a.xlsx", []byte("PK\x03\x04 and no more")) },
	} {
		if a := send(); a.code != 422 || !strings.Contains(plain(a.text), sentence) {
			t.Errorf("in German it is %d %s, want %q", a.code, plain(a.text), sentence)
		}
	}
	p.header.Set("Accept-Language", "en")
	timeless := mapped()
	timeless[slices.Index(timeless, "time")] = "ignore"
	if wrong := p.post(mapping.to, timeless...); wrong.code != 422 || !strings.Contains(plain(wrong.text), "That did not work") {
		t.Errorf("a mapping without a time: %d %s", wrong.code, plain(wrong.text))
	}
	preview := p.follow(p.post(mapping.to, mapped("save", "BMS", "save_site", "hafen")...))
	if text := plain(preview.text); preview.code != 200 || !strings.Contains(text, "new 3") || !strings.Contains(preview.text, `id="by-months"`) || !strings.Contains(preview.text, `id="by-days"`) {
		t.Fatalf("the preview: %d %s", preview.code, text)
	}
	id := strings.Split(mapping.to, "/")[2]
	if csv := p.get("/hand-in/" + id + "/charts/days?point=hafen/it"); csv.code != 200 || !strings.Contains(csv.text, "2025-06-03,,24") {
		t.Errorf("the days as CSV: %d %s", csv.code, csv.text)
	}
	if other := o.person(t).in("stranger").get("/hand-in/" + id); other.code != 404 {
		t.Errorf("a stranger sees the draft: %d", other.code)
	}
	receipt := p.follow(p.post("/hand-in/" + id + "/submit"))
	if text := plain(receipt.text); receipt.code != 200 || !strings.Contains(text, "Receipt E-000001") || !strings.Contains(text, "heatledger verify --receipt") {
		t.Fatalf("the receipt: %d %s", receipt.code, text)
	}
	again := p.send("/hand-in", "bms.csv", []byte(strings.ReplaceAll(hours, "11,5", "12,5")))
	if strings.HasSuffix(again.to, "/mapping") {
		t.Errorf("the saved mapping was not recognised")
	}
	conflict := p.follow(again)
	if text := plain(conflict.text); !strings.Contains(text, "B3") || !strings.Contains(text, "other than what is known") {
		t.Fatalf("a second word: %s", text)
	}
	correction := p.follow(p.post(again.to+"/correct", "reason", "misread"))
	if !strings.Contains(plain(correction.text), "new or corrected 1") {
		t.Fatalf("as a correction: %s", plain(correction.text))
	}
	p.follow(p.post(again.to + "/submit"))
	office := o.person(t).in("amt")
	office.follow(office.post("/hand-in/"+id+"/ask_back", "text", "Why so little?", "row", "3"))
	if text := plain(p.get("/hand-in/" + id).text); !strings.Contains(text, "asked back") || !strings.Contains(text, "Why so little?") {
		t.Errorf("asked back: %s", text)
	}
	p.follow(p.post("/hand-in/"+id+"/answer", "text", "The hall was empty"))
	p.follow(p.post("/hand-in/"+id+"/comment", "text", "See the plan", "from", "2025-06-03", "to", "2025-06-04"))
	gone := p.follow(p.post("/hand-in/"+id+"/withdraw", "reason", "wrong meter"))
	for _, want := range []string{"withdrawn", "wrong meter", "The hall was empty", "3 June 2025 – 4 June 2025", "(row 3)"} {
		if !strings.Contains(plain(gone.text), want) {
			t.Errorf("the history does not say %q: %s", want, plain(gone.text))
		}
	}
}

func TestOddRowsAreExplainedAndWrongOnesNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t).in("olga")
	p.header.Set("Accept-Language", "de")
	var file strings.Builder
	file.WriteString("point;at;value\nhafen/it;2025-06-03T00:00:00Z;-5\n")
	for range 60 { // no two that follow each other are refused for the same
		file.WriteString("kaiserlei/it;2025-06-03T00:00:00Z;5\nhafen/nowhere;2025-06-03T00:00:00Z;5\n")
	}
	sent := p.send("/hand-in", "a.csv", []byte(file.String()))
	page := p.follow(sent)
	if text := plain(page.text); !strings.Contains(text, "Seite 1 von 3") || !strings.Contains(text, "Werte unter null") || !strings.Contains(text, "Für diesen Messpunkt dürfen Sie nicht einreichen") {
		t.Fatalf("the preview: %s", text)
	}
	if more := p.get(sent.to + "?page=2"); !strings.Contains(plain(more.text), "Seite 2 von 3") {
		t.Errorf("the second page: %s", plain(more.text))
	}
	if kept := p.post(sent.to+"/submit", "partial", "yes"); kept.code != 422 || !strings.Contains(plain(kept.text), "Noch nicht eingereicht") {
		t.Errorf("without a word: %d %s", kept.code, plain(kept.text))
	} else if english := p.get(sent.to + "?lang=en"); english.code != 200 || !strings.Contains(kept.text, `href="`+sent.to+`?lang=en"`) {
		t.Errorf("a form that came back does not lead to its page in the other language: %d", english.code)
	}
	receipt := p.follow(p.post(sent.to+"/submit", "partial", "yes", "explain.negative_value", "Speisung ins Netz"))
	if !strings.Contains(plain(receipt.text), "E-000001") {
		t.Errorf("explained: %s", plain(receipt.text))
	}
	if done := plain(p.get(sent.to).text); !strings.Contains(done, "Speisung ins Netz") || strings.Contains(done, "erläutern Sie es") {
		t.Errorf("what was explained is asked for again: %s", done)
	}
}

func TestRowsRefusedAlikeAreOneLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t).in("olga")
	file := "point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n" + strings.Repeat("kaiserlei/it;2025-06-03T00:00:00Z;5\n", 200) + "hafen/it;2025-06-04T00:00:00Z;a lot\n"
	page := plain(p.follow(p.send("/hand-in", "a.csv", []byte(file))).text)
	if !strings.Contains(page, "3 – 202") || !strings.Contains(page, "rejected 201") || strings.Contains(page, "Page 1 of") {
		t.Errorf("two hundred rows of another's meter: %s", page)
	}
	if !strings.Contains(page, "You may not hand in for this point") || strings.Contains(page, "not your site") {
		t.Errorf("a rejection is not said in words: %s", page)
	}
	template := "Messpunkt*;Zeitpunkt oder Beginn*;Ende (nur bei Mengen);Wert*;Einheit\nhafen/it;03.06.1970 10:00;;5;kWh\nhafen/none;03.06.2025 10:00;;5;kWh\nhafen/it;03.06.2025 10:00;;5;Ampere\n"
	page = plain(p.follow(p.send("/hand-in", "b.csv", []byte(template))).text)
	for _, cell := range []string{"B2", "A3", "E4"} {
		if !strings.Contains(page, "Cell: "+cell) {
			t.Errorf("the page names no cell %s: %s", cell, page)
		}
	}
}

// TestColleaguesAreNamed: whoever works for a site sees by name who else does, and the
// office as such; the office's people are no colleagues.
func TestColleaguesAreNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "otto", operatorOf("hafen"))
	o.account(t, "amt", access.Grant{Role: access.Office, Everywhere: true})
	olga, otto, amt := o.person(t).in("olga"), o.person(t).in("otto"), o.person(t).in("amt")
	sent := olga.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	olga.follow(olga.post(sent.to + "/submit"))
	amt.follow(amt.post(sent.to+"/ask_back", "text", "Why so little?"))
	page := plain(otto.get(sent.to).text)
	for want, there := range map[string]bool{"Name of olga": true, "Office": true, "Name of amt": false, "account": false} {
		if strings.Contains(strings.ReplaceAll(page, "My account", ""), want) != there {
			t.Errorf("a colleague sees %q: %v; %s", want, !there, page)
		}
	}
	if receipt := plain(otto.get(sent.to + "/receipt").text); !strings.Contains(receipt, "Name of olga") {
		t.Errorf("the receipt, seen by a colleague: %s", receipt)
	}
}

func TestTwoPeopleHandInByForms(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "otto", operatorOf("hafen"))
	if _, err := o.store.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.SetFourEyes(ctx, "op", true, "test", "")
	}); err != nil {
		t.Fatal(err)
	}
	olga, otto := o.person(t).in("olga"), o.person(t).in("otto")
	sent := olga.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	waits := olga.follow(olga.post(sent.to + "/submit"))
	if text := plain(waits.text); !strings.Contains(text, "waits for approval") || strings.Contains(text, "Approve and hand in") {
		t.Fatalf("olga sees %s", text)
	}
	if own := olga.post(sent.to + "/approve"); own.code != 403 || !strings.Contains(plain(own.text), "another person") {
		t.Errorf("olga approves: %d %s", own.code, plain(own.text))
	}
	if list := plain(otto.get("/hand-in").text); !strings.Contains(list, "waits for approval") {
		t.Errorf("otto's list: %s", list)
	}
	back := otto.follow(otto.post(sent.to+"/give-back", "reason", "the 5 is a 6"))
	if back.code != 200 || strings.Contains(plain(back.text), "a.csv") { // it is olga's draft again
		t.Errorf("given back, otto sees %d %s", back.code, plain(back.text))
	}
	if draft := plain(olga.get(sent.to).text); !strings.Contains(draft, "the 5 is a 6") {
		t.Errorf("olga's draft: %s", draft)
	}
	olga.follow(olga.post(sent.to + "/submit"))
	if receipt := plain(otto.follow(otto.post(sent.to + "/approve")).text); !strings.Contains(receipt, "E-000001") {
		t.Errorf("otto approves: %s", receipt)
	}
}

func TestADraftIsThrownAwayOnItsPageAndByPrograms(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "otto", operatorOf("hafen"))
	olga, otto := o.person(t).in("olga"), o.person(t).in("otto")
	first := olga.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	second := olga.send("/hand-in", "b.csv", []byte("point;at;value\nhafen/it;2025-06-04T00:00:00Z;x\n"))
	third := olga.send("/hand-in", "c.csv", []byte("Zeit;Strom\n2025-06-04;7\n"))
	for name, sent := range map[string]answered{"a.csv": first, "b.csv": second, "c.csv": third} {
		if page := olga.follow(sent); !strings.Contains(page.text, "/discard\"") {
			t.Errorf("the page of %s offers no way to throw it away: %d %s", name, page.code, sent.to)
		}
	}
	if a := otto.post(first.to + "/discard"); a.code != http.StatusNotFound {
		t.Errorf("a colleague throws it away: %d", a.code)
	}
	if a := olga.post(first.to + "/discard"); a.code != http.StatusSeeOther || a.to != "/hand-in" {
		t.Errorf("thrown away: %d %s", a.code, plain(a.text))
	}
	api := "/api/v1/submissions" + strings.TrimPrefix(second.to, "/hand-in") + "/discard"
	if code, problem := otto.asks(api, nil, nil); code != http.StatusNotFound || problem != "no_submission" {
		t.Errorf("a colleague's program throws it away: %d %s", code, problem)
	}
	if code, problem := olga.asks(api, nil, nil); code != http.StatusOK {
		t.Errorf("thrown away by a program: %d %s", code, problem)
	}
	if list := plain(olga.get("/hand-in").text); strings.Contains(list, "a.csv") || strings.Contains(list, "b.csv") || !strings.Contains(list, "c.csv") {
		t.Errorf("what is left to hand in: %s", list)
	}
	handed := olga.send("/hand-in", "d.csv", []byte("point;at;value\nhafen/it;2025-06-05T00:00:00Z;9\n"))
	olga.post(handed.to + "/submit")
	if page := olga.get(handed.to); strings.Contains(page.text, "/discard\"") {
		t.Error("what was handed in can be thrown away by its page")
	}
	if a := olga.post(handed.to + "/discard"); a.code != http.StatusConflict || olga.get(handed.to).code != http.StatusOK {
		t.Errorf("what was handed in is thrown away: %d", a.code)
	}
}

// TestASiteLeadsToWhatOneMayDoThere looks at the page of a site as people who may do
// different things, and at where each of them begins.
func TestASiteLeadsToWhatOneMayDoThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "rita", access.Grant{Role: access.Auditor, Everywhere: true})
	o.account(t, "amt", access.Grant{Role: access.Office, Everywhere: true})
	handsIn := []string{`href="/hand-in"`, `href="/sites/hafen/read"`}
	looks := []string{`href="/sites/hafen/questionnaire`, `href="/sites/hafen/evidence"`, `href="/sites/hafen/completeness`}
	for _, tt := range []struct {
		login, begins string
		leads         []string
		not           []string
	}{
		{"olga", "/hand-in", slices.Concat(handsIn, looks), nil},
		{"amt", "/worklist", slices.Concat(handsIn, looks), nil},
		{"rita", "/", looks, handsIn},
	} {
		p := o.person(t)
		if a := p.post("/signin", "login", tt.login, "password", goodPassword); a.code != 303 || a.to != tt.begins {
			t.Errorf("%s begins at %q (%d), want %q", tt.login, a.to, a.code, tt.begins)
		}
		if a := o.person(t).post("/signin", "login", tt.login, "password", goodPassword, "next", "/meters"); a.to != "/meters" {
			t.Errorf("%s was on the way to the meters and is led to %q", tt.login, a.to)
		}
		page := p.get("/sites/hafen").text
		for _, want := range tt.leads {
			if !strings.Contains(page, want) {
				t.Errorf("for %s the page of the site has no link %s", tt.login, want)
			}
		}
		for _, never := range tt.not {
			if strings.Contains(page, never) {
				t.Errorf("for %s the page of the site has a link %s", tt.login, never)
			}
		}
	}
	if page := o.person(t).in("olga").get("/hand-in").text; !strings.Contains(page, `<a href="/sites/hafen">Hafen</a>`) || !strings.Contains(page, looks[0]) {
		t.Errorf("the first page of an operator leads to none of his sites: %s", page)
	}
}

// TestPeopleAreNamedNotNumbered looks at what somebody prints and reads: a receipt
// says who handed in, documents say what they are for.
func TestPeopleAreNamedNotNumbered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	p := o.person(t).in("olga")
	p.header.Set("Accept-Language", "de")
	sent := p.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	p.follow(p.post(sent.to + "/submit"))
	id := strings.Split(sent.to, "/")[2]
	pdf := p.get("/api/v1/submissions/" + id + "/receipt?format=pdf&lang=de")
	file := filepath.Join(t.TempDir(), "receipt.pdf")
	if err := os.WriteFile(file, []byte(pdf.text), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("read the receipt: %v", err)
	}
	for _, want := range []string{"Name of olga", "Hafen"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("the receipt does not say %q: %s", want, said)
		}
	}
	if strings.Contains(string(said), "account:") {
		t.Errorf("the receipt numbers people: %s", said)
	}
	for about, want := range map[string]string{"fact:water_in_m3@2025": "2025", "reading:hafen/it@2025-06-03T08:00:00Z": "Ablesung hafen/it, 3. Juni 2025, 10:00:00", "Vertrag mit den Werken": "Vertrag mit den Werken"} {
		if a := p.sendForm("/sites/hafen/evidence", map[string]string{"about": about}, "file", "bill.pdf", []byte(smallPDF)); a.code != 303 {
			t.Fatalf("hand in a document: %d %s", a.code, plain(a.text))
		}
		if list := plain(p.get("/sites/hafen/evidence").text); !strings.Contains(list, want) || strings.Contains(list, "fact:") || strings.Contains(list, "reading:") {
			t.Errorf("a document for %s is listed as %s", about, list)
		}
	}
}

func TestASiteWithoutPointsHasAnEmptyListOfThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	answer := s.call(t, "GET", "/api/v1/sites/kaiserlei/completeness?year=2025", "", nil, nil, nil)
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(text), `"points":[]`) {
		t.Errorf("its completeness: %d %s, %v", answer.StatusCode, text, err)
	}
}
