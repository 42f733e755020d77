package web

import (
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/proof"
	"heatledger/energy/submission"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

// submissionView is a submission as the API shows it.
type submissionView struct {
	ID         string               `json:"id"`
	Number     int64                `json:"number,omitempty"`
	Status     submission.State     `json:"status"`
	Duplicate  bool                 `json:"duplicate,omitempty"` // it was handed in before: this is the first
	Name       string               `json:"name"`
	Form       sheet.Form           `json:"form"`
	Digest     string               `json:"digest"`
	Source     string               `json:"source"`
	At         time.Time            `json:"at"`
	HandedAt   *time.Time           `json:"handed_at,omitempty"`
	Sites      []energy.SiteID      `json:"sites"`
	Request    submission.Request   `json:"request"`
	Counts     *submissionCounts    `json:"counts,omitempty"`
	ByCode     map[intake.Code]int  `json:"by_code,omitempty"`
	Rows       []rowView            `json:"rows,omitempty"` // that are rejected or questionable; the others are accepted
	CanHandIn  bool                 `json:"can_hand_in,omitempty"`
	Months     []intake.MonthChange `json:"months,omitempty"`
	Changes    []intake.ValueChange `json:"changes,omitempty"`
	Steps      []submission.Step    `json:"steps,omitempty"`
	Receipt    *receiptView         `json:"receipt,omitempty"`
	RowsBeyond int                  `json:"rows_beyond,omitempty"` // rejected rows that are only counted
}

// submissionCounts are the rows of a file by what became of them.
type submissionCounts struct {
	Rows         int `json:"rows"`
	Accepted     int `json:"accepted"`
	Questionable int `json:"questionable"`
	Rejected     int `json:"rejected"`
	Duplicate    int `json:"duplicate"`
	Missing      int `json:"missing"`
	Withdrawn    int `json:"withdrawn"`
}

// rowView is a row, or a range of rows, that is rejected or questionable.
type rowView struct {
	Row         int                 `json:"row"`
	ToRow       int                 `json:"to_row,omitempty"`
	Rows        int                 `json:"rows,omitempty"`
	Column      string              `json:"column,omitempty"`
	Cell        string              `json:"cell,omitempty"`
	Status      string              `json:"status"` // rejected, questionable
	Code        string              `json:"code"`
	Severity    validation.Severity `json:"severity"`
	Point       energy.PointID      `json:"point,omitempty"`
	From        *time.Time          `json:"from,omitempty"`
	To          *time.Time          `json:"to,omitempty"`
	Reason      string              `json:"reason"`
	Remedy      string              `json:"remedy"`
	Explanation string              `json:"explanation,omitempty"`
}

// receiptView is a receipt with what proves it.
type receiptView struct {
	submission.Receipt
	Proofs     []proof.Inclusion `json:"proofs,omitempty"`
	Checkpoint string            `json:"checkpoint,omitempty"`
	Key        string            `json:"key,omitempty"`
}

// viewOf shows a submission in the language of the caller.
func (s *Server) viewOf(r *http.Request, sub submission.Submission) submissionView {
	v := submissionView{ID: sub.ID, Number: sub.Number, Status: sub.State, Duplicate: sub.Again, Name: sub.Name, Form: sub.Form, Digest: hex.EncodeToString(sub.Digest[:]),
		Source: sub.Source, At: sub.At, Sites: sub.Sites, Request: sub.Request, Steps: sub.Steps}
	if v.Sites == nil {
		v.Sites = []energy.SiteID{}
	}
	if !sub.HandedAt.IsZero() {
		v.HandedAt = &sub.HandedAt
	}
	if sub.Receipt != nil {
		v.Receipt = &receiptView{Receipt: *sub.Receipt}
	}
	report := sub.Report
	if report.ByCode == nil {
		return v // of a list
	}
	v.Counts = &submissionCounts{Rows: report.Rows, Accepted: report.Accepted, Questionable: report.Questionable, Rejected: len(report.Rejected) + report.Further,
		Duplicate: report.Duplicate, Missing: report.Missing, Withdrawn: report.Withdrawn}
	v.ByCode, v.Months, v.Changes, v.RowsBeyond = report.ByCode, report.Months, report.Changes, report.Further
	v.CanHandIn = sub.State == submission.Draft && !report.Refused() && len(report.Open()) == 0 && report.Accepted+report.Withdrawn > 0
	chosen, _ := language(r)
	lang := words.Lang(chosen)
	for _, x := range report.Rejected {
		v.Rows = append(v.Rows, rowView{Row: x.Row, Column: x.Column, Cell: x.Cell, Status: "rejected", Code: string(x.Code), Severity: validation.Error, Reason: x.Reason, Remedy: x.Hint})
	}
	for _, q := range report.Questions {
		v.Rows = append(v.Rows, questionView(lang, q))
	}
	slices.SortStableFunc(v.Rows, func(a, b rowView) int { return a.Row - b.Row })
	return v
}

func questionView(lang words.Lang, q intake.Question) rowView {
	speech := speech{Lang: chartLanguage(lang), words: submissionWords()}
	view := rowView{Row: q.Row, ToRow: q.ToRow, Rows: q.Rows, Column: "value", Cell: q.Cell, Status: "questionable", Code: q.Code, Severity: q.Severity, Point: q.Point,
		From: &q.From, To: &q.To, Remedy: speech.T("submission.explain"), Explanation: q.Explanation}
	switch q.Code {
	case intake.QuestionNegative:
		view.Reason = speech.T("submission.negative")
		return view
	case intake.QuestionProfile:
		view.Reason = speech.T("submission.profile")
		return view
	}
	view.Reason = words.OwnFinding(lang, validation.Finding{Rule: q.Rule, Code: validation.Code(q.Code), Severity: q.Severity, Point: q.Point,
		Period: energy.Period{From: q.From, To: q.To}, Args: q.Args})
	return view
}

// listSubmissions answers GET /api/v1/submissions?site=&status=&below=&limit=.
func (s *Server) listSubmissions(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	state := submission.State(query.Get("status"))
	if state != "" && !slices.Contains(submission.States(), state) {
		return refuse(http.StatusBadRequest, "bad_status", "status is one of %v", submission.States())
	}
	below, err := wholeNumber(query, "below")
	if err != nil {
		return err
	}
	most, err := limit(query)
	if err != nil {
		return err
	}
	most = min(most, 200)
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	sites := []energy.SiteID{}
	for _, site := range known.Sites {
		if who.may(access.Read, site.ID, "") && (query.Get("site") == "" || query.Get("site") == string(site.ID)) {
			sites = append(sites, site.ID)
		}
	}
	list, err := s.handing().List(r.Context(), sites, state, below, most)
	if err != nil {
		return err
	}
	views := []submissionView{}
	for _, sub := range list {
		if !slices.ContainsFunc(sub.Sites, func(site energy.SiteID) bool { return !who.may(access.Read, site, "") }) {
			views = append(views, s.viewOf(r, sub))
		}
	}
	if len(list) == most {
		linkNext(w, r, "below", strconv.FormatInt(list[len(list)-1].Number, 10))
	}
	return writeJSON(w, views)
}

// showSubmission answers GET /api/v1/submissions/{id}.
func (s *Server) showSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	sub, err := s.handing().Show(r.Context(), who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}

// showSubmissionFile answers GET /api/v1/submissions/{id}/file: the file as it
// came, never to be shown inline.
func (s *Server) showSubmissionFile(w http.ResponseWriter, r *http.Request, who caller) error {
	err := s.handing().WriteFile(r.Context(), who.submitter(), r.PathValue("id"), func(sub submission.Submission) io.Writer {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": sub.Name}))
		w.Header().Set("Digest", "sha-256="+hex.EncodeToString(sub.Digest[:]))
		return w
	})
	return deskProblem(err)
}

// noteSubmission answers POST /api/v1/submissions/{id}/steps: {step, text, row,
// to_row, from, to}.
func (s *Server) noteSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	var said struct {
		Kind  submission.StepKind `json:"step"`
		Text  string              `json:"text"`
		Row   int                 `json:"row"`
		ToRow int                 `json:"to_row"`
		From  *time.Time          `json:"from"`
		To    *time.Time          `json:"to"`
	}
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	sub, err := s.handing().Note(r.Context(), who.submitter(), r.PathValue("id"), submission.Step{Kind: said.Kind, Text: said.Text, Row: said.Row, ToRow: said.ToRow, From: said.From, To: said.To})
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}

