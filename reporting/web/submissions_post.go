package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
)

// uploadLimit is the largest file that is taken; fieldLimit the largest of the
// fields beside it.
const (
	uploadLimit = 256 << 20
	fieldLimit  = 1 << 20
)

// handing is the desk where files are handed in.
func (s *Server) handing() *submission.Desk {
	return submission.New(s.options.Intake, s.options.Ledger, s.now)
}

// submitter is the caller as the desk knows him.
func (c caller) submitter() submission.Caller {
	person := c.actor
	if c.role != "" && len(c.grants) > 0 && c.grants[0].By != "" { // a program of somebody
		person = c.grants[0].By
	}
	return submission.Caller{Name: c.name, Actor: c.actor, Person: person,
		Approves: func(site energy.SiteID) bool { return c.may(access.Approve, site, "") },
		May:      func(p energy.PointID) bool { return c.may(access.Submit, p.Site(), p) },
		Sees:     func(site energy.SiteID) bool { return c.may(access.Read, site, "") },
		Reviews:  func(site energy.SiteID) bool { return c.may(access.Review, site, "") }}
}

// postSubmission answers POST /api/v1/submissions?dry_run=: a file by form
// upload is looked at, and handed in unless it is a dry run, a row is wrong or a
// question is open.
func (s *Server) postSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	dry, err := truth(r.URL.Query().Get("dry_run"))
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_dry_run", "dry_run is true or false")
	}
	u, err := readUpload(w, r)
	if err != nil {
		return err
	}
	defer u.discard()
	desk, caller := s.handing(), who.submitter()
	if dry {
		sub, err := desk.Look(r.Context(), caller, u.Upload)
		if err != nil {
			return deskProblem(err)
		}
		return writeJSON(w, s.viewOf(r, sub))
	}
	sub, err := desk.Take(r.Context(), caller, u.Upload)
	return s.answerHandedIn(w, r, sub, err)
}

// handInDraft answers POST /api/v1/submissions/{id}/submit: {explain, partial}.
func (s *Server) handInDraft(w http.ResponseWriter, r *http.Request, who caller) error {
	var said struct {
		Explain []intake.Explanation `json:"explain"`
		Partial bool                 `json:"partial"`
	}
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	sub, err := s.handing().HandIn(r.Context(), who.submitter(), r.PathValue("id"), said.Explain, said.Partial)
	return s.answerHandedIn(w, r, sub, err)
}

// answerHandedIn answers with what was handed in, or with what keeps it from it.
func (s *Server) answerHandedIn(w http.ResponseWriter, r *http.Request, sub submission.Submission, err error) error {
	if err != nil {
		return deskProblem(err)
	}
	view := s.viewOf(r, sub)
	if sub.Number == 0 && (sub.Report.Refused() || len(sub.Report.Open()) > 0) {
		return &problem{Status: http.StatusUnprocessableEntity, Code: "not_handed_in", Submission: view,
			Detail: fmt.Sprintf("nothing was taken: %d rows are rejected and %d questions are not explained", len(sub.Report.Rejected)+sub.Report.Further, len(sub.Report.Open()))}
	}
	if sub.Receipt != nil {
		proven, err := s.proven(r, sub.Receipt.Receipt)
		if err != nil {
			return err
		}
		view.Receipt = &receiptView{Receipt: *sub.Receipt, Proofs: proven.Proofs, Checkpoint: proven.Checkpoint, Key: proven.Key}
	}
	w.Header().Set("Location", "/api/v1/submissions/"+sub.ID)
	w.Header().Set("Content-Type", "application/json")
	if sub.Number > 0 && !sub.Again {
		w.WriteHeader(http.StatusCreated)
	}
	return json.NewEncoder(w).Encode(view)
}

// deskProblem turns the errors of the desk into answers.
func deskProblem(err error) error {
	var mapping *submission.MappingNeededError
	switch {
	case errors.As(err, &mapping):
		return &problem{Status: http.StatusUnprocessableEntity, Code: "mapping_needed", Detail: mapping.Error() + ": send it back as the field mapping", Mapping: mapping}
	case errors.Is(err, submission.ErrUnknown):
		return refuse(http.StatusNotFound, "no_submission", "there is no such submission that you may see")
	case errors.Is(err, submission.ErrNotDraft):
		return refuse(http.StatusConflict, "handed_in", "it was handed in already: hand in a correction, or withdraw it")
	case errors.Is(err, submission.ErrNotHanded):
		return refuse(http.StatusConflict, "not_handed_in", "it was only looked at: hand it in first")
	case errors.Is(err, submission.ErrWaiting):
		return refuse(http.StatusConflict, "waiting", "it waits for the approval of a second person of the operator")
	case errors.Is(err, submission.ErrNotWaiting):
		return refuse(http.StatusConflict, "not_waiting", "it does not wait for an approval")
	case errors.Is(err, submission.ErrSamePerson):
		return refuse(http.StatusForbidden, "same_person", "whoever prepared it does not approve it: another person of the operator does")
	case errors.Is(err, submission.ErrOver):
		return refuse(http.StatusConflict, "over", "it is accepted or withdrawn: hand in a correction")
	case errors.Is(err, submission.ErrNotAsked):
		return refuse(http.StatusConflict, "not_asked", "nobody asks to withdraw it, or it was refused already")
	case errors.Is(err, submission.ErrNotAllowed):
		return refuse(http.StatusForbidden, "not_allowed", "you may not do this with this submission")
	case errors.Is(err, intake.ErrKey):
		return refuse(http.StatusConflict, "key_used", "%v", intake.ErrKey)
	}
	return err
}

