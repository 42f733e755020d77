package web

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/questionnaire"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/cell"
	"heatledger/reporting/disclosure"
	"heatledger/reporting/openapi"
)

// questionnaireView is the questionnaire of a site and year as the API shows it.
type questionnaireView struct {
	Site      energy.SiteID        `json:"site"`
	Year      int                  `json:"year"`
	Version   int                  `json:"version" says:"Of the draft, 0 for none: whoever saves or hands in names it."`
	Waiting   bool                 `json:"waiting,omitempty" says:"For a second person of the operator."`
	FourEyes  bool                 `json:"four_eyes"`
	SavedAt   *time.Time           `json:"saved_at,omitempty"`
	Questions []askedView          `json:"questions"`
	Handed    *handedView          `json:"handed_in,omitempty" says:"The latest time it was handed in."`
	Counts    map[string]int       `json:"counts"`
	Documents []string             `json:"documents" says:"Digests of the documents of the site."`
	Faults    questionnaire.Faults `json:"faults,omitempty"`
}

// handedView is a time at which it was handed in, with its proof.
type handedView struct {
	questionnaire.Handed
	Proof any `json:"proof,omitempty" says:"Its place in the public ledger."`
}

// askedView is one question.
type askedView struct {
	Name     string               `json:"name"`
	Label    string               `json:"label"`
	Topic    registry.Topic       `json:"topic"`
	Knows    registry.Knower      `json:"knows"`
	Unit     energy.Unit          `json:"unit,omitempty"`
	Least    *float64             `json:"least,omitempty"`
	Most     *float64             `json:"most,omitempty"`
	Choices  []string             `json:"choices,omitempty"`
	Yearly   bool                 `json:"yearly"`
	Feeds    []string             `json:"feeds" says:"Fields of statutory forms that rest on it."`
	State    questionnaire.State  `json:"state"`
	Before   *registry.Fact       `json:"before,omitempty"`
	SameYear bool                 `json:"same_year,omitempty" says:"It was answered for this very year: a change needs a reason."`
	Answer   questionnaire.Answer `json:"answer"`
}

// saidAnswers is what is sent to answer.
type saidAnswers struct {
	Version int                   `json:"version"`
	Answers questionnaire.Answers `json:"answers"`
	Submit  bool                  `json:"submit,omitempty" says:"Hand them in as a whole; else they are saved as a draft."`
	Reason  string                `json:"reason,omitempty"`
}

// released is what a second person sends.
type released struct {
	Version  int  `json:"version"`
	GiveBack bool `json:"give_back,omitempty"`
}

// questionnaireOperations are what is asked about the yearly questions.
func (s *Server) questionnaireOperations() group {
	after := []openapi.Answer{{Status: 200, Says: say("Saved, or waiting for the second person.", "Gespeichert, oder wartet auf den zweiten Menschen."), Content: []openapi.Content{asJSON(questionnaireView{})}},
		{Status: 201, Says: say("Handed in: facts of the site.", "Eingereicht: Fakten des Standorts."), Content: []openapi.Content{asJSON(questionnaireView{})}}}
	refuses := []string{"no_site", "bad_year", "bad_json", "bad_form", "no_file", "too_large", "bad_answers", "saved_over", "waiting", "faults"}
	return group{openapi.Tag{Name: "questionnaire", Says: say("What no meter knows, once a year.", "Was kein Zähler weiß, einmal im Jahr.")}, []operation{
		{"GET /api/v1/sites/{site}/questionnaire", toRead, s.showQuestionnaire, openapi.Operation{ID: "showQuestionnaire",
			Summary:    say("The yearly questions of a site, with what is known and drafted", "Die jährlichen Fragen an einen Standort, mit Bekanntem und Entwurf"),
			Parameters: []openapi.Parameter{sitePart(), yearParameter(), formatParameter("json", "csv", "xlsx"), languageParameter()},
			Answers:    answers(say("The questionnaire; as a table to be filled in off line.", "Der Fragebogen; als Tabelle zum Ausfüllen ohne Netz."), asJSON(questionnaireView{}), asCSV(), asFile(spreadsheet)),
			Refuses:    []string{"no_site", "bad_year", "bad_format"}}},
		{"POST /api/v1/sites/{site}/questionnaire", toSubmit, s.postQuestionnaire, openapi.Operation{ID: "postQuestionnaire",
			Summary: say("Answer: save a draft, or hand in", "Antworten: Entwurf speichern oder einreichen"),
			Says: say("What is as it was before is said with confirmed, or it is not taken. A table (CSV, XLSX) is saved as a draft, to be handed in then.",
				"Was wie zuvor ist, wird mit confirmed gesagt, sonst gilt es nicht. Eine Tabelle (CSV, XLSX) wird als Entwurf gespeichert und dann eingereicht."),
			Parameters: []openapi.Parameter{sitePart(), yearParameter(), languageParameter()},
			Body: &openapi.Body{Required: true, Content: []openapi.Content{
				{Kind: "application/json", Of: saidAnswers{}, Example: `{"version":0,"answers":{"refrigerant":{"value":"R-1234ze(E)"},"floor_area_total":{"value":"5300","confirmed":true}},"submit":true}`},
				{Kind: "multipart/form-data", Of: openapi.Schema{"type": "object", "required": []any{"file"}, "properties": openapi.Schema{"file": openapi.Schema{"type": "string", "contentMediaType": "application/octet-stream"}}}}}},
			Answers: after, Refuses: refuses}},
		{"POST /api/v1/sites/{site}/questionnaire/release", access.Approve, s.releaseQuestionnaire, openapi.Operation{ID: "releaseQuestionnaire",
			Summary:    say("The second person releases what waits, or gives it back", "Der zweite Mensch gibt frei, was wartet, oder gibt es zurück"),
			Parameters: []openapi.Parameter{sitePart(), yearParameter(), languageParameter()},
			Body:       jsonBody(released{}, `{"version":3}`),
			Answers:    after, Refuses: []string{"no_site", "bad_year", "bad_json", "bad_answers", "saved_over", "not_waiting", "same_person"}}},
		{"GET /api/v1/sites/{site}/questionnaire/receipt", toRead, s.questionnaireReceipt, openapi.Operation{ID: "questionnaireReceipt",
			Summary:    say("Receipt of the latest time it was handed in", "Beleg der letzten Einreichung"),
			Parameters: []openapi.Parameter{sitePart(), yearParameter()},
			Answers:    answers(say("The receipt.", "Der Beleg."), asJSON(handedView{})),
			Refuses:    []string{"no_site", "bad_year", "not_answered"}}},
	}}
}

