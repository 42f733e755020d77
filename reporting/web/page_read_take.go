package web

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
	"heatledger/reporting/words"
)

// readEntry is what somebody read at a meter.
type readEntry struct {
	point, text, at, pass, explain string
	key                            string
	value                          energy.Value
	instant                        time.Time
	twice                          bool
	photo                          []byte
	photoName                      string
}

// The codes by which an explanation of a reading by hand is kept.
const (
	explainBelow = "reading_below_last"
	explainAbove = "reading_above_expected"
)

// takeRead answers POST /sites/{site}/read: the reading goes the way of a file with
// one row. The same reading of the same meter is one submission, however often it
// arrives; programs (Accept: application/json) are told in JSON.
func (s *Server) takeRead(w http.ResponseWriter, r *http.Request, p *page) error {
	entry, err := entryOf(w, r)
	if err != nil {
		return err
	}
	body, err := s.readPage(r, p, entry.point)
	if err != nil {
		return err
	}
	body.Value, body.At, body.Explain, body.Key = entry.text, entry.at, entry.explain, cmp.Or(entry.key, rand.Text())
	if err := p.understand(&entry); err != nil {
		body.Twice = entry.twice
		return s.readTrouble(w, r, p, body, err)
	}
	p.bounds(&body.Point, entry.instant) // not by now: who types it may have read it days ago
	below, above := body.Point.strange(entry)
	if (below || above) && entry.explain == "" {
		key := map[bool]string{true: "read.below", false: "read.above"}[below]
		body.Ask = append(body.Ask, p.T(key, body.Point.Last, body.Point.High))
		return s.readAsks(w, r, p, body)
	}
	photo, err := photoOf(body, entry)
	if err != nil {
		return s.readTrouble(w, r, p, body, err)
	}
	sub, err := s.takeEntry(r, p, body, entry, below, above)
	if err != nil {
		return s.readTrouble(w, r, p, body, err)
	}
	if sub.Number == 0 && sub.State == submission.Draft {
		return s.readKept(w, r, p, body, sub)
	}
	if photo.Size > 0 {
		if err := s.recordPhoto(r, p, photo, sub); err != nil {
			return err
		}
	}
	return s.readDone(w, r, p, sub)
}

// strange tells whether a reading lies below the last or beyond what is expected.
func (m meterToRead) strange(entry readEntry) (below, above bool) {
	e := m.expected
	if !e.known || entry.instant.Before(e.at) {
		return false, false
	}
	v := entry.value.Float64()
	_, high := e.between(entry.instant)
	return v < e.last.Float64(), !math.IsNaN(high) && v > high
}

// entryOf reads the form, with its photo.
func entryOf(w http.ResponseWriter, r *http.Request) (e readEntry, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, exhibit.Most+fieldLimit)
	if err := r.ParseMultipartForm(fieldLimit); err != nil {
		return e, formProblem(err)
	}
	defer r.MultipartForm.RemoveAll() //nolint:errcheck // temporary files, removed at the end anyway
	e = readEntry{point: r.PostFormValue("point"), text: strings.TrimSpace(r.PostFormValue("value")), at: strings.TrimSpace(r.PostFormValue("at")), pass: r.PostFormValue("pass"),
		explain: strings.TrimSpace(r.PostFormValue("explain")), key: r.PostFormValue("key")}
	file, head, err := r.FormFile("photo")
	if errors.Is(err, http.ErrMissingFile) || err == nil && head.Size == 0 {
		return e, nil
	}
	if err != nil {
		return e, formProblem(err)
	}
	defer file.Close()
	e.photoName = head.Filename
	e.photo, err = io.ReadAll(file)
	return e, err
}

// understand reads value and time. What may be read in two ways is asked back.
func (p *page) understand(e *readEntry) (err error) {
	if e.value, err = p.typedNumber(e.text); err != nil {
		return err
	}
	e.instant, e.twice, err = p.instantOf(e.at, e.pass)
	return err
}

// photoOf is the photo as it is kept: without the place where it was taken. It errs
// for what is none.
func photoOf(body *readPage, e readEntry) (u exhibit.Upload, err error) {
	if len(e.photo) == 0 {
		return u, nil
	}
	bare := exhibit.WithoutPlace(e.photo)
	form, _, err := exhibit.Inspect(e.photoName, bytes.NewReader(bare), int64(len(bare)))
	if err == nil && form != exhibit.JPEG && form != exhibit.PNG {
		err = energy.Faults{{Code: "document_photo", Problem: "the photo is a document of the form " + string(form), Remedy: "take a photo (JPEG or PNG)"}}
	}
	return exhibit.Upload{Site: energy.SiteID(body.ID), Name: e.photoName, About: "reading:" + body.Point.ID + "@" + e.instant.Format(time.RFC3339),
		File: bytes.NewReader(bare), Size: int64(len(bare)), Digest: sha256.Sum256(bare)}, err
}