// withdrawSubmission answers POST /api/v1/submissions/{id}/withdraw: {reason}.
func (s *Server) withdrawSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	var said struct {
		Reason string `json:"reason"`
	}
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	sub, err := s.handing().Withdraw(r.Context(), who.submitter(), r.PathValue("id"), said.Reason)
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}

// listMappings answers GET /api/v1/sites/{site}/mappings.
func (s *Server) listMappings(w http.ResponseWriter, r *http.Request, who caller) error {
	site, err := s.site(r, who)
	if err != nil {
		return err
	}
	saved, err := s.handing().Mappings(r.Context(), site)
	if err != nil {
		return err
	}
	return writeJSON(w, saved)
}

// saveMapping answers PUT /api/v1/sites/{site}/mappings/{name}.
func (s *Server) saveMapping(w http.ResponseWriter, r *http.Request, who caller) error {
	site, err := s.site(r, who)
	if err != nil {
		return err
	}
	var m intake.Mapping
	if err := readJSON(w, r, &m); err != nil {
		return err
	}
	if err := s.handing().SaveMapping(r.Context(), who.submitter(), site, r.PathValue("name"), m); err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, m)
}

// numberText is the number of a receipt as people read it.
func numberText(n int64) string { return fmt.Sprintf("E-%06d", n) }
