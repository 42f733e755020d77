package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
)

// newDesk is an office with its people, and a year of hafen with a day of readings.
func newDesk(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, true)
	for login, g := range map[string]access.Grant{"anna": {Role: access.Office, Everywhere: true}, "olga": {Role: access.Operator, Sites: []energy.SiteID{"hafen"}}, "rita": {Role: access.Auditor, Everywhere: true}} {
		o.account(t, login, g)
	}
	return o
}

// hand hands in a file as a browser does, and gives the answer.
func (p *person) hand(path, name, content string, fields map[string]string) answered {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			p.t.Fatal(err)
		}
	}
	if name != "" {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			p.t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
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
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{answer, answer.StatusCode, string(text), answer.Header.Get("Location")}
}

// read asks for JSON.
func (p *person) read(path string, v any) {
	p.t.Helper()
	a := p.get(path)
	if a.code != http.StatusOK {
		p.t.Fatalf("%s: %d %s", path, a.code, a.text)
	}
	if err := json.Unmarshal([]byte(a.text), v); err != nil {
		p.t.Fatalf("%s: %s: %v", path, a.text, err)
	}
}

func (o *office) close(t *testing.T, site energy.SiteID) {
	t.Helper()
	if _, err := closing.New(ledger.New(o.store, "Europe/Berlin"), slog.New(slog.DiscardHandler)).Site(t.Context(), site); err != nil {
		t.Fatal(err)
	}
}

type inboxAnswer []struct {
	Kind, Site, ID, State, Point, Text string
	At                                 string
	Facts                              map[string]int64
}

func (l inboxAnswer) of(kind string) (found inboxAnswer) {
	for _, i := range l {
		if i.Kind == kind {
			found = append(found, i)
		}
	}
	return found
}

type effectAnswer struct {
	Figures []struct {
		Period, Name  string
		Before, After *struct {
			Value    *float64
			Coverage float64 `json:"energy_coverage"`
		}
	}
}