// asking is the desk of the questionnaire.
func (s *Server) asking() *questionnaire.Desk {
	return questionnaire.New(s.options.Intake, s.options.Ledger, s.now)
}

// questionsOf is the site of the path, which the caller may see, and the year.
func (s *Server) questionsOf(r *http.Request, who caller) (energy.SiteID, int, error) {
	id, err := s.knownSite(r, who)
	if err != nil {
		return "", 0, err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return "", 0, err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return "", 0, err
	}
	year, err := s.yearOf(r, calendar)
	return id, year, err
}

// showQuestionnaire answers GET /api/v1/sites/{site}/questionnaire?year=&format=.
func (s *Server) showQuestionnaire(w http.ResponseWriter, r *http.Request, who caller) error {
	kind, err := format(r.URL.Query(), "json", "csv", "xlsx")
	if err != nil {
		return err
	}
	id, year, err := s.questionsOf(r, who)
	if err != nil {
		return err
	}
	form, err := s.asking().Show(r.Context(), id, year)
	if err != nil {
		return err
	}
	if kind == "csv" || kind == "xlsx" || kind == "" && wantsCSV(r) {
		return s.writeQuestionTable(w, r, form, kind)
	}
	return writeJSON(w, questionnaireOf(form, wordsOf(r)))
}

func questionnaireOf(form questionnaire.Form, words disclosure.Words) questionnaireView {
	v := questionnaireView{Site: form.Site, Year: form.Year, Version: form.Version, Waiting: form.Waiting, FourEyes: form.FourEyes, Counts: map[string]int{}, Documents: []string{}}
	if form.Version > 0 {
		v.SavedAt = &form.SavedAt
	}
	if form.Last != nil {
		v.Handed = &handedView{Handed: *form.Last}
	}
	for _, state := range questionnaire.States() {
		v.Counts[string(state)] = form.Count(state)
	}
	for _, d := range form.Documents {
		v.Documents = append(v.Documents, d.Digest)
	}
	for _, q := range form.Questions {
		one := askedView{Name: q.Name, Label: words.Fact(q.Name), Topic: q.Topic, Knows: q.Knows, Unit: q.Unit, Choices: q.Choices, Yearly: q.Yearly,
			Feeds: q.Feeds, State: q.State, Before: q.Before, SameYear: q.SameYear, Answer: q.Given}
		if one.Feeds == nil {
			one.Feeds = []string{}
		}
		if q.Numeric() {
			one.Least, one.Most = &q.Least, &q.Most
		}
		v.Questions = append(v.Questions, one)
	}
	return v
}

// postQuestionnaire answers POST /api/v1/sites/{site}/questionnaire?year=.
func (s *Server) postQuestionnaire(w http.ResponseWriter, r *http.Request, who caller) error {
	id, year, err := s.questionsOf(r, who)
	if err != nil {
		return err
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		drop, err := readForm(w, r, questionnaire.TableMost)
		if err != nil {
			return err
		}
		defer drop()
		if err := s.saveTable(r, id, year, "file", who); err != nil {
			return answersProblem(err)
		}
		return s.afterAnswers(w, r, id, year, nil)
	}
	var said saidAnswers
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	if !said.Submit {
		if err := s.asking().Save(r.Context(), id, year, said.Version, said.Answers, who.actor); err != nil {
			return answersProblem(err)
		}
		return s.afterAnswers(w, r, id, year, nil)
	}
	handed, err := s.asking().HandIn(r.Context(), id, year, said.Version, said.Answers, who.actor, said.Reason)
	if err != nil {
		return answersProblem(err)
	}
	return s.afterAnswers(w, r, id, year, handed)
}

