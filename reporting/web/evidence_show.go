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
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/exhibit"
	"heatledger/reporting/openapi"
)

// formMemory is how much of a form is held in memory; larger files go to disk.
const formMemory = 1 << 20

// evidenceOperations are what is asked about documents.
func (s *Server) evidenceOperations() group {
	list := []exhibit.Exhibit{}
	return group{openapi.Tag{Name: "evidence", Says: say("Documents that prove something.", "Belege.")}, []operation{
		{"GET /api/v1/sites/{site}/evidence", toRead, s.listEvidence, openapi.Operation{ID: "listEvidence",
			Summary:    say("Documents of a site, the latest first: who handed them in, when and what for", "Belege eines Standorts, die neuesten zuerst: wer sie wann wofür einreichte"),
			Parameters: paged(sitePart()),
			Answers:    answers(say("Documents.", "Belege."), asJSON(list)),
			Refuses:    []string{"no_site", "bad_number", "bad_limit"}}},
		{"POST /api/v1/sites/{site}/evidence", toSubmit, s.postEvidence, openapi.Operation{ID: "postEvidence",
			Summary:    say("Hand in a document", "Einen Beleg einreichen"),
			Says:       say("What it is, is seen from its content. PDF, PNG, JPEG, CSV and XLSX are taken, at most 25 MiB.", "Was es ist, zeigt der Inhalt. PDF, PNG, JPEG, CSV und XLSX werden genommen, höchstens 25 MiB."),
			Parameters: []openapi.Parameter{sitePart()},
			Body:       &openapi.Body{Required: true, Content: []openapi.Content{{Kind: "multipart/form-data", Of: evidenceSchema()}}},
			Answers:    []openapi.Answer{{Status: 201, Says: say("It is a fact of the site.", "Er ist ein Fakt des Standorts."), Content: []openapi.Content{asJSON(exhibit.Exhibit{})}}},
			Refuses:    []string{"no_site", "bad_type", "bad_form", "no_file", "too_large", "faults"}}},
		{"GET /api/v1/sites/{site}/evidence/{digest}", toRead, s.showEvidence, openapi.Operation{ID: "showEvidence",
			Summary:    say("A document as it came, to be saved", "Ein Beleg, wie er kam, zum Speichern"),
			Parameters: []openapi.Parameter{sitePart(), inPath("digest", say("Its SHA-256.", "Seine SHA-256."), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")},
			Answers:    answers(say("The bytes.", "Die Bytes."), asFile("application/octet-stream")),
			Refuses:    []string{"no_site", "no_evidence", "removed"}}},
		{"POST /api/v1/sites/{site}/evidence/{digest}/removal", access.Configure, s.removeEvidence, openapi.Operation{ID: "removeEvidence",
			Summary: say("Delete the bytes of a document", "Den Inhalt eines Belegs löschen"),
			Says: say("For personal data in it, or when its time to be kept is over. Nothing brings it back; its digest and the fact by which it was handed in stay, with who deleted it and why. For people who are signed in, not for tokens.",
				"Wegen personenbezogener Daten, oder wenn seine Zeit um ist. Nichts bringt ihn zurück; seine Prüfsumme und der Fakt, durch den er eingereicht wurde, bleiben, mit wer ihn gelöscht hat und warum. Für angemeldete Menschen, nicht für Zugangsschlüssel."),
			Parameters: []openapi.Parameter{sitePart(), inPath("digest", say("Its SHA-256.", "Seine SHA-256."), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")},
			Body:       jsonBody(takenBack{}, `{"reason":"a face is to be seen on the photo"}`),
			Answers:    answers(say("The document without its bytes.", "Der Beleg ohne seinen Inhalt."), asJSON(exhibit.Exhibit{})),
			Refuses:    []string{"no_site", "no_evidence", "no_session", "no_reason", "removed", "bad_json", "bad_text", "too_large"}}},
	}}
}

// removeEvidence answers POST /api/v1/sites/{site}/evidence/{digest}/removal: {reason}.
func (s *Server) removeEvidence(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	var given takenBack
	if err := readJSON(w, r, &given); err != nil {
		return err
	}
	gone, err := s.dropEvidence(r, who, id, r.PathValue("digest"), given.Reason)
	if err != nil {
		return err
	}
	return writeJSON(w, gone)
}

// dropEvidence deletes the bytes of a document for whoever may. Only people do.
func (s *Server) dropEvidence(r *http.Request, who caller, site energy.SiteID, digest, why string) (gone exhibit.Exhibit, err error) {
	switch {
	case who.seen == nil:
		return gone, refuse(http.StatusForbidden, "no_session", "people delete documents: sign in")
	case !who.may(access.Configure, site, ""):
		return gone, refuse(http.StatusForbidden, "not_allowed", "you may not delete documents of this site")
	}
	if why, err = asSaid(why); err != nil {
		return gone, err
	}
	gone, err = exhibit.New(s.options.Store).Remove(r.Context(), site, digest, who.actor, why)
	switch {
	case errors.Is(err, exhibit.ErrUnknown):
		err = refuse(http.StatusNotFound, "no_evidence", "the site has no such document")
	case errors.Is(err, exhibit.ErrRemoved):
		err = refuse(http.StatusGone, "removed", "its bytes were deleted already")
	case errors.Is(err, exhibit.ErrWhy):
		err = refuse(http.StatusUnprocessableEntity, "no_reason", "no reason is given, or one of more than 1000 bytes")
	}
	return gone, err
}

func evidenceSchema() openapi.Schema {
	return openapi.Schema{"type": "object", "required": []any{"file", "about"}, "properties": openapi.Schema{
		"file":  openapi.Schema{"type": "string", "contentMediaType": "application/octet-stream"},
		"about": openapi.Schema{"type": "string", "maxLength": 200, "description": "What it is for: fact:NAME@YEAR, commitment:ID, reading:POINT@INSTANT, or a word."},
		"note":  openapi.Schema{"type": "string", "maxLength": 1000}}}
}

// listEvidence answers GET /api/v1/sites/{site}/evidence.
func (s *Server) listEvidence(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	list, err := exhibit.New(s.options.Store).List(r.Context(), id)
	if err != nil {
		return err
	}
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	return writeJSON(w, list)
}

// postEvidence answers POST /api/v1/sites/{site}/evidence: a form with file, about
// and note.
func (s *Server) postEvidence(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	drop, err := readForm(w, r, exhibit.Most)
	if err != nil {
		return err
	}
	defer drop()
	taken, err := s.keepEvidence(r, id, "file", r.PostFormValue("about"), r.PostFormValue("note"), who)
	if err != nil {
		return err
	}
	if taken == nil {
		return refuse(http.StatusBadRequest, "no_file", "the form has no field file with a file")
	}
	w.Header().Set("Location", "/api/v1/sites/"+string(id)+"/evidence/"+taken.Digest)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(taken)
}

// readForm reads a form with files of up to most bytes in all. drop removes what
// lies on disk.
func readForm(w http.ResponseWriter, r *http.Request, most int64) (drop func(), err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil, refuse(http.StatusUnsupportedMediaType, "bad_type", "Content-Type %.80q is not taken: multipart/form-data is expected", r.Header.Get("Content-Type"))
	}
	large := refuse(http.StatusRequestEntityTooLarge, "too_large", "at most %d MiB are taken at once", most>>20)
	if r.ContentLength > most+fieldLimit {
		return nil, large
	}
	r.Body = http.MaxBytesReader(w, r.Body, most+fieldLimit)
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, large
		}
		return nil, formProblem(err)
	}
	form := r.MultipartForm
	return func() { _ = form.RemoveAll() }, nil // what is left on disk is of no use to anybody
}

// keepEvidence makes the file of a field a document of the site; nil where the
// field has none.
func (s *Server) keepEvidence(r *http.Request, site energy.SiteID, field, about, note string, who caller) (*exhibit.Exhibit, error) {
	file, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Filename == "" {
		return nil, nil
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "bad_form", "the field %s holds no file: send it as multipart/form-data, with the name of the file", field)
	}
	defer file.Close()
	digest, err := uploadDigest(file)
	if err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	taken, err := exhibit.New(s.options.Store).Take(r.Context(), exhibit.Upload{Site: site, Name: header.Filename, About: about, Note: note,
		File: file, Size: header.Size, Digest: digest}, who.actor)
	if err != nil {
		return nil, err
	}
	return &taken, nil
}