func TestTheInboxSaysWhatASubmissionMovedAndTheOfficeAcceptsIt(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	var sub struct{ ID, Status string }
	a := olga.hand("/api/v1/submissions", "day.csv", dayCSV(), nil)
	if a.code != http.StatusCreated {
		t.Fatalf("hand in: %d %s", a.code, a.text)
	}
	if err := json.Unmarshal([]byte(a.text), &sub); err != nil {
		t.Fatal(err)
	}
	o.close(t, "hafen")
	var inbox inboxAnswer
	anna.read("/api/v1/inbox", &inbox)
	found := inbox.of("submission")
	if len(found) != 1 || found[0].ID != sub.ID || found[0].Facts["hafen"] == 0 {
		t.Fatalf("the inbox is %+v, want submission %s", inbox, sub.ID)
	}
	if a := olga.get("/api/v1/inbox"); a.code != http.StatusForbidden {
		t.Errorf("the operator looks into the office's inbox: %d", a.code)
	}
	var effect effectAnswer
	anna.read("/api/v1/sites/hafen/facts/"+number(found[0].Facts["hafen"])+"/effect", &effect)
	moved := false
	for _, f := range effect.Figures {
		if f.Period != "2025" {
			t.Errorf("a day of 2025 moved %s of %s", f.Name, f.Period)
		}
		moved = moved || f.Name == "pue" && f.After != nil && f.After.Coverage > 0 && (f.Before == nil || f.Before.Coverage == 0)
	}
	if !moved {
		t.Errorf("the submission moved %+v, want the coverage of the PUE from nothing", effect.Figures)
	}
	page := "/inbox/submissions/" + sub.ID
	if a := anna.get("/inbox"); a.code != 200 || !strings.Contains(a.text, page) || !strings.Contains(a.text, "day.csv") {
		t.Errorf("the page of the inbox: %d", a.code)
	}
	if a := anna.get(page); a.code != 200 || !strings.Contains(a.text, "What moved by it") || !strings.Contains(a.text, "PUE") {
		t.Errorf("the page of the submission: %d", a.code)
	}
	rita := o.person(t).in("rita")
	if a := rita.get("/inbox"); a.code != 200 || !strings.Contains(a.text, page) {
		t.Errorf("the auditor does not read the inbox: %d", a.code)
	}
	if a := rita.get(page); a.code != 200 || !strings.Contains(a.text, "What moved by it") || strings.Contains(a.text, `name="step"`) {
		t.Errorf("the auditor reads the submission, and is offered nothing to do: %d", a.code)
	}
	if a := rita.post(page, "step", "accept"); a.code != http.StatusForbidden {
		t.Errorf("the auditor accepts it: %d", a.code)
	}
	var read inboxAnswer
	if rita.read("/api/v1/inbox", &read); len(read.of("submission")) != 1 {
		t.Errorf("the auditor's inbox is %+v", read)
	}
	if a := olga.post(page, "step", "accept"); a.code != http.StatusForbidden {
		t.Errorf("the operator accepts it himself: %d", a.code)
	}
	if a := anna.post(page, "step", "ask_back", "text", ""); a.code < 400 || a.code == 500 {
		t.Errorf("asked back without words: %d", a.code)
	}
	if a := anna.post(page, "step", "ask_back", "text", "<b>Which meter?</b>"); a.code != http.StatusSeeOther {
		t.Errorf("asked back: %d %s", a.code, notice(a.text))
	}
	if a := anna.get(page); !strings.Contains(a.text, "&lt;b&gt;Which meter?&lt;/b&gt;") {
		t.Error("what was asked is not shown as it was said")
	}
	if a := anna.post(page, "step", "accept", "text", ""); a.code != http.StatusSeeOther {
		t.Errorf("accepted: %d %s", a.code, notice(a.text))
	}
	anna.read("/api/v1/inbox?kind=submission", &inbox)
	if len(inbox) != 0 {
		t.Errorf("after it was accepted the inbox holds %+v", inbox)
	}
	// Who did it stands in the history, with where it is proven.
	var history []struct {
		Fact                              int64
		Who, Name, Role, Kind, Why, Proof string
	}
	anna.read("/api/v1/sites/hafen/history?kind=submission", &history)
	if len(history) != 3 || history[0].Name != "Name of anna" || history[0].Role != "office" || history[1].Why != "<b>Which meter?</b>" || history[2].Name != "Name of olga" || history[2].Proof != "/api/v1/sites/hafen/facts/"+number(history[2].Fact)+"/proof" {
		t.Errorf("the history is %+v", history)
	}
	// The operator sees it of his own site, and the office as such.
	if a := olga.get("/sites/hafen/history"); a.code != 200 || !strings.Contains(a.text, "Name of olga") || strings.Contains(a.text, "Name of anna") || !strings.Contains(a.text, "&lt;b&gt;Which meter?&lt;/b&gt;") || !strings.Contains(a.text, "once the operator was heard") {
		t.Errorf("the operator's page of the history: %d, with a name of the office: %v", a.code, strings.Contains(a.text, "Name of anna"))
	}
	if a := olga.get("/api/v1/sites/hafen/history"); a.code != 200 || !strings.Contains(a.text, "Which meter?") || strings.Contains(a.text, "Name of anna") {
		t.Errorf("the operator's program reads the history: %d", a.code)
	}
	history = nil
	olga.read("/api/v1/sites/hafen/history?kind=submission", &history)
	if len(history) != 3 || history[0].Name != "Office" || history[0].Role != "office" || history[2].Name != "Name of olga" || history[2].Role != "operator" {
		t.Errorf("the operator's program reads %+v", history)
	}
	if a := olga.get("/sites/kaiserlei/history"); a.code != http.StatusNotFound {
		t.Errorf("the operator sees the history of another site: %d", a.code)
	}
	if a := anna.get("/sites/hafen/history"); a.code != 200 || !strings.Contains(a.text, "Name of olga") || !strings.Contains(a.text, "/facts/") {
		t.Errorf("the page of the history: %d", a.code)
	}
}

func number(n int64) string { text, _ := json.Marshal(n); return string(text) } // of a number: it never errs