// saveTable saves what a table answers over the draft.
func (s *Server) saveTable(r *http.Request, id energy.SiteID, year int, field string, who caller) error {
	file, header, err := r.FormFile(field)
	if err != nil {
		return refuse(http.StatusBadRequest, "no_file", "the form has no field %s with a file", field)
	}
	defer file.Close()
	said, cells, err := questionnaire.ReadTable(file, header.Size, id, year, cell.Plain)
	if err != nil {
		return err
	}
	var faults questionnaire.Faults
	if err := s.asking().Check(r.Context(), id, year, said); err != nil && !errors.As(err, &faults) {
		return err
	}
	for i := range faults {
		faults[i].Cell = cells[faults[i].Question]
	}
	if len(faults) > 0 {
		return faults
	}
	form, err := s.asking().Show(r.Context(), id, year)
	if err != nil {
		return err
	}
	return s.asking().Save(r.Context(), id, year, form.Version, said, who.actor)
}

// afterAnswers answers with the questionnaire as it is now.
func (s *Server) afterAnswers(w http.ResponseWriter, r *http.Request, id energy.SiteID, year int, handed *questionnaire.Handed) error {
	form, err := s.asking().Show(r.Context(), id, year)
	if err != nil {
		return err
	}
	v := questionnaireOf(form, wordsOf(r))
	w.Header().Set("Content-Type", "application/json")
	if handed != nil {
		v.Handed = &handedView{Handed: *handed}
		if v.Handed.Proof, err = s.provenAnswers(r, *handed); err != nil {
			return err
		}
		w.WriteHeader(http.StatusCreated)
	}
	return json.NewEncoder(w).Encode(v)
}

// provenAnswers is the place of answers in the public ledger.
func (s *Server) provenAnswers(r *http.Request, h questionnaire.Handed) (any, error) {
	return s.proven(r, intake.Receipt{Receipt: h.Digest, Digest: h.Digest, Rejected: []intake.Rejection{}, Facts: map[energy.SiteID]int64{h.Site: h.Fact}, Accepted: len(h.Changed)})
}

// releaseQuestionnaire answers POST /api/v1/sites/{site}/questionnaire/release.
func (s *Server) releaseQuestionnaire(w http.ResponseWriter, r *http.Request, who caller) error {
	id, year, err := s.questionsOf(r, who)
	if err != nil {
		return err
	}
	var said released
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	if said.GiveBack {
		if err := s.asking().GiveBack(r.Context(), id, year, said.Version, who.actor); err != nil {
			return answersProblem(err)
		}
		return s.afterAnswers(w, r, id, year, nil)
	}
	handed, err := s.asking().Release(r.Context(), id, year, said.Version, who.actor)
	if err != nil {
		return answersProblem(err)
	}
	return s.afterAnswers(w, r, id, year, handed)
}

// questionnaireReceipt answers GET /api/v1/sites/{site}/questionnaire/receipt?year=.
func (s *Server) questionnaireReceipt(w http.ResponseWriter, r *http.Request, who caller) error {
	id, year, err := s.questionsOf(r, who)
	if err != nil {
		return err
	}
	form, err := s.asking().Show(r.Context(), id, year)
	if err != nil {
		return err
	}
	if form.Last == nil {
		return refuse(http.StatusNotFound, "not_answered", "the questionnaire of %d was not handed in", year)
	}
	v := handedView{Handed: *form.Last}
	if v.Proof, err = s.provenAnswers(r, *form.Last); err != nil {
		return err
	}
	return writeJSON(w, v)
}

// answersProblem turns the errors of the desk into answers.
func answersProblem(err error) error {
	var faults questionnaire.Faults
	switch {
	case errors.As(err, &faults):
		return &problem{Status: http.StatusUnprocessableEntity, Code: "bad_answers", Detail: faults.Error(), Submission: faults}
	case errors.Is(err, store.ErrSavedOver):
		return refuse(http.StatusConflict, "saved_over", "somebody else saved in between: read the questionnaire again and name its version")
	case errors.Is(err, questionnaire.ErrWaiting):
		return refuse(http.StatusConflict, "waiting", "%v", err)
	case errors.Is(err, questionnaire.ErrNotHanded):
		return refuse(http.StatusConflict, "not_waiting", "%v", err)
	case errors.Is(err, questionnaire.ErrSamePair):
		return refuse(http.StatusForbidden, "same_person", "%v", err)
	}
	return err
}