func truth(text string) (bool, error) {
	switch text {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, errors.New("neither true nor false")
}

// upload is a file on its way, on disk.
type upload struct {
	submission.Upload
	file *os.File
}

func (u *upload) discard() {
	if u.file != nil {
		_ = u.file.Close() // it was written and read in full
		_ = os.Remove(u.file.Name())
	}
}

// readUpload reads a form with a file. A file that says it is too large is
// refused before it is read.
func readUpload(w http.ResponseWriter, r *http.Request) (_ *upload, err error) {
	if r.ContentLength > uploadLimit+fieldLimit {
		return nil, tooLarge()
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, refuse(http.StatusUnsupportedMediaType, "bad_type", "Content-Type %.80q is not taken: multipart/form-data with a field file is expected", r.Header.Get("Content-Type"))
	}
	r.Body = http.MaxBytesReader(w, r.Body, uploadLimit+fieldLimit)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "bad_form", "the Content-Type of the form has no boundary: let your program write it")
	}
	coming := &upload{}
	defer func() {
		if err != nil {
			coming.discard()
		}
	}()
	stands := map[string]bool{} // no more fields than there are names
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, formProblem(err)
		}
		if name := part.FormName(); stands[name] && name != "file" {
			return nil, refuse(http.StatusBadRequest, "two_fields", "the field %.40q stands in the form more than once: send each field once", name)
		}
		stands[part.FormName()] = true
		if err := coming.take(part); err != nil {
			return nil, formProblem(err)
		}
	}
	if coming.file == nil {
		return nil, refuse(http.StatusBadRequest, "no_file", "the form has no field file with a file")
	}
	return coming, nil
}

func tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "too_large", "files of up to %d MiB are taken: hand it in by months, or as NDJSON through POST /api/v1/readings", uploadLimit>>20)
}

func formProblem(err error) error {
	var large *http.MaxBytesError
	var p *problem
	var faults energy.Faults
	switch {
	case errors.As(err, &large):
		return tooLarge()
	case errors.As(err, &p), errors.As(err, &faults):
		return err
	}
	return refuse(http.StatusBadRequest, "bad_form", "the form ends early or is no multipart/form-data: send it again in full")
}

// take reads one field of the form.
func (u *upload) take(part *multipart.Part) error {
	if part.FormName() == "file" {
		return u.keep(part)
	}
	text, err := io.ReadAll(io.LimitReader(part, fieldLimit+1))
	if err != nil {
		return err
	}
	if len(text) > fieldLimit {
		return refuse(http.StatusRequestEntityTooLarge, "too_large", "the field %.40q is larger than %d bytes", part.FormName(), fieldLimit)
	}
	said := strings.TrimSpace(string(text))
	switch part.FormName() {
	case "mapping":
		return strictField("mapping", said, &u.Mapping)
	case "mapping_name":
		u.Saved = said
	case "correction":
		u.Correction = said
	case "explain":
		return strictField("explain", said, &u.Explain)
	case "partial":
		if u.Partial, err = truth(said); err != nil {
			return refuse(http.StatusBadRequest, "bad_partial", "partial is true or false")
		}
	case "replaces":
		if said == "" {
			return nil
		}
		from, to, _ := strings.Cut(said, "/")
		p := energy.Period{}
		var errTo error
		p.From, err = time.Parse(time.RFC3339Nano, from)
		p.To, errTo = time.Parse(time.RFC3339Nano, to)
		if err != nil || errTo != nil || !p.From.Before(p.To) {
			return refuse(http.StatusBadRequest, "bad_period", "replaces=%.80q is no interval: FROM/TO in RFC 3339 is expected", said)
		}
		p.From, p.To = p.From.UTC(), p.To.UTC()
		u.Replaces = &p
	default:
		return refuse(http.StatusBadRequest, "unknown_field", "there is no field %.40q here; there are file, mapping, mapping_name, correction, replaces, partial, explain", part.FormName())
	}
	return nil
}

func strictField(name, text string, into any) error {
	if text == "" {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader([]byte(text)))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		return refuse(http.StatusBadRequest, "bad_"+name, "the field %s is not what is expected: %s", name, jsonReason(err))
	}
	return nil
}

// keep writes the file to disk, with its digest.
func (u *upload) keep(part *multipart.Part) error {
	if u.file != nil {
		return refuse(http.StatusBadRequest, "two_files", "the form has more than one file: hand them in one by one")
	}
	file, err := os.CreateTemp("", "heatledger-upload-*")
	if err != nil {
		return fmt.Errorf("make room for an upload: %w", err)
	}
	u.file, u.File, u.Name = file, file, part.FileName()
	sum := sha256.New()
	if u.Size, err = io.Copy(io.MultiWriter(file, sum), part); err != nil {
		return err
	}
	if u.Size > uploadLimit {
		return tooLarge()
	}
	if u.Size == 0 {
		return energy.Faults{{Problem: "the file is empty", Remedy: "choose a file with rows", Code: "file_empty"}}
	}
	u.Digest = [sha256.Size]byte(sum.Sum(nil))
	return nil
}

// jsonReason says in our words why JSON was not taken.
func jsonReason(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("%s is of another type, up to byte %d", kind.Field, kind.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("it is of another type, up to byte %d", kind.Offset)
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is no JSON, from byte %d", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends early"
	}
	if _, name, ok := strings.Cut(err.Error(), "json: unknown field "); ok { // encoding/json has no type for it
		return "there is no member " + name
	}
	return "a member has no form that is taken here"
}

// readJSON reads a small body.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, fieldLimit))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return refuse(http.StatusBadRequest, "bad_json", "the body is not what is expected: %s", jsonReason(err))
	}
	return nil
}
