package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
)

// handedIn is what the API says of a submission, as far as these tests look at it.
type handedIn struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
	Status any    `json:"status"` // of a problem a number
	Code   string `json:"code"`
	Counts struct{ Rows, Accepted, Questionable, Rejected int }
	Rows   []struct {
		Row                                int
		Cell, Status, Code, Reason, Remedy string
	}
	Months     []struct{ Month string }
	Submission *handedIn `json:"submission"`
	Mapping    *struct {
		Proposal struct{ Mapping json.RawMessage }
	} `json:"mapping"`
	Receipt *struct {
		Digest string
		Facts  map[string]int64
	}
	Duplicate bool
}

// upload sends a form with a file.
func (s *site) upload(t *testing.T, path, token, name string, file []byte, fields map[string]string) (int, handedIn) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	var v handedIn
	answer := s.call(t, "POST", path, token, &body, http.Header{"Content-Type": {form.FormDataContentType()}}, &v)
	return answer.StatusCode, v
}

func TestAFileIsProposedPreviewedHandedInAndReceipted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, "operator", "hafen")
	file := []byte("Zeit;hafen-ups Stand kWh\n03.06.2025 00:00;10,5\n03.06.2025 01:00;11,5\n")
	status, asked := s.upload(t, "/api/v1/submissions?dry_run=true", token, "ups.csv", file, nil)
	if status != 422 || asked.Code != "mapping_needed" || asked.Mapping == nil {
		t.Fatalf("without a mapping: %d %+v", status, asked)
	}
	mapping := string(asked.Mapping.Proposal.Mapping)
	status, preview := s.upload(t, "/api/v1/submissions?dry_run=true", token, "ups.csv", file, map[string]string{"mapping": mapping})
	if status != 200 || preview.Status != "draft" || preview.Counts.Accepted != 2 || len(preview.Months) != 1 {
		t.Fatalf("looked at: %d %+v", status, preview)
	}
	var handed handedIn
	if answer := s.call(t, "POST", "/api/v1/submissions/"+preview.ID+"/submit", token, strings.NewReader("{}"), nil, &handed); answer.StatusCode != 201 || handed.Number == 0 || handed.Receipt == nil {
		t.Fatalf("handed in: %d %+v", answer.StatusCode, handed)
	}
	if answer := s.call(t, "PUT", "/api/v1/sites/hafen/mappings/ups", token, strings.NewReader(mapping), nil, nil); answer.StatusCode != 200 {
		t.Fatalf("save the mapping: %d", answer.StatusCode)
	}
	if status, again := s.upload(t, "/api/v1/submissions", token, "ups.csv", file, nil); status != 200 || !again.Duplicate || again.Number != handed.Number {
		t.Errorf("the same once more, read by the saved mapping: %d %+v", status, again)
	}
	pdf, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/submissions/"+preview.ID+"/receipt?format=pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	pdf.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(pdf)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if head, err := io.ReadAll(answer.Body); err != nil || !bytes.HasPrefix(head, []byte("%PDF-")) {
		t.Errorf("the receipt on paper: %v %.20q", err, head)
	}
	stranger := s.token(t, "operator", "kaiserlei")
	if answer := s.call(t, "GET", "/api/v1/submissions/"+preview.ID, stranger, nil, nil, nil); answer.StatusCode != 404 {
		t.Errorf("a stranger: %d, want 404", answer.StatusCode)
	}
	if answer := s.call(t, "POST", "/api/v1/submissions/"+preview.ID+"/steps", token, strings.NewReader(`{"step":"accept"}`), nil, nil); answer.StatusCode != 403 {
		t.Errorf("an operator accepts: %d, want 403", answer.StatusCode)
	}
	var accepted handedIn
	if s.call(t, "POST", "/api/v1/submissions/"+preview.ID+"/steps", s.token(t, "office"), strings.NewReader(`{"step":"accept"}`), nil, &accepted); accepted.Status != "accepted" {
		t.Errorf("the office accepts: %+v", accepted)
	}
}

