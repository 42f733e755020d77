package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/cell"
)

const (
	questionsPath = "/api/v1/sites/hafen/questionnaire?year=2025"
	smallPDF      = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
)

// asked is what the API says of a questionnaire, as far as these tests look at it.
type asked struct {
	Version   int
	Waiting   bool
	Questions []struct {
		Name, Label, State string
		Feeds              []string
		Answer             struct{ Value string }
		Before             *struct {
			Value    any
			Document string
		}
	}
	Counts map[string]int
	Handed *struct {
		Fact   int64
		Digest string
		Actor  string
	} `json:"handed_in"`
	Code       string
	Submission []struct{ Question, Code, Cell string }
}

func (a asked) state(name string) string {
	for _, q := range a.Questions {
		if q.Name == name {
			return q.State + " " + q.Answer.Value
		}
	}
	return "no question"
}

func (s *site) answer(t *testing.T, token, body string) (int, asked) {
	t.Helper()
	var v asked
	a := s.call(t, "POST", questionsPath, token, strings.NewReader(body), http.Header{"Content-Type": {"application/json"}}, &v)
	return a.StatusCode, v
}

func (s *site) questions(t *testing.T, token string) (v asked) {
	t.Helper()
	if a := s.call(t, "GET", questionsPath, token, nil, nil, &v); a.StatusCode != 200 {
		t.Fatalf("the questionnaire: %d", a.StatusCode)
	}
	return v
}

func TestTheQuestionnaireIsSavedMendedAndHandedIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	if v := s.questions(t, token); v.Version != 0 || v.Counts["open"] < 50 || v.state("refrigerant") != "open " {
		t.Fatalf("before anything: version %d, %v, %s", v.Version, v.Counts, v.state("refrigerant"))
	}
	if code, v := s.answer(t, token, `{"version":0,"answers":{"refrigerant":{"value":"R-134a"},"storage_capacity_pb":{"value":"lots"}}}`); code != 200 || v.Version != 1 {
		t.Fatalf("saved: %d %+v", code, v.Version)
	}
	code, v := s.answer(t, token, `{"version":1,"submit":true,"answers":{"refrigerant":{"value":"R-134a"},"storage_capacity_pb":{"value":"lots"},"has_feed_in":{"value":"maybe"}}}`)
	if code != 422 || v.Code != "bad_answers" || len(v.Submission) != 2 {
		t.Fatalf("with faults: %d %+v", code, v)
	}
	code, v = s.answer(t, token, `{"version":1,"submit":true,"answers":{"refrigerant":{"value":"R-134a"},"storage_capacity_pb":{"value":"2.5"}}}`)
	if code != 201 || v.Handed == nil || v.Handed.Fact == 0 || len(v.Handed.Digest) != 64 || v.state("refrigerant") != "answered R-134a" {
		t.Fatalf("handed in: %d %+v", code, v.Handed)
	}
	if code, v := s.answer(t, token, `{"version":1,"answers":{}}`); code != 409 || v.Code != "saved_over" {
		t.Errorf("over a draft that is gone: %d %s", code, v.Code)
	}
	a := s.call(t, "GET", "/api/v1/sites/hafen/forms/eu-2024-1364?year=2025", token, nil, nil, nil)
	if text, err := io.ReadAll(a.Body); err != nil || !strings.Contains(string(text), "refrigerant@2025") {
		t.Errorf("the EU form does not rest on the answer: %d, %v", a.StatusCode, err)
	}
	var receipt struct{ Digest string }
	if a := s.call(t, "GET", "/api/v1/sites/hafen/questionnaire/receipt?year=2025", token, nil, nil, &receipt); a.StatusCode != 200 || receipt.Digest == "" {
		t.Errorf("the receipt: %d %+v", a.StatusCode, receipt)
	}
	if code, _ := s.answer(t, s.token(t, access.Auditor, "hafen"), `{"version":0,"answers":{"refrigerant":{"value":"x"}}}`); code != 403 {
		t.Errorf("an auditor answers: %d", code)
	}
}