// TestAFallenCounterIsSettledFromThePage hands in a counter that falls, and closes
// the case by what was read off both meters.
func TestAFallenCounterIsSettledFromThePage(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	var rows strings.Builder
	rows.WriteString("point,at,value,unit\n")
	for i, value := range []string{"1000", "1010", "1020", "5", "15", "25"} {
		rows.WriteString("hafen/grid,2026-02-03T0" + number(int64(i)) + ":00:00Z," + value + ",kWh\n")
	}
	if a := olga.hand("/api/v1/submissions", "fall.csv", rows.String(), map[string]string{"partial": "false", "explain": `[]`}); a.code != http.StatusCreated {
		var asked struct {
			Submission struct {
				ID   string
				Rows []struct{ Code string }
			}
		}
		if err := json.Unmarshal([]byte(a.text), &asked); err != nil || asked.Submission.ID == "" {
			t.Fatalf("hand in: %d %s", a.code, a.text)
		}
		explain := []map[string]any{}
		for _, row := range asked.Submission.Rows {
			explain = append(explain, map[string]any{"code": row.Code, "text": "the meter was exchanged"})
		}
		if code, problem := olga.asks("/api/v1/submissions/"+asked.Submission.ID+"/submit", map[string]any{"explain": explain}, nil); code != http.StatusCreated {
			t.Fatalf("hand in with what explains it: %d %s", code, problem)
		}
	}
	o.close(t, "hafen")
	var inbox inboxAnswer
	anna.read("/api/v1/inbox?kind=case", &inbox)
	if len(inbox) != 1 || inbox[0].Point != "hafen/grid" {
		t.Fatalf("the open cases are %+v", inbox)
	}
	form := "/sites/hafen/events"
	if a := anna.get(form + "?point=hafen/grid&at=2026-02-03T02:30:00Z"); a.code != 200 || !strings.Contains(a.text, `value="hafen-main" selected`) {
		t.Errorf("the form: %d", a.code)
	}
	fields := []string{"kind", "meter_exchange", "meter", "hafen-main", "point", "hafen/grid", "at", "2026-02-03T02:30:00Z", "final", "1025 kWh", "start", "0 kWh", "new_serial", "4711", "why", "protocol of the fitter"}
	if a := olga.post(form, fields...); a.code != http.StatusForbidden {
		t.Errorf("the operator settles it himself: %d", a.code)
	}
	wrong := append([]string{}, fields...)
	wrong[11] = ""
	if a := anna.post(form, wrong...); a.code != http.StatusUnprocessableEntity || !strings.Contains(notice(a.text), "The first state of the new meter") || !strings.Contains(a.text, `value="1025 kWh"`) {
		t.Errorf("without the first state: %d %s", a.code, notice(a.text))
	}
	a := anna.post(form, fields...)
	if a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/sites/hafen/facts/") {
		t.Fatalf("settle: %d to %s %s", a.code, a.to, notice(a.text))
	}
	o.close(t, "hafen")
	anna.read("/api/v1/inbox?kind=case", &inbox)
	if len(inbox) != 0 {
		t.Errorf("after it was settled the open cases are %+v", inbox)
	}
	if page := anna.get(a.to); page.code != 200 || !strings.Contains(page.text, "What moved by it") {
		t.Errorf("what it moved: %d", page.code)
	}
	var history []struct{ Kind, Name, Why string }
	anna.read("/api/v1/sites/hafen/history?kind=registry_change", &history)
	if len(history) != 2 || history[0].Name != "Name of anna" || history[0].Why != "protocol of the fitter" {
		t.Errorf("the history is %+v, want the event and the meter's new number", history)
	}
}

