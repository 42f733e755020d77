package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/document"
)

// formEntry is a form of a site and year as the API lists it.
type formEntry struct {
	Form        disclosure.FormID `json:"form"`
	Title       string            `json:"title"`
	Citation    string            `json:"citation"`
	Publication disclosure.Class  `json:"publication"`
	Due         *energy.Date      `json:"due"`
	Status      disclosure.Status `json:"status"`
	Year        int               `json:"year"`
	Fields      int               `json:"fields"`
	Filled      int               `json:"filled"`
	Missing     []string          `json:"missing"`
	Incomplete  []string          `json:"incomplete"`
	Digest      string            `json:"sha256"`
}

// listForms answers GET /api/v1/sites/{site}/forms?year=.
func (s *Server) listForms(w http.ResponseWriter, r *http.Request, who caller) error {
	sources, err := s.sourcesOf(r, who)
	if err != nil {
		return err
	}
	words := wordsOf(r)
	some, err := pageOf(w, r, disclosure.Definitions()) // only what is asked for is filled in
	if err != nil {
		return err
	}
	list := []formEntry{}
	for _, d := range some {
		form, err := disclosure.Fill(sources, disclosure.Question{Form: d.ID})
		if err != nil {
			return err
		}
		filled, fields := form.Complete()
		list = append(list, formEntry{Form: d.ID, Title: words.Title(d.ID), Citation: d.Citation, Publication: d.Class, Due: form.Due, Status: form.Status, Year: form.Year,
			Fields: fields, Filled: filled, Missing: form.Missing, Incomplete: form.Incomplete, Digest: form.Digest()})
	}
	w.Header().Set(factHeader, strconv.FormatInt(sources.Fact, 10))
	return writeJSON(w, list)
}

// showForm answers GET /api/v1/sites/{site}/forms/{form}?year=&format=.
func (s *Server) showForm(w http.ResponseWriter, r *http.Request, who caller) error {
	kind, err := format(r.URL.Query(), "json", "csv", "xlsx", "pdf")
	if err != nil {
		return err
	}
	if kind == "" && wantsCSV(r) {
		kind = "csv"
	}
	if kind == "" {
		kind = "json"
	}
	if _, ok := disclosure.Of(disclosure.FormID(r.PathValue("form"))); !ok {
		return noForm(r)
	}
	sources, err := s.sourcesOf(r, who)
	if err != nil {
		return err
	}
	paper, err := s.paper(r, sources)
	if err != nil {
		return err
	}
	var out bytes.Buffer // half a file is worse than an error
	if err := paper.Write(&out, kind); err != nil {
		return err
	}
	h := w.Header()
	h.Set(factHeader, strconv.FormatInt(paper.Fact, 10))
	h.Set("Heatledger-Digest", "sha256:"+paper.Digest())
	h.Set("Content-Type", disclosure.Formats()[kind])
	if kind != "json" {
		h.Set("Content-Disposition", `attachment; filename="`+string(paper.ID)+"-"+string(paper.Site)+"-"+strconv.Itoa(paper.Year)+"."+kind+`"`)
	}
	_, err = out.WriteTo(w)
	return err
}

func noForm(r *http.Request) error {
	return refuse(http.StatusNotFound, "no_form", "there is no form %.40q; /api/v1/sites/%s/forms lists them", r.PathValue("form"), r.PathValue("site"))
}

// paper is the form of the path, with the latest checkpoint of the log.
func (s *Server) paper(r *http.Request, sources *disclosure.Sources) (disclosure.Paper, error) {
	form, err := disclosure.Fill(sources, disclosure.Question{Form: disclosure.FormID(r.PathValue("form")), Customer: r.URL.Query().Get("customer")})
	if errors.Is(err, disclosure.ErrNoForm) {
		return disclosure.Paper{}, noForm(r)
	}
	if err != nil {
		return disclosure.Paper{}, err
	}
	note, err := s.checkpointNote(r.Context())
	return disclosure.Paper{Form: form, Words: wordsOf(r), Checkpoint: note}, err
}

// checkpointNote is the latest checkpoint of the log; "" where there is none.
func (s *Server) checkpointNote(ctx context.Context) (string, error) {
	if s.options.LogKey == "" {
		return "", nil
	}
	checkpoint, err := s.options.Store.Checkpoint(ctx, 0, s.options.LogKey)
	if errors.Is(err, store.ErrNotLogged) {
		return "", nil
	}
	return checkpoint.Note, err
}

// sourcesOf gathers what the forms of the path's site and the asked year need.
func (s *Server) sourcesOf(r *http.Request, who caller) (*disclosure.Sources, error) {
	id, err := s.site(r, who)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return nil, err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return nil, err
	}
	at, _, err := instant(query, "as_known_at", calendar)
	if err != nil {
		return nil, err
	}
	year, err := s.yearOf(r, calendar)
	if err != nil {
		return nil, err
	}
	sources, err := disclosure.Gather(r.Context(), s.options.Ledger, id, year, at)
	if errors.Is(err, ledger.ErrNoSite) {
		return nil, refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	return sources, err
}

// yearOf is the year asked for; without one, last year, which is reported now.
func (s *Server) yearOf(r *http.Request, calendar energy.Calendar) (int, error) {
	text := r.URL.Query().Get("year")
	if text == "" {
		return calendar.Date(s.now()).Year - 1, nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1990 || year >= 2200 {
		return 0, refuse(http.StatusBadRequest, "bad_year", "year=%.20q is no calendar year such as 2025", text)
	}
	return year, nil
}

// wordsOf are the words of forms in the language of the request.
func wordsOf(r *http.Request) disclosure.Words {
	if lang, _ := language(r); lang == chart.German {
		return disclosure.In(document.German)
	}
	return disclosure.In(document.English)
}