func TestWrongRowsNameTheirCellAndRemedy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	status, v := s.upload(t, "/api/v1/submissions", s.token(t, "operator", "hafen"), "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;1.234\nkaiserlei/it;2025-06-03T00:00:00Z;5\n"), nil)
	if status != 422 || v.Code != "not_handed_in" || v.Submission == nil || len(v.Submission.Rows) != 2 {
		t.Fatalf("answered %d %+v", status, v)
	}
	for i, want := range []string{"C2 decimal_sign", "A3 not_your_site"} {
		row := v.Submission.Rows[i]
		if got := row.Cell + " " + row.Code; got != want || row.Reason == "" || row.Remedy == "" {
			t.Errorf("row %+v, want %s with reason and remedy", row, want)
		}
	}
}

func TestATooLargeUploadIsRefusedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	read := 0
	body := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/api/v1/submissions", io.LimitReader(body, 1<<30))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 1 << 30
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Authorization", "Bearer "+s.token(t, "operator"))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "by months") {
		t.Errorf("answered %d %s, %v", answer.StatusCode, text, err)
	}
	if read > 64<<20 {
		t.Errorf("%d bytes of 1 GiB were sent before the refusal", read)
	}
}

// TestATooLargeUploadWithoutALengthEndsAtTheLimit sends 1 GiB in chunks: nobody knows
// beforehand that it is too large, so it is refused where the limit is passed.
func TestATooLargeUploadWithoutALengthEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	read := 0
	content := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
	head := strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"year.csv\"\r\n\r\n")
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/api/v1/submissions", io.MultiReader(head, io.LimitReader(content, 1<<30), strings.NewReader("\r\n--x--\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if r.ContentLength > 0 {
		t.Fatalf("the request names its length, %d", r.ContentLength)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Authorization", "Bearer "+s.token(t, "operator"))
	answer, err := http.DefaultClient.Do(r)
	if err == nil { // the answer may be lost where the server hangs up on who goes on sending
		defer answer.Body.Close()
		if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "by months") {
			t.Errorf("answered %d %s", answer.StatusCode, text)
		}
	}
	if read < 200<<20 || read > 300<<20 {
		t.Errorf("%d bytes of 1 GiB were sent, want the 256 MiB that are taken and little more", read)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestTheTemplateIsReadBackWithoutAMapping(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, "operator", "hafen")
	for _, lang := range []string{"de", "en"} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/sites/hafen/template.xlsx?lang="+lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		f, err := excelize.OpenReader(answer.Body)
		if err != nil {
			t.Fatalf("open the template: %v", err)
		}
		sheet := f.GetSheetName(0)
		if rules, err := f.GetDataValidations(sheet); err != nil || len(rules) != 2 {
			t.Errorf("%d drop-downs, %v; want points and qualities", len(rules), err)
		}
		filled := 0
		for row := 2; row < 20; row++ {
			cell := "A" + string(rune('0'+row))
			id, _ := f.GetCellValue(sheet, cell)
			switch energy.PointID(id) {
			case "hafen/it":
				_ = f.SetCellStr(sheet, "B"+cell[1:], "26.10.2025 02:30B")
				_ = f.SetCellValue(sheet, "D"+cell[1:], 1234.5)
				filled++
			case "hafen/invoice":
				_ = f.SetCellValue(sheet, "B"+cell[1:], time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC))
				_ = f.SetCellValue(sheet, "C"+cell[1:], time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC))
				_ = f.SetCellValue(sheet, "D"+cell[1:], 900)
				filled++
			}
			if row >= 9 {
				break
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil || filled != 2 {
			t.Fatalf("fill in %d points: %v", filled, err)
		}
		status, v := s.upload(t, "/api/v1/submissions?dry_run=true", token, "template.xlsx", b.Bytes(), nil)
		if status != 200 || v.Counts.Accepted != 2 || v.Counts.Rejected != 0 {
			t.Errorf("%s: read back %d %+v", lang, status, v)
		}
	}
}