func TestTheQuestionnaireIsFilledInOffLine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	answer := s.call(t, "GET", questionsPath+"&format=xlsx", token, nil, nil, nil)
	whole, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatalf("open the workbook: %v", err)
	}
	rows, err := book.GetRows("questionnaire")
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, value any) {
		for i, row := range rows {
			if len(row) > 2 && row[2] == name {
				if err := book.SetCellValue("questionnaire", fmt.Sprintf("I%d", i+1), value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	set("water_in_m3", 1.234)
	set("refrigerant", "R-134a")
	set("bandwidth_in_gbs", "1.234")
	send := func() (int, asked) {
		var file bytes.Buffer
		if err := book.Write(&file); err != nil {
			t.Fatal(err)
		}
		return s.sendTable(t, token, "questionnaire.xlsx", file.Bytes())
	}
	code, v := send()
	if code != 422 || len(v.Submission) != 1 || v.Submission[0].Code != "ambiguous" || !strings.HasPrefix(v.Submission[0].Cell, "I") {
		t.Fatalf("a text that may mean two numbers: %d %+v", code, v.Submission)
	}
	set("bandwidth_in_gbs", "1,25")
	if code, v = send(); code != 200 || v.state("water_in_m3") != "drafted 1.2340" || v.state("bandwidth_in_gbs") != "drafted 1,25" || v.Handed != nil {
		t.Fatalf("the workbook as a draft: %d, %s, %s", code, v.state("water_in_m3"), v.state("bandwidth_in_gbs"))
	}
	german := "site;year;question;answer\nhafen;2025;refrigerant;R-32\nkaiserlei;2025;structure;structure\n"
	if code, v = s.sendTable(t, token, "a.csv", []byte(german)); code != 422 || v.Submission[0].Code != "whole" {
		t.Errorf("a row of another site: %d %+v", code, v.Submission)
	}
	if code, v = s.sendTable(t, token, "a.csv", []byte(strings.Split(german, "kaiserlei")[0])); code != 200 || v.state("refrigerant") != "drafted R-32" {
		t.Errorf("a CSV with semicolons: %d %s", code, v.state("refrigerant"))
	}
	for _, answer := range []string{"=a", "'=a", "'s-Gas", "R-32;=a"} { // protected on the way out, and read back as it was
		var table strings.Builder
		out := cell.NewWriter(&table)
		if err := out.WriteAll([][]string{{"site", "year", "question", "answer"}, {"hafen", "2025", "refrigerant", answer}}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if code, v = s.sendTable(t, token, "a.csv", []byte(table.String())); code != 200 || v.state("refrigerant") != "drafted "+answer {
				t.Errorf("the answer %q is read back as %q (%d)", answer, v.state("refrigerant"), code)
			}
			again, err := io.ReadAll(s.call(t, "GET", questionsPath+"&format=csv", token, nil, nil, nil).Body)
			if err != nil {
				t.Fatal(err)
			}
			table.Reset()
			table.Write(again)
		}
	}
	if code, v = s.sendTable(t, token, "a.csv", []byte("a,b\n1,2\n")); code != 400 || v.Code != "faults" {
		t.Errorf("another table: %d %s", code, v.Code)
	}
}

func (s *site) sendTable(t *testing.T, token, name string, file []byte) (int, asked) {
	t.Helper()
	body, kind := fileForm(t, nil, "file", name, file)
	var v asked
	a := s.call(t, "POST", questionsPath, token, body, http.Header{"Content-Type": {kind}}, &v)
	return a.StatusCode, v
}

// fileForm is a form with a file.
func fileForm(t *testing.T, fields map[string]string, field, name string, file []byte) (*bytes.Buffer, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := form.CreateFormFile(field, name)
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return &body, form.FormDataContentType()
}

// sendForm posts a form with a file as a browser does.
func (p *person) sendForm(path string, fields map[string]string, field, name string, file []byte) answered {
	p.t.Helper()
	body, kind := fileForm(p.t, fields, field, name, file)
	r, err := http.NewRequestWithContext(p.t.Context(), "POST", p.office.URL+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header = p.header.Clone()
	r.Header.Set("Content-Type", kind)
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

func TestThePageOfTheQuestionnaireNamesAllFaultsBesideTheirFields(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	o.account(t, "eva", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}})
	p := o.person(t).in("eva")
	const path = "/sites/hafen/questionnaire?year=2025"
	a := p.sendForm(path, map[string]string{"version": "0", "do": "submit", "v.storage_capacity_pb": "viel", "v.water_in_m3": "1.204", "v.refrigerant": "R-134a"}, "f.refrigerant", "list.csv", []byte("<html>"))
	for _, want := range []string{`href="#v.storage_capacity_pb"`, `id="e.storage_capacity_pb"`, `aria-describedby="h.water_in_m3 e.water_in_m3" aria-invalid="true"`, `value="viel"`, `href="#v.refrigerant"`, "1204"} {
		if a.code != 422 || !strings.Contains(a.text, want) {
			t.Errorf("with faults %d, without %s", a.code, want)
		}
	}
	a = p.sendForm(path, map[string]string{"version": "0", "do": "save", "v.storage_capacity_pb": "viel"}, "", "", nil)
	if a.code != 303 || !strings.Contains(p.get(a.to).text, `value="viel"`) {
		t.Fatalf("a draft with a fault is not kept: %d %s", a.code, a.to)
	}
	a = p.sendForm(path, map[string]string{"version": "1", "do": "submit", "v.water_in_m3": "1204,5", "v.refrigerant": "R-134a"}, "f.water_in_m3", "bill.pdf", []byte(smallPDF))
	if a.code != 303 || !strings.Contains(a.to, "done=handed") {
		t.Fatalf("handed in: %d %s", a.code, a.text)
	}
	a = p.get(a.to)
	if !regexp.MustCompile(`id="d\.water_in_m3" name="d\.water_in_m3" value="sha256:[0-9a-f]{64}"`).MatchString(a.text) || !strings.Contains(a.text, `id="r.water_in_m3"`) {
		t.Error("the document does not stand beside the answer, or no reason is asked for a change")
	}
	next := p.get("/sites/hafen/questionnaire?year=2026").text
	if !strings.Contains(next, "as before: confirm or change") || !strings.Contains(next, `name="c.refrigerant"`) || strings.Contains(next, `name="c.refrigerant" checked`) {
		t.Error("next year's form is not filled in to be confirmed")
	}
	a = p.sendForm("/sites/hafen/questionnaire?year=2026", map[string]string{"version": "0", "do": "submit", "v.refrigerant": "R-134a", "all.building": "on"}, "", "", nil)
	if a.code != 303 {
		t.Errorf("a section confirmed as a whole: %d", a.code)
	}
	if a := p.get("/sites/kaiserlei/questionnaire?year=2025"); a.code != 404 {
		t.Errorf("another site's questionnaire: %d", a.code)
	}
}

func TestTwoPeopleReleaseAQuestionnaireInTheBrowser(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	grant := access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}}
	o.account(t, "eva", grant)
	o.account(t, "max", grant)
	if _, err := o.store.Append(t.Context(), store.Municipality, setFourEyes); err != nil {
		t.Fatal(err)
	}
	eva, max := o.person(t).in("eva"), o.person(t).in("max")
	const path = "/sites/hafen/questionnaire?year=2025"
	if a := eva.sendForm(path, map[string]string{"version": "0", "do": "submit", "v.refrigerant": "R-134a"}, "", "", nil); a.code != 303 || !strings.Contains(a.to, "done=waiting") {
		t.Fatalf("the first: %d %s", a.code, a.to)
	}
	if a := eva.get(path); strings.Contains(a.text, `value="release"`) || !strings.Contains(a.text, "second person") {
		t.Error("the first person is offered to release it")
	}
	if a := eva.sendForm(path, map[string]string{"version": "1", "do": "release"}, "", "", nil); a.code != 422 {
		t.Errorf("the first person releases it: %d", a.code)
	}
	if a := max.get(path); !strings.Contains(a.text, `value="release"`) {
		t.Error("the second is not offered to release it")
	}
	if a := max.sendForm(path, map[string]string{"version": "1", "do": "release"}, "", "", nil); a.code != 303 || !strings.Contains(max.get(a.to).text, "(by: Name of eva)") {
		t.Errorf("the second: %d %s", a.code, a.to)
	}
}

func TestADocumentIsSavedNeverShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	const path = "/api/v1/sites/hafen/evidence"
	send := func(path, token, name string, file []byte) (int, string) {
		body, kind := fileForm(t, map[string]string{"about": "commitment:erf"}, "file", name, file)
		var v struct {
			SHA256, Code string
		}
		a := s.call(t, "POST", path, token, body, http.Header{"Content-Type": {kind}}, &v)
		return a.StatusCode, v.SHA256 + v.Code
	}
	code, digest := send(path, token, `Rechnung "März".pdf`, []byte(smallPDF))
	if code != 201 || len(digest) != 64 {
		t.Fatalf("a PDF: %d %s", code, digest)
	}
	for name, file := range map[string]string{"a.svg": "<svg/>", "a.csv": "<html><script>", "a.png": smallPDF, "a.pdf": "MZ"} {
		if code, why := send(path, token, name, []byte(file)); code != 400 || why != "faults" {
			t.Errorf("%s: %d %s", name, code, why)
		}
	}
	a := s.call(t, "GET", path+"/"+digest, token, nil, nil, nil)
	body, err := io.ReadAll(a.Body)
	if err != nil || string(body) != smallPDF {
		t.Errorf("it comes back as %q, %v", body, err)
	}
	for header, want := range map[string]string{"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Content-Type": "application/pdf"} {
		if got := a.Header.Get(header); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	for sentence, path := range map[string]string{"a digest nobody knows": path + "/" + strings.Repeat("0", 64), "no digest": path + "/..%2f..%2fetc%2fpasswd"} {
		if a := s.call(t, "GET", path, token, nil, nil, nil); a.StatusCode != 404 {
			t.Errorf("%s: %d", sentence, a.StatusCode)
		}
	}
	stranger := s.token(t, access.Operator, "kaiserlei")
	for _, path := range []string{path + "/" + digest, path, "/api/v1/sites/kaiserlei/evidence/" + digest} {
		if a := s.call(t, "GET", path, stranger, nil, nil, nil); a.StatusCode != 404 {
			t.Errorf("another operator reads %s: %d", path, a.StatusCode)
		}
	}
	if code, _ := send(path, stranger, "a.pdf", []byte(smallPDF)); code != 404 {
		t.Errorf("another operator hands it in here: %d", code)
	}
	if code, _ := send(path, s.token(t, access.Auditor, "hafen"), "a.pdf", []byte(smallPDF)); code != 403 {
		t.Errorf("an auditor hands it in: %d", code)
	}
}

func TestCompletenessIsSaidOfEachPointAndDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Office)
	s.fill(t, token)
	var v struct {
		Points []struct {
			Point     string
			DaysDue   int `json:"days_due"`
			Intervals []struct {
				State, From, To string
				Days            int
				Share           *float64 `json:"energy_share_ratio"`
			}
		}
	}
	if a := s.call(t, "GET", "/api/v1/sites/hafen/completeness?year=2025", token, nil, nil, &v); a.StatusCode != 200 || len(v.Points) != 4 {
		t.Fatalf("completeness: %d %+v", a.StatusCode, v)
	}
	found := false
	for _, p := range v.Points {
		days := 0
		for _, i := range p.Intervals {
			days += i.Days
			found = found || i.State == "complete" && i.From <= "2025-06-03" && "2025-06-03" < i.To && i.Share != nil && *i.Share > 0
		}
		if days != 365 {
			t.Errorf("%s has %d days", p.Point, days)
		}
	}
	if !found {
		t.Errorf("no point has the day that was filled: %+v", v.Points)
	}
	a := s.call(t, "GET", "/api/v1/sites/hafen/completeness?year=2025&format=csv", token, nil, nil, nil)
	text, err := io.ReadAll(a.Body)
	if err != nil || !strings.HasPrefix(string(text), "site,year,point") || !strings.Contains(string(text), "hafen/grid") {
		t.Errorf("the table: %.100s, %v", text, err)
	}
}

func setFourEyes(ctx context.Context, f *store.Fact) error {
	return f.SetFourEyes(ctx, "op", true, "account:9", "")
}
