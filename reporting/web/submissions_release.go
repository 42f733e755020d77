package web

import (
	"net/http"
)

// approveSubmission answers POST /api/v1/submissions/{id}/approve: it hands in what
// another person of the operator prepared.
func (s *Server) approveSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	sub, err := s.handing().Approve(r.Context(), who.submitter(), r.PathValue("id"))
	return s.answerHandedIn(w, r, sub, err)
}

// discardDraft answers POST /api/v1/submissions/{id}/discard: what was looked at and
// not handed in is thrown away.
func (s *Server) discardDraft(w http.ResponseWriter, r *http.Request, who caller) error {
	sub, err := s.handing().Discard(r.Context(), who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}

// keepSubmission answers POST /api/v1/submissions/{id}/refuse-withdrawal: {reason}.
func (s *Server) keepSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	var given takenBack
	if err := readJSON(w, r, &given); err != nil {
		return err
	}
	sub, err := s.handing().Keep(r.Context(), who.submitter(), r.PathValue("id"), given.Reason)
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}

// giveBackSubmission answers POST /api/v1/submissions/{id}/give-back: {reason}.
func (s *Server) giveBackSubmission(w http.ResponseWriter, r *http.Request, who caller) error {
	var given takenBack
	if err := readJSON(w, r, &given); err != nil {
		return err
	}
	sub, err := s.handing().GiveBack(r.Context(), who.submitter(), r.PathValue("id"), given.Reason)
	if err != nil {
		return deskProblem(err)
	}
	return writeJSON(w, s.viewOf(r, sub))
}