// takeEntry hands the reading in, as a file with one row.
func (s *Server) takeEntry(r *http.Request, p *page, body *readPage, e readEntry, below, above bool) (submission.Submission, error) {
	file := fmt.Appendf(nil, "point,at,value\n%s,%s,%s\n", body.Point.ID, e.instant.Format(time.RFC3339), e.value)
	u := submission.Upload{Name: "reading-" + body.Point.Short + "-" + e.instant.Format("20060102T1504Z") + ".csv", File: bytes.NewReader(file), Size: int64(len(file)), Digest: sha256.Sum256(file)}
	if below {
		u.Explain = append(u.Explain, intake.Explanation{Code: explainBelow, Text: e.explain})
	}
	if above {
		u.Explain = append(u.Explain, intake.Explanation{Code: explainAbove, Text: e.explain})
	}
	sub, err := s.handing().Take(r.Context(), p.who.submitter(), u)
	if err != nil || sub.State != submission.Draft || e.explain == "" || sub.Report.Refused() || len(sub.Report.Open()) == 0 {
		return sub, err
	}
	var explain []intake.Explanation
	for _, q := range sub.Report.Open() {
		explain = append(explain, intake.Explanation{Code: q.Code, Text: e.explain})
	}
	return s.handing().HandIn(r.Context(), p.who.submitter(), sub.ID, explain, false)
}

// recordPhoto makes the photo evidence of the reading, once.
func (s *Server) recordPhoto(r *http.Request, p *page, photo exhibit.Upload, sub submission.Submission) error {
	shelf := exhibit.New(s.options.Store)
	list, err := shelf.List(r.Context(), photo.Site)
	if err != nil {
		return err
	}
	for _, known := range list {
		if known.Digest == hex.EncodeToString(photo.Digest[:]) && known.About == photo.About {
			return nil // it came before, and the answer was lost
		}
	}
	kept, err := shelf.Take(r.Context(), photo, p.who.actor)
	if err != nil || sub.Number == 0 {
		return err
	}
	_, err = s.handing().Note(r.Context(), p.who.submitter(), sub.ID, submission.Step{Kind: submission.StepComment, Text: p.T("read.photo.kept", kept.Name) + " " + kept.Document(), Row: 2})
	return err
}

// readSaid is what the page by the meter tells its script.
type readSaid struct {
	State   string `json:"state"` // sent, waiting, known, asks, refused
	Says    string `json:"says"`
	Address string `json:"address,omitempty"`
	Twice   bool   `json:"twice,omitempty"` // the clock showed the time twice: which is meant?
}

func wantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

func tell(w http.ResponseWriter, status int, said readSaid) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return writeJSON(w, said)
}

func (s *Server) readDone(w http.ResponseWriter, r *http.Request, p *page, sub submission.Submission) error {
	to := p.To(handedTo(sub))
	if !wantsJSON(r) {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	said := readSaid{State: "sent", Says: p.T("read.sent", numberText(sub.Number)), Address: to}
	if sub.Number == 0 {
		said.State, said.Says = "waiting", p.T("read.waits")
	}
	return tell(w, http.StatusOK, said)
}

// readKept says why a reading was not taken: it is known, wrong or strange.
func (s *Server) readKept(w http.ResponseWriter, r *http.Request, p *page, body *readPage, sub submission.Submission) error {
	var faults energy.Faults
	for _, x := range sub.Report.Rejected {
		faults = append(faults, energy.Fault{Problem: p.rejectedReason(x.Code, x.Reason), Remedy: p.rejectedRemedy(x.Code, x.Hint)})
	}
	if len(faults) > 0 {
		return s.readTrouble(w, r, p, body, faults)
	}
	for _, q := range sub.Report.Open() {
		body.Ask = append(body.Ask, p.rowLine(questionView(words.Lang(p.Lang), q)).Reason)
	}
	if len(body.Ask) > 0 {
		return s.readAsks(w, r, p, body)
	}
	if wantsJSON(r) {
		return tell(w, http.StatusOK, readSaid{State: "known", Says: p.T("read.known")})
	}
	body.Trouble, p.Status, p.Body = []faultLine{{Problem: p.T("read.known")}}, http.StatusOK, body
	return nil
}

func (s *Server) readAsks(w http.ResponseWriter, r *http.Request, p *page, body *readPage) error {
	if wantsJSON(r) {
		return tell(w, http.StatusUnprocessableEntity, readSaid{State: "asks", Says: strings.Join(body.Ask, " ")})
	}
	p.Status, p.Body = http.StatusUnprocessableEntity, body
	return nil
}

func (s *Server) readTrouble(w http.ResponseWriter, r *http.Request, p *page, body *readPage, err error) error {
	lines, status := p.faultLines(deskProblem(err))
	if lines == nil {
		return err
	}
	if wantsJSON(r) {
		says := make([]string, len(lines))
		for i, line := range lines {
			says[i] = strings.TrimSpace(line.Problem + " " + line.Remedy)
		}
		return tell(w, status, readSaid{State: "refused", Says: strings.Join(says, " "), Twice: body.Twice})
	}
	body.Trouble, p.Status, p.Body = lines, status, body
	return nil
}