func TestAnAgreementIsRecordedWithItsDocument(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	const pdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
	fields := map[string]string{"kind": "agreement", "id": "agreed-2026", "title": "Heat for the pool", "from": "2026-01-01", "to": "2026-12-31", "facts": "heat_price: 0.04\n", "why": "council resolution 12"}
	if a := olga.hand("/sites/hafen/papers", "agreed.pdf", pdf, fields); a.code != http.StatusForbidden {
		t.Errorf("the operator records an agreement of the town: %d", a.code)
	}
	if a := anna.hand("/sites/hafen/papers", "agreed.pdf", "<html><script>alert(1)</script>", fields); a.code != http.StatusUnprocessableEntity || notice(a.text) == "" {
		t.Errorf("a page that is called PDF: %d %s", a.code, notice(a.text))
	}
	if a := anna.hand("/sites/hafen/papers", "agreed.pdf", pdf, fields); a.code != http.StatusSeeOther || a.to != "/sites/hafen/papers" {
		t.Fatalf("record it: %d %s", a.code, notice(a.text))
	}
	if a := anna.hand("/sites/hafen/papers", "", "", fields); a.code != http.StatusUnprocessableEntity {
		t.Errorf("the same again: %d", a.code)
	}
	r, err := ledger.New(o.store, "Europe/Berlin").Registry(t.Context())
	if err != nil || len(r.Evidence) != 1 || r.Evidence[0].ID != "agreed-2026" || !strings.HasPrefix(r.Evidence[0].Digest, "sha256:") || r.Evidence[0].To != (energy.Date{Year: 2027, Month: 1, Day: 1}) {
		t.Fatalf("the registry has %+v, %v", r.Evidence, err)
	}
	if a := anna.get("/sites/hafen/papers"); !strings.Contains(a.text, "agreed-2026: Heat for the pool") || !strings.Contains(a.text, "31 December 2026") {
		t.Error("what was recorded is not listed")
	}
	if a := o.person(t).in("olga").get("/sites/hafen/evidence"); !strings.Contains(a.text, "agreed.pdf") || strings.Contains(a.text, "Name of anna") {
		t.Error("the operator does not see the document, or sees who of the office recorded it")
	}
	if a := anna.get("/sites/hafen/evidence"); !strings.Contains(a.text, "<small>you</small>") || !strings.Contains(a.text, "Documents: 1") {
		t.Errorf("the list of documents does not say who handed it in: %s", a.text)
	}
	a := anna.get("/api/v1/sites/hafen/evidence/" + strings.TrimPrefix(r.Evidence[0].Digest, "sha256:"))
	if a.code != 200 || a.text != pdf || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the document: %d %v", a.code, a.Header)
	}
}

func TestTheOfficeDeletesADocumentAndItsFactStays(t *testing.T) {
	t.Parallel()
	o := newDesk(t)
	anna, olga := o.person(t).in("anna"), o.person(t).in("olga")
	fields := map[string]string{"about": "commitment:heat"}
	if a := anna.hand("/sites/hafen/evidence", "face.pdf", smallPDF, fields); a.code != http.StatusSeeOther {
		t.Fatalf("hand in: %d %s", a.code, notice(a.text))
	}
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(smallPDF)))
	page, bytes := "/sites/hafen/evidence", "/api/v1/sites/hafen/evidence/"+digest
	if a := olga.get(page); strings.Contains(a.text, "/removal") {
		t.Error("the operator is offered to delete it")
	}
	if a := olga.post(page+"/"+digest+"/removal", "why", "mine"); a.code != http.StatusForbidden {
		t.Errorf("the operator deletes it: %d", a.code)
	}
	if a := anna.post(page+"/"+digest+"/removal", "why", " "); a.code != http.StatusUnprocessableEntity || notice(a.text) == "" {
		t.Errorf("without a reason: %d %s", a.code, notice(a.text))
	}
	if a := anna.get(page); !strings.Contains(a.text, page+"/"+digest+"/removal") {
		t.Error("the office is not offered to delete it")
	}
	if a := anna.post(page+"/"+digest+"/removal", "why", "a face is to be seen"); a.code != http.StatusSeeOther {
		t.Fatalf("the office deletes it: %d %s", a.code, notice(a.text))
	}
	if a := anna.get(bytes); a.code != http.StatusGone {
		t.Errorf("its bytes: %d", a.code)
	}
	if a := olga.get(page); !strings.Contains(a.text, "a face is to be seen") || !strings.Contains(a.text, digest) || strings.Contains(a.text, "/removal") || strings.Contains(a.text, "Name of anna") {
		t.Error("the operator does not see that it was deleted, and why")
	}
	if code, problem := anna.asks(bytes+"/removal", map[string]any{"reason": "again"}, nil); code != http.StatusGone || problem != "removed" {
		t.Errorf("once more: %d %s", code, problem)
	}
}
