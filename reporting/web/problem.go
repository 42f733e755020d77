package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

// problem is an error as RFC 9457 (application/problem+json) gives it to
// programs: what happened, why, what to do.
type problem struct {
	Type   string        `json:"type"` // about:blank: Title is the HTTP status
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail,omitempty"`
	Code   string        `json:"code,omitempty"`   // for programs to branch on
	Faults energy.Faults `json:"faults,omitempty"` // with line and column, for files
	Upto   *uint64       `json:"upto,omitempty"`   // for collectors: deliver again from upto+1

	Names []string `json:"names,omitempty"` // what can be said in place of a name there is not

	Submission any `json:"submission,omitempty"` // what keeps a file from being handed in
	Mapping    any `json:"mapping,omitempty"`    // what is proposed for a table nobody has mapped
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail) }

// refuse is an error that a handler returns to answer with status and reason.
func refuse(status int, code, format string, args ...any) error {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// handler answers a request, or says why not. The one place that turns errors
// into answers is [Server.answer].
type handler func(w http.ResponseWriter, r *http.Request) error

// answer runs h and turns what it returns into an answer. What a caller cannot
// mend is logged and answered without its inner reason.
func (s *Server) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		var p *problem
		var faults energy.Faults
		var tooLarge *http.MaxBytesError
		var many *tooMany
		switch {
		case errors.As(err, &many):
			p = many.problem(w.Header())
		case errors.As(err, &p):
		case errors.Is(err, store.ErrNoSite), errors.Is(err, ledger.ErrNoSite): // of callers who may see all sites there are
			p = &problem{Status: http.StatusNotFound, Code: "no_site", Detail: "there is no such site; /api/v1/sites lists them"}
		case errors.As(err, &faults):
			p = &problem{Status: http.StatusBadRequest, Code: "faults", Detail: faults.Error(), Faults: faults}
		case errors.As(err, &tooLarge):
			p = &problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: fmt.Sprintf("the body is larger than %d bytes: send it in parts", tooLarge.Limit)}
		case r.Context().Err() != nil: // the caller has gone
			return
		case store.IsTransient(err):
			s.log.Warn("answer put off", "path", loggedPath(r), "err", err)
			w.Header().Set("Retry-After", "5")
			p = &problem{Status: http.StatusServiceUnavailable, Code: "database_away", Detail: "the database does not answer: try again in a few seconds"}
		default:
			s.log.Error("answer a request", "method", r.Method, "path", loggedPath(r), "err", err)
			p = &problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "something went wrong here; the log of the server says what"}
		}
		s.noteRefusal(r, p)
		writeProblem(w, p)
	})
}

func writeProblem(w http.ResponseWriter, p *problem) {
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="heatledger"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the status is out; a caller that has gone needs nothing more
}

// writeJSON answers 200 with v.
func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