func uploadDigest(file multipart.File) (digest [sha256.Size]byte, err error) {
	sum := sha256.New()
	if _, err = file.Seek(0, io.SeekStart); err == nil {
		_, err = io.Copy(sum, file)
	}
	return [sha256.Size]byte(sum.Sum(nil)), err
}

// showEvidence answers GET /api/v1/sites/{site}/evidence/{digest}. A browser saves
// it; opened in spite of that it can do nothing.
func (s *Server) showEvidence(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	shelf := exhibit.New(s.options.Store)
	found, err := shelf.Find(r.Context(), id, r.PathValue("digest"))
	if errors.Is(err, exhibit.ErrUnknown) {
		return refuse(http.StatusNotFound, "no_evidence", "the site has no such document")
	}
	if err != nil {
		return err
	}
	if found.Removed != nil {
		return refuse(http.StatusGone, "removed", "its bytes were deleted on %s: %s", found.Removed.At.UTC().Format(time.DateOnly), found.Removed.Why)
	}
	var b bytes.Buffer // a document is small; half of one is worse than an error
	if err := shelf.Write(r.Context(), found, &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", found.Form.MediaType())
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": found.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, err = b.WriteTo(w)
	return err
}

// maySubmit refuses whoever may not hand in for the whole site.
func maySubmit(who caller, site energy.SiteID) error {
	if !who.may(access.Submit, site, "") {
		return refuse(http.StatusForbidden, "not_allowed", "you may not hand in for this site")
	}
	return nil
}
