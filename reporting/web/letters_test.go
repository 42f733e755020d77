package web_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heatledger/energy/access"
)

// dueTask is an item of the worklist with its letters.
type dueTask struct {
	Key, Code, State, Note string
	Site, Done             *string
	Letters                []struct{ Kind, Operator, On, Digest string }
}

// itemOf is the key of the first item of a code.
func itemOf(t *testing.T, s *site, token, day, code string) dueTask {
	t.Helper()
	var all []dueTask
	s.call(t, "GET", "/api/v1/worklist?on="+day, token, nil, nil, &all)
	at := slices.IndexFunc(all, func(i dueTask) bool { return i.Code == code })
	if at < 0 {
		t.Fatalf("nothing of code %s is due on %s", code, day)
	}
	return all[at]
}

func (s *site) send(t *testing.T, path, token string, body any) (code int, kind string, content []byte) {
	t.Helper()
	written, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer := s.call(t, "POST", path, token, bytes.NewReader(written), http.Header{"Content-Type": {"application/json"}}, nil)
	if content, err = io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Content-Type"), content
}

func TestTheOfficeWritesToEachOperatorAndTheWorklistShowsIt(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office := s.token(t, access.Office)
	request := itemOf(t, s, office, "2026-01-05", "operator_request")
	code, kind, content := s.send(t, "/api/v1/letters", office, map[string]any{"items": []string{request.Key}, "on": "2026-01-05", "form": "zip"})
	if code != http.StatusOK || kind != "application/zip" {
		t.Fatalf("%d %s %.300s", code, kind, content)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(z.File) != 4 {
		t.Fatalf("%v, %d files, want a PDF and a text for each of two operators", err, len(z.File))
	}
	after := itemOf(t, s, office, "2026-01-06", "operator_request")
	if len(after.Letters) != 2 || after.Letters[0].Kind != "request" || after.Letters[0].On != "2026-01-05" {
		t.Fatalf("the worklist shows %+v", after.Letters)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, ".txt") {
			own, other := "Standort: Hafen", "Standort: West"
			if strings.Contains(f.Name, "-request-b") {
				own, other = other, own
			}
			if text := string(body); !strings.Contains(text, "Angaben für 2025") || !strings.Contains(text, own) || strings.Contains(text, other) {
				t.Errorf("%s says %s", f.Name, body)
			}
			continue
		}
		sum := sha256.Sum256(body)
		if digest := hex.EncodeToString(sum[:]); digest != after.Letters[0].Digest && digest != after.Letters[1].Digest {
			t.Errorf("%s has digest %s, kept is %+v", f.Name, digest, after.Letters)
		}
	}
}

func TestALetterIsOneClickAndOnlyTheOfficesToWrite(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office := s.token(t, access.Office)
	report := itemOf(t, s, office, "2026-03-20", "report_due")
	wanted := map[string]any{"items": []string{report.Key}, "on": "2026-03-20", "lang": "en"}
	code, kind, content := s.send(t, "/api/v1/letters", office, wanted)
	if code != http.StatusOK || kind != "application/pdf" {
		t.Fatalf("%d %s %.300s", code, kind, content)
	}
	file := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v %s", err, out)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").Output()
	if err != nil || !strings.Contains(string(text), "in 11 days") || !strings.Contains(string(text), "31 March 2026") {
		t.Errorf("the letter says %s, %v", text, err)
	}
	for _, tt := range []struct {
		says   string
		token  string
		body   map[string]any
		status int
	}{
		{"an auditor", s.token(t, access.Auditor), wanted, http.StatusForbidden},
		{"an operator", s.token(t, access.Operator, "hafen"), wanted, http.StatusForbidden},
		{"the office of one site", s.token(t, access.Office, "hafen"), wanted, http.StatusForbidden},
		{"an item that is not there", office, map[string]any{"items": []string{"report_due/nowhere"}}, http.StatusNotFound},
		{"nothing", office, map[string]any{}, http.StatusBadRequest},
		{"the office's own task", office, map[string]any{"items": []string{itemOf(t, s, office, "2026-03-20", "council_paper").Key}, "on": "2026-03-20"}, http.StatusConflict},
		{"another form", office, map[string]any{"items": []string{report.Key}, "form": "docx"}, http.StatusBadRequest},
		{"two letters as one text", office, map[string]any{"items": []string{report.Key, report.Key}, "on": "2026-03-20", "form": "txt"}, http.StatusBadRequest},
	} {
		if code, _, content := s.send(t, "/api/v1/letters", tt.token, tt.body); code != tt.status {
			t.Errorf("%s: %d, want %d: %.200s", tt.says, code, tt.status, content)
		}
	}
	if after := itemOf(t, s, office, "2026-03-20", "report_due"); len(after.Letters) != 1 {
		t.Errorf("one letter was written, %d are kept", len(after.Letters))
	}
}

func TestTheOfficeSaysWhatItHasDone(t *testing.T) {
	t.Parallel()
	s := newTown(t, false)
	office := s.token(t, access.Office)
	var today []dueTask
	s.call(t, "GET", "/api/v1/worklist", office, nil, nil, &today)
	at := slices.IndexFunc(today, func(i dueTask) bool { return i.Code == "council_paper" && i.State != "done" })
	if at < 0 {
		t.Fatal("no council paper is to come")
	}
	key := today[at].Key
	find := func() dueTask {
		var all []dueTask
		s.call(t, "GET", "/api/v1/worklist", office, nil, nil, &all)
		return all[slices.IndexFunc(all, func(i dueTask) bool { return i.Key == key })]
	}
	if code, _, content := s.send(t, "/api/v1/worklist/done", office, map[string]any{"item": key, "done": "2026-01-02", "note": "Vorlage 12"}); code != http.StatusOK || !strings.Contains(string(content), `"state":"done"`) {
		t.Fatalf("%d %s", code, content)
	}
	if after := find(); after.State != "done" || after.Done == nil || *after.Done != "2026-01-02" || after.Note != "Vorlage 12" {
		t.Errorf("afterwards %+v", after)
	}
	if code, _, _ := s.send(t, "/api/v1/worklist/done", office, map[string]any{"item": key}); code != http.StatusOK || find().State == "done" {
		t.Errorf("taken back with %d it is %+v", code, find())
	}
	report := itemOf(t, s, office, "2026-03-20", "report_due").Key
	for says, tt := range map[string]struct {
		token, item, day string
		status           int
	}{
		"a day to come":              {office, key, "2200-01-01", http.StatusBadRequest},
		"what the operator is to do": {office, report, "2026-01-02", http.StatusNotFound},
		"an auditor":                 {s.token(t, access.Auditor), key, "2026-01-02", http.StatusForbidden},
	} {
		if code, _, content := s.send(t, "/api/v1/worklist/done", tt.token, map[string]any{"item": tt.item, "done": tt.day}); code != tt.status {
			t.Errorf("%s: %d, want %d: %s", says, code, tt.status, content)
		}
	}
}
