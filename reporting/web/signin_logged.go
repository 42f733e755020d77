package web

import (
	"errors"
	"net/http"

	"heatledger/reporting/signin"
)

// noted logs what was decided about somebody who signs in or proves who he is (ASVS
// 7.2.1): by which way, from which network, and of whom who came in is the number of the
// account. What was typed as a name is not logged, for people type passwords there.
func (s *Server) noted(r *http.Request, way string, started signin.Started, err error) {
	from := s.origin(r).Network()
	var many signin.TooManyError
	switch {
	case err == nil && started.Half:
		s.log.Info("first factor proved", "way", way, "account", started.Account, "from", from)
	case err == nil:
		s.log.Info("signed in", "way", way, "account", started.Account, "from", from)
	case errors.As(err, &many), errors.Is(err, signin.ErrWrong), errors.Is(err, signin.ErrCode), errors.Is(err, signin.ErrUnknown):
		s.log.Info("sign-in refused", "way", way, "from", from, "err", err)
	}
}

// noteRefusal logs that somebody was not allowed what he asked for (ASVS 7.2.2). Who
// merely has not signed in yet is no news.
func (s *Server) noteRefusal(r *http.Request, p *problem) {
	if p.Status != http.StatusForbidden && p.Code != "bad_token" {
		return
	}
	who := "" // a program, or nobody known
	if seen, ok, err := s.visitor(r); err == nil && ok {
		who = seen.Account.Actor()
	}
	s.log.Info("refused", "code", p.Code, "method", r.Method, "path", loggedPath(r), "who", who, "from", s.origin(r).Network())
}
